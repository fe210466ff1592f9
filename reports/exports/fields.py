"""What every format writes of a paper: its type, names, date, pages, abstract, keywords, remarks."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from queries.records.article import Article, Author
from queries.updates import is_preprint, standing
from reports.digest import links
from reports.digest.entry import clean
from reports.digest.record import Change, Entry
from reports.digest.told import ToldArticle
from reports.digest.wording import KINDS, day

_RANGE = re.compile(r"([A-Za-z]*)(\d+)-([A-Za-z]*)(\d+)")


class PaperType(StrEnum):
    """What kind of publication a record is of."""

    ARTICLE = "article"
    PREPRINT = "preprint"
    CHAPTER = "chapter"
    BOOK = "book"


class PageRange(NamedTuple):
    """First and last page, the last in full ("123-30" ends on 130); `last` is "" if there is no range."""

    first: str = ""
    last: str = ""


def type_of(article: Article) -> PaperType:
    """The kind of publication; a record of a book as a whole has no title but the book's."""
    if article.book:
        whole = not article.title or article.title == article.book.title
        return PaperType.BOOK if whole else PaperType.CHAPTER
    return PaperType.PREPRINT if is_preprint(article) else PaperType.ARTICLE


def title_of(article: Article) -> str:
    """The title, the book's or the vernacular one where it has no other."""
    book = article.book.title if article.book else ""
    return clean(article.title or book or article.vernacular_title) or f"[no title, PMID {article.pmid}]"


def container_of(article: Article) -> str:
    """The journal's title, or that of the book a chapter is in."""
    if article.book:
        return clean(article.book.title) if type_of(article) is PaperType.CHAPTER else ""
    return clean(article.journal.title or article.journal.abbreviation)


def authors_of(article: Article) -> list[Author]:
    """The authors, cleaned; persons without a name are none."""
    cleaned = [
        author._replace(
            last=clean(author.last),
            fore=clean(author.fore or author.initials),
            suffix=clean(author.suffix),
            collective=clean(author.collective),
        )
        for author in article.authors
    ]
    return [author for author in cleaned if author.last or author.collective]


def date_of(article: Article) -> tuple[str, ...]:
    """Year, month, day, as far as they are known: ("2026", "11")."""
    text = article.published or article.electronic
    parts = tuple(text.split("-"))
    return parts if all(part.isdigit() for part in parts) else tuple(re.findall(r"^\d{4}", text))


def pages_of(article: Article) -> PageRange:
    """First and last page; what is no plain range is the first as it is."""
    text = clean(article.pages)
    found = _RANGE.fullmatch(text)
    if not found:
        return PageRange(text)
    prefix, first, own, last = found.groups()
    full = first[: len(first) - len(last)] + last if len(last) < len(first) else last
    return PageRange(prefix + first, (own or prefix) + full)


def abstract_of(article: Article) -> str:
    """The abstract on one line, its labels in capitals as PubMed shows them."""
    return " ".join(
        clean(f"{passage.label.upper()}: {passage.text}" if passage.label else passage.text)
        for passage in article.abstract
        if passage.text
    )


def keywords_of(told: ToldArticle) -> list[str]:
    """Its keywords and MeSH headings, then the watch's topics, each once."""
    article, entry = told.article, told.entry
    words = [keyword.text for keyword in article.keywords] + [heading.name for heading in article.mesh]
    words += entry.topics if entry else ()
    return list(dict.fromkeys(filter(None, map(clean, words))))


def remarks_of(told: ToldArticle) -> list[str]:
    """What seedwatch says of it: where it was told and why, and what happened to it."""
    return list(_remarks(told))


def _remarks(told: ToldArticle) -> Iterator[str]:
    for telling in told.tellings:
        where = f"{telling.watch} digest {telling.number}, {day(telling.made)}"
        match telling.paper:
            case Entry() as entry:
                yield clean(f"seedwatch: {where}. {entry.why}")
            case Change() as change:
                yield clean(f"seedwatch: {where}. {KINDS[change.kind].label}")
    for kind in standing(told.article):
        yield f"PubMed: {KINDS[kind].label}"


def url_of(article: Article) -> str:
    """The record at PubMed."""
    return links.pubmed(article.pmid)
