"""Whether a watch does what it promises: what ran, what was read without a gap, what is owed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cronsim import CronSim
from pydantic import TypeAdapter

from queries.calendar import eastern_day
from queries.records.harvest import Watermark
from queries.records.library import Coverage, Pending, Run
from queries.records.outbox import Delivery
from queries.watch.file import Schedule, Watch
from reports.answers import precision
from reports.answers.outbox import open_deliveries, sentence
from reports.answers.precision import Judged
from reports.digest.wording import day, period

ALERT = "alert"  # stands among the flows for what the operator was told
GRACE = timedelta(hours=3)  # a run on schedule, its retries included, has ended by then
ALARM = timedelta(days=7)  # PubMed may hold back a record that it counts for so long
JUDGED = 5  # digests that are shown with what readers said of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a watch stands. `alarms` are what a person must look at; none means all is well.

    `conflicts` are ids that cannot all be right; seedwatch shows them and guesses nothing.
    """

    watch: str
    last: dict[str, datetime | None]
    coverage: tuple[Coverage, ...]
    pending: tuple[Pending, ...]
    owed: tuple[Delivery, ...]
    judged: tuple[Judged, ...]
    conflicts: tuple[str, ...]
    alarms: tuple[str, ...]


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
) -> Status:
    """Compare what happened with the schedule and the promise; `now` is aware."""
    flows = {"harvest": watch.schedule.harvest, "digest": watch.schedule.digest}
    if any(run.flow == "sweep" for run in runs):
        flows["sweep"] = watch.schedule.sweep
    runs = [run for run in runs if run.started <= now]  # a wrong clock's run, from the future, proves nothing
    last = {flow: _success(flow, runs) for flow in flows}
    owed = open_deliveries(deliveries)
    alarms = [
        *(_late(flow, cron, last[flow], watch.schedule, now) for flow, cron in flows.items()),
        *(_failed(flow, runs) for flow in (*flows, ALERT)),
        *(_gap(watch, lane) for lane in coverage if lane.gaps),
        *(
            f"{mark.topic} {mark.lane} is marked as read up to {day(mark.until)}, which is yet to come, as a "
            f"clock was wrong: `seedwatch harvest {watch.name}` reads again from the last day that is proven"
            for mark in watermarks
            if mark.until > eastern_day(now)
        ),
        *(
            f"PMID {waiting.pmid} has been pending since {day(waiting.first_asked.date())}: {waiting.reason}"
            for waiting in pending
            if now - waiting.first_asked > ALARM
        ),
        *(sentence(watch.name, delivery) for delivery in owed if _needs_a_person(delivery, now)),
    ]
    return Status(
        watch=watch.name,
        last=last,
        coverage=tuple(coverage),
        pending=tuple(pending),
        owed=owed,
        judged=tuple(judged),
        conflicts=tuple(conflicts),
        alarms=tuple(alarm for alarm in alarms if alarm),
    )


def as_json(stands: Sequence[Status]) -> str:
    """The same for a script."""
    return TypeAdapter(list[Status]).dump_json(list(stands), indent=1).decode()


def lines(status: Status) -> list[str]:
    """The status as a person reads it."""
    report = [status.watch]
    report += [
        f"  last {flow}: {moment:%Y-%m-%d %H:%M} UTC" if moment else f"  last {flow}: never"
        for flow, moment in status.last.items()
    ]
    for lane in status.coverage:
        if lane.spans:
            whole = period(lane.spans[0].since, lane.spans[-1].until)
            gaps = ", ".join(period(gap.since, gap.until) for gap in lane.gaps)
            report.append(
                f"  {lane.topic} {lane.lane}: {whole}, {'gaps: ' + gaps if gaps else 'without a gap'}"
            )
    report.append(f"  pending: {', '.join(str(waiting.pmid) for waiting in status.pending) or 'nothing'}")
    owed = ", ".join(f"{delivery.number} to {delivery.recipient}" for delivery in status.owed)
    report.append(f"  owed: {owed or 'nothing'}")
    report += [f"  conflict: {conflict}" for conflict in status.conflicts]
    report += [f"  digest {judged.number}: {precision.words(judged)}" for judged in status.judged[-JUDGED:]]
    return [*report, *(f"  ALARM {alarm}" for alarm in status.alarms)]


def due(cron: str, schedule: Schedule, now: datetime) -> datetime:
    """The last moment before `now`, less a grace, at which a flow was to start."""
    return next(CronSim(cron, (now - GRACE).astimezone(schedule.zone), reverse=True))


def _success(flow: str, runs: Sequence[Run]) -> datetime | None:
    """When a flow last ran without trouble; a degraded run is none."""
    return max((run.started for run in runs if run.flow == flow and not run.trouble), default=None)


def _late(flow: str, cron: str, last: datetime | None, schedule: Schedule, now: datetime) -> str:
    expected = due(cron, schedule, now)
    if last and last >= expected:
        return ""
    return f"{flow} was due {expected:%Y-%m-%d %H:%M %Z} and has not run well since"


def _failed(flow: str, runs: Sequence[Run]) -> str:
    """The newest run's own words, if it was in trouble."""
    newest = max((run for run in runs if run.flow == flow), key=lambda run: run.started, default=None)
    return f"{flow}: {newest.trouble[0]}" if newest and newest.trouble else ""


def _gap(watch: Watch, lane: Coverage) -> str:
    gaps = ", ".join(period(gap.since, gap.until) for gap in lane.gaps)
    first, last = lane.gaps[0].since, lane.gaps[-1].until
    return (
        f"{lane.topic} {lane.lane} has not been read for {gaps}: "
        f"`seedwatch harvest {watch.name} --since {first} --until {last}` reads it"
    )


def _needs_a_person(delivery: Delivery, now: datetime) -> bool:
    """Whether a parcel waits for more than its own next try."""
    return delivery.due is None or delivery.due < now - GRACE
