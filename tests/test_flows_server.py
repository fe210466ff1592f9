"""The Prefect server of a single run: there when it is needed, gone with whom it served."""

import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from conftest import FIRST, Shell
from support.scenario import small_scenario

from flows.runtime.server import NOTE, is_healthy, running
from queries.mirror.server import MirrorServer

EMBEDDED = "flows.runtime.embedded_server"


def of(parent: int) -> list[int]:
    """The embedded servers that a process has started and that still run, as Linux tells."""
    pids = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if EMBEDDED in (folder / "cmdline").read_text():
                state, ppid = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                pids += [int(folder.name)] * (int(ppid) == parent and state != "Z")
        except (FileNotFoundError, ProcessLookupError):
            continue
    return pids


def test_a_run_without_a_server_has_one_of_its_own_whatever_an_earlier_serve_left_in_writing(
    mirror: MirrorServer, seedwatch: Shell
) -> None:
    scenario = small_scenario(seedwatch.home, mirror)
    scenario.harvest(FIRST)
    scenario.setting.home.mkdir(exist_ok=True)
    (scenario.setting.home / NOTE).write_text("http://127.0.0.1:9/api")
    run = seedwatch("digest", "small", "--now", FIRST.isoformat(), **seedwatch.at(scenario))
    assert (run.returncode, run.stderr) == (0, "")
    assert (seedwatch.home / "out" / "small" / "1.html").exists()
    assert (scenario.setting.home / "prefect" / "prefect.db").exists()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to find processes")
def test_a_killed_run_takes_its_server_with_it(mirror: MirrorServer, seedwatch: Shell) -> None:
    scenario = small_scenario(seedwatch.home, mirror)
    with subprocess.Popen(
        [sys.executable, "-c", "from flows.cli import main; main()", "harvest", "small"],
        env=seedwatch.variables() | seedwatch.at(scenario),
        cwd=seedwatch.home,
    ) as process:
        deadline = time.monotonic() + 60
        while not (servers := of(process.pid)):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    (server,) = servers
    while Path(f"/proc/{server}").exists() and EMBEDDED in Path(f"/proc/{server}/cmdline").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Stranger(BaseHTTPRequestHandler):
    """A web server that is not Prefect's."""

    def do_GET(self) -> None:
        """Answer everything."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"welcome")

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def test_only_a_server_that_says_it_is_well_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert running(tmp_path) == ""
    for url in ("", "nonsense", "http://127.0.0.1:99999/api", "http://127.0.0.1:9/api"):
        (tmp_path / NOTE).write_text(url)
        assert running(tmp_path) == ""
    with HTTPServer(("127.0.0.1", 0), Stranger) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        assert not is_healthy(f"http://127.0.0.1:{other.server_port}/api")
        other.shutdown()


def test_a_server_of_ones_own_is_used_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "https://prefect.example.org/api")
    assert running(tmp_path) == "https://prefect.example.org/api"
