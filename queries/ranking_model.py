"""From features to a score whose parts add up to it."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np

DIGITS = 6


@cache
def weights() -> Mapping[str, float]:
    """The model: what each feature adds to the log-odds, per unit.

    `base`, `similar` and `neighbours` are learned (tests/benchmarks/learn_ranking.py); `anchors`, per
    seed keyword hit, and `rejected` are set by hand, as no labelled set has them.
    """
    read: dict[str, float] = json.loads((files("queries") / "ranking_weights.json").read_text("utf-8"))
    return read


def logistic(logit: float) -> float:
    """Probability at these log-odds."""
    return float(1 / (1 + np.exp(-logit)))


def split(logits: Mapping[str, float]) -> dict[str, float]:
    """Share the probability among the log-odds that made it; the base comes first, with its own.

    Each part is its log-odds times the mean slope of the logistic from the base to the sum (Aumann and
    Shapley's values of an additive model), so parts add up to the score, and carry its sign.
    """
    base = weights()["base"]
    low, total = logistic(base), sum(logits.values())
    slope = (logistic(base + total) - low) / total if abs(total) > 1e-9 else 0.0  # noqa: PLR2004
    parts = {"base": low, **{name: logit * slope for name, logit in logits.items()}}
    return {name: round(value, DIGITS) for name, value in parts.items()}
