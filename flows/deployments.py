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

import httpx
from prefect import serve as serve_deployments
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.types.entrypoint import EntrypointType

from flows.digest import digest
from flows.harvest import harvest
from flows.run import run
from flows.runtime.settings import Settings
from flows.sweep import sweep
from queries.errors import SeedwatchError, SettingsError
from queries.watch.file import Watch, load, watch_files

START_SECONDS = 120  # cold, the server migrates its database for 20 s or so
STOP_SECONDS = 20
AGAIN_SECONDS = 10  # between one start and the next


def deployments(watch: Watch) -> list[RunnerDeployment]:
    """A watch's deployments, `harvest/NAME`, `digest/NAME`, `sweep/NAME` and, unscheduled, `run/NAME`.

    No Prefect concurrency limit: a killed process would keep its slot. One run at a time is the
    runner's own limit, and between processes the library's lock.
    """
    cron = watch.schedule
    timed = ((harvest, cron.harvest), (digest, cron.digest), (sweep, cron.sweep), (run, None))
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
    with _server(settings, port, say):
        say(f"{len(watches)} watches, {len(every)} deployments; stop with Ctrl-C")
        serve_deployments(*every, limit=1, pause_on_shutdown=False)


@contextmanager
def _server(settings: Settings, port: int, say: Callable[[str], None]) -> Iterator[None]:
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
    log = Path(settings.home) / "prefect-server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    stopping = Event()
    with log.open("ab") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=sink)

        def supervise() -> None:
            nonlocal process
            while not stopping.wait(1):
                if process.poll() is not None:
                    say(f"The Prefect server ended ({process.returncode}) and is started again; see {log}")
                    process = subprocess.Popen(command, stdout=sink, stderr=sink)
                    stopping.wait(AGAIN_SECONDS)

        guard = Thread(target=supervise, name="Prefect server's guard")
        try:
            _wait(url, process, log)
            guard.start()
            os.environ["PREFECT_API_URL"] = f"{url}/api"
            say(f"Prefect server and UI: {url} (log: {log})")
            yield
        finally:
            os.environ.pop("PREFECT_API_URL", None)
            stopping.set()
            if guard.is_alive():
                guard.join()
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process by asking, then by force."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the server answers its health question."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/api/health", timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise SeedwatchError("the Prefect server", f"did not start within {START_SECONDS} s", f"Read {log}")
