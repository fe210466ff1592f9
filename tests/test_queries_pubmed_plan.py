"""What is asked, and when a day is done: dates in Eastern, windows that join, slices that tile."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.calendar import settled
from queries.ledger import coverage
from queries.pubmed import plan
from queries.pubmed.plan import Slice
from queries.records.harvest import Ask, Lane, Watermark, Window
from queries.terms.syntax import parse
from queries.watch.file import Topic

FAR = datetime(2100, 1, 1, tzinfo=UTC)  # whatever was read by then

TEXT = Topic(name="Treatment-free remission", short="TFR", term='"treatment free remission"[tiab]')
MESH = Topic(name="Kinase inhibitors", short="TKI", term='imatinib[tiab] OR "Protein Kinase Inhibitors"[mh]')
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_the_first_harvest_looks_back_as_far_as_the_watch_says() -> None:
    planned = plan.asks([MESH, TEXT], now=NOON, watermarks=(), first_days=30)
    assert [(ask.topic, ask.lane, ask.window) for ask in planned] == [
        ("TKI", Lane.NEW, Window("crdt", date(2026, 10, 21), None)),
        ("TKI", Lane.INDEXED, Window("mhda", date(2026, 10, 21), None)),
        ("TKI", Lane.REVISED, Window("lr", date(2026, 10, 21), None)),
        ("TFR", Lane.NEW, Window("crdt", date(2026, 10, 21), None)),
        ("TFR", Lane.REVISED, Window("lr", date(2026, 10, 21), None)),
    ]


@pytest.mark.parametrize(
    ("term", "indexed"),
    [
        ("imatinib[tiab]", False),
        ('"imatinib"[ti] AND 2020:2026[dp]', False),
        ('"Imatinib Mesylate"[nm] OR imatinib[tiab]', True),
        ("imatinib[tiab] AND review[pt]", True),
        ("leukemia[majr]", True),
        ("leukemia/genetics[mh]", True),
        ("imatinib", True),
        ("imatinib[tiab] NOT humans[mh]", True),
    ],
)
def test_late_indexing_is_asked_where_mesh_can_make_a_term_match(term: str, *, indexed: bool) -> None:
    assert plan.uses_indexing(term) == indexed


@pytest.mark.parametrize(
    ("lane", "until", "since"),
    [
        (Lane.NEW, date(2026, 11, 18), date(2026, 11, 4)),  # daily: 14 days
        (Lane.NEW, date(2026, 11, 12), date(2026, 10, 13)),  # weekly, or after a failure: 30
        (Lane.INDEXED, date(2026, 11, 18), date(2026, 10, 19)),
        (Lane.REVISED, date(2026, 11, 18), date(2026, 11, 4)),
        (Lane.NEW, date(2025, 11, 18), date(2025, 10, 19)),  # a year's gap is caught up with
    ],
)
def test_a_window_starts_an_overlap_before_the_watermark(lane: Lane, until: date, since: date) -> None:
    mark = Watermark("TKI", lane, until)
    planned = plan.asks([MESH], now=NOON, watermarks=[mark], first_days=30)
    assert [ask.window.since for ask in planned if ask.lane is lane and ask.window] == [since]


def test_a_backfill_has_its_own_window_and_a_sweep_two_years() -> None:
    filled = plan.backfill([TEXT, MESH], date(2026, 6, 1), date(2026, 6, 30))
    assert [(ask.topic, ask.lane) for ask in filled] == [
        ("TFR", Lane.NEW),
        ("TKI", Lane.NEW),
        ("TKI", Lane.INDEXED),
    ]
    assert {ask.window and ask.window[1:] for ask in filled} == {(date(2026, 6, 1), date(2026, 6, 30))}
    assert [ask.window for ask in plan.sweep([TEXT], NOON)] == [Window("crdt", date(2024, 11, 20), None)]


def test_what_is_asked_names_both_ends_of_the_window() -> None:
    ask = Ask("TFR", Lane.REVISED, "a OR b", Window("lr", date(2026, 11, 1), date(2026, 11, 9)))
    part = Slice(date(2026, 1, 1), date(2026, 1, 1), 1, 5000)
    assert plan.term(ask, plan.whole(ask)) == '(a OR b) AND ("2026/11/01"[lr] : "2026/11/09"[lr])'
    assert plan.term(ask, part) == (
        '(a OR b) AND ("2026/11/01"[lr] : "2026/11/09"[lr])'
        ' AND ("2026/01/01"[crdt] : "2026/01/01"[crdt]) AND 1:5000[uid]'
    )
    parse(plan.term(ask, part))


TODAY = date(2026, 11, 20)
records = st.lists(
    st.tuples(st.dates(date(1999, 1, 1), TODAY), st.integers(1, plan.HIGHEST)),
    unique_by=lambda record: record[1],
    max_size=60,
)


def holds(part: Slice, created: date, pmid: int) -> bool:
    return (part.since or date.min) <= created <= (part.until or date.max) and part.low <= pmid <= part.high


@given(records=records, lane=st.sampled_from([Lane.NEW, Lane.REVISED]), same_day=st.booleans())
def test_slices_always_tile_and_always_end(
    records: list[tuple[date, int]], lane: Lane, *, same_day: bool
) -> None:
    """Every record falls into exactly one slice, even if a whole bulk has one date."""
    if same_day:
        records = [(date(2026, 11, 3), pmid) for _, pmid in records]
    window = Window(plan.FIELD[lane], date(1999, 1, 1), None)
    parts, leaves = [plan.whole(Ask("T", lane, "x", window))], []
    while parts:
        part = parts.pop()
        if sum(holds(part, *record) for record in records) <= 3:
            leaves.append(part)
            continue
        halves = plan.halves(part, TODAY)
        assert halves is not None
        parts += halves
    assert all(sum(holds(part, *record) for part in leaves) == 1 for record in records)


def test_a_single_pmid_cannot_be_split() -> None:
    assert plan.halves(Slice(TODAY, TODAY, 7, 7), TODAY) is None


@given(pauses=st.lists(st.integers(1, 24 * 60), min_size=1, max_size=30))
def test_windows_of_successful_harvests_always_join(pauses: list[int]) -> None:
    """However long the pauses (hours) between them, no settled day is left out."""
    now, marks = NOON, tuple[Watermark, ...]()
    read = []
    for pause in pauses:
        planned = plan.asks([MESH], now=now, watermarks=marks, first_days=30)
        read += [(a.topic, a.lane, a.window.since, a.window.until, now) for a in planned if a.window]
        marks = tuple(Watermark(a.topic, a.lane, settled(now)) for a in planned)
        now += timedelta(hours=pause)
    assert all(not lane.gaps for lane in coverage(read, FAR))
    assert len(coverage(read, FAR)) == 3


@pytest.mark.parametrize(
    "translation",
    [
        '("imatinib"[Title/Abstract]) AND 2026/11/09:3000/12/31[Date - Create]',
        '("imatinib"[Title/Abstract]) AND 2026/11/16:3000[Date - Create]',
        '("imatinib"[Title/Abstract]) AND ("2026/11/09"[Date - MeSH] : "3000"[Date - MeSH])',
        '("imatinib"[Title/Abstract]) AND 2026/11/09:3000/12/31[Date - Modification] AND 1:5000[UID]',
    ],
)
def test_dates_and_slices_are_no_change_of_a_translation(translation: str) -> None:
    assert plan.undated(translation) == '("imatinib"[Title/Abstract])'


def test_a_publication_date_of_the_term_itself_stays() -> None:
    own = '"imatinib"[Title/Abstract] AND 2020/01/01:2026/12/31[Date - Publication]'
    assert plan.undated(own + " AND 2026/11/09:3000/12/31[Date - Create]") == own
