"""Every watch on its schedule: what is deployed, and one real `seedwatch serve` from start to end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from conftest import FIRST, Shell
from support.scenario import small_scenario

from flows.runtime.server import NOTE, running
from queries.mirror.server import MirrorServer
from queries.watch.file import SHIPPED, load

T = TypeVar("T")


def test_each_watch_has_its_flows_at_its_own_hours_in_its_own_zone() -> None:
    from flows.deployments import deployments  # noqa: PLC0415 - it imports Prefect

    watch = load(SHIPPED / "cml-stem-cells.toml")
    every = {each.flow_name: each for each in deployments(watch)}
    assert {each.name for each in every.values()} == {"cml-stem-cells"}
    timed = {
        name: (each.schedules[0].schedule.cron, each.schedules[0].schedule.timezone)  # type: ignore[union-attr]
        for name, each in every.items()
        if each.schedules
    }
    zone = "Europe/Oslo"
    assert timed == {
        "harvest": ("0 6 * * *", zone),
        "digest": ("0 7 * * MON", zone),
        "sweep": ("0 5 1 * *", zone),
        "deliver": ("20 */6 * * *", zone),
    }
    for name, each in every.items():
        assert each.parameters == {"watch": "cml-stem-cells"}
        module, _, function = str(each.entrypoint).rpartition(".")
        assert (module, function) == (f"flows.{name}", name)
    assert "run" in every  # by hand only


def until(true: Callable[[], T], seconds: float, process: "subprocess.Popen[bytes]", log: Path) -> T:
    """The first true answer to a question put again and again."""
    deadline = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < deadline, log.read_text()
        assert process.poll() is None, log.read_text()
        time.sleep(0.2)
    return answer


def of_session(leader: int) -> list[int]:
    """The processes of a session that still run, as Linux tells."""
    pids = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(session) == leader and state != "Z":
            pids.append(int(stat.parent.name))
    return pids


def words(pid: int) -> str:
    """The command of a process, as Linux tells."""
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to count processes")
@pytest.mark.timeout(300)
def test_serve_runs_what_is_asked_rejects_what_is_wrong_and_leaves_nothing_behind(
    mirror: MirrorServer, seedwatch: Shell
) -> None:
    scenario = small_scenario(seedwatch.home, mirror)
    log = seedwatch.home / "serve.log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    quick = {"PREFECT_RUNNER_POLL_FREQUENCY": "1", "PYTHONUNBUFFERED": "1"}
    with (
        log.open("wb") as sink,
        subprocess.Popen(
            [sys.executable, "-c", "from flows.cli import main; main()", "serve", "--port", port],
            env=seedwatch.variables() | seedwatch.at(scenario) | quick,
            cwd=seedwatch.home,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        ) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}/api", timeout=20) as api,
    ):
        try:

            def deployment() -> str:
                try:
                    answer = api.get("/deployments/name/run/small")
                except httpx.TransportError:
                    return ""
                return str(answer.json()["id"]) if answer.is_success else ""

            until(deployment, 120, process, log)
            (server,) = [pid for pid in of_session(process.pid) if "server start" in words(pid)]
            os.kill(server, signal.SIGKILL)  # it is started again, and everything goes on
            until(lambda: "is started again" in log.read_text(), 30, process, log)
            path = f"/deployments/{until(deployment, 120, process, log)}/create_flow_run"
            wrong = api.post(path, json={"parameters": {"watch": "small", "since": "yesterday"}})
            assert wrong.is_client_error
            assert "since" in wrong.text
            asked = {"parameters": {"watch": "small", "now": FIRST.isoformat()}, "idempotency_key": "once"}

            def created() -> str:
                answer = api.post(path, json=asked)
                assert answer.is_success or answer.is_server_error, answer.text  # its database may be busy
                return str(answer.json()["id"]) if answer.is_success else ""

            run = f"/flow_runs/{until(created, 30, process, log)}"

            def ended() -> str:
                state = api.get(run).json()["state"]
                return str(state["type"]) if state["type"] in {"COMPLETED", "FAILED", "CRASHED"} else ""

            assert until(ended, 90, process, log) == "COMPLETED"
            assert (seedwatch.home / "out" / "small" / "1.html").exists()

            def digests() -> int:
                asked = {"flows": {"name": {"any_": ["digest"]}}}
                return len(api.post("/flow_runs/filter", json=asked).raise_for_status().json())

            before = digests()
            by_hand = seedwatch("digest", "small", "--now", FIRST.isoformat(), **seedwatch.at(scenario))
            assert by_hand.returncode == 0, by_hand.stderr
            assert digests() == before + 1  # on this server, though no PREFECT_API_URL names it
            os.kill(process.pid, signal.SIGINT)
            process.wait(60)
            deadline = time.monotonic() + 20
            while left := of_session(process.pid):
                assert time.monotonic() < deadline, left
                time.sleep(0.2)
        finally:
            for pid in of_session(process.pid):
                os.kill(pid, signal.SIGKILL)
    assert "Traceback" not in log.read_text()
    assert running(scenario.setting.home) == ""
    assert not (scenario.setting.home / NOTE).exists()
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{port}/api/health", timeout=2)
