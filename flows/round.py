"""A round over all watches: what is due is found from the library, and done. For hundreds of watches.

One deployment then stands for all of them, as Prefect's scheduler slows down with thousands of schedules.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

import httpx
from filelock import FileLock, Timeout
from prefect import Flow, flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import PrefectException
from prefect.runtime import deployment

from flows.deliver import deliver
from flows.digest import digest
from flows.harvest import harvest
from flows.runtime import alerts, served, settings, standing
from flows.runtime.finding import find_due
from flows.runtime.outcome import LOGGER, Caller, FlowOutcome, called_by, ended
from flows.runtime.prefect_runs import bury_zombies
from flows.runtime.settings import Settings, make_folder
from flows.sweep import sweep

FLOWS: Final[dict[str, Callable[..., Any]]] = {
    "harvest": harvest,
    "digest": digest,
    "sweep": sweep,
    "deliver": deliver,
}
ALL = "all"  # stands for the name of a watch where all are meant


def after_round(_flow: Flow[..., Any], _run: FlowRun, state: State[Any]) -> None:
    """Tell the operator of a round that did not come to its end; of their own troubles its flows tell."""
    if state.is_completed() or state.name == "Degraded":
        alerts.well(settings.read(), ALL, "round")
    else:
        alerts.failing(
            settings.read(), ALL, "round", f"{state.name}: {state.message or 'no reason was given'}"
        )


hooks: Final[dict[str, Any]] = {
    "on_running": [served.begin],
    "on_completion": [after_round],
    "on_failure": [after_round],
    "on_crashed": [after_round],
}


@flow(name="round", flow_run_name="round", **hooks)
def round() -> State[FlowOutcome]:  # noqa: A001 - the flow's name
    """Do what is due for every watch, one after the other; what fails stops no other, and waits an hour."""
    setting = settings.read()
    make_folder(setting.database.parent, "SEEDWATCH_DATABASE")
    lock = FileLock(setting.database.with_name(f".{setting.database.name}.round.lock"), timeout=0, mode=0o600)
    if deployment.id:
        with suppress(PrefectException, httpx.HTTPError):
            asyncio.run(_bury_zombies())
    try:
        with lock:
            return _round(setting).state()
    except Timeout:
        return FlowOutcome(watch=ALL, flow="round", line="Another round is under way.").state()


async def _bury_zombies() -> None:
    async with get_client() as client:
        await bury_zombies(client)


def _round(setting: Settings) -> FlowOutcome:
    """Until nothing is due, as after a harvest a digest may be: each at most once a round."""
    done: dict[tuple[str, str], str] = {}
    trouble: list[str] = []
    mistakes: dict[str, str] = {}
    while True:
        found, mistakes = find_due(setting, datetime.now(UTC))
        todo = [each for each in found if (each.watch, each.flow) not in done]
        if not todo:
            break
        for each in todo:
            with called_by(Caller.ROUND):
                outcome = ended(FLOWS[each.flow](each.watch, return_state=True))
            good = isinstance(outcome, FlowOutcome) and not outcome.trouble
            done[each.watch, each.flow] = "" if good else "in trouble"
            if not good:
                words = outcome.trouble[0] if isinstance(outcome, FlowOutcome) else str(outcome)
                trouble.append(f"{each.flow} {each.watch}: {words}")
            LOGGER.info("%s %s: %s", each.flow, each.watch, "done" if good else "in trouble")
    standing.write_metrics(setting)
    for name, mistake in mistakes.items():
        alerts.failing(setting, name, "file", mistake)
    for name in alerts.told_of(setting, "file"):
        if name not in mistakes:
            alerts.well(setting, name, "file")
    counts = Counter(name for _, name in done)
    what = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing was due"
    return FlowOutcome(
        watch=ALL,
        flow="round",
        line=f"round: {what}.",
        trouble=(*trouble, *mistakes.values()),
        facts={"done": [f"{name} {watch}" for watch, name in done]},
    )
