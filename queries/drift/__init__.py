"""Facet drift: how often each seed keyword is met a month, and which words rise beside it.

A word rises beside a keyword if more of the keyword's recent records hold it than of those before,
and than of PubMed at large, both beyond chance by the log-likelihood ratio of Dunning (Comput
Linguist 1993;19:61-74, https://aclanthology.org/J93-1003/), which bears small counts and zeros. A
record counts once, however often it says the word.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from scipy.special import xlogy

from queries.drift.terms import Known, Words, holds, kin, terms
from queries.ranking.background import Background
from queries.records.article import Article
from queries.text.fold import cut
from queries.text.keywords import hits
from queries.text.tokens import TermKind, word_ids
from queries.watch.file import Anchor

HELD = 24  # months counted at most: as far back as a sweep looks...
RECENT = 6  # ...of which so many are held against those before
FEWEST = 3  # recent records that a suggestion needs
CHANCE = 15.13  # what chance exceeds for one word in ten thousand (chi-squared, one degree)...
OF_DRUGS = 6.63  # ...and in a hundred: names that end as the anchor's drugs do are few, and likely
LISTED = 5  # suggestions a keyword


class Rise(NamedTuple):
    """`term`, as printed most often, is suggested for `keyword` since it rises beside `beside`.

    `recent` of `of_recent` records of `beside` hold it, and `before` of `of_before` earlier ones.
    `ending` is the drugs' ending by which it fits `keyword`, "" where the company it keeps tells.
    """

    term: str
    keyword: str
    beside: str
    ending: str
    recent: int
    of_recent: int
    before: int
    of_before: int
    ratio: float


@dataclass(frozen=True, slots=True)
class Drift:
    """Counts of records a month: `months` are their first days, the last `recent` of them recent."""

    months: tuple[date, ...]
    recent: int
    every: tuple[int, ...]
    facets: Mapping[str, tuple[int, ...]]
    rises: tuple[Rise, ...]


class _Record(NamedTuple):
    month: int
    article: Article
    keywords: tuple[str, ...]  # hit by it, and "", which all records hit


def drift(
    articles: Collection[Article], anchors: tuple[Anchor, ...], keywords: tuple[str, ...], until: date
) -> Drift:
    """Count articles by month of creation, up to the last month that has ended on `until` (Eastern).

    Nothing is suggested that holds a keyword, synonym or trap of an anchor, or only words of theirs.
    """
    end = _month(until + timedelta(days=1))
    records = [
        _Record(month, article, ("", *(hit.keyword for hit in hits(article, anchors, keywords))))
        for article in articles
        if article.created and end - HELD <= (month := _month(article.created.date())) < end
    ]
    span = range(min((record.month for record in records), default=end), end)
    tally = Counter((keyword, record.month) for record in records for keyword in record.keywords)
    counts = {each: tuple(tally[each, month] for month in span) for each in ("", *keywords)}
    return Drift(
        months=tuple(date(month // 12, month % 12 + 1, 1) for month in span),
        recent=min(RECENT, len(span)),
        every=counts.pop(""),
        facets=counts,
        rises=_rises(records, end - RECENT, anchors, keywords),
    )


def surprise(held: float, of: float, there: float, of_there: float) -> float:
    """Dunning's ratio of two shares, held/of and there/of_there; negative where the first is smaller."""
    share = (held + there) / max(of + of_there, 1)
    seen = (held, of - held, there, of_there - there)
    expected = (of * share, of * (1 - share), of_there * share, of_there * (1 - share))
    ratio = 2 * sum(xlogy(one, one) - xlogy(one, other) for one, other in zip(seen, expected, strict=True))
    return float(ratio if held * of_there > there * of else -ratio)


def _rises(
    records: Sequence[_Record], since: int, anchors: tuple[Anchor, ...], keywords: tuple[str, ...]
) -> tuple[Rise, ...]:
    """The suggestions, in the keywords' order, those most beyond chance first."""
    recent = [record for record in records if record.month >= since]
    printed: defaultdict[Words, Counter[str]] = defaultdict(Counter)
    for record in recent:
        for words, text in terms(record.article).items():
            printed[words][text] += 1
    known = Known(anchors, keywords)
    worth = {words for words, texts in printed.items() if texts.total() >= FEWEST and words not in known}
    now, then = _Counts(recent, worth), _Counts([r for r in records if r.month < since], worth)
    found: defaultdict[str, list[tuple[float, int, Words, Rise]]] = defaultdict(list)
    for words in worth:
        term = min(printed[words], key=lambda text: (-printed[words][text], text))
        relative, ending = kin(words, anchors)
        enough = OF_DRUGS if ending else CHANCE
        rising = [
            Rise(term, relative or keyword, keyword, ending, *share, *earlier, ratio)
            for keyword in keywords
            if (share := now.of(keyword, words))[0] >= FEWEST
            and (ratio := surprise(*share, *(earlier := then.of(keyword, words)))) >= enough
            and surprise(*share, *at_large(term)) >= enough
        ]
        if rising:
            rise = max(rising, key=lambda r: (r.beside == relative, now.company(r.beside, words), r.ratio))
            found[rise.keyword].append((-rise.ratio, -len(words), words, rise))
    return tuple(rise for keyword in keywords for rise in _first(sorted(found[keyword])))


def _first(ordered: Sequence[tuple[float, int, Words, Rise]]) -> list[Rise]:
    """The first few, none of which is part of another; of equals the longest."""
    kept: dict[Words, Rise] = {}
    for *_, words, rise in ordered:
        if len(kept) < LISTED and not any(holds(words, one) or holds(one, words) for one in kept):
            kept[words] = rise
    return list(kept.values())


class _Counts:
    """How many records hit each keyword, and how many of those hold each term."""

    def __init__(self, records: Sequence[_Record], worth: Collection[Words]) -> None:
        self._records: Counter[str] = Counter()
        self._holding: defaultdict[str, Counter[Words]] = defaultdict(Counter)
        for record in records:
            held = terms(record.article).keys() & worth
            self._records.update(record.keywords)
            for keyword in record.keywords:
                self._holding[keyword].update(held)

    def of(self, keyword: str, words: Words) -> tuple[int, int]:
        return self._holding[keyword][words], self._records[keyword]

    def company(self, keyword: str, words: Words) -> float:
        """How surely a term prefers the keyword's records to the others."""
        (held, records), (everywhere, every) = self.of(keyword, words), self.of("", words)
        return surprise(held, records, everywhere - held, every - records)


def at_large(term: str) -> tuple[float, float]:
    """In how many records of a sample of PubMed the rarest word of a term stands, and of how many."""
    background = Background.bundled()
    ids = word_ids(cut(term))
    every = float(background.documents[TermKind.WORD])
    return float(background.share(ids[ids >= 0]).min(initial=1.0)) * every, every


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
