"""Do taps help in other fields? The labelled sets of $SEEDWATCH_REAL_DATA/relevance, six weeks each.

Of each collection (of TREC and Cystic Fibrosis some topics) one relevant record is the seed; fifteen others
that are relevant and 135 that are not are dealt into six weeks. The reader taps on the first five by what the
labels say. Here it is the ranking's order alone, and no digest's. The form and the strength of what a verdict
adds (queries/ranking/verdicts.py) may be chosen on this; bench_feedback judges them.

    SEEDWATCH_REAL_DATA=... python tests/benchmarks/bench_feedback_fields.py [--draws 2]
"""

import argparse
import os
import sys
from pathlib import Path

import numpy as np
from labelled import Collection, collections

from queries.ranking import Ranker, SeedSet

WEEKS, FIRST = 6, 5
RELEVANT, OTHERS = 15, 135
TOPICS = 8  # of a collection that has many


def main() -> None:
    """Print the precision of the first five, week by week, without and with taps."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=2)
    draws = parser.parse_args().draws
    data = os.environ.get("SEEDWATCH_REAL_DATA")
    if not data or not Path(data).is_dir():
        sys.exit("SEEDWATCH_REAL_DATA is not set: there are no records to judge")
    runs: dict[bool, list[list[float]]] = {False: [], True: []}
    for collection in collections(Path(data) / "relevance"):
        for topic in sorted(collection.topics)[:TOPICS]:
            if len(collection.topics[topic]) <= RELEVANT:
                continue
            for seed in range(draws if len(collection.topics) == 1 else 1):
                for taps, rows in runs.items():
                    rows.append(weeks(collection, topic, seed, taps=taps))
    without, tapped = np.array(runs[False]), np.array(runs[True])
    head = "".join(f"{week:>7}" for week in range(1, WEEKS + 1))
    print(f"{len(tapped)} draws of {RELEVANT} relevant among {RELEVANT + OTHERS}\n{'week':14}{head}    2-6")
    for name, precision in (("without taps", without), ("with taps", tapped)):
        row = "".join(f"{value:7.3f}" for value in precision.mean(axis=0))
        print(f"{name:14}{row}{precision[:, 1:].mean():7.3f}")
    gain = (tapped - without)[:, 1:].mean(axis=1)
    print(
        f"weeks 2-6: {gain.mean():+.3f} (better in {(gain > 0).sum()}, the same in {(gain == 0).sum()}, "
        f"worse in {(gain < 0).sum()} of {len(gain)} draws)"
    )


def weeks(collection: Collection, topic: str, seed: int, *, taps: bool) -> list[float]:
    """The precision of the first five, week by week."""
    chance = np.random.default_rng(seed)
    graded = np.array(sorted(collection.topics[topic]))
    begin, *wanted = chance.permutation(graded)[: RELEVANT + 1].tolist()
    others = chance.permutation(np.setdiff1d(np.arange(len(collection.articles)), graded))[:OTHERS]
    dealt = chance.permutation(np.concatenate([np.array(wanted), others])).tolist()
    liked: list[int] = []
    rejected: list[int] = []
    found = []
    for week in range(WEEKS):
        seeds = SeedSet(
            seed=collection.articles[begin],
            positive=tuple(collection.articles[row] for row in liked),
            negative=tuple(collection.articles[row] for row in rejected),
        )
        scored = Ranker(seeds).score([collection.articles[row] for row in dealt[week::WEEKS]])
        first = [each.pmid - 1 for each in scored[:FIRST]]  # PMIDs are rows, from 1
        found.append(sum(row in wanted for row in first) / FIRST)
        for row in first if taps else ():
            (liked if row in wanted else rejected).append(row)
    return found


if __name__ == "__main__":
    main()
