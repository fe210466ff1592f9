"""Every benchmark, one after the other, and one table of all their figures at the end.

    python tests/benchmarks [--quick] [NAME ...]

Each bench_*.py runs in a process of its own and is ended, with all that it started, when its time is over;
whatever one does, the next is run. Those in UNTIMED, which judge no seconds, run at the end, two at a time.
All together take 45 minutes at most, --quick five: what is not begun by then stands in the table as such.
NAME (bench_parse, or parse) runs only those. Exit 1 if one crashed or did not end; a target that is missed
is a "NO" in the table.

A new benchmark needs no more than `from figures import figure`. It has DEFAULT seconds, or those in SECONDS.
With --quick only those are run that speak of it, and each gets the argument.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from figures import ROWS

HERE = Path(__file__).resolve().parent
TOTAL = 45 * 60, 5 * 60  # seconds for all, and with --quick
DEFAULT = 120, 25
SECONDS = {
    "bench_channel_faults": (240, 25),
    "bench_evidence": (150, 25),
    "bench_identity": (600, 40),
    "bench_identity_crowd": (240, 30),
    "bench_kills": (600, 45),
    "bench_library_growth": (600, 60),
    "bench_mirror": (1200, 60),
    "bench_mirror_mutations": (400, 25),
    "bench_mutations": (400, 45),
    "bench_parse": (240, 45),
    "bench_ranking": (600, 25),
    "bench_ranking_speed": (300, 60),
    "bench_round": (150, 40),
    "bench_serve_kills": (600, 0),
    "bench_shell": (240, 60),
    "bench_site": (300, 60),
    "bench_workers": (600, 0),
    "bench_year": (600, 30),
}
UNTIMED = {
    *("bench_channel_faults", "bench_kills", "bench_mirror_mutations", "bench_mutations", "bench_ranking"),
    *("bench_endpoint", "bench_feedback", "bench_serve_kills", "bench_watch", "bench_workers", "bench_year"),
}
running: set["subprocess.Popen[bytes]"] = set()


class BenchRow(NamedTuple):
    """A line of the table; `met` is None where nothing was promised, `load` where no time was taken."""

    bench: str
    what: str
    target: str
    measured: str
    met: bool | None
    load: float | None = None


class Ended(NamedTuple):
    """How a benchmark ended: `trouble` is empty if all went well."""

    rows: list[BenchRow]
    seconds: float
    trouble: str


def main() -> int:
    """Run, print the table; 1 if a benchmark crashed or did not end."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--quick", action="store_true")
    options.add_argument("names", nargs="*", metavar="NAME")
    chosen = options.parse_args()
    benches = sorted(HERE.glob("bench_*.py"))
    if chosen.names:
        wanted = {name if name.startswith("bench_") else f"bench_{name}" for name in chosen.names}
        if unknown := wanted - {path.stem for path in benches}:
            options.error(f"there is no {', '.join(sorted(unknown))}")
        benches = [path for path in benches if path.stem in wanted]
    benches.sort(key=lambda path: seconds_for(path, quick=chosen.quick))
    began, total = time.monotonic(), TOTAL[chosen.quick]
    machine = f"{os.cpu_count()} cores, Python {sys.version.split()[0]}"
    until = began + total
    alone = [path for path in benches if path.stem not in UNTIMED]
    together = [path for path in reversed(benches) if path.stem in UNTIMED]  # the longest first
    ended = {path.stem: run(path, until, quick=chosen.quick) for path in alone}
    with ThreadPoolExecutor(2) as pool:
        try:
            lanes = pool.map(partial(run, until=until, quick=chosen.quick, quiet=True), together)
            ended |= {path.stem: each for path, each in zip(together, lanes, strict=True)}
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(running):
                end(process)
            raise
    minutes = (time.monotonic() - began) / 60
    print(f"\n== all figures: {machine}, {minutes:.1f} minutes (at most {total / 60:.0f})\n")
    print("\n".join(table(ended)))
    print("\nseconds: " + ", ".join(f"{name[6:]} {each.seconds:.0f}" for name, each in ended.items()))
    rows = [row for each in ended.values() for row in each.rows]
    met, missed, troubled = (
        sum(row.met is True for row in rows),
        sum(row.met is False for row in rows),
        sum(bool(each.trouble) for each in ended.values()),
    )
    print(f"{met} targets met, {missed} missed; {troubled} of {len(ended)} benchmarks in trouble")
    return 1 if troubled else 0


def seconds_for(path: Path, *, quick: bool) -> int:
    """How long it may take."""
    return SECONDS.get(path.stem, DEFAULT)[quick]


def run(path: Path, until: float, *, quick: bool, quiet: bool = False) -> Ended:
    """Run one within its time and before `until`; nothing of it is left, neither processes nor files.

    What it prints is seen as it comes, or in one piece at its end if `quiet`.
    """
    began, trouble = time.monotonic(), ""
    if quick and "quick" not in path.read_text("utf-8").lower():
        return Ended([BenchRow(path.stem, "skipped, it has no --quick", "", "", None)], 0, "")
    if began >= until:
        return Ended([], 0, "not begun")
    seconds = min(seconds_for(path, quick=quick), until - began)
    title = f"\n== {path.stem}, load {os.getloadavg()[0]:.1f}"
    if not quiet:
        print(title, flush=True)
    with tempfile.TemporaryDirectory(prefix="seedwatch-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # a PostgreSQL in it runs as a user of its own
        rows = Path(folder) / "rows.jsonl"
        rows.touch()
        command = [sys.executable, str(path), *(["--quick"] if quick else [])]
        places = [str(HERE.parents[1]), os.environ.get("PYTHONPATH", "")]
        own = {ROWS: str(rows), "TMPDIR": folder, "PYTHONPATH": os.pathsep.join(filter(None, places))}
        with (Path(folder) / "printed").open("wb") as printed:
            process = subprocess.Popen(
                command,
                env=os.environ | own,
                stdout=printed if quiet else None,
                stderr=subprocess.STDOUT if quiet else None,
                start_new_session=True,
            )
        running.add(process)
        try:
            code = process.wait(seconds)
            trouble = f"ended with exit {code}" if code else ""
        except subprocess.TimeoutExpired:
            trouble = f"did not end in {seconds:.0f} s"
        finally:
            end(process)
            running.discard(process)
        if quiet:
            print(title, (Path(folder) / "printed").read_text("utf-8", "replace"), sep="\n", flush=True)
        reported = [json.loads(line) for line in rows.read_text("utf-8").splitlines()]
    return Ended([BenchRow(path.stem, **row) for row in reported], time.monotonic() - began, trouble)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a benchmark: its group, and those below it that made a group of their own."""
    below = list(_below(process.pid))
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for pid in below:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def _below(pid: int) -> Iterator[int]:
    with suppress(OSError):  # it may have ended, or this is no Linux
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split():
            yield from _below(int(child))
            yield int(child)


def table(ended: dict[str, Ended]) -> Iterator[str]:
    """What, target, measured, met, load: a line a figure, under the name of its benchmark."""
    rows = [row for each in ended.values() for row in each.rows]
    wide = [max([len(title), *map(len, cells)]) for title, cells in _columns(rows)]
    head = ("what", "target", "measured", "met")
    yield "  ".join(f"{title:{width}}" for title, width in zip(head, [*wide, 3], strict=True)) + "  load"
    for name, each in ended.items():
        yield f"{name}" + (f": {each.trouble.upper()}" if each.trouble else "")
        for row in each.rows:
            cells = zip((f"  {row.what}", row.target, row.measured), wide, strict=True)
            met = {True: "yes", False: "NO", None: "-"}[row.met]
            load = "" if row.load is None else f"{row.load:4.1f}"
            yield ("  ".join(f"{cell:{width}}" for cell, width in cells) + f"  {met:3}  {load}").rstrip()


def _columns(rows: list[BenchRow]) -> Iterator[tuple[str, list[str]]]:
    yield "what", [f"  {row.what}" for row in rows]
    yield "target", [row.target for row in rows]
    yield "measured", [row.measured for row in rows]


if __name__ == "__main__":
    sys.exit(main())
