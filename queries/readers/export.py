"""Any export of a literature database as Articles, for `seedwatch rank` and `seedwatch dedup`.

PubMed XML, NBIB (MEDLINE text), RIS, CSV or TSV, and JSON lines, each also gzipped; recognised by
content, as names of downloads say little. A file is read wholly or refused: no record is dropped in
silence.
"""

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from queries.errors import PubMedError, RecordsError
from queries.readers.nbib import read_nbib
from queries.readers.pubmed_xml import parse
from queries.readers.pubmed_xml.links import pmid_of
from queries.readers.ris import read_ris
from queries.readers.table import Row, article_of, read_csv, read_jsonl
from queries.records.article import Article
from queries.records.harvest import Refusal

_FORMATS = "PubMed XML, NBIB, RIS, CSV or JSON lines"
_GZIP = b"\x1f\x8b"
_NBIB = re.compile(r"^PMID- ?\d", re.MULTILINE)
_RIS = re.compile(r"^TY  ?- ", re.MULTILINE)


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
    """The records of the file, in its order. Raises RecordsError naming file, line and remedy."""
    seen: Counter[str] = Counter()
    for number, (name, pmid, article) in enumerate(_records(path), 1):
        key = name or (str(pmid) if pmid else str(number))
        seen[key] += 1
        unique = key if seen[key] == 1 else f"{key}#{seen[key]}"
        yield ExportRecord(unique, replace(article, pmid=-number), pmid)


def _records(path: Path) -> Iterator[tuple[str, int | None, Article]]:
    raw = _bytes(path)
    if raw.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        yield from ((str(each.pmid), each.pmid, each) for each in _read_xml(path, raw))
        return
    text = _decoded(raw)
    if not text.strip():
        raise RecordsError(str(path), "is empty", f"Give a file of {_FORMATS}")
    if _NBIB.search(text):
        yield from ((str(each.pmid), each.pmid, each) for each in read_nbib(text, str(path)))
        return
    for row in _rows(path, text):
        yield str(row.get("id", "")), pmid_of(str(row.get("pmid", ""))), article_of(row)


def _rows(path: Path, text: str) -> Iterator[Row]:
    if _RIS.search(text):
        return read_ris(text, str(path))
    if text.lstrip().startswith("{"):
        return read_jsonl(text, str(path))
    return read_csv(text, str(path))


def _read_xml(path: Path, raw: bytes) -> Iterator[Article]:
    try:
        for each in parse(BytesIO(raw)):
            if isinstance(each, Refusal):
                name = f"PMID {each.pmid}" if each.pmid else "a record without a PMID"
                raise RecordsError(
                    str(path), f"{name} {each.reason}", "Take that record out, or export again"
                )
            yield each
    except PubMedError as damage:
        raise RecordsError(str(path), damage.problem, "Export it again, as PubMed XML") from damage


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if raw.startswith(_GZIP) else raw
    except OSError as trouble:
        problem = trouble.strerror or str(trouble)
        raise RecordsError(
            str(path), f"cannot be read ({problem})", "Check the path and its rights"
        ) from trouble
    except (EOFError, zlib.error) as damage:
        raise RecordsError(
            str(path), f"is a damaged gzip file ({damage})", "Fetch or pack it again"
        ) from damage


def _decoded(raw: bytes) -> str:
    """The text: UTF-16 if it says so, else UTF-8, else what Windows and old tools write."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")
