"""CSL-JSON, what citation processors such as Zotero's and pandoc's read. https://citationstyles.org."""

import json
from collections.abc import Sequence

from queries.records.article import Author
from reports.digest.told import ToldArticle
from reports.exports import fields
from reports.exports.fields import PaperType

TYPES = {
    PaperType.ARTICLE: "article-journal",
    PaperType.PREPRINT: "article",
    PaperType.CHAPTER: "chapter",
    PaperType.BOOK: "book",
}


def written(told: Sequence[ToldArticle]) -> bytes:
    """A list of items, in UTF-8."""
    return json.dumps([item(each) for each in told], ensure_ascii=False, indent=1).encode()


def item(told: ToldArticle) -> dict[str, object]:
    """A paper as a CSL item; what is absent is left out."""
    article, book = told.article, told.article.book
    pages, date = fields.pages_of(article), [int(part) for part in fields.date_of(article)]
    values: dict[str, object] = {
        "id": f"pmid:{article.pmid}",
        "type": TYPES[fields.type_of(article)],
        "title": fields.title_of(article),
        "author": [_name(author) for author in fields.authors_of(article)],
        "editor": [_name(editor) for editor in book.editors] if book else [],
        "container-title": fields.container_of(article),
        "container-title-short": article.journal.abbreviation,
        "publisher": book.publisher if book else "",
        "publisher-place": book.place if book else "",
        "edition": book.edition if book else "",
        "issued": {"date-parts": [date]} if date else {},
        "volume": book.volume if book else article.journal.volume,
        "issue": article.journal.issue,
        "page": "-".join(filter(None, pages)),
        "ISSN": article.journal.issn,
        "ISBN": book.isbn if book else "",
        "DOI": article.doi,
        "PMID": str(article.pmid),
        "PMCID": article.pmcid,
        "URL": fields.url_of(article),
        "language": ", ".join(article.languages),
        "abstract": fields.abstract_of(article),
        "keyword": "; ".join(fields.keywords_of(told)),
        "note": "\n".join(fields.remarks_of(told)),
    }
    return {name: value for name, value in values.items() if value}


def _name(author: Author) -> dict[str, str]:
    if author.collective:
        return {"literal": author.collective}
    parts = {"family": author.last, "given": author.fore, "suffix": author.suffix}
    return {name: part for name, part in parts.items() if part}
