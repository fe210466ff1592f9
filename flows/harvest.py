"""The harvest: what PubMed has, asked politely and remembered in one transaction."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows import seeds
from flows.runtime import resources, settings
from flows.runtime.outcome import FlowOutcome, done_since, operated, patient, superseded
from flows.runtime.parameters import Day, Moment, as_of, check_moment, check_window
from flows.runtime.settings import Settings
from flows.verdicts.mailbox import mailbox_trouble
from queries.ledger import believable
from queries.pubmed.eutils import clock
from queries.pubmed.harvest import PriorKnowledge, ask_watch
from queries.records.harvest import Harvest, Lane
from queries.records.library import Remembered
from queries.text import tokens
from queries.watch.file import Watch

REREAD = timedelta(days=7)  # what was told is read again that often...
AHEAD = timedelta(days=1)  # so much may a clock be ahead of PubMed's without a word
REMEMBERED = timedelta(days=730)  # ...for that long


@task(name="ask PubMed", cache_policy=NO_CACHE, **patient)
def ask(
    setting: Settings, watch: Watch, kind: str, now: datetime, since: date | None, until: date | None
) -> Harvest:
    """Ask every lane of every topic, as of `now` or of what PubMed's own clock says, if that is less."""
    with resources.pubmed(setting) as wire:
        moment = min(now, clock(wire) or now)
        known = _known(setting, watch, kind, moment)
        harvest = ask_watch(wire, watch, known, now=moment, flow=kind, since=since, until=until)
    if now - moment <= AHEAD:
        return harvest
    difference = f"PubMed's own clock says {moment:%Y-%m-%d %H:%M} UTC, and this run's {now:%Y-%m-%d %H:%M}"
    if setting.at_ncbi:
        mend = f"{difference}: read as of the earlier. Set this machine's clock"
        return replace(harvest, trouble=(*harvest.trouble, mend))
    # a mirror's clock may stand still on purpose
    return replace(harvest, notes=(*harvest.notes, f"{difference}: read as of the earlier"))


def _known(setting: Settings, watch: Watch, kind: str, now: datetime) -> PriorKnowledge:
    """What the library knows before a harvest; it is read here, and never held during a request."""

    def unknown(pmids: Collection[int]) -> set[int]:
        with resources.library(setting) as library:
            return library.unknown(pmids)

    with resources.library(setting) as library:
        told = {row.pmid for row in library.told(watch.name) if now - row.made < REMEMBERED}
        fetched = library.fetched(told - library.tombstones(told).keys())
        read = library.coverage(watch.name, now)
        return PriorKnowledge(
            watermarks=believable(library.watermarks(watch.name), read, now),
            unknown=unknown,
            pending=[row.pmid for row in library.pending(watch.name)],
            told=[
                pmid
                for pmid, times in fetched.items()
                if kind == "sweep" or not timedelta(0) <= now - times.last < REREAD
            ],
            translations=library.translations(watch.name),
            warned=library.warnings(watch.name),
            seed=library.seeds(watch.name, watch.seed).seed,
            began={lane.topic: lane.spans[0].since for lane in read if lane.lane is Lane.NEW and lane.spans},
            baseline=True,
        )


@task(name="remember", cache_policy=NO_CACHE)
def remember(setting: Settings, harvest: Harvest) -> Remembered:
    """Write all of a harvest, its watermarks included, or nothing; then count the terms of what is new.

    All of it is dated when the harvest began, which is no later than PubMed's own clock: a date in the
    future would be believed for years. Terms are kept once an article, so that to score it again is no
    re-reading.
    """
    with resources.library(setting) as library:
        remembered = library.remember(harvest, harvest.started)
    fresh = {*remembered.new, *remembered.changed}
    articles = [article for article in harvest.articles if article.pmid in fresh]
    counted = tokens.vectorise(articles)
    rows = {article.pmid: counted.row(place) for place, article in enumerate(articles)}
    with resources.library(setting) as library:
        library.keep_vectors(tokens.VOCABULARY, rows)
    return remembered


@flow(flow_run_name="{watch}", **operated)
def harvest(
    watch: str, since: Day | None = None, until: Day | None = None, now: Moment | None = None
) -> State[FlowOutcome]:
    """Ask PubMed what is new for a watch and remember it.

    Args:
        watch: The watch: its file's name without .toml.
        since: First day of an own window (backfill); moves no watermark.
        until: Last day of an own window.
        now: Run as of this moment.
    """
    if not (since or until or now) and (done := done_since(settings.read(), watch, "harvest")):
        return superseded(watch, "harvest", done).state()
    return harvest_watch("harvest", watch, as_of(now), since, until).state()


def harvest_watch(
    kind: str,
    name: str,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
    *,
    retried: bool = True,
) -> FlowOutcome:
    """Harvest or sweep (`kind`) a watch, alone, and tell how it went; a failure is noted for `status`.

    On schedule an outage is waited out for an hour and more, unless it is not to be `retried`.
    """
    setting = settings.read()
    check_window(since, until, now)
    run = "backfill" if since or until else kind  # what an own window lacks is no one else's trouble
    check_moment(setting, now)
    watch = resources.watch(setting, name)
    with resources.alone(setting, name), resources.noting_failure(setting, name, run, now):
        unheard = mailbox_trouble(setting, now)
        askable = seeds.complete(setting, watch, now)
        asking = ask if retried else ask.with_options(retries=0)
        brought = replace(asking(setting, askable, kind, now, since, until), flow=run)
        remembered = remember(setting, brought)
    create_table_artifact(_table(brought), key=f"ledger-{name}", description=f"Ledger of {name}")
    found = len({sighting.pmid for sighting in brought.sightings})
    return FlowOutcome(
        watch=name,
        flow=kind,
        line=(
            f"{name}: {len(brought.lines)} questions asked, {found} records found, "
            f"{len(remembered.new)} new to the library, {len(remembered.changed)} changed."
        ),
        trouble=brought.trouble,
        notes=(*brought.notes, *unheard),
        facts={
            "asked": len(brought.lines),
            "found": found,
            "new": len(remembered.new),
            "changed": len(remembered.changed),
            "pending": [missing.pmid for missing in brought.missing],
            "warnings": sorted({warning for line in brought.lines for warning in line.warnings}),
        },
    )


def _table(brought: Harvest) -> list[dict[str, object]]:
    """The ledger as Prefect shows it: a row a slice."""
    return [
        {
            "topic": line.topic,
            "lane": line.lane.value,
            "window": f"{line.window.field.upper()} {line.window.since} to {line.window.until or 'today'}"
            if line.window
            else "",
            "count": line.count,
            "received": line.received,
            "known": line.known,
            "new": line.new,
            "missing": line.missing,
            "warnings": "; ".join(line.warnings),
            "error": line.error,
        }
        for line in brought.lines
    ]
