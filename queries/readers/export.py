"""Any export of a literature database as Articles, for `seedwatch rank`, `dedup`, `assess` and `new`.

PubMed XML, EndNote XML, NBIB (MEDLINE text), RIS, BibTeX, CSL-JSON, CSV or TSV, and JSON lines, each also
gzipped; recognised by content, as names of downloads say little. A file is read wholly or refused: no
record is dropped in silence. It is read as it comes, so that memory is the caller's business.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from queries.errors import PubMedError, RecordsError
from queries.readers.bibtex import BIBTEX, read_bibtex
from queries.readers.bounded import HEAD, encoding_of, in_utf8, lines, opened
from queries.readers.csl import read_csl
from queries.readers.endnote import ENDNOTE, read_endnote
from queries.readers.nbib import read_nbib
from queries.readers.pubmed_xml import Readable, parse
from queries.readers.pubmed_xml.links import pmid_of
from queries.readers.pubmed_xml.markup import tidy
from queries.readers.ris import read_ris
from queries.readers.table import Row, article_of, read_csv, read_jsonl
from queries.records.article import Article
from queries.records.harvest import Refusal

_FORMATS = "PubMed XML, EndNote XML, NBIB, RIS, BibTeX, CSL-JSON, CSV or JSON lines"
_NBIB = re.compile(r"^PMID- ?\d", re.MULTILINE)
_RIS = re.compile(r"^TY  ?- ", re.MULTILINE)

Numbered = tuple[str, int | None, Article]  # its id and its PMID, if the record says them


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """One record of an export: its `id` there, what it says, and its PMID if it says one.

    `article.pmid` is -1 for the file's first record, -2 for the second ...: exports of other
    databases have no PMIDs, and a file with duplicates has one PMID twice, yet rankers and
    clusterers key on it. No such number is ever a real PMID. An id that the file repeats gets
    "#2", "#3" ... from its second record on, so that ids are unique, too.
    """

    id: str
    article: Article
    pmid: int | None = None


def read(path: Path) -> Iterator[ExportRecord]:
    """The records of the file, in its order. Raises RecordsError naming file, line or record, and remedy."""
    seen: Counter[str] = Counter()
    for number, (name, pmid, article) in enumerate(_records(path), 1):
        key = name or (str(pmid) if pmid else str(number))
        seen[key] += 1
        unique = key if seen[key] == 1 else f"{key}#{seen[key]}"
        yield ExportRecord(unique, replace(article, pmid=-number), pmid)


def _records(path: Path) -> Iterator[Numbered]:
    file = str(path)
    with opened(path) as stream:
        head = stream.peek(HEAD)
        encoding = encoding_of(head, file)
        text = head.decode(encoding, errors="replace").lstrip("\ufeff \r\n\t")
        if not text:
            raise RecordsError(file, "is empty", f"Give a file of {_FORMATS}")
        if text.startswith("<") and not ENDNOTE.search(text):
            for article in _read_xml(in_utf8(stream, encoding), file):
                yield str(article.pmid), article.pmid, article
        elif _NBIB.search(text):
            for article in read_nbib(lines(stream, file, encoding), file):
                yield str(article.pmid), article.pmid, article
        else:
            if text.startswith("<"):
                rows = read_endnote(in_utf8(stream, encoding), file)
            elif reader := _reader(text):
                rows = reader(lines(stream, file, encoding), file)
            else:
                rows = read_csv(lines(stream, file, encoding, newline=""), file)
            yield from map(_numbered, rows)


def _reader(text: str) -> Callable[[Iterable[str], str], Iterator[Row]] | None:
    """The reader of a file of lines that begins so; None for a table."""
    if _RIS.search(text):
        return read_ris
    if BIBTEX.match(text):
        return read_bibtex
    return {"{": read_jsonl, "[": read_csl}.get(text[:1])


def _numbered(row: Row) -> Numbered:
    pmid = str(row.get("pmid", "")).removesuffix(".0")  # as a table with gaps has it
    return tidy(str(row.get("id", ""))), pmid_of(pmid), article_of(row)


def _read_xml(stream: Readable, file: str) -> Iterator[Article]:
    try:
        for number, record in enumerate(parse(stream), 1):
            if isinstance(record, Refusal):
                name = f"PMID {record.pmid}" if record.pmid else "a record without a PMID"
                raise RecordsError(
                    f"{file}, record {number}",
                    f"{name} {record.reason}",
                    "Take that record out, or export again",
                )
            yield record
    except PubMedError as damage:
        raise RecordsError(file, damage.problem, f"Export it again; {_FORMATS} can be read") from damage
