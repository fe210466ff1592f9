"""Folders of PubMed XML into a corpus, by NLM's rules for its baseline and update files.

Files are taken in the order of their names. Of several versions of a record the later file's counts,
within a file the higher Version, then the later place; DeleteCitation removes. A file whose stem ends
in an ISO date is in force from 05:00 US Eastern of that day on; others always.

Each file is one transaction: an interrupted load goes on with the next file. `NAME.md5` beside a file,
as NLM writes it, is held against it.
"""

import gzip
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import duckdb

from queries.errors import Incomplete, RecordsError
from queries.mirror.corpus import ALWAYS, Corpus, connect
from queries.mirror.index import TEXT_FIELDS, days, full_name, texts, values
from queries.readers.pubmed_xml import deletion, is_deletion, pieces, read
from queries.records.article import Article
from queries.records.harvest import Refusal

_BATCH = 4000
_UNSORTED = 8  # rows out of order are put in theirs when they are an eighth of all
_CODES = {name: code for code, name in enumerate(TEXT_FIELDS)}
_GAP = 1001  # words: no phrase and no proximity reaches from one text into the next
_RELEASED = re.compile(r"(\d{4}-\d{2}-\d{2})$")
_ROW, _CELL = chr(30), chr(31)  # XML can hold neither

_INSERT_RECORDS = """
    INSERT INTO record
    SELECT unnest($doc), unnest($pmid), unnest($version), $file, unnest($place), $released,
        unnest($created), unnest($pub_date), unnest($author), unnest($journal), unnest($deleted), unnest($raw)
"""
# One string holds all texts (values, days) of a record: a parameter a row would cost ten times as much.
# unnest stands in SELECT, as a lateral join would cost four times as much.
_CELLS = """
    WITH given AS (SELECT unnest($doc) AS doc, unnest($rows) AS text),
    row AS (SELECT doc, unnest(string_split(text, chr(30))) AS row FROM given WHERE text <> ''),
    cells AS (SELECT doc, string_split(row, chr(31)) AS cell FROM row)
"""
_INSERT_WORDS = f"""
    INSERT INTO word {_CELLS},
    listed AS (SELECT doc, cell[1] AS field, cell[2]::BIGINT AS base, words(cell[3]) AS words FROM cells),
    placed AS (
        SELECT doc, field, base, unnest(words) AS word, generate_subscripts(words, 1) AS nth FROM listed
    )
    SELECT word, field::UTINYINT, (doc::BIGINT << 28) + base + nth AS spot FROM placed
"""  # noqa: S608 - of constants
_INSERT_VALUES = f"""
    INSERT INTO value {_CELLS}
    SELECT DISTINCT cell[1] AS field, plain(cell[2]) AS value, doc FROM cells
"""  # noqa: S608 - of constants
_INSERT_DAYS = f"""
    INSERT INTO day {_CELLS}
    SELECT DISTINCT cell[1] AS field, cell[2]::DATE AS day, doc FROM cells
"""  # noqa: S608 - of constants
_INSERT_CITES = "INSERT INTO cites SELECT DISTINCT unnest($doc), unnest($pmid)"


def load(
    folders: Sequence[Path], db: Path | None = None, *, report: Callable[[str], None] = lambda _: None
) -> Corpus:
    """Read folders of .xml and .xml.gz, or such files, into `db` (None: memory); return the corpus.

    `report` hears a line about each file. Files that `db` holds already, by name, are passed over.
    RecordsError: nothing to read, a damaged file, a wrong MD5, one name with two contents.
    """
    paths = _paths(folders)
    connection = connect(db)
    try:
        _load_all(connection, paths, report)
        return Corpus(connection)
    except BaseException:
        connection.close()
        raise


def _load_all(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], report: Callable[[str], None]
) -> None:
    if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'record'").fetchone():
        connection.execute(_sql("schema.sql"))
    known = dict(connection.execute("SELECT name, md5 FROM file").fetchall())
    for path in paths:
        md5 = _checked_md5(path)
        if path.name in known:
            if known[path.name] != md5:
                raise RecordsError(str(path), "another file of this name is loaded", "Load into a new --db")
            report(f"{path.name}: loaded before")
            continue
        report(f"{path.name}: {_load_file(connection, path, md5)} records")
        known[path.name] = md5
    _sort(connection)


def _sort(connection: duckdb.DuckDBPyConnection) -> None:
    (unsorted, total) = connection.execute(
        "SELECT count(*) - coalesce((SELECT words FROM sorted_words), 0), count(*) FROM word"
    ).fetchone() or (0, 0)
    if unsorted * _UNSORTED > total:
        with _transaction(connection):
            connection.execute(_sql("sort.sql"))


def _sql(name: str) -> str:
    return files("queries.mirror").joinpath(name).read_text("utf-8")


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _paths(folders: Sequence[Path]) -> list[Path]:
    found = []
    for folder in folders:
        inside = [folder] if folder.is_file() else [*folder.glob("*.xml"), *folder.glob("*.xml.gz")]
        if not inside:
            raise RecordsError(str(folder), "holds no .xml or .xml.gz", "Name a folder of PubMed XML")
        found += inside
    return sorted(found, key=lambda path: path.name)


def _checked_md5(path: Path) -> str:
    with path.open("rb") as stream:
        md5 = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    beside = path.with_name(path.name + ".md5")
    if beside.exists() and md5 not in beside.read_text("utf-8").lower():
        raise RecordsError(str(path), f"its MD5 is not the one in {beside.name}", "Download it again")
    return md5


def _load_file(connection: duckdb.DuckDBPyConnection, path: Path, md5: str) -> int:
    released = _RELEASED.search(path.name.removesuffix(".gz").removesuffix(".xml"))
    since = datetime.fromisoformat(f"{released[1]}T05:00") if released else ALWAYS
    try:
        with _transaction(connection), _opened(path) as stream:
            count, cut = 0, pieces(stream)
            while batch := list(islice(cut, _BATCH)):
                count += _Batch(connection, path.name, since, count).insert(batch)
            connection.execute("INSERT INTO file VALUES (?, ?, ?)", [path.name, md5, count])
    except (Incomplete, gzip.BadGzipFile) as damage:
        raise RecordsError(str(path), f"is damaged: {damage}", "Nothing of it was loaded") from damage
    return count


def _opened(path: Path) -> BinaryIO:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


class _Batch:
    """Some thousand records on their way into the tables."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, file: str, released: datetime, place: int
    ) -> None:
        self.connection = connection
        self.file, self.released, self.place = file, released, place
        (self.next_doc,) = connection.execute("SELECT coalesce(max(doc) + 1, 0) FROM record").fetchone() or (
            0,
        )

    def insert(self, batch: list[bytes]) -> int:
        """Insert; return how many pieces there were."""
        articles: list[Article] = []
        rows: list[tuple[object, ...]] = []
        refused: list[Refusal] = []
        for place, piece in enumerate(batch, self.place):
            if is_deletion(piece):
                rows += [
                    (doc, pmid, 0, place, None, None, "", "", True, b"")
                    for doc, pmid in enumerate(deletion(piece), self.next_doc + len(rows))
                ]
                continue
            article = read(piece)
            if isinstance(article, Refusal):
                refused.append(article)
                continue
            articles.append(article)
            rows.append(self._record(self.next_doc + len(rows), article, place, piece))
        self._insert_records(rows, refused)
        docs = [row[0] for row in rows if not row[8]]
        self._insert_rows(_INSERT_WORDS, docs, map(_words, articles))
        self._insert_rows(_INSERT_VALUES, docs, map(_values, articles))
        self._insert_rows(_INSERT_DAYS, docs, map(_days, articles))
        cited = [
            (doc, reference.pmid)
            for doc, article in zip(docs, articles, strict=True)
            for reference in article.references
            if reference.pmid
        ]
        self.connection.execute(
            _INSERT_CITES, {"doc": [doc for doc, _ in cited], "pmid": [pmid for _, pmid in cited]}
        )
        return len(batch)

    @staticmethod
    def _record(doc: int, article: Article, place: int, piece: bytes) -> tuple[object, ...]:
        authors = [full_name(author) or author.collective for author in article.authors[:1]]
        pub_date = max((day for field, day in days(article) if field == "dp"), default=None)
        return (
            *(doc, article.pmid, article.version, place, article.created, pub_date),
            *("".join(authors), article.journal.abbreviation or article.journal.title, False),
            zlib.compress(piece, 1),
        )

    def _insert_records(self, rows: list[tuple[object, ...]], refused: list[Refusal]) -> None:
        if refused:
            self.connection.executemany(
                "INSERT INTO refused VALUES (?, ?, ?)", [(self.file, *refusal) for refusal in refused]
            )
        if not rows:
            return
        names = (
            "doc",
            "pmid",
            "version",
            "place",
            "created",
            "pub_date",
            "author",
            "journal",
            "deleted",
            "raw",
        )
        columns = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
        self.connection.execute(_INSERT_RECORDS, {**columns, "file": self.file, "released": self.released})

    def _insert_rows(self, statement: str, docs: list[object], rows: Iterator[str]) -> None:
        self.connection.execute(statement, {"doc": docs, "rows": list(rows)})


def _words(article: Article) -> str:
    lines, at = [], 0
    for field, text in texts(article):
        if text:
            lines.append(f"{_CODES[field]}{_CELL}{at}{_CELL}{text}")
            at += len(text) // 2 + _GAP  # a text has at most half as many words as characters
    return _ROW.join(lines)


def _values(article: Article) -> str:
    return _ROW.join(f"{field}{_CELL}{value}" for field, value in values(article) if value)


def _days(article: Article) -> str:
    return _ROW.join(f"{field}{_CELL}{day.isoformat()}" for field, day in days(article))
