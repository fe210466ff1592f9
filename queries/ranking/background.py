"""How common a term is: what idf and chance similarity are computed from, on day 0 too."""

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from queries.text.tokens import BITS, Ids, TermKind, Vectors

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """`frequencies[i]` documents hold `terms[i]` (ascending); `documents[kind]` hold any of that kind."""

    documents: Column
    terms: Ids = field(repr=False)
    frequencies: Column = field(repr=False)

    @classmethod
    def bundled(cls) -> "Background":
        """What a real sample of PubMed told (tests/benchmarks/count_background.py): numbers only."""
        return _bundled()

    @classmethod
    def of(cls, vectors: Vectors) -> "Background":
        """Count articles."""
        terms, frequencies = np.unique(vectors.ids, return_counts=True)
        kinds = vectors.ids >> BITS  # ascending within an article, as ids are
        first = np.ones(len(kinds), dtype=np.bool_)
        first[1:] = kinds[1:] != kinds[:-1]
        first[vectors.starts[:-1][np.diff(vectors.starts) > 0]] = True
        documents = np.bincount(kinds[first], minlength=len(TermKind))
        return cls(documents.astype(np.float64), terms, frequencies.astype(np.float64))

    def joined(self, own: "Background", weight: float) -> "Background":
        """With the reader's own counts added; what was known before counts as `weight` documents at most."""
        shrink = min(1.0, weight / max(float(self.documents.max()), 1.0))
        terms = np.union1d(self.terms, own.terms)
        frequencies = np.zeros(len(terms))
        frequencies[np.searchsorted(terms, self.terms)] = self.frequencies * shrink
        frequencies[np.searchsorted(terms, own.terms)] += own.frequencies
        return Background(self.documents * shrink + own.documents, terms, frequencies)

    def share(self, terms: Ids) -> Column:
        """Which share of the documents that have such terms at all hold each of these terms."""
        place = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        known = np.where(self.terms[place] == terms, self.frequencies[place], 0.0)
        return np.asarray(np.minimum((known + 0.5) / (self.documents[terms >> BITS] + 1), 1.0))


@cache
def _bundled() -> Background:
    with (files("queries.ranking") / "background.npz").open("rb") as stream, np.load(stream) as numbers:
        return Background(
            numbers["documents"].astype(np.float64),
            numbers["terms"].astype(np.int64),
            numbers["frequencies"].astype(np.float64),
        )
