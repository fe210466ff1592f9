"""How similar an article is to the seed set, and why; pure, and the same inputs give the same bytes.

    Ranker(SeedSet(seed=review, references=its_references)).score(articles)

A few features of a candidate against the seeds, one logistic model over them; the parts of a score are
the model's own terms, so they add up to it. `ranking_weights.json` holds the weights.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from queries import ranking_words as words
from queries import tokens
from queries.ranking_background import Background
from queries.records import Article, Keyword, Part, Scored
from queries.tokens import Kind, Vectors

Column = NDArray[np.float64]
DIGITS = 6


class Hit(Protocol):
    """What of a candidate hit a seed keyword (queries.anchors.Hit)."""

    @property
    def keyword(self) -> str:
        """The seed keyword."""


Hits = Callable[[Article], Sequence[Hit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedSet:
    """What candidates are compared with. `keywords` are the watch's: they count as the seed's own."""

    seed: Article | None = None
    keywords: tuple[str, ...] = ()
    references: tuple[Article, ...] = ()
    more: tuple[Article, ...] = ()
    positive: tuple[Article, ...] = ()
    negative: tuple[Article, ...] = ()

    def weighted(self) -> tuple[tuple[Article, float], ...]:
        """The positive seeds by PMID, each once, with its weight; references together weigh as one."""
        share = 1 / max(len(self.references), 1) ** 0.5
        weighted = {article.pmid: (article, share) for article in self.references}
        weighted |= {article.pmid: (article, 1.0) for article in (*self.more, *self.positive)}
        if self.seed:
            own = tuple(Keyword(text, "seed", True) for text in self.keywords)
            seed = replace(self.seed, keywords=self.seed.keywords + own)
            weighted[seed.pmid] = (seed, 1.0)
        return tuple(weighted[pmid] for pmid in sorted(weighted))


@cache
def _weights() -> dict[str, float]:
    weights: dict[str, float] = json.loads((files("queries") / "ranking_weights.json").read_text("utf-8"))
    return weights


def _unit(matrix: csr_array) -> csr_array:
    """Rows of length one."""
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    lengths = np.repeat(1 / np.where(norms > 0, norms, 1), np.diff(matrix.indptr))
    return csr_array((matrix.data * lengths, matrix.indices, matrix.indptr), shape=matrix.shape)


class Ranker:
    """Scores articles against one seed set."""

    def __init__(
        self,
        seeds: SeedSet,
        background: Background | None = None,
        hits: Hits = lambda _: (),
    ) -> None:
        """Count the seeds' terms. `hits` says which seed keywords an article hits (queries.anchors)."""
        self._hits = hits
        self._background = background or Background.bundled()
        weighted = seeds.weighted()
        self._seeds = tokens.vectorise([article for article, _ in weighted])
        self._shares = np.array([weight for _, weight in weighted])
        self._negative = tokens.vectorise(seeds.negative)
        self._forms: dict[int, set[str]] = {}
        for article, _ in weighted:
            for number, forms in words.surfaces(tokens.text_of(article)).items():
                self._forms.setdefault(number, set()).update(forms)

    def score(self, articles: Sequence[Article]) -> tuple[Scored, ...]:
        """Score articles, best first, ties by PMID; their order in `articles` is of no matter."""
        ordered = sorted(articles, key=lambda article: (article.pmid, article.version, article.title))
        vectors = tokens.vectorise(ordered)
        background = self._background.joined(vectors)
        terms = np.unique(self._seeds.ids[self._seeds.ids >> tokens.BITS == Kind.WORD])
        similarity, shares = self._text(vectors, terms, background)
        anchors = [sorted({hit.keyword for hit in self._hits(article)}) for article in ordered]
        columns = {
            "text": similarity,
            "anchors": np.array([len(hit) for hit in anchors]) / 6,
            "mesh": self._overlap(vectors, Kind.MESH, background),
            "references": self._overlap(vectors, Kind.CITES, background),
        }
        named = {"anchors": anchors}
        scored = (
            self._scored(article, index, columns, named, shares, terms)
            for index, article in enumerate(ordered)
        )
        return tuple(sorted(scored, key=lambda one: (-one.score, one.pmid)))

    def _text(self, vectors: Vectors, terms: tokens.Ids, background: Background) -> tuple[Column, csr_array]:
        """Summed TF-IDF similarity, and each term's contribution to it."""
        idf = background.idf(terms)
        seeds = self._tf_idf(self._seeds, terms, idf)
        profile = np.asarray(self._shares @ _unit(seeds).toarray()).ravel()
        profile /= np.sqrt(profile @ profile) or 1.0
        shares = self._tf_idf(vectors, terms, idf)
        known = vectors.matrix([Kind.WORD], np.unique(vectors.ids))
        every = self._tf_idf(vectors, np.unique(vectors.ids), background.idf(np.unique(vectors.ids)), known)
        norms = np.sqrt(np.asarray(every.multiply(every).sum(axis=1)).ravel())
        shares.data *= profile[shares.indices] / np.repeat(
            np.where(norms > 0, norms, 1), np.diff(shares.indptr)
        )
        return np.asarray(shares.sum(axis=1)).ravel().astype(np.float64), shares

    @staticmethod
    def _tf_idf(
        vectors: Vectors, terms: tokens.Ids, idf: NDArray[np.float32], counts: csr_array | None = None
    ) -> csr_array:
        matrix = vectors.matrix([Kind.WORD], terms) if counts is None else counts
        matrix.data = (1 + np.log(matrix.data)) * idf[matrix.indices]
        return matrix

    def _overlap(self, vectors: Vectors, kind: Kind, background: Background) -> Column:
        """Cosine of the sets of one kind, in idf."""
        terms = np.unique(self._seeds.ids[self._seeds.ids >> tokens.BITS == kind])
        if not len(terms):
            return np.zeros(len(vectors))
        idf = background.idf(terms)
        profile = (self._shares @ self._seeds.matrix([kind], terms).toarray()).clip(0, 1) * idf
        profile /= np.sqrt(profile @ profile) or 1.0
        sizes = np.bincount(
            np.repeat(np.arange(len(vectors)), np.diff(vectors.starts))[vectors.ids >> tokens.BITS == kind],
            minlength=len(vectors),
        )
        return np.asarray(vectors.matrix([kind], terms) @ profile / np.sqrt(np.maximum(sizes, 1)))

    def _scored(
        self,
        article: Article,
        index: int,
        columns: dict[str, Column],
        named: dict[str, list[list[str]]],
        shares: csr_array,
        terms: tokens.Ids,
    ) -> Scored:
        weights = _weights()
        logits = {name: weights[name] * float(column[index]) for name, column in columns.items()}
        base = weights["bias"]
        logit = base + sum(logits.values())
        low, high = (1 / (1 + float(np.exp(-x))) for x in (base, logit))
        slope = (high - low) / (logit - base) if logit != base else 0.0
        row = slice(shares.indptr[index], shares.indptr[index + 1])
        heavy = dict(zip(terms[shares.indices[row]].tolist(), shares.data[row].tolist(), strict=True))
        said = {
            "text": words.shared(heavy, words.surfaces(tokens.text_of(article)), self._forms),
            "anchors": tuple(named["anchors"][index]),
        }
        parts = [Part("base", round(low, DIGITS))]
        parts += [
            Part(name, round(value * slope, DIGITS), said.get(name, ())) for name, value in logits.items()
        ]
        told = [words.PHRASES[part.name](part.words) for part in parts if part.words]
        return Scored(
            article.pmid,
            round(sum(part.value for part in parts), DIGITS),
            tuple(parts),
            words.sentence(told),
            not article.abstract,
        )
