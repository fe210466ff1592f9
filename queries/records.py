"""What flows through the house: records, frozen and hashable, with no behaviour but identity.

Small, many-per-article records are NamedTuples, which Python builds several times faster than
frozen dataclasses; a baseline file holds a million of them.

Dates: `created`, `entered`, `indexed` are naive date-times in US Eastern, PubMed's own clock.
Publication dates are partial ISO strings ("2026", "2026-11", "2026-11-12"), since PubMed's are.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class Passage(NamedTuple):
    """One AbstractText: `label` as printed ("" if unstructured), `category` NLM's, `html` safe."""

    label: str
    category: str
    text: str
    html: str


class OtherAbstract(NamedTuple):
    """An abstract from elsewhere: a translation, a plain-language summary."""

    kind: str
    language: str
    passages: tuple[Passage, ...]


class Author(NamedTuple):
    """A person (`last`, `fore`, `initials`, `suffix`) or a group (`collective`)."""

    last: str = ""
    fore: str = ""
    initials: str = ""
    suffix: str = ""
    collective: str = ""
    orcid: str = ""
    affiliations: tuple[str, ...] = ()
    valid: bool = True


class Journal(NamedTuple):
    """The journal and the issue; `abbreviation` is NLM's title abbreviation (MedlineTA/ISO)."""

    title: str = ""
    abbreviation: str = ""
    issn: str = ""
    nlm_id: str = ""
    volume: str = ""
    issue: str = ""
    country: str = ""


class Book(NamedTuple):
    """Of a PubmedBookArticle: the book that the chapter is in."""

    title: str = ""
    publisher: str = ""
    isbn: str = ""


class Term(NamedTuple):
    """A controlled term: a publication type, a supplementary concept."""

    ui: str
    name: str


class Qualifier(NamedTuple):
    """A MeSH subheading."""

    ui: str
    name: str
    major: bool


class Heading(NamedTuple):
    """A MeSH heading; `major` if the descriptor or any qualifier is a major topic."""

    ui: str
    name: str
    major: bool
    qualifiers: tuple[Qualifier, ...] = ()


class Chemical(NamedTuple):
    """A substance; `registry` is a CAS, EC or UNII number, "0" where there is none."""

    registry: str
    ui: str
    name: str


class Keyword(NamedTuple):
    """A keyword; owner NOTNLM means the authors'."""

    text: str
    owner: str
    major: bool


class Accession(NamedTuple):
    """A data bank entry, e.g. ("ClinicalTrials.gov", "NCT01234567")."""

    bank: str
    number: str


class Grant(NamedTuple):
    """A grant, as the paper states it."""

    number: str
    acronym: str
    agency: str
    country: str


class Link(NamedTuple):
    """CommentsCorrections: `kind` is NLM's RefType ("RetractionIn"); `pmid` may be absent."""

    kind: str
    pmid: int | None
    source: str
    note: str


class Reference(NamedTuple):
    """One entry of the article's reference list; any of the ids may be absent."""

    citation: str
    pmid: int | None
    doi: str
    pmcid: str


class Milestone(NamedTuple):
    """An entry of the History: PubStatus and a date-time in Eastern (midnight if unsaid)."""

    status: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One PubMed record, as PubMed told it.

    Absent text is "" and absent lists are (); an absent date is None or "". `doi` is normalised
    (lower case, no resolver); `pmcid` is "PMC" and digits. `*_html` is well-formed, escaped and
    holds no tags but b, i, sub, sup, u.
    """

    pmid: int
    version: int = 1
    status: str = ""
    indexing: str = ""
    title: str = ""
    title_html: str = ""
    vernacular_title: str = ""
    abstract: tuple[Passage, ...] = ()
    other_abstracts: tuple[OtherAbstract, ...] = ()
    copyright: str = ""
    authors: tuple[Author, ...] = ()
    authors_complete: bool = True
    investigators: tuple[Author, ...] = ()
    journal: Journal = Journal()  # noqa: RUF009 - a NamedTuple is immutable
    book: Book | None = None
    pages: str = ""
    pub_model: str = ""
    published: str = ""
    published_text: str = ""
    electronic: str = ""
    created: datetime | None = None
    entered: datetime | None = None
    indexed: datetime | None = None
    revised: date | None = None
    completed: date | None = None
    history: tuple[Milestone, ...] = ()
    publication_status: str = ""
    doi: str = ""
    pii: str = ""
    pmcid: str = ""
    languages: tuple[str, ...] = ()
    publication_types: tuple[Term, ...] = ()
    mesh: tuple[Heading, ...] = ()
    supplementary: tuple[Term, ...] = ()
    chemicals: tuple[Chemical, ...] = ()
    genes: tuple[str, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    accessions: tuple[Accession, ...] = ()
    grants: tuple[Grant, ...] = ()
    subjects: tuple[Author, ...] = ()
    links: tuple[Link, ...] = ()
    references: tuple[Reference, ...] = ()
    coi: str = ""


class Refusal(NamedTuple):
    """A record that could not be read: its PMID where known, and why."""

    pmid: int | None
    reason: str


class Lane(StrEnum):
    """Which question about a topic an ask puts (see pubmed/plan.py)."""

    NEW = "new"  # A: created since (CRDT)
    INDEXED = "indexed"  # B: MeSH arrived since (MHDA)
    REVISED = "revised"  # C: revised since (LR)
    SWEEP = "sweep"  # D: everything of the last months, once more
    REREAD = "reread"  # E: what was told, read again
    SIMILAR = "similar"  # route: ELink neighbours of the seed
    CITED_BY = "cited_by"  # route: articles citing the seed


class Window(NamedTuple):
    """Days of a PubMed date field, both ends included, US Eastern; `until` None is open."""

    field: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to PubMed: `term` is the topic's; the window is ANDed to it when asked."""

    topic: str
    lane: Lane
    term: str
    window: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """What became of one slice of one ask. `received` == `count`, or `error` says why not.

    received = known + new + missing (+ refused); `missing` go to pending.
    """

    topic: str
    lane: Lane
    slice: int
    term: str
    window: Window | None
    translation: str = ""
    warnings: tuple[str, ...] = ()
    count: int = 0
    received: int = 0
    known: int = 0
    new: int = 0
    missing: int = 0
    refused: int = 0
    error: str = ""


class Sighting(NamedTuple):
    """An ask found a PMID."""

    topic: str
    lane: Lane
    pmid: int


class Watermark(NamedTuple):
    """Up to which Eastern day (included) a lane of a topic has been read completely."""

    topic: str
    lane: Lane
    until: date


class Missing(NamedTuple):
    """A PMID that PubMed counted and did not hand out, and why we think so."""

    pmid: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """All that one harvest brought home: what Store.remember writes in one transaction.

    `watermarks` holds only lanes that were read completely; `gone` are PMIDs told or awaited that
    PubMed has deleted, `baseline` what was there before the watch began. `trouble` says in words
    what failed, `notes` what an operator should know though nothing did.
    """

    watch: str
    flow: str
    started: datetime
    lines: tuple[LedgerLine, ...] = ()
    articles: tuple[Article, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    missing: tuple[Missing, ...] = ()
    refused: tuple[Refusal, ...] = ()
    watermarks: tuple[Watermark, ...] = ()
    trouble: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    gone: tuple[int, ...] = ()
    baseline: tuple[int, ...] = ()


class Part(NamedTuple):
    """A part of a score: `value` is its share (parts sum to the score), `words` its evidence."""

    name: str
    value: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """A PMID's similarity to the seed set, 0 to 1, the parts that made it, and why in words."""

    pmid: int
    score: float
    parts: tuple[Part, ...]
    why: str
    title_only: bool = False


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


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the ledger of a digest: what was decided about a PMID and its work."""

    pmid: int
    work: int
    outcome: Outcome
    kind: str = "new"  # new | update | retraction | concern | correction | published | late
    score: float | None = None
    position: int | None = None


class DeliveryState(StrEnum):
    """Of a digest to a recipient. SENDING found by a later run becomes UNKNOWN, never resent silently."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came back from a channel for one recipient. `reason` is "" when sent; no secrets."""

    recipient: str
    state: DeliveryState
    message_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What kind of work an article is; every claim carries its reason.

    `study` is one of evidence.STUDIES ("phase 2 trial", "in vivo", "" if unclear), `species` at most
    three of human, mouse, ..., cell line; `participants` the count as printed, words in digits
    ("84", "1,204", "" if unsure); `quote` a verbatim sentence of the abstract and `quote_label` where
    it stands: "Conclusions", "Results", "last sentence" or "abstract".
    """

    study: str
    study_reason: str
    species: tuple[str, ...] = ()
    species_reason: str = ""
    tfr: bool = False
    tfr_reason: str = ""
    trials: tuple[str, ...] = ()
    participants: str = ""
    quote: str = ""
    quote_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A composed digest as the library keeps it: written in one transaction, before any sending.

    `since` and `until` are the Eastern days covered; `made` is UTC; `body` is the digest's JSON,
    from which an owed delivery is rendered again; `ranker` is the version that made the scores.
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


class Owed(NamedTuple):
    """A delivery that has not been acknowledged: which digest, to whom, in which state."""

    number: int
    recipient: str
    state: DeliveryState
    body: str
    tries: int
