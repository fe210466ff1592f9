"""A table for other programs: CSV in UTF-8, in which no cell is a formula."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from queries.errors import RecordsError
from reports.exports.cells import csv_text


def write(out: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write head and rows. Raises RecordsError if the file cannot be written.

    A text that a spreadsheet would run begins with an apostrophe; numbers stay as they are.
    """
    try:
        out.write_text(csv_text(head, rows), encoding="utf-8", newline="")
    except OSError as trouble:
        problem = trouble.strerror or str(trouble)
        raise RecordsError(str(out), f"cannot be written ({problem})", "Name another file") from trouble
