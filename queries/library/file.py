"""The library file: opening it, waiting for it, and saying in words what went wrong with it."""

import os
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import duckdb

from queries.errors import InputError, LibraryBusy, LibraryDamaged, LibraryError, LibraryFull
from queries.library import migrations
from queries.library.private import private
from queries.library.rows import Record, record_of
from queries.records.library import LibraryId

if TYPE_CHECKING:
    import numpy as np

SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "1GB",  # DuckDB would take four fifths of the machine
    "threads": min(4, os.cpu_count() or 1),
    "autoinstall_known_extensions": False,  # a library never downloads anything
    "autoload_known_extensions": False,
}
MAGIC = slice(8, 12), b"DUCK"  # https://duckdb.org/docs/internals/storage
OUR_FAULT = duckdb.ProgrammingError, duckdb.DataError, duckdb.IntegrityError, duckdb.NotSupportedError
WAIT = "Wait for it to end, or end it, and run again; nothing was lost"
RESTORE = (
    "`seedwatch restore FILE` puts a backup in its place, `seedwatch restore --afresh` starts afresh; "
    "it was left as it is"
)

# DuckDB lets one process open a file twice; two threads of ours shall wait as two processes do.
_locks: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)


@cache
def statement(question: str) -> str:
    """Return the statement of sql/<question>.sql; a question is <table>/<what runs it>."""
    return (files("queries.library") / "sql" / f"{question}.sql").read_text(encoding="utf-8")


class LibraryFile:
    """The file and its connection, held by this thread alone within `with`: keep blocks short."""

    def __init__(
        self,
        path: Path,
        patience: float = 30.0,
        before_migration: Callable[["LibraryFile"], None] = lambda _: None,
    ) -> None:
        """Name the file; nothing is opened before `with`. `patience`: seconds to wait for a lock.

        `before_migration` is called before tables of an earlier version are changed; if it raises, they stay.
        """
        self.path, self.patience, self.before_migration = path.absolute(), patience, before_migration
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._block = ExitStack()

    def __enter__(self) -> Self:
        """Open the file, made and migrated as needed.

        Raises LibraryBusy, LibraryDamaged, LibraryFull, or LibraryError where the folder forbids it.
        """
        deadline = time.monotonic() + self.patience
        if not _locks[self.path].acquire(timeout=max(0, self.patience)):
            raise LibraryBusy(str(self.path), "is held by this process itself", WAIT)
        self._block.enter_context(private())
        try:
            with self._translated():
                self._check()
                self._connection = self._connect(deadline)
                if migrations.missing(self._connection, self.path):
                    self.before_migration(self)
                    migrations.apply(self._connection, self.path)
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file, which also writes its log into it."""
        with self._translated():
            self._close()

    def ask(self, question: str, **values: object) -> list[tuple[Any, ...]]:
        """Run sql/<question>.sql with its $values; return all rows."""
        return self.run(statement(question), **values)

    def run(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """`ask`, of a statement that another room wrote."""
        with self._translated():
            return self._open.execute(sql, values).fetchall()

    def read(self, kind: type[Record], question: str, **values: object) -> list[Record]:
        """Run sql/<question>.sql with its $values; return its rows as records, by the columns' names."""
        with self._translated():
            cursor = self._open.execute(statement(question), values)
            names = [column[0] for column in cursor.description or ()]
            rows = cursor.fetchall()
        return [record_of(kind, dict(zip(names, row, strict=True))) for row in rows]

    def ask_with(self, fresh: "Mapping[str, np.ndarray]", question: str, **values: object) -> None:
        """Run sql/<question>.sql, which reads the arrays as table `fresh`, a column each, where they are.

        For whole records: DuckDB copies a parameter several times, and an array not at all.
        """
        self.run_with(fresh, statement(question), **values)

    def run_with(self, fresh: "Mapping[str, np.ndarray]", sql: str, **values: object) -> None:
        """`ask_with`, of a statement that another room wrote."""
        with self._translated():
            self._open.register("fresh", dict(fresh))
            try:
                self._open.execute(sql, values)
            finally:
                self._open.unregister("fresh")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all that is asked within it happen at once, or not at all."""
        with self._translated(), migrations.transaction(self._open):
            yield

    def library_id(self) -> LibraryId | None:
        """Who this library is, whatever its file's name; None before the step that named it."""
        if not migrations.has_id(self._open):
            return None
        return self.read(LibraryId, "library/library_id")[0]

    def backup(self, target: Path) -> None:
        """Write a consistent copy of the library to a new file.

        Raises InputError if the file exists.
        """
        try:
            there = target.exists()
            writable = target.parent.is_dir() and os.access(target.parent, os.W_OK | os.X_OK)
        except OSError as error:
            raise InputError(
                str(target), f"cannot be made ({error.strerror})", "Name another file"
            ) from error
        if there:
            raise InputError(str(target), "exists already", "Name a new file: a backup never overwrites")
        if not writable:
            raise InputError(
                str(target), f"{target.parent} is no folder that may be written to", "Name another file"
            )
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        place = str(draft).replace("'", "''")
        with self._translated(str(target)):
            draft.unlink(missing_ok=True)
            try:
                self._open.execute(f"ATTACH '{place}' AS backup")
                try:
                    (name,) = self._open.execute("SELECT current_database()").fetchall()[0]
                    quoted = name.replace('"', '""')
                    self._open.execute(f'COPY FROM DATABASE "{quoted}" TO backup')
                finally:
                    self._open.execute("DETACH backup")
                draft.rename(target)
            finally:
                draft.unlink(missing_ok=True)

    @property
    def _open(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            message = f"{self.path} is used outside its with block"
            raise RuntimeError(message)
        return self._connection

    def _connect(self, deadline: float) -> duckdb.DuckDBPyConnection:
        pause = 0.02
        while True:
            try:
                return duckdb.connect(str(self.path), config=SETTINGS)
            except duckdb.IOException as error:
                left = deadline - time.monotonic()
                if "Could not set lock" not in str(error) or left <= 0:
                    raise
            time.sleep(min(pause, left))
            pause = min(pause * 1.5, 0.5)

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        try:
            if connection is not None:
                connection.close()
        finally:
            self._block.close()
            _locks[self.path].release()

    def _check(self) -> None:
        """Make the file if it never was; otherwise make sure that DuckDB would not start it afresh."""
        log = self.path.with_name(f"{self.path.name}.wal")
        if not self.path.exists():
            if log.exists():
                raise LibraryDamaged(str(self.path), f"is gone, and its log {log.name} is left", RESTORE)
            migrations.create(self.path, SETTINGS)
        with self.path.open("rb") as file:
            head = file.read(MAGIC[0].stop)
        if head[MAGIC[0]] != MAGIC[1]:
            what = "is not a library of seedwatch" if head else "is empty"
            raise LibraryDamaged(str(self.path), what, RESTORE)

    @contextmanager
    def _translated(self, subject: str = "") -> Iterator[None]:
        """Turn what DuckDB and the system say into errors of ours: the only place that does."""
        try:
            yield
        except OUR_FAULT:
            raise
        except (duckdb.Error, OSError) as error:
            raise _translate(subject or str(self.path), error) from error


# What DuckDB and the system say → whose error it is, in which words, and what to do. First match wins.
_ERRORS: tuple[tuple[str, type[LibraryError], str, str], ...] = (
    (r"Conflicting lock is held in (.*?) ?\(PID (\d+)\)", LibraryBusy, "is held by process {2} ({1})", WAIT),
    (r"Could not set lock", LibraryBusy, "is held by another process", WAIT),
    (
        r"(?i)No space left|disk is full|quota exceeded|File too large|max_temp_directory_size",
        LibraryFull,
        "the disk has no room",
        "Make room and run again; nothing stored was lost",
    ),
    (
        r"Permission denied|Read-only file system|[Nn]o such file|Is a directory|Not a directory",
        LibraryError,
        "cannot be opened ({0})",
        "Check that its folder exists and may be written to",
    ),
    (
        r"WAL does not match database file|WAL checkpoint iteration does not match",
        LibraryDamaged,
        "the log beside it (.wal) is of another file, as if a copy had been put here by hand",
        "`seedwatch restore FILE`, of this file or of a backup, moves that log aside",
    ),
    (r"^TransactionContext Error", LibraryBusy, "was written by another thread meanwhile", WAIT),
    (r"^Out of Memory Error", LibraryError, "needs more memory ({0})", "Free some and run again"),
)


def _translate(subject: str, error: Exception) -> LibraryError:
    text = str(error).strip() or type(error).__name__
    for pattern, kind, problem, remedy in _ERRORS:
        if match := re.search(pattern, text):
            return kind(subject, problem.format(text.splitlines()[0], *match.groups()), remedy)
    return LibraryDamaged(subject, f"cannot be read ({text.splitlines()[0]})", RESTORE)
