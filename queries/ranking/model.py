"""From evidence to a score whose parts add up to it."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np

from queries.ranking.background import Column

DIGITS = 6
# Headings and references beside words, by hand: one labelled set has them, and is to judge, not to choose
MESH, CITES = 0.3, 1.0


@cache
def weights() -> Mapping[str, float]:
    """What is learned (tests/benchmarks/learn_ranking.py).

    Of the score, at even odds: `base` and `text`; of the order: `alone`, `centred` and `neighbours`.
    """
    read: dict[str, float] = json.loads((files("queries.ranking") / "weights.json").read_text("utf-8"))
    return read


def log_odds(near: Column, model: Mapping[str, float], belief: float = 1.0) -> Column:
    """What each side of a likeness adds to the log-odds; `near` has a row an article, a column a side.

    Headings tell only from even odds on: below, they are the subject's. No side that an article lacks
    counts against it. `belief` is how far the seeds' words are believed.
    """
    words, headings, references = near.T
    above = np.maximum(headings + model["base"] / model["text"], 0)
    return model["text"] * np.stack([belief * words, MESH * above, CITES * references], axis=1)


def logistic(logit: float) -> float:
    """Probability at these log-odds."""
    return float(1 / (1 + np.exp(-logit)))


def shared(base: float, evidence: Mapping[str, float]) -> dict[str, float]:
    """Share the score among the log-odds that made it; the base, what no evidence scores, comes first.

    A part is in proportion to its log-odds and has their sign, so the parts add up to the score.
    """
    total = sum(evidence.values())
    low = logistic(base)
    per_unit = (logistic(base + total) - low) / total if abs(total) > 1e-9 else 0.0  # noqa: PLR2004
    parts = {"base": low, **{name: value * per_unit for name, value in evidence.items()}}
    return {name: round(float(value), DIGITS) for name, value in parts.items()}
