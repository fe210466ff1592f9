"""Cells of a CSV in which nothing is a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width signs, too.
_FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?", re.ASCII)


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Head and rows as CSV; a text that a spreadsheet would run begins with an apostrophe."""
    file = io.StringIO(newline="")
    table = csv.writer(file)
    table.writerow(head)
    table.writerows(map(_harmless, rows))
    return file.getvalue()


def _harmless(cells: Sequence[object]) -> list[object]:
    """The cells, numbers as they are."""
    return [f"'{cell}" if _is_formula(cell) else cell for cell in cells]


def _is_formula(cell: object) -> bool:
    return isinstance(cell, str) and bool(_FORMULA.match(cell)) and not _NUMBER.fullmatch(cell)
