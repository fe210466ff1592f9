"""Papers as Zotero's items. https://api.zotero.org/items/new?itemType=book names the fields of a type.

Each has a key of its own, made from the watch and the PMID: whoever writes it twice writes one item.
"""

import hashlib
from typing import Final

from reports.digest.told import ToldArticle
from reports.exports import fields
from reports.exports.fields import PaperType

_SIGNS: Final = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"  # of which Zotero makes the keys of objects
_LENGTH: Final = 8
_TYPES = {
    PaperType.ARTICLE: "journalArticle",
    PaperType.PREPRINT: "preprint",
    PaperType.CHAPTER: "bookSection",
    PaperType.BOOK: "book",
}


def key_of(*of: object) -> str:
    """The key of an object of ours, the same whenever it is asked for."""
    number = int.from_bytes(hashlib.blake2b(repr(of).encode(), digest_size=16).digest())
    signs = []
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[rest])
    return "".join(signs)


def item(told: ToldArticle, key: str, collection: str) -> dict[str, object]:
    """A paper as a new item in a collection: tagged by the question and the topics that found it."""
    article, book, entry = told.article, told.article.book, told.entry
    kind, pages = fields.type_of(article), "-".join(filter(None, fields.pages_of(article)))
    values: dict[str, object] = {
        "title": fields.title_of(article),
        "abstractNote": fields.abstract_of(article),
        "date": "-".join(fields.date_of(article)),
        "language": ", ".join(article.languages),
        "url": fields.url_of(article),
        "extra": _extra(told, with_doi=book is not None),
    }
    if book:
        values |= {
            "publisher": book.publisher,
            "place": book.place,
            "ISBN": book.isbn,
            "edition": book.edition,
        }
        values |= {"volume": book.volume}
        values |= {"bookTitle": book.title, "pages": pages} if kind is PaperType.CHAPTER else {}
    elif kind is PaperType.PREPRINT:
        values |= {"repository": fields.container_of(article), "DOI": article.doi}
    else:
        journal = article.journal
        values |= {
            "publicationTitle": fields.container_of(article),
            "journalAbbreviation": journal.abbreviation,
        }
        values |= {"volume": journal.volume, "issue": journal.issue, "pages": pages}
        values |= {"ISSN": journal.issn, "DOI": article.doi}
    tags = dict.fromkeys((entry.question, *entry.topics) if entry else ())
    return {
        "key": key,
        "version": 0,  # new: what has this key already is not written again
        "itemType": _TYPES[kind],
        "creators": _creators(told),
        **{name: value for name, value in values.items() if value},
        "tags": [{"tag": tag} for tag in tags],
        "collections": [collection],
    }


def _creators(told: ToldArticle) -> list[dict[str, str]]:
    return [
        {"creatorType": "author", "name": author.collective}
        if author.collective
        else {
            "creatorType": "author",
            "firstName": " ".join(filter(None, (author.fore, author.suffix))),
            "lastName": author.last,
        }
        for author in fields.authors_of(told.article)
    ]


def _extra(told: ToldArticle, *, with_doi: bool) -> str:
    """What has no field of its own, a line each, as Zotero reads it."""
    article = told.article
    lines = [f"PMID: {article.pmid}"]
    lines += [f"PMCID: {article.pmcid}"] if article.pmcid else []
    lines += [f"DOI: {article.doi}"] if with_doi and article.doi else []
    return "\n".join((*lines, *fields.remarks_of(told)))
