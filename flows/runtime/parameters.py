"""What a person may ask of a flow: one model for the command line, Prefect's form and its API.

Whatever it does not take is refused before a run exists.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from flows.runtime import resources
from flows.runtime.settings import Settings
from queries.calendar import eastern_day
from queries.errors import InputError
from queries.pubmed.eutils import clock

# a pattern beside the format, as Prefect takes a format for a comment; a `$` alone lets a line end pass
_DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$(?!\n)"
_MOMENT = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]([01]\d|2[0-3]):[0-5]\d"
Day = Annotated[date, WithJsonSchema({"type": "string", "format": "date", "pattern": _DAY})]
Moment = Annotated[datetime, WithJsonSchema({"type": "string", "format": "date-time", "pattern": _MOMENT})]


OLDEST = 1700
AHEAD = timedelta(days=1)  # so much may the moment of a run lie ahead


class FlowParameters(BaseModel):
    """What every flow takes: `sweep` and `deliver` take no more."""

    model_config = ConfigDict(extra="forbid")

    watch: str = Field(title="Watch", description="Its file's name without .toml.", pattern=r"^[a-z0-9-]+$")
    now: Moment | None = Field(
        default=None, title="As of", description="Run as of this moment (UTC unless it says its zone)."
    )


class HarvestParameters(FlowParameters):
    """What `harvest` takes."""

    since: Day | None = Field(
        default=None,
        title="First day",
        description="Of an own window (backfill), as YYYY-MM-DD; it moves no watermark.",
    )
    until: Day | None = Field(default=None, title="Last day", description="Of an own window, as YYYY-MM-DD.")


class DigestParameters(FlowParameters):
    """What `digest` takes."""

    anyway: bool = Field(
        default=False, title="Anyway", description="Send although there is more, or less, than [expect] says."
    )
    again: bool = Field(
        default=False,
        title="Again",
        description="Make a digest although there is nothing new since the last.",
    )
    preview: bool = Field(
        default=False,
        title="Preview only",
        description="Work on a copy, send nothing, record nothing: the digest is among this run's artifacts, "
        "and in the folder previews of SEEDWATCH_HOME.",
    )


class RunParameters(HarvestParameters, DigestParameters):
    """What `run` takes."""


MODELS: dict[str, type[FlowParameters]] = {
    "harvest": HarvestParameters,
    "digest": DigestParameters,
    "run": RunParameters,
    "sweep": FlowParameters,
    "deliver": FlowParameters,
}
ORDER = ("watch", "since", "until", "preview", "anyway", "again", "now")


def schema(flow: str, watches: Sequence[str]) -> dict[str, Any]:
    """The JSON schema that Prefect's form shows and its API enforces, with the watches as choices."""
    made = MODELS[flow].model_json_schema()
    properties = {name: made["properties"][name] for name in ORDER if name in made["properties"]}
    for position, each in enumerate(properties.values()):
        each["position"] = position
    properties["watch"]["enum"] = list(watches)
    return {
        "title": "Parameters",
        "type": "object",
        "properties": properties,
        "required": made["required"],
        "definitions": {},
        "additionalProperties": False,
    }


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
