"""All watches on their schedules in one process."""

from collections.abc import Callable
from typing import cast

import prefect
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.types.entrypoint import EntrypointType

from flows.deliver import deliver
from flows.digest import digest
from flows.harvest import harvest
from flows.run import run
from flows.runtime import resources, server
from flows.runtime.settings import Settings
from flows.runtime.watches import scheduled
from flows.sweep import sweep
from queries.errors import SettingsError
from queries.watch.file import Watch, load

RETRIES = "20 */6 * * *"  # what failed is retried when due; this finds what could not be scheduled


def deployments(watch: Watch) -> list[RunnerDeployment]:
    """A watch's deployments, `harvest`, `digest`, `sweep` and `deliver/NAME` and, unscheduled, `run/NAME`.

    No Prefect concurrency limit: a killed process would keep its slot. One run at a time is the
    runner's own limit, and between processes the library's lock.
    """
    cron = watch.schedule
    timed = (
        (harvest, cron.harvest),
        (digest, cron.digest),
        (sweep, cron.sweep),
        (deliver, RETRIES),
        (run, None),
    )
    return [
        # outside an event loop to_deployment returns the deployment itself
        cast(
            "RunnerDeployment",
            flow.to_deployment(
                name=watch.name,
                parameters={"watch": watch.name},
                description=watch.title,
                tags=["seedwatch", watch.name],
                schedules=[CronSchedule(cron=when, timezone=cron.timezone)] if when else None,
                entrypoint_type=EntrypointType.MODULE_PATH,
            ),
        )
        for flow, when in timed
    ]


def serve(settings: Settings, *, port: int, say: Callable[[str], None]) -> None:
    """Serve until interrupted. Where PREFECT_API_URL is set that server is used, else our own."""
    files = scheduled(settings, resources.known_watches(settings))
    if not files:
        raise SettingsError("SEEDWATCH_WATCHES", "has no watch to run", "Write one: seedwatch new --seed DOI")
    watches = [load(path) for path in files.values()]
    every = [deployment for watch in watches for deployment in deployments(watch)]
    with server.kept_up(settings.home, port, say):
        say(f"{len(watches)} watches, {len(every)} deployments; stop with Ctrl-C")
        prefect.serve(*every, limit=1, pause_on_shutdown=False)
