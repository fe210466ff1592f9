"""What a digest says: its records, and the views of it. `compose.py` decides what goes in.

A Digest holds facts, no markup but the safe inline tags of a title, and no clock: the same
inputs give the same bytes, and an owed delivery is rendered again from its JSON.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from pydantic import TypeAdapter

from queries.records.digest import Decision, Flow, Kind, Outcome, Threshold
from queries.records.harvest import Lane
from queries.records.library import Span
from queries.text.keywords import MarkedText


class Badge(NamedTuple):
    """A word about an article; `tone` is alert, good or plain and only colours it."""

    text: str
    tone: str = "plain"


class Miss(NamedTuple):
    """An article that is named without being told: nearly, or not before the next digest."""

    pmid: int
    title: str
    score: float
    topics: tuple[str, ...] = ()


class DaysRead(NamedTuple):
    """The Eastern days that PubMed has been read for on every topic, both ends included, and the gaps."""

    since: date
    until: date
    gaps: tuple[Span, ...] = ()


class Links(NamedTuple):
    """Where a reader can go: the archive's base URL, the mailbox for verdicts; "" if none."""

    archive: str = ""
    mailbox: str = ""


class TopicName(NamedTuple):
    """A topic as the digest names it."""

    short: str
    name: str
    term: str


class Trend(NamedTuple):
    """Articles found per week on a topic, oldest first, this week last."""

    topic: str
    counts: tuple[int, ...]


class SeedName(NamedTuple):
    """The seed in one line, e.g. "Gullaksen et al., Leuk Lymphoma 2025"."""

    text: str
    pmid: int
    doi: str


NAMED = 20  # held over articles that HTML and Slack name; text and Markdown name all


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one lane of one topic was asked, over all its slices, and what came of it."""

    topic: str
    lane: Lane
    field: str = ""
    since: date | None = None
    until: date | None = None
    count: int = 0
    new: int = 0
    missing: int = 0
    error: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article that is told. `published` is partial ISO, `added` the day it entered PubMed."""

    pmid: int
    title: str
    title_html: str
    byline: str
    journal: str
    published: str
    added: date | None
    doi: str
    pmcid: str
    kind: Kind
    score: float
    why: str
    topics: tuple[str, ...]
    lanes: tuple[Lane, ...]
    badges: tuple[Badge, ...]
    keywords: tuple[str, ...]
    quote: tuple[MarkedText, ...] = ()
    quote_label: str = ""
    tfr: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to a paper after it was told, as `told_pmid`, in digest `told_in`.

    `kind` is an update's; `note` is the notice's own text, `when` its date, `link` its http(s) URL. Without
    `told_in` the paper is new, and was retracted before it came: then `topics` are those that found it.
    """

    kind: Kind
    pmid: int
    title: str
    title_html: str
    journal: str
    told_in: int | None
    note: str
    when: date | None
    link: str
    told_pmid: int = 0
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One digest of a watch, complete; `held` and `near` are best first.

    `since` and `until` are the Eastern days covered and `made` is UTC; `entries` are in reading
    order, best first; `trouble` says what could not be read; `only` holds the topics of a
    recipient who wants no others (then `told` in `flow` still counts the whole watch). `decided` has
    a row a found PMID, whose outcomes count up to `flow`; behind them, outcome TOLD, a row a change.
    """

    watch: str
    title: str
    number: int
    since: date
    until: date
    made: datetime
    sample: bool
    flow: Flow
    entries: tuple[Entry, ...]
    must_read: int
    cap: int
    threshold: Threshold
    near: tuple[Miss, ...]
    held: tuple[Miss, ...]
    changes: tuple[Change, ...]
    trouble: tuple[str, ...]
    notes: tuple[str, ...]
    coverage: DaysRead | None
    asked: tuple[Asked, ...]
    topics: tuple[TopicName, ...]
    trends: tuple[Trend, ...]
    seed: SeedName | None
    links: Links
    decided: tuple[Decision, ...]
    only: tuple[str, ...] = ()

    @property
    def first(self) -> tuple[Entry, ...]:
        """What to read first: at most `must_read` entries."""
        return self.entries[: self.must_read]

    @property
    def more(self) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
        """The other entries under the name of their first topic, in the watch's order."""
        rest = self.entries[self.must_read :]
        groups = [(topic.name, topic.short) for topic in self.topics] + [("By links from the seed", "")]
        homes = {
            entry.pmid: next((t.short for t in self.topics if t.short in entry.topics), "") for entry in rest
        }
        sorted_in = ((name, tuple(e for e in rest if homes[e.pmid] == short)) for name, short in groups)
        return tuple((name, entries) for name, entries in sorted_in if entries)

    @property
    def asked_beyond_topics(self) -> tuple[Asked, ...]:
        """What was asked of no topic: the routes from the seed."""
        topics = {topic.short for topic in self.topics}
        return tuple(ask for ask in self.asked if ask.topic not in topics)


_JSON = TypeAdapter(Digest)


def dump(digest: Digest) -> str:
    """The digest as JSON, for Issue.body."""
    return _JSON.dump_json(digest).decode()


def load(body: str) -> Digest:
    """Read what `dump` wrote."""
    return _JSON.validate_json(body)


def for_reader(digest: Digest, topics: tuple[str, ...], were_sent: frozenset[int]) -> Digest:
    """The digest as one recipient gets it: only the topics he wants (shorts; () is all of them).

    Changes are his only where he was sent the paper: `were_sent` holds such PMIDs, as they were told; what
    is new to everybody is a change for all who want its topic. The flow line and the troubles stay those of
    the whole watch, since they are the proof.
    """
    wanted = set(topics)

    def wants(of: tuple[str, ...]) -> bool:
        return not wanted or bool(wanted.intersection(of))

    changes = tuple(
        change
        for change in digest.changes
        if (change.told_pmid in were_sent if change.told_in else wants(change.topics))
    )
    if not wanted:
        return replace(digest, changes=changes)
    return replace(
        digest,
        changes=changes,
        only=tuple(topic.short for topic in digest.topics if topic.short in wanted),
        entries=tuple(entry for entry in digest.entries if wants(entry.topics)),
        near=tuple(miss for miss in digest.near if wants(miss.topics)),
        held=tuple(miss for miss in digest.held if wants(miss.topics)),
        asked=tuple(asked for asked in digest.asked if asked.topic in wanted),
        topics=tuple(topic for topic in digest.topics if topic.short in wanted),
        trends=tuple(trend for trend in digest.trends if trend.topic in wanted),
    )


def counted(rows: tuple[Decision, ...]) -> Flow:
    """The flow line of decisions about found PMIDs."""
    number = dict.fromkeys(Outcome, 0)
    for row in rows:
        number[row.outcome] += 1
    return Flow(len(rows), *(number[o] for o in Outcome))
