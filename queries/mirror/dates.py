"""Windows of days as a term writes them."""

import re
from calendar import monthrange
from datetime import date, timedelta


def span(text: str) -> tuple[date, date] | None:
    """First and last day of YYYY, YYYY/MM or YYYY/MM/DD; None for anything else.

    Dashes do as well, and a time of day is passed over (both recorded).

    >>> span("2024/02")
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    found = re.fullmatch(r"(\d{4})(?:[/-](\d{1,2})(?:[/-](\d{1,2})(?: \d\d:\d\d)?)?)?", text)
    if not found:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    last_month = month or 12
    return first, first if day else date(year, last_month, monthrange(year, last_month)[1])


def ago(today: date, count: int, unit: str) -> date:
    """The day `count` days, months or years before `today`; the month's last where it has no such day."""
    if unit == "day":
        return today - timedelta(days=min(count, today.toordinal() - 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    year, month = max(1, months // 12), months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))
