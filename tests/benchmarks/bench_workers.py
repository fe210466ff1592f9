"""Two groups with a worker each, one Prefect server on PostgreSQL, one NCBI key; a worker is killed at work.

python tests/benchmarks/bench_workers.py [WATCHES]

20 watches, half of them in each group, unless given. The file of flows/deploy is used as it is, but for the
names of the second pool. Machines are processes with homes of their own, which share the server and the row
of the key. Printed: digests a watch (1 wanted), requests in the fullest second (within the limit), and the
runs that are left under way (0 wanted).
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from figures import figure, skipped  # noqa: E402
from support.postgres import missing, postgres  # noqa: E402
from support.scenario import SMALL  # noqa: E402
from support.served import UNDER_WAY, free_port  # noqa: E402

from queries.library import Library  # noqa: E402
from queries.mirror import SAMPLE  # noqa: E402
from queries.mirror.load import load  # noqa: E402
from queries.mirror.server import MirrorServer  # noqa: E402

RECIPIENT = '\n[[recipients]]\nname = "group"\nurl = "folder://{folder}"\n'
RATE = 10  # NCBI's with a key
GROUPS = ("alpha", "beta")
PREFECT = (sys.executable, "-m", "prefect")


def main(count: int) -> None:
    """Start everything, kill, count."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = stack.enter_context(postgres())
        corpus = stack.enter_context(load([SAMPLE]))
        mirror = stack.enter_context(MirrorServer(corpus, now=datetime.now(UTC)))
        port = free_port()
        common = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
            "SEEDWATCH_EUTILS_URL": mirror.url,
            "SEEDWATCH_RATE": str(RATE),
            "SEEDWATCH_PACE_URL": database,
        }
        own = {"PREFECT_API_DATABASE_CONNECTION_URL": database.replace("postgresql:", "postgresql+asyncpg:")}
        start(stack, home / "server", common | own, "server", "start", "--port", str(port))
        api = stack.enter_context(httpx.Client(base_url=common["PREFECT_API_URL"], timeout=30))
        until(lambda: answers(api), 300, "the server")
        environments = {group: make_group(home / group, group, count // 2, common) for group in GROUPS}
        workers = {group: work(stack, home, group, environments[group]) for group in GROUPS}
        for group in GROUPS:
            deploy(home, group, environments[group])
            until(partial(trigger, api, group), 60, "the deployment")
        until(lambda: rounds(api) == set(GROUPS), 240, "both rounds")
        until(lambda: digests(home / "beta") > 1, 240, "the second group's first digests")
        workers["beta"].send_signal(signal.SIGKILL)
        workers["beta"].wait()
        print(f"worker beta killed at {digests(home / 'beta')} of {count // 2} digests")
        killed = time.monotonic()
        until(lambda: "beta" not in rounds(api), 300, "the end of the killed round")
        print(f"its round counts as crashed {time.monotonic() - killed:.0f} s later")
        workers["beta"] = work(stack, home, "beta", environments["beta"])
        until(lambda: trigger(api, "beta"), 60, "the deployment")
        until(lambda: all(digests(home / group) >= count // 2 for group in GROUPS), 600, "all digests")
        until(lambda: not under_way(api), 300, "the end of every run")
        for group in GROUPS:
            with Library(home / group / "library.duckdb") as library:
                made = Counter(len(library.digests(known.name)) for known in library.watches())
            others = sum(watches for digests, watches in made.items() if digests != 1)
            figure(f"workers, {group}: watches with other than one digest", others, at_most=0)
            print(f"{group}: digests a watch: {dict(made)} (1 wanted)")
        seconds = sorted(request.second for request in mirror.requests)
        fullest = max(sum(1 for other in seconds if each <= other < each + 1) for each in seconds)
        print(f"{len(seconds)} requests, {fullest} in the fullest second ({RATE} allowed)")
        figure("workers: requests in the fullest second", fullest, at_most=RATE)
        figure("workers: runs left under way", len(under_way(api)), at_most=0)
        print(f"{len(under_way(api))} runs are under way (0 wanted)")


def make_group(folder: Path, group: str, count: int, common: dict[str, str]) -> dict[str, str]:
    """Write a group's watches, which missed their times, and return its machine's environment."""
    watches = folder / "watches"
    watches.mkdir(parents=True)
    long_ago = (datetime.now(UTC) - timedelta(days=14)).timestamp()
    for number in range(count):
        path = watches / f"{group}-{number}.toml"
        path.write_text(SMALL + RECIPIENT.format(folder=folder / "out"), encoding="utf-8")
        os.utime(path, (long_ago, long_ago))
    return common | {
        "HOME": str(folder),
        "PREFECT_HOME": str(folder / "prefect"),
        "SEEDWATCH_HOME": str(folder),
        "SEEDWATCH_WATCHES": str(watches),
    }


def deploy(home: Path, group: str, environment: dict[str, str]) -> None:
    """Make the group's pool and deployments, as the page says."""
    text = (ROOT / "flows/deploy/prefect.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(?<=name: )seedwatch\b|(?<=tags: \[)seedwatch\b", group, text)
    path = home / f"{group}.yaml"
    path.write_text(text, encoding="utf-8")
    command = [*PREFECT, "--no-prompt", "deploy", "--all", "--prefect-file", str(path)]
    subprocess.run(command, env=environment, check=True, cwd=home, stdout=subprocess.DEVNULL)


def work(stack: ExitStack, home: Path, group: str, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start a group's worker."""
    arguments = ("worker", "start", "--pool", group, "--type", "process", "--limit", "2")
    return start(stack, home / f"{group}-worker", environment, *arguments)


def start(
    stack: ExitStack, folder: Path, environment: dict[str, str], *arguments: str
) -> "subprocess.Popen[bytes]":
    """Start a Prefect process, which is killed at the end."""
    folder.mkdir(exist_ok=True)
    log = stack.enter_context((folder / "log").open("ab"))
    homed = {"HOME": str(folder), "PREFECT_HOME": str(folder / "prefect")} | environment
    process = subprocess.Popen([*PREFECT, *arguments], env=homed, cwd=folder, stdout=log, stderr=log)
    stack.callback(process.kill)
    return process


def answers(api: httpx.Client) -> bool:
    """Whether the server is up."""
    try:
        return api.get("/health").is_success
    except httpx.TransportError:
        return False


def trigger(api: httpx.Client, group: str) -> bool:
    """Have a group's round run now."""
    found = api.get(f"/deployments/name/round/{group}")
    made = found.is_success and api.post(f"/deployments/{found.json()['id']}/create_flow_run", json={})
    return bool(made and made.is_success)


def under_way(api: httpx.Client) -> list[dict[str, Any]]:
    """The rounds and their parts that are neither planned nor ended."""
    asked = {"flow_runs": {"state": {"type": {"any_": sorted(UNDER_WAY)}}}}
    runs: list[dict[str, Any]] = api.post("/flow_runs/filter", json=asked).json()
    return runs


def rounds(api: httpx.Client) -> set[str]:
    """The groups whose rounds are under way."""
    return {group for group in GROUPS for run in under_way(api) if group in run["tags"]}


def digests(folder: Path) -> int:
    """How many files of digests a group has."""
    return len([*(folder / "out").glob("*/*.eml")])


def until(true: Callable[[], object], seconds: float, what: str) -> None:
    """Wait for something."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not come within {seconds:.0f} s")
        time.sleep(1)


if __name__ == "__main__":
    if missing():
        skipped("workers", missing())
        sys.exit()
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
