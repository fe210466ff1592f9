"""The space that articles are compared in: one sparse matrix, one row an article.

A row holds three unit vectors side by side, of words, of MeSH and of references, scaled so that the
product of two rows is cos(words) + 0.75 cos(MeSH) + 2.4 cos(references). Words weigh
(1 + ln count)(idf + 2): among articles that one query found, how a study was done tells as much as its
rarest words, and a steeper idf ranks worse on the labelled sets. Numbers weigh half.
"""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from queries.ranking.background import Background, Column
from queries.text.tokens import BITS, Ids, TermKind, Vectors

OWN_IDF = 50.0  # idf is the candidates' own: the background weighs as so many documents beside them
OWN_CHANCE = 500.0  # chance is the background's, unless there are more candidates than this
FLOOR = 2.0  # added to the idf of words
TEXT, MESH, CITES = "text", "mesh", "references"
SIDES = (TEXT, MESH, CITES)
SCALE = np.array([1.0, 0.75, 2.4])  # of the three cosines: what levels their spreads on the cf collection
SIDE_OF = np.array([0, 0, 1, 1, 2])  # by TermKind
LIFT = np.array([1.0, 1.0, 1.0, 0.7, 1.0])  # of a term's idf, by TermKind
# (1 + ln count) of a word that occurs: mean and mean square, in real abstracts with the title doubled.
MEAN_TF, MEAN_SQUARE_TF = 1.27, 1.83


class Chance(NamedTuple):
    """What similarity to a profile an article has by chance, per side: mean and spread."""

    mean: Column
    spread: Column


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """Rows of articles, one column a term; column i weighs `weights[i]` an occurrence.

    `present[i, side]` says whether the article has that side at all.
    """

    terms: Ids = field(repr=False)
    weights: Column = field(repr=False)
    rows: csr_array = field(repr=False)
    present: NDArray[np.bool_] = field(repr=False)
    chances: tuple[Column, Column] = field(repr=False)  # of a row: mean and variance, per column

    @classmethod
    def of(cls, vectors: Vectors, background: Background, candidates: Vectors) -> "Space":
        """Weigh and normalise the terms of articles; `candidates` are those that idf is taken from."""
        terms, columns = np.unique(vectors.ids, return_inverse=True)
        own = Background.of(candidates)
        idf = background.joined(own, OWN_IDF)
        weights = _weights(terms, idf)
        sides = SIDE_OF[vectors.ids >> BITS]
        owner = np.repeat(np.arange(len(vectors)), np.diff(vectors.starts))
        counts = vectors.counts.astype(np.float64)
        values = np.where(sides == 0, 1 + np.log(counts), counts) * weights[columns]
        places = owner * len(SIDES) + sides
        squares = np.bincount(places, values**2, minlength=len(vectors) * len(SIDES))
        lengths = np.sqrt(np.where(squares > 0, squares, 1.0))
        values *= np.sqrt(SCALE)[sides] / lengths[places]
        sizes = np.bincount(places, minlength=len(vectors) * len(SIDES)).reshape(-1, len(SIDES))
        rows = csr_array(
            (values.astype(np.float32), columns.astype(np.int32), vectors.starts.astype(np.int32)),
            shape=(len(vectors), len(terms)),
        )
        chances = _chances(terms, weights, background.joined(own, OWN_CHANCE), idf)
        return cls(terms, weights, rows, sizes > np.array([0, 0, 1]), chances)  # each cites itself

    def taken(self, rows: NDArray[np.intp]) -> "Space":
        """The same space with some of its rows."""
        return replace(self, rows=self.rows[rows], present=self.present[rows])

    def profile(self, rows: NDArray[np.intp], weights: Column) -> NDArray[np.float32]:
        """The weighted mean of some rows."""
        mean = (weights / max(weights.sum(), 1e-6)) @ self.rows[rows]
        return np.asarray(mean, dtype=np.float32).ravel()

    def products(self, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """The inner products of some rows with each other."""
        chosen = self.rows[rows]
        return np.asarray((chosen @ chosen.T).toarray(), dtype=np.float32)

    def by_side(self, profile: NDArray[np.float32]) -> NDArray[np.float32]:
        """A profile in three columns, one a side."""
        side = SIDE_OF[self.terms >> BITS]
        return np.where(side[:, None] == np.arange(len(SIDES)), profile[:, None], np.float32(0))

    def shares(self, profile: NDArray[np.float32], index: int) -> dict[int, float]:
        """What each term of a row adds to its similarity to a profile."""
        row = slice(self.rows.indptr[index], self.rows.indptr[index + 1])
        columns = self.rows.indices[row]
        adds = self.rows.data[row].astype(np.float64) * profile[columns]
        return {
            number: value
            for number, value in zip(self.terms[columns].tolist(), adds.tolist(), strict=True)
            if value
        }

    def chance(self, profile: NDArray[np.float32]) -> Chance:
        """Similarity to a profile if terms fell on articles independently."""
        side, (mean, variance) = SIDE_OF[self.terms >> BITS], self.chances
        spread = np.bincount(side, variance * profile.astype(np.float64) ** 2, minlength=len(SIDES))
        expected = np.bincount(side, mean * profile, minlength=len(SIDES)).astype(np.float64)
        return Chance(expected, np.sqrt(spread))


def _weights(terms: Ids, background: Background) -> Column:
    """What an occurrence of each term weighs."""
    kinds = terms >> BITS
    idf = -np.log(background.share(terms))
    weights = np.where(SIDE_OF[kinds] == 0, idf + FLOOR, idf * LIFT[kinds])
    return np.asarray(np.where(kinds == TermKind.NUMBER, weights / 2, weights))


def _chances(terms: Ids, weights: Column, chance: Background, idf: Background) -> tuple[Column, Column]:
    """Mean and variance of the terms in a row of a typical length."""
    side = SIDE_OF[idf.terms >> BITS]
    held = idf.frequencies / np.maximum(idf.documents[idf.terms >> BITS], 1.0)
    held *= _weights(idf.terms, idf) ** 2 * np.where(side == 0, MEAN_SQUARE_TF, 1.0)
    lengths = np.sqrt(np.maximum(np.bincount(side, held, minlength=len(SIDES)), 1.0) / SCALE)
    side = SIDE_OF[terms >> BITS]
    weights = weights / lengths[side]
    share = chance.share(terms)
    mean = share * weights * np.where(side == 0, MEAN_TF, 1.0)
    return mean, share * weights**2 * np.where(side == 0, MEAN_SQUARE_TF, 1.0) - mean**2
