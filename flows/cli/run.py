"""A flow run from the command line: here, now, by a person who reads its outcome."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from prefect.client.schemas.objects import State

from flows.digest import digest
from flows.harvest import harvest
from flows.run import run as run_both
from flows.runtime import resources as doors
from flows.runtime import settings
from flows.runtime.outcome import Outcome, ended
from flows.runtime.progress import shown
from flows.sweep import sweep

FLOWS: Mapping[str, Callable[..., State[Any]]] = {
    "harvest": harvest,
    "digest": digest,
    "run": run_both,
    "sweep": sweep,
}


def run(flow: str, parameters: Mapping[str, Any], preview: Path | None = None) -> Outcome:
    """Run a flow in this process and return its outcome; a flow that failed raises its own error."""
    if preview:
        with _rehearsal(preview):
            return run(flow, parameters)
    with shown(str(parameters["watch"])):
        outcome = ended(FLOWS[flow](**parameters, return_state=True))
    if isinstance(outcome, Outcome):
        return outcome
    raise outcome


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
