"""The back-sweep: everything of the last two years asked once more, so that nothing found late is lost.

Since the library then holds two years, it is also when the seed's keywords are looked over.
"""

from dataclasses import asdict, replace
from datetime import datetime

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State

from flows.harvest import gathered
from flows.runtime import resources as doors
from flows.runtime import settings
from flows.runtime.outcome import Outcome, operated
from flows.runtime.parameters import Moment, as_of
from queries.calendar import eastern_day
from queries.drift import drift
from reports.answers import drift as telling


@flow(flow_run_name="{watch}", **operated)
def sweep(watch: str, now: Moment | None = None) -> State[Outcome]:
    """Ask for all that a watch's topics match, and read all that was told again.

    Args:
        watch: The watch: its file's name without .toml.
        now: Run as of this moment.
    """
    moment = as_of(now)
    return look_over(gathered("sweep", watch, None, None, moment), moment).state()


def look_over(outcome: Outcome, now: datetime) -> Outcome:
    """Add how often each seed keyword was met a month, and the words that rise beside it."""
    setting = settings.read()
    watch = doors.watch(setting, outcome.watch)
    with doors.library(setting) as library:
        articles = library.articles(sorted(library.seen(watch.name)))
    found = drift(articles, watch.anchors, watch.seed.keywords, eastern_day(now))
    create_markdown_artifact(
        telling.markdown(watch.title, found),
        key=f"keywords-{watch.name}",
        description=f"Keywords of {watch.name}",
    )
    said = telling.line(found)
    return replace(
        outcome,
        notes=(*outcome.notes, said) if said else outcome.notes,
        facts={
            **outcome.facts,
            "keywords": {**asdict(found), "rises": [rise._asdict() for rise in found.rises]},
        },
    )
