"""A year of a synthetic PubMed, lived through by daily harvests under faults, outages and kills.

For each seed, what was seen is held against what a perfect observer would have seen, and each record is
told once. A seed takes minutes: two are run, or as many as `bench_year.py 20` says, one on each core;
--quick is two months of a small PubMed.
"""

import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from figures import QUICK, figure
from support.synthetic_year import make_year, run_year

DAYS, RECORDS, SEEDS = (60, 500, 1) if QUICK else (365, 3_000, 2)


def lived(seed: int) -> tuple[str, int]:
    """Live through one year; the line that tells of it, and how much is not as promised."""
    began = time.perf_counter()
    year = make_year(seed, DAYS, RECORDS)
    with tempfile.TemporaryDirectory() as folder:
        run = run_year(Path(folder), year, seed, DAYS)
    missed, strange = len(year.seen - run.seen), len(run.seen - year.seen)
    twice = len(run.told) - len(set(run.told))
    ends = ", ".join(f"{count} {end}" for end, count in sorted(run.ends.items()))
    line = (
        f"seed {seed:2}: {len(run.seen)} of {len(year.seen)} seen, {strange} strange; {len(run.told)} told,"
        f" {twice} twice; {run.gaps} gaps; {ends}; {run.requests} requests;"
        f" {time.perf_counter() - began:.0f} s"
    )
    return line, missed + strange + twice + run.gaps + len(set(run.told) ^ year.seen)


def main() -> None:
    """Print a line a seed; exit 1 if anything was missed, strange, told twice or not told."""
    seeds = range(1, 1 + next((int(each) for each in sys.argv[1:] if each.isdecimal()), SEEDS))
    broken = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for line, wrong in pool.map(lived, seeds):
            print(line, flush=True)
            broken += wrong
    figure(f"{len(seeds)} x {DAYS} days lived: missed, strange, told twice or not", broken, at_most=0)
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
