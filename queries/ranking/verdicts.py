"""What readers said of single articles, for others that resemble them."""

import numpy as np

from queries.ranking.background import Background, Column
from queries.ranking.likeness import USUAL, Likeness
from queries.records.article import Article
from queries.text.tokens import Vectors, vectorise

STRENGTH = 3.0  # log-odds, for the article itself; by hand (tests/benchmarks/bench_feedback_fields.py)


def evidence(articles: Vectors, liked: Vectors, rejected: Vectors, background: Background) -> Column:
    """The log-odds that verdicts add or take: most for the article itself, none for a stranger.

    What merely shares the subject of a judged article is as near to it as the relevant usually are;
    only what is nearer resembles it.
    """
    return STRENGTH * (_nearest(articles, liked, background) - _nearest(articles, rejected, background))


def resemblance(articles: Vectors, judged: Article, background: Background | None = None) -> list[float]:
    """How near each article is to one that was judged: from 0, no nearer than usual, to 1, the same."""
    near = _nearest(articles, vectorise([judged]), background or Background.bundled())
    return [float(value) for value in near]


def _nearest(articles: Vectors, judged: Vectors, background: Background) -> Column:
    """From 0, no nearer to any than usual, to 1, one of them."""
    near = np.zeros(len(articles))
    for row in range(len(judged)):
        one = Likeness.of(judged.taken(np.array([row])), np.ones(1), background)
        above = (one.near(articles)[:, 0] - 1) * USUAL / (1 - USUAL)
        near = np.maximum(near, above)
    return np.clip(near, 0, 1)
