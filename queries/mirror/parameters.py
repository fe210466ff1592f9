"""What a request asks: its parameters, read as NCBI reads them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from queries.errors import Unmodelled
from queries.mirror.dates import ago, span
from queries.terms.tags import DATES, canonical

Parameters = Mapping[str, Sequence[str]]  # name → its values, in order: a name may be repeated


class ApiError(Exception):
    """An error to be answered in the utility's own form, with an HTTP status."""

    def __init__(self, text: str, status: int = 200) -> None:
        """Keep what to say and with which status."""
        super().__init__(text)
        self.text, self.status = text, status


def one(params: Parameters, name: str) -> str:
    """A parameter that should stand once; "" where it is absent."""
    return (params.get(name) or [""])[0]


def in_json(params: Parameters) -> bool:
    """Whether JSON is wanted."""
    return one(params, "retmode").lower() == "json"


def number(params: Parameters, name: str, default: int) -> int:
    """A whole number."""
    text = one(params, name)
    if text and not text.isdigit():
        raise ApiError(f"Mirror: {name}={text} is not a whole number", 400)
    return int(text) if text else default


def check_database(params: Parameters, name: str) -> None:
    """Only PubMed is here."""
    database = one(params, name)
    if database != "pubmed":
        raise ApiError(f"Invalid db name specified: {database}")


def ids(params: Parameters) -> list[list[str]]:
    """The ids of each `id` parameter, as written."""
    return [re.findall(r"[^\s,]+", text) for text in params.get("id", ())]


def pmids(params: Parameters) -> list[int]:
    """The PMIDs asked for, each once; a version behind a point is dropped, as is what is no PMID."""
    written = [text for group in ids(params) for text in group]
    if not written:
        raise ApiError("Supplied id parameter is empty.")
    found = [int(match[1]) for text in written if (match := re.fullmatch(r"(\d{1,10})(?:\.\d+)?", text))]
    usable = [pmid for pmid in dict.fromkeys(found) if pmid]
    if not usable:
        raise ApiError("ID list is empty! Possibly it has no correct IDs.", 400)
    return usable


def window(params: Parameters, today: date) -> tuple[str, date, date] | None:
    """Date field, first and last day of reldate, or of mindate and maxdate (which need each other)."""
    tag = canonical(one(params, "datetype") or "edat")[0]
    low, high, days = one(params, "mindate"), one(params, "maxdate"), one(params, "reldate")
    if not days and not (low and high):
        return None
    if tag not in DATES:
        raise Unmodelled(f"datetype={tag}", "is no date field", "Use crdt, edat, mhda, mdat or pdat")
    if days:
        return tag, ago(today, number(params, "reldate", 0), "day"), today
    first, last = span(low), span(high)
    if first is None or last is None:
        raise ApiError(f"Mirror: mindate={low}, maxdate={high} are no dates", 400)
    return tag, first[0], last[1]
