"""How common a term is: what idf is computed from, on day 0 as well as in a full library."""

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from queries.tokens import Ids, Vectors

PRIOR = 500.0  # as many documents does the bundled sample count for beside what the reader has


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """Document frequencies: `frequencies[i]` of `documents` articles hold `terms[i]`, ascending."""

    documents: float
    terms: Ids
    frequencies: NDArray[np.float64] = field(repr=False)

    @classmethod
    def bundled(cls) -> "Background":
        """What a real sample of PubMed told (tests/benchmarks/count_background.py): numbers only."""
        return _bundled()

    def joined(self, vectors: Vectors) -> "Background":
        """With the reader's own articles counted in; the bundled sample then weighs as PRIOR documents."""
        terms, frequencies = np.unique(vectors.ids, return_counts=True)
        shrink = min(1.0, PRIOR / max(self.documents, 1.0))
        every = np.union1d(self.terms, terms)
        counts = np.zeros(len(every))
        counts[np.searchsorted(every, self.terms)] = self.frequencies * shrink
        counts[np.searchsorted(every, terms)] += frequencies
        return Background(self.documents * shrink + len(vectors), every, counts)

    def idf(self, terms: Ids) -> NDArray[np.float32]:
        """log((N + 1) / (df + 0.5)) of these terms, df 0 where unknown."""
        place = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        known = np.where(self.terms[place] == terms, self.frequencies[place], 0.0)
        weights = np.log((self.documents + 1) / (known + 0.5))
        return np.maximum(weights, 0.0).astype(np.float32)


@cache
def _bundled() -> Background:
    with (files("queries") / "background.npz").open("rb") as stream, np.load(stream) as numbers:
        return Background(
            float(numbers["documents"]),
            numbers["terms"].astype(np.int64),
            numbers["frequencies"].astype(np.float64),
        )
