"""PubMed's dates. Those of publications are partial, those of the record itself are whole.

Three shapes: Year, Month, Day; Year, Season; and MedlineDate, which is free text ("1998 Dec-1999
Jan"). A month is "Jan" or "01". What is no date is absent, never an error.
"""

import re
from datetime import date, datetime
from functools import lru_cache

from lxml.etree import _Element as Element

from queries.readers.pubmed_xml.markup import tidy
from queries.records.article import Milestone

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {
    name: number
    for number, word in enumerate(_NAMES, 1)
    for name in (word, word.title(), str(number), f"{number:02}")
}
_CLOCK = ("Year", "Month", "Day", "Hour", "Minute")
_PRINTED = ("Year", "Season", "Month", "Day")
_YEAR = re.compile(r"[12]\d{3}", re.ASCII)
_FREE = re.compile(r"\b([12]\d{3})\b(?:[ -]+([A-Za-z]{3})[a-z]*\.?(?: +(\d{1,2})\b(?! *[A-Za-z]))?)?")


def publication_date(element: Element | None) -> tuple[str, str]:
    """JournalIssue/PubDate as (partial ISO date, as printed), e.g. ("1998-12", "1998 Dec-1999 Jan").

    Of a span the first day counts; a season has only its year.
    """
    parts = _parts(element)
    free = tidy(parts.get("MedlineDate", ""))
    if free:
        return free_date(free), free
    return _iso(parts), tidy(" ".join([parts[tag] for tag in _PRINTED if tag in parts]))


def partial_date(element: Element | None) -> str:
    """Year, Month?, Day? as a partial ISO date: ArticleDate, ContributionDate; "" if absent."""
    return _iso(_parts(element))


def free_date(text: str) -> str:
    """The partial ISO date that a MedlineDate begins with: "2000 Jan-Feb" is 2000-01."""
    found = _FREE.search(text)
    return iso_date(*found.groups("")) if found else ""


def whole_date(element: Element | None) -> date | None:
    """DateRevised, DateCompleted; the first of the month or year where a part is missing."""
    day = partial_date(element)
    return date.fromisoformat((day + "-01-01")[:10]) if day else None


def milestones(history: Element | None) -> tuple[Milestone, ...]:
    """PubmedData/History/PubMedPubDate, each @PubStatus with its moment.

    Year, Month, Day, Hour?, Minute?, in US Eastern; midnight if no hour is given, and the first of the
    month or year where no day is.
    """
    if history is None:
        return ()
    return tuple([found for each in history if (found := _milestone(each))])


def _milestone(element: Element) -> Milestone | None:
    parts = _parts(element)
    at, partial = _moment(*[parts.get(tag, "") for tag in _CLOCK])
    return Milestone(element.get("PubStatus", ""), at, partial) if at else None


# The caches below hold the days of some forty years: a baseline file's records share them.


@lru_cache(maxsize=1 << 14)
def iso_date(year: str, month: str = "", day: str = "") -> str:
    """A partial ISO date as precise as its parts make sense; a month is "Jan", "January", "1" or "01"."""
    year, month, day = year.strip(), month.strip(), day.strip()
    if not _YEAR.fullmatch(year):
        return ""
    number = _MONTHS.get(month) or _MONTHS.get(month[:3].lower())
    if number is None:
        return year
    try:
        return date(int(year), number, int(day)).isoformat()
    except (ValueError, OverflowError):
        return f"{year}-{number:02}"


@lru_cache(maxsize=1 << 14)
def _moment(year: str, month: str, day: str, hour: str, minute: str) -> tuple[datetime | None, str]:
    """The moment, and the partial date if it has no day; None where it has no year."""
    partial = iso_date(year, month, day)
    if not partial:
        return None, ""
    midnight = datetime.fromisoformat((partial + "-01-01")[:10])
    if len(partial) < len("2026-11-12"):
        return midnight, partial
    try:
        return midnight.replace(hour=int(hour), minute=int(minute or 0)), ""
    except (ValueError, OverflowError):
        return midnight, ""


def _parts(element: Element | None) -> dict[str, str]:
    return {} if element is None else {child.tag: child.text or "" for child in element}


def _iso(parts: dict[str, str]) -> str:
    return iso_date(parts.get("Year", ""), parts.get("Month", ""), parts.get("Day", ""))
