"""Rows of named values as Articles: CSV, TSV and JSON lines, and what RIS is brought to.

A row's names are ours (`NAMES`, left); exports use many others, in any case and punctuation.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from queries.errors import RecordsError
from queries.readers.bounded import LONGEST
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
_ONE_A_LINE = "Write one JSON object a line"
_PLAIN = 'Write authors as ["Last, First", ...], and so the other lists'
_PUBMED = re.compile(r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(\d+)")
_REMEDY = "Columns are known by names such as id, title, abstract, authors, year, journal, doi"


def read_csv(lines: Iterable[str], file: str) -> Iterator[Row]:
    """The rows of CSV or TSV lines with a header, their ends as they are; RecordsError names the line."""
    csv.field_size_limit(LONGEST)  # the module's own is 128 kB, and a full text may be an "abstract"
    given = iter(lines)
    blank, first = 0, next(given, "")
    while first and not first.strip():
        blank, first = blank + 1, next(given, "")
    delimiter = max(",", "\t", ";", key=first.count)
    table = csv.reader(chain([first], given), delimiter=delimiter, strict=True)
    done = blank  # lines that belong to whole rows
    try:
        header = next(table, [])
        columns = _columns(header)
        if not any(name == "title" for _, name in columns):
            raise RecordsError(file, f"has no title column (it has: {tidy(first[:80])})", _REMEDY)
        done += table.line_num
        for cells in table:
            if len(cells) > len(header):
                problem = f"has {len(cells)} values where the header has {len(header)}"
                raise RecordsError(f"{file}, line {done + 1}", problem, "Quote values that hold delimiters")
            done = blank + table.line_num
            if any(cells):
                yield _row(columns, cells)
    except csv.Error as trouble:
        where = f"{file}, line {done + 1}"
        raise RecordsError(where, f"is not CSV ({trouble})", "Save it again, with quotes closed") from trouble


def read_jsonl(lines: Iterable[str], file: str) -> Iterator[Row]:
    """The rows of JSON lines, one object a line; RecordsError names the line and the field."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{file}, line {number}"
        try:
            record = json.loads(line)
        except RecursionError as depth:
            raise RecordsError(where, "is nested too deep", _ONE_A_LINE) from depth
        except ValueError as trouble:
            raise RecordsError(where, f"is not JSON ({trouble})", _ONE_A_LINE) from trouble
        if not isinstance(record, dict):
            raise RecordsError(where, "is not a JSON object", _ONE_A_LINE)
        row = _row(_columns(record), list(record.values()))
        for name, value in row.items():
            if not _is_plain(name, value):
                raise RecordsError(f"{where}, {name}", "is not text, a number or a list of these", _PLAIN)
        yield row


def _is_plain(name: str, value: object) -> bool:
    """Whether a value can be read; a list of headings may hold objects."""
    if isinstance(value, list):
        return all(isinstance(each, str | int | float | (dict if name == "mesh" else str)) for each in value)
    return isinstance(value, str | int | float)


def article_of(row: Row) -> Article:
    """The row as an Article; its pmid is 0, for the caller to number."""
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
        keywords=tuple(
            Keyword(each.lstrip("*"), "NOTNLM", each.startswith("*")) for each in _list(row, "keywords")
        ),
        mesh=tuple(_heading(each) for each in _values(row, "mesh") if each),
        languages=_list(row, "language"),
        publication_types=tuple(Term("", each) for each in _list(row, "types")),
    )


def pmid_of_export(database: str, accession: str, addresses: Iterable[str]) -> str:
    """The accession number if the database is PubMed or MEDLINE, or the PMID in a link to PubMed; else ""."""
    if re.search("pubmed|medline|nlm", database, re.IGNORECASE):
        return accession
    found = _PUBMED.search(" ".join(addresses))
    return found[1] if found else ""


def pmcid_of(text: str) -> str:
    """The PMCID in a field that EndNote and RIS use for other things, too."""
    return clean_pmcid(text) if text[:3].upper() == "PMC" else ""


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
    return value is None or (not isinstance(value, list) and str(value).strip().casefold() in _ABSENT)


def _text(row: Row, name: str) -> str:
    value = row.get(name, "")
    return tidy(" ".join(map(str, value)) if isinstance(value, list) else str(value))


def _authors(listed: object) -> tuple[Author, ...]:
    return authors(map(str, listed) if isinstance(listed, list) else str(listed))


def _values(row: Row, name: str) -> list[Any]:
    value = row.get(name, "")
    return value if isinstance(value, list) else re.split(r"[;|\n]", str(value))


def _list(row: Row, name: str) -> tuple[str, ...]:
    return tuple(filter(None, (tidy(str(each)) for each in _values(row, name))))


def _heading(listed: object) -> Heading:
    """A MeSH heading: "*Mice/blood" as in NBIB, or an object with heading, major and qualifiers."""
    if not isinstance(listed, dict):
        return mesh_heading(tidy(str(listed)))
    qualifiers = tuple(Qualifier("", each, False) for each in _list(listed, "qualifiers"))
    return Heading("", _text(listed, "heading"), bool(listed.get("major")), qualifiers)
