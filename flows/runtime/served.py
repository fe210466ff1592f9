"""A run in a process that `seedwatch serve`, or a Prefect worker, started: it does not outlive it."""

import atexit
import os
import signal
import sys
import time
from threading import Thread
from typing import Any

import prefect.runtime
from prefect import Flow
from prefect.client.schemas.objects import FlowRun, State

PAUSE_SECONDS = 1
GRACE_SECONDS = 20
SERVE_PID = "SEEDWATCH_SERVE_PID"  # of the serve above a run, told to its processes by the environment

_begun = False


def begin(_flow: Flow[..., Any], _run: FlowRun, _state: State[Any]) -> None:
    """In a process of its own: end with whoever started it, and end silently."""
    global _begun  # noqa: PLW0603 - of this process, once
    if _begun or not prefect.runtime.deployment.id or "PREFECT__FLOW_RUN_ID" not in os.environ:
        return
    _begun = True
    atexit.register(_close_stderr)
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    """End when the parent is gone: nobody would hear how the run ends, and a new one may be under way."""
    serve = int(os.environ.get(SERVE_PID, "0"))
    while os.getppid() == parent and (not serve or _is_there(serve)):
        time.sleep(PAUSE_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def _is_there(pid: int) -> bool:
    """Whether our process is there; serve may be gone before its run comes so far as to know its parent."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):  # nobody's, or by now another user's
        return False
    return True


def _close_stderr() -> None:
    """Keep a hundred lines of "leaked" objects out of serve's log, which DuckDB's module counts at exit."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
