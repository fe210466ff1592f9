"""How similar an article is to the seed set, and why; pure, and the same inputs give the same bytes.

    Ranker(SeedSet(seed=review, references=its_references)).score(articles)

Two features make most of the score: an article's similarity to the seeds above chance, in words, MeSH
and references (ranking_space, ranking_features), and the same averaged over its nearest neighbours among
the candidates (ranking_neighbours). One logistic model adds them up (ranking_model); the score is the
probability of being relevant if every other candidate were. A missing abstract, MeSH or reference list
is judged by what there is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from queries.ranking import anchors as ranking_anchors
from queries.ranking import words as ranking_words
from queries.ranking.anchors import Tells
from queries.ranking.background import Background
from queries.ranking.features import Features, above_chance, features
from queries.ranking.model import DIGITS, logit, shared, weights
from queries.ranking.neighbours import POOL, smoothed
from queries.ranking.space import SIDES, Space
from queries.ranking.threshold import threshold
from queries.ranking.words import SeedWords
from queries.records.article import Article, Keyword
from queries.records.digest import Part, Scored, Threshold
from queries.text.fold import cut
from queries.text.tokens import BITS, TermKind, Vectors, vectorise, word_ids

VERSION = "2"  # raise it when the same article would score differently
COMMON = 0.03  # words that more of PubMed share explain nothing


class Hit(Protocol):
    """What of a candidate hit a seed keyword (queries.text.keywords.Hit)."""

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
        """The positive seeds by PMID, each once, with its weight.

        References weigh less the more they are: n of them as much as the square root of n examples.
        """
        share = 1 / max(len(self.references), 1) ** 0.5
        known = {article.pmid: (article, share) for article in self.references}
        known |= {article.pmid: (article, 1.0) for article in (*self.more, *self.positive)}
        if self.seed or self.keywords:
            seed = self.seed or Article(pmid=0)
            own = tuple(Keyword(text, "seed", True) for text in self.keywords)
            known[seed.pmid] = (replace(seed, keywords=seed.keywords + own), 1.0)
        rejected = {article.pmid for article in self.negative}
        return tuple(known[pmid] for pmid in sorted(known) if pmid not in rejected)


class Ranker:
    """Scores articles against one seed set."""

    def __init__(
        self, seeds: SeedSet, background: Background | None = None, hits: Hits | None = None
    ) -> None:
        """Count the seeds' terms. `hits` says which seed keywords an article hits (queries.text.keywords)."""
        weighted = seeds.weighted()
        self._articles = [article for article, _ in weighted]
        self._shares = np.array([weight for _, weight in weighted])
        self._seeds = vectorise(self._articles)
        self._known = {article.pmid for article in (*seeds.references, *seeds.more, *seeds.positive)}
        self._rejected = vectorise(sorted(seeds.negative, key=lambda article: article.pmid))
        self._background = background or Background.bundled()
        self._hits = hits
        self._keywords = seeds.keywords if hits else ()
        self._hit_by_seeds = [self._hit(each) for each in self._articles if each.pmid in self._known]
        self._words = SeedWords.of(self._articles, seeds.seed, seeds.references)

    def score(self, articles: Sequence[Article], vectors: Vectors | None = None) -> tuple[Scored, ...]:
        """Score articles, best first, ties by PMID; their order in `articles` is of no matter.

        `vectors`, if given, are the articles' own, as kept from an earlier `vectorise`.
        """
        if not articles:
            return ()
        counted = vectors or vectorise(articles)
        order = sorted(
            range(len(articles)), key=lambda i: (articles[i].pmid, articles[i].version, repr(counted.row(i)))
        )
        ordered = [articles[index] for index in order]
        space, found = self.features(counted.taken(np.array(order)))
        anchors = [self._hit(article) for article in ordered]
        tells = ranking_anchors.tells(self._keywords, self._hit_by_seeds, anchors)
        scored = (
            self._scored(article, found, index, space.shares(found.profile, index), anchors[index], tells)
            for index, article in enumerate(ordered)
        )
        return tuple(sorted(scored, key=lambda one: (-one.score, one.pmid)))

    def features(self, candidates: Vectors) -> tuple[Space, Features]:
        """What candidates are judged by, and the space they were compared in."""
        every = Vectors.joined((candidates, self._seeds, self._rejected))
        space = Space.of(every, self._background, candidates)
        first, last = len(candidates), len(candidates) + len(self._seeds)
        rows = np.arange(len(every))
        return space, features(space, rows[:first], rows[first:last], self._shares, rows[last:])

    def threshold(self, articles: Sequence[Article] = (), vectors: Vectors | None = None) -> Threshold:
        """The score that 95 % of the known relevant reach, each judged by the others.

        `articles` are the candidates that it is for: the known relevant are judged among them; `vectors`
        as for `score`.
        """
        known = np.array([place for place, each in enumerate(self._articles) if each.pmid in self._known])
        if len(known) < 2 or len(self._articles) < 3:  # noqa: PLR2004 - one cannot judge itself
            return threshold(())
        order = sorted(range(len(articles)), key=lambda index: articles[index].pmid)
        space, found = self.features((vectors or vectorise(articles)).taken(np.array(order, dtype=np.intp)))
        own, first = np.arange(len(self._articles)), len(articles)
        seeds = space.taken(first + own)
        alone = np.array(
            [
                above_chance(seeds, seeds.profile(own[own != place], self._shares[own != place]))[place].sum()
                for place in known
            ]
        )
        direct = found.direct.sum(axis=1)
        best = np.sort(np.argsort(-direct, kind="stable")[:POOL])
        pool = np.concatenate((best, first + known))
        near = smoothed(space.products(pool), np.concatenate((direct[best], alone)))[len(best) :]
        evidence = weights()["similar"] * alone + weights()["neighbours"] * near
        return threshold([logit(each) for each in evidence.tolist()])

    def _scored(
        self,
        article: Article,
        found: Features,
        index: int,
        shares: dict[int, float],
        anchors: tuple[str, ...],
        tells: dict[str, Tells],
    ) -> Scored:
        model = weights()
        evidence = {side: model["similar"] * found.direct[index, i] for i, side in enumerate(SIDES)}
        evidence["neighbours"] = model["neighbours"] * found.neighbours[index]
        evidence["anchors"] = model["anchors"] * ranking_anchors.evidence(anchors, tells)
        evidence["rejected"] = model["rejected"] * found.rejected[index]
        named = set(word_ids(cut(" ".join(anchors))).tolist())
        telling = {
            number: value
            for number, value in shares.items()
            if number >> BITS == TermKind.WORD and number not in named and self._telling(number)
        }
        said = {
            "text": ranking_words.words(article, telling, self._words),
            "mesh": ranking_words.headings(article, shares, self._words),
            "references": ranking_words.citations(article, self._words),
            "anchors": anchors,
        }
        parts = tuple(
            Part(name, value, said.get(name, ()))
            for name, value in shared(evidence).items()
            if value or name == "base"
        )
        score = round(min(max(sum(part.value for part in parts), 0.0), 1.0), DIGITS)
        return Scored(article.pmid, score, parts, ranking_words.sentence(said), not article.abstract)

    def _hit(self, article: Article) -> tuple[str, ...]:
        return tuple(dict.fromkeys(hit.keyword for hit in self._hits(article))) if self._hits else ()

    def _telling(self, number: int) -> bool:
        return bool(self._background.share(np.array([number]))[0] < COMMON)
