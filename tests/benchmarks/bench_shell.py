"""How long a person waits at the shell: a run on a known library, and the commands that need no flow.

Wall seconds are the median of ROUNDS, and what the target is about; CPU seconds are those of the command
and all that it started, which a busy machine changes less. --quick is one round, and no demo.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from conftest import FIRST, ROOT
from figures import QUICK, figure

from flows.runtime import server
from flows.runtime.settings import quiet_prefect
from queries.mirror import SAMPLE
from queries.mirror.load import load
from queries.mirror.server import MirrorServer

ROUNDS = 1 if QUICK else 3
WATCH = "cml-stem-cells"


@dataclass
class Shell:
    """`seedwatch` in a process of its own, on a library of its own."""

    home: Path
    eutils_url: str

    def seconds(self, *arguments: str) -> tuple[float, float]:
        """Wall and CPU seconds of a command."""
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.home),
            "SEEDWATCH_HOME": str(self.home),
            "SEEDWATCH_EUTILS_URL": self.eutils_url,
            "SEEDWATCH_RATE": "100",
            "SEEDWATCH_MAIL": f"folder://{self.home}/out",
        }
        command = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        run = subprocess.run(
            command, env=environment, cwd=self.home, capture_output=True, text=True, check=False
        )
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        alarms = arguments == ("status",) and run.returncode == 1  # the run was of weeks ago
        assert alarms or run.returncode == 0, f"{arguments}: exit {run.returncode}: {run.stdout}{run.stderr}"
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return wall, cpu

    def row(self, what: str, target: float, *arguments: str, rounds: int = ROUNDS) -> None:
        """Print the medians of a command beside its target."""
        every = [self.seconds(*arguments) for _ in range(rounds)]
        wall, cpu = (median(each) for each in zip(*every, strict=True))
        met = figure(what, wall, "s", at_most=target)
        print(f"{what:36} {target:6.2f} {wall:7.2f} {cpu:7.2f}   {'yes' if met else 'NO'}")


def main() -> None:
    """Print a row a command."""
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'seconds of':36} {'target':>6} {'wall':>7} {'CPU':>7}   met")
    now = FIRST + timedelta(weeks=1)
    with (
        tempfile.TemporaryDirectory() as folder,
        load([SAMPLE]) as corpus,
        MirrorServer(corpus, now=now, ideal=True) as mirror,
    ):
        shell, run = Shell(Path(folder), mirror.url), ("run", WATCH, "--now", now.isoformat())
        shell.row("seedwatch --help", 0.35, "--help")
        shell.row("list", 0.5, "list")
        shell.seconds(*run)  # cold: library and Prefect's database are made
        shell.row("status", 0.5, "status")
        shell.row("check --offline", 0.5, "check", WATCH, "--offline")
        shell.row("run, known library, no server up", 8, *run)
        quiet_prefect(shell.home)
        os.environ.pop("PREFECT_API_URL", None)
        if starting := server.reach(shell.home):
            starting.wait()
        with server.noted(shell.home, os.environ["PREFECT_API_URL"]):
            shell.row("run, known library, serve's server", 5, *run)
        if not QUICK:
            shell.row("demo", 30, "demo", rounds=1)


if __name__ == "__main__":
    main()
