"""The report of a watch, read from the library."""

from datetime import UTC, date, datetime, time, timedelta

from flows.archive import past_digests
from queries.library import Library
from reports.methods.record import MethodsInputs


def gather_methods(
    library: Library, watch: str, since: date | None, until: date | None, now: datetime
) -> MethodsInputs:
    """All that bears on the days (UTC) from `since` to `until`, both included; without them on all."""
    runs = library.runs(watch)
    first = since or min((run.started.date() for run in runs), default=now.date())
    start = datetime.combine(first, time(), UTC)
    end = datetime.combine((until or now.date()) + timedelta(days=1), time(), UTC)
    return MethodsInputs(
        watch=watch,
        made=now,
        since=start,
        until=end,
        digests=[digest for digest in past_digests(library, watch) if start <= digest.made < end],
        decided=library.decisions(watch, sorted(library.seen(watch))),
        searches=library.searches(watch, start, end),
        strategies=library.strategies(watch, start, end),
        runs=[run for run in runs if start <= run.started < end],
        pending=library.pending(watch) if end > now else (),
        waiting=len(library.unreported(watch)) if end > now else 0,
    )
