"""Coverage: windows joined end to end, and the gaps between them."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from queries.ledger import believable, coverage
from queries.records.harvest import Lane, Watermark
from queries.records.library import Coverage, Span

FAR = datetime(2100, 1, 1, tzinfo=UTC)  # whatever was read by then

START = date(2026, 1, 1)
LONG_AFTER = datetime(2027, 6, 1, tzinfo=UTC)


def day(number: int) -> date:
    return START + timedelta(days=number)


def lane(*windows: tuple[int, int | None], read: datetime = LONG_AFTER, kind: Lane = Lane.NEW) -> Coverage:
    """The coverage of one lane that read those windows."""
    (only,) = coverage(
        [("TFR", kind, day(since), None if until is None else day(until), read) for since, until in windows],
        FAR,
    )
    return only


READ = datetime(2026, 1, 21, 18, tzinfo=UTC)  # day 19 is settled


def test_windows_that_touch_or_overlap_join() -> None:
    joined = lane((0, 4), (5, 9), (7, 12), (2, 3), (13, None), read=READ)
    assert joined == Coverage("TFR", Lane.NEW, (Span(day(0), day(19)),), ())


def windows(*read: tuple[int, int | None, datetime]) -> Coverage:
    """The coverage of one lane whose windows were read at moments of their own."""
    rows = [
        ("TFR", Lane.NEW, day(since), None if until is None else day(until), at) for since, until, at in read
    ]
    (only,) = coverage(rows, FAR)
    return only


EARLIER = datetime(2026, 1, 7, 18, tzinfo=UTC)  # day 5 is settled


def test_a_gap_is_named_by_its_days_and_closed_by_a_window_of_ones_own() -> None:
    gapped = windows((0, None, EARLIER), (9, None, READ))
    assert gapped.gaps == (Span(day(6), day(8)),)
    assert windows((0, None, EARLIER), (9, None, READ), (6, 8, READ)).gaps == ()


def test_a_window_of_ones_own_apart_from_all_others_makes_no_gap() -> None:
    apart = windows((-90, -80, READ), (0, None, READ))
    assert (apart.spans, apart.gaps) == ((Span(day(0), day(19)),), ())
    assert windows((-9, -1, READ), (0, None, READ)).spans == (Span(day(-9), day(19)),)


def test_what_was_read_later_than_now_was_dated_by_a_wrong_clock_and_counts_for_nothing() -> None:
    rows = [("TFR", Lane.NEW, day(0), None, at) for at in (EARLIER, datetime(2036, 1, 1, tzinfo=UTC))]
    (only,) = coverage(rows, READ)
    assert only.spans == (Span(day(0), day(5)),)


def test_a_mark_in_the_future_is_set_back_to_what_is_proven_and_dropped_where_nothing_is() -> None:
    ahead = Watermark("TFR", Lane.NEW, date(2035, 12, 31))
    fine = Watermark("LSC", Lane.NEW, day(3))
    proven = lane((0, None), read=EARLIER)
    assert believable([ahead, fine], [proven], READ) == (ahead._replace(until=day(5)), fine)
    assert believable([ahead, fine], [], READ) == (fine,)


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
    assert [(row.topic, row.lane) for row in coverage(rows, FAR)] == [row[:2] for row in rows]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8)), min_size=1, max_size=12))
def test_a_day_is_covered_exactly_if_a_window_held_it(chosen: list[tuple[int, int]]) -> None:
    """Always: spans and gaps tile the days from the first to the last, and spans hold what was read."""
    read = {since + k for since, length in chosen for k in range(length + 1)}
    found = lane(*((since, since + length) for since, length in chosen), kind=Lane.SWEEP)

    def days(spans: tuple[Span, ...]) -> list[int]:
        return [
            (span.since - START).days + k for span in spans for k in range((span.until - span.since).days + 1)
        ]

    assert sorted(read) == days(found.spans)
    assert sorted(days(found.spans) + days(found.gaps)) == list(range(min(read), max(read) + 1))
