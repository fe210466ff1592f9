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

from support.synthetic_year import live, make

DAYS, RECORDS, SEEDS = 365, 3_000, 2


def lived(seed: int) -> str:
    """Live through one year; the line that tells of it."""
    began = time.perf_counter()
    year = make(seed, DAYS, RECORDS)
    with tempfile.TemporaryDirectory() as folder:
        life = live(Path(folder), year, seed, DAYS)
    missed, strange = len(year.seen - life.seen), len(life.seen - year.seen)
    twice = len(life.told) - len(set(life.told))
    ends = ", ".join(f"{count} {end}" for end, count in sorted(life.ends.items()))
    line = (
        f"seed {seed:2}: {len(life.seen)} of {len(year.seen)} seen, {strange} strange; {len(life.told)} told,"
        f" {twice} twice; {life.gaps} gaps; {ends}; {life.requests} requests;"
        f" {time.perf_counter() - began:.0f} s"
    )
    assert not missed + strange + twice + life.gaps, line
    assert set(life.told) == year.seen, line
    return line


def main() -> None:
    """Print a line a seed; stop at the first that missed anything."""
    seeds = range(1, 1 + int(sys.argv[1] if len(sys.argv) > 1 else SEEDS))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for line in pool.map(lived, seeds):
            print(line, flush=True)


if __name__ == "__main__":
    main()
