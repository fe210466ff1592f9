"""What becomes of digests and runs where `seedwatch serve` is killed again and again in the midst of a run.

python tests/benchmarks/bench_serve_kills.py [KILLS] [postgres]

Each time the watch's own time has just been missed (its file is written anew), serve is started, its run is
awaited, and one of these is killed: the run, serve, serve with its server; or serve is stopped (SIGTERM). In
the end serve runs in peace. 8 kills unless given; `postgres`: Prefect's database is a throw-away PostgreSQL.
"""

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from figures import figure  # noqa: E402
from support.postgres import missing, postgres  # noqa: E402
from support.scenario import Scenario, small_scenario  # noqa: E402
from support.served import UNDER_WAY, Served, below, free_port, served, words  # noqa: E402

from flows.runtime.server import EMBEDDED  # noqa: E402
from queries.mirror import SAMPLE  # noqa: E402
from queries.mirror.load import load  # noqa: E402
from queries.mirror.server import MirrorServer  # noqa: E402

WAYS = ("run", "serve", "serve and server", "term")


def main(kills: int, *, on_postgres: bool) -> None:
    """Kill, then count."""
    rng = random.Random(1)  # noqa: S311 - no secret
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        extra = {}
        if on_postgres:
            url = stack.enter_context(postgres())
            extra["PREFECT_API_DATABASE_CONNECTION_URL"] = url.replace("postgresql:", "postgresql+asyncpg:")
        corpus = stack.enter_context(load([SAMPLE]))
        mirror = stack.enter_context(MirrorServer(corpus, now=datetime.now(UTC)))
        scenario = small_scenario(home, mirror)
        setting = scenario.setting
        environment = extra | {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "HOME": str(home),
            "DO_NOT_TRACK": "1",
            "SEEDWATCH_HOME": str(setting.home),
            "SEEDWATCH_DATABASE": str(setting.database),
            "SEEDWATCH_WATCHES": str(setting.watches[-1]),
            "SEEDWATCH_EUTILS_URL": setting.eutils_url,
        }
        port, slots, seconds = free_port(), set(), []
        for kill in range(kills):
            slot = move_times(scenario)
            mirror.clock = datetime.now(UTC)
            slots.add(slot)
            with served(home, environment | {"SEEDWATCH_RATE": "1"}, port) as serve:
                with suppress(AssertionError):  # nothing due: the slot's digest is made already
                    serve.until(partial(running, serve), 40)
                    time.sleep(rng.random() * 8)
                way = WAYS[kill % len(WAYS)]
                began = time.monotonic()
                end(serve, way)
                seconds.append((way, time.monotonic() - began))
                print(f"{kill + 1}: killed: {way}, {seconds[-1][1]:.1f} s")
        slots.add(move_times(scenario))
        mirror.clock = datetime.now(UTC)
        with served(home, environment | {"SEEDWATCH_RATE": "200"}, port) as serve:
            began = time.monotonic()
            while time.monotonic() - began < 300:
                mirror.clock = datetime.now(UTC)
                with scenario.library() as library:
                    last = library.last_digest("small")
                left = [run for run in serve.runs() if run["state_type"] in UNDER_WAY]
                if last and last.made >= max(slots) - timedelta(minutes=1) and not left:
                    break
                time.sleep(2)
            print(f"all is done {time.monotonic() - began:.0f} s after the last start")
            states = Counter(run["state_type"] for run in serve.runs())
            under_way = sum(states[each] for each in UNDER_WAY)
            figure(f"serve killed {kills} times: runs left under way", under_way, at_most=0)
            print(f"runs: {dict(states)}; under way: {sum(states[each] for each in UNDER_WAY)} (0 wanted)")
        report(scenario, slots, home)


def report(scenario: Scenario, slots: set[datetime], home: Path) -> None:
    """Each time of the schedule has at most one digest, the last one has its own, and each was sent once."""
    with scenario.library() as library:
        digests = library.digests("small")
        sent = Counter((each.number, each.state.value) for each in library.deliveries("small"))
    times = sorted(slots)
    early = timedelta(minutes=1)
    made = Counter(
        max((slot for slot in times if slot <= each.made + early), default=None) for each in digests
    )
    files = sorted(path.name for path in (home / "out" / "small").glob("*.html"))
    most, states = max(made.values()), dict(Counter(state for _, state in sent))
    print(f"{len(times)} times of the schedule, {len(digests)} digests: at most {most} a time (1 wanted)")
    figure("serve killed: digests of one time of the schedule", most, at_most=1)
    figure("serve killed: digests of the last time", made[times[-1]], at_least=1, at_most=1)
    print(f"the last time has {made[times[-1]]} (1 wanted); {len(files)} files; deliveries: {states}")


def move_times(scenario: Scenario) -> datetime:
    """Write the watch anew with a digest's time a few minutes ago, which was missed; return that time."""
    slot = (datetime.now(UTC) - timedelta(minutes=2)).replace(second=0, microsecond=0)
    (file,) = scenario.setting.watches[-1].glob("*.toml")
    text = file.read_text(encoding="utf-8").partition("\n[schedule]")[0]
    cron = f"{slot.minute} {slot.hour} * * *"
    file.write_text(f'{text}\n[schedule]\nharvest = "{cron}"\ndigest = "{cron}"\n', encoding="utf-8")
    with scenario.library() as library:
        library.began("small", scenario.watch.seed, datetime.now(UTC) - timedelta(days=30))
    return slot


def running(serve: Served) -> bool:
    """Whether a run is under way."""
    return any(run["state_type"] == "RUNNING" for run in serve.runs())


def end(serve: Served, way: str) -> None:
    """Kill what is to be killed, and serve, too."""
    if way == "term":
        serve.process.terminate()
        serve.process.wait(60)
        return
    children = below(serve.process.pid)
    if way == "run":
        for pid in children:
            if "prefect.engine" in words(pid):
                os.kill(pid, signal.SIGKILL)
        time.sleep(3)
    if way == "serve and server":
        for pid in children:
            if EMBEDDED in words(pid):
                os.kill(pid, signal.SIGKILL)
    serve.kill()


if __name__ == "__main__":
    wanted = [int(argument) for argument in sys.argv[1:] if argument.isdecimal()]
    if "postgres" in sys.argv and missing():
        sys.exit(missing())
    main(wanted[0] if wanted else 8, on_postgres="postgres" in sys.argv)
