"""Folders of PubMed XML into a corpus, by NLM's rules for its baseline and update files.

Files are taken in the order of their names. Of several versions of a record the later file's counts,
within a file the higher Version, then the later place; DeleteCitation removes. A file whose stem ends
in an ISO date is in force from 05:00 US Eastern of that day on; others always.

Each file is one transaction: an interrupted load goes on with the next file. `NAME.md5` beside a file,
as NLM writes it, is held against it. Where there is much to load, two processes make a small corpus of
each file, and this one takes them over in the files' order.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb

from queries.errors import RecordsError
from queries.mirror.corpus import Corpus, connect
from queries.mirror.load_file import checked_md5, load_file, transaction
from queries.readers.pubmed_xml.files import each_file

_UNSORTED = 8  # rows out of order are sorted in when they are an eighth of all
# What DuckDB may use; what is more goes to disk. Sorting 1,000,000 records did not do with 160 MB.
_MEMORY, _PART_MEMORY, _SORT_MEMORY = "160MB", "32MB", "400MB"
_MUCH = 1 << 26  # bytes of XML from which two processes are worth their start
_TAKE_OVER = """
    INSERT INTO record SELECT * REPLACE (doc + $first AS doc) FROM part.record;
    INSERT INTO refused FROM part.refused;
    INSERT INTO posting SELECT * REPLACE (first + $first AS first) FROM part.posting;
    INSERT INTO day SELECT * REPLACE (doc + $first AS doc) FROM part.day;
    INSERT INTO cites SELECT * REPLACE (doc + $first AS doc) FROM part.cites;
    INSERT INTO file FROM part.file;
"""


class FilePart(NamedTuple):
    """A corpus of one file, on its way into another."""

    file: str
    db: Path
    records: int


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
        if db:
            _check_ours(connection, db)
            connection.execute(f"SET memory_limit = '{_MEMORY}'")
        _load_all(connection, paths, report)
        if db:
            connection.execute(f"SET memory_limit = '{_SORT_MEMORY}'")
        _sort(connection)
        corpus = Corpus(connection)
        connection.execute("RESET memory_limit")
    except BaseException:
        connection.close()
        raise
    return corpus


def _check_ours(connection: duckdb.DuckDBPyConnection, db: Path) -> None:
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if tables and "record" not in tables:
        raise RecordsError(
            str(db), "is another program's database", "Name a new file, or one made by mirror load"
        )


def _load_all(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], report: Callable[[str], None]
) -> None:
    if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'record'").fetchone():
        connection.execute(_sql("schema.sql"))
    new = _new(connection, paths, report)
    if _is_much(connection, paths):
        _in_two_processes(connection, new, report)
    else:
        for path in new:
            with transaction(connection):
                records = load_file(connection, path)
            report(f"{path.name}: {records} records")


def _new(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], report: Callable[[str], None]
) -> Iterator[Path]:
    """The files whose name isn't known yet."""
    known: dict[str, str] = dict(connection.execute("SELECT name, md5 FROM file").fetchall())
    for path in paths:
        md5 = checked_md5(path)
        if path.name not in known:
            known[path.name] = md5
            yield path
        elif known[path.name] != md5:
            raise RecordsError(str(path), "another file of this name is loaded", "Load into a new --db")
        else:
            report(f"{path.name}: loaded before")


def _is_much(connection: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> bool:
    """Whether two processes should load what is not loaded yet."""
    loaded = {name for (name,) in connection.execute("SELECT name FROM file").fetchall()}
    new = [path for path in paths if path.name not in loaded]
    return len(new) > 1 and sum(path.stat().st_size for path in new) >= _MUCH


def _in_two_processes(
    connection: duckdb.DuckDBPyConnection, new: Iterator[Path], report: Callable[[str], None]
) -> None:
    ((database,),) = connection.execute(
        "SELECT path FROM duckdb_databases() WHERE NOT internal AND database_name = current_database()"
    ).fetchall()
    with TemporaryDirectory(dir=Path(database).parent if database else None) as folder:
        for part in each_file(partial(make_part, folder=Path(folder)), new):
            ((first,),) = connection.execute("SELECT coalesce(max(doc) + 1, 0) FROM record").fetchall()
            connection.execute(f"ATTACH '{part.db}' AS part (READ_ONLY)")
            with transaction(connection):
                for statement in filter(str.strip, _TAKE_OVER.split(";")):
                    given = {"first": first} if "$first" in statement else {}
                    connection.execute(statement, given).fetchall()
            connection.execute("DETACH part")
            part.db.unlink()
            report(f"{part.file}: {part.records} records")


def make_part(path: Path, folder: Path) -> FilePart:
    """A corpus of one file, in `folder`; a process of its own does it."""
    db = folder / f"{path.name}.part"
    with connect(db) as connection:
        connection.execute(f"SET memory_limit = '{_PART_MEMORY}'; SET threads = 1")
        connection.execute(_sql("schema.sql"))
        return FilePart(path.name, db, load_file(connection, path))


def _sort(connection: duckdb.DuckDBPyConnection) -> None:
    (unsorted, total) = connection.execute(
        "SELECT count(*) - coalesce((SELECT postings FROM sorted), 0), count(*) FROM posting"
    ).fetchone() or (0, 0)
    if unsorted * _UNSORTED > total:
        with transaction(connection):
            connection.execute(_sql("sort.sql"))


def _paths(folders: Sequence[Path]) -> list[Path]:
    found = []
    for folder in folders:
        inside = [folder] if folder.is_file() else [*folder.glob("*.xml"), *folder.glob("*.xml.gz")]
        if not inside:
            raise RecordsError(str(folder), "holds no .xml or .xml.gz", "Name a folder of PubMed XML")
        found += inside
    return sorted(found, key=lambda path: path.name)


def _sql(name: str) -> str:
    return files("queries.mirror").joinpath(name).read_text("utf-8")
