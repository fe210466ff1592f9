"""A library as a person has it, through weeks, kills and backups; no test itself."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

from flows.runtime import backups, resources
from flows.runtime.settings import Settings
from queries.watch.file import Seed
from support.library_samples import NOW, WATCH, WEEK, decision, harvest, issue

SEED = Seed(doi="10.5555/seed", keywords=("niche",))


def told(setting: Settings, number: int) -> None:
    """A week's harvest, and the digest that tells it."""
    with resources.library(setting) as library:
        library.began(WATCH, SEED, NOW + number * WEEK)
        library.remember(harvest(number, at=NOW + number * WEEK), NOW + number * WEEK)
        library.record(issue(number, decision(number), at=NOW + number * WEEK))


def digests(setting: Settings) -> list[int]:
    """The numbers of its digests."""
    with resources.library(setting) as library:
        return [digest.number for digest in library.digests(WATCH)]


def backup(setting: Settings) -> Path:
    """Back it up, as a sweep does."""
    with resources.library(setting) as library:
        return backups.back_up(setting, library)


# Tells a digest and dies before DuckDB has written its log into the file.
KILLED = """
import os, signal, sys
from pathlib import Path
from support.library_samples import NOW, WEEK, decision, harvest, issue
from queries.library import Library

with Library(Path(sys.argv[1])) as library:
    library._open.execute("PRAGMA wal_autocheckpoint = '1GB'")
    library.remember(harvest(2, at=NOW + 2 * WEEK), NOW + 2 * WEEK)
    library.record(issue(2, decision(2), at=NOW + 2 * WEEK))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(setting: Settings) -> Path:
    """Leave the library with a log beside it, as a killed run does; return the log."""
    here = Path(__file__).parents[1]
    path = os.pathsep.join((str(here), str(here.parent)))
    environment = {**os.environ, "PYTHONPATH": path}
    run = subprocess.run([sys.executable, "-c", KILLED, setting.database], env=environment, check=False)
    assert run.returncode == -signal.SIGKILL
    log = Path(f"{setting.database}.wal")
    assert log.stat().st_size
    return log


def mode(path: Path) -> int:
    """Its rights."""
    return stat.S_IMODE(path.stat().st_mode)
