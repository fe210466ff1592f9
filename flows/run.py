"""The monitor: harvest, then digest."""

from prefect import flow
from prefect.client.schemas.objects import State

from flows.digest import digest
from flows.harvest import harvest
from flows.runtime import settings
from flows.runtime.outcome import Caller, FlowOutcome, called_by, done_since, ended, operated, superseded
from flows.runtime.parameters import Day, Moment
from flows.runtime.rehearsal import rehearsal_if


@flow(flow_run_name="{watch}", **operated)
def run(
    watch: str,
    since: Day | None = None,
    until: Day | None = None,
    now: Moment | None = None,
    anyway: bool = False,
    again: bool = False,
    preview: bool = False,
) -> State[FlowOutcome]:
    """Harvest, then digest. A harvest that failed ends the run: no digest says "nothing new" over it."""
    own = since or until or now or anyway or again or preview
    if not own and (done := done_since(settings.read(), watch, "harvest", "digest")):
        return superseded(watch, "run", done).state()
    with rehearsal_if(preview, watch), called_by(Caller.RUN):
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
