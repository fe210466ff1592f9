"""Rows of named values as Articles: CSV, TSV and JSON lines, and what RIS is brought to.

A row's names are ours (`NAMES`, left); exports use many others, in any case and punctuation.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from queries.errors import RecordsError
from queries.readers.names import authors
from queries.readers.nbib import mesh_heading
from queries.readers.pubmed_xml.dates import free_date, iso_date
from queries.readers.pubmed_xml.markup import shown, tidy
from queries.records.article import Article, Author, Heading, Journal, Keyword, Passage, Qualifier, Term
from queries.records.ids import clean_doi, clean_pmcid

Row = dict[str, Any]

NAMES = {
    "id": ("id", "recordid", "key", "uid"),
    "pmid": ("pmid", "pubmedid"),
    "pmcid": ("pmcid", "pmc"),
    "doi": ("doi",),
    "title": ("title", "articletitle", "documenttitle", "primarytitle", "ti"),
    "abstract": ("abstract", "abstractnote", "abstracttext", "ab"),
    "authors": ("authors", "author", "authornames", "authorfullnames", "au"),
    "date": ("date", "pubdate", "publicationdate", "published", "year", "publicationyear", "py", "dp"),
    "journal": (
        "journal", "journaltitle", "sourcetitle", "publicationtitle", "containertitle", "secondarytitle",
        "journalbook", "booktitle", "jt", "so",
    ),
    "issn": ("issn",),
    "volume": ("volume", "vol", "vl"),
    "issue": ("issue", "number", "no", "is"),
    "pages": ("pages", "page", "pagination", "pg"),
    "keywords": ("keywords", "keyword", "authorkeywords", "manualtags"),
    "mesh": ("mesh", "meshterms", "meshheadings"),
    "language": ("language", "languages"),
    "types": ("publicationtype", "publicationtypes", "documenttype"),
}  # fmt: skip
_OURS = {theirs: (rank, name) for name, all_ in NAMES.items() for rank, theirs in enumerate(all_)}
_ABSENT = frozenset(("", "na", "n/a", "nan", "null", "none", "unknown"))
_ISO = re.compile(r"([12]\d{3})[-/](\d{1,2})(?:[-/](\d{1,2}))?(?!\d)")
_REMEDY = "Columns are known by names such as id, title, abstract, authors, year, journal, doi"


def read_csv(text: str, file: str) -> Iterator[Row]:
    """The rows of CSV or TSV text with a header; RecordsError names the line."""
    csv.field_size_limit(1 << 27)  # the module's own is 128 kB, and a full text may be an "abstract"
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",", "\t", ";", key=first.count)
    table = csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter, strict=True)
    try:
        header = next(table)
        columns = _columns(header)
        if not any(name == "title" for _, name in columns):
            raise RecordsError(file, f"has no title column (it has: {first[:80].strip()})", _REMEDY)
        for cells in table:
            if len(cells) > len(header):
                problem = f"has {len(cells)} values where the header has {len(header)}"
                raise RecordsError(
                    f"{file}, line {table.line_num}", problem, "Quote values that hold delimiters"
                )
            if any(cells):
                yield _row(columns, cells)
    except csv.Error as trouble:
        where = f"{file}, line {table.line_num}"
        raise RecordsError(where, f"is not CSV ({trouble})", "Save it again, with quotes closed") from trouble


def read_jsonl(text: str, file: str) -> Iterator[Row]:
    """The rows of JSON lines, one object a line; RecordsError names the line."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
        except ValueError as trouble:
            problem = f"is not JSON ({trouble})"
            raise RecordsError(f"{file}, line {number}", problem, "Write one JSON object a line") from trouble
        if not isinstance(said, dict):
            raise RecordsError(
                f"{file}, line {number}", "is not a JSON object", "Write one JSON object a line"
            )
        yield _row(_columns(said), list(said.values()))


def article_of(row: Row) -> Article:
    """The Article that a row tells of; its pmid is 0, for the caller to number."""
    title, abstract = _text(row, "title"), _text(row, "abstract")
    return Article(
        pmid=0,
        title=title,
        title_html=shown(None, title),
        abstract=(Passage("", "", abstract, shown(None, abstract)),) if abstract else (),
        authors=_authors(row.get("authors", "")),
        journal=Journal(
            _text(row, "journal"),
            issn=_text(row, "issn"),
            volume=_text(row, "volume"),
            issue=_text(row, "issue"),
        ),
        pages=re.sub(r"\s*[-\u2013\u2014]+\s*", "-", _text(row, "pages")),
        published=partial_date(_text(row, "date")),
        published_text=_text(row, "date"),
        doi=clean_doi(_text(row, "doi")),
        pmcid=clean_pmcid(_text(row, "pmcid")),
        keywords=tuple(Keyword(each, "NOTNLM", False) for each in _list(row, "keywords")),
        mesh=tuple(_heading(each) for each in _values(row, "mesh") if each),
        languages=_list(row, "language"),
        publication_types=tuple(Term("", each) for each in _list(row, "types")),
    )


def partial_date(text: str) -> str:
    """The partial ISO date in "2026-11-05", "2026/11", "2026 Nov 5" or "2026.0"."""
    found = _ISO.search(text)
    return iso_date(*found.groups("")) if found else free_date(text)


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _columns(header: Iterable[str]) -> list[tuple[int, str]]:
    """The columns that we know, with our names for them; of several for one, the best known first."""
    known = [(*_OURS[plain], at) for at, name in enumerate(header) if (plain := _plain(name)) in _OURS]
    return [(at, name) for _, name, at in sorted(known)]


def _row(columns: list[tuple[int, str]], values: Sequence[Any]) -> Row:
    """The values by our names, without those that only say that there is none."""
    row: Row = {}
    for at, name in columns:
        if name not in row and at < len(values) and not _absent(values[at]):
            row[name] = values[at]
    return row


def _absent(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.strip().casefold() in _ABSENT)


def _text(row: Row, name: str) -> str:
    value = row.get(name, "")
    return tidy(" ".join(map(str, value)) if isinstance(value, list) else str(value))


def _authors(said: object) -> tuple[Author, ...]:
    return authors(map(str, said) if isinstance(said, list) else str(said))


def _values(row: Row, name: str) -> list[Any]:
    value = row.get(name, "")
    return value if isinstance(value, list) else re.split(r"[;|\n]", str(value))


def _list(row: Row, name: str) -> tuple[str, ...]:
    return tuple(filter(None, (tidy(str(each)) for each in _values(row, name))))


def _heading(said: object) -> Heading:
    """A MeSH heading: "*Mice/blood" as in NBIB, or an object with heading, major and qualifiers."""
    if not isinstance(said, dict):
        return mesh_heading(tidy(str(said)))
    qualifiers = tuple(Qualifier("", each, False) for each in _list(said, "qualifiers"))
    return Heading("", _text(said, "heading"), bool(said.get("major")), qualifiers)
