"""What a watch's schedule asks for and the library does not have yet. Pure."""

from datetime import datetime, timedelta
from typing import NamedTuple

from queries.records.library import LastRuns
from queries.watch.file import Watch

EARLY = timedelta(minutes=1)  # Prefect may start a run a little before its time, and clocks differ by seconds
PAUSE = timedelta(hours=1)  # after a try that failed
FIRST = timedelta(hours=1)  # so long a run on schedule may wait for its turn


class Due(NamedTuple):
    """A flow of a watch that was to start at `slot`, and has not done its work since."""

    watch: str
    flow: str
    slot: datetime


def due(watch: Watch, last: LastRuns | None, written: datetime, now: datetime) -> Due | None:
    """The next flow that the watch needs, if any: a digest does the harvest of its time itself.

    Times of the schedule count from when the watch first ran; where nothing of that is left but the attempt,
    or it never ran, from when it was `written`. What failed waits an hour.
    """
    since = _since(last, written)
    slots = {
        flow: watch.schedule.last_time(cron, now)
        for flow, cron in (
            ("digest", watch.schedule.digest),
            ("harvest", watch.schedule.harvest),
            ("sweep", watch.schedule.sweep),
        )
    }
    last = last or LastRuns(watch.name, written)
    done = {"digest": last.digested, "harvest": last.harvested, "sweep": last.swept}
    tried = {"digest": last.digest_tried, "harvest": last.harvest_tried, "sweep": last.sweep_tried}
    for flow, slot in slots.items():
        if slot < since or serves(done[flow], slot):
            continue
        again = tried[flow]
        if again and serves(again, slot) and now - again < PAUSE:
            continue
        return Due(watch.name, flow, slot)
    return Due(watch.name, "deliver", now) if last.owes else None


def _since(last: LastRuns | None, written: datetime) -> datetime:
    if last is None:
        return written
    if last.harvest_tried or last.digested or last.digest_tried:
        return last.first - FIRST  # that of its first run, which may have begun late
    return min(last.first, written)  # its first run was killed


def serves(began: datetime | None, slot: datetime) -> bool:
    """Whether a run that began then is the one of this time of the schedule, or a later one."""
    return began is not None and began + EARLY >= slot
