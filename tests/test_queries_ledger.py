"""Coverage: windows joined end to end, and the gaps between them."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from queries.ledger import coverage
from queries.records.harvest import Lane
from queries.records.library import Coverage, Span

START = date(2026, 1, 1)
LONG_AFTER = datetime(2027, 6, 1, tzinfo=UTC)


def day(number: int) -> date:
    return START + timedelta(days=number)


def lane(*windows: tuple[int, int | None], read: datetime = LONG_AFTER) -> Coverage:
    """The coverage of one lane that read those windows."""
    (only,) = coverage(
        ("TFR", Lane.NEW, day(since), None if until is None else day(until), read) for since, until in windows
    )
    return only


def test_windows_that_touch_or_overlap_join() -> None:
    assert lane((0, 4), (5, 9), (7, 12), (2, 3)) == Coverage("TFR", Lane.NEW, (Span(day(0), day(12)),), ())


def test_a_gap_is_named_by_its_days() -> None:
    assert lane((0, 4), (8, 9)).gaps == (Span(day(5), day(7)),)


def test_an_open_window_covers_only_the_days_settled_when_it_was_read() -> None:
    read = datetime(2026, 1, 11, 6, tzinfo=UTC)
    assert lane((0, None), read=read).spans == (Span(day(0), date(2026, 1, 9)),)
    assert lane((20, None), read=read).spans == ()


def test_each_lane_has_its_own_coverage() -> None:
    rows = [
        (topic, kind, day(0), day(1), LONG_AFTER)
        for topic in ("LSC", "TFR")
        for kind in (Lane.NEW, Lane.REVISED)
    ]
    assert [(row.topic, row.lane) for row in coverage(rows)] == [row[:2] for row in rows]


windows = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8)), min_size=1, max_size=12)


@given(windows)
def test_a_day_is_covered_exactly_if_a_window_held_it(chosen: list[tuple[int, int]]) -> None:
    """Always: spans and gaps tile the days from the first to the last, and spans hold what was read."""
    read = {since + k for since, length in chosen for k in range(length + 1)}
    found = lane(*((since, since + length) for since, length in chosen))

    def days(spans: tuple[Span, ...]) -> list[int]:
        return [
            (span.since - START).days + k for span in spans for k in range((span.until - span.since).days + 1)
        ]

    assert sorted(read) == days(found.spans)
    assert sorted(days(found.spans) + days(found.gaps)) == list(range(min(read), max(read) + 1))
