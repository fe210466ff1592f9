"""Every watch on its schedule: what is deployed, and one real `seedwatch serve` from start to end."""

import os
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from conftest import FIRST, Shell
from support.scenario import small_scenario
from support.served import UNDER_WAY, below, free_port, served, words

from flows.runtime.server import EMBEDDED, NOTE, running
from queries.mirror.server import MirrorServer
from queries.watch.file import SHIPPED, load


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


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to count processes")
@pytest.mark.timeout(900)
def test_serve_runs_what_is_asked_rejects_what_is_wrong_and_leaves_nothing_behind(  # noqa: PLR0915 - a life
    mirror: MirrorServer, seedwatch: Shell
) -> None:
    scenario = small_scenario(seedwatch.home, mirror)
    folder = scenario.setting.watches[-1]
    (folder / "broken.toml").write_text("[[topics")
    environment, port = seedwatch.variables() | seedwatch.at(scenario), free_port()
    with served(seedwatch.home, environment, port) as serve:
        assert "broken.toml: is not TOML" in serve.log.read_text()
        (server,) = [pid for pid in below(serve.process.pid) if EMBEDDED in words(pid)]
        os.kill(server, signal.SIGKILL)  # it is started again, and everything goes on
        serve.says("is started again")
        path = f"/deployments/{serve.until(lambda: serve.deployment('run/small'), 280)}/create_flow_run"
        for wrong in (
            {"since": "yesterday"},
            {"since": "2026-13-01"},
            {"sinec": "2026-01-01"},
            {"watch": "no"},
        ):
            refused = serve.api.post(path, json={"parameters": {"watch": "small", **wrong}})
            assert refused.is_client_error, wrong
            assert next(iter(wrong)) in refused.text
        asked = {"parameters": {"watch": "small", "now": FIRST.isoformat()}, "idempotency_key": "once"}

        def created() -> str:
            answer = serve.api.post(path, json=asked)
            assert answer.is_success or answer.is_server_error, answer.text  # its database may be busy
            return str(answer.json()["id"]) if answer.is_success else ""

        run = f"/flow_runs/{serve.until(created, 30)}"
        ends = {"COMPLETED", "FAILED", "CRASHED"}
        ended = serve.until(lambda: ends & {str(serve.api.get(run).json()["state"]["type"])}, 90)
        assert ended == {"COMPLETED"}
        assert (seedwatch.home / "out" / "small" / "1.html").exists()

        def logged() -> bool:
            logs = serve.api.post("/logs/filter", json={"sort": "TIMESTAMP_DESC"}).json()
            return any(log["name"] == "seedwatch" and "small: digest 1, " in log["message"] for log in logs)

        serve.until(logged, 100)

        by_hand = seedwatch("digest", "small", "--now", FIRST.isoformat(), **seedwatch.at(scenario))
        assert by_hand.returncode == 0, by_hand.stderr
        alone = [
            run for run in serve.runs("digest") if not run["deployment_id"] and not run["parent_task_run_id"]
        ]
        assert len(alone) == 1  # on this server, though no PREFECT_API_URL names it
        second = seedwatch("serve", "--port", str(free_port()), **seedwatch.at(scenario))
        assert second.returncode == 2
        assert f"served already, by process {serve.process.pid}" in second.stderr
        status = seedwatch("status", **seedwatch.at(scenario))
        assert "broken.toml: is not TOML" in status.stdout

        (folder / "new.toml").write_text((folder / "small.toml").read_text())
        (folder / "broken.toml").unlink()
        serve.says("new is new, and served", 280)
        assert serve.deployment("harvest/new")
        (folder / "new.toml").unlink()
        serve.says("new is gone or retired", 280)
        assert not serve.deployment("harvest/new")
        left = below(serve.process.pid)
        serve.process.send_signal(signal.SIGINT)
        serve.process.wait(90)
        deadline = time.monotonic() + 60
        while [pid for pid in left if EMBEDDED in words(pid) or "prefect.engine" in words(pid)]:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        said = serve.log.read_text()
    assert "Traceback" not in said
    assert "leaked" not in said
    assert running(scenario.setting.home) == ""
    assert not (scenario.setting.home / NOTE).exists()
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{port}/api/health", timeout=2)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to count processes")
@pytest.mark.timeout(900)
def test_down_over_its_times_and_killed_in_its_midst_serve_makes_one_digest(
    mirror: MirrorServer, seedwatch: Shell
) -> None:
    """It begins two weeks late, is killed in a run, is stopped in the next, and then has its way."""
    mirror.clock = datetime.now(UTC)
    scenario = small_scenario(seedwatch.home, mirror)
    with scenario.library() as library:
        library.began("small", scenario.watch.seed, datetime.now(UTC) - timedelta(days=14))
    environment, port = seedwatch.variables() | seedwatch.at(scenario), free_port()
    slow = environment | {"SEEDWATCH_RATE": "0.4"}

    with served(seedwatch.home, slow, port) as serve:
        serve.until(lambda: [run for run in serve.runs("digest") if run["state_type"] == "RUNNING"], 280)
        run_process = [pid for pid in below(serve.process.pid) if "prefect.engine" in words(pid)]
        assert run_process
        serve.kill()
        deadline = time.monotonic() + 60
        while any("prefect.engine" in words(pid) or EMBEDDED in words(pid) for pid in run_process):
            assert time.monotonic() < deadline, "a run outlives its serve"
            time.sleep(0.2)

    with served(seedwatch.home, slow, port) as serve:
        assert "1 runs that an earlier serve left behind" in serve.log.read_text()
        serve.until(lambda: [run for run in serve.runs("digest") if run["state_type"] == "RUNNING"], 280)
        began = time.monotonic()
        serve.process.terminate()
        serve.process.wait(60)
        assert time.monotonic() - began < 40

    with served(seedwatch.home, environment, port) as serve:
        assert "left behind" not in serve.log.read_text(), (
            "what SIGTERM ended was already said to have crashed"
        )
        serve.until(lambda: [run for run in serve.runs("digest") if run["state_type"] == "COMPLETED"], 280)
        states = [run["state_type"] for run in serve.runs("digest")]
        assert sorted(states) == ["COMPLETED", "CRASHED", "CRASHED"]
        time.sleep(8)  # two more looks find nothing to do
        assert [run["state_type"] for run in serve.runs("digest")] == states
        assert not UNDER_WAY & {run["state_type"] for run in serve.runs()}
    with scenario.library() as library:
        assert [digest.number for digest in library.digests("small")] == [1]
    assert [path.name for path in (seedwatch.home / "out" / "small").glob("*.html")] == ["1.html"]
