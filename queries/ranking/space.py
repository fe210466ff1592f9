"""The space that articles are ordered in beside each other: one sparse matrix, one row an article.

A row holds three unit vectors side by side, of words, of MeSH and of references, scaled so that the
product of two rows is cos(words) + 0.75 cos(MeSH) + 2.4 cos(references). Words weigh (1 + ln count)(idf + 2),
idf being the candidates' own: what all of them share, the disease, tells nothing between them.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from queries.ranking.background import Background, Column
from queries.ranking.likeness import FLOOR, LIFT, SIDE_OF, SIDES, Rows, lengths, own_ids, owners, summed
from queries.text.tokens import BITS, Ids, Vectors

OWN_IDF = 50.0  # the background weighs as so many documents beside the candidates
SCALE = np.array([1.0, 0.75, 2.4])  # of the three cosines: what levels their spreads on the cf collection
SHORT = 12  # words that are never there, of middling weight: a title is not as near as it looks


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """Rows of articles, one column a term."""

    terms: Ids = field(repr=False)
    rows: csr_array = field(repr=False)
    squares: Column = field(repr=False)  # of the rows' lengths
    present: NDArray[np.bool_] = field(repr=False)  # which sides an article has at all

    @classmethod
    def of(cls, vectors: Vectors, background: Background, candidates: Vectors) -> "Space":
        """Weigh and normalise the terms of articles; `candidates` are those that idf is taken from."""
        terms, columns, held = np.unique(vectors.ids, return_inverse=True, return_counts=True)
        idf = -np.log(background.joined(Background.of(candidates), OWN_IDF).share(terms))
        words = SIDE_OF[terms >> BITS] == 0
        weights = LIFT[terms >> BITS] * (idf + np.where(words, FLOOR, 0))
        owner, side = owners(vectors), SIDE_OF[vectors.ids >> BITS]
        counts = vectors.counts.astype(np.float64)
        values = np.where(side == 0, 1 + np.log(counts), counts) * weights[columns]
        own, places = own_ids(vectors, owner), owner * len(SIDES) + side
        middling = float(np.median(values[side == 0] ** 2)) if (side == 0).any() else 0.0
        values /= lengths(values, places, own, len(vectors), np.array([SHORT * middling, 0, 0]))
        values *= np.sqrt(SCALE)[side]
        # an id that nobody here cites would only make its article unlike all others
        values[own & (held[columns] == 1)] = 0
        rows = csr_array(
            (values.astype(np.float32), columns.astype(np.int32), vectors.starts.astype(np.int32)),
            shape=(len(vectors), len(terms)),
        )
        sizes = np.bincount(places[~own], minlength=len(vectors) * len(SIDES)).reshape(-1, len(SIDES))
        return cls(terms, rows, summed(owner, values**2, len(vectors)), sizes > 0)

    def profile(self, rows: Rows, weights: Column) -> NDArray[np.float32]:
        """The weighted mean of some rows."""
        mean = (weights / max(weights.sum(), 1e-6)) @ self.rows[rows]
        return np.asarray(mean, dtype=np.float32).ravel()

    def by_side(self, profile: NDArray[np.float32]) -> Column:
        """The product of every row with a profile, one column a side."""
        side = SIDE_OF[self.terms >> BITS]
        columns = np.where(side[:, None] == np.arange(len(SIDES)), profile[:, None], np.float32(0))
        return np.asarray(self.rows @ columns, dtype=np.float64)
