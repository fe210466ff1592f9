"""What to ask PubMed, and when a day is done: pure functions of dates and counts.

A topic is asked through lanes, each a window of one of PubMed's date fields:

    A  NEW      [crdt]  created since. CRDT never moves; EDAT is set back for papers added late
    B  INDEXED  [mhda]  MeSH arrived since, for terms that MeSH can make match
    C  REVISED  [lr]    revised since: new abstracts, retractions, corrections
    D  SWEEP    [crdt]  the last two years once more, ids only unless unknown
    E  REREAD           no search: what was told is fetched again (pubmed/harvest.py)

A window starts an overlap before the lane's watermark and is open above, so that neither PubMed's
late index nor the question which day it is can lose a record. Days are US Eastern, PubMed's own.
A search over the cap is sliced by creation date, then by PMID; both tile exactly, [dp] would not.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from queries.calendar import DAY, eastern_day
from queries.records.harvest import Ask, Lane, Watermark, Window
from queries.terms.syntax import Clause, leaves, parse
from queries.watch.file import Topic

CAP = 9_000  # hits; ESearch shows 9,999, and counts grow while we ask
HIGHEST = 99_999_999  # no PMID is above
SWEPT = 730  # days that a sweep looks back
FIELD = {Lane.NEW: "crdt", Lane.INDEXED: "mhda", Lane.REVISED: "lr", Lane.SWEEP: "crdt"}
OVERLAP = {Lane.NEW: 14, Lane.INDEXED: 30, Lane.REVISED: 14}  # days
LONG_OVERLAP = 30  # days, after a pause: weekly runs, or failed ones
PAUSE = timedelta(days=3)

# Fields whose contents arrive with indexing, and those that search these too
_INDEXED = frozenset({"", "all", "tw", "mh", "majr", "sh", "pt", "nm", "pa", "rn", "ps", "sb"})
_DATES = re.compile(
    r"""(?:\s*AND\s*)?\(?\s*"?\d{1,8}(?:/\d\d){0,2}"?(?:\[[^\]]*\])?\s*:\s*
        "?\d{1,8}(?:/\d\d){0,2}"?\[(?:Date\ -\ (?:Create|MeSH|Modification)|UID|crdt|mhda|lr|uid)\]\s*\)?""",
    re.VERBOSE,
)


class Slice(NamedTuple):
    """A part of an ask: days of creation (`until` None is open) and PMIDs; None is no limit."""

    since: date | None = None
    until: date | None = None
    low: int = 1
    high: int = HIGHEST


def uses_indexing(term: str) -> bool:
    """Whether a record can start to match when its MeSH terms arrive."""
    return any(
        isinstance(leaf, Clause) and (leaf.tag in _INDEXED or bool(leaf.subheading))
        for leaf in leaves(parse(term))
    )


def asks(
    topics: Sequence[Topic], *, now: datetime, watermarks: Collection[Watermark], first_days: int
) -> tuple[Ask, ...]:
    """The lanes A, B, C of each topic: since their watermarks, or `first_days` back the first time."""
    today = eastern_day(now)
    read = {(mark.topic, mark.lane): mark.until for mark in watermarks}
    planned = []
    for topic in topics:
        for lane in _lanes(topic):
            until = read.get((topic.short, lane))
            since = (
                today - timedelta(days=first_days) if until is None else until - _overlap(lane, until, today)
            )
            planned.append(Ask(topic.short, lane, topic.term, Window(FIELD[lane], since, None)))
    return tuple(planned)


def _lanes(topic: Topic) -> tuple[Lane, ...]:
    return (Lane.NEW, Lane.INDEXED, Lane.REVISED) if uses_indexing(topic.term) else (Lane.NEW, Lane.REVISED)


def _overlap(lane: Lane, until: date, today: date) -> timedelta:
    return timedelta(days=OVERLAP[lane] if today - until <= PAUSE else LONG_OVERLAP)


def backfill(topics: Sequence[Topic], since: date, until: date | None) -> tuple[Ask, ...]:
    """What was created, or indexed late, in a window of one's own; no watermark moves by it."""
    return tuple(
        Ask(topic.short, lane, topic.term, Window(FIELD[lane], since, until))
        for topic in topics
        for lane in _lanes(topic)
        if lane is not Lane.REVISED
    )


def sweep(topics: Sequence[Topic], now: datetime, days: int = SWEPT) -> tuple[Ask, ...]:
    """Lane D: everything of the last `days` once more; what is unknown then was found late."""
    since = eastern_day(now) - timedelta(days=days)
    return tuple(Ask(topic.short, Lane.SWEEP, topic.term, Window("crdt", since, None)) for topic in topics)


def baseline(topics: Sequence[Topic], starts: Mapping[str, date], days: int = SWEPT) -> tuple[Ask, ...]:
    """What was there before each topic's first day, as far back as a sweep looks: known, told to nobody."""
    windows = (
        Window("crdt", starts[each.short] - timedelta(days=days), starts[each.short] - DAY) for each in topics
    )
    return tuple(
        Ask(topic.short, Lane.SWEEP, topic.term, window)
        for topic, window in zip(topics, windows, strict=True)
    )


def whole(ask: Ask) -> Slice:
    """The slice that an ask starts with: all of it."""
    window = ask.window
    return Slice(window.since, window.until) if window and window.field == "crdt" else Slice()


def halves(part: Slice, today: date, shown: Collection[int] = ()) -> tuple[Slice, Slice] | None:
    """A slice in two, by creation date down to a day, then by PMID; None if it holds one PMID.

    PMIDs are cut at the median of those that a search has `shown`: they lie close together, and
    halving all numbers would take twenty searches to get there.
    """
    since = part.since or date(1900, 1, 1)
    last = part.until or today
    if since < last:
        middle = since + (last - since) // 2
        return part._replace(until=middle), part._replace(since=middle + DAY)
    if part.low == part.high:
        return None
    within = sorted(pmid for pmid in shown if part.low <= pmid < part.high)
    cut = within[len(within) // 2] if within else (part.low + part.high) // 2
    return part._replace(high=cut), part._replace(low=cut + 1)


def term(ask: Ask, part: Slice) -> str:
    """What PubMed is asked for a slice of an ask.

    >>> term(Ask("TFR", Lane.NEW, "imatinib", Window("crdt", date(2026, 11, 9), None)),
    ...      Slice(date(2026, 11, 9)))
    '(imatinib) AND ("2026/11/09"[crdt] : "3000"[crdt])'
    """
    limits = [f"({ask.term})"]
    if ask.window and ask.window.field != "crdt":
        limits.append(_between(ask.window))
    if part.since or part.until:
        limits.append(_between(Window("crdt", part.since or date(1800, 1, 1), part.until)))
    if (part.low, part.high) != (1, HIGHEST):
        limits.append(f"{part.low}:{part.high}[uid]")
    return " AND ".join(limits)


def _between(window: Window) -> str:
    until = f"{window.until:%Y/%m/%d}" if window.until else "3000"
    return f'("{window.since:%Y/%m/%d}"[{window.field}] : "{until}"[{window.field}])'


def window(ask: Ask, part: Slice) -> Window | None:
    """The days that a slice stands for in the ledger."""
    if ask.window and ask.window.field == "crdt" and part.since:
        return Window("crdt", part.since, part.until)
    return ask.window


def undated(translation: str) -> str:
    """PubMed's translation of a term without the dates and PMIDs that we added: it should not change."""
    return " ".join(_DATES.sub("", translation).split())
