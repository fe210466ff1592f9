"""RIS, which nearly every reference manager reads. https://en.wikipedia.org/wiki/RIS_(file_format)."""

from collections.abc import Iterator, Sequence

from queries.records.article import Author
from reports.digest.entry import clean
from reports.digest.told import ToldArticle
from reports.exports import fields
from reports.exports.fields import PaperType

TYPES = {
    PaperType.ARTICLE: "JOUR",
    PaperType.PREPRINT: "UNPB",
    PaperType.CHAPTER: "CHAP",
    PaperType.BOOK: "BOOK",
}


def written(told: Sequence[ToldArticle]) -> bytes:
    """A record a paper, in UTF-8."""
    records = ("".join(f"{tag}  - {value}\r\n" for tag, value in _tags(each)) for each in told)
    return "".join(f"{record}ER  - \r\n\r\n" for record in records).encode()


def _tags(told: ToldArticle) -> Iterator[tuple[str, str]]:
    article = told.article
    kind = fields.type_of(article)
    yield "TY", TYPES[kind]
    rest = [("ID", str(article.pmid)), ("TI", fields.title_of(article))]
    rest += [("AU", _name(author)) for author in fields.authors_of(article)]
    date, pages = fields.date_of(article), fields.pages_of(article)
    rest += [("PY", date[0]), ("DA", "/".join((*date, "", "")[:3]))] if date else []
    rest += [("T2", fields.container_of(article))]
    if article.book:
        rest += [("A2", _name(editor)) for editor in article.book.editors]
        rest += [("PB", article.book.publisher), ("CY", article.book.place), ("SN", article.book.isbn)]
        rest += [("VL", article.book.volume), ("ET", article.book.edition)]
    else:
        rest += [("J2", article.journal.abbreviation), ("SN", article.journal.issn)]
        rest += [("VL", article.journal.volume), ("IS", article.journal.issue)]
    rest += [
        ("SP", pages.first),
        ("EP", pages.last),
        ("DO", article.doi),
        ("AB", fields.abstract_of(article)),
    ]
    rest += [("LA", language) for language in article.languages]
    rest += [("KW", word) for word in fields.keywords_of(told)]
    rest += [("DB", "PubMed"), ("AN", str(article.pmid)), ("C2", article.pmcid)]
    rest += [("UR", fields.url_of(article))] + [("N1", remark) for remark in fields.remarks_of(told)]
    yield from ((tag, text) for tag, value in rest if (text := clean(value)))


def _name(author: Author) -> str:
    """Last, First, Suffix; a group by its name and nothing else."""
    if author.collective:
        return author.collective
    return ", ".join(filter(None, (author.last, author.fore, author.suffix)))
