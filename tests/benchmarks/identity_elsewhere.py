"""A record as another database has it: what Ovid, Scopus, EndNote and hands do to a citation."""

import random
import unicodedata
from dataclasses import replace

from queries.records.article import Article, Author

NOTES = (" [Review]", " [see comment]", " [Review] [33 refs]", ".", " [In German]", "")


def elsewhere(chance: random.Random, article: Article, pmid: int) -> Article:
    """The same work under another number, with two to five of its fields written otherwise or lost."""
    changes = (
        _title,
        _typing,
        _authors,
        _few_authors,
        _journal,
        _pages,
        _place,
        _doi,
        _doi,
        _doi,
        _year,
        _abstract,
    )
    for change in chance.sample(changes, chance.randint(2, 5)):
        article = change(chance, article)
    return replace(article, pmid=pmid)


def _title(chance: random.Random, article: Article) -> Article:
    title = article.title.rstrip(".")
    bare = "".join(c for c in unicodedata.normalize("NFKD", title) if not unicodedata.combining(c))
    head = title.partition(": ")[0]
    shorter = head if len(head) > 30 and chance.random() < 0.3 else title
    return replace(
        article,
        title=chance.choice((title.upper(), title.title(), bare, title + chance.choice(NOTES), shorter)),
    )


def _typing(chance: random.Random, article: Article) -> Article:
    if len(article.title) < 20:
        return article
    at = chance.randrange(3, len(article.title) - 3)
    if not article.title[at].isalpha():
        return article
    other = chance.choice(("", "e", article.title[at] * 2))
    return replace(article, title=article.title[:at] + other + article.title[at + 1 :])


def _authors(chance: random.Random, article: Article) -> Article:
    def initials(author: Author) -> Author:
        return author._replace(
            fore="", initials=author.initials[:1] if chance.random() < 0.5 else author.initials
        )

    return replace(article, authors=tuple(map(initials, article.authors)))


def _few_authors(chance: random.Random, article: Article) -> Article:
    return replace(article, authors=article.authors[: chance.choice((1, 3, 6))])


def _journal(chance: random.Random, article: Article) -> Article:
    journal = article.journal
    names = (journal.abbreviation or journal.title, journal.title.upper(), journal.title.partition(" (")[0])
    return replace(article, journal=journal._replace(title=chance.choice(names), abbreviation=""))


def _pages(chance: random.Random, article: Article) -> Article:
    first, _, last = article.pages.partition("-")
    if first.isdecimal() and last.isdecimal() and len(last) < len(first):
        last = first[: -len(last)] + last
    forms = (first, f"{first}-{last}" if last else first, f"{first}--{last}" if last else f"{first}+", "")
    return replace(article, pages=chance.choice(forms))


def _place(chance: random.Random, article: Article) -> Article:
    journal = article.journal
    lost = chance.choice(({"issue": ""}, {"volume": "", "issue": ""}, {"volume": f"{journal.volume} Suppl"}))
    return replace(article, journal=journal._replace(**lost))


def _doi(_: random.Random, article: Article) -> Article:
    return replace(article, doi="", pmcid="")


def _year(chance: random.Random, article: Article) -> Article:
    if not article.published[:4].isdecimal() or chance.random() < 0.5:
        return article
    return replace(article, published=str(int(article.published[:4]) + chance.choice((-1, 1))))


def _abstract(chance: random.Random, article: Article) -> Article:
    text = " ".join(passage.text for passage in article.abstract)
    kept = chance.choice((0, 0, 250, len(text)))
    whole = tuple(each._replace(text=text[:kept]) for each in article.abstract[:1])
    return replace(article, abstract=whole if kept else ())
