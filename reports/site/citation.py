"""What machines read off a paper's page: Highwire's citation_* tags, as Zotero does, and JSON-LD."""

import json
from collections.abc import Iterator, Sequence
from html import escape

from markupsafe import Markup

from queries.records.article import Article, Author
from reports.digest import links
from reports.digest.entry import clean
from reports.exports import fields
from reports.exports.fields import PaperType

_SCHEMA = {
    PaperType.ARTICLE: "ScholarlyArticle",
    PaperType.PREPRINT: "ScholarlyArticle",
    PaperType.CHAPTER: "Chapter",
    PaperType.BOOK: "Book",
}


def tags(article: Article, authors: Sequence[Author]) -> Markup:
    """The page's meta elements; `authors` are the article's, cleaned (fields.authors_of).

    https://scholar.google.com/intl/en/scholar/inclusion.html#indexing, and Zotero's Embedded Metadata.
    """
    written = "\n".join(
        f'<meta name="citation_{name}" content="{escape(text)}">'
        for name, value in _tags(article, authors)
        if (text := clean(value))
    )
    return Markup(written)  # noqa: S704 - every content has been escaped


def _tags(article: Article, authors: Sequence[Author]) -> Iterator[tuple[str, str]]:
    kind, pages = fields.type_of(article), fields.pages_of(article)
    yield "title", fields.title_of(article)
    for author in authors:
        yield (
            "author",
            author.collective or ", ".join(filter(None, (author.last, author.fore, author.suffix))),
        )
    yield "publication_date", "/".join(fields.date_of(article))
    if kind is PaperType.CHAPTER:
        yield "inbook_title", fields.container_of(article)
    elif kind is not PaperType.BOOK:
        yield "journal_title", fields.container_of(article)
        yield "journal_abbrev", article.journal.abbreviation
    if article.book:
        yield "isbn", article.book.isbn
        yield "publisher", article.book.publisher
    yield "issn", article.journal.issn
    yield "volume", article.book.volume if article.book else article.journal.volume
    yield "issue", article.journal.issue
    yield "firstpage", pages.first
    yield "lastpage", pages.last
    yield "doi", article.doi
    yield "pmid", str(article.pmid)
    yield "language", article.languages[0] if article.languages else ""
    yield "keywords", "; ".join(keyword.text for keyword in article.keywords)
    yield "abstract", fields.abstract_of(article)
    yield "public_url", fields.url_of(article)


def json_ld(article: Article, authors: Sequence[Author]) -> Markup:
    """The paper as schema.org has it, safe within a script element."""
    same = [links.pubmed(article.pmid)]
    same += [links.doi(article.doi)] if article.doi else []
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": _SCHEMA[fields.type_of(article)],
        "name": fields.title_of(article),
        "headline": fields.title_of(article),
        "author": [_author(author) for author in authors],
        "datePublished": "-".join(fields.date_of(article)),
        "isPartOf": _part_of(article),
        "pagination": article.pages,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": name, "value": value}
            for name, value in (("PMID", str(article.pmid)), ("DOI", article.doi), ("PMCID", article.pmcid))
            if value
        ],
        "inLanguage": list(article.languages),
        "keywords": [keyword.text for keyword in article.keywords],
        "abstract": fields.abstract_of(article),
        "sameAs": same,
    }
    text = json.dumps({name: value for name, value in facts.items() if value}, ensure_ascii=False)
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(safe)  # noqa: S704 - no character of it can end the element


def _author(author: Author) -> dict[str, str]:
    if author.collective:
        return {"@type": "Organization", "name": author.collective}
    facts = {
        "@type": "Person",
        "familyName": author.last,
        "givenName": author.fore,
        "identifier": f"https://orcid.org/{author.orcid}" if author.orcid else "",
    }
    return {name: fact for name, fact in facts.items() if fact}


def _part_of(article: Article) -> dict[str, str]:
    name = fields.container_of(article)
    kind = "Book" if article.book else "Periodical"
    facts = {"@type": kind, "name": name, "issn": article.journal.issn}
    return {key: fact for key, fact in facts.items() if fact} if name else {}
