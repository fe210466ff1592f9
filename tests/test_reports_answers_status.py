"""`status` names what a person must look at, and nothing else."""

from datetime import UTC, date, datetime, timedelta

from queries.records.harvest import Lane, Watermark
from queries.records.library import Coverage, Pending, Run, Span
from queries.records.outbox import Delivery, DeliveryState
from queries.watch.file import Watch
from reports.answers.precision import Judged
from reports.answers.status import Status, judge, lines
from reports.answers.status_json import as_json

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
WATCH = Watch.model_validate(
    {
        "name": "cml",
        "title": "CML",
        "seed": {"pmid": 1, "keywords": ["niche"]},
        "topics": [{"name": "Stem cells", "short": "LSC", "term": "stem[tiab]"}],
        "schedule": {"timezone": "Europe/Oslo", "harvest": "0 6 * * *", "digest": "0 7 * * MON"},
        "recipients": [{"name": "group", "url": "$MAIL"}],
    }
)
HARVEST = Run("harvest", datetime(2026, 11, 25, 5, tzinfo=UTC), datetime(2026, 11, 25, 5, 1, tzinfo=UTC), ())
DIGEST = Run("digest", datetime(2026, 11, 23, 6, tzinfo=UTC), datetime(2026, 11, 23, 6, 1, tzinfo=UTC), ())
WHOLE = Coverage("LSC", Lane.NEW, (Span(date(2026, 9, 1), date(2026, 11, 23)),), ())


def standing(
    runs: tuple[Run, ...] = (HARVEST, DIGEST),
    coverage: tuple[Coverage, ...] = (WHOLE,),
    pending: tuple[Pending, ...] = (),
    deliveries: tuple[Delivery, ...] = (),
    watermarks: tuple[Watermark, ...] = (),
    now: datetime = NOW,
) -> Status:
    """The status of a watch in which all is well but for what is given."""
    return judge(
        WATCH,
        now,
        runs=runs,
        coverage=coverage,
        pending=pending,
        deliveries=deliveries,
        watermarks=watermarks,
        judged=(),
    )


def test_all_is_well() -> None:
    assert standing().alarms == ()
    assert lines(standing()) == [
        "cml: last good harvest 2026-11-25 05:00, digest 2026-11-23 06:00 (UTC)",
        "  read: 1 Sep – 23 Nov 2026, without a gap",
        "  pending: nothing; owed: nothing",
    ]


def test_lanes_are_named_only_where_their_days_are_others() -> None:
    days = Span(date(2026, 9, 1), date(2026, 11, 23))
    swept = Span(date(2024, 9, 1), date(2026, 11, 1))
    late = Span(date(2026, 10, 1), date(2026, 11, 23))
    every = [Coverage("LSC", lane, (days,), ()) for lane in (Lane.NEW, Lane.INDEXED, Lane.REVISED)]
    every += [Coverage("LSC", Lane.SWEEP, (swept,), ()), Coverage("TKI", Lane.SWEEP, (swept,), ())]
    every += [Coverage("TKI", Lane.NEW, (late,), ())]
    assert lines(standing(coverage=tuple(every)))[1] == (
        "  read: 1 Sep – 23 Nov 2026, without a gap; "
        "sweep 1 Sep 2024 – 1 Nov 2026; TKI new 1 Oct – 23 Nov 2026"
    )
    assert lines(standing(coverage=()))[1] == "  read: nothing yet"


def test_of_a_message_in_parts_the_first_that_is_stuck_is_the_alarm() -> None:
    """The others wait for it, and go by themselves once it has gone."""
    parts = [parcel(DeliveryState.FAILED)._replace(part=2, parts=3, due=None)]
    parts.append(parcel(DeliveryState.PLANNED, NOW - timedelta(days=1))._replace(part=3, parts=3))
    (alarm,) = standing(deliveries=tuple(parts)).alarms
    assert "part 2 of 3" in alarm
    assert "`seedwatch outbox send cml 3 group`" in alarm


def test_what_is_overdue_names_what_sends_it() -> None:
    """As after a night in which nothing ran."""
    (alarm,) = standing(deliveries=(parcel(DeliveryState.PLANNED, NOW - timedelta(days=1)),)).alarms
    assert alarm.endswith("`seedwatch deliver cml` tries it now")
    assert standing(deliveries=(parcel(DeliveryState.PLANNED, NOW - timedelta(hours=1)),)).alarms == ()


def test_the_last_run_that_was_in_trouble_is_shown_beside_the_last_good_one() -> None:
    """Until the next good one: the newest run counts, whatever its clock said."""
    again = HARVEST.started - timedelta(minutes=30), HARVEST.started - timedelta(minutes=29)
    failed = Run("harvest", *again, ("PubMed did not answer",))
    partly = Run("digest", NOW - timedelta(hours=2), NOW - timedelta(hours=2), ("a topic was not read",))
    never = Run("sweep", NOW - timedelta(hours=1), NOW - timedelta(hours=1), ("PubMed did not answer",))
    stands = standing(runs=(HARVEST, DIGEST, failed, partly, never))
    assert lines(stands)[0] == (
        "cml: last good harvest 2026-11-25 05:00 (in trouble 2026-11-25 04:30), "
        "digest 2026-11-23 06:00 (in trouble 2026-11-25 10:00), "
        "sweep never (in trouble 2026-11-25 11:00) (UTC)"
    )
    assert '"troubled": {' in as_json([stands])
    assert standing(runs=(failed, partly, HARVEST, DIGEST)).troubled == {}


def test_with_all_that_may_be_said_it_is_five_lines() -> None:
    judged = tuple(Judged(number, 5, 6) for number in range(1, 30))
    full = judge(
        WATCH,
        NOW,
        runs=(HARVEST, DIGEST),
        coverage=(WHOLE,),
        pending=(),
        deliveries=(),
        watermarks=(),
        judged=judged,
        conflicts=("10.1/a is of two works", "10.1/b is of two works", "10.1/c is of two works"),
    )
    assert full.alarms == ()
    report = lines(full)
    assert len(report) == 5
    assert report[4] == "  conflict: 10.1/a is of two works (and 2 more: --json)"


def test_a_topic_that_the_watch_asks_no_more_raises_no_alarm() -> None:
    spans = Span(date(2026, 9, 1), date(2026, 9, 30)), Span(date(2026, 10, 3), date(2026, 11, 23))
    gap = Coverage("OLD", Lane.NEW, spans, (Span(date(2026, 10, 1), date(2026, 10, 2)),))
    assert standing(coverage=(WHOLE, gap)).alarms == ()


def test_a_harvest_that_did_not_run_is_late_after_its_grace() -> None:
    tomorrow = datetime(2026, 11, 26, 5, 30, tzinfo=UTC)
    assert standing(now=tomorrow).alarms == ()
    (alarm,) = standing(now=tomorrow + timedelta(hours=3)).alarms
    assert alarm.startswith("harvest was due 2026-11-26 06:00")


def test_a_degraded_run_is_no_success_and_says_why() -> None:
    alarms = standing(runs=(replace_trouble(HARVEST, "TKI new: no answer"), DIGEST)).alarms
    assert any("has not run well since" in alarm for alarm in alarms)
    assert any("TKI new: no answer" in alarm for alarm in alarms)


def test_nothing_ever_ran() -> None:
    assert len(standing(runs=(), coverage=()).alarms) == 2


def test_a_gap_is_named() -> None:
    spans = Span(date(2026, 9, 1), date(2026, 9, 30)), Span(date(2026, 10, 3), date(2026, 11, 23))
    gap = Coverage("LSC", Lane.NEW, spans, (Span(date(2026, 10, 1), date(2026, 10, 2)),))
    assert standing(coverage=(gap,)).alarms == (
        (
            "LSC new has not been read for 1 – 2 Oct 2026: "
            "`seedwatch harvest cml --since 2026-10-01 --until 2026-10-02` reads it"
        ),
    )


def test_pending_alarms_after_a_week() -> None:
    young = Pending(7, NOW - timedelta(days=6), NOW, 6, "not returned")
    assert standing(pending=(young,)).alarms == ()
    (alarm,) = standing(pending=(young._replace(first_asked=NOW - timedelta(days=8)),)).alarms
    assert alarm.startswith("PMID 7 has been pending since 17 Nov 2026")
    assert "`seedwatch dismiss cml 7` ends the alarm" in alarm
    ended = young._replace(first_asked=NOW - timedelta(days=8), dismissed=NOW)
    assert standing(pending=(ended,)).alarms == ()
    assert standing(pending=(young._replace(first_asked=NOW + timedelta(days=800)),)).alarms, (
        "a wrong clock's"
    )


def parcel(state: DeliveryState, due: datetime | None = None) -> Delivery:
    """A parcel of digest 3 that stands so."""
    return Delivery(3, "group", "a@example.org", 1, 1, state, 2, NOW, due, "<id>", "550 no such user")


def test_what_arrived_or_was_ended_and_what_is_tried_by_itself_is_no_alarm() -> None:
    soon = NOW + timedelta(minutes=5)
    for each in (
        parcel(DeliveryState.SENT),
        parcel(DeliveryState.WAIVED),
        parcel(DeliveryState.FAILED, soon),
        parcel(DeliveryState.PLANNED, NOW),
    ):
        assert standing(deliveries=(each,)).alarms == ()


def test_a_doubt_and_what_was_dismissed_or_left_lying_need_a_person_who_is_told_what_to_do() -> None:
    doubt = standing(deliveries=(parcel(DeliveryState.UNKNOWN),)).alarms
    assert doubt[0].startswith("Nobody knows whether digest 3 reached group (a@example.org)")
    assert "seedwatch outbox waive cml 3 group" in doubt[0]
    dismissed = standing(deliveries=(parcel(DeliveryState.FAILED),)).alarms
    assert "given up after 2 tries" in dismissed[0]
    assert "seedwatch outbox send cml 3 group" in dismissed[0]
    assert standing(deliveries=(parcel(DeliveryState.FAILED, NOW - timedelta(days=1)),)).alarms


def test_what_a_wrong_clock_dated_in_the_future_proves_nothing_and_is_named() -> None:
    ahead = datetime(2036, 1, 1, tzinfo=UTC)
    (late,) = standing(runs=(HARVEST, Run("digest", ahead, ahead, ()))).alarms
    assert late.startswith("digest was due")
    (mark,) = standing(watermarks=(Watermark("LSC", Lane.NEW, date(2035, 12, 31)),)).alarms
    assert "yet to come" in mark
    assert "seedwatch harvest cml" in mark


def replace_trouble(run: Run, trouble: str) -> Run:
    """The run, degraded."""
    return run._replace(trouble=(trouble,))
