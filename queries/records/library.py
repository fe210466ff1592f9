"""What the library answers: what queries.library returns, beside articles.

Date-times are aware and in UTC; days are US Eastern, as PubMed's windows are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from queries.records.article import Article
from queries.records.digest import Decision, Flow, Kind, Part
from queries.records.harvest import Lane
from queries.records.outbox import Delivery


class LibraryId(NamedTuple):
    """Who a library is: copies and backups have the same id."""

    id: str
    made: datetime


class KnownWatch(NamedTuple):
    """A watch that ran: its seed as its file named it last, its first and last run, when it was retired."""

    name: str
    doi: str
    pmid: int | None
    first: datetime
    last: datetime
    retired: datetime | None = None


class LastRuns(NamedTuple):
    """When each flow of a watch last began: without trouble, and at all; whether it has something to send.

    `digested` is when its last digest was made. A watch that is retired has none of these.
    """

    watch: str
    first: datetime
    harvested: datetime | None = None
    harvest_tried: datetime | None = None
    digested: datetime | None = None
    digest_tried: datetime | None = None
    swept: datetime | None = None
    sweep_tried: datetime | None = None
    owes: bool = False


class Remembered(NamedTuple):
    """PMIDs of a harvest: stored for the first time, stored anew as changed, known before."""

    new: tuple[int, ...]
    changed: tuple[int, ...]
    known: tuple[int, ...]


class Fetched(NamedTuple):
    """When a stored record was fetched first and last, and PubMed's own date of revision then."""

    pmid: int
    first: datetime
    last: datetime
    revised: date | None


class Revision(NamedTuple):
    """What a later fetch found changed: Article's field names, the same in words, the old values."""

    pmid: int
    at: datetime
    fields: tuple[str, ...]
    words: tuple[str, ...]
    before: Mapping[str, object]


class IdentityLink(NamedTuple):
    """Two PMIDs (a < b) taken for one work by `rule` on `evidence`; `undone` says until when.

    `undone_by` is "person", "record" (the records no longer say it), or "veto": then it never was a
    link, but says why the two are not one though something else hangs them together.
    """

    a: int
    b: int
    rule: str
    evidence: str
    made: datetime
    undone: datetime | None = None
    undone_by: str = ""


class Pending(NamedTuple):
    """A PMID that PubMed counted and has not handed out yet; `dismissed`: when a person ended its alarm."""

    pmid: int
    first_asked: datetime
    last_asked: datetime
    tries: int
    reason: str
    dismissed: datetime | None = None


class Seen(NamedTuple):
    """Which topic and lane of a watch found a PMID, first and last."""

    pmid: int
    topic: str
    lane: Lane
    first: datetime
    last: datetime


class Run(NamedTuple):
    """A flow that ran, and its trouble in words; none is success."""

    flow: str
    started: datetime
    ended: datetime
    trouble: tuple[str, ...]


class Span(NamedTuple):
    """Eastern days, both ends included."""

    since: date
    until: date


class Coverage(NamedTuple):
    """Which days of a date field a lane of a topic has read completely, and the gaps between."""

    topic: str
    lane: Lane
    spans: tuple[Span, ...]
    gaps: tuple[Span, ...]


class Searched(NamedTuple):
    """What a lane of a topic was asked in a span of runs: the days asked for, the runs, the sums.

    `failed` counts the questions that PubMed did not answer whole.
    """

    topic: str
    lane: Lane
    field: str
    since: date | None
    until: date | None
    first: datetime
    last: datetime
    runs: int
    counted: int
    received: int
    new: int
    missing: int
    refused: int
    failed: int


class Strategy(NamedTuple):
    """A search of a topic as it was asked and as PubMed translated it; when first and last."""

    topic: str
    term: str
    translation: str
    first: datetime
    last: datetime


class PastDigest(NamedTuple):
    """A digest as it was recorded; `body` is its JSON."""

    number: int
    made: datetime
    since: date
    until: date
    subject: str
    flow: Flow
    body: str


class Told(NamedTuple):
    """A PMID that a digest told, and its work as it was seen then."""

    pmid: int
    work: int
    number: int
    made: datetime
    kind: Kind


class Decided(NamedTuple):
    """A decision, and the digest that made it; number 0 is the baseline of the watch's first run."""

    number: int
    made: datetime
    decision: Decision


class PastScore(NamedTuple):
    """A score as a digest recorded it."""

    number: int
    pmid: int
    score: float
    parts: tuple[Part, ...]
    why: str
    title_only: bool
    ranker: str


class Verdict(NamedTuple):
    """What a reader said of an article; `relevant` is None where he took back what he had said.

    It was `given` then, and `heard` by the library perhaps later.
    """

    pmid: int
    relevant: bool | None
    given: datetime
    reader: str
    heard: datetime


class HeardVerdict(NamedTuple):
    """A verdict that came by a tap or a mail, with the id by which it is kept once."""

    pmid: int
    relevant: bool | None
    given: datetime
    reader: str
    id: str


class Unsubscription(NamedTuple):
    """An address that wants no more of a watch, or (not `stopped`) wants it again."""

    address: str
    stopped: bool
    given: datetime
    id: str


class Tombstone(NamedTuple):
    """A PMID that PubMed deleted, and the one that took its place, where known."""

    pmid: int
    successor: int | None
    found: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that the library knows of a PMID for a watch: what `seedwatch why` is told from."""

    pmid: int
    article: Article | None
    fetched: Fetched | None
    work: int
    seen: tuple[Seen, ...]
    pending: Pending | None
    revisions: tuple[Revision, ...]
    links: tuple[IdentityLink, ...]
    scores: tuple[PastScore, ...]
    decisions: tuple[Decided, ...]
    deliveries: tuple[Delivery, ...]
    verdicts: tuple[Verdict, ...]
    tombstone: Tombstone | None


class SeedPmids(NamedTuple):
    """The seed, what it cites and the further examples of a watch, as PMIDs that are in the library."""

    seed: int | None = None
    cited: tuple[int, ...] = ()
    more: tuple[int, ...] = ()
