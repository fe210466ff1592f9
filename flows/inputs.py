"""What a digest is made from, read from the library once: the library is closed before it is edited."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from queries import calendar
from queries.library import Library
from queries.library.articles import BEGINNING
from queries.ranking import SeedSet
from queries.records.digest import Band
from queries.records.harvest import Lane
from queries.records.library import Coverage, PastDigest, Span, Told
from queries.text.tokens import VOCABULARY
from queries.updates import Update, subject_of, updates
from queries.watch.file import Watch
from reports.digest.inputs import Inputs, NewVerdicts
from reports.digest.record import DaysRead, Digest, JudgedBand, PastEntry, load

WEEKS = 8


def gather(library: Library, watch: Watch, now: datetime) -> Inputs:
    """What is unreported and all that bears on it."""
    last = library.last_digest(watch.name)
    # a digest dated in the future was made by a wrong clock, and tells nothing about when
    since = last.made if last and last.made <= now else BEGINNING
    told = library.told(watch.name)
    reindexed = library.reindexed(watch.name)
    pmids = library.seeds(watch.name, watch.seed)
    examples = {
        pmid for pmid in (pmids.seed, watch.seed.pmid, *pmids.more) if pmid
    }  # known to whoever made the watch
    waiting = (library.unreported(watch.name) | reindexed) - examples
    found = library.found(watch.name, since) | reindexed
    sightings = defaultdict(list)
    for sighting in library.sightings(watch.name, waiting):
        sightings[sighting.pmid].append(sighting)
    articles = {article.pmid: article for article in library.articles(sorted(waiting))}
    told_works = library.works({row.pmid for row in told})
    runs = library.runs(watch.name)
    # what an own window lacked is no trouble of the watch, but PubMed has been asked
    harvests = [run for run in runs if run.flow == "harvest"] or [
        run for run in runs if run.flow == "backfill"
    ]
    days_read = _days_read(watch, library.coverage(watch.name, now))
    read = Span(days_read.since, days_read.until) if days_read else None
    bodies = [load(digest.body) for digest in library.digests(watch.name)[-WEEKS:]]
    days = calendar.digest_days(read, last.until if last and last.made <= now else None, now)
    return Inputs(
        watch=watch,
        now=now,
        days=days,
        number=last.number + 1 if last else 1,
        found=frozenset(found),
        waiting=frozenset(waiting),
        works=library.works(found),
        closed=library.closed(watch.name, waiting) | set(library.works(examples).values()),
        reindexed=frozenset(reindexed),
        notices={
            pmid: told_works[about]
            for pmid, article in articles.items()
            if (about := subject_of(article)) in told_works
        },
        updates=_updates(library, told),
        articles=articles,
        terms=library.vectors(VOCABULARY, waiting),
        sightings=sightings,
        seeds=seed_set(library, watch),
        ledger=library.ledger(watch.name, since),
        harvest=harvests[-1] if harvests else None,
        days_read=days_read,
        past=_past(bodies),
        watched=tuple(body.until.isocalendar()[:2] for body in bodies),
        asked_before=bodies[-1].topics if bodies else (),
        judged=_judged(library, watch.name),
        new_verdicts=_new_verdicts(library, watch, last),
    )


def seed_set(library: Library, watch: Watch, until: datetime | None = None) -> SeedSet:
    """The seed set as the ranking takes it, with the readers' verdicts that were heard by `until`."""
    pmids = library.seeds(watch.name, watch.seed)
    verdicts = library.feedback(watch.name, until)
    return SeedSet(
        seed=next(iter(library.articles([pmids.seed] if pmids.seed else [])), None),
        keywords=watch.seed.keywords,
        references=tuple(library.articles(pmids.cited)),
        more=tuple(library.articles(pmids.more)),
        positive=tuple(library.articles([pmid for pmid, good in verdicts.items() if good])),
        negative=tuple(library.articles([pmid for pmid, good in verdicts.items() if not good])),
    )


def _past(bodies: Sequence[Digest]) -> tuple[PastEntry, ...]:
    """What digests told, the oldest first."""
    return tuple(
        PastEntry(body.number, body.until.isocalendar()[:2], each.question, each.topics, each.score)
        for body in bodies
        for each in body.entries
    )


def _judged(library: Library, watch: str) -> tuple[JudgedBand, ...]:
    """Readers' newest verdicts, by the band that each article was told in."""
    verdicts = library.feedback(watch)
    scores = {score.pmid: score.score for score in library.scores(watch, verdicts)}
    bands = Counter(Band.of(scores[pmid]) for pmid in verdicts if pmid in scores)
    useful = Counter(Band.of(scores[pmid]) for pmid, good in verdicts.items() if good and pmid in scores)
    return tuple(JudgedBand(band, useful[band], bands[band]) for band in Band if bands[band])


def _new_verdicts(library: Library, watch: Watch, last: PastDigest | None) -> NewVerdicts | None:
    """What readers said since the last digest, None if nothing that counts."""
    if not last:
        return None
    before, now = library.feedback(watch.name, last.made).items(), library.feedback(watch.name).items()
    count = len({pmid for pmid, _ in before ^ now})
    return NewVerdicts(count, last.number, seed_set(library, watch, last.made)) if count else None


def _updates(library: Library, told: Sequence[Told]) -> tuple[Update, ...]:
    """What happened to told papers, their works and notices being looked up."""
    works = library.together([row.pmid for row in told])
    pmids = sorted(set().union(*works.values()))
    articles = {article.pmid: article for article in library.articles(pmids)}
    notices = {link.pmid for article in articles.values() for link in article.links if link.pmid}
    articles |= {notice.pmid: notice for notice in library.articles(sorted(notices - articles.keys()))}
    return updates(told, articles, works, library.tombstones(pmids))


def _days_read(watch: Watch, lanes: Sequence[Coverage]) -> DaysRead | None:
    """What all topics of the watch have been read for, by creation date: latest start, earliest end."""
    topics = {topic.short for topic in watch.topics}
    new = [lane for lane in lanes if lane.lane is Lane.NEW and lane.spans and lane.topic in topics]
    if len(new) < len(topics):
        return None
    return DaysRead(
        max(lane.spans[0].since for lane in new),
        min(lane.spans[-1].until for lane in new),
        tuple(sorted({gap for lane in new for gap in lane.gaps})),
    )
