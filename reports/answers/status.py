"""Whether a watch does what it promises: what ran, what was read without a gap, what is owed. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cronsim import CronSim

from queries.calendar import eastern_day
from queries.records.harvest import Lane, Watermark
from queries.records.library import Coverage, KnownWatch, Pending, Run, Span
from queries.records.outbox import Delivery, DeliveryState
from queries.watch.file import Watch
from queries.watch.schedule import Schedule
from reports.answers import precision
from reports.answers.outbox import open_deliveries, sentence
from reports.answers.precision import Judged
from reports.digest.wording import day, period

ALERT = "alert"  # stands among the flows for what the operator was told
GRACE = timedelta(hours=3)  # a run on schedule, its retries included, has ended by then
ALARM = timedelta(days=7)  # PubMed may hold back a record that it counts for so long
JUDGED = 5  # digests that are shown with what readers said of them
SCHEDULED, GONE, UNUSED, RETIRED = "scheduled", "gone", "unused", "retired"  # how a watch stands
BROKEN = "broken"  # its file has a mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a watch stands. `alarms` are what a person must look at; none means all is well.

    `last` is when each flow last ran well, `troubled` when the newest run was not well.
    `conflicts` are ids that cannot all be right; seedwatch shows them and guesses nothing. `standing` is
    "scheduled", "gone" (its file is not there), "unused" (shipped, and the user has watches of his own) or
    "retired", or "broken": its file has a mistake. `overdue` are those of the alarms that say that a flow did
    not run when it was due. `unsubscribed` are addresses that want no more, and since when.
    """

    watch: str
    last: dict[str, datetime | None]
    troubled: dict[str, datetime]
    coverage: tuple[Coverage, ...]
    pending: tuple[Pending, ...]
    owed: tuple[Delivery, ...]
    judged: tuple[Judged, ...]
    conflicts: tuple[str, ...]
    alarms: tuple[str, ...]
    overdue: tuple[str, ...] = ()
    standing: str = SCHEDULED
    unsubscribed: dict[str, datetime] = field(default_factory=dict)


def judge(  # noqa: PLR0913 - each is one answer of the library
    watch: Watch,
    now: datetime,
    *,
    runs: Sequence[Run],
    coverage: Sequence[Coverage],
    pending: Sequence[Pending],
    deliveries: Sequence[Delivery],
    watermarks: Sequence[Watermark],
    judged: Sequence[Judged],
    conflicts: Sequence[str] = (),
    unsubscribed: Mapping[str, datetime] | None = None,
) -> Status:
    """Compare what happened with the schedule and the promise; `now` is aware."""
    flows = {"harvest": watch.schedule.harvest, "digest": watch.schedule.digest}
    if any(run.flow == "sweep" for run in runs):
        flows["sweep"] = watch.schedule.sweep
    runs = [run for run in runs if run.started <= now]  # a wrong clock's run, from the future, proves nothing
    last = {flow: _success(flow, runs) for flow in flows}
    owed = open_deliveries(deliveries)
    asked = [lane for lane in coverage if lane.topic in {topic.short for topic in watch.topics}]
    overdue = [late for flow, cron in flows.items() if (late := _late(watch, flow, cron, last[flow], now))]
    alarms = [
        *overdue,
        *(_failed(watch, flow, runs) for flow in (*flows, ALERT)),
        *(_gap(watch, lane, runs) for lane in asked if lane.gaps and lane.lane is not Lane.SWEEP),
        *(
            f"{mark.topic} {mark.lane} is marked as read up to {day(mark.until)}, which is yet to come, as a "
            f"clock was wrong: `seedwatch harvest {watch.name}` reads again from the last day that is proven"
            for mark in watermarks
            if mark.until > eastern_day(now)
        ),
        *(
            f"PMID {waiting.pmid} has been pending since {day(waiting.first_asked.date())}: {waiting.reason}"
            f". Each harvest asks for it; `seedwatch dismiss {watch.name} {waiting.pmid}` ends the alarm"
            for waiting in pending
            if not timedelta(0) <= now - waiting.first_asked <= ALARM and not waiting.dismissed
        ),
        *(_owed(watch, delivery) for delivery in owed if _needs_a_person(delivery, owed, now)),
    ]
    return Status(
        watch=watch.name,
        last=last,
        troubled={run.flow: run.started for run in _newest(runs, flows) if run.trouble},
        coverage=tuple(coverage),
        pending=tuple(pending),
        owed=owed,
        judged=tuple(judged),
        conflicts=tuple(conflicts),
        alarms=tuple(alarm for alarm in alarms if alarm),
        overdue=tuple(overdue),
        unsubscribed=dict(unsubscribed or {}),
    )


def lines(status: Status) -> list[str]:
    """The status as a person reads it: at most six lines, and one for each alarm."""
    if status.standing == RETIRED:
        owed = _deliveries(status.owed)
        ends = f"each ends with `seedwatch outbox waive {status.watch} NUMBER RECIPIENT`"
        return [f"{status.watch}: retired, and still owes {owed}; {ends}"] if status.owed else []
    alarms = [f"  ALARM {alarm}" for alarm in status.alarms]
    if status.standing != SCHEDULED:
        return [status.watch, *alarms]
    last = ", ".join(
        (f"{flow} {moment:%Y-%m-%d %H:%M}" if moment else f"{flow} never")
        + (f" (in trouble {status.troubled[flow]:%Y-%m-%d %H:%M})" if flow in status.troubled else "")
        for flow, moment in status.last.items()
    )
    pending = ", ".join(str(waiting.pmid) for waiting in status.pending)
    report = [f"{status.watch}: last good {last} (UTC)", f"  read: {_days_read(status.coverage)}"]
    report.append(f"  pending: {pending or 'nothing'}; owed: {_deliveries(status.owed) or 'nothing'}")
    if judged := [f"digest {each.number} {precision.words(each)}" for each in status.judged[-JUDGED:]]:
        report.append(f"  readers: {'; '.join(judged)}")
    if status.unsubscribed:
        who = ", ".join(
            f"{address} since {day(since.date())}" for address, since in status.unsubscribed.items()
        )
        report.append(f"  unsubscribed, and never written to: {who}")
    if status.conflicts:
        more = f" (and {len(status.conflicts) - 1} more: --json)" if len(status.conflicts) > 1 else ""
        report.append(f"  conflict: {status.conflicts[0]}{more}")
    return report + alarms


def broken(name: str, mistake: str) -> Status:
    """How a watch stands whose file has a mistake, which says file, key and remedy."""
    return _without_schedule(name, BROKEN, mistake)


def _without_schedule(name: str, standing: str, alarm: str, owed: Sequence[Delivery] = ()) -> Status:
    return Status(
        watch=name,
        last={},
        troubled={},
        coverage=(),
        pending=(),
        owed=tuple(owed),
        judged=(),
        conflicts=(),
        alarms=(alarm,) if alarm else (),
        standing=standing,
    )


def absent(
    known: KnownWatch, standing: str, deliveries: Sequence[Delivery], *, file: str = "", heir: str = ""
) -> Status:
    """How a watch stands that ran and is not scheduled: GONE, UNUSED or RETIRED.

    `file` is the shipped one's; `heir` is a watch with the same seed that is unknown yet.
    """
    owed = open_deliveries(deliveries)
    debt = f" and still owes {_deliveries(owed)}" if owed else ""
    retire = f"`seedwatch retire {known.name}` ends it"
    name = heir or "NEW"
    alarm = {
        GONE: (
            f"{known.name}.toml is gone{debt}: put it back, or `seedwatch rename {known.name} {name}` if "
            f"{heir or 'another'} is its new name; {retire}"
        ),
        UNUSED: (
            f"{known.name} ran before{debt}, and is not scheduled now that you have watches of your own: "
            f"copy {file} into your folder to go on; {retire}"
        ),
    }.get(standing, "")
    return _without_schedule(known.name, standing, alarm, owed)


def _deliveries(owed: Sequence[Delivery]) -> str:
    """Which digest is owed to whom, each once."""
    return ", ".join(dict.fromkeys(f"{each.number} to {each.recipient}" for each in owed))


def _days_read(lanes: Sequence[Coverage]) -> str:
    """The days that most lanes have read; lanes by name only where theirs are others, or have gaps."""
    topics: dict[Span, dict[Lane, list[str]]] = {}
    read = [lane for lane in lanes if lane.spans]
    for lane in read:
        days = Span(lane.spans[0].since, lane.spans[-1].until)
        topics.setdefault(days, {}).setdefault(lane.lane, []).append(lane.topic)
    if not topics:
        return "nothing yet"
    first, *others = sorted(topics, key=lambda days: -sum(map(len, topics[days].values())))
    of_lane = Counter(lane.lane for lane in read)

    def named(days: Span) -> str:
        return ", ".join(
            f"{lane}" if len(names) == of_lane[lane] else f"{'/'.join(names)} {lane}"
            for lane, names in topics[days].items()
        )

    gaps = "; ".join(
        f"{lane.topic} {lane.lane} {', '.join(period(gap.since, gap.until) for gap in lane.gaps)}"
        for lane in read
        if lane.gaps
    )
    parts = [f"{period(*first)}, {'gaps: ' + gaps if gaps else 'without a gap'}"]
    return "; ".join([*parts, *(f"{named(days)} {period(*days)}" for days in others)])


def due(cron: str, schedule: Schedule, now: datetime) -> datetime:
    """The last moment before `now`, less a grace, at which a flow was to start."""
    return next(CronSim(cron, (now - GRACE).astimezone(schedule.zone), reverse=True))


def _success(flow: str, runs: Sequence[Run]) -> datetime | None:
    """When a flow last ran without trouble; a degraded run is none."""
    return max((run.started for run in runs if run.flow == flow and not run.trouble), default=None)


def _late(watch: Watch, flow: str, cron: str, last: datetime | None, now: datetime) -> str:
    expected = due(cron, watch.schedule, now)
    if last and last >= expected:
        return ""
    return (
        f"{flow} was due {expected:%Y-%m-%d %H:%M %Z} and has not run well since: is `seedwatch serve` up? "
        f"`seedwatch {flow} {watch.name}` runs it now"
    )


def _failed(watch: Watch, flow: str, runs: Sequence[Run]) -> str:
    """The newest run's own words, if it was in trouble."""
    newest = next(_newest(runs, [flow]), None)
    if not newest or not newest.trouble:
        return ""
    command = f"check {watch.name} --send" if flow == ALERT else f"{flow} {watch.name}"
    return f"{flow}: {newest.trouble[0].rstrip('.')}. Then `seedwatch {command}` tries again"


def _newest(runs: Sequence[Run], flows: Iterable[str]) -> Iterator[Run]:
    """The newest run of each of the flows: by order, not by any clock."""
    latest = {run.flow: run for run in runs}
    yield from (latest[flow] for flow in flows if flow in latest)


def _gap(watch: Watch, lane: Coverage, runs: Sequence[Run]) -> str:
    """The days that a lane has not read, "" if something else has.

    What was revised long ago cannot be asked for by its day any more: a sweep reads all of it again.
    """
    gaps = ", ".join(period(gap.since, gap.until) for gap in lane.gaps)
    first, last = lane.gaps[0].since, lane.gaps[-1].until
    command = f"harvest {watch.name} --since {first} --until {last}"
    if lane.lane is Lane.REVISED:
        swept = _success("sweep", runs)
        if swept and eastern_day(swept) > last:
            return ""
        command = f"sweep {watch.name}"
    return f"{lane.topic} {lane.lane} has not been read for {gaps}: `seedwatch {command}` reads it"


def _needs_a_person(delivery: Delivery, owed: Sequence[Delivery], now: datetime) -> bool:
    """Whether a parcel waits for more than its own next try, or for the part before it."""
    behind = any(
        each[:3] == delivery[:3] and each.part < delivery.part and each.state is not DeliveryState.UNKNOWN
        for each in owed
    )
    return not behind and (delivery.due is None or delivery.due < now - GRACE)


def _owed(watch: Watch, delivery: Delivery) -> str:
    """Where it stands, and what is to be done; of what is overdue nobody has run what sends it."""
    left = delivery.recipient not in {recipient.name for recipient in watch.recipients}
    words = sentence(watch.name, delivery, left=left)
    return f"{words}. `seedwatch deliver {watch.name}` tries it now" if delivery.due else words
