"""What an article's nearest neighbours say: relevance smoothed over a pool of candidates.

Articles on one question resemble each other even where one of them shares few words with the seed; so an
article's neighbours among the candidates tell more than it can alone. Nearness is the cosine about the
pool's mean, which keeps articles that resemble everything from being everyone's neighbour.
"""

import numpy as np
from numpy.typing import NDArray

from queries.ranking.background import Column

POOL = 2000  # candidates that are compared with each other, the best by direct similarity
NEAREST = 60
OWN = 20.0  # an article's own say, in nearness, is this over the pool's size: few are poor neighbours


def smoothed(products: NDArray[np.float32], values: Column) -> Column:
    """Each row's value, averaged with those of its NEAREST rows by their nearness.

    `products` holds the inner products of the rows with each other.
    """
    near, count = _nearness(products), len(values)
    if count > NEAREST:
        cut = np.partition(near, count - NEAREST, axis=1)[:, count - NEAREST]
        near[near < cut[:, None]] = 0
    own = OWN / max(count, 1)
    return np.asarray((near @ values + own * values) / (near.sum(axis=1, dtype=np.float64) + own))


def _nearness(products: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosines about the mean row, negatives and the diagonal zero."""
    mean = products.mean(axis=1, dtype=np.float64)
    centre = mean.mean()
    lengths = np.sqrt(np.maximum(products.diagonal() - 2 * mean + centre, 1e-6)).astype(np.float32)
    mean = (mean - centre / 2).astype(np.float32)
    near = products - mean[:, None]
    near -= mean
    near /= lengths[:, None]
    near /= lengths
    np.fill_diagonal(near, 0)
    return np.asarray(np.maximum(near, 0, out=near))
