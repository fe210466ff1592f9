"""Invented records for the speed of identity: as alike as real ones, with planted duplicates."""

import random
from dataclasses import replace

from queries.records.article import Article, Author, Journal

# With how many titles in a hundred have them, roughly as in PubMed.
OPENINGS = {
    "": 70, "Effects of": 6, "The role of": 4, "Effect of": 5, "A case report of": 2, "Expression of": 3,
    "Prognostic value of": 2, "Chronic myeloid leukaemia and": 2, "Identification of": 4,
    "Systematic review and meta-analysis of": 1, "A randomised double-blind placebo-controlled trial of": 1,
}  # fmt: skip
CLOSINGS = {
    "": 85, ": a systematic review and meta-analysis": 2, ": a retrospective cohort study": 2, " in mice": 3,
    " in patients with leukaemia": 3, " in vitro and in vivo": 2, ": a population-based study": 2,
    " in children": 1,
}  # fmt: skip
SYLLABLES = tuple(a + b for a in "bcdfghklmnprstvwxz" for b in ("a", "e", "i", "o", "u", "ai"))


def synthetic(count: int, duplicates: float, seed: int = 7) -> tuple[list[Article], set[tuple[int, int]]]:
    """`count` articles, of which that share are changed copies at the end; and the true pairs.

    Words and names follow Zipf's law, as in PubMed: the commonest name has one author in a hundred.
    """
    chance = random.Random(seed)  # noqa: S311 - samples, no secret
    words = _zipf(chance, 8_000, 3)
    names = _zipf(chance, 20_000, 3)
    journals = [f"Journal of {' '.join(w.title() for w in chance.choices(words, k=3))}" for _ in range(2_000)]
    unique = count - int(count * duplicates)
    articles = [_article(chance, at, words, names, journals) for at in range(unique)]
    sources = chance.sample(range(unique), count - unique)
    pairs = {(source, unique + at) for at, source in enumerate(sources)}
    articles += [_copy(chance, articles[source], unique + at) for at, source in enumerate(sources)]
    return articles, pairs


def _zipf(chance: random.Random, count: int, syllables: int) -> list[str]:
    """A bag of words in which the n-th is 1 / (n + 50) as frequent: the first is about one in a hundred."""
    words = ["".join(chance.choices(SYLLABLES, k=syllables)) for _ in range(count)]
    return chance.choices(words, [1 / (rank + 50) for rank in range(count)], k=200_000)


def _article(
    chance: random.Random, at: int, words: list[str], names: list[str], journals: list[str]
) -> Article:
    opening, closing = (chance.choices([*bag], [*bag.values()])[0] for bag in (OPENINGS, CLOSINGS))
    title = (
        f"{opening} {' '.join(chance.choices(words, k=chance.randint(5, 11)))}{closing}".strip().capitalize()
    )
    year, page = chance.randint(1980, 2026), chance.randint(1, 3_000)
    number = chance.randrange(len(journals))
    volume = year - 1950 - number % 30
    return Article(
        pmid=-at - 1,
        title=title,
        authors=tuple(
            Author(last=chance.choice(names).title(), initials=chance.choice("ABCDEFGHJKLM"))
            for _ in range(chance.randint(1, 8))
        ),
        journal=Journal(journals[number], volume=str(volume), issue=str(chance.randint(1, 12))),
        pages=f"{page}-{page + chance.randint(2, 14)}",
        published=str(year),
        doi=f"10.5555/{number}.{at}" if chance.random() < 0.7 else "",
    )


def _copy(chance: random.Random, article: Article, at: int) -> Article:
    """The same work as another database has it: no DOI, a typing error or capitals, other pages."""
    title = article.title
    cut = chance.randrange(5, len(title) - 5)
    title = chance.choice((title, title.upper(), title[:cut] + title[cut + 1 :]))
    first, _, last = article.pages.partition("-")
    same = next((at for at, digits in enumerate(zip(first, last, strict=False)) if len(set(digits)) > 1), 0)
    short = last[same:] if len(first) == len(last) else last
    return replace(
        article,
        pmid=-at - 1,
        doi="",
        title=title,
        pages=chance.choice((article.pages, first, f"{first}-{short}")),
        authors=article.authors[: chance.choice((3, 30))],
    )
