"""One file of PubMed XML into the tables of schema.sql: records, postings, days, citations."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import numpy as np
from numpy.typing import NDArray

from queries.errors import Incomplete, RecordsError
from queries.mirror.corpus import ALWAYS
from queries.mirror.index import days, full_name, texts, values
from queries.mirror.segment import SIZE, Segment
from queries.readers.pubmed_xml import deletion, is_deletion, pieces, read
from queries.records.article import Article
from queries.records.harvest import Refusal

_POSTINGS = 20_000  # postings written at once
_ROWS = 1000  # records written at once
_RELEASED = re.compile(r"(\d{4}-\d{2}-\d{2})$")
_REFERENCES = re.compile(rb"<ReferenceList\b.*</ReferenceList>", re.DOTALL)
_CITED = re.compile(rb'<ArticleId IdType="pubmed">\s*(\d{1,9})\s*<')

# `batch` is the rows at hand, registered as a table: parameters would cost four times as much
_INSERT_RECORDS = """
    INSERT INTO record
    SELECT doc, pmid, version, $file, place, $released, created, pub_date, author, journal, deleted, raw
    FROM batch
"""
_INSERT_REFUSED = "INSERT INTO refused SELECT $file, pmid, reason FROM batch"
_INSERT_POSTINGS = "INSERT INTO posting SELECT key, $first, list FROM batch"
_INSERT_DAYS = "INSERT INTO day SELECT field, day, doc FROM batch"
_INSERT_CITES = "INSERT INTO cites SELECT doc, pmid FROM batch"


def checked_md5(path: Path) -> str:
    """The file's MD5, which must be the one in `NAME.md5` where that stands beside it."""
    with path.open("rb") as stream:
        md5 = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    beside = path.with_name(path.name + ".md5")
    if beside.exists() and md5 not in beside.read_text("utf-8").lower():
        raise RecordsError(str(path), f"its MD5 is not the one in {beside.name}", "Download it again")
    return md5


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def load_file(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Load a file, in whatever transaction there is; return how many records and deletions it has.

    RecordsError: it is damaged, or its MD5 is not the one beside it.
    """
    md5 = checked_md5(path)
    released = _RELEASED.search(path.name.removesuffix(".gz").removesuffix(".xml"))
    since = datetime.fromisoformat(f"{released[1]}T05:00") if released else ALWAYS
    try:
        with _opened(path) as stream:
            count, cut = 0, pieces(stream)
            while taken := _Batch(connection, path.name, since).insert(islice(cut, SIZE), count):
                count += taken
            connection.execute("INSERT INTO file VALUES (?, ?, ?)", [path.name, md5, count])
    except (Incomplete, gzip.BadGzipFile) as damage:
        raise RecordsError(str(path), f"is damaged: {damage}", "Nothing of it was loaded") from damage
    return count


def _opened(path: Path) -> BinaryIO:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


class _Batch:
    """Some thousand records on their way into the tables: a segment."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, file: str, released: datetime) -> None:
        self.connection, self.file, self.released = connection, file, released
        ((self.first,),) = connection.execute("SELECT coalesce(max(doc) + 1, 0) FROM record").fetchall()
        self.rows: list[tuple[object, ...]] = []
        self.refused: list[Refusal] = []
        self.days: list[tuple[str, date, int]] = []
        self.cites: list[tuple[int, int]] = []
        self.segment = Segment()

    def insert(self, batch: Iterable[bytes], place: int) -> int:
        """Insert pieces, of which the first is at `place` in the file; return how many there were."""
        count = 0
        for count, piece in enumerate(batch, 1):
            at = place + count - 1
            if is_deletion(piece):
                self._delete(piece, at)
            else:
                self._read(piece, at)
            if len(self.rows) >= _ROWS:
                self._write_rows()
        self._write_rows()
        postings = self.segment.postings()
        while rows := list(islice(postings, _POSTINGS)):
            self._columns(_INSERT_POSTINGS, "key list", rows, first=self.first)
        return count

    def _delete(self, piece: bytes, place: int) -> None:
        for pmid in deletion(piece):
            doc = self.first + self.segment.records
            self.rows.append((doc, pmid, 0, place, None, None, "", "", True, b""))
            self.segment.add((), ())

    def _read(self, piece: bytes, place: int) -> None:
        """Take up a record. Its references, half of many a record, need only be looked through."""
        cited: set[int] = set()
        if piece.startswith(b"<PubmedArticle") and (references := _REFERENCES.search(piece)):
            cited = {int(pmid) for pmid in _CITED.findall(references[0])} - {0}
            article = read(piece[: references.start()] + piece[references.end() :])
        else:
            article = read(piece)
        if isinstance(article, Refusal):
            self.refused.append(article)
        else:
            self._add(article, piece, place, cited)

    def _add(self, article: Article, piece: bytes, place: int, cited: set[int]) -> None:
        doc = self.first + self.segment.records
        own_days = list(days(article))
        authors = [full_name(author) or author.collective for author in article.authors[:1]]
        pub_date = max((day for field, day in own_days if field == "dp"), default=None)
        self.rows.append(
            (
                *(doc, article.pmid, article.version, place, article.created, pub_date),
                *("".join(authors), article.journal.abbreviation or article.journal.title, False),
                zlib.compress(piece, 1),
            )
        )
        self.segment.add(texts(article), values(article))
        self.days += [(field, day, doc) for field, day in dict.fromkeys(own_days)]
        self.cites += [(doc, pmid) for pmid in cited]

    def _write_rows(self) -> None:
        """Write down all but the postings, and forget it."""
        names = "doc pmid version place created pub_date author journal deleted raw"
        self._columns(_INSERT_RECORDS, names, self.rows, file=self.file, released=self.released)
        self._columns(_INSERT_REFUSED, "pmid reason", self.refused, file=self.file)
        self._columns(_INSERT_DAYS, "field day doc", self.days)
        self._columns(_INSERT_CITES, "doc pmid", self.cites)

    def _columns(self, statement: str, names: str, rows: list[Any], **constants: object) -> None:
        if rows:
            columns = zip(names.split(), zip(*rows, strict=True), strict=True)
            self.connection.register("batch", {name: _objects(column) for name, column in columns})
            self.connection.execute(statement, constants).fetchall()
            self.connection.unregister("batch")
            rows.clear()


def _objects(column: Sequence[object]) -> NDArray[np.object_]:
    values = np.empty(len(column), object)
    values[:] = column
    return values
