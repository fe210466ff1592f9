"""How fast articles are tokenised and scored, on one core.

    SEEDWATCH_REAL_DATA=... python tests/benchmarks/bench_ranking_speed.py

Articles are the real ones of relevance/, repeated to the numbers asked for.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import labelled
import numpy as np
from figures import PEAK, QUICK, figure, real_data

from flows.cli import tables
from queries.ranking import Ranker, SeedSet
from queries.records.article import Article
from queries.text.tokens import vectorise


def fastest(work: Callable[[], object], times: int = 5) -> float:
    """Processor seconds, the best of some: what else runs on the machine is not counted."""
    took = []
    for _ in range(times):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return min(took)


def main() -> None:
    """Time and print."""
    data = real_data("speed of ranking")
    if not data:
        return
    folder = data / "relevance"
    articles = [
        article for each in labelled.collections(folder) for article in each.articles if article.abstract
    ]
    text = articles[:10_000]
    tokenised = len(text) / fastest(lambda: vectorise(text))
    print(f"tokenise: {tokenised:,.0f} abstracts/s (target 10,000)")
    figure("abstracts tokenised in a CPU second", tokenised, at_least=10_000)
    vectors = vectorise(text)
    rng = np.random.default_rng(0)

    def seeds(count: int) -> SeedSet:
        return SeedSet(more=tuple(text[row] for row in rng.choice(len(text), count, replace=False)))

    known, nothing = Ranker(seeds(60)), [()] * len(vectors)
    scored = fastest(lambda: known.evidence(vectors, nothing), 3)
    print(f"{len(vectors):,} candidates, 60 seeds: scored in {scored:.2f} s")
    figure(f"{len(vectors):,} candidates scored for 60 seeds", scored, "CPU s")
    evidence = known.evidence(vectors, nothing)
    ordered = fastest(lambda: known.order(vectors, evidence), 2)
    print(f"  ordered beside each other in {ordered:.2f} s")
    many = [] if QUICK else [Ranker(seeds(10)) for _ in range(20)]
    if many:
        took = fastest(lambda: [each.evidence(vectors, nothing) for each in many], 1) * 50
        print(f"1,000 watches of 10 seeds, {len(vectors):,} new articles: {took:.0f} s, from 20 of them")
        figure("1,000 watches of 10 seeds score 10,000 new, from 20 of them", took, "CPU s")
    with TemporaryDirectory() as place:
        for count, most in ((10_000, 5), (100_000, 50))[: 1 if QUICK else 2]:
            exported(Path(place), articles, count, most)


def exported(place: Path, articles: Sequence[Article], count: int, most: float) -> None:
    """`seedwatch rank` of an export, in a process of its own."""
    head = ("id", "title", "abstract")
    for name, some in (("candidates", islice(cycle(articles), count)), ("seeds", articles[:3])):
        rows = (
            (number, each.title, " ".join(passage.text for passage in each.abstract))
            for number, each in enumerate(some)
        )
        tables.write(place / f"{name}.csv", head, rows)
    code = (
        "import resource\n"
        "from flows.cli import app\n"
        f"app(['rank', {str(place / 'candidates.csv')!r}, '--seeds', {str(place / 'seeds.csv')!r},"
        f" '--out', {str(place / 'out.csv')!r}], standalone_mode=False)\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        f"print(used.ru_utime + used.ru_stime, {PEAK})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, done.stdout.split("\n")[-2].split())
    print(f"rank {count:,}: {seconds:.1f} CPU s, {megabytes:,.0f} MB (target {most} s, 1,000 MB)")
    figure(f"rank {count:,}", seconds, "CPU s", at_most=most)
    figure(f"rank {count:,}: memory", megabytes, "MB", at_most=1_000)


if __name__ == "__main__":
    main()
