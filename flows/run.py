"""The monitor: harvest, then digest."""

from datetime import date, datetime

from prefect import flow
from prefect.client.schemas.objects import State

from flows.digest import digest
from flows.harvest import harvest
from flows.outcome import Outcome


@flow(flow_run_name="{watch}")
def run(
    watch: str, since: date | None = None, until: date | None = None, now: datetime | None = None
) -> State[Outcome]:
    """Harvest, then digest. A harvest that failed ends the run: no digest says "nothing new" over it.

    Args:
        watch: The watch: its file's name without .toml.
        since: First day of an own window (backfill); moves no watermark.
        until: Last day of an own window.
        now: Run as of this moment.
    """
    brought = harvest(watch, since=since, until=until, now=now, return_state=True)
    if (brought.is_failed() and brought.name != "Degraded") or brought.is_crashed():
        return brought
    asked: Outcome = brought.result(raise_on_failure=False)
    told = digest(watch, now=now, return_state=True)
    if (told.is_failed() and told.name != "Degraded") or told.is_crashed():
        return told
    sent: Outcome = told.result(raise_on_failure=False)
    return Outcome(
        watch=watch,
        flow="run",
        line=f"{asked.line}\n{sent.line}",
        trouble=tuple(dict.fromkeys((*asked.trouble, *sent.trouble))),
        facts={"harvest": asked.facts, "digest": sent.facts},
    ).state()
