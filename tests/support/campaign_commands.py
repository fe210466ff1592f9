"""Kill -9 of `seedwatch run` itself, with a Prefect server: at random, and when a message has arrived."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from conftest import Shell
from prefect.settings import PREFECT_API_URL
from prefect.testing.utilities import prefect_test_harness

from support.campaign import Campaign

LONGEST = 300  # seconds
RANDOM, ARRIVED = "run, at a random moment", "run, when a message has arrived"


def killed_commands(campaign: Campaign, slots: int, kills: int, chance: random.Random) -> None:
    """Run the slots by the command line, killed so often; each slot is run to its end after its kills.

    Raises RuntimeError if a run that wasn't killed ended otherwise than with 0 or, for a doubt, 3.
    """
    campaign.folder.mkdir()
    with prefect_test_harness(server_startup_timeout=300):
        shell = Shell(campaign.folder)
        shell.environment |= {
            **shell.at(campaign.scenario()),
            "PREFECT_API_URL": str(PREFECT_API_URL.value()),
        }
        seconds = 10.0
        for slot in range(slots):
            left = kills // slots + (slot < kills % slots)
            while left:
                seconds, killed = _run(campaign, shell, slot, chance, seconds)
                left -= killed
            _run(campaign, shell, slot, None, seconds)


def _run(
    campaign: Campaign, shell: Shell, slot: int, chance: random.Random | None, seconds: float
) -> tuple[float, bool]:
    """One run, killed if there is a chance; how long a whole one takes, and whether it was killed."""
    now = campaign.moment(slot)
    campaign.servers.set_clock(now)
    campaign.runs += 1
    by_arrival = chance is not None and chance.random() < 0.6
    count = len(campaign.servers.arrivals()) + (chance.randint(1, 3) if chance else 0)
    began, after = time.monotonic(), chance.uniform(0.3, 1) * seconds if chance else LONGEST
    errors = Path(shell.home) / "errors.txt"
    with (
        errors.open("w", encoding="utf-8") as stderr,
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from flows.cli import main; main()",
                "run",
                "small",
                "--now",
                now.isoformat(),
            ],
            env=shell.variables(),
            cwd=shell.home,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        ) as process,
    ):
        while process.poll() is None:
            passed = time.monotonic() - began
            come = by_arrival and len(campaign.servers.arrivals()) >= count
            if come or (passed > after and not by_arrival) or passed > LONGEST:
                process.send_signal(signal.SIGKILL)
                process.wait()
                break
            time.sleep(0.02)
    killed = process.returncode == -signal.SIGKILL
    passed = time.monotonic() - began
    if passed > LONGEST or (not killed and process.returncode not in {0, 3}):
        raise RuntimeError(f"exit {process.returncode} after {passed:.0f} s: {errors.read_text('utf-8')}")
    campaign.kills[ARRIVED if by_arrival else RANDOM] += killed
    return seconds if killed else passed, killed
