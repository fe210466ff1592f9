"""What it tells that an article hits a seed keyword.

The first keyword is the subject, which nearly everything on it names: to miss it tells much, to hit it
nothing. Each further keyword is a question of the seed's; a hit counts for the article, a miss is silent.
No hit ever counts against an article.
"""

from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from queries.ranking.background import Column

# In nats. By hand, for no labelled set has keywords: a question that is hit doubles the odds, what doesn't
# name the subject is a tenth as likely.
HIT, MISSED = log(2), -log(10)
NAMED = 0.95  # of the relevant name the subject
IMAGINED, OFTEN = 10, 0.3  # candidates beside the real ones, and how many of them hit each keyword

Hits = NDArray[np.bool_]


def matrix(hits: Sequence[Sequence[str]], keywords: Sequence[str]) -> Hits:
    """One row an article, one column a keyword."""
    rows = [[keyword in hit for keyword in keywords] for hit in hits]
    return np.array(rows, dtype=np.bool_).reshape(len(hits), len(keywords))


def evidence(hits: Hits) -> Column:
    """The log-odds that the hits of each article add, whatever others hit."""
    if not hits.shape[1]:
        return np.zeros(len(hits))
    return np.asarray(np.where(hits[:, 0], 0, MISSED) + HIT * hits[:, 1:].sum(axis=1))


def beside(hits: Hits) -> Column:
    """The same among these candidates: what all of them hit tells nothing, what few do tells most."""
    if not hits.shape[1]:
        return np.zeros(len(hits))
    common = (hits.sum(axis=0) + IMAGINED * OFTEN) / (len(hits) + IMAGINED)
    named = max(float(np.log(NAMED / common[0])), 0.0)
    missed = min(float(np.log((1 - NAMED) / (1 - common[0]))), 0.0)
    return np.asarray(np.where(hits[:, 0], named, missed) + hits[:, 1:] @ (2 * HIT * (1 - common[1:])))
