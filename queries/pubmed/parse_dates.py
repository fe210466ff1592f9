"""PubMed's dates. Those of publications are partial, those of the record itself are whole.

Three shapes: Year, Month, Day; Year, Season; and MedlineDate, which is free text ("1998 Dec-1999
Jan"). A month is "Jan" or "01". What is no date is absent, never an error.
"""

import re
from datetime import date, datetime
from functools import lru_cache

from lxml.etree import _Element as Element

from queries.pubmed.parse_markup import leaf
from queries.records import Milestone

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {
    name: number
    for number, word in enumerate(_NAMES, 1)
    for name in (word, word.title(), str(number), f"{number:02}")
}
_PRINTED = ("Year", "Season", "Month", "Day")
_YEAR = re.compile(r"[12]\d{3}", re.ASCII)
_FREE = re.compile(r"\b([12]\d{3})\b(?:[ -]+([A-Za-z]{3})[a-z]*\.?(?: +(\d{1,2})\b(?! *[A-Za-z]))?)?")


def publication_date(element: Element | None) -> tuple[str, str]:
    """JournalIssue/PubDate as (partial ISO date, as printed), e.g. ("1998-12", "1998 Dec-1999 Jan").

    Of a span the first day counts; a season has only its year.
    """
    said = _said(element)
    free = said.get("MedlineDate", "")
    if free:
        return free_date(free), free
    return _iso(said), " ".join([said[tag] for tag in _PRINTED if tag in said])


def partial_date(element: Element | None) -> str:
    """Year, Month?, Day? as a partial ISO date: ArticleDate, ContributionDate; "" if absent."""
    return _iso(_said(element))


def free_date(text: str) -> str:
    """The partial ISO date that a MedlineDate begins with: "2000 Jan-Feb" is 2000-01."""
    found = _FREE.search(text)
    if not found:
        return ""
    return iso_date(*found.groups(""))


@lru_cache(maxsize=1 << 14)  # forty years of days: records share them
def iso_date(year: str, month: str = "", day: str = "") -> str:
    """A partial ISO date as precise as its parts make sense; a month is "Jan", "January", "1" or "01"."""
    if not _YEAR.fullmatch(year):
        return ""
    number = _MONTHS.get(month) or _MONTHS.get(month[:3].lower())
    if number is None:
        return year
    try:
        return date(int(year), number, int(day)).isoformat()
    except (ValueError, OverflowError):
        return f"{year}-{number:02}"


def whole_date(element: Element | None) -> date | None:
    """DateRevised, DateCompleted; the first of the month or year where a part is missing."""
    said = "" if element is None else _iso(_said(element))
    return date.fromisoformat((said + "-01-01")[:10]) if said else None


def moment(element: Element) -> datetime | None:
    """PubMedPubDate: Year, Month, Day, Hour?, Minute?, in US Eastern; midnight if no hour is said."""
    said = {child.tag: child.text for child in element}
    try:
        day = datetime(int(said["Year"] or ""), int(said["Month"] or ""), int(said["Day"] or ""))  # noqa: DTZ001 - PubMed's own clock, see records
    except (KeyError, ValueError, OverflowError):
        return None
    try:
        return day.replace(hour=int(said["Hour"] or 0), minute=int(said.get("Minute") or 0))
    except (KeyError, ValueError, OverflowError):
        return day


def milestones(history: Element | None) -> tuple[Milestone, ...]:
    """PubmedData/History/PubMedPubDate, each @PubStatus with its moment."""
    if history is None:
        return ()
    return tuple(
        [
            Milestone(each.get("PubStatus", ""), at)
            for each in history.iterchildren("PubMedPubDate")
            if (at := moment(each))
        ]
    )


def _said(element: Element | None) -> dict[str, str]:
    return {} if element is None else {child.tag: leaf(child) for child in element}


def _iso(said: dict[str, str]) -> str:
    return iso_date(said.get("Year", ""), said.get("Month", ""), said.get("Day", ""))
