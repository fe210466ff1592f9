"""A watch: what is watched, how PubMed is asked, and who is told (see README, "The watch file")."""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from queries.errors import TermError, WatchError
from queries.pubmed.syntax import parse as parse_term

SHIPPED = Path(__file__).parent / "watches"
Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class Part(BaseModel):
    """A table of the file: unknown keys are mistakes, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Seed(Part):
    """The review that the watch is anchored on; its record is fetched, never retyped."""

    doi: str = ""
    pmid: int | None = Field(default=None, gt=0)
    keywords: tuple[Text, ...] = Field(min_length=1)
    more: tuple[Annotated[str, Field(pattern=r"^(\d{1,8}|10\.\d{4,9}/\S+)$")], ...] = ()

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.doi and self.pmid is None:
            msg = "needs a doi or a pmid"
            raise ValueError(msg)
        return self


class Anchor(Part):
    """What counts as a hit of a seed keyword, the keyword itself included (see queries/anchors.py).

    `traps` are phrases in which a synonym means something else; `context` is what a record must
    also say (any one of it) before an acronym alone is believed.
    """

    keyword: Text
    synonyms: tuple[Text, ...] = ()
    traps: tuple[Text, ...] = ()
    context: tuple[Text, ...] = ()


def _balanced(term: str) -> str:
    """Return the term on one line, as PubMed and the ledger show it."""
    line = " ".join(term.split())
    try:
        parse_term(line)
    except TermError as error:
        msg = f"{error.subject}: {error.problem}. {error.remedy}".rstrip(".")
        raise ValueError(msg) from error
    return line


class Topic(Part):
    """What PubMed is asked."""

    name: Text
    short: Text
    term: Annotated[str, Field(min_length=1), AfterValidator(_balanced)]


class Routes(Part):
    """Ways besides the topics; links enrich a harvest and never block it."""

    similar: bool = True
    cited_by: bool = True


def _cron(text: str) -> str:
    try:
        CronSim(text, datetime(2026, 1, 1))  # noqa: DTZ001 - only its syntax is asked
    except CronSimError as error:
        msg = f"is not a cron expression of five fields ({error})"
        raise ValueError(msg) from error
    return text


Cron = Annotated[str, AfterValidator(_cron)]


class Schedule(Part):
    """When the flows run, in the watch's own time zone."""

    timezone: str = "UTC"
    first: Annotated[str, Field(pattern=r"^\d{1,4} days?$")] = "30 days"
    harvest: Cron = "0 6 * * *"
    digest: Cron = "0 7 * * MON"
    sweep: Cron = "0 5 1 * *"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            msg = "is not an IANA time zone such as Europe/Oslo"
            raise ValueError(msg)
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the schedule and of the dates in the digest."""
        return ZoneInfo(self.timezone)

    @property
    def first_days(self) -> int:
        """How many days the very first harvest looks back."""
        return int(self.first.split()[0])


class DigestRules(Part):
    """What goes into a digest."""

    must_read: int = Field(default=5, ge=0, le=20)
    cap: int = Field(default=20, ge=1, le=200)
    threshold: Literal["auto"] | Annotated[float, Field(ge=0, le=1)] = "auto"
    empty: bool = True
    archive: str = ""
    mailbox: str = ""


class Recipient(Part):
    """Who is told, where (an apprise URL, or $NAME of one), in which form, of which topics."""

    name: Name
    url: Text
    format: Literal["html", "text", "slack", "markdown"] = "html"
    topics: tuple[Text, ...] = ()


class Expect(Part):
    """A harvest outside these bounds is stored, and a person is told before anything is sent."""

    min: int = Field(default=0, ge=0)
    max: int = Field(default=100_000, ge=1)


class Watch(Part):
    """A whole watch file; `name` is the file's own."""

    name: Name
    title: Text
    seed: Seed
    anchors: tuple[Anchor, ...] = ()
    topics: tuple[Topic, ...] = Field(min_length=1)
    routes: Routes = Routes()
    schedule: Schedule = Schedule()
    digest: DigestRules = DigestRules()
    recipients: tuple[Recipient, ...] = Field(min_length=1)
    expect: Expect = Expect()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        shorts = [topic.short for topic in self.topics]
        names = [recipient.name for recipient in self.recipients]
        for kind, values in (("topics: short", shorts), ("recipients: name", names)):
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                msg = f"{kind} {twice[0]!r} is given twice"
                raise ValueError(msg)
        for recipient in self.recipients:
            strange = sorted(set(recipient.topics) - set(shorts))
            if strange:
                have = ", ".join(shorts)
                msg = f"recipient {recipient.name!r} asks for topic {strange[0]!r}; there are {have}"
                raise ValueError(msg)
        strange = sorted({anchor.keyword for anchor in self.anchors} - set(self.seed.keywords))
        if strange:
            msg = f"anchor {strange[0]!r} is not one of seed.keywords"
            raise ValueError(msg)
        return self


def load(path: Path) -> Watch:
    """Read one watch file.

    Raises WatchError naming the file, the key and the remedy.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return Watch.model_validate({**table, "name": path.stem})
    except (OSError, UnicodeDecodeError) as error:
        raise WatchError(
            str(path), f"cannot be read ({error})", "Check the path and its permissions"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise WatchError(str(path), f"is not TOML ({error})", "Mend the line it names") from error
    except ValidationError as error:
        raise WatchError(
            str(path), _first(error), "Mend this key; README, 'The watch file', has them all"
        ) from error


def _first(error: ValidationError) -> str:
    """Say the first mistake of several as `key: what`, and how many more there are."""
    first, *others = error.errors()
    key = ".".join(str(place) for place in first["loc"] if place != "constrained-str") or "the file"
    what = {"extra_forbidden": "is not a key of a watch", "missing": "is missing"}.get(
        first["type"], first["msg"].removeprefix("Value error, ")
    )
    return f"{key}: {what}" + (f" (and {len(others)} more)" if others else "")


def watches(folders: Sequence[Path] = (SHIPPED,)) -> Iterator[Path]:
    """The watch files of these folders, by name; a later folder's file replaces an earlier's."""
    by_name = {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    yield from (by_name[name] for name in sorted(by_name))
