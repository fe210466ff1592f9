"""CSV, for spreadsheets: UTF-8 with its mark, lists joined by "; ", and no cell that is a formula."""

from collections.abc import Sequence

from reports.digest.told import ToldArticle
from reports.exports.cells import csv_text
from reports.exports.columns import ExportRow, row


def written(told: Sequence[ToldArticle]) -> bytes:
    """A row a paper below a head; Excel knows UTF-8 by its mark only."""
    rows = ([_joined(value) for value in row(each)] for each in told)
    return b"\xef\xbb\xbf" + csv_text(ExportRow._fields, rows).encode()


def _joined(value: object) -> object:
    """A list as one cell."""
    if isinstance(value, tuple | list):
        return "; ".join(map(str, value))
    return "" if value is None else value
