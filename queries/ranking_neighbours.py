"""What an article's nearest neighbours say: relevance smoothed over a pool of candidates.

Articles on one question resemble each other even where one of them shares few words with the seed; so an
article's neighbours among the candidates tell more than it can alone. Nearness is the cosine about the
pool's mean, which keeps articles that resemble everything from being everyone's neighbour.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from queries.ranking_background import Column

POOL = 2000  # candidates that are compared with each other, the best by direct similarity
NEAREST = 60
OWN = 20.0  # an article's own say, in nearness, is this over the pool's size: few are poor neighbours


def smoothed(rows: csr_array, values: Column) -> Column:
    """Each row's value, averaged with those of its NEAREST rows by their nearness."""
    near = _nearness(rows)
    count = len(values)
    if count > NEAREST:
        cut = np.partition(near, count - NEAREST, axis=1)[:, count - NEAREST]
        near[near < cut[:, None]] = 0
    own = OWN / max(count, 1)
    return np.asarray((near @ values + own * values) / (near.sum(axis=1, dtype=np.float64) + own))


def _nearness(rows: csr_array) -> NDArray[np.float32]:
    """Cosines about the mean row, negatives and the diagonal zero."""
    product = (rows @ rows.T).toarray()
    mean = product.mean(axis=1, dtype=np.float64)
    centre = mean.mean()
    lengths = np.sqrt(np.maximum(product.diagonal() - 2 * mean + centre, 1e-6))
    near = (product - mean[:, None] - mean + centre) / lengths[:, None] / lengths
    np.fill_diagonal(near, 0)
    return np.asarray(np.maximum(near, 0), dtype=np.float32)
