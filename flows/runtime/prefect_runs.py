"""Runs as Prefect's server knows them: which are under way, which were left behind, which came to an end."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.states import Crashed

from flows.runtime.due import EARLY, Due

UNDER_WAY = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
ENDED = [StateType.COMPLETED, StateType.FAILED, StateType.CANCELLED]
ZOMBIES = "seedwatch: a run that fell silent has crashed"
SILENCE = timedelta(seconds=90)  # three heartbeats
NEXT = timedelta(seconds=15)  # what starts so soon counts as begun
PAGE = 200


async def crash_under_way(client: PrefectClient, why: str, tag: str | None = None) -> int:
    """Call the runs under way, with this tag or all of them, crashed; return how many."""
    tags = FlowRunFilterTags(all_=[tag]) if tag else None
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=UNDER_WAY))
    count = 0
    while runs := await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(state=state, tags=tags), limit=PAGE
    ):
        for run in runs:
            await client.set_flow_run_state(run.id, Crashed(message=why), force=True)
        count += len(runs)
    return count


async def crash_failed(client: PrefectClient, why: str, stopped: Collection[UUID]) -> None:
    """Call those of the stopped runs crashed that call themselves failed.

    A signal that comes in the midst of a query ends it, and DuckDB calls that an error like any other.
    """
    for each in stopped:
        if (await client.read_flow_run(each)).state_type is StateType.FAILED:
            await client.set_flow_run_state(each, Crashed(message=why), force=True)


async def is_busy(client: PrefectClient, tag: str) -> bool:
    """Whether a run with this tag is under way, or waits for its turn."""
    tags = FlowRunFilterTags(all_=[tag])
    under_way = FlowRunFilter(
        tags=tags, state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNDER_WAY))
    )
    waiting = FlowRunFilter(
        tags=tags,
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        expected_start_time=FlowRunFilterExpectedStartTime(before_=datetime.now(UTC) + NEXT),
    )
    for each in (under_way, waiting):
        if await client.read_flow_runs(flow_run_filter=each, limit=1):
            return True
    return False


async def has_ended(client: PrefectClient, due: Due) -> bool:
    """Whether a run of this flow that was due then, or later, came to an end of its own, good or bad."""
    runs = await client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=[due.flow])),
        deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=[due.watch])),
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=ENDED)),
            expected_start_time=FlowRunFilterExpectedStartTime(after_=due.slot - EARLY),
        ),
        limit=1,
    )
    return bool(runs)


async def catch_up(client: PrefectClient, due: Due, deployment: UUID, tags: Collection[str]) -> FlowRun:
    """Have a flow run now in place of the run on schedule that was missed."""
    return await client.create_flow_run_from_deployment(
        deployment, parameters={"watch": due.watch}, tags=list(tags)
    )


async def bury_zombies(client: PrefectClient) -> None:
    """Have the server take a run for crashed that is silent for three heartbeats, as its worker died."""
    if await client.read_automations_by_name(ZOMBIES):
        return
    ends = {
        f"prefect.flow-run.{name}" for name in ("Completed", "Failed", "Degraded", "Cancelled", "Crashed")
    }
    beat = "prefect.flow-run.heartbeat"
    await client.create_automation(
        AutomationCore(
            name=ZOMBIES,
            trigger=EventTrigger(
                after={beat},
                expect={beat, "prefect.flow-run.Noted", *ends},
                match={"prefect.resource.id": "prefect.flow-run.*"},
                for_each={"prefect.resource.id"},
                posture=Posture.Proactive,
                threshold=1,
                within=SILENCE,
            ),
            actions=[
                ChangeFlowRunState(
                    state=StateType.CRASHED,
                    message="No heartbeat for 90 seconds: the worker died",
                    force=False,
                )
            ],
        )
    )
