"""The library's tables, made and changed by numbered files, each together with its own record."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

from queries.errors import LibraryDamaged
from queries.library.private import made_once

NAME = re.compile(r"(\d{4})_(\w+)\.sql")


@cache
def known() -> dict[int, tuple[str, str]]:
    """Number → (name, statements) of every migration file, in order."""
    matches = sorted(
        (match[1], match[2], file.read_text(encoding="utf-8"))
        for file in (files("queries.library") / "sql" / "migrations").iterdir()
        if (match := NAME.fullmatch(file.name))
    )
    return {int(number): (name, statements) for number, name, statements in matches}


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit at the end, or roll back whatever went wrong, Ctrl-C included."""
    connection.begin()
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # after a fatal error there is nothing left to roll back
            connection.rollback()
        raise
    connection.commit()


def create(path: Path, settings: dict[str, str | bool | int | float | list[str]]) -> None:
    """Make an empty, migrated library and put it there in one step."""
    with made_once(path) as draft, duckdb.connect(str(draft), config=settings) as connection:
        apply(connection, draft)


def missing(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[int, tuple[str, str]]:
    """The steps that this library has not had yet, in order.

    Raises LibraryDamaged if the tables are someone else's, or of a later version of seedwatch.
    """
    tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    applied: dict[int, str] = {}
    if "migration" in tables:
        applied = dict(connection.execute("SELECT number, name FROM migration").fetchall())
    elif tables:
        raise LibraryDamaged(
            str(path), "is a DuckDB database of something else", "Name another file in SEEDWATCH_DATABASE"
        )
    ours = {number: name for number, (name, _) in known().items()}
    if strange := [number for number, name in applied.items() if ours.get(number) != name]:
        raise LibraryDamaged(
            str(path),
            f"was written by a later version of seedwatch (its step {max(strange)} is unknown here)",
            "Upgrade seedwatch; the file was left as it is",
        )
    return {number: step for number, step in known().items() if number not in applied}


def has_id(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the library has the table that holds its id."""
    question = "SELECT 1 FROM duckdb_tables() WHERE table_name = 'library' AND NOT internal"
    return bool(connection.execute(question).fetchall())


def apply(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring the tables up to date, each step in one transaction with the row that says it ran.

    Raises LibraryDamaged as `missing` does.
    """
    for number, (name, statements) in missing(connection, path).items():
        with transaction(connection):
            connection.execute("CREATE TABLE IF NOT EXISTS migration (number INTEGER, name VARCHAR)")
            connection.execute(statements)
            connection.execute("INSERT INTO migration VALUES (?, ?)", [number, name])
