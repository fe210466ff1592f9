"""What a band is worth, and where a score stands among a watch's own."""

from bisect import bisect_left
from collections.abc import Sequence

from queries.records.digest import Band

# Of as many relevant as other articles, so many of those in the band are relevant: measured on labelled
# collections that had no part in what was learned (tests/benchmarks/bench_ranking.py)
PRECISION = {Band.CORE: 0.84, Band.NEAR: 0.66, Band.EDGE: 0.26}


def percentile(score: float, others: Sequence[float]) -> int | None:
    """How many in a hundred of a watch's other scores lie below this one; None if there are none.

    `others` are to be made by one version of the ranking, e.g. those of the last twelve months.
    """
    if not others:
        return None
    return int(100 * bisect_left(sorted(others), score) / len(others))
