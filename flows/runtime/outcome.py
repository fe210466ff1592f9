"""How a run ends, for Prefect, for the shell and for a script; and when it is tried again."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import prefect.runtime
from prefect import Flow, Task
from prefect.client.schemas.objects import FlowRun, State, TaskRun
from prefect.states import Completed, Failed

from flows.runtime import resources, settings
from queries.errors import LibraryBusy, Outage, SeedwatchError, WatchRetired
from queries.records.outbox import DeliveryState
from reports.answers.status import ALERT
from reports.channels.channel import alert


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowOutcome:
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

    def state(self) -> State["FlowOutcome"]:
        """Prefect's final state. A degraded run is Failed, so that no schedule looks green over it."""
        message = " ".join((self.line, *self.trouble, *self.notes))
        if self.trouble:
            return Failed(name="Degraded", message=message, data=self)
        return Completed(name="Noted" if self.notes else None, message=message, data=self)


def _worth_another_try(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether waiting may help, and nobody sits at a terminal waiting with us."""
    error = state.result(raise_on_failure=False)
    return bool(prefect.runtime.deployment.id) and isinstance(error, Outage | LibraryBusy)


# wire.py has tried for minutes by then; a schedule can wait longer than a person
patient: Final[dict[str, Any]] = {
    "retries": 3,
    "retry_delay_seconds": [60, 600, 3600],
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": _worth_another_try,
}


def on_schedule() -> bool:
    """Whether this run was started by a deployment's schedule, and not by a person."""
    return bool(prefect.runtime.deployment.id) and "auto-scheduled" in (prefect.runtime.flow_run.tags or [])


def tell_operator(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Send the operator what failed or is worth knowing, on the channel that SEEDWATCH_OPS_URL names, if any.

    Whether that channel took it is kept for `seedwatch status`: nothing is silently not sent.
    """
    setting = settings.read()
    if not setting.ops_url or state.name == "Completed":
        return
    if isinstance(state.result(raise_on_failure=False), WatchRetired):
        return  # who retired it knows
    title = f"seedwatch: {flow.name} {flow_run.name}: {state.name}"
    receipt = alert(setting.ops_url, title, state.message or "No reason was given")
    failed = receipt.state is not DeliveryState.SENT
    trouble = (f"the operator could not be told of {flow.name} ({receipt.reason})",) if failed else ()
    for sentence in trouble:
        print(f"seedwatch: {sentence}", file=sys.stderr)  # noqa: T201 - there is no other channel left
    now = datetime.now(UTC)
    with suppress(SeedwatchError), resources.library(setting) as library:
        library.ran(str(flow_run.parameters["watch"]), ALERT, now, now, trouble)


operated: Final[dict[str, Any]] = {
    "on_failure": [tell_operator],
    "on_crashed": [tell_operator],
    "on_completion": [tell_operator],
}


def ended(state: State[Any]) -> FlowOutcome | BaseException:
    """The outcome of a flow that ran to its end, degraded or not, else what it died of."""
    result = state.result(raise_on_failure=False)
    return result if isinstance(result, FlowOutcome | BaseException) else RuntimeError(state.message)
