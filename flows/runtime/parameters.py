"""What a person may give a flow by hand: Prefect's form and API refuse anything else before a run begins."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from pydantic import WithJsonSchema

from flows.runtime import resources
from flows.runtime.settings import Settings
from queries.calendar import eastern_day
from queries.errors import InputError
from queries.pubmed.eutils import clock

# a pattern beside the format, as Prefect's validation takes a format for a comment
Day = Annotated[date, WithJsonSchema({"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"})]
Moment = Annotated[
    datetime,
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d"}),
]


OLDEST = 1700
AHEAD = timedelta(days=1)  # so much may the moment of a run lie ahead


def check_moment(setting: Settings, now: datetime) -> None:
    """Refuse to run as of a moment that is yet to come, unless a mirror's own clock has reached it.

    Raises InputError; PubMedError if a mirror has to be asked and cannot be.
    """
    if now <= datetime.now(UTC) + AHEAD:
        return
    problem = "is yet to come"
    if not setting.at_ncbi:
        with resources.pubmed(setting) as wire:
            reached = clock(wire)
        if reached and now <= reached + AHEAD:
            return
        problem += f", by the mirror's clock, too ({reached:%Y-%m-%dT%H:%M})" if reached else ""
    raise InputError(f"--now {now:%Y-%m-%dT%H:%M}", problem, "Leave it out, or name a moment that has passed")


def check_window(since: date | None, until: date | None, now: datetime) -> None:
    """Refuse an own window in which there can be nothing. Raises InputError."""
    today = eastern_day(now)
    if since and since.year < OLDEST:
        raise InputError(f"--since {since}", "is before all that PubMed has", f"Name a day from {OLDEST} on")
    if since and since > min(until or today, today):
        end = f"--until {until}" if until and until <= today else f"today, {today} at PubMed"
        raise InputError(f"--since {since}", f"is after {end}", "Name the first day, then the last")


def as_of(now: datetime | None) -> datetime:
    """The moment that a flow runs as of, in UTC: the clock's, or `now` (UTC unless it says its zone)."""
    moment = now or datetime.now(UTC)
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
