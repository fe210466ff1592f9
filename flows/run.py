"""The monitor: harvest, then digest."""

from prefect import flow
from prefect.client.schemas.objects import State

from flows.digest import digest
from flows.harvest import harvest
from flows.runtime.outcome import Outcome, ended
from flows.runtime.parameters import Day, Moment


@flow(flow_run_name="{watch}")
def run(
    watch: str,
    since: Day | None = None,
    until: Day | None = None,
    now: Moment | None = None,
    anyway: bool = False,
) -> State[Outcome]:
    """Harvest, then digest. A harvest that failed ends the run: no digest says "nothing new" over it.

    Args:
        watch: The watch: its file's name without .toml.
        since: First day of an own window (backfill); moves no watermark.
        until: Last day of an own window.
        now: Run as of this moment.
        anyway: Send although there is more, or less, than the watch expects.
    """
    asked = ended(harvest(watch, since=since, until=until, now=now, return_state=True))
    if not isinstance(asked, Outcome):
        raise asked
    sent = ended(digest(watch, now=now, anyway=anyway, return_state=True))
    if not isinstance(sent, Outcome):
        raise sent
    return Outcome(
        watch=watch,
        flow="run",
        line=f"{asked.line}\n{sent.line}",
        trouble=tuple(dict.fromkeys((*asked.trouble, *sent.trouble))),
        notes=(*asked.notes, *sent.notes),
        facts={"harvest": asked.facts, "digest": sent.facts},
    ).state()
