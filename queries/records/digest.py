"""What is told, to whom, and why: scores and evidence, the decisions of a digest, its deliveries."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from queries.records.outbox import Parcel


class Part(NamedTuple):
    """A part of a score: `value` is its share (parts sum to the score), `words` its evidence."""

    name: str
    value: float
    words: tuple[str, ...] = ()


class Band(StrEnum):
    """How near the seeds a paper is, in words: as exact as a score can be told to a reader."""

    CORE = "Core"
    NEAR = "Near"
    EDGE = "Edge"

    @classmethod
    def of(cls, score: float) -> "Band":
        """The band of a score, which is a probability at even odds."""
        return cls.CORE if score >= 0.8 else cls.NEAR if score >= 0.5 else cls.EDGE  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Scored:
    """A PMID's similarity to the seed set, 0 to 1, the parts that made it, and why in words.

    The score is the paper's own; `place` is its place among what it was scored with, 1 the best, 0 if
    it was scored alone.
    """

    pmid: int
    score: float
    parts: tuple[Part, ...]
    why: str
    title_only: bool = False
    place: int = 0

    @property
    def band(self) -> Band:
        """The score in words."""
        return Band.of(self.score)


class Kind(StrEnum):
    """What a digest decided about, or tells of, a paper: the updates first, the most urgent first."""

    RETRACTION = "retraction"
    CONCERN = "concern"  # an expression of concern
    CORRECTION = "correction"
    DELETED = "deleted"  # PubMed removed the record
    PUBLISHED = "published"  # a preprint that was told became an article
    NEW = "new"
    LATE = "late"  # only a back-sweep found it
    REINDEXED = "reindexed"  # judged again, since its abstract or MeSH arrived
    BASELINE = "baseline"  # there before the watch began: known, never told

    @property
    def is_update(self) -> bool:
        """Whether it happened to a paper that was told before."""
        return self.urgency < Kind.NEW.urgency

    @property
    def is_grave(self) -> bool:
        """Whether what was told of the paper may be wrong."""
        return self in {Kind.RETRACTION, Kind.CONCERN, Kind.CORRECTION}

    @property
    def urgency(self) -> int:
        """Its place in a digest: 0 stands first."""
        return list(Kind).index(self)


class Outcome(StrEnum):
    """What a digest decided about a found PMID; the flow line counts these."""

    KNOWN = "known"
    MERGED = "merged"
    BELOW = "below"
    HELD = "held"
    TOLD = "told"


class Flow(NamedTuple):
    """The flow line: found = known + merged + below + held + told, or the digest fails."""

    found: int
    known: int
    merged: int
    below: int
    held: int
    told: int


class Threshold(NamedTuple):
    """The score from which on an article is told, and how it was found, in words."""

    value: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the ledger of a digest: what was decided about a PMID and its work."""

    pmid: int
    work: int
    outcome: Outcome
    kind: Kind = Kind.NEW
    score: float | None = None
    position: int | None = None


class TfrCard(NamedTuple):
    """What an abstract prints of a stopping study: its own words, "" where it doesn't say.

    `rate` of those still in treatment-free remission at `time`, and the confidence interval `ci` of
    that rate; `criterion` the loss of response that ends it; `stopped` how many stopped,
    `retreated` and `regained` what became of those who lost it; `drugs`; `depth` and `length` of the
    response before stopping.
    """

    rate: str = ""
    time: str = ""
    ci: str = ""
    criterion: str = ""
    stopped: str = ""
    retreated: str = ""
    regained: str = ""
    drugs: tuple[str, ...] = ()
    depth: str = ""
    length: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What kind of work an article is; every claim carries its reason.

    `study` is one of evidence.STUDIES ("phase 2 trial", "in vivo", "" if unclear), `study_span` the
    words of the record (title, abstract, publication type or heading) that say it; `setting` clinical,
    translational, preclinical or ""; `species` at most three of human, mouse, ..., cell line;
    `participants` the count as printed, words in digits ("84", "1,204", "" if unsure); `tfr` whether
    it reports on or plans for stopping the treatment of CML, `stopping` which kinds of stopping it
    speaks of (evidence.STOPPING); `trials` the registrations and names that are its own, `cited_trials`
    those of others; `quote` a verbatim sentence of the abstract and `quote_label` where it stands:
    "Conclusions", "Results", "last sentence", or "" in the midst of an abstract without sections.
    """

    study: str
    study_reason: str
    study_span: str = ""
    setting: str = ""
    species: tuple[str, ...] = ()
    species_reason: str = ""
    tfr: bool = False
    tfr_reason: str = ""
    stopping: tuple[str, ...] = ()
    card: TfrCard = TfrCard()  # noqa: RUF009 - a NamedTuple is immutable
    trials: tuple[str, ...] = ()
    cited_trials: tuple[str, ...] = ()
    participants: str = ""
    quote: str = ""
    quote_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A composed digest as the library keeps it: written in one transaction, before any sending.

    `since` and `until` are the Eastern days covered; `made` is UTC; `body` is the digest's JSON; `ranker`
    is the version that made the scores. `recipients` are those who get it, `parcels` what arrives at their
    addresses, and `readings` the (recipient, PMID) of what each one's own digest tells.
    """

    watch: str
    number: int
    made: datetime
    since: date
    until: date
    subject: str
    flow: Flow
    decisions: tuple[Decision, ...]
    scores: tuple[Scored, ...]
    recipients: tuple[str, ...]
    body: str
    ranker: str = ""
    parcels: tuple[Parcel, ...] = ()
    readings: tuple[tuple[str, int], ...] = ()
