"""What a request asks: its parameters, read as NCBI reads them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from queries.errors import Unmodelled
from queries.mirror.dates import ago, span
from queries.terms.tags import DATES, canonical

Given = Mapping[str, Sequence[str]]  # name → its values, in order: a name may be repeated


class Refused(Exception):
    """An error to be told in the utility's own form, with an HTTP status."""

    def __init__(self, text: str, status: int = 200) -> None:
        """Keep what to say and with which status."""
        super().__init__(text)
        self.text, self.status = text, status


def one(given: Given, name: str) -> str:
    """A parameter that should stand once; "" where it is absent."""
    return (given.get(name) or [""])[0]


def in_json(given: Given) -> bool:
    """Whether JSON is wanted."""
    return one(given, "retmode").lower() == "json"


def number(given: Given, name: str, default: int) -> int:
    """A whole number."""
    text = one(given, name)
    if text and not text.isdigit():
        raise Refused(f"Mirror: {name}={text} is not a whole number", 400)
    return int(text) if text else default


def check_database(given: Given, name: str) -> None:
    """Only PubMed is here."""
    database = one(given, name)
    if database != "pubmed":
        raise Refused(f"Invalid db name specified: {database}")


def ids(given: Given) -> list[list[str]]:
    """The ids of each `id` parameter, as written."""
    return [re.findall(r"[^\s,]+", text) for text in given.get("id", ())]


def pmids(given: Given) -> list[int]:
    """The PMIDs asked for, each once; a version behind a point is dropped, as is what is no PMID."""
    written = [text for group in ids(given) for text in group]
    if not written:
        raise Refused("Supplied id parameter is empty.")
    found = [int(match[1]) for text in written if (match := re.fullmatch(r"(\d{1,10})(?:\.\d+)?", text))]
    usable = [pmid for pmid in dict.fromkeys(found) if pmid]
    if not usable:
        raise Refused("ID list is empty! Possibly it has no correct IDs.", 400)
    return usable


def window(given: Given, today: date) -> tuple[str, date, date] | None:
    """Date field, first and last day of reldate, or of mindate and maxdate (which need each other)."""
    tag = canonical(one(given, "datetype") or "edat")[0]
    low, high, days = one(given, "mindate"), one(given, "maxdate"), one(given, "reldate")
    if not days and not (low and high):
        return None
    if tag not in DATES:
        raise Unmodelled(f"datetype={tag}", "is no date field", "Use crdt, edat, mhda, mdat or pdat")
    if days:
        return tag, ago(today, number(given, "reldate", 0), "day"), today
    first, last = span(low), span(high)
    if first is None or last is None:
        raise Refused(f"Mirror: mindate={low}, maxdate={high} are no dates", 400)
    return tag, first[0], last[1]
