"""The order of articles beside each other: what the score can't know, since it looks at one paper alone.

Three things are read off the candidates. What all of them share tells nothing between them (Space). With
many seeds, so does what the seeds share with all (centred). And articles on one question resemble each other
even where one of them shares few words with the seeds, so what an article's neighbours say counts for it.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from queries.ranking.background import Column
from queries.ranking.likeness import Rows
from queries.ranking.model import weights as learned
from queries.ranking.space import Space

POOL = 2500  # candidates that are compared with each other, the best by direct similarity
NEAREST = 60
OWN = 20.0  # an article's own say, in nearness, is this over the pool's size: few are poor neighbours
SEED_QUANTILE = 0.995  # a seed counts among its neighbours as a candidate of this rank at most
MANY = 10.0  # seeds that are many
LACKING = (0.0, 0.5, 0.25)  # for a side that an article lacks, its words speak, in spreads
LEAST = 0.3  # log-odds: the words' of the candidates are taken to spread so much at least
BLOCK = 500  # rows that are compared with all others at once


class Views(NamedTuple):
    """Of every row: its similarity to the seeds, and the same about the candidates' mean."""

    direct: Column
    centred: Column


def order(
    space: Space,
    candidates: Rows,
    seeds: Rows,
    shares: Column,
    text: Column,
    more: Column,
    belief: float = 1.0,
) -> Column:
    """A value for each of the rows `candidates`, the best the highest.

    `seeds` are rows that weigh `shares`; `text` is what the score says of the candidates' likeness and
    `more` the log-odds that keywords and verdicts add; `belief` is how far the seeds' words are believed.
    """
    if not len(candidates):
        return np.zeros(0)
    seen = views(space, candidates, seeds, shares)
    likely = belief * likeliness(seen, candidates, shares, text, learned())
    likely[candidates] += more / max(float(text.std()), LEAST)  # a spread of likeness is one of its log-odds
    likely = capped(likely, candidates, seeds)
    best = candidates[np.argsort(-likely[candidates], kind="stable")][:POOL]
    pool = np.sort(np.concatenate((best, seeds)))
    told = likely / 2  # beyond the pool: an article's own say, as modest as a neighbourhood's
    told[pool] = smoothed(nearest(space.rows[pool]), likely[pool])
    return together(likely[candidates], told[candidates], learned())


def likeliness(
    seen: Views, candidates: Rows, shares: Column, text: Column, model: Mapping[str, float]
) -> Column:
    """How likely each row is by what its own words say, in spreads above the candidates' mean."""
    count = shares.sum() ** 2 / max(float((shares**2).sum()), 1e-9)  # of seeds, had all the same weight
    many = min(np.log(max(count, 1)) / np.log(MANY), 1.0)
    likely = _spread(seen.direct, candidates)
    likely = likely + model["centred"] * many * _spread(seen.centred, candidates)
    likely[candidates] += model["alone"] * (1 - many) * _spread(text)
    return _spread(likely, candidates)


def capped(likely: Column, candidates: Rows, seeds: Rows) -> Column:
    """The same, no seed above the best of the candidates: it counts as one of them for its neighbours."""
    highest = np.quantile(likely[candidates], SEED_QUANTILE)
    return np.where(np.isin(np.arange(len(likely)), seeds), np.minimum(likely, highest), likely)


def together(likely: Column, told: Column, model: Mapping[str, float]) -> Column:
    """The candidates' own say and that of their neighbours."""
    return np.asarray(likely + model["neighbours"] * _spread(told))


def nearest(rows: csr_array) -> csr_array:
    """Each row's NEAREST others, by their inner products."""
    found = []
    for start in range(0, rows.shape[0], BLOCK):
        block = np.asarray((rows[start : start + BLOCK] @ rows.T).toarray(), dtype=np.float32)
        block[np.arange(len(block)), start + np.arange(len(block))] = 0
        if block.shape[1] > NEAREST:
            cut = np.partition(block, -NEAREST, axis=1)[:, -NEAREST]
            block[block < cut[:, None]] = 0
        found.append(csr_array(block))
    return csr_array(vstack(found))


def smoothed(near: csr_array, values: Column) -> Column:
    """Each row's value, averaged with those of its nearest rows by their nearness."""
    own = OWN / max(len(values), 1)
    return np.asarray((near @ values + own * values) / (np.asarray(near.sum(axis=1)).ravel() + own))


def views(space: Space, candidates: Rows, seeds: Rows, shares: Column) -> Views:
    """Compare every row with the seeds."""
    return Views(
        _direct(space, candidates, space.profile(seeds, shares)), _centred(space, candidates, seeds, shares)
    )


def _spread(values: Column, among: Rows | None = None) -> Column:
    """In spreads above the mean of those `among` them; 0 where all are alike."""
    known = values if among is None else values[among]
    spread = float(known.std())
    return (values - known.mean()) / spread if spread > 1e-9 else np.zeros(len(values))  # noqa: PLR2004


def _direct(space: Space, candidates: Rows, profile: NDArray[np.float32]) -> Column:
    """Similarity of every row to the seeds' mean, an article's words speaking for what it lacks."""
    by_side = space.by_side(profile)
    total = np.zeros(len(by_side))
    text = _spread(by_side[:, 0], candidates)
    for side, spoken in enumerate(LACKING):
        has = space.present[:, side]
        known = by_side[candidates[has[candidates]], side]
        if len(known):
            total += np.where(has, by_side[:, side], known.mean() + spoken * known.std() * text)
    return total


def _centred(space: Space, candidates: Rows, seeds: Rows, shares: Column) -> Column:
    """Mean cosine of every row with the seeds about the candidates' mean."""
    rows = space.rows
    mean = space.profile(candidates, np.ones(len(candidates))).astype(np.float64)
    centre, to_mean = float(mean @ mean), np.asarray(rows @ mean)
    lengths = np.sqrt(np.maximum(space.squares - 2 * to_mean + centre, 1e-6))
    weighed = shares / max(float(shares.sum()), 1e-9) / lengths[seeds]
    toward = np.asarray(rows @ np.asarray(weighed @ rows[seeds]).ravel())
    toward += (centre - to_mean) * weighed.sum() - float(weighed @ to_mean[seeds])
    return np.asarray(toward / lengths)
