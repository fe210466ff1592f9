"""A flow run from the command line: here, now, by a person who reads its outcome."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from flows import doors, settings
from flows.digest import digest
from flows.harvest import harvest
from flows.outcome import Outcome
from flows.run import run as run_both

FLOWS = {"harvest": harvest, "digest": digest, "run": run_both}


def run(flow: str, parameters: Mapping[str, Any], preview: Path | None = None) -> Outcome:
    """Run a flow in this process and return its outcome; a flow that failed raises its own error."""
    if preview:
        with _rehearsal(preview):
            return run(flow, parameters)
    state = FLOWS[flow](**parameters, return_state=True)
    result = state.result(raise_on_failure=False)
    if isinstance(result, BaseException):
        raise result
    outcome: Outcome = result
    return outcome


@contextmanager
def _rehearsal(folder: Path) -> Iterator[None]:
    """Work on a copy of the library, tell nobody, and forget it all but the folder."""
    setting = settings.read()
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "library.duckdb"
        if setting.database.exists():
            with doors.library(setting) as library:
                library.backup(copy)
        with settings.instead(replace(setting, database=copy, preview=folder, ops_url="")):
            yield
