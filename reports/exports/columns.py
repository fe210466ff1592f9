"""What CSV and Parquet have of a paper: a row of named values, the same in both."""

from collections.abc import Sequence
from typing import NamedTuple

from queries.records.digest import Band
from queries.updates import standing
from reports.digest.told import ToldArticle
from reports.exports import fields


class ExportRow(NamedTuple):
    """A paper. Dates are partial ISO ("2026-11"), `told` is the digest's day, lists are as printed."""

    pmid: int
    doi: str
    pmcid: str
    type: str
    title: str
    authors: Sequence[str]
    journal: str
    journal_abbreviation: str
    published: str
    volume: str
    issue: str
    pages: str
    issn: str
    isbn: str
    languages: Sequence[str]
    publication_types: Sequence[str]
    keywords: Sequence[str]
    mesh: Sequence[str]
    abstract: str
    watch: str
    digest: int
    told: str
    kind: str
    score: float | None
    band: str
    why: str
    topics: Sequence[str]
    badges: Sequence[str]
    quote: str
    status: Sequence[str]
    url: str


def row(told: ToldArticle) -> ExportRow:
    """A paper as its first telling had it, and as its record is now."""
    article, entry, first = told.article, told.entry, told.tellings[0]
    return ExportRow(
        pmid=article.pmid,
        doi=article.doi,
        pmcid=article.pmcid,
        type=fields.type_of(article),
        title=fields.title_of(article),
        authors=[
            author.collective or ", ".join(filter(None, (author.last, author.fore, author.suffix)))
            for author in fields.authors_of(article)
        ],
        journal=fields.container_of(article),
        journal_abbreviation=article.journal.abbreviation,
        published=article.published or article.electronic,
        volume=article.book.volume if article.book else article.journal.volume,
        issue=article.journal.issue,
        pages=article.pages,
        issn=article.journal.issn,
        isbn=article.book.isbn if article.book else "",
        languages=article.languages,
        publication_types=[each.name for each in article.publication_types],
        keywords=[keyword.text for keyword in article.keywords],
        mesh=[heading.name for heading in article.mesh],
        abstract=fields.abstract_of(article),
        watch=first.watch,
        digest=first.number,
        told=f"{first.made:%Y-%m-%d}",
        kind=first.kind,
        score=entry.score if entry else None,
        band=Band.of(entry.score) if entry else "",
        why=entry.why if entry else "",
        topics=entry.topics if entry else (),
        badges=[badge.text for badge in entry.badges] if entry else (),
        quote="".join(stretch.text for stretch in entry.quote) if entry else "",
        status=[str(kind) for kind in standing(article)],
        url=fields.url_of(article),
    )
