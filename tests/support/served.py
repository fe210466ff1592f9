"""A real `seedwatch serve` in a process of its own, and what its Prefect server says of its runs."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

T = TypeVar("T")
UNDER_WAY = {"RUNNING", "PENDING", "CANCELLING"}


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def below(parent: int) -> list[int]:
    """The processes that run because this one started them, or one of them did, as Linux tells."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, ppid = stat.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            parents[int(stat.parent.name)] = int(ppid)
    found = [parent]
    for pid in found:
        found += [child for child, ppid in parents.items() if ppid == pid]
    return found[1:]


def words(pid: int) -> str:
    """The command of a process, as Linux tells; "" of one that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


@dataclass
class Served:
    """A `seedwatch serve` that was started."""

    process: "subprocess.Popen[bytes]"
    log: Path
    api: httpx.Client

    def until(self, true: Callable[[], T], seconds: float) -> T:
        """The first true answer to a question put again and again."""
        deadline = time.monotonic() + seconds
        while not (answer := true()):
            assert time.monotonic() < deadline, self.log.read_text()
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.4)
        return answer

    def says(self, sentence: str, seconds: float = 280) -> None:
        """Wait until it says this."""
        self.until(lambda: sentence in self.log.read_text(), seconds)

    def runs(self, flow: str | None = None) -> list[dict[str, Any]]:
        """Every run that is no longer only planned, the newest first; [] while the server starts again."""
        asked: dict[str, Any] = {"sort": "EXPECTED_START_TIME_DESC"}
        if flow:
            asked["flows"] = {"name": {"any_": [flow]}}
        try:
            answer = self.api.post("/flow_runs/filter", json=asked)
        except httpx.TransportError:
            return []
        runs = answer.json() if answer.is_success else []
        return [run for run in runs if run["state_type"] != "SCHEDULED"]

    def deployment(self, name: str) -> str:
        """The id of a deployment, as FLOW/WATCH; "" if the server does not know it."""
        try:
            answer = self.api.get(f"/deployments/name/{name}")
        except httpx.TransportError:
            return ""
        return str(answer.json()["id"]) if answer.is_success else ""

    def kill(self) -> None:
        """Kill it as the kernel does when memory is short; what it started is left alone."""
        self.process.kill()
        self.process.wait(20)


@contextmanager
def served(home: Path, environment: dict[str, str], port: int, *, leave: bool = False) -> Iterator[Served]:
    """Start it; at the end nothing of it is left, unless it is to be left."""
    log = home / f"serve-{time.monotonic_ns()}.log"
    quick = {"PREFECT_RUNNER_POLL_FREQUENCY": "1", "PYTHONUNBUFFERED": "1"}
    with (
        log.open("wb") as sink,
        subprocess.Popen(
            [sys.executable, "-c", "from flows.cli import main; main()", "serve", "--port", str(port)],
            env=environment | quick,
            cwd=home,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        ) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}/api", timeout=20) as api,
    ):
        try:
            serve = Served(process, log, api)
            serve.says("stop with Ctrl-C")
            yield serve
        finally:
            for pid in [] if leave else [process.pid, *below(process.pid)]:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            process.wait(20)
