"""The Prefect server that flows report to: one that is up, our own for one run, or one that `serve` keeps up.

Nothing here imports Prefect: a server of our own starts, in its own process, while Prefect is imported in
this one.
"""

import atexit
import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from select import select
from threading import Event, Thread
from typing import IO
from urllib.parse import urlsplit

from flows.runtime.embedded_server import UI
from flows.runtime.rotating_log import RotatingLog
from flows.runtime.settings import make_folder
from queries.errors import SeedwatchError, SettingsError

START_SECONDS = 300  # cold, it migrates its database for 20 s, or minutes where the machine is busy
STOP_SECONDS = 20
HEALTH_SECONDS = 2
AGAIN_SECONDS = 10  # between one start and the next of a server that is kept up
NOTE = "prefect-server.url"  # in SEEDWATCH_HOME, for as long as `seedwatch serve` has a server of its own
SERVES = "serve.pid"
LOG = "prefect-server.log"
LOG_BYTES = 5_000_000
EMBEDDED = "flows.runtime.embedded_server"
HEARTBEAT_SECONDS = "30"  # a run says so often that it lives; after three of them unsaid it counts as crashed


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
        os.environ.setdefault("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", HEARTBEAT_SECONDS)
        return None
    make_folder(home / "prefect", "SEEDWATCH_HOME")
    (home / LOG).touch(0o600)
    with socket.socket() as listening, (home / LOG).open("ab") as log:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        process = launch(listening, log)
        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
    atexit.register(end, process)  # after Prefect's own last words, which it registers later
    return Starting(process, home / LOG)


def launch(listening: socket.socket, log: "IO[bytes] | int", *options: str) -> "subprocess.Popen[bytes]":
    """Start a server on this socket, in a process that stops when we do."""
    return subprocess.Popen(
        [sys.executable, "-m", EMBEDDED, str(listening.fileno()), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        pass_fds=[listening.fileno()],
        start_new_session=True,  # Ctrl-C is for us alone
        umask=0o077,
    )


def running(home: Path) -> str:
    """The API address of a server that is up: the environment's, or what `serve` noted; "" for none."""
    if given := os.environ.get("PREFECT_API_URL"):
        return given
    try:
        url = (home / NOTE).read_text(encoding="ascii").split()[0]
    except (OSError, ValueError, IndexError):
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
def kept_up(home: Path, port: int, say: Callable[[str], None]) -> Iterator[bool]:
    """A Prefect server on loopback for as long as the block lasts, UI included; started again if it ends.

    True if it is our own. It ends with this process, however that ends. The port is ours for the whole time:
    what is asked while the server starts again waits for it. Where PREFECT_API_URL is set, that one is used.
    """
    make_folder(home, "SEEDWATCH_HOME")
    with _only_one(home):
        if os.environ.get("PREFECT_API_URL"):
            yield False
            return
        _end_orphan(home)
        with _listening(port) as listening:
            guard = _Guard(home, listening, say)
            try:
                guard.start()
                os.environ["PREFECT_API_URL"] = url = f"http://127.0.0.1:{guard.port}/api"
                say(f"Prefect server and UI: http://127.0.0.1:{guard.port} (log: {home / LOG})")
                say(f"For Prefect's own commands: export PREFECT_API_URL={url}")
                with noted(home, url, guard.process.pid):
                    yield True
            finally:
                os.environ.pop("PREFECT_API_URL", None)
                guard.stop()


class _Guard:
    """Starts the server, and starts it again whenever it ends."""

    def __init__(self, home: Path, listening: socket.socket, say: Callable[[str], None]) -> None:
        self._home, self._listening, self._say = home, listening, say
        self.port = int(listening.getsockname()[1])
        self._stopping = Event()
        self._thread = Thread(target=self._supervise, name="Prefect server's guard")
        self.process = self._launch()

    def start(self) -> None:
        """Wait until it serves. Raises SeedwatchError if it doesn't."""
        try:
            Starting(self.process, self._home / LOG).wait()
        except SeedwatchError:
            end(self.process)
            raise
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        end(self.process)

    def _launch(self) -> "subprocess.Popen[bytes]":
        process = launch(self._listening, subprocess.PIPE, UI)
        assert process.stderr is not None  # noqa: S101 - a pipe was asked for
        Thread(target=_keep_log, args=(process.stderr, self._home / LOG), daemon=True).start()
        return process

    def _supervise(self) -> None:
        while not self._stopping.wait(1):
            if self.process.poll() is not None:
                ended = self.process.returncode
                self._say(f"The Prefect server ended ({ended}) and is started again; see {self._home / LOG}")
                self.process = self._launch()
                _note(self._home, f"http://127.0.0.1:{self.port}/api", self.process.pid)
                self._stopping.wait(AGAIN_SECONDS)


@contextmanager
def noted(home: Path, url: str, pid: int = 0) -> Iterator[None]:
    """Let other processes of this home find the server at `url` for as long as the block lasts."""
    _note(home, url, pid)
    try:
        yield
    finally:
        (home / NOTE).unlink(missing_ok=True)


def _note(home: Path, url: str, pid: int) -> None:
    (home / NOTE).touch(0o600)
    (home / NOTE).write_text(f"{url}\n{pid}\n", encoding="ascii")


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Be the only `seedwatch serve` of this home. Raises SettingsError naming the one that is."""
    from filelock import FileLock, Timeout

    (home / SERVES).touch(0o600)
    try:
        with FileLock(home / f"{SERVES}.lock", timeout=0, mode=0o600):
            (home / SERVES).write_text(f"{os.getpid()}\n", encoding="ascii")
            yield
            (home / SERVES).unlink(missing_ok=True)
    except Timeout as error:
        other = (home / SERVES).read_text(encoding="ascii").strip()
        raise SettingsError(
            "SEEDWATCH_HOME",
            f"{home} is served already, by process {other or 'unknown'}",
            "Stop that `seedwatch serve` first, or give this one another SEEDWATCH_HOME",
        ) from error


def _end_orphan(home: Path) -> None:
    """End a server that an earlier serve left behind; only one that is ours by its command is touched."""
    try:
        pid = int((home / NOTE).read_text(encoding="ascii").split()[1])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return
    if EMBEDDED.encode() in command:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
        for _ in range(STOP_SECONDS * 10):
            if not Path(f"/proc/{pid}").exists():
                break
            time.sleep(0.1)
    (home / NOTE).unlink(missing_ok=True)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """The port on loopback, taken. Raises SettingsError if another program has it, or we may not."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
            listening.listen(128)
        except (OSError, OverflowError) as error:
            what = (
                "something listens there already"
                if getattr(error, "errno", 0) == errno.EADDRINUSE
                else f"cannot be listened on ({getattr(error, 'strerror', None) or error})"
            )
            raise SettingsError(
                f"--port {port}", what, "Give another --port, or set PREFECT_API_URL to a server that is up"
            ) from error
        yield listening


def _keep_log(lines: IO[bytes], path: Path) -> None:
    """Write what a server says to its log, which rolls over."""
    log = RotatingLog(path, maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8", delay=True)
    for line in lines:
        text = line.decode("utf-8", "replace").rstrip()
        log.emit(logging.makeLogRecord({"msg": text}))
    log.close()


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
