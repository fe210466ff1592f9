"""A watch: what is watched, how PubMed is asked, and who is told (see README, "The watch file")."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self, get_args
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from queries.errors import TermError, WatchError
from queries.records.ids import clean_doi
from queries.terms.syntax import parse as parse_term
from queries.watch.values import Line, MailAddress, Text, WebAddress, Whole, YesNo, one_line

SHIPPED = Path(__file__).parents[1] / "watches"
SECRET = re.compile(r"\$(?:\{(\w+)\}|(\w+))")  # $NAME or ${NAME} in a recipient's URL


def _plain(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", text):
        msg = "may hold small letters, digits and hyphens only, as in cml-stem-cells"
        raise ValueError(msg)
    return text


Name = Annotated[str, AfterValidator(_plain)]


def check_plain(name: str) -> None:
    """Raise WatchError unless a watch may have this name."""
    try:
        _plain(name)
    except ValueError as error:
        raise WatchError(name, str(error), "Choose another name") from error


class WatchTable(BaseModel):
    """A table of the file: unknown keys are mistakes, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _doi(text: str) -> str:
    doi = clean_doi(text)
    if not doi:
        msg = f"{text!r} is not a DOI such as 10.1000/xyz123"
        raise ValueError(msg)
    return doi


def _pmid_or_doi(text: str) -> str:
    return text if re.fullmatch(r"[1-9]\d{0,7}", text) else _doi(text)


class Seed(WatchTable):
    """The review that the watch is anchored on; its record is fetched, never retyped."""

    doi: Annotated[str, AfterValidator(_doi)] = ""
    pmid: Whole | None = Field(default=None, gt=0, le=99_999_999)
    keywords: tuple[Text, ...] = Field(min_length=1)
    more: tuple[Annotated[str, AfterValidator(_pmid_or_doi)], ...] = ()

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.doi and self.pmid is None:
            msg = "needs a doi or a pmid"
            raise ValueError(msg)
        return self


class Anchor(WatchTable):
    """What counts as a hit of a seed keyword, the keyword itself included (see queries/text/keywords.py).

    `traps` are phrases in which a synonym means something else; `context` is what a record must
    also say (any one of it) before an acronym alone is believed.
    """

    keyword: Text
    synonyms: tuple[Text, ...] = ()
    traps: tuple[Text, ...] = ()
    context: tuple[Text, ...] = ()


@lru_cache(maxsize=256)
def _balanced(term: str) -> str:
    """Return the term on one line, as PubMed and the ledger show it."""
    line = one_line(" ".join(term.split()))
    try:
        parse_term(line)
    except TermError as error:
        msg = f"{error.subject}: {error.problem}. {error.remedy}".rstrip(".")
        raise ValueError(msg) from error
    return line


class Topic(WatchTable):
    """What PubMed is asked."""

    name: Text
    short: Text
    term: Annotated[str, Field(min_length=1), AfterValidator(_balanced)]


class QuestionRule(WatchTable):
    """A question of the group, and what answers it: articles with its seed keywords, else of its topics."""

    name: Text
    keywords: tuple[Text, ...] = ()
    topics: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _answerable(self) -> Self:
        if not self.keywords and not self.topics:
            msg = "needs keywords or topics"
            raise ValueError(msg)
        return self


class Routes(WatchTable):
    """Ways besides the topics; links enrich a harvest and never block it."""

    similar: YesNo = True
    cited_by: YesNo = True


def _cron(text: str) -> str:
    try:
        CronSim(text, datetime(2026, 1, 1))  # noqa: DTZ001 - only its syntax is asked
    except CronSimError as error:
        msg = f"is not a cron expression of five fields ({error})"
        raise ValueError(msg) from error
    return text


Cron = Annotated[str, AfterValidator(_cron)]


def _days(text: str) -> str:
    if not re.fullmatch(r"[1-9]\d{0,3} days?", text):
        msg = 'is not a number of days such as "30 days"'
        raise ValueError(msg)
    return text


class Schedule(WatchTable):
    """When the flows run, in the watch's own time zone."""

    timezone: str = "UTC"
    first: Annotated[str, AfterValidator(_days)] = "30 days"
    backlog: YesNo = True
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

    def last_time(self, cron: str, now: datetime) -> datetime:
        """The last moment up to `now`, which is aware, at which a flow of this schedule was to start."""
        local = (now + timedelta(seconds=1)).astimezone(self.zone)  # the cron reader leaves its start out
        return next(CronSim(cron, local, reverse=True))

    @property
    def first_days(self) -> int:
        """How many days the very first harvest looks back."""
        return int(self.first.split()[0])


def _threshold(value: object) -> object:
    if value != "auto" and (
        isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1
    ):
        msg = 'is neither "auto" nor a number from 0 to 1'
        raise ValueError(msg)
    return value


class DigestRules(WatchTable):
    """What goes into a digest."""

    must_read: Whole = Field(default=4, ge=0, le=20)
    cap: Whole = Field(default=20, ge=1, le=200)
    threshold: Annotated[Literal["auto"] | float, BeforeValidator(_threshold)] = "auto"
    empty: YesNo = True
    archive: WebAddress = ""
    mailbox: MailAddress = ""


class Recipient(WatchTable):
    """Who is told, where (an apprise URL, or $NAME of one), in which form, and of what: his profile.

    `topics` and `questions` leave out the others, `order` says whose question comes first, `cap` is his own
    and `band` the farthest that he wants. `on_unknown` says what becomes of a message of which nobody knows
    whether it arrived.
    """

    name: Name
    url: Line
    format: Literal["html", "text", "slack", "markdown"] = "html"
    topics: tuple[Text, ...] = ()
    questions: tuple[Text, ...] = ()
    order: Literal["", "clinic", "bench"] = ""
    cap: Whole | None = Field(default=None, ge=1, le=200)
    band: Literal["", "Core", "Near", "Edge"] = ""
    frequency: Literal["weekly", "monthly"] = "weekly"
    on_unknown: Literal["ask", "resend"] = "ask"


class Expect(WatchTable):
    """A harvest outside these bounds is stored, and a person is told before anything is sent."""

    min: Whole = Field(default=0, ge=0)
    max: Whole = Field(default=100_000, ge=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            msg = f"min {self.min} is above max {self.max}"
            raise ValueError(msg)
        return self


class Watch(WatchTable):
    """A whole watch file; `name` is the file's own."""

    name: Name
    title: Text
    seed: Seed
    anchors: tuple[Anchor, ...] = ()
    topics: tuple[Topic, ...] = Field(min_length=1)
    questions: tuple[QuestionRule, ...] = ()
    routes: Routes = Routes()
    schedule: Schedule = Schedule()
    digest: DigestRules = DigestRules()
    recipients: tuple[Recipient, ...] = Field(min_length=1)
    expect: Expect = Expect()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        shorts = [topic.short for topic in self.topics]
        lists = {
            "seed.keywords": self.seed.keywords,
            "anchors: keyword": [anchor.keyword for anchor in self.anchors],
            "topics: name": [topic.name for topic in self.topics],
            "topics: short": shorts,
            "questions: name": [question.name for question in self.questions],
            "recipients: name": [recipient.name for recipient in self.recipients],
        }
        for kind, values in lists.items():
            twice = [value for value, count in Counter(values).items() if count > 1]
            if twice:
                msg = f"{kind} {twice[0]!r} is given twice"
                raise ValueError(msg)
        questions = [question.name for question in self.questions] or ["clinic", "bench"]
        asks = [
            *(("recipient", each.name, "topic", each.topics, shorts) for each in self.recipients),
            *(("recipient", each.name, "question", each.questions, questions) for each in self.recipients),
            *(("question", each.name, "topic", each.topics, shorts) for each in self.questions),
            *(
                ("question", each.name, "keyword", each.keywords, self.seed.keywords)
                for each in self.questions
            ),
        ]
        for who, name, kind, wanted, have in asks:
            strange = sorted(set(wanted) - set(have))
            if strange:
                msg = f"{who} {name!r} asks for {kind} {strange[0]!r}; there are {', '.join(have)}"
                raise ValueError(msg)
        ordered = [recipient.name for recipient in self.recipients if recipient.order]
        if ordered and self.questions:
            msg = f"recipient {ordered[0]!r} has an order; this watch's own questions stand in the file's"
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
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return Watch.model_validate({**table, "name": path.stem})
    except (OSError, UnicodeDecodeError) as error:
        raise WatchError(
            str(path), f"cannot be read ({error})", "Check the path, its permissions and that it is UTF-8"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise WatchError(str(path), f"is not TOML ({error})", "Mend the line it names") from error
    except RecursionError as error:
        raise WatchError(
            str(path), "has lists within lists, too deep to read", "Write plain lists"
        ) from error
    except ValidationError as error:
        problem, remedy = _first(error)
        raise WatchError(str(path), problem, remedy) from error


def _first(error: ValidationError) -> tuple[str, str]:
    """The first mistake of several as `key: what`, how many more there are, and the remedy."""
    found = error.errors(include_url=False)
    # a list whose only item is wrong is also reported as empty: that is no second mistake
    within = {mistake["loc"][:depth] for mistake in found for depth in range(len(mistake["loc"]))}
    own = [mistake for mistake in found if mistake["loc"] not in within]
    first, *others = sorted(own, key=lambda mistake: mistake["type"] != "extra_forbidden")
    steps = first["loc"]
    key = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
    remedy = f"Mend {key or 'it'}; the README's 'The watch file' has every key"
    what = first["msg"].removeprefix("Value error, ").removeprefix("Input ").replace("valid tuple", "list")
    if first["type"] == "extra_forbidden":
        what = "is not a key of a watch"
        near = get_close_matches(str(steps[-1]), _keys(Watch), n=1)
        remedy = f"Write {near[0]}" if near else "Remove it; the README's 'The watch file' has every key"
    elif first["type"] == "missing":
        what, remedy = "is missing", f"Write {key}; the README's 'The watch file' shows how"
    elif first["loc"] == ("name",):
        key, remedy = "the file's name", "Rename the file"
    more = f" (and {len(others)} more)" if others else ""
    return f"{key}: {what}{more}".removeprefix(": "), remedy


def _keys(part: type[WatchTable]) -> set[str]:
    """Every key that may stand in a watch file, at any depth."""
    own = set(part.model_fields) - {"name" if part is Watch else ""}
    inner = (get_args(field.annotation) or (field.annotation,) for field in part.model_fields.values())
    parts = (
        kind for kinds in inner for kind in kinds if isinstance(kind, type) and issubclass(kind, WatchTable)
    )
    return own.union(*map(_keys, parts))


def watch_files(folders: Sequence[Path] = (SHIPPED,)) -> Iterator[Path]:
    """The watch files of these folders, by name; a later folder's file replaces an earlier's."""
    by_name = {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    yield from (by_name[name] for name in sorted(by_name))


def secret_names(path: Path) -> set[str]:
    """The $NAMES in the recipients' URLs of a watch file; none of one that has a mistake."""
    try:
        recipients = load(path).recipients
    except WatchError:
        return set()
    return {braced or bare for recipient in recipients for braced, bare in SECRET.findall(recipient.url)}
