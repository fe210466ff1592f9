"""What a crowd under one citation key costs: `python tests/benchmarks/bench_identity_crowd.py [--quick]`.

10,000 and 50,000 (--quick: 2,000 and 10,000) invented articles of one journal, volume, page and first
author, once with titles of their own, once all under one title; by `dedup` and by the library. Each in
a process of its own: seconds of CPU and wall, peak MB, and the growth from the smaller to the larger.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from figures import figure

from queries.identity.works import works
from queries.library import Library
from queries.records.article import Article, Author, Journal
from queries.records.harvest import Harvest, Lane, Sighting

MOST_MB, MOST_SECONDS = 500, 60
NOW = datetime(2026, 11, 23, tzinfo=UTC)
KINDS = {"own": "titles of their own", "one": "one title"}
WORDS = [
    a + b for a in ("leuka", "stemi", "nibcy", "togra", "kinmu", "phalo") for b in ("ra", "ti", "sa", "mo")
]
ONE_TITLE = "Proceedings of the invented congress of leukaemic stem cells and of their niche"


def article(number: int, kind: str) -> Article:
    """One of the crowd."""
    words = random.Random(number).choices(WORDS, k=12)  # noqa: S311 - text to fill a title, no secret
    return Article(
        pmid=10_000_000 + number,
        title=ONE_TITLE if kind == "one" else " ".join(words),
        authors=(Author("Sample", "Ada", "A"),),
        journal=Journal("Journal of Samples", "J Sampl", volume="12", issue="3"),
        pages="S1",
        published="2026",
    )


def clustered(articles: list[Article], way: str) -> int:
    """How many works a file of the articles holds, or a library that remembers them."""
    if way == "dedup":
        return len({member.work for member in works(articles, [None] * len(articles))})
    sightings = tuple(Sighting("A", Lane.NEW, each.pmid) for each in articles)
    brought = Harvest(
        watch="crowd", flow="harvest", started=NOW, articles=tuple(articles), sightings=sightings
    )
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library.duckdb") as library:
        library.remember(brought, NOW)
        return len(set(library.works([each.pmid for each in articles]).values()))


def measure(kind: str, way: str, count: int) -> None:
    """Print wall seconds, CPU seconds, peak MB and works, for the process that started this one."""
    articles = [article(number, kind) for number in range(count)]
    wall, cpu = time.perf_counter(), time.process_time()
    found = clustered(articles, way)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(time.perf_counter() - wall, time.process_time() - cpu, peak, found)


def main() -> None:
    """Print every figure."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--quick", action="store_true")
    options.add_argument("--measure", nargs=3, metavar=("KIND", "WAY", "COUNT"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.measure:
        kind, way, count = chosen.measure
        measure(kind, way, int(count))
        return
    print(f"load of the machine {os.getloadavg()[0]:.1f}; at most {MOST_MB} MB and {MOST_SECONDS} s wanted")
    for kind, words in KINDS.items():
        for way in ("dedup", "remember"):
            before = None
            for count in (2_000, 10_000) if chosen.quick else (10_000, 50_000):
                asked = [sys.executable, __file__, "--measure", kind, way, str(count)]
                answer = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
                wall, cpu, peak, found = map(float, answer.split())
                what = f"{way} {count:,} of one citation key, {words}"
                small = figure(f"{what}: memory", peak, "MB", at_most=MOST_MB)
                fast = figure(f"{what}: CPU", cpu, "s", at_most=MOST_SECONDS)
                met = "met" if small and fast else "NOT MET"
                growth = f", {cpu / before:.1f} x the smaller" if before else ""
                print(
                    f"{way:8} {words:19} {count:6,}: {cpu:5.1f} s of CPU{growth}, {wall:.1f} s wall, "
                    f"{peak:.0f} MB, {found:,.0f} works: {met}",
                    flush=True,
                )
                before = cpu


if __name__ == "__main__":
    main()
