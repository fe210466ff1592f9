"""What the schedule wants and the library does not have yet."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.runtime.due import EARLY, PAUSE, Due, due
from queries.records.library import LastRuns
from queries.watch.file import Watch

WATCH = Watch.model_validate(
    {
        "name": "cml",
        "title": "CML",
        "seed": {"pmid": 1, "keywords": ["niche"]},
        "topics": [{"name": "Stem cells", "short": "LSC", "term": "stem[tiab]"}],
        "schedule": {"timezone": "Europe/Oslo"},
        "recipients": [{"name": "group", "url": "$MAIL"}],
    }
)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)  # 7:00 in Oslo
TODAY = datetime(2026, 11, 25, 5, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
ALL_DONE = LastRuns("cml", LONG_AGO, TODAY, TODAY, MONDAY, MONDAY, NOW, NOW)


def test_a_watch_that_did_all_its_schedule_wants_is_left_alone_until_something_is_to_be_sent() -> None:
    assert due(WATCH, ALL_DONE, LONG_AGO, NOW) is None
    owing = due(WATCH, ALL_DONE._replace(owes=True), LONG_AGO, NOW)
    assert owing == Due("cml", "deliver", NOW)


@pytest.mark.parametrize(
    ("lacks", "flow", "slot"),
    [
        ({"digested": MONDAY - timedelta(days=7)}, "digest", MONDAY),
        ({"harvested": TODAY - timedelta(days=1), "harvest_tried": None}, "harvest", TODAY),
        ({"swept": None, "sweep_tried": None}, "sweep", datetime(2026, 11, 1, 4, tzinfo=UTC)),
        ({"digested": None, "harvested": None, "harvest_tried": None}, "digest", MONDAY),
    ],
)
def test_what_was_missed_is_due_and_a_digest_first_as_it_does_its_harvest(
    lacks: dict[str, datetime | None], flow: str, slot: datetime
) -> None:
    late = ALL_DONE._replace(digest_tried=None, **lacks)  # type: ignore[arg-type]
    assert due(WATCH, late, LONG_AGO, NOW) == Due("cml", flow, slot)


def test_what_failed_waits_an_hour() -> None:
    failed = ALL_DONE._replace(harvested=None, harvest_tried=NOW - PAUSE / 2)
    assert due(WATCH, failed, LONG_AGO, NOW) is None
    assert due(WATCH, failed, LONG_AGO, NOW + PAUSE) == Due("cml", "harvest", TODAY)


def test_a_new_watch_waits_for_its_first_time_and_one_that_missed_it_does_not() -> None:
    assert due(WATCH, None, NOW - timedelta(hours=1), NOW) is None
    assert due(WATCH, None, TODAY - timedelta(hours=1), NOW) == Due("cml", "harvest", TODAY)
    assert due(WATCH, None, MONDAY - timedelta(hours=1), NOW) == Due("cml", "digest", MONDAY)


def test_a_watch_whose_first_run_was_killed_gets_its_run_all_the_same() -> None:
    killed = LastRuns("cml", MONDAY + timedelta(seconds=5))
    assert due(WATCH, killed, MONDAY - timedelta(hours=1), NOW) == Due("cml", "digest", MONDAY)
    died_in_its_digest = killed._replace(harvested=TODAY, harvest_tried=TODAY)
    assert due(WATCH, died_in_its_digest, LONG_AGO, NOW) == Due("cml", "digest", MONDAY)
    began_by_hand_since = LastRuns("cml", NOW - timedelta(hours=3), NOW - timedelta(hours=3), NOW)
    assert due(WATCH, began_by_hand_since, LONG_AGO, NOW) is None


def test_a_run_that_began_a_little_early_is_that_of_its_time() -> None:
    early = ALL_DONE._replace(digested=MONDAY - EARLY)
    assert due(WATCH, early, LONG_AGO, NOW) is None


@given(st.datetimes(datetime(2026, 1, 2), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_ran_now_is_never_due_again_now(now: datetime) -> None:
    assert due(WATCH, LastRuns("cml", LONG_AGO, now, now, now, now, now, now), LONG_AGO, now) is None
