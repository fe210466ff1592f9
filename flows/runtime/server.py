"""The Prefect server that flows report to: one that is up, our own for one run, or one that `serve` keeps up.

Nothing here imports Prefect: a server of our own starts, in its own process, while Prefect is imported in
this one.
"""

import atexit
import errno
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from select import select
from threading import Event, Thread
from urllib.parse import urlsplit

from flows.runtime.settings import make_folder
from queries.errors import SeedwatchError, SettingsError

START_SECONDS = 120  # cold, it migrates its database for 20 s or so
STOP_SECONDS = 20
HEALTH_SECONDS = 2
AGAIN_SECONDS = 10  # between one start and the next of a server that is kept up
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
    make_folder(home / "prefect", "SEEDWATCH_HOME")
    (home / LOG).touch(0o600)
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
            umask=0o077,
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
    (home / NOTE).touch(0o600)
    (home / NOTE).write_text(url, encoding="utf-8")
    try:
        yield
    finally:
        (home / NOTE).unlink(missing_ok=True)


@contextmanager
def kept_up(home: Path, port: int, say: Callable[[str], None]) -> Iterator[None]:
    """A Prefect server on loopback for as long as the block lasts, UI included; started again if it ends."""
    if os.environ.get("PREFECT_API_URL"):
        yield
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            busy = error.errno == errno.EADDRINUSE
            raise SettingsError(
                f"--port {port}",
                "something listens there already" if busy else f"may not be taken ({error.strerror})",
                "Give another port, or set PREFECT_API_URL to it",
            ) from error
    url = f"http://127.0.0.1:{port}"
    make_folder(home, "SEEDWATCH_HOME")
    log = home / LOG
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    stopping = Event()
    log.touch(0o600)
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, umask=0o077)

        def supervise() -> None:
            nonlocal process
            while not stopping.wait(1):
                if process.poll() is not None:
                    say(f"The Prefect server ended ({process.returncode}) and is started again; see {log}")
                    process = subprocess.Popen(command, stdout=output, stderr=output, umask=0o077)
                    stopping.wait(AGAIN_SECONDS)

        guard = Thread(target=supervise, name="Prefect server's guard")
        try:
            _wait_for(f"{url}/api", process, log)
            guard.start()
            os.environ["PREFECT_API_URL"] = f"{url}/api"
            say(f"Prefect server and UI: {url} (log: {log})")
            with noted(home, f"{url}/api"):
                yield
        finally:
            os.environ.pop("PREFECT_API_URL", None)
            stopping.set()
            if guard.is_alive():
                guard.join()
            end(process)


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the server answers its health question."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if is_healthy(url):
            return
        time.sleep(0.2)
    raise did_not_start(log)


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
