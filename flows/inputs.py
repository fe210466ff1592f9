"""The editor's desk: all that a digest is made from, laid out, and the issue made of it.

`gather` reads the library once and closes it; `edit` is pure, and may take its time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flows.seeds import seed_set
from queries import calendar
from queries.evidence import assess
from queries.library import Store
from queries.library.articles import BEGINNING
from queries.ranking import VERSION, Ranker, SeedSet
from queries.records.article import Article
from queries.records.digest import Issue, Kind
from queries.records.harvest import Lane, LedgerLine
from queries.records.library import Coverage, PastDigest, Run, Seen, Span, Told
from queries.text.keywords import hits
from queries.text.tokens import VOCABULARY, Vectors, vectorise
from queries.updates import Event, events, is_preprint, subject_of
from queries.watch.file import Watch
from reports.digest import compose, wording
from reports.digest.record import Coverage as Covered
from reports.digest.record import Digest, Links, Threshold, decisions, dump

WEEKS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the library knows when a digest is made.

    `waiting` are the PMIDs to decide about, those `reindexed` among them for the second time, since
    their abstract or MeSH arrived; `works` maps every found PMID and `seen` every waiting one,
    `terms` those whose terms were counted when they came;
    `closed` are works that were told, or known when the watch began; `notices` maps each waiting
    notice about a told paper to that paper's work, whose change it is.
    """

    watch: Watch
    now: datetime
    number: int
    last: PastDigest | None
    found: frozenset[int]
    waiting: frozenset[int]
    works: Mapping[int, int]
    closed: frozenset[int]
    reindexed: frozenset[int]
    notices: Mapping[int, int]
    events: tuple[Event, ...]
    articles: Mapping[int, Article]
    terms: Mapping[int, tuple[list[int], list[int]]]
    seen: Mapping[int, Sequence[Seen]]
    seeds: SeedSet
    ledger: tuple[LedgerLine, ...]
    harvests: tuple[Run, ...]
    coverage: Covered | None
    days: Span
    trends: Mapping[str, Sequence[int]]


def gather(library: Store, watch: Watch, now: datetime) -> Desk:
    """Lay out what is unreported and all that bears on it."""
    last = library.last_digest(watch.name)
    since = last.made if last else BEGINNING
    told = library.told(watch.name)
    reindexed = library.reindexed(watch.name)
    waiting = library.unreported(watch.name) | reindexed
    found = library.found(watch.name, since) | reindexed
    works = library.works(found)
    seen = defaultdict(list)
    for sighting in library.sightings(watch.name, waiting):
        seen[sighting.pmid].append(sighting)
    articles = {article.pmid: article for article in library.articles(sorted(waiting))}
    told_works = library.works({row.pmid for row in told})
    coverage = _coverage(watch, library.coverage(watch.name))
    read = Span(coverage.since, coverage.until) if coverage else None
    days = calendar.digest_days(read, last.until if last else None, now)
    return Desk(
        watch=watch,
        now=now,
        number=last.number + 1 if last else 1,
        last=last,
        found=frozenset(found),
        waiting=frozenset(waiting),
        works=works,
        closed=library.closed(watch.name),
        reindexed=frozenset(reindexed),
        events=_events(library, told),
        articles=articles,
        terms=library.vectors(VOCABULARY, waiting),
        notices={
            pmid: told_works[about]
            for pmid, article in articles.items()
            if (about := subject_of(article)) in told_works
        },
        seen=seen,
        seeds=seed_set(library, watch),
        ledger=library.ledger(watch.name, since),
        harvests=tuple(run for run in library.runs(watch.name) if run.flow == "harvest"),
        coverage=coverage,
        days=days,
        trends=library.trends(watch.name, days.until, WEEKS),
    )


def _events(library: Store, told: Sequence[Told]) -> tuple[Event, ...]:
    """What happened to told papers, their works and notices being looked up."""
    works = library.together([row.pmid for row in told])
    pmids = sorted(set().union(*works.values()))
    articles = {article.pmid: article for article in library.articles(pmids)}
    notices = {link.pmid for article in articles.values() for link in article.links if link.pmid}
    articles |= {notice.pmid: notice for notice in library.articles(sorted(notices - articles.keys()))}
    return events(told, articles, works, library.tombstones(pmids))


def edit(desk: Desk, *, sample: bool) -> Issue:
    """Rank, decide and compose. Raises LedgerError if the sums don't add up."""
    watch = desk.watch
    works = _waiting_works(desk)
    chosen = {work: _best(desk.articles[pmid] for pmid in pmids) for work, pmids in works.items()}
    ranker = Ranker(desk.seeds, hits=partial(hits, anchors=watch.anchors, keywords=watch.seed.keywords))
    articles = list(chosen.values())
    vectors = _vectors(desk, articles)
    scored = {one.pmid: one for one in ranker.score(articles, vectors)}
    candidates = [
        compose.Candidate(
            article=article,
            work=work,
            scored=scored[article.pmid],
            topics=tuple({each.topic for pmid in works[work] for each in desk.seen[pmid]}),
            lanes=(lanes := tuple({each.lane for pmid in works[work] for each in desk.seen[pmid]})),
            evidence=assess(article),
            kind=_kind(article, lanes, desk),
        )
        for work, article in chosen.items()
    ]
    judged = {article.pmid for article in chosen.values()}
    digest = compose.compose(
        watch,
        compose.Round(
            number=desk.number,
            since=desk.days.since,
            until=desk.days.until,
            now=desk.now,
            found=desk.found,
            known={pmid: desk.works[pmid] for pmid in desk.found - desk.waiting},
            merged={pmid: desk.notices.get(pmid, desk.works[pmid]) for pmid in desk.waiting - judged},
            candidates=candidates,
            updates=[_update(event) for event in desk.events],
            coverage=desk.coverage,
            ledger=desk.ledger,
            trouble=_trouble(desk),
            notes=_notes(desk),
            trends=desk.trends,
        ),
        threshold=_threshold(desk, ranker, articles, vectors),
        seed=desk.seeds.seed,
        links=Links(archive=watch.digest.archive, mailbox=watch.digest.mailbox),
        sample=sample,
    )
    return Issue(
        watch=watch.name,
        number=desk.number,
        made=desk.now,
        since=digest.since,
        until=digest.until,
        subject=wording.subject(digest),
        flow=digest.flow,
        decisions=decisions(digest),
        scores=tuple(scored[pmid] for pmid in sorted(scored)),
        recipients=tuple(each.name for each in watch.recipients) if _worth_sending(digest, watch) else (),
        body=dump(digest),
        ranker=VERSION,
    )


def _waiting_works(desk: Desk) -> dict[int, list[int]]:
    """The PMIDs of each work to be decided; those of a closed work, or about one, are merged into it."""
    works = defaultdict(list)
    for pmid in sorted(desk.waiting):
        if desk.works[pmid] not in desk.closed and pmid not in desk.notices:
            works[desk.works[pmid]].append(pmid)
    return dict(works)


def _best(articles: Iterable[Article]) -> Article:
    """The record that stands for a work: the article before its preprint, then the one that says most."""
    return max(
        articles,
        key=lambda article: (
            not is_preprint(article),
            bool(article.abstract),
            bool(article.mesh),
            -article.pmid,
        ),
    )


def _kind(article: Article, lanes: Sequence[Lane], desk: Desk) -> Kind:
    if article.pmid in desk.reindexed:
        return Kind.REINDEXED
    return Kind.LATE if set(lanes) == {Lane.SWEEP} else Kind.NEW


def _update(event: Event) -> compose.Update:
    return compose.Update(
        kind=event.kind,
        article=event.article,
        work=event.work,
        told_in=event.told_in,
        note=event.note,
        when=event.when,
        link=wording.pubmed(event.notice) if event.notice else "",
    )


def _vectors(desk: Desk, articles: Sequence[Article]) -> Vectors:
    """The counted terms of articles, as they were kept; those of a library from before are counted now."""
    rows = [desk.terms.get(each.pmid) or vectorise([each]).row(0) for each in articles]
    return Vectors.of_rows([each.pmid for each in articles], rows)


def _threshold(desk: Desk, ranker: Ranker, articles: Sequence[Article], vectors: Vectors) -> Threshold:
    if desk.watch.digest.threshold == "auto":
        return Threshold(*ranker.threshold(articles, vectors))
    return Threshold(desk.watch.digest.threshold, "set in the watch")


def _coverage(watch: Watch, lanes: Sequence[Coverage]) -> Covered | None:
    """What all topics of the watch have been read for, by creation date: latest start, earliest end."""
    topics = {topic.short for topic in watch.topics}
    new = [lane for lane in lanes if lane.lane is Lane.NEW and lane.spans and lane.topic in topics]
    if len(new) < len(topics):
        return None
    return Covered(
        max(lane.spans[0].since for lane in new),
        min(lane.spans[-1].until for lane in new),
        tuple(sorted({(gap.since, gap.until) for lane in new for gap in lane.gaps})),
    )


def _trouble(desk: Desk) -> list[str]:
    """What the last harvest could not read, and whether it was long ago."""
    trouble = list(desk.harvests[-1].trouble) if desk.harvests else ["PubMed has not been asked yet"]
    if desk.coverage is None and desk.harvests:
        trouble.append("Not every topic of the watch has been read yet: the next harvest reads it")
    if desk.coverage and calendar.stale(desk.coverage.until, desk.now):
        trouble.append(f"PubMed has been read only up to {wording.day(desk.coverage.until)}")
    return trouble


def _notes(desk: Desk) -> list[str]:
    if desk.seeds.seed:
        return []
    return ["PubMed holds no record of the seed: the ranking goes by its keywords and further examples."]


def _worth_sending(digest: Digest, watch: Watch) -> bool:
    return bool(watch.digest.empty or digest.entries or digest.changes or digest.trouble)
