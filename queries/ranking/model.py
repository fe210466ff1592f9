"""From features to a score whose parts add up to it."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np

from queries.ranking.background import Column

DIGITS = 6


@cache
def weights() -> Mapping[str, float]:
    """The model: evidence is the weighted sum of the features, its logit `base` + `slope` f(evidence).

    `base`, `slope`, `similar` and `neighbours` are learned (tests/benchmarks/learn_ranking.py). `anchors`,
    per nat that seed keywords tell, and `rejected` are set by hand: no labelled set has them.
    """
    read: dict[str, float] = json.loads((files("queries.ranking") / "weights.json").read_text("utf-8"))
    return read


def damped(evidence: Column) -> Column:
    """Evidence on a log scale: what separates articles on a topic is small beside the topic itself."""
    return np.asarray(np.sign(evidence) * np.log1p(np.abs(evidence)))


def logistic(logit: float) -> float:
    """Probability at these log-odds."""
    return float(1 / (1 + np.exp(-logit)))


def logit(evidence: float) -> float:
    """Log-odds of being relevant."""
    return weights()["base"] + weights()["slope"] * float(damped(np.array(evidence)))


def shared(evidence: Mapping[str, float]) -> dict[str, float]:
    """Share the score among the evidence that made it; the base, what no evidence scores, comes first.

    A part is in proportion to its evidence and has its sign, so the parts add up to the score.
    """
    total = sum(evidence.values())
    low = logistic(logit(0.0))
    per_unit = (logistic(logit(total)) - low) / total if abs(total) > 1e-9 else 0.0  # noqa: PLR2004
    parts = {"base": low, **{name: value * per_unit for name, value in evidence.items()}}
    return {name: round(float(value), DIGITS) for name, value in parts.items()}
