"""What a digest is made from: one round's finds, as the flows hand them over."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from queries.records.article import Article
from queries.records.digest import Evidence, Kind, Scored
from queries.records.harvest import Lane, LedgerLine
from reports.digest.record import Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A work that may be told: one per work, whatever the number of its records.

    `topics` are the shorts of those that found it and `lanes` the lanes and routes; `kind` is new,
    late (a back-sweep found it) or reindexed (it passes the threshold since MeSH arrived).
    """

    article: Article
    work: int
    scored: Scored
    topics: tuple[str, ...] = ()
    lanes: tuple[Lane, ...] = ()
    evidence: Evidence | None = None
    kind: Kind = Kind.NEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Something that happened to a told paper; see digest.Change. `article` is as it is now."""

    kind: Kind
    article: Article
    work: int = 0
    told_in: int | None = None
    note: str = ""
    when: date | None = None
    link: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What the digest is made from.

    `since` and `until` are Eastern days, both included; `now` is aware. `known` and `merged` map
    each found PMID that is nothing new to its work. `trouble` says what could not be read,
    `notes` what is merely noteworthy. `trends` are counts per week and topic, this week last.
    """

    number: int
    since: date
    until: date
    now: datetime
    found: Collection[int] = ()
    known: Mapping[int, int] = field(default_factory=dict)
    merged: Mapping[int, int] = field(default_factory=dict)
    candidates: Sequence[Candidate] = ()
    updates: Sequence[Update] = ()
    coverage: Coverage | None = None
    ledger: Sequence[LedgerLine] = ()
    trouble: Sequence[str] = ()
    notes: Sequence[str] = ()
    trends: Mapping[str, Sequence[int]] = field(default_factory=dict)
