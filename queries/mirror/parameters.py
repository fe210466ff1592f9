"""What a request asks: its parameters, read as NCBI reads them (NBK25499)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from queries.errors import Unmodelled
from queries.mirror.dates import ago, span
from queries.terms.tags import DATES, canonical

Parameters = Mapping[str, Sequence[str]]  # name → its values, in order: a name may be repeated

_NUMBER = re.compile(r"[0-9]{1,18}")
_PMID = re.compile(r"([0-9]{1,10})(?:\.[0-9]+)?")


class ApiError(Exception):
    """An error to be answered in the utility's own form, with an HTTP status."""

    def __init__(self, text: str, status: int = 200) -> None:
        """Keep what to say and with which status."""
        super().__init__(text)
        self.text, self.status = text, status


def named(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Parameters by name. Capitals in a name don't matter; WebEnv alone is documented with some."""
    params: dict[str, list[str]] = {}
    for name, value in pairs:
        small = name.lower()
        params.setdefault("WebEnv" if small == "webenv" else small, []).append(value)
    return params


def one(params: Parameters, name: str) -> str:
    """A parameter that should stand once; "" where it is absent."""
    return (params.get(name) or [""])[0]


def in_json(params: Parameters) -> bool:
    """Whether JSON is wanted."""
    return one(params, "retmode").lower() == "json"


def number(params: Parameters, name: str, default: int) -> int:
    """A whole number."""
    text = one(params, name).strip()
    if text and not _NUMBER.fullmatch(text):
        raise ApiError(f"Mirror: {name}={text[:50]} is not a whole number", 400)
    return int(text) if text else default


def check_database(params: Parameters, name: str) -> None:
    """Only PubMed is here; it is the default."""
    database = one(params, name) or "pubmed"
    if database.lower() != "pubmed":
        raise ApiError(f"Invalid db name specified: {database[:50]}")


def ids(params: Parameters) -> list[list[str]]:
    """The ids of each `id` parameter, as written."""
    return [re.findall(r"[^\s,]+", text) for text in params.get("id", ())]


def as_pmid(text: str) -> int | None:
    """The PMID of an id as written; a version behind a point is dropped. None for what is no PMID."""
    found = _PMID.fullmatch(text)
    return int(found[1]) or None if found else None


def pmids(params: Parameters) -> list[int]:
    """The PMIDs asked for, each once, without what is no PMID."""
    written = [text for group in ids(params) for text in group]
    if not written:
        raise ApiError("Supplied id parameter is empty.")
    usable = [*dict.fromkeys(pmid for text in written if (pmid := as_pmid(text)))]
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
        raise Unmodelled(f"datetype={tag[:50]}", "is no date field", "Use crdt, edat, mhda, mdat or pdat")
    if days:
        return tag, ago(today, number(params, "reldate", 0), "day"), today
    first, last = span(low), span(high)
    if first is None or last is None:
        raise ApiError(f"Mirror: mindate={low[:50]}, maxdate={high[:50]} are no dates", 400)
    return tag, first[0], last[1]
