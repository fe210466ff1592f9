"""The few numbers that a candidate is judged by."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from queries.ranking.background import Column
from queries.ranking.neighbours import POOL, smoothed
from queries.ranking.space import Space

Rows = NDArray[np.intp]

TEXT_SPEAKS = np.array([0.0, 0.5, 0.25])  # for a side that an article lacks, in spreads per spread
FEEDBACK_DOCUMENTS = 20  # pseudo-relevance feedback: the best candidates stand in for missing seeds
FEEDBACK_SHARE = 15  # but never more than one candidate in so many
SEED_QUANTILE = 0.995  # a seed counts among its neighbours as a candidate of this rank at most


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Per candidate: similarity to the seeds per side, and its neighbours', in spreads above chance.

    `rejected` is nearness (0 to 1) to what readers rejected: on the labelled sets a few rejected
    articles say nothing of others that merely share their subject. `profile` is what the candidates
    were compared with.
    """

    direct: Column  # one column a side; for a side that an article lacks, its text speaks in part
    rejected: Column
    neighbours: Column
    profile: NDArray[np.float32] = field(repr=False)


def features(
    space: Space,
    candidates: Rows,
    seeds: Rows,
    weights: Column,
    rejected: Rows,
    products: Callable[[Rows], NDArray[np.float32]] | None = None,
) -> Features:
    """Compare the rows `candidates` with the rows `seeds`, which weigh `weights`.

    `products` gives the inner products of some rows, where they are at hand (a benchmark's many draws).
    """
    profile = space.profile(seeds, weights)
    direct = above_chance(space, profile)
    similarity = direct.sum(axis=1)
    alone = float((weights**2).sum() / max(weights.sum() ** 2, 1e-6))  # 1 for one seed, 1/k for k alike
    best = candidates[np.argsort(-similarity[candidates], kind="stable")]
    fed_back = best[: min(FEEDBACK_DOCUMENTS, 1 + len(best) // FEEDBACK_SHARE)]
    feedback = above_chance(space, space.profile(fed_back, np.ones(len(fed_back)))).sum(axis=1)
    likely = (similarity + alone * feedback) / (1 + alone)
    if len(candidates):
        likely[seeds] = np.minimum(likely[seeds], np.quantile(likely[candidates], SEED_QUANTILE))
    pool = np.sort(np.concatenate((best[:POOL], seeds)))
    neighbours = likely / 2  # beyond the pool: an article's own say, as modest as a neighbourhood's
    neighbours[pool] = smoothed((products or space.products)(pool), likely[pool])
    nearest = _nearest(space, candidates, rejected)
    return Features(direct[candidates], nearest, neighbours[candidates], profile)


def _nearest(space: Space, candidates: Rows, rejected: Rows) -> Column:
    """Cosine about the candidates' mean with the nearest of what readers rejected, 0 if none is near."""
    if not len(rejected) or not len(candidates):
        return np.zeros(len(candidates))
    own, others = space.rows[candidates], space.rows[rejected]
    mean = space.profile(candidates, np.ones(len(candidates)))
    centre = float(mean @ mean)
    products = (own @ others.T).toarray() - (own @ mean)[:, None] - others @ mean + centre
    squares = [
        np.asarray(rows.multiply(rows).sum(axis=1)) - 2 * (rows @ mean) + centre for rows in (own, others)
    ]
    lengths = [np.sqrt(np.maximum(each, 1e-6)) for each in squares]
    return np.asarray(
        np.maximum(products / lengths[0][:, None] / lengths[1], 0).max(axis=1), dtype=np.float64
    )


def above_chance(space: Space, profile: NDArray[np.float32]) -> Column:
    """Similarity to a profile per side (one column a side), in spreads of what an article has by chance."""
    similarity = (space.rows @ space.by_side(profile)).astype(np.float64)
    mean, spread = space.chance(profile)
    above = similarity - space.present * mean
    above += ~space.present * above[:, :1] * (TEXT_SPEAKS * spread / max(float(spread[0]), 1e-6))
    return np.asarray(above / max(float(spread.sum()), 1e-6))


def screen(space: Space, profiles: NDArray[np.float32]) -> NDArray[np.float32]:
    """Similarity above chance of every row to many profiles (one a column), sides taken together.

    The first step of `features` alone, for many seed sets at once: one product.
    """
    chances = [space.chance(profile) for profile in profiles.T]
    mean = np.array([chance.mean.sum() for chance in chances], dtype=np.float32)
    spread = np.array([max(float(chance.spread.sum()), 1e-6) for chance in chances], dtype=np.float32)
    similarity = space.rows @ (profiles[:, 0] if profiles.shape[1] == 1 else profiles)
    return np.asarray((similarity.reshape(-1, len(mean)) - mean) / spread)
