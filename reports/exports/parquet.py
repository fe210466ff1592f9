"""Parquet, for data frames: written by DuckDB, so that nothing else need be installed."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_type_hints

import duckdb

from reports.digest.told import ToldArticle
from reports.exports.columns import ExportRow, row

_TYPES = {int: "BIGINT", str: "VARCHAR", float | None: "DOUBLE", Sequence[str]: "VARCHAR[]"}
_COLUMNS = {name: _TYPES[hint] for name, hint in get_type_hints(ExportRow).items()}


def written(told: Sequence[ToldArticle]) -> bytes:
    """A table with a row a paper; lists are lists."""
    rows = list(map(row, told))
    values = {name: [_value(getattr(each, name)) for each in rows] for name in _COLUMNS}
    unnested = ", ".join(f"unnest(${name}::{kind}[]) AS {name}" for name, kind in _COLUMNS.items())
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        file = Path(folder) / "told.parquet"
        connection.execute(f"CREATE TABLE told AS SELECT {unnested}", values)
        place = str(file).replace("'", "''")
        connection.execute(f"COPY told TO '{place}' (FORMAT parquet, COMPRESSION zstd)")
        return file.read_bytes()


def _value(value: object) -> object:
    return list(value) if isinstance(value, tuple | list) else value
