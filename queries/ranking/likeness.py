"""How like the seeds an article is, whatever other articles there are: one paper, one likeness.

Three sides are compared: words, MeSH headings, references. All that they are weighed by is frozen: the
bundled background of PubMed and the seeds. The measure is the seeds' own: 1 is as near as what is known
to be relevant is to the rest of it, each judged by the others.

Words are compared as in BM25 (Robertson & Zaragoza 2009, https://doi.org/10.1561/1500000019), with the
seeds' mean (1 + ln count)(idf + 2) as the question: among articles of one field, how a study was done
tells as much as its rarest words. What an article repeats saturates, and a long article is corrected for
its length; a short one is not, since a title may promise more than the article holds, and is believed less.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from queries.ranking.background import Background, Column
from queries.text.tokens import BITS, Ids, TermKind, Vectors, term

TEXT, MESH, CITES = "text", "mesh", "references"
SIDES = (TEXT, MESH, CITES)
SIDE_OF = np.array([0, 0, 1, 1, 2])  # by TermKind
FLOOR = 2.0  # added to the idf of words
LIFT = np.array([1.0, 0.5, 1.0, 0.7, 1.0])  # by TermKind: numbers tell a trial from a case, hardly its topic
SATURATION, LENGTH = 1.2, 0.75  # BM25's usual k1 and b
TYPICAL = 150.0  # words of an abstract with its title twice, without stop words
MEAN, MEAN_SQUARE = 1.1, 1.25  # of the saturated count of a word that occurs in such an abstract
USUAL = 0.2  # so near, as a share of an article's nearness to itself, the relevant are to it
BELIEF = 2.0  # in seeds: how many it takes to outweigh that
LEAST = np.array([5.0, 0.05, 0.05])  # by side: what is nearer by less may be chance
DOUBT, FULL = 20.0, 100.0  # different words: with so few an article is half believed, with so many wholly


Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """What articles are compared with: the seeds' terms, ascending, and what each is worth."""

    terms: Ids = field(repr=False)
    worth: Column = field(repr=False)
    mean: float  # of the words' sum, in an article that meets the seeds by chance
    spread: float
    background: Background = field(repr=False)
    unit: Column  # by side: what the known relevant reach
    belief: float  # how far the seeds' words are believed: a title alone asks for little

    @classmethod
    def of(
        cls,
        seeds: Vectors,
        weights: Column,
        background: Background,
        silent: Ids | None = None,
        judged: NDArray[np.bool_] | None = None,
    ) -> "Likeness":
        """Compare with these seeds, each by its weight.

        `silent` terms tell nothing; `judged` seeds, all of them if not given, are what the known relevant
        are measured by.
        """
        shares = weights / max(float(weights.sum()), 1e-9)
        owner, side = owners(seeds), SIDE_OF[seeds.ids >> BITS]
        terms, columns = np.unique(seeds.ids, return_inverse=True)
        worth = summed(columns, _asked(seeds, background) * shares[owner], len(terms))
        if silent is not None:
            worth[np.isin(terms, silent)] = 0
        words = SIDE_OF[terms >> BITS] == 0
        mean, variance = _chance(terms[words], background)
        asked = worth[words]
        spread = float(np.sqrt(max(float(variance @ asked**2), 1e-9)))
        belief = float(_believed(np.array([(asked > 0).sum()]))[0])
        made = cls(terms, worth, float(mean @ asked), spread, background, np.ones(len(SIDES)), belief)
        alone, others = made.among(seeds, shares)
        has = np.bincount(owner * len(SIDES) + side, minlength=len(seeds) * len(SIDES)) > 0
        counts = has.reshape(-1, len(SIDES)) * weights[:, None] * (shares[:, None] < 1)
        counts *= (np.ones(len(seeds)) if judged is None else judged)[:, None]
        counts[:, 0] *= believed(seeds)
        usual = USUAL * (alone.mean(axis=0) if len(seeds) else np.ones(len(SIDES)))
        reached = (counts * np.maximum(others, 0)).sum(axis=0) + BELIEF * usual
        return replace(made, unit=np.maximum(reached / (counts.sum(axis=0) + BELIEF), LEAST))

    def compared(self, articles: Vectors) -> tuple[Ids, Column, Rows]:
        """Per term that an article shares with the seeds: the term, what it adds, whose it is."""
        place = np.minimum(np.searchsorted(self.terms, articles.ids), max(len(self.terms) - 1, 0))
        met = self.terms[place] == articles.ids if len(self.terms) else np.zeros(len(place), dtype=np.bool_)
        values = _held(articles, self.background)[met] * self.worth[place[met]]
        return articles.ids[met], values, owners(articles)[met]

    def sides(self, articles: Vectors) -> Column:
        """One row an article: words in spreads above chance, cosine of headings, cosine of references."""
        terms, values, owner = self.compared(articles)
        sums = _by_side(values, owner, terms, len(articles))
        sums[:, 0] = (sums[:, 0] - self.mean) / self.spread
        return sums

    def near(self, articles: Vectors) -> Column:
        """One row an article, one column a side: its likeness in units of the known relevant."""
        near = self.sides(articles) / self.unit
        near[:, 0] *= believed(articles)
        return np.asarray(near)

    def among(self, seeds: Vectors, shares: Column) -> tuple[Column, Column]:
        """Each seed's sides if compared with itself alone, and with all seeds but itself."""
        owner, count = owners(seeds), len(seeds)
        asked, held = _asked(seeds, self.background), _held(seeds, self.background)
        mean, variance = _chance(seeds.ids, self.background)
        worth = self.worth[np.searchsorted(self.terms, seeds.ids)] if count else asked
        asked = np.where(worth > 0, asked, 0)  # what is silent is so here, too
        words = SIDE_OF[seeds.ids >> BITS] == 0

        def of_words(values: Column) -> Column:
            return summed(owner, np.where(words, values, 0), count)

        alone = _by_side(held * asked, owner, seeds.ids, count)
        every = _by_side(held * worth, owner, seeds.ids, count)
        rest = np.maximum(1 - shares, 1e-9)
        others = (every - shares[:, None] * alone) / rest[:, None]
        spread = np.sqrt(np.maximum(of_words(variance * asked**2), 1e-9))
        alone[:, 0] = (alone[:, 0] - of_words(mean * asked)) / spread
        left = self.spread**2 - 2 * shares * of_words(variance * worth * asked)
        left = (left + shares**2 * of_words(variance * asked**2)) / rest**2
        expected = (self.mean - shares * of_words(mean * asked)) / rest
        others[:, 0] = (others[:, 0] - expected) / np.sqrt(np.maximum(left, 1e-9))
        return alone, others


def believed(articles: Vectors) -> Column:
    """How far what an article's words say is believed, by how many different ones there are: 0 to 1."""
    words = SIDE_OF[articles.ids >> BITS] == 0
    return _believed(summed(owners(articles), words.astype(np.float64), len(articles)))


def _believed(words: Column) -> Column:
    return np.minimum(words / (words + DOUBT) * (1 + DOUBT / FULL), 1.0)


def summed(places: Rows, values: Column, count: int) -> Column:
    """The sums of the values that have the same place; of nothing, bincount alone makes whole numbers."""
    return np.asarray(np.bincount(places, values, minlength=count), dtype=np.float64)


def owners(articles: Vectors) -> Rows:
    """Whose each occurrence is."""
    return np.repeat(np.arange(len(articles)), np.diff(articles.starts))


def own_ids(articles: Vectors, owner: Rows) -> NDArray[np.bool_]:
    """Which occurrences are an article's own id, by which what cites it meets it."""
    ids = np.array([term(TermKind.CITES, f"pmid {pmid}") for pmid in articles.pmids.tolist()], dtype=np.int64)
    return np.asarray(articles.ids == ids[owner]) if len(owner) else np.zeros(0, dtype=np.bool_)


def _asked(articles: Vectors, background: Background) -> Column:
    """What each occurrence asks for: its weight, and for headings and references its share of the length."""
    return _values(articles, background, saturated=False)


def _held(articles: Vectors, background: Background) -> Column:
    """What each occurrence answers with: a saturated count, its share of the length."""
    return _values(articles, background, saturated=True)


def _values(articles: Vectors, background: Background, *, saturated: bool) -> Column:
    owner, kinds = owners(articles), articles.ids >> BITS
    side, counts = SIDE_OF[kinds], articles.counts.astype(np.float64)
    words = side == 0
    long = np.maximum(np.bincount(owner, np.where(words, counts, 0), minlength=len(articles)) / TYPICAL, 1)
    values = counts * (SATURATION + 1) / (counts + SATURATION * (1 - LENGTH + LENGTH * long)[owner])
    asked = np.flatnonzero(~words) if saturated else np.arange(len(values))  # whose rarity is asked for
    idf = -np.log(background.share(articles.ids[asked])) + np.where(words[asked], FLOOR, 0)
    weights = LIFT[kinds[asked]] * idf
    values[asked] = np.where(words[asked], 1 + np.log(counts[asked]), counts[asked]) * weights
    own = own_ids(articles, owner)
    facts = lengths(np.where(words, 0, values), owner * len(SIDES) + side, own, len(articles))
    return np.where(words, values, values / facts)


def lengths(
    values: Column, places: Ids, own: NDArray[np.bool_], count: int, least: Column | float = 0.0
) -> Column:
    """Per occurrence the length of its side, whose square has `least` (by side) added.

    An article's own id adds nothing to it, unless it is alone.
    """
    size = count * len(SIDES)
    others = np.bincount(places, np.where(own, 0, values**2), minlength=size)
    alone = np.bincount(places, np.where(own, values**2, 0), minlength=size)
    squares = np.where(others > 0, others, np.maximum(alone, 1e-12)).reshape(-1, len(SIDES)) + least
    return np.asarray(np.sqrt(squares).ravel()[places])


def _by_side(values: Column, owner: Rows, terms: Ids, count: int) -> Column:
    places = owner * len(SIDES) + SIDE_OF[terms >> BITS]
    return summed(places, values, count * len(SIDES)).reshape(-1, len(SIDES))


def _chance(terms: Ids, background: Background) -> tuple[Column, Column]:
    """Mean and variance of a word's saturated count, over all of PubMed."""
    share = background.share(terms)
    return MEAN * share, MEAN_SQUARE * share - (MEAN * share) ** 2
