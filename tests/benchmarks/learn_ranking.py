"""Learn the ranking's weights on the labelled sets, and write queries/ranking/weights.json.

    SEEDWATCH_REAL_DATA=... python tests/benchmarks/learn_ranking.py

Score: `base` and the weight of words, by logistic regression; a draw's relevant and other candidates weigh
alike, and so do the collections. Order: of the weights of a small grid, those whose nDCG@20 gains most over
the best rival, mean over collections and numbers of seeds; or, as many do about as well, of those within half
a standard error the nearest to the middle. bench_ranking learns the same way without the family of
collections that it judges.
"""

import itertools
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import labelled
import numpy as np
import rivals
from numpy.typing import NDArray
from rivals import NDCG, RIVALS, Numbers
from scipy.optimize import minimize

import queries.ranking.model
from queries.ranking.background import Background
from queries.ranking.likeness import Likeness
from queries.ranking.order import capped, likeliness, nearest, smoothed, together, views
from queries.ranking.space import Space
from queries.text.tokens import vectorise

OUT = Path(queries.ranking.model.__file__).with_name("weights.json")
SEEDS = (1, 3, 5, 10)
TIMES = {"screening": 20, "TREC": 5, "cf": 2, "cf, text": 2}
GRID = {"alone": (0.0, 0.5, 1.0), "centred": (0.0, 0.5, 1.0), "neighbours": (0.5, 1.0, 1.5, 2.0, 2.5)}
CHOICES = list(itertools.product(*GRID.values()))
LARGEST = 0.3  # gain or loss that a collection may bring into the choice: one shall not decide


@dataclass(frozen=True)
class Example:
    """One draw: each candidate's likeness by side, and how well each choice and each rival does."""

    name: str
    group: str
    family: str
    count: int
    draw: labelled.Draw = field(repr=False)
    near: NDArray[np.float32] = field(repr=False)
    ours: Numbers = field(repr=False)  # a row a choice, a column a measure
    theirs: Mapping[str, Numbers] = field(repr=False)

    @property
    def grades(self) -> Numbers:
        """Of the candidates."""
        return self.draw.grades[self.draw.rest]


def examples(collection: labelled.Collection) -> Iterator[Example]:
    """Compare as the ranker does."""
    vectors, background = vectorise(collection.articles), Background.bundled()
    space = Space.of(vectors, background, vectors)
    neighbours, others = nearest(space.rows), rivals.scorers(collection.articles)
    for count in SEEDS:
        for draw in labelled.draws(collection, count, TIMES[collection.group]):
            shares, rest, ours = np.ones(count), draw.rest, []
            near = Likeness.of(vectors.taken(draw.seeds), shares, background).near(vectors)[rest]
            seen = views(space, rest, draw.seeds, shares)
            for choice in CHOICES:
                model = dict(zip(GRID, choice, strict=True))
                likely = capped(likeliness(seen, rest, shares, near[:, 0], model), rest, draw.seeds)
                values = together(likely[rest], smoothed(neighbours, likely)[rest], model)
                ours.append(rivals.measures(values, draw.grades[rest]))
            yield Example(
                collection.name,
                collection.group,
                collection.family,
                count,
                draw,
                near.astype(np.float32),
                np.array(ours),
                rivals.rivals(others, draw),
            )


def learn_score(chosen: Sequence[Example]) -> dict[str, float]:
    """Base and weight of words, at even odds."""
    draws = Counter(example.name for example in chosen)
    parts = []
    for example in chosen:
        relevant = example.grades > 0
        share = np.where(relevant, 1 / relevant.sum(), 1 / (~relevant).sum()) / draws[example.name]
        parts.append((example.near[:, 0].astype(np.float64), relevant, share))
    near, relevant, share = (np.concatenate(each) for each in zip(*parts, strict=True))
    base, text = _logistic(near, relevant, share)
    return {"base": round(float(base), 2), "text": round(float(text), 2)}


def _logistic(column: Numbers, relevant: NDArray[np.bool_], weights: Numbers) -> Numbers:
    """Weighted logistic regression: the intercept and the column's weight."""
    design = np.column_stack([np.ones(len(column)), column])
    sign = np.where(relevant, 1.0, -1.0)

    def loss(theta: Numbers) -> tuple[float, Numbers]:
        margin = sign * (design @ theta)
        slope = -sign * weights / (1 + np.exp(np.clip(margin, -500, 500)))
        return float(weights @ np.logaddexp(0, -margin)), design.T @ slope

    return np.asarray(minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B").x)


def means(chosen: Sequence[Example]) -> dict[tuple[str, int], tuple[Numbers, dict[str, Numbers]]]:
    """Per collection and number of seeds, each topic weighing alike: our measures, a row a choice; theirs."""
    by_topic: dict[tuple[str, int], dict[str, list[Example]]] = defaultdict(lambda: defaultdict(list))
    for example in chosen:
        by_topic[example.name, example.count][example.draw.topic].append(example)
    return {
        key: (
            np.mean([np.mean([each.ours for each in draws], axis=0) for draws in topics.values()], axis=0),
            {
                name: np.mean(
                    [np.mean([each.theirs[name] for each in draws], axis=0) for draws in topics.values()],
                    axis=0,
                )
                for name in RIVALS
            },
        )
        for key, topics in by_topic.items()
    }


def learn_order(chosen: Sequence[Example]) -> int:
    """The place in CHOICES of what gains most, or about as much and is nearer to the middle."""
    by_collection: dict[str, list[Numbers]] = defaultdict(list)
    for (name, _), (ours, theirs) in means(chosen).items():
        best = max(each[NDCG] for each in theirs.values())
        by_collection[name].append(np.clip(ours[:, NDCG] / best - 1, -LARGEST, LARGEST))
    gains = np.array([np.mean(each, axis=0) for each in by_collection.values()])
    mean, best = gains.mean(axis=0), int(np.argmax(gains.mean(axis=0)))
    error = (gains - gains[:, [best]]).std(axis=0) / np.sqrt(len(gains))
    steps = [
        sum(
            abs(GRID[name].index(value) - len(GRID[name]) // 2)
            for name, value in zip(GRID, choice, strict=True)
        )
        for choice in CHOICES
    ]
    return min(range(len(CHOICES)), key=lambda i: (mean[i] < mean[best] - error[i] / 2, steps[i], -mean[i]))


def main() -> None:
    """Learn on all of them, and write."""
    folder = Path(os.environ["SEEDWATCH_REAL_DATA"]) / "relevance"
    found = [example for each in labelled.collections(folder) for example in examples(each)]
    weights = learn_score(found) | dict(zip(GRID, CHOICES[learn_order(found)], strict=True))
    OUT.write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")
    print(f"{len(found)} draws: {weights}")


if __name__ == "__main__":
    main()
