"""What the library costs as it grows: `python tests/benchmarks/bench_library_growth.py [--quick]`.

Invented libraries of 30,000, 300,000 and 1,000,000 records (--quick: 20,000 and 60,000), written by
DuckDB itself: titles and abstracts of words drawn by chance, so that records meet as real ones do, a
vector each, one watch that has seen them all, and a year of digests that told 20 each. Each lives the
same weeks, one library after the other: 2,000 new records come, a digest is gathered, edited and
recorded. Printed: the median seconds of CPU of three weeks, the ratio of the largest library to the
smallest, and the ratio of wall seconds; then the same of whole weekly runs, and how the files grew.
"""

import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

import weekly_run
from conftest import Shell, serving
from figures import QUICK, figure
from invented_library import NOW, WATCH, build, week

from flows.inputs import gather
from queries.library import Library
from queries.text.tokens import VOCABULARY, vectorise
from reports.digest.edit import edit

TARGET = 1.5  # times the smallest library's seconds...
JUDGED = "remember 2,000 new", "gather + edit + record"  # ...for these
SIZES = (20_000, 60_000) if QUICK else (30_000, 300_000, 1_000_000)
WEEKS = 1 if QUICK else 3
SWELLING = 10  # MB that a file may grow by ten times that it is closed


class Spent(NamedTuple):
    """Seconds of a step: the machine has other work, so that CPU tells more than wall."""

    wall: float
    cpu: float


class Stopwatch:
    """What each step took, as often as it was lived."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.spent: dict[str, list[Spent]] = defaultdict(list)

    @contextmanager
    def of(self, step: str) -> Iterator[None]:
        """Take the time of the block."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.spent[step].append(Spent(time.perf_counter() - wall, time.process_time() - cpu))

    def median(self, step: str) -> Spent:
        """The median of what the step took."""
        return Spent(*(median(column) for column in zip(*self.spent[step], strict=True)))


def live(path: Path, number: int, watch: Stopwatch) -> None:
    """Live a week in a library: remember, count terms, gather, edit, record."""
    harvest = week(number)
    now = NOW + timedelta(days=7 * number)
    with Library(path) as library, watch.of("remember 2,000 new"):
        library.remember(harvest, now)
    vectors = vectorise(harvest.articles)
    rows = {each.pmid: vectors.row(at) for at, each in enumerate(harvest.articles)}
    with watch.of("open"):
        library.__enter__()
    try:
        with watch.of("keep vectors of 2,000"):
            library.keep_vectors(VOCABULARY, rows)
        ask_all(library, [each.pmid for each in harvest.articles], now, watch)
        with watch.of("gather + edit + record"):
            with watch.of("  of that, gather"):
                inputs = gather(library, WATCH, now)
            with watch.of("  of that, edit"):
                issue = edit(inputs, sample=False)
            with watch.of("  of that, record"):
                library.record(issue)
    finally:
        with watch.of("close"):
            library.__exit__(None, None, None)


def ask_all(library: Library, new: list[int], now: datetime, watch: Stopwatch) -> None:
    """Ask each question of a harvest or a digest."""
    told = [row.pmid for row in library.told("bench")]
    since = now - timedelta(days=6)
    questions: dict[str, Callable[[], object]] = {
        "unknown (2,000)": lambda: library.unknown(new),
        "fetched (1,000)": lambda: library.fetched(told),
        "articles (500)": lambda: library.articles(new[:500]),
        "vectors (2,000)": lambda: library.vectors(VOCABULARY, new),
        "revisions (2,000)": lambda: library.revisions(new),
        "tombstones (2,000)": lambda: library.tombstones(new),
        "works (2,000)": lambda: library.works(new),
        "together (1,000)": lambda: library.together(told),
        "closed (2,000)": lambda: library.closed("bench", new),
        "decisions (2,000)": lambda: library.decisions("bench", new),
        "told": lambda: library.told("bench"),
        "reindexed": lambda: library.reindexed("bench"),
        "unreported": lambda: library.unreported("bench"),
        "found": lambda: library.found("bench", since),
        "sightings (2,000)": lambda: library.sightings("bench", new),
        "digests": lambda: library.digests("bench"),
        "coverage": lambda: library.coverage("bench", now),
        "ledger": lambda: library.ledger("bench", since),
        "translations": lambda: library.translations("bench"),
        "history (1)": lambda: library.history("bench", new[0]),
        "seen (2,000)": lambda: library.seen("bench", new),
    }
    for name, question in questions.items():
        with watch.of(name):
            question()


def main() -> None:
    """Print all figures."""
    sizes = SIZES
    with tempfile.TemporaryDirectory() as folder:
        paths = {size: Path(folder) / f"{size}.duckdb" for size in sizes}
        watches = {size: Stopwatch() for size in sizes}
        for size, path in paths.items():
            begun = time.perf_counter()
            build(path, size)
            took = time.perf_counter() - begun
            print(f"{size:,} records: {path.stat().st_size / 1e6:,.0f} MB, built in {took:.0f} s", flush=True)
        before = {size: path.stat().st_size for size, path in paths.items()}
        for number in range(1, WEEKS + 1):
            for size, path in paths.items():
                live(path, number, watches[size])
        print(f"load of the machine {os.getloadavg()[0]:.1f}; medians of {WEEKS} weeks, lived in turn")
        print(f"{'seconds of CPU':<24}" + "".join(f"{size:>12,}" for size in sizes) + "  ratio, of wall")
        for step in watches[sizes[0]].spent:
            weeks = [watches[size].median(step) for size in sizes]
            ratio, of_wall = (
                getattr(weeks[-1], clock) / max(getattr(weeks[0], clock), 1e-4) for clock in ("cpu", "wall")
            )
            met = ""
            if step in JUDGED:
                what = f"{step}, {sizes[-1]:,} to {sizes[0]:,}"
                within = figure(what, ratio, "x", at_most=TARGET)
                met = "  met" if within else f"  NOT MET (at most {TARGET})"
            columns = "".join(f"{each.cpu:>12.3f}" for each in weeks)
            print(f"{step:<24}{columns}{ratio:>7.2f}{of_wall:>9.2f}{met}")
        grown = [paths[size].stat().st_size - before[size] for size in sizes]
        print(f"{f'MB grown in {WEEKS} weeks':<24}" + "".join(f"{each / 1e6:>12.1f}" for each in grown))
        for size, path in paths.items():
            swells(size, path)
        weekly_runs(Path(folder), paths)


def weekly_runs(folder: Path, paths: dict[int, Path]) -> None:
    """Print what whole weekly runs cost: a first week, which is not counted, and WEEKS more."""
    weeks = range(WEEKS + 1, 2 * WEEKS + 2)
    weekly_run.fill_mirror(folder / "xml", next(iter(paths.values())), weeks)
    settings = {size: weekly_run.setting_of(path) for size, path in paths.items()}
    watches = {size: Stopwatch() for size in paths}
    for number in weeks:
        now = weekly_run.moment(number)
        with serving(
            Shell(folder), "--xml", str(folder / "xml"), "--port", "0", "--now", now.isoformat()
        ) as url:
            for size, setting in settings.items():
                with watches[size].of("first" if number == weeks[0] else "run"):
                    weekly_run.run(replace(setting, eutils_url=url), now)
    spent = {size: watch.median("run") for size, watch in watches.items()}
    smallest, largest = min(spent), max(spent)
    ratio = spent[largest].cpu / spent[smallest].cpu
    figure(f"whole weekly run, {largest:,} to {smallest:,}", ratio, "x", at_most=TARGET)
    columns = ", ".join(
        f"{each.cpu:.2f} s ({each.wall:.2f} s wall) at {size:,}" for size, each in spent.items()
    )
    print(f"whole weekly run, CPU: {columns}; {ratio:.2f} x (at most {TARGET})")


def swells(size: int, path: Path) -> None:
    """Print how the file grows by ten times that it is opened, a run is noted and it is closed."""
    before = path.stat().st_size
    for at in range(10):
        with Library(path) as library:
            library.ran("bench", "digest", NOW, NOW + timedelta(minutes=at))
    grown = (path.stat().st_size - before) / 1e6
    figure(f"library of {size:,}: grown by closing ten times", grown, "MB", at_most=SWELLING)
    print(f"{size:,}: {grown:.1f} MB grown by opening and closing 10 times")


if __name__ == "__main__":
    main()
