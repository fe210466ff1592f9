"""The monitor: harvest, then digest."""

from prefect import flow
from prefect.client.schemas.objects import State

from flows.digest import digest
from flows.harvest import harvest
from flows.runtime.outcome import FlowOutcome, ended
from flows.runtime.parameters import Day, Moment


@flow(flow_run_name="{watch}")
def run(
    watch: str,
    since: Day | None = None,
    until: Day | None = None,
    now: Moment | None = None,
    anyway: bool = False,
    again: bool = False,
) -> State[FlowOutcome]:
    """Harvest, then digest. A harvest that failed ends the run: no digest says "nothing new" over it.

    Args:
        watch: The watch: its file's name without .toml.
        since: First day of an own window (backfill); moves no watermark.
        until: Last day of an own window.
        now: Run as of this moment.
        anyway: Send although there is more, or less, than the watch expects.
        again: Make a digest although this week's has been made and there is nothing new.
    """
    harvested = ended(harvest(watch, since=since, until=until, now=now, return_state=True))
    if not isinstance(harvested, FlowOutcome):
        raise harvested
    digested = ended(digest(watch, now=now, anyway=anyway, again=again, return_state=True))
    if not isinstance(digested, FlowOutcome):
        raise digested
    return FlowOutcome(
        watch=watch,
        flow="run",
        line=f"{harvested.line}\n{digested.line}",
        trouble=tuple(dict.fromkeys((*harvested.trouble, *digested.trouble))),
        notes=(*harvested.notes, *digested.notes),
        facts={"harvest": harvested.facts, "digest": digested.facts},
    ).state()
