"""What a round over many watches costs: how fast what is due is found, and a round with nothing due.

python tests/benchmarks/bench_round.py [--quick | WATCHES]

1000 unless given. Targets: found in 5 s, a round with nothing due in 10 s.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from figures import QUICK, figure  # noqa: E402
from support.scenario import SMALL  # noqa: E402

from flows.runtime import resources  # noqa: E402
from flows.runtime.finding import find_due  # noqa: E402
from flows.runtime.settings import Settings  # noqa: E402
from queries.watch.file import SHIPPED, Seed  # noqa: E402

RECIPIENT = '\n[[recipients]]\nname = "group"\nurl = "folder://{folder}"\n'
WEEKS = 52


def main(count: int) -> None:
    """Make the watches and a year of runs, then measure."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        folder = home / "watches"
        folder.mkdir()
        for number in range(count):
            text = SMALL + RECIPIENT.format(folder=home / "out")
            (folder / f"watch-{number:04}.toml").write_text(text, encoding="utf-8")
        setting = Settings(home=home / "home", database=home / "library.duckdb", watches=(SHIPPED, folder))
        now = datetime.now(UTC)
        fill(setting, count, now)
        began = time.perf_counter()
        found, _ = find_due(setting, now)
        seconds = time.perf_counter() - began
        print(f"{count} watches, {len(found)} due: found in {seconds:.2f} s")
        began = time.perf_counter()
        tomorrow, _ = find_due(setting, now + timedelta(days=8))
        seconds = max(seconds, time.perf_counter() - began)
        print(f"{count} watches, {len(tomorrow)} due: found in {time.perf_counter() - began:.2f} s")
        figure(f"round of {count:,} watches: what is due is found in", seconds, "s", at_most=5)
        environment = os.environ | {
            "SEEDWATCH_HOME": str(setting.home),
            "SEEDWATCH_DATABASE": str(setting.database),
            "SEEDWATCH_WATCHES": str(folder),
            "PYTHONPATH": str(ROOT),
            "NCBI_EMAIL": "nobody@example.org",
        }
        command = [sys.executable, "-c", "from flows.cli import main; main()", "round"]
        for kind in ("first", "second"):
            began = time.perf_counter()
            ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            seconds = time.perf_counter() - began
            figure(f"round of {count:,} watches with nothing due ({kind})", seconds, "s", at_most=10)
            print(f"a round with nothing due ({kind}): {seconds:.1f} s, {ended.stdout.strip()}{ended.stderr}")


def fill(setting: Settings, count: int, now: datetime) -> None:
    """A year of weekly runs of each watch, the last of them just now, so that nothing is due."""
    with resources.library(setting) as library:
        rows = 0
        for number in range(count):
            library.began(
                f"watch-{number:04}", Seed(pmid=90000001, keywords=("a",)), now - timedelta(days=365)
            )
        for flow in ("harvest", "digest", "sweep"):
            library._open.execute(
                "INSERT INTO run SELECT (SELECT coalesce(max(id), 0) FROM run) + row_number() OVER (), "
                "name, $flow, $now::TIMESTAMP - to_days((7 * week)::INTEGER), $now::TIMESTAMP, [], '' "
                "FROM watch, range($weeks) AS weeks(week)",
                {"flow": flow, "now": now.replace(tzinfo=None), "weeks": WEEKS},
            )
            rows += count * WEEKS
        library._open.execute(
            "INSERT INTO digest (watch, number, made, since, until, subject, body, found, known, merged, "
            "below, held, told, ranker) SELECT name, 1, $now::TIMESTAMP, $now::DATE, $now::DATE, '', '{}', "
            "0, 0, 0, 0, 0, 0, '' FROM watch",
            {"now": now.replace(tzinfo=None)},
        )
    print(f"the library holds {rows:,} runs")


if __name__ == "__main__":
    main(50 if QUICK else int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
