"""How a run ends, for Prefect, for the shell and for a script; and when it is tried again."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Final

import prefect.runtime
from prefect import Flow, Task
from prefect.client.schemas.objects import FlowRun, State, TaskRun
from prefect.states import Completed, Failed

from flows.runtime import alerts, heartbeat, resources, served, settings, standing
from flows.runtime.due import serves
from queries.errors import LibraryBusy, Outage, WatchRetired

CATCH_UP = "catch-up"  # tag of a run in place of one on schedule that was missed
LOGGER = logging.getLogger(
    "seedwatch"
)  # what it says stands among the run's logs in Prefect, and nowhere else
LOGGER.setLevel(logging.INFO)
LOGGER.addHandler(logging.NullHandler())
LOGGER.propagate = False


class Caller(Enum):
    """Which flow calls a flow: `run` tells of its parts; in a round nobody is kept waiting."""

    NONE = 0
    RUN = 1
    ROUND = 2


_caller: ContextVar[Caller] = ContextVar("caller", default=Caller.NONE)


@contextmanager
def called_by(caller: Caller) -> Iterator[None]:
    """Let the flows within this block know who calls them."""
    token = _caller.set(caller)
    try:
        yield
    finally:
        _caller.reset(token)


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
        LOGGER.info(self.line)
        for sentence in self.trouble:
            LOGGER.warning(sentence)
        for sentence in self.notes:
            LOGGER.info(sentence)
        _outcomes[str(prefect.runtime.flow_run.id)] = self
        message = " ".join((self.line, *self.trouble, *self.notes))
        if self.trouble:
            return Failed(name="Degraded", message=message, data=self)
        return Completed(name="Noted" if self.notes else None, message=message, data=self)


_outcomes: dict[str, FlowOutcome] = {}  # of this process's flow runs, by their ids, until they are asked for


def _worth_another_try(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether waiting may help, and nobody sits at a terminal waiting with us."""
    error = state.result(raise_on_failure=False)
    waits = bool(prefect.runtime.deployment.id) and _caller.get() is not Caller.ROUND
    return waits and isinstance(error, Outage | LibraryBusy)


# wire.py has tried for minutes by then; a schedule can wait longer than a person
patient: Final[dict[str, Any]] = {
    "retries": 3,
    "retry_delay_seconds": [60, 600, 3600],
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": _worth_another_try,
}


def on_schedule() -> bool:
    """Whether a deployment's schedule started this run, or serve in place of it, and not a person."""
    if _caller.get() is Caller.ROUND:
        return True
    tags = prefect.runtime.flow_run.tags or []
    return bool(prefect.runtime.deployment.id) and bool({"auto-scheduled", CATCH_UP}.intersection(tags))


def done_since(setting: settings.Settings, watch: str, *flows: str) -> datetime | None:
    """When these flows of a watch last ran, if all did since this run was due or asked for, else None.

    So that of several runs that waited in a queue one does the work. None, too, if it was started by hand.
    """
    if not prefect.runtime.deployment.id:
        return None
    asked = prefect.runtime.flow_run.scheduled_start_time
    with resources.library(setting) as library:
        last = {run.flow: run.started for run in library.runs(watch) if not run.trouble}
    began = [last[flow] for flow in flows if serves(last.get(flow), asked)]
    return min(began) if len(began) == len(flows) else None


def superseded(watch: str, flow: str, since: datetime) -> FlowOutcome:
    """The outcome of a run whose work was done while it waited."""
    return FlowOutcome(
        watch=watch,
        flow=flow,
        line=f"{watch}: nothing to do, as {flow} ran at {since:%Y-%m-%d %H:%M} UTC, while this run waited.",
    )


def after_run(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Tell the operator once what failed, is worth knowing, or works again; ping; keep the figures."""
    if _caller.get() is Caller.RUN or flow_run.parameters.get("preview"):
        return  # a part of a run, of which the whole tells
    setting = settings.read()
    watch = str(flow_run.parameters["watch"])
    if isinstance(state.result(raise_on_failure=False), WatchRetired):
        return  # who retired it knows
    text = state.message or "No reason was given"
    if state.is_completed():
        alerts.well(setting, watch, flow.name, text)
        if state.name == "Noted":
            alerts.note(setting, watch, flow.name, text)
        if flow.name != "deliver":  # it has nothing to do with what PubMed has
            heartbeat.ping(setting, watch, flow.name)
    else:
        alerts.failing(setting, watch, flow.name, f"{state.name}: {text}")
    standing.write_metrics(setting, at_once=_caller.get() is not Caller.ROUND)


operated: Final[dict[str, Any]] = {
    "on_running": [served.begin],
    "on_failure": [after_run],
    "on_crashed": [after_run],
    "on_completion": [after_run],
}


def ended(state: State[Any]) -> FlowOutcome | BaseException:
    """The outcome of a flow that ran to its end, degraded or not, else what it died of.

    A state that a busy server confirmed twice comes back without its data.
    """
    outcome = _outcomes.pop(str(state.state_details.flow_run_id), None)
    result = outcome or state.result(raise_on_failure=False)
    return result if isinstance(result, FlowOutcome | BaseException) else RuntimeError(state.message)
