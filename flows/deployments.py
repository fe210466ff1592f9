"""What of each watch Prefect knows: its flows, when they run, and what may be asked of them."""

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, cast

from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.callables import ParameterSchema

from flows.deliver import deliver
from flows.digest import digest
from flows.harvest import harvest
from flows.run import run
from flows.runtime.parameters import schema
from flows.sweep import sweep
from queries.watch.file import Watch

RETRIES = "20 */6 * * *"  # what failed is retried when due; this finds what could not be scheduled
TAG = "seedwatch"


class StrictSchema(ParameterSchema):
    """A flow's parameters, and no others."""

    additionalProperties: bool = False  # noqa: N815 - JSON schema's own name


def deployments(watch: Watch, choices: Sequence[str] = ()) -> list[RunnerDeployment]:
    """A watch's deployments, `harvest`, `digest`, `sweep` and `deliver/NAME` and, unscheduled, `run/NAME`.

    `run` may be given any of the `choices`, the others their own watch only. No Prefect concurrency limit: a
    killed process would keep its slot. One run at a time is the runner's own limit, and between processes
    the library's lock.
    """
    cron = watch.schedule
    timed = (
        (harvest, cron.harvest),
        (digest, cron.digest),
        (sweep, cron.sweep),
        (deliver, RETRIES),
        (run, None),
    )
    made = []
    for flow, when in timed:
        takes = schema(flow.name, choices or [watch.name] if flow is run else [watch.name])
        deployment = cast(  # outside an event loop to_deployment returns the deployment itself
            "RunnerDeployment",
            flow.to_deployment(
                name=watch.name,
                parameters={"watch": watch.name},
                description=watch.title,
                tags=[TAG, watch.name],
                version=_fingerprint(watch, when, takes),
                schedules=[CronSchedule(cron=when, timezone=cron.timezone)] if when else None,
                entrypoint_type=EntrypointType.MODULE_PATH,
            ),
        )
        deployment._parameter_openapi_schema = StrictSchema.model_validate(takes)  # noqa: SLF001 - no other way
        made.append(deployment)
    return made


def _fingerprint(watch: Watch, when: str | None, takes: dict[str, Any]) -> str:
    """What changes whenever Prefect must be told of a deployment anew."""
    parts = [version("seedwatch"), watch.title, when, watch.schedule.timezone, takes]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
