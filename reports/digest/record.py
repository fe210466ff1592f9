"""What a digest says: its records, and the views of it. `compose.py` decides what goes in.

A Digest holds facts, no markup but the safe inline tags of a title, and no clock: the same
inputs give the same bytes, and an owed delivery is rendered again from its JSON.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from pydantic import TypeAdapter

from queries.records.digest import Band, Decision, Flow, Kind, Outcome, TfrCard, Threshold
from queries.records.harvest import Lane
from queries.records.library import Span
from queries.text.keywords import MarkedText


class Badge(NamedTuple):
    """A word about an article; `tone` is alert, kind (of work), good or plain and only colours it."""

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
    """A topic as the digest names it: what PubMed is asked, and the same by its facets' names, if any."""

    short: str
    name: str
    term: str
    asked: str = ""


class ReadersQuestion(NamedTuple):
    """What a reader wants to know: the key that entries name, and the heading above them."""

    key: str
    name: str


CLINIC, BENCH = ReadersQuestion("clinic", "For the clinic"), ReadersQuestion("bench", "For the bench")
OTHER = ReadersQuestion("other", "Besides")  # of a watch with questions of its own: what answers none


class PastEntry(NamedTuple):
    """An article that an earlier digest told: in which ISO week, and what a reader's profile asks of it."""

    number: int
    week: tuple[int, int]
    question: str
    topics: tuple[str, ...]
    score: float


class JudgedBand(NamedTuple):
    """Of the articles of a band that readers judged so far, so many were useful."""

    band: Band
    useful: int
    judged: int


class KeywordWord(NamedTuple):
    """A seed keyword that an article hits, and the word of the article that does."""

    keyword: str
    word: str


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
    """An article that is told. `published` is partial ISO, `added` the day it entered PubMed.

    `why` are all reasons of its score in words; a mail has room for `reasons`, what it cites or resembles,
    and `terms`, words it shares with the seeds that stand on fewer than half of the digest's articles.
    `question` is a ReadersQuestion's key; `study` one of evidence.STUDIES and `participants` as printed.
    """

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
    question: str = BENCH.key
    study: str = ""
    species: tuple[str, ...] = ()
    participants: str = ""
    card: TfrCard = TfrCard()  # noqa: RUF009 - a NamedTuple is immutable
    words: tuple[KeywordWord, ...] = ()
    reasons: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    @property
    def band(self) -> Band:
        """The score in words."""
        return Band.of(self.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to a paper after it was told, as `told_pmid`, in digest `told_in`.

    `kind` is an update's; `note` is the notice's own reason, `when` its date, `link` its http(s) URL;
    `silent` says that the notice has been read and gives no reason. Without `told_in` the paper is new, and
    was retracted before it came: then `topics` are those that found it.
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
    silent: bool = False


class Group(NamedTuple):
    """The entries under one question, in reading order: those with a card, then those on one line."""

    question: ReadersQuestion
    cards: tuple[Entry, ...]
    lines: tuple[Entry, ...]

    @property
    def size(self) -> int:
        """How many entries it has."""
        return len(self.cards) + len(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One digest of a watch, complete; `held` and `near` are best first.

    `since` and `until` are the Eastern days covered and `made` is UTC; `entries` are in reading
    order, question by question; `trouble` says what could not be read. `decided` has a row a found PMID,
    whose outcomes count up to `flow`; behind them, outcome TOLD, a row a change. `keywords` are the seed's;
    `past` is what the digests of the last weeks, `watched`, told, the oldest first; `new_queries` are the
    topics that are asked otherwise than before; `verdicts` says what readers' verdicts changed.

    A reader's own digest says in `profile` what he wants, in words ("" if all); then `flow` still counts the
    whole watch, and `beyond` names what his own cap leaves out.
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
    seed: SeedName | None
    links: Links
    decided: tuple[Decision, ...]
    questions: tuple[ReadersQuestion, ...] = (CLINIC, BENCH)
    keywords: tuple[str, ...] = ()
    judged: tuple[JudgedBand, ...] = ()
    past: tuple[PastEntry, ...] = ()
    watched: tuple[tuple[int, int], ...] = ()
    new_queries: tuple[str, ...] = ()
    verdicts: str = ""
    profile: str = ""
    beyond: tuple[Miss, ...] = ()

    @property
    def groups(self) -> tuple[Group, ...]:
        """The entries by question; the cards, at most `must_read`, are dealt evenly to the questions."""
        by_key = {q.key: [e for e in self.entries if e.question == q.key] for q in self.questions}
        most = -(-self.must_read // max(len(self.questions), 1))
        left, groups = self.must_read, []
        for question in self.questions:
            mine = by_key[question.key]
            cards = min(most, left, len(mine))
            left -= cards
            if mine:
                groups.append(Group(question, tuple(mine[:cards]), tuple(mine[cards:])))
        return tuple(groups)

    @property
    def anchored(self) -> tuple[tuple[str, int], ...]:
        """Each keyword of the seed, and how many entries hit it."""
        counts = Counter(keyword for entry in self.entries for keyword in entry.keywords)
        return tuple((keyword, counts[keyword]) for keyword in self.keywords)

    @property
    def shared(self) -> frozenset[str]:
        """The keywords that more than half of the entries hit: on an entry they say nothing."""
        return frozenset(keyword for keyword, count in self.anchored if 2 * count > len(self.entries))


_JSON = TypeAdapter(Digest)


def dump(digest: Digest) -> str:
    """The digest as JSON, for Issue.body."""
    return _JSON.dump_json(digest).decode()


def load(body: str) -> Digest:
    """Read what `dump` wrote."""
    return _JSON.validate_json(body)


def counted(rows: tuple[Decision, ...]) -> Flow:
    """The flow line of decisions about found PMIDs."""
    number = dict.fromkeys(Outcome, 0)
    for row in rows:
        number[row.outcome] += 1
    return Flow(len(rows), *(number[o] for o in Outcome))
