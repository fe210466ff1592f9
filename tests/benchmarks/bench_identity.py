"""Identity on labelled sets beside bib-dedupe, on records as other databases write them, and at scale.

    python tests/benchmarks/bench_identity.py [--quick]

bib-dedupe gets the same records (its own column names, authors parted by " and "), and is told the
number of CPUs: left to itself (cpu=-1) it compares in one process. Times are of wall and of CPU, its
workers included, from records in memory to works; the machine has other work, so compare within one run.
"""

import contextlib
import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median
from typing import TypeVar
from unittest.mock import patch

import bib_dedupe.bib_dedupe as rival
import pandas as pd  # type: ignore[import-untyped]  # comes with bib-dedupe, without types
from figures import PEAK, QUICK, figure, real_data
from identity_elsewhere import elsewhere
from identity_labelled import ASYSD, Labelled, Score, judge, load, together
from identity_samples import synthetic

from flows.cli import tables
from queries.identity import agreement as identity_signs
from queries.identity import rules as identity_pairs
from queries.identity.citation import Citation, citation
from queries.identity.works import works
from queries.library import Library
from queries.library.identity import cite, identify
from queries.readers.export import read
from queries.records.article import Article

Found = TypeVar("Found")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
CPUS = os.cpu_count() or 1
SIZES = (30_000, 300_000, 1_000_000)
NEW = 10_000
# What leave-one-out chooses among: likeness of near titles, letters of a telling title.
CHOICES = tuple(product((85.0, 90.0, 95.0), (20, 30, 40)))
SHIPPED = identity_pairs._NEAR_TITLE, identity_signs._LONG


def main() -> None:
    """Print every figure."""
    if folder := real_data("identity on labelled sets"):
        sets = load(folder / "dedup")
        on_labels(sets, beside=not QUICK)
        if not QUICK:
            leave_one_out([each for each in sets if not each.name.endswith("by label")])  # one truth a set
        as_written_elsewhere(folder / "pubmed" / "pubmed_real.xml.gz")
    for size in SIZES[: 1 if QUICK else None]:
        at_scale(size)
    for size in SIZES[: 1 if QUICK else None]:
        beside_a_library(size)
    exported(30_000 if QUICK else 100_000)


def on_labels(sets: Sequence[Labelled], *, beside: bool) -> None:
    """Precision and recall over pairs (transitive closure), and the times."""
    for labelled in sets:
        runs = [timed(partial(ours, labelled)) for _ in range(1 if QUICK else 5)]
        score = judge(labelled, runs[0][0])
        wall, cpu = median(run[1] for run in runs), median(run[2] for run in runs)
        print(f"{labelled.name}, {len(labelled.entries):,} records")
        figure(f"identity, {labelled.name}: F1", score.f1)
        print(f"  seedwatch   F1 {score.f1:.4f}  {score.words}  {wall:.2f} s, {cpu:.2f} s of CPU")
        if beside:
            found, wall_theirs, cpu_theirs = timed(partial(theirs, labelled))
            other = judge(labelled, found)
            figure(f"identity, {labelled.name}: F1 over bib-dedupe's", score.f1 - other.f1)
            figure(f"identity, {labelled.name}: faster than bib-dedupe", wall_theirs / wall, "x")
            faster = f"{wall_theirs / wall:.0f} x the time, {cpu_theirs / cpu:.0f} x the CPU"
            print(
                f"  bib-dedupe  F1 {other.f1:.4f}  {other.words}  {wall_theirs:.2f} s: {faster}", flush=True
            )


def ours(labelled: Labelled) -> list[set[int]]:
    """Our works of a set."""
    members = works([entry.article for entry in labelled.entries], [entry.pmid for entry in labelled.entries])
    return together([member.work for member in members])


def theirs(labelled: Labelled) -> list[list[int]]:
    """bib-dedupe's works of a set."""
    latin = labelled.name.startswith(ASYSD)
    frame = pd.read_csv(labelled.file, encoding="latin-1" if latin else "utf-8", dtype=str).fillna("")
    frame["ID"] = [str(at) for at in range(len(frame))]
    frame["author"] = [
        " and ".join(f"{each.last}, {each.fore or each.initials}" for each in entry.article.authors)
        for entry in labelled.entries
    ]
    frame = frame.rename(columns={"issue": "number"})
    frame["ENTRYTYPE"] = frame.get("ENTRYTYPE", "article")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        prepared = rival.prep(frame, cpu=CPUS)
        matched = rival.match(rival.block(prepared, cpu=CPUS), cpu=CPUS)
        return [[int(one) for one in each] for each in rival.cluster(matched)]


def leave_one_out(sets: Sequence[Labelled]) -> None:
    """Choose the two most debatable thresholds on all sets but one, and look at that one."""
    table = {choice: [_with(choice, labelled) for labelled in sets] for choice in CHOICES}
    print(
        "leave one set out: near title and long title as the other sets have it best, F1 on the one left out"
    )
    for at, labelled in enumerate(sets):
        elsewhere_best = {
            choice: sum(score.f1 for score in (*scores[:at], *scores[at + 1 :]))
            for choice, scores in table.items()
        }
        chosen = max(CHOICES, key=lambda choice: (elsewhere_best[choice], choice == SHIPPED))
        kept, f1s = table[chosen][at], [scores[at].f1 for scores in table.values()]
        spread = f"whichever is chosen: {min(f1s):.4f} to {max(f1s):.4f}"
        print(f"  {labelled.name:24} {chosen} F1 {kept.f1:.4f} P {kept.precision:.4f}; {spread}", flush=True)


def _with(choice: tuple[float, int], labelled: Labelled) -> Score:
    with (
        patch.object(identity_pairs, "_NEAR_TITLE", choice[0]),
        patch.object(identity_signs, "_LONG", choice[1]),
    ):
        return judge(labelled, ours(labelled))


def as_written_elsewhere(file: Path) -> None:
    """Every real PubMed record twice more, with two to five fields otherwise or lost."""
    by_pmid = {entry.pmid: entry.article for entry in read(file) if entry.pmid}
    articles = list(by_pmid.values())
    for seed in (1,) if QUICK else (1, 2, 3):
        chance = random.Random(seed)  # noqa: S311 - samples, no secret
        copies = [elsewhere(chance, article, 0) for article in articles for _ in range(2)]
        count = len(articles)
        truth = [frozenset((at, count + 2 * at, count + 2 * at + 1)) for at in range(count)]
        found = together([member.work for member in works([*articles, *copies], [0] * 3 * count)])
        score = judge(Labelled("elsewhere", file, (), truth), found)
        print(f"as written elsewhere, {3 * count:,} records, seed {seed}: F1 {score.f1:.4f}  {score.words}")


def at_scale(size: int) -> None:
    """Cluster that many invented records."""
    articles, truth = synthetic(size, 0.02)
    members, wall, cpu = timed(partial(works, articles))
    found = {(member.work, at) for at, member in enumerate(members) if member.work != at}
    figures = f"{len(found & truth):,} of {len(truth):,} planted found, {len(found - truth)} false"
    figure(f"identity, {size:,} invented records clustered", cpu, "CPU s")
    print(f"{size:,} records clustered: {wall:.1f} s, {cpu:.1f} s of CPU; {figures}", flush=True)


def beside_a_library(size: int) -> None:
    """Identify 10,000 new records, 5 % of them known works, in a library of that many; three times."""
    count = size + 3 * NEW
    articles = _numbered(synthetic(count, 0.15 * NEW / count)[0])
    new = articles[size:]
    random.Random(7).shuffle(new)  # noqa: S311 - an order, no secret
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library.duckdb") as library:
        _fill(library, articles[:size])
        batches = [new[start : start + NEW] for start in range(0, len(new), NEW)]
        runs = [timed(partial(_identified, library, batch)) for batch in batches]
    wall, cpu = median(run[1] for run in runs), median(run[2] for run in runs)
    figures = f"{wall:.2f} s, {cpu:.2f} s of CPU (keys, comparison, commit)"
    figure(f"identity, {NEW:,} new beside {size:,} known", cpu, "CPU s")
    print(f"{NEW:,} new beside {size:,} known: {figures}", flush=True)


def exported(size: int) -> None:
    """`seedwatch dedup` of an export of that many records, in a process of its own."""
    code = (
        "import resource, sys\n"
        "from flows.cli import app\n"
        "app(['dedup', sys.argv[1], '--out', sys.argv[2]], standalone_mode=False)\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        f"print(used.ru_utime + used.ru_stime, {PEAK})"
    )
    with tempfile.TemporaryDirectory() as place:
        table, out = Path(place) / "export.csv", Path(place) / "out.csv"
        rows = ((at, each.title, "; ".join(f"{who.last}, {who.initials}" for who in each.authors),
                 each.journal.title, each.published, each.journal.volume, each.pages, each.doi)
                for at, each in enumerate(synthetic(size, 0.02)[0]))  # fmt: skip
        tables.write(table, ("id", "title", "authors", "journal", "year", "volume", "pages", "doi"), rows)
        done = subprocess.run(
            [sys.executable, "-c", code, table, out], capture_output=True, text=True, check=True
        )
    seconds, megabytes = map(float, done.stdout.splitlines()[-1].split())
    figure(f"dedup {size:,}", seconds, "CPU s")
    figure(f"dedup {size:,}: memory", megabytes, "MB", at_most=1_000)
    print(f"dedup {size:,}: {seconds:.1f} CPU s, {megabytes:,.0f} MB (target 1,000)", flush=True)


def _fill(library: Library, articles: Sequence[Article]) -> None:
    for start in range(0, len(articles), 50_000):
        with library.transaction():
            cite(library, [_cited(article) for article in articles[start : start + 50_000]])
    library._open.execute(
        "INSERT INTO article (pmid, title, journal, published, doi, pmcid, hash, first_fetched, "
        "last_fetched, record) SELECT id, title, journal, '', doi, pmcid, '', $now, $now, '{}' FROM citation",
        {"now": NOW.replace(tzinfo=None)},
    )


def _cited(article: Article) -> Citation:
    return citation(article, article.pmid, article.pmid)


def _identified(library: Library, articles: Sequence[Article]) -> None:
    with library.transaction():
        identify(library, articles, NOW)


def _numbered(articles: Sequence[Article]) -> list[Article]:
    return [replace(article, pmid=at) for at, article in enumerate(articles, 1)]


def timed(work: Callable[[], Found]) -> tuple[Found, float, float]:
    """The result, and its seconds of wall and of CPU, child processes included."""
    started, before = time.perf_counter(), _cpu()
    result = work()
    return result, time.perf_counter() - started, _cpu() - before


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
