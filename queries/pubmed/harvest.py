"""One harvest: questions, complete searches, unknown records fetched, a Harvest for the library.

    ask_watch(wire, watch, known, now=…, flow="harvest", since=None, until=None) -> records.Harvest

    known = PriorKnowledge(
        watermarks=…,     # tuple[Watermark, ...] of this watch
        unknown=…,        # Callable[[Collection[int]], set[int]]: which of these the library lacks
        pending=…,        # PMIDs asked before and not returned: asked again
        told=…,           # lane E: PMIDs told, to be read again (retractions, deletions)
        translations=…,   # {(topic, lane): PubMed's translation last time}
        warned=…,         # {(topic, warning)} that PubMed gave before: told once
        seed=…,           # the seed's PMID if the library has it, else it is looked up by DOI
        began=…,          # {topic: the first day that was read of it}
        baseline=…,       # whether what was there before a topic's first day is asked and taken as known
    )

`flow` is "harvest" (lanes A, B, C and the routes) or "sweep" (lane D); with `since` or `until` it is
a backfill, which moves no watermark. `now` knows its zone. Sightings and ledger lines name a topic by
its `short`, a route by its lane ("similar", "cited_by"), lane E by "told".

The library is not imported: it lends `unknown`, which is called once, with no request under way.
Failure is told in the result as long as anything was learned: a lane that is not complete has no
watermark, and `trouble` says why. If no search at all was answered, the first error is raised.
"""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from queries.calendar import eastern_day
from queries.errors import Incomplete, InputError, Outage, PubMedError
from queries.pubmed import ledger, plan
from queries.pubmed.eutils import BATCH, efetch, elink, esearch, joined
from queries.pubmed.ledger import Retrieved, Route
from queries.pubmed.search import Piece, Searches
from queries.pubmed.seed import resolve_seed
from queries.pubmed.wire import Wire
from queries.records.article import Article
from queries.records.harvest import Ask, Harvest, Lane, Watermark
from queries.watch.file import Topic, Watch

WORKERS = 10  # requests under way at once: NCBI's higher rate times a second's latency
LINKNAMES = {Lane.SIMILAR: "pubmed_pubmed", Lane.CITED_BY: "pubmed_pubmed_citedin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorKnowledge:
    """What the library knows before a harvest (see the module's head)."""

    watermarks: tuple[Watermark, ...] = ()
    unknown: Callable[[Collection[int]], set[int]] = set
    pending: Collection[int] = ()
    told: Collection[int] = ()
    translations: Mapping[tuple[str, Lane], str] = field(default_factory=dict)
    warned: Collection[tuple[str, str]] = ()
    seed: int | None = None
    began: Mapping[str, date] = field(default_factory=dict)
    baseline: bool = False


def ask_watch(  # noqa: PLR0913 - settings, each given by name
    wire: Wire,
    watch: Watch,
    known: PriorKnowledge,
    *,
    now: datetime,
    flow: str = "harvest",
    since: date | None = None,
    until: date | None = None,
    cap: int = plan.CAP,
) -> Harvest:
    """Ask PubMed all of a watch and bring home what the library lacks; see the module's head.

    `cap` is the number of hits above which a search is sliced. Raises Outage or Refused if no search
    was answered, SettingsError for a key that NCBI doesn't know.
    """
    now = now.astimezone(UTC)
    asks = _asks(watch, known, now, flow, since, until)
    own = since is until is None
    starts = {ask.topic: known.began.get(ask.topic, ask.window.since) for ask in asks if ask.window}
    began = min(starts.values(), default=eastern_day(now))
    before = plan.baseline(_unread(watch, known), starts) if own and flow == "harvest" else ()
    asks += before
    with ThreadPoolExecutor(WORKERS) as pool:
        # the searches are sent first: the first answer proves the way, and routes are optional
        today = eastern_day(now)
        searches = Searches(pool, lambda term: esearch(wire, term), asks, today=today, cap=cap)
        following = [] if flow == "sweep" else _follow(pool, wire, watch, known.seed)
        pieces = searches.pieces()
        routes = [route.result() for route in following]
        if failed := _unanswered(pieces):
            raise failed
        found = {ask: ledger.pmids_of(each) for ask, each in pieces.items()}
        linked = {pmid for route in routes for pmid in route.pmids}
        fresh = {ask.topic for ask in before} if not watch.schedule.backlog else set()
        old = {pmid for ask in asks if ask in before or ask.topic in fresh for pmid in found[ask]}
        unknown = known.unknown(linked.union(*found.values())) - old
        # what was revised is fetched although it is known: that is how a retraction is seen
        revised = {pmid for ask, pmids in found.items() if ask.lane is Lane.REVISED for pmid in pmids}
        retrieved = _fetch(pool, wire, unknown, unknown.union(revised - old, known.told, known.pending))
        gone = _gone(wire, retrieved, {*known.told, *known.pending})
    lines = {ask: ledger.lines(each, retrieved) for ask, each in pieces.items()}
    extra = [ledger.route_line(route, retrieved) for route in routes]
    if known.told:
        extra.append(ledger.route_line(Route(Lane.REREAD, tuple(known.told)), retrieved))
    seeds = tuple(route.seed for route in routes if route.seed)[:1]
    return Harvest(
        watch=watch.name,
        flow=flow,
        started=now,
        lines=(*(line for each in lines.values() for line in each), *extra),
        articles=(*retrieved.fetched.articles, *seeds),
        sightings=(*ledger.sightings(found), *ledger.route_sightings(routes, found, retrieved, began)),
        missing=ledger.missing(retrieved, optional=gone | linked.difference(*found.values())),
        refused=retrieved.fetched.refused,
        watermarks=ledger.watermarks(lines, now) if own else (),
        trouble=(
            *ledger.failures([*(line for each in lines.values() for line in each), *extra]),
            *ledger.losses(retrieved, gone),
        ),
        notes=(
            *ledger.new_translations(lines, known.translations),
            *ledger.new_warnings(lines, known.warned),
            *ledger.deletions(gone),
        ),
        gone=tuple(sorted(gone)),
        baseline=tuple(sorted(old | _from_before(retrieved, set().union(*found.values()), began)))
        if known.baseline
        else (),
    )


def _unread(watch: Watch, known: PriorKnowledge) -> list[Topic]:
    """The topics of which nobody knows yet what was there before: all at first, later one that is new."""
    read = {mark.topic for mark in known.watermarks if mark.lane is Lane.SWEEP}
    return [topic for topic in watch.topics if known.baseline and topic.short not in read]


def _from_before(retrieved: Retrieved, found: set[int], began: date) -> set[int]:
    """Finds from before what a watch takes as known: revised or indexed now, not newly matching."""
    horizon = began - timedelta(days=plan.SWEPT)
    return {
        article.pmid
        for article in retrieved.fetched.articles
        if article.pmid in found and article.created and article.created.date() < horizon
    }


def _gone(wire: Wire, retrieved: Retrieved, awaited: set[int]) -> set[int]:
    """Those of the awaited PMIDs that were not handed out and that a search doesn't find either."""
    suspects = awaited.intersection(missing.pmid for missing in retrieved.fetched.missing)
    if not suspects:
        return set()
    try:
        return suspects.difference(esearch(wire, " OR ".join(f"{pmid}[uid]" for pmid in suspects)).pmids)
    except PubMedError:
        return set()  # not shown to be gone: asked for again


def _asks(
    watch: Watch, known: PriorKnowledge, now: datetime, flow: str, since: date | None, until: date | None
) -> tuple[Ask, ...]:
    first = watch.schedule.first_days
    if since or until:
        earliest = since or (until or eastern_day(now)) - timedelta(days=first)
        return plan.backfill(watch.topics, earliest, until)
    if flow == "sweep":
        return plan.sweep(watch.topics, now)
    return plan.asks(watch.topics, now=now, watermarks=known.watermarks, first_days=first)


def _unanswered(pieces: Mapping[Ask, Collection[Piece]]) -> PubMedError | None:
    """The error to raise if nothing at all was answered."""
    errors = [piece.error for each in pieces.values() for piece in each]
    if any(error is None or isinstance(error, Incomplete) for error in errors):
        return None
    raised = [error for error in errors if error]
    return next((error for error in raised if isinstance(error, Outage)), raised[0] if raised else None)


def _follow(pool: Executor, wire: Wire, watch: Watch, pmid: int | None) -> list[Future[Route]]:
    """Send for the routes of a watch; both wait for the seed's PMID, which one of them looks up."""
    wanted = {Lane.SIMILAR: watch.routes.similar, Lane.CITED_BY: watch.routes.cited_by}
    lanes = [lane for lane, wants in wanted.items() if wants]
    pmid = watch.seed.pmid or pmid
    seed = pool.submit(resolve_seed, wire, watch.seed.doi) if lanes and pmid is None else None
    return [pool.submit(_route, wire, lane, pmid, seed) for lane in lanes]


def _route(wire: Wire, lane: Lane, pmid: int | None, seed: Future[Article] | None) -> Route:
    """Follow a link from the seed: enrichment, so failure is told and blocks nothing."""
    article = None
    try:
        if seed is not None:
            article = seed.result()
            pmid = article.pmid
        assert pmid is not None  # noqa: S101 - one of both is given
        return Route(lane, _linked(wire, lane, pmid), seed=article)
    except (PubMedError, InputError) as error:
        return Route(lane, (), str(error), article)


def _linked(wire: Wire, lane: Lane, pmid: int) -> tuple[int, ...]:
    """Neighbours with scores if PubMed serves them, else without (it fails for very popular PMIDs)."""
    name = LINKNAMES[lane]
    if lane is Lane.SIMILAR:
        try:
            return tuple(link.pmid for link in elink(wire, pmid, name, scores=True))
        except PubMedError:
            return tuple(link.pmid for link in elink(wire, pmid, name))
    return tuple(link.pmid for link in elink(wire, pmid, name))


def _fetch(pool: Executor, wire: Wire, unknown: set[int], wanted: Collection[int]) -> Retrieved:
    """Fetch in batches, side by side; a batch that fails takes no other with it."""
    pmids = sorted(wanted)
    batches = [pmids[start : start + BATCH] for start in range(0, len(pmids), BATCH)]
    sent = [pool.submit(efetch, wire, batch) for batch in batches]
    fetched, lost = [], dict[int, str]()
    for batch, future in zip(batches, sent, strict=True):
        try:
            fetched.append(future.result())
        except PubMedError as error:
            lost.update(dict.fromkeys(batch, str(error)))
    return Retrieved(frozenset(unknown), joined(fetched), lost)
