"""What a digest is made from, read from the library once: the library is closed before it is edited."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from queries import calendar
from queries.library import Library
from queries.library.articles import BEGINNING
from queries.ranking import SeedSet
from queries.records.harvest import Lane
from queries.records.library import Coverage, Span, Told
from queries.text.tokens import VOCABULARY
from queries.updates import Update, subject_of, updates
from queries.watch.file import Watch
from reports.digest.inputs import Inputs
from reports.digest.record import DaysRead

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
        trends=library.trends(watch.name, days.until, WEEKS),
    )


def seed_set(library: Library, watch: Watch) -> SeedSet:
    """The seed set as the ranking takes it, readers' verdicts included."""
    pmids = library.seeds(watch.name, watch.seed)
    verdicts = library.feedback(watch.name)
    return SeedSet(
        seed=next(iter(library.articles([pmids.seed] if pmids.seed else [])), None),
        keywords=watch.seed.keywords,
        references=tuple(library.articles(pmids.cited)),
        more=tuple(library.articles(pmids.more)),
        positive=tuple(library.articles([pmid for pmid, good in verdicts.items() if good])),
        negative=tuple(library.articles([pmid for pmid, good in verdicts.items() if not good])),
    )


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
