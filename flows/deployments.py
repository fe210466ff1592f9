"""All watches on their schedules in one process, with a Prefect server of our own if there is none."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import cast

from prefect import serve as serve_deployments
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.types.entrypoint import EntrypointType

from flows.deliver import deliver
from flows.digest import digest
from flows.harvest import harvest
from flows.run import run
from flows.runtime import server
from flows.runtime.settings import Settings
from flows.sweep import sweep
from queries.errors import SettingsError
from queries.watch.file import Watch, load, watch_files

RETRIES = "20 */6 * * *"  # what failed is retried when due; this finds what could not be scheduled
AGAIN_SECONDS = 10  # between one start and the next


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
    watches = [load(path) for path in watch_files(settings.watches)]
    every = [deployment for watch in watches for deployment in deployments(watch)]
    with _server(settings.home, port, say):
        say(f"{len(watches)} watches, {len(every)} deployments; stop with Ctrl-C")
        serve_deployments(*every, limit=1, pause_on_shutdown=False)


@contextmanager
def _server(home: Path, port: int, say: Callable[[str], None]) -> Iterator[None]:
    """A Prefect server on loopback for as long as the block lasts, UI included; started again if it ends."""
    if os.environ.get("PREFECT_API_URL"):
        yield
        return
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise SettingsError(
                f"--port {port}",
                "something listens there already",
                "Give another port, or set PREFECT_API_URL to it",
            )
    url = f"http://127.0.0.1:{port}"
    home.mkdir(parents=True, exist_ok=True)
    log = home / server.LOG
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    stopping = Event()
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)

        def supervise() -> None:
            nonlocal process
            while not stopping.wait(1):
                if process.poll() is not None:
                    say(f"The Prefect server ended ({process.returncode}) and is started again; see {log}")
                    process = subprocess.Popen(command, stdout=output, stderr=output)
                    stopping.wait(AGAIN_SECONDS)

        guard = Thread(target=supervise, name="Prefect server's guard")
        try:
            _wait(f"{url}/api", process, log)
            guard.start()
            os.environ["PREFECT_API_URL"] = f"{url}/api"
            say(f"Prefect server and UI: {url} (log: {log})")
            with server.noted(home, f"{url}/api"):
                yield
        finally:
            os.environ.pop("PREFECT_API_URL", None)
            stopping.set()
            if guard.is_alive():
                guard.join()
            server.end(process)


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the server answers its health question."""
    deadline = time.monotonic() + server.START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if server.is_healthy(url, seconds=2):
            return
        time.sleep(0.2)
    raise server.did_not_start(log)
