"""PubMed's days, and the days of a digest: its header and its proof agree, whatever the clock says."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.calendar import DAY, digest_days, eastern_day, settled, stale
from queries.ledger import coverage
from queries.pubmed import plan
from queries.records.harvest import Lane, Watermark
from queries.records.library import Span
from queries.watch.file import Topic

FAR = datetime(2100, 1, 1, tzinfo=UTC)  # whatever was read by then

TOPIC = Topic(name="Imatinib", short="IMA", term="imatinib[tiab]")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-20T03:00+00:00", date(2026, 11, 19)),  # 22:00 in New York
        ("2026-11-20T05:00+00:00", date(2026, 11, 20)),
        ("2026-07-01T03:59+00:00", date(2026, 6, 30)),  # summer: UTC-4
        ("2026-11-01T06:30+00:00", date(2026, 11, 1)),  # the night the clocks go back
        ("2026-11-20T06:00+01:00", date(2026, 11, 20)),
    ],
)
def test_pubmeds_day_is_eastern(now: str, day: date) -> None:
    assert eastern_day(datetime.fromisoformat(now)) == day


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "Pacific/Honolulu", "Europe/Oslo"])
def test_a_day_is_settled_at_noon_utc_of_the_next_wherever_the_clock_stands(zone: str) -> None:
    noon = datetime(2026, 11, 3, 12, tzinfo=UTC).astimezone(ZoneInfo(zone))
    assert settled(noon - timedelta(minutes=1)) == date(2026, 11, 1)
    assert settled(noon) == date(2026, 11, 2)


moments = st.datetimes(
    datetime(1999, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.one_of(
        st.timezones(), st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    ),
)


@given(moments)
def test_a_settled_day_has_been_over_in_bethesda_for_hours(now: datetime) -> None:
    assert eastern_day(now - timedelta(hours=7)) > settled(now)
    assert eastern_day(now) - settled(now) <= 2 * DAY


@given(
    now=moments,
    rounds=st.lists(
        st.tuples(st.integers(0, 24 * 9), st.integers(0, 24 * 9), st.booleans()), min_size=1, max_size=12
    ),
)
def test_no_digest_claims_a_day_beyond_its_proof_and_each_begins_where_the_last_one_ended(
    now: datetime, rounds: list[tuple[int, int, bool]]
) -> None:
    """Harvests that succeed or fail, each some hours after the last digest, and digests some hours later."""
    windows, marks, last = [], tuple[Watermark, ...](), None
    for before_harvest, before_digest, succeeds in rounds:
        now += timedelta(hours=before_harvest)
        if succeeds:
            planned = plan.asks([TOPIC], now=now, watermarks=marks, first_days=30)
            windows += [(a.topic, a.lane, a.window.since, a.window.until, now) for a in planned if a.window]
            marks = tuple(Watermark(a.topic, a.lane, settled(now)) for a in planned)
        now += timedelta(hours=before_digest)
        read = next((Span(*lane.spans[0]) for lane in coverage(windows, FAR) if lane.lane is Lane.NEW), None)
        since, until = digest_days(read, last, now)
        assert until <= settled(now)
        if read:
            assert until == read.until
            assert since == max(last + DAY if last else read.since, read.since)
        else:
            assert since == until + DAY  # no day at all
            assert last in {None, until}
        last = until


def test_what_was_read_days_ago_is_stale() -> None:
    now = datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert not stale(date(2026, 11, 16), now)
    assert stale(date(2026, 11, 15), now)
