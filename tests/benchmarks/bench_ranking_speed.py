"""How fast articles are tokenised and scored, on one core.

    SEEDWATCH_REAL_DATA=... python tests/benchmarks/bench_ranking_speed.py

Articles are the real ones of relevance/, repeated to the numbers asked for.
"""

import os
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import labelled
import numpy as np

from queries.ranking.background import Background
from queries.ranking.features import screen
from queries.ranking.space import Space
from queries.text.tokens import Vectors, vectorise


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
    folder = Path(os.environ["SEEDWATCH_REAL_DATA"]) / "relevance"
    articles = [
        article for each in labelled.collections(folder) for article in each.articles if article.abstract
    ]
    text = articles[:10_000]
    print(f"tokenise: {len(text) / fastest(lambda: vectorise(text)):,.0f} abstracts/s (target 10,000)")
    vectors = vectorise(text)
    rng = np.random.default_rng(0)
    seeds = rng.choice(len(text), 60, replace=False)

    many = vectors.taken(np.fromiter(islice(cycle(range(len(vectors))), 100_000), dtype=np.intp))
    built = fastest(lambda: space_of(many), 2)
    space = space_of(many)
    profile = space.profile(seeds, np.ones(60))
    once = fastest(lambda: screen(space, profile[:, None]))
    print(f"100,000 candidates, 60 seeds: {once * 1000:.1f} ms (target 20), weighed once in {built:.2f} s")
    one = space.profile(seeds[:1], np.ones(1))
    print(f"  with one seed: {fastest(lambda: screen(space, one[:, None])) * 1000:.1f} ms")

    space = space_of(vectors)
    watches = np.stack([space.profile(rng.choice(len(text), 10), np.ones(10)) for _ in range(1000)], axis=1)
    took = fastest(lambda: screen(space, watches), 2)
    print(f"1,000 watches of 10 seeds, {len(vectors):,} new articles: {took:.2f} s (target 5)")


def space_of(vectors: Vectors) -> Space:
    """As the ranker does."""
    return Space.of(vectors, Background.bundled(), vectors)


if __name__ == "__main__":
    main()
