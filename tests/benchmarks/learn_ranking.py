"""Learn the ranking's weights on the labelled sets, and write queries/ranking/weights.json.

    SEEDWATCH_REAL_DATA=... python tests/benchmarks/learn_ranking.py

A draw's relevant and other candidates weigh alike, as do the groups of collections. First the two
features' weights (logistic regression), then base and slope on the damped sum of evidence.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import labelled
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import queries.ranking.model
from queries.ranking.background import Background
from queries.ranking.features import features
from queries.ranking.model import damped
from queries.ranking.space import Space
from queries.text.tokens import vectorise

OUT = Path(queries.ranking.model.__file__).with_name("weights.json")
BY_HAND = {"anchors": 1.2, "rejected": -3.0}
LEARNED_ON = ("screening", "TREC", "cf")
SEEDS = (1, 3, 5)
TIMES = {"screening": 20, "TREC": 5, "cf": 2, "cf, text": 2}
NONE = np.array([], dtype=np.intp)

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """One draw: the candidates' two features, and their grades."""

    collection: str
    group: str
    count: int
    draw: labelled.Draw
    features: Numbers

    @property
    def grades(self) -> Numbers:
        """Of the candidates."""
        return self.draw.grades[self.draw.rest]


def examples(collection: labelled.Collection, times: int) -> Iterator[Example]:
    """Compute the features as the ranker does."""
    vectors = vectorise(collection.articles)
    space = Space.of(vectors, Background.bundled(), vectors)
    products = space.products(np.arange(len(vectors)))
    for count in SEEDS:
        for draw in labelled.draws(collection, count, times):
            found = features(
                space, draw.rest, draw.seeds, np.ones(count), NONE, lambda rows: products[np.ix_(rows, rows)]
            )
            both = np.stack([found.direct.sum(axis=1), found.neighbours], axis=1)
            yield Example(collection.name, collection.group, count, draw, both)


def _logistic(columns: Numbers, relevant: NDArray[np.bool_], weights: Numbers) -> Numbers:
    """Weighted logistic regression: the intercept, then a weight per column."""
    design = np.column_stack([np.ones(len(columns)), columns])
    sign = np.where(relevant, 1.0, -1.0)

    def loss(theta: Numbers) -> tuple[float, Numbers]:
        margin = sign * (design @ theta)
        slope = -sign * weights / (1 + np.exp(np.clip(margin, -500, 500)))
        return float(weights @ np.logaddexp(0, -margin)), design.T @ slope

    return np.asarray(minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B").x)


def learn(chosen: Sequence[Example]) -> dict[str, float]:
    """Weights from these draws."""
    draws = Counter(example.group for example in chosen)
    parts = []
    for example in chosen:
        relevant = example.grades > 0
        share = np.where(relevant, 1 / relevant.sum(), 1 / (~relevant).sum()) / draws[example.group]
        parts.append((example.features, relevant, share))
    columns, relevant, share = (np.concatenate(each) for each in zip(*parts, strict=True))
    _, similar, neighbours = _logistic(columns, relevant, share)
    evidence = similar * columns[:, 0] + neighbours * columns[:, 1]
    base, slope = _logistic(damped(evidence)[:, None], relevant, share)
    named = {"base": base, "slope": slope, "similar": similar, "neighbours": neighbours}
    return {name: round(float(value), 3) for name, value in named.items()} | BY_HAND


def main() -> None:
    """Learn on all of them, and write."""
    folder = Path(os.environ["SEEDWATCH_REAL_DATA"]) / "relevance"
    found = [
        example
        for collection in labelled.collections(folder)
        for example in examples(collection, TIMES[collection.group])
    ]
    weights = learn(found)
    OUT.write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")
    print(f"{len(found)} draws: {weights}")


if __name__ == "__main__":
    main()
