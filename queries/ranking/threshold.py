"""The score below which an article isn't told."""

from collections.abc import Sequence

import numpy as np

from queries.ranking.model import DIGITS, logistic
from queries.records.digest import Threshold

KEPT = 0.95  # of the known relevant
NORMAL = 1.645  # so many spreads below the mean lie 5 % of a normal distribution
USUAL = 0.35  # where the known relevant are too few to tell
FEW = 5
LOWEST, HIGHEST = 0.3, 0.5  # chance alone reaches the base, ~0.15; 0.5 is as likely as not


def threshold(logits: Sequence[float]) -> Threshold:
    """From the log-odds of known relevant articles, each judged by the others.

    With many of them their fifth percentile, with few a normal distribution's; never so low that chance
    passes, never above even odds: what a review cites is nearer to it than much that its readers want.
    """
    count = len(logits)
    if count < FEW:
        return Threshold(USUAL, f"the usual one: with {count} known relevant articles it cannot be measured")
    if count * (1 - KEPT) < 1:
        wanted = float(np.mean(logits) - NORMAL * np.std(logits, ddof=1))
    else:
        wanted = float(np.quantile(logits, 1 - KEPT, method="weibull"))
    value = round(min(max(logistic(wanted), LOWEST), HIGHEST), DIGITS)
    reached = sum(logistic(logit) >= value for logit in logits)
    return Threshold(
        value, f"{reached} of {count} known relevant articles reach it, each judged by the others"
    )
