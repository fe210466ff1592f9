"""What was asked of PubMed and what it answered: from an Ask to the Harvest that is remembered.

Days are US Eastern, PubMed's own.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from queries.records.article import Article


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
    """All that one harvest brought home: what Library.remember writes in one transaction.

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
