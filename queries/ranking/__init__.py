"""How similar an article is to the seed set, and why; pure, and the same inputs give the same bytes.

    Ranker(SeedSet(seed=review, references=its_references)).score(articles)

The score is a paper's own: its likeness to the seeds in words, MeSH and references (likeness), the seed
keywords that it hits (anchors) and what readers said of its like (verdicts), added up to the probability
of being relevant if half of all articles were (model). Other articles don't change it. The order is that
of the articles beside each other (order): it also goes by what they have in common.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from queries.ranking import anchors as ranking_anchors
from queries.ranking import verdicts as ranking_verdicts
from queries.ranking import words as ranking_words
from queries.ranking.background import Background, Column
from queries.ranking.likeness import SIDES, Likeness, believed
from queries.ranking.model import DIGITS, log_odds, shared, weights
from queries.ranking.order import order
from queries.ranking.space import Space
from queries.ranking.threshold import threshold
from queries.ranking.words import SeedWords
from queries.records.article import Article, Keyword
from queries.records.digest import Part, Scored, Threshold
from queries.text.fold import cut
from queries.text.tokens import BITS, TermKind, Vectors, vectorise, word_ids

VERSION = "3"  # raise it when the same article would score differently
COMMON = 0.01  # words that more of PubMed share explain nothing
COMPANY = 20_000  # so many, the best by score, are ordered beside each other; the rest follow by score


class Hit(Protocol):
    """What of a candidate hit a seed keyword (queries.text.keywords.KeywordHit)."""

    @property
    def keyword(self) -> str:
        """The seed keyword."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the candidate that hit it."""


Hits = Callable[[Article], Sequence[Hit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedSet:
    """What candidates are compared with. `keywords` are the watch's: they count as a seed of their own."""

    seed: Article | None = None
    keywords: tuple[str, ...] = ()
    references: tuple[Article, ...] = ()
    more: tuple[Article, ...] = ()
    positive: tuple[Article, ...] = ()
    negative: tuple[Article, ...] = ()

    def weighted(self) -> tuple[tuple[Article, float], ...]:
        """The positive seeds by PMID, each once, with its weight; keywords are one under PMID 0.

        References weigh less the more they are: n of them as much as the square root of n examples.
        """
        share = 1 / max(len(self.references), 1) ** 0.5
        known = {article.pmid: (article, share) for article in self.references}
        known |= {article.pmid: (article, 1.0) for article in (*self.more, *self.positive)}
        if self.seed:
            known[self.seed.pmid] = (self.seed, 1.0)
        if self.keywords:
            said = tuple(Keyword(text, "seed", True) for text in self.keywords)
            known[0] = (Article(pmid=0, keywords=said), 1.0)
        rejected = {article.pmid for article in self.negative}
        return tuple(known[pmid] for pmid in sorted(known) if pmid not in rejected)


@dataclass(frozen=True, slots=True, eq=False)
class CandidateEvidence:
    """What speaks for and against articles, one row each: log-odds by side, hits by keyword, verdicts."""

    base: float
    sides: Column = field(repr=False)
    hits: NDArray[np.bool_] = field(repr=False)
    verdicts: Column = field(repr=False)

    @property
    def scores(self) -> Column:
        """The probabilities."""
        total = self.sides.sum(axis=1) + ranking_anchors.evidence(self.hits) + self.verdicts
        return np.asarray(np.round(1 / (1 + np.exp(-(self.base + total))), DIGITS))

    @classmethod
    def joined(cls, parts: Sequence["CandidateEvidence"]) -> "CandidateEvidence":
        """One after the other."""
        return cls(
            parts[0].base,
            np.concatenate([part.sides for part in parts]),
            np.concatenate([part.hits for part in parts]),
            np.concatenate([part.verdicts for part in parts]),
        )


class Ranker:
    """Scores articles against one seed set, and orders them beside each other."""

    def __init__(
        self, seeds: SeedSet, background: Background | None = None, hits: Hits | None = None
    ) -> None:
        """Count the seeds' terms. `hits` says which seed keywords an article hits (queries.text.keywords)."""
        weighted = (replace(seeds, keywords=()) if hits else seeds).weighted()
        self._articles = [article for article, _ in weighted]
        self._shares = np.array([weight for _, weight in weighted])
        self._seeds = vectorise(self._articles)
        self._known = {article.pmid for article in (*seeds.references, *seeds.more, *seeds.positive)}
        self._liked, self._rejected = (
            vectorise(sorted(judged, key=lambda article: article.pmid))
            for judged in (seeds.positive, seeds.negative)
        )
        self._background = background or Background.bundled()
        self._hits = hits
        self._keywords = seeds.keywords if hits else ()
        judged = np.array([bool(article.pmid) for article in self._articles], dtype=np.bool_)
        self._likeness = Likeness.of(
            self._seeds, self._shares, self._background, self._asked_for(), judged if judged.any() else None
        )
        # seeds that say little leave the odds even
        self._base = weights()["base"] * self._likeness.belief
        self._words = SeedWords.of(self._articles, seeds.seed, seeds.references)

    def score(self, articles: Sequence[Article], vectors: Vectors | None = None) -> tuple[Scored, ...]:
        """Score articles, best first, ties by PMID; their order in `articles` is of no matter.

        `vectors`, if given, are the articles' own, as kept from an earlier `vectorise`.
        """
        if not articles:
            return ()
        counted = vectors or vectorise(articles)
        hits = [self.hit(article) for article in articles]
        evidence = self.evidence(counted, hits)
        scored = list(self.explained(articles, counted, hits, evidence))
        rows = self.order(counted, evidence)
        return tuple(replace(scored[row], place=place) for place, row in enumerate(rows.tolist(), 1))

    def hit(self, article: Article) -> tuple[str, ...]:
        """The seed keywords that an article hits, each once."""
        return tuple(dict.fromkeys(hit.keyword for hit in self._hits(article))) if self._hits else ()

    def evidence(self, vectors: Vectors, hits: Sequence[tuple[str, ...]]) -> CandidateEvidence:
        """What speaks for and against each article; each row depends on its article alone."""
        return CandidateEvidence(
            self._base,
            log_odds(self._likeness.near(vectors), weights(), self._likeness.belief),
            ranking_anchors.matrix(hits, self._keywords),
            ranking_verdicts.evidence(vectors, self._liked, self._rejected, self._background),
        )

    def order(self, vectors: Vectors, evidence: CandidateEvidence) -> NDArray[np.intp]:
        """The articles' rows, best first, each judged beside the others."""
        twice = len(np.unique(vectors.pmids)) < len(vectors)  # then what they say breaks ties
        terms = [vectors.row(row) if twice else () for row in range(len(vectors))]
        by_pmid = sorted(range(len(vectors)), key=lambda row: (vectors.pmids[row], terms[row]))
        first = np.array(by_pmid, dtype=np.intp)
        first = first[np.argsort(-evidence.scores[first], kind="stable")]
        best = first[:COMPANY]
        best = best[np.argsort(vectors.pmids[best], kind="stable")]
        company = vectors.taken(best)
        space = Space.of(Vectors.joined((company, self._seeds)), self._background, company)
        rows = np.arange(len(best) + len(self._seeds))
        more = ranking_anchors.beside(evidence.hits[best]) + evidence.verdicts[best]
        values = order(
            space,
            rows[: len(best)],
            rows[len(best) :],
            self._shares,
            evidence.sides[best, 0],
            more,
            self._likeness.belief,
        )
        return np.concatenate((best[np.argsort(-np.round(values, DIGITS), kind="stable")], first[COMPANY:]))

    def explained(
        self,
        articles: Sequence[Article],
        vectors: Vectors,
        hits: Sequence[tuple[str, ...]],
        evidence: CandidateEvidence,
        wanted: Callable[[float], bool] = bool,
    ) -> Iterator[Scored]:
        """Each article's score with its parts, and with reasons in words where its score is `wanted`."""
        terms, adds, owner = self._likeness.compared(vectors)
        starts = np.searchsorted(owner, np.arange(len(vectors) + 1))
        anchors, scores = ranking_anchors.evidence(evidence.hits), evidence.scores
        for row, article in enumerate(articles):
            here = slice(starts[row], starts[row + 1])
            odds = dict(zip(SIDES, evidence.sides[row].tolist(), strict=True))
            odds |= {"anchors": float(anchors[row]), "verdicts": float(evidence.verdicts[row])}
            score = float(scores[row])
            reasons: dict[str, tuple[str, ...]] = {}
            if wanted(score):
                shares = dict(zip(terms[here].tolist(), adds[here].tolist(), strict=True))
                reasons = self._reasons(article, shares, hits[row], odds["verdicts"])
            parts = tuple(
                Part(name, value, reasons.get(name, ()))
                for name, value in shared(evidence.base, odds).items()
                if value or name == "base"
            )
            yield Scored(article.pmid, score, parts, ranking_words.sentence(reasons), not article.abstract)

    def threshold(self) -> Threshold:
        """The score that 95 % of the known relevant reach, each judged by the others."""
        known = [row for row, article in enumerate(self._articles) if article.pmid in self._known]
        if len(known) < 2 or len(self._articles) < 3:  # noqa: PLR2004 - one cannot judge itself
            return threshold(())
        shares = self._shares / self._shares.sum()
        near = self._likeness.among(self._seeds, shares)[1] / self._likeness.unit
        near[:, 0] *= believed(self._seeds)
        found = log_odds(near, weights(), self._likeness.belief).sum(axis=1)
        hits = ranking_anchors.matrix([self.hit(article) for article in self._articles], self._keywords)
        found += self._base + ranking_anchors.evidence(hits)
        return threshold(found[known].tolist())

    def _asked_for(self) -> NDArray[np.int64]:
        """The words that keywords ask for, the subject's as the seeds print it, too.

        A keyword knows its synonyms and its traps: its words aren't counted once more as words.
        """
        said = list(self._keywords)
        for article in self._articles:
            for hit in self._hits(article) if self._hits and said else ():
                said += hit.words if hit.keyword == self._keywords[0] else ()
        return word_ids(cut(" ".join(said)))

    def _reasons(
        self, article: Article, shares: dict[int, float], hit: tuple[str, ...], verdicts: float
    ) -> dict[str, tuple[str, ...]]:
        """Per part of the score, the words that made it."""
        named = set(word_ids(cut(" ".join(hit))).tolist())
        telling = {
            number: value
            for number, value in shares.items()
            if number >> BITS == TermKind.WORD and number not in named and self._telling(number)
        }
        return {
            "text": ranking_words.words(article, telling, self._words),
            "mesh": ranking_words.headings(article, shares, self._words),
            "references": ranking_words.citations(article, self._words),
            "anchors": hit,
            "verdicts": ranking_words.judged(verdicts),
        }

    def _telling(self, number: int) -> bool:
        return bool(self._background.share(np.array([number]))[0] < COMMON)
