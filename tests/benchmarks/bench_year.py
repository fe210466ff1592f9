"""A year of a synthetic PubMed, lived through by daily harvests under faults, outages and kills.

For each seed, what was seen is held against what a perfect observer would have seen, and each record is
told once. A seed takes minutes: two are run, or as many as `bench_year.py 20` says, one on each core.
"""

import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.synthetic_year import make_year, run_year

DAYS, RECORDS, SEEDS = 365, 3_000, 2


def lived(seed: int) -> str:
    """Live through one year; the line that tells of it."""
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
    assert not missed + strange + twice + run.gaps, line
    assert set(run.told) == year.seen, line
    return line


def main() -> None:
    """Print a line a seed; stop at the first that missed anything."""
    seeds = range(1, 1 + int(sys.argv[1] if len(sys.argv) > 1 else SEEDS))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for line in pool.map(lived, seeds):
            print(line, flush=True)


if __name__ == "__main__":
    main()
