"""How well the ranking finds the rest of a review from a few of its articles, beside others.

    SEEDWATCH_REAL_DATA=... python tests/benchmarks/bench_ranking.py

k relevant articles of a topic are the seeds, all other articles of its collection the candidates; drawn
anew several times. seedwatch's weights never see the collection that they are judged on. Figures are
means over topics, in brackets 95 % bootstrap intervals over topics; gains are over the first line.
The rivals sum a candidate's similarity to each seed: scikit-learn's TF-IDF (sublinear, English stop
words), bm25s with a seed's text as the query, and PMRA (Lin & Wilbur 2007, lambda .022, mu .013) on
seedwatch's own words.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import bm25s
import labelled
import learn_ranking
import numpy as np
from learn_ranking import Example, Numbers
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfVectorizer

from queries.ranking.model import damped
from queries.records.article import Article
from queries.text.tokens import BITS, TermKind, vectorise

MEASURES = ("MAP", "P@10", "nDCG@20")
RIVALS = ("TF-IDF", "BM25", "PMRA")
Scorer = Callable[[labelled.Draw], Numbers]


def measures(scores: Numbers, grades: Numbers) -> tuple[float, float, float]:
    """Average precision and P@10 of any grade, nDCG@20 with linear gains."""
    ranked = grades[np.argsort(-scores, kind="stable")]
    places = np.flatnonzero(ranked > 0) + 1
    discount = 1 / np.log2(np.arange(2, 22))
    best = np.sort(grades)[::-1][:20]
    gained = float(ranked[:20] @ discount[: len(ranked[:20])]) / float(best @ discount[: len(best)])
    return float((np.arange(1, len(places) + 1) / places).mean()), float((ranked[:10] > 0).mean()), gained


def _text(article: Article) -> str:
    return " ".join([article.title, *(passage.text for passage in article.abstract)])


def rivals(articles: Sequence[Article]) -> dict[str, Scorer]:
    """The others, indexed on these articles."""
    texts = [_text(article) for article in articles]
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


Results = dict[tuple[str, int], dict[str, dict[str, list[tuple[float, float, float]]]]]


def judge(collections: Sequence[labelled.Collection], found: Sequence[Example]) -> Results:
    """Per group and number of seeds, per method, per topic: the measures of each draw."""
    results: Results = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for collection in collections:
        own = [e for e in found if (e.collection, e.group) == (collection.name, collection.group)]
        learned = learn_ranking.learn(
            [e for e in found if e.collection != collection.name and e.group in learn_ranking.LEARNED_ON]
        )
        scorers = rivals(collection.articles)
        for example in own:
            into = results[collection.group, example.count]
            for name, scorer in scorers.items():
                into[name][example.draw.topic].append(measures(scorer(example.draw), example.grades))
            for name, weights in (
                ("similarity alone", (1.0, 0.0)),
                ("seedwatch", (learned["similar"], learned["neighbours"])),
            ):
                scores = example.features @ np.array(weights)
                into[name][example.draw.topic].append(measures(scores, example.grades))
    return results


def table(results: Results) -> Iterator[str]:
    """The figures, a line a method."""
    rng = np.random.default_rng(0)
    for (group, count), methods in sorted(results.items()):
        means = {
            name: np.array([np.mean(each, axis=0) for _, each in sorted(topics.items())])
            for name, topics in methods.items()
        }
        topics = len(means["TF-IDF"])
        picks = rng.integers(topics, size=(2000, topics))
        yield f"\n{group}, {count} seed{'s' if count > 1 else ''}, {topics} topics"
        for name, values in means.items():
            yield f"  {name:17}" + "  ".join(_cells(values, means["TF-IDF"], picks))
        ours = means["seedwatch"].mean(axis=0)
        best = np.max([means[name].mean(axis=0) for name in RIVALS], axis=0)
        gains = zip(MEASURES, (ours / best - 1) * 100, strict=True)
        yield "  over the best rival: " + ", ".join(f"{name} {gain:+.1f} %" for name, gain in gains)


def _cells(values: Numbers, base: Numbers, picks: NDArray[np.int64]) -> Iterator[str]:
    again = values[picks].mean(axis=1)
    gain = values.mean(axis=0) / base.mean(axis=0) - 1
    gains = np.quantile(again / base[picks].mean(axis=1) - 1, [0.025, 0.975], axis=0)
    low, high = np.quantile(again, [0.025, 0.975], axis=0)
    for i, name in enumerate(MEASURES):
        yield (
            f"{name} {values[:, i].mean():.3f} [{low[i]:.3f} {high[i]:.3f}]"
            f" {gain[i]:+6.1%} [{gains[0, i]:+.0%} {gains[1, i]:+.0%}]"
        )


def calibration(found: Sequence[Example], weights: Mapping[str, float]) -> Iterator[str]:
    """How often candidates of a score are relevant, at even odds within each draw."""
    bins = np.linspace(0, 1, 6)
    held = np.zeros((2, 5))
    for example in found:
        evidence = example.features @ np.array([weights["similar"], weights["neighbours"]])
        logits = weights["base"] + weights["slope"] * damped(evidence)
        place = np.digitize(1 / (1 + np.exp(-logits)), bins[1:-1])
        for side, chosen in enumerate((example.grades > 0, example.grades == 0)):
            held[side] += np.bincount(place[chosen], minlength=5) / chosen.sum()
    for low, yes, no in zip(bins, *held, strict=False):
        yield f"  score {low:.1f} to {low + 0.2:.1f}: {yes / (yes + no):.2f} relevant"


def main() -> None:
    """Draw, score, print."""
    folder = Path(os.environ["SEEDWATCH_REAL_DATA"]) / "relevance"
    collections = list(labelled.collections(folder))
    collections += [each.text_only() for each in collections if each.group == "cf"]
    found = [
        example
        for collection in collections
        for example in learn_ranking.examples(collection, learn_ranking.TIMES[collection.group])
    ]
    print("\n".join(table(judge(collections, found))))
    print("\ncalibration at even odds, learned and judged on all collections")
    chosen = [example for example in found if example.group in learn_ranking.LEARNED_ON]
    print("\n".join(calibration(chosen, learn_ranking.learn(chosen))))


if __name__ == "__main__":
    main()
