"""A table for other programs: CSV in UTF-8, in which no cell is a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from queries.errors import RecordsError

# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width signs, too.
_FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?", re.ASCII)


def write(out: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write head and rows. Raises RecordsError if the file cannot be written.

    A text that a spreadsheet would run begins with an apostrophe; numbers stay as they are.
    """
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(head)
            table.writerows(map(_harmless, row) for row in rows)
    except OSError as trouble:
        problem = trouble.strerror or str(trouble)
        raise RecordsError(str(out), f"cannot be written ({problem})", "Name another file") from trouble


def _harmless(cell: object) -> object:
    text = isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if text else cell
