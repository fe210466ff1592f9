"""A table for other programs: CSV in UTF-8."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from queries.errors import RecordsError


def write(out: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write head and rows. Raises RecordsError if the file cannot be written."""
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(head)
            table.writerows(rows)
    except OSError as trouble:
        problem = trouble.strerror or str(trouble)
        raise RecordsError(str(out), f"cannot be written ({problem})", "Name another file") from trouble
