"""How a run ends, for Prefect, for the shell and for a script; and when it is tried again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from prefect import Flow, Task
from prefect.client.schemas.objects import FlowRun, State, TaskRun
from prefect.runtime import deployment
from prefect.states import Completed, Failed

from flows import settings
from queries.errors import Outage, StoreBusy
from reports.delivery import alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One flow run: `line` for a person, `facts` for a script.

    `trouble` degrades it, `notes` are what the operator should know though nothing failed.
    """

    watch: str
    flow: str
    line: str
    trouble: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 done, 3 done but degraded."""
        return 3 if self.trouble else 0

    def state(self) -> State["Outcome"]:
        """Prefect's final state. A degraded run is Failed, so that no schedule looks green over it."""
        if self.trouble:
            return Failed(name="Degraded", message=" ".join((self.line, *self.trouble)), data=self)
        return Completed(message=self.line, data=self)


def _worth_another_try(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether waiting may help, and nobody sits at a terminal waiting with us."""
    error = state.result(raise_on_failure=False)
    return bool(deployment.id) and isinstance(error, Outage | StoreBusy)


# wire.py has tried for minutes by then; a schedule can wait longer than a person
patient: Final[dict[str, Any]] = {
    "retries": 3,
    "retry_delay_seconds": [60, 600, 3600],
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": _worth_another_try,
}


def tell_operator(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Send the operator what happened, on the channel that SEEDWATCH_OPS_URL names, if any."""
    if url := settings.read().ops_url:
        title = f"seedwatch: {flow.name} {flow_run.name}: {state.name}"
        alert(url, title, state.message or "No reason was given")


def ended(state: State[Any]) -> Outcome | BaseException:
    """The outcome of a flow that ran to its end, degraded or not, else what it died of."""
    result = state.result(raise_on_failure=False)
    return result if isinstance(result, Outcome | BaseException) else RuntimeError(state.message)
