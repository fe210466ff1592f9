"""What a digest is made from, and what the editor judged of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from queries.ranking import SeedSet
from queries.records.article import Article
from queries.records.digest import Evidence, Kind, Scored
from queries.records.harvest import Lane, LedgerLine
from queries.records.library import Run, Seen, Span
from queries.text.keywords import KeywordHit
from queries.updates import Update
from queries.watch.file import Watch
from reports.digest.record import DaysRead, JudgedBand, PastEntry, TopicName


class NewVerdicts(NamedTuple):
    """How many articles are judged otherwise than when digest `since` was made, and the seed set of then."""

    articles: int
    since: int
    before: SeedSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that the library knows when a digest is made.

    `now` is aware, `days` the Eastern days that the digest speaks of. `waiting` are the PMIDs to decide
    about, those `reindexed` among them for the second time, since their abstract or MeSH arrived. `works`
    maps every found PMID to its work; `articles`, `sightings` and `terms` (those whose terms were counted
    when they came) go by waiting PMID. `closed` are works that were told, or known when the watch began;
    `notices` maps each waiting notice about a told paper to that paper's work. `harvest` is the last one;
    `past` is what the digests of the last ISO weeks, `watched`, told, oldest first; `asked_before` the topics
    as the last digest asked them; `judged` what readers' verdicts say of each band so far.
    """

    watch: Watch
    now: datetime
    days: Span
    number: int
    found: frozenset[int] = frozenset()
    waiting: frozenset[int] = frozenset()
    works: Mapping[int, int] = field(default_factory=dict)
    closed: frozenset[int] = frozenset()
    reindexed: frozenset[int] = frozenset()
    notices: Mapping[int, int] = field(default_factory=dict)
    updates: tuple[Update, ...] = ()
    articles: Mapping[int, Article] = field(default_factory=dict)
    terms: Mapping[int, tuple[list[int], list[int]]] = field(default_factory=dict)
    sightings: Mapping[int, Sequence[Seen]] = field(default_factory=dict)
    seeds: SeedSet = field(default_factory=SeedSet)
    ledger: tuple[LedgerLine, ...] = ()
    harvest: Run | None = None
    days_read: DaysRead | None = None
    past: tuple[PastEntry, ...] = ()
    watched: tuple[tuple[int, int], ...] = ()
    asked_before: tuple[TopicName, ...] = ()
    judged: tuple[JudgedBand, ...] = ()
    new_verdicts: NewVerdicts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A work that may be told: one per work, whatever the number of its records.

    `topics` are the shorts of those that found it and `lanes` the lanes and routes; `hits` the seed
    keywords that its record hits; `standing` the kinds of notice that it bears already.
    """

    article: Article
    work: int
    kind: Kind
    scored: Scored
    evidence: Evidence
    topics: tuple[str, ...] = ()
    lanes: tuple[Lane, ...] = ()
    hits: tuple[KeywordHit, ...] = ()
    standing: tuple[Kind, ...] = ()
