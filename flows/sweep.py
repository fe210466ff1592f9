"""The back-sweep: everything of the last two years asked once more, so that nothing found late is lost.

Since the library then holds two years, it is also when the seed's keywords are looked over;
and it is backed up.
"""

from dataclasses import asdict, replace
from datetime import datetime

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State

from flows.harvest import harvest_watch
from flows.runtime import resources, settings
from flows.runtime.backups import back_up
from flows.runtime.outcome import FlowOutcome, done_since, operated, superseded
from flows.runtime.parameters import Moment, as_of
from queries.calendar import eastern_day
from queries.drift import drift
from queries.errors import SeedwatchError
from reports.answers.drift import line, markdown


@flow(flow_run_name="{watch}", **operated)
def sweep(watch: str, now: Moment | None = None) -> State[FlowOutcome]:
    """Ask for all that a watch's topics match, and read all that was told again.

    Args:
        watch: The watch: its file's name without .toml.
        now: Run as of this moment.
    """
    if not now and (done := done_since(settings.read(), watch, "sweep")):
        return superseded(watch, "sweep", done).state()
    moment = as_of(now)
    return with_backup(with_drift(harvest_watch("sweep", watch, moment), moment)).state()


def with_drift(outcome: FlowOutcome, now: datetime) -> FlowOutcome:
    """Add how often each seed keyword was met a month, and the words that rise beside it."""
    setting = settings.read()
    watch = resources.watch(setting, outcome.watch)
    with resources.library(setting) as library:
        articles = library.articles(sorted(library.seen(watch.name)))
    found = drift(articles, watch.anchors, watch.seed.keywords, eastern_day(now))
    create_markdown_artifact(
        markdown(watch.title, found),
        key=f"keywords-{watch.name}",
        description=f"Keywords of {watch.name}",
    )
    note = line(found)
    return replace(
        outcome,
        notes=(*outcome.notes, note) if note else outcome.notes,
        facts={
            **outcome.facts,
            "keywords": {**asdict(found), "rises": [rise._asdict() for rise in found.rises]},
        },
    )


def with_backup(outcome: FlowOutcome) -> FlowOutcome:
    """Back the library up, or add a note that this failed: the sweep itself has done its work."""
    setting = settings.read()
    try:
        with resources.library(setting) as library:
            back_up(setting, library)
    except SeedwatchError as error:
        return replace(outcome, notes=(*outcome.notes, f"The library could not be backed up: {error}"))
    return outcome
