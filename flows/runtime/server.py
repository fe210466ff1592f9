"""The Prefect server that flows report to: one that is up, or one of our own for as long as it takes.

Nothing here imports Prefect: a server of our own starts, in its own process, while Prefect is imported in
this one.
"""

import atexit
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from select import select
from urllib.parse import urlsplit

from queries.errors import SeedwatchError

START_SECONDS = 120  # cold, it migrates its database for 20 s or so
STOP_SECONDS = 20
HEALTH_SECONDS = 0.5
NOTE = "prefect-server.url"  # in SEEDWATCH_HOME, for as long as `seedwatch serve` has a server of its own
LOG = "prefect-server.log"


class Starting:
    """A server that is on its way."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        """Take a process that writes a line to its standard output once it serves."""
        self._process, self._log = process, log

    def wait(self) -> None:
        """Wait until it serves. Raises SeedwatchError if it ended, or took longer than START_SECONDS."""
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        ready, _, _ = select([self._process.stdout], [], [], START_SECONDS)
        if not ready or not self._process.stdout.readline():
            raise did_not_start(self._log)


def reach(home: Path) -> Starting | None:
    """Let the flows of this process report to a server that is up; else send for one and return it.

    Call before anything imports prefect. It ends with this process, however that ends, since it stops
    when its standard input does.
    """
    if url := running(home):
        os.environ["PREFECT_API_URL"] = url
        return None
    (home / "prefect").mkdir(parents=True, exist_ok=True)
    with socket.socket() as listening, (home / LOG).open("ab") as log:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.runtime.embedded_server", str(listening.fileno())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            pass_fds=[listening.fileno()],
            start_new_session=True,  # Ctrl-C is for us alone; it stops when we do
        )
        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
    atexit.register(end, process)  # after Prefect's own last words, which it registers later
    return Starting(process, home / LOG)


def running(home: Path) -> str:
    """The API address of a server that is up: the environment's, or what `serve` noted; "" for none."""
    if given := os.environ.get("PREFECT_API_URL"):
        return given
    try:
        url = (home / NOTE).read_text(encoding="utf-8").strip()
    except OSError:
        return ""
    return url if is_healthy(url) else ""


def is_healthy(url: str, seconds: float = HEALTH_SECONDS) -> bool:
    """Whether a Prefect server answers at this API address within some seconds."""
    try:
        address = urlsplit(url)
        connection = HTTPConnection(address.hostname or "", address.port, timeout=seconds)
        connection.request("GET", f"{address.path}/health")
        return connection.getresponse().read() == b"true"
    except (OSError, ValueError, HTTPException):
        return False


@contextmanager
def noted(home: Path, url: str) -> Iterator[None]:
    """Let other processes of this home find the server at `url` for as long as the block lasts."""
    (home / NOTE).write_text(url, encoding="utf-8")
    try:
        yield
    finally:
        (home / NOTE).unlink(missing_ok=True)


def did_not_start(log: Path) -> SeedwatchError:
    """The error of a server that ended, or took too long."""
    return SeedwatchError("the Prefect server", "did not start", f"Run again; its own words are in {log}")


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process by asking, then by force."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
