"""Sums that must add up: the flow line of a digest, and the windows of a lane joined end to end."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from itertools import compress, groupby, pairwise

from queries.calendar import DAY, settled
from queries.errors import LedgerError
from queries.records.digest import Issue, Outcome
from queries.records.harvest import Lane, Watermark
from queries.records.library import Coverage, Span


def check(issue: Issue) -> None:
    """Raise LedgerError unless the issue's flow line adds up and its decisions bear it out.

    The flow counts each found PMID once. A row that tells of an update to a told work is not
    counted, since its PMID is already, as known or merged; known PMIDs need not be listed.
    """
    flow, subject = issue.flow, f"digest {issue.number} of {issue.watch}"
    remedy = "This is a fault of seedwatch: report it; nothing was recorded, nothing is lost"
    parts = flow.known + flow.merged + flow.below + flow.held + flow.told
    if flow.found != parts:
        raise LedgerError(subject, f"found {flow.found} does not equal the sum of its parts {parts}", remedy)
    elsewhere = {d.pmid for d in issue.decisions if d.outcome in {Outcome.KNOWN, Outcome.MERGED}}
    counted = Counter(
        decision.outcome
        for decision in issue.decisions
        if decision.outcome is not Outcome.TOLD
        or (not decision.kind.is_update and decision.pmid not in elsewhere)
    )
    for outcome in (Outcome.MERGED, Outcome.BELOW, Outcome.HELD, Outcome.TOLD):
        said = getattr(flow, outcome)
        if counted[outcome] != said:
            raise LedgerError(
                subject,
                f"{outcome} is {said} in its flow line and {counted[outcome]} in its decisions",
                remedy,
            )


def coverage(
    windows: Iterable[tuple[str, Lane, date, date | None, datetime]], now: datetime
) -> tuple[Coverage, ...]:
    """Join the windows (topic, lane, since, until, read when) of each lane into spans and gaps.

    A window counts up to the day that was settled when it was read, however far it was open. One that was
    read later than `now` was dated by a wrong clock, and counts for nothing. A window of one's own (backfill)
    closes a gap, or makes a span longer, but apart from all others it is no span and makes no gap.
    """
    lanes = []
    ordered = sorted((window for window in windows if window[4] <= now), key=lambda window: window[:3])
    for (topic, lane), group in groupby(ordered, key=lambda window: window[:2]):
        spans: list[Span] = []
        regular: list[bool] = []
        for _, _, since, until, read in group:
            last, is_regular = min(until or date.max, settled(read)), until is None or lane is Lane.SWEEP
            if last < since:
                continue
            if spans and since <= spans[-1].until + DAY:
                spans[-1] = Span(spans[-1].since, max(last, spans[-1].until))
                regular[-1] |= is_regular
            else:
                spans.append(Span(since, last))
                regular.append(is_regular)
        proven = list(compress(spans, regular))
        gaps = tuple(Span(a.until + DAY, b.since - DAY) for a, b in pairwise(proven))
        lanes.append(Coverage(topic, lane, tuple(proven), gaps))
    return tuple(lanes)


def believable(
    watermarks: Iterable[Watermark], lanes: Iterable[Coverage], now: datetime
) -> tuple[Watermark, ...]:
    """The watermarks, those beyond what is settled `now` set back to what the windows prove, if anything."""
    proven = {(lane.topic, lane.lane): lane.spans[-1].until for lane in lanes if lane.spans}
    ends = ((mark, min(mark.until, proven.get((mark.topic, mark.lane), date.min))) for mark in watermarks)
    return tuple(
        mark if mark.until <= settled(now) else mark._replace(until=end)
        for mark, end in ends
        if mark.until <= settled(now) or end > date.min
    )
