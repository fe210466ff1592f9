"""A watch: what is watched, how PubMed is asked, and who is told (see README, "The watch file")."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from queries.errors import WatchError
from queries.records.ids import clean_doi
from queries.watch.facets import FacetWords, PubMedTerm, TopicPart, check_names, joined, parts_of, read_by
from queries.watch.mistakes import Mistake, WatchTable, first, near
from queries.watch.schedule import Schedule
from queries.watch.values import Line, MailAddress, Text, WebAddress, Whole, YesNo

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
    also say (any one of it) before an acronym alone is believed. A watch that is read has those of the
    anchor's `facet` among them.
    """

    keyword: Text
    facet: str = ""
    synonyms: tuple[Text, ...] = ()
    traps: tuple[Text, ...] = ()
    context: tuple[Text, ...] = ()

    def grown(self, facet: FacetWords) -> Self:
        """The anchor with the words of its facet added to its own."""
        own = (self.synonyms, self.traps, self.context)
        each = (tuple(dict.fromkeys((*mine, *its))) for mine, its in zip(own, read_by(facet), strict=True))
        return self.model_copy(update=dict(zip(("synonyms", "traps", "context"), each, strict=True)))


class Topic(WatchTable):
    """What PubMed is asked: a `term`, or `all` of these facets and `none` of those.

    A watch that is read has the term of every topic, that of facets made of their expansions.
    """

    name: Text
    short: Text
    term: PubMedTerm = ""
    all: tuple[Text, ...] = ()
    none: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _asked(self) -> Self:
        if not self.term and not self.all:
            raise Mistake("asks for nothing", 'Write all = ["…"] with names of facets, or a term')
        if self.term and (self.all or self.none):
            raise Mistake("has a term and facets", "Keep one of them: a facet may hold the term")
        return self

    @property
    def asked(self) -> str:
        """What it asks by its facets' names, else the term."""
        return " AND ".join(self.all) + "".join(f" NOT {name}" for name in self.none) or self.term


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
    whether it arrived. `attach` are exports of what his digest tells, which go with a mail.
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
    attach: tuple[Literal["ris", "bibtex", "csl-json", "nbib", "csv", "parquet"], ...] = ()


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
    facets: dict[Name, FacetWords] = Field(default_factory=dict)
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
        """Check every name that another table uses, then write facets out."""
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
            if twice := [value for value, count in Counter(values).items() if count > 1]:
                raise Mistake(f"{kind} {twice[0]!r} is given twice", "Give one of them another, or remove it")
        self._check_names(shorts)
        for number, anchor in enumerate(self.anchors, 1):
            if anchor.keyword not in self.seed.keywords:
                raise Mistake(
                    f"anchor {anchor.keyword!r} is not one of seed.keywords",
                    near(anchor.keyword, self.seed.keywords, "seed's keywords"),
                    f"anchors[{number}].keyword",
                )
        self._check_facets()
        return self._written_out() if self.facets else self

    def _check_names(self, shorts: Sequence[str]) -> None:
        """Raise Mistake for a topic, question or keyword that a recipient or a question asks for in vain."""
        questions = [question.name for question in self.questions] or ["clinic", "bench"]
        there = {"topic": shorts, "question": questions, "keyword": self.seed.keywords}
        rows: list[tuple[str, int, Recipient | QuestionRule]] = [
            *(("recipient", *each) for each in enumerate(self.recipients, 1)),
            *(("question", *each) for each in enumerate(self.questions, 1)),
        ]
        for (table, number, row), (kind, have) in product(rows, there.items()):
            for strange in sorted(set(getattr(row, f"{kind}s", ())) - set(have)):
                raise Mistake(
                    f"{table} {row.name!r} asks for {kind} {strange!r}; there are {', '.join(have)}",
                    near(strange, have, f"{kind}s"),
                    f"{table}s[{number}].{kind}s",
                )
        if self.questions and (ordered := [each.name for each in self.recipients if each.order]):
            raise Mistake(
                f"recipient {ordered[0]!r} has an order; this watch's own questions stand in the file's",
                "Remove the order, or the questions",
                "recipients.order",
            )

    def _check_facets(self) -> None:
        """Raise Mistake for a facet that is unknown, unused or there twice."""
        known = tuple(self.facets)
        for number, topic in enumerate(self.topics, 1):
            check_names(f"topics[{number}].all", topic.all, known)
            check_names(f"topics[{number}].none", topic.none, known)
            check_names(f"topics[{number}].none", (*topic.all, *topic.none), known)
        for number, anchor in enumerate(self.anchors, 1):
            check_names(f"anchors[{number}].facet", (anchor.facet,) if anchor.facet else (), known)
        for name, other in combinations(known, 2):
            if self.facets[name] == self.facets[other]:
                raise Mistake(f"is the same as facets.{name}", "Keep one of them", f"facets.{other}")
        used = {name for topic in self.topics for name in (*topic.all, *topic.none)}
        used |= {anchor.facet for anchor in self.anchors}
        for name in known:
            if name not in used:
                raise Mistake("is used by no topic and no anchor", "Use it, or remove it", f"facets.{name}")

    def _written_out(self) -> Self:
        """The watch with the terms of its topics and the words of its anchors, as its facets have them."""
        topics = tuple(
            topic.model_copy(update={"term": joined(self.facets, topic.all, topic.none)})
            if topic.all
            else topic
            for topic in self.topics
        )
        anchors = tuple(
            anchor.grown(self.facets[anchor.facet]) if anchor.facet else anchor for anchor in self.anchors
        )
        return self.model_copy(update={"topics": topics, "anchors": anchors})

    def parts(self, topic: Topic) -> tuple[TopicPart, ...]:
        """What a topic ANDs together, by its facets' names."""
        return parts_of(topic.term, topic.all, topic.none, self.facets)


def load(path: Path) -> Watch:
    """Read one watch file.

    Raises WatchError naming the file, the key and the remedy.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        if "name" in table:
            raise WatchError(
                str(path), "name: is not a key of a watch", "Remove it: its file's name is its name"
            )
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
        problem, remedy = first(error, Watch)
        raise WatchError(str(path), problem, remedy) from error


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
