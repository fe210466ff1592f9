"""What became of a harvest's questions: ledger lines that add up, sightings, watermarks, trouble.

Pure: answers in, records out.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from queries.calendar import settled
from queries.pubmed import plan
from queries.pubmed.eutils import FetchResult
from queries.pubmed.search import Piece
from queries.records.article import Article
from queries.records.harvest import Ask, Lane, LedgerLine, Missing, Sighting, Watermark

REREAD = "told"  # stands for the topic in lane E's ledger line
PmidsByAsk = Mapping[Ask, Collection[int]]


@dataclass(frozen=True, slots=True)
class Route:
    """PMIDs that came by another way than a search; `seed` is its record if it had to be looked up."""

    lane: Lane
    pmids: tuple[int, ...]
    error: str = ""
    seed: Article | None = None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What was fetched, of what the library did not know; `lost` is what was not, and why."""

    unknown: frozenset[int]
    fetched: FetchResult
    lost: Mapping[int, str]


def pmids_of(pieces: Iterable[Piece]) -> set[int]:
    """All that the slices of an ask found."""
    return {pmid for piece in pieces for pmid in piece.found.pmids}


def lines(pieces: Sequence[Piece], retrieved: Retrieved) -> tuple[LedgerLine, ...]:
    """The ledger of one ask, a line a slice."""
    return tuple(
        _counted(
            LedgerLine(
                topic=piece.ask.topic,
                lane=piece.ask.lane,
                slice=number,
                term=plan.term(piece.ask, piece.part),
                window=plan.window(piece.ask, piece.part),
                translation=piece.found.translation,
                warnings=piece.found.warnings,
                count=piece.found.count,
                error=str(piece.error or ""),
            ),
            piece.found.pmids,
            retrieved,
        )
        for number, piece in enumerate(pieces)
    )


def route_line(route: Route, retrieved: Retrieved) -> LedgerLine:
    """The ledger line of a route, or of lane E."""
    topic = REREAD if route.lane is Lane.REREAD else route.lane.value
    asked = LedgerLine(
        topic=topic, lane=route.lane, slice=0, term="", window=None, count=len(route.pmids), error=route.error
    )
    return _counted(asked, route.pmids, retrieved)


def _counted(asked: LedgerLine, found: Iterable[int], retrieved: Retrieved) -> LedgerLine:
    """The line with its sums: received = known + new + missing + refused."""
    ids = set(found)
    new = ids & retrieved.unknown
    refused = new.intersection(refusal.pmid for refusal in retrieved.fetched.refused if refusal.pmid)
    lost = ids & retrieved.lost.keys()
    missing = new.intersection({each.pmid for each in retrieved.fetched.missing} | lost)
    error = asked.error
    if lost and not error:
        error = f"{len(lost)} records were not fetched: {retrieved.lost[min(lost)]}"
    return replace(
        asked,
        count=max(asked.count, len(ids)),
        received=len(ids),
        known=len(ids - new),
        new=len(new - missing - refused),
        missing=len(missing),
        refused=len(refused),
        error=error,
    )


def sightings(found: PmidsByAsk) -> Iterator[Sighting]:
    """Every ask's finds, known ones too."""
    return (Sighting(ask.topic, ask.lane, pmid) for ask, each in found.items() for pmid in sorted(each))


def route_sightings(
    routes: Iterable[Route], found: PmidsByAsk, retrieved: Retrieved, began: date
) -> Iterator[Sighting]:
    """A route's finds that are news: created since `began`, or found by a topic as well.

    The seed has hundreds of neighbours from all years; these are stored, and not sighted.
    """
    recent = {
        article.pmid
        for article in retrieved.fetched.articles
        if article.created and article.created.date() >= began
    }.union(*found.values())
    return (
        Sighting(route.lane.value, route.lane, pmid)
        for route in routes
        for pmid in route.pmids
        if pmid in recent
    )


def missing(retrieved: Retrieved, *, optional: Collection[int]) -> tuple[Missing, ...]:
    """What waits as pending; `optional` PMIDs don't (a route will name them again, or they are deleted)."""
    lost = (Missing(pmid, f"not fetched: {why}") for pmid, why in retrieved.lost.items())
    return tuple(each for each in (*retrieved.fetched.missing, *lost) if each.pmid not in optional)


def watermarks(lines: Mapping[Ask, Sequence[LedgerLine]], started: datetime) -> tuple[Watermark, ...]:
    """For each lane that was read whole: the last day that was settled when the harvest began."""
    return tuple(
        Watermark(ask.topic, ask.lane, settled(started))
        for ask, each in lines.items()
        if not any(line.error for line in each)
    )


def failures(lines: Iterable[LedgerLine]) -> Iterator[str]:
    """Each error once, with all the lanes it struck."""
    struck: dict[str, list[str]] = {}
    for line in lines:
        name = line.lane.value if line.topic == line.lane else f"{line.topic} {line.lane}"
        if line.error and name not in struck.setdefault(line.error, []):
            struck[line.error].append(name)
    return (f"{', '.join(names)}: {error}" for error, names in struck.items())


def new_translations(
    lines: Mapping[Ask, Sequence[LedgerLine]], before: Mapping[tuple[str, Lane], str]
) -> Iterator[str]:
    """Topics that PubMed reads otherwise than last time, apart from the dates: each once."""
    changed: dict[str, str] = {}
    for ask, each in lines.items():
        old, new = plan.undated(before.get((ask.topic, ask.lane), "")), plan.undated(each[0].translation)
        if old and new and old != new:
            changed.setdefault(ask.topic, f"{ask.topic}: PubMed now reads the term as {new}; before: {old}")
    return iter(changed.values())


def new_warnings(
    lines: Mapping[Ask, Sequence[LedgerLine]], before: Collection[tuple[str, str]]
) -> Iterator[str]:
    """What PubMed warns of for the first time: a phrase not found, quotes dropped, a word ignored."""
    warnings = {
        (ask.topic, warning): None
        for ask, each in lines.items()
        for line in each
        for warning in line.warnings
    }
    fresh = [warned for warned in warnings if warned not in before]
    return (f"{topic}: PubMed says: {warning}" for topic, warning in fresh)


def losses(retrieved: Retrieved, gone: Collection[int]) -> Iterator[str]:
    """What PubMed did not hand out, or not readably."""
    for refusal in retrieved.fetched.refused:
        yield f"PMID {refusal.pmid or 'unknown'} could not be read: {refusal.reason}"
    for pmid, reason in retrieved.fetched.missing:
        if pmid in retrieved.unknown and pmid not in gone:
            yield f"PMID {pmid} is pending: {reason}"


def deletions(gone: Iterable[int]) -> Iterator[str]:
    """What was told or awaited and has left PubMed."""
    return (f"PMID {pmid} is gone from PubMed: deleted, or merged into another" for pmid in sorted(gone))
