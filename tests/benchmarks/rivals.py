"""What the ranking is measured by and against.

The rivals sum a candidate's similarity to each seed: scikit-learn's TF-IDF (sublinear, English stop
words), bm25s with a seed's text as the query, PMRA (Lin & Wilbur 2007, lambda .022, mu .013) on seedwatch's
own words; and "fusion", the sum of the three in spreads above their means.
"""

from collections.abc import Callable, Sequence

import bm25s
import labelled
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfVectorizer

from queries.records.article import Article
from queries.text.tokens import BITS, TermKind, vectorise

Numbers = NDArray[np.float64]
MEASURES = ("MAP", "P@10", "nDCG@20")
NDCG = 2
RIVALS = ("TF-IDF", "BM25", "PMRA", "fusion")
DISCOUNT = 1 / np.log2(np.arange(2, 22))
Scorer = Callable[[labelled.Draw], Numbers]


def measures(scores: Numbers, grades: Numbers) -> Numbers:
    """Average precision and P@10 of any grade, nDCG@20 with linear gains; ties stand worst first."""
    ranked = grades[np.lexsort((grades, -scores))]
    places = np.flatnonzero(ranked > 0) + 1
    best = np.sort(grades)[::-1][:20]
    gained = float(ranked[:20] @ DISCOUNT[: len(ranked[:20])]) / float(best @ DISCOUNT[: len(best)])
    return np.array(
        [(np.arange(1, len(places) + 1) / places).mean(), (ranked[:10] > 0).mean(), gained], dtype=np.float64
    )


def scorers(articles: Sequence[Article]) -> dict[str, Scorer]:
    """The rivals, indexed on these articles."""
    texts = [" ".join([each.title, *(passage.text for passage in each.abstract)]) for each in articles]
    tfidf = csr_array(TfidfVectorizer(sublinear_tf=True, stop_words="english").fit_transform(texts))
    tokens = bm25s.tokenize(texts, stopwords="en", return_ids=False, show_progress=False)
    bm25 = bm25s.BM25()
    bm25.index(tokens, show_progress=False)
    pmra = _pmra(articles)
    return {
        "TF-IDF": lambda draw: _summed(tfidf, draw),
        "BM25": lambda draw: np.sum([bm25.get_scores(tokens[row]) for row in draw.seeds], axis=0)[draw.rest],
        "PMRA": lambda draw: _summed(pmra, draw),
    }


def rivals(known: dict[str, Scorer], draw: labelled.Draw) -> dict[str, Numbers]:
    """The measures of each rival, and of their fusion."""
    scores = {name: scorer(draw) for name, scorer in known.items()}
    scores["fusion"] = np.sum(
        [(each - each.mean()) / (each.std() + 1e-9) for each in scores.values()], axis=0
    )
    return {name: measures(each, draw.grades[draw.rest]) for name, each in scores.items()}


def _summed(rows: csr_array, draw: labelled.Draw) -> Numbers:
    return np.asarray(rows @ rows[draw.seeds].sum(axis=0))[draw.rest]


def _pmra(articles: Sequence[Article]) -> csr_array:
    vectors = vectorise(articles)
    kept = vectors.ids >> BITS == TermKind.WORD
    _, columns, frequencies = np.unique(vectors.ids[kept], return_inverse=True, return_counts=True)
    rows = np.repeat(np.arange(len(articles)), np.diff(vectors.starts))[kept]
    counts = vectors.counts[kept].astype(np.float64)
    lengths = np.bincount(rows, counts, minlength=len(articles))
    idf = np.log((len(articles) - frequencies + 0.5) / (frequencies + 0.5)).clip(0)
    elite = 1 / (1 + (0.013 / 0.022) ** (counts - 1) * np.exp((0.022 - 0.013) * lengths[rows]))
    return csr_array(
        (elite * np.sqrt(idf[columns]), (rows, columns)), shape=(len(articles), len(frequencies))
    )
