"""BibTeX and BibLaTeX: UTF-8, with what TeX would take for its own escaped, and braces never unbalanced."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from unicodedata import normalize

from queries.records.article import Author
from reports.digest.entry import clean
from reports.digest.told import ToldArticle
from reports.exports import fields
from reports.exports.fields import PaperType

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
_UNBALANCED = {"{": r"\ensuremath{\lbrace}", "}": r"\ensuremath{\rbrace}"}
_LIGATURE = re.compile(r"(?<=-)-|(?<=')'|(?<=[`?!])`")  # TeX makes one sign of the two
_SPECIAL = re.compile("[" + re.escape("".join(_TEX)) + "]")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
TYPES = {
    PaperType.ARTICLE: "article",
    PaperType.PREPRINT: "unpublished",
    PaperType.CHAPTER: "incollection",
    PaperType.BOOK: "book",
}


def written(told: Sequence[ToldArticle]) -> bytes:
    """An entry a paper, its key the first author, the year and the PMID."""
    return "\n".join(map(_entry, told)).encode()


def tex(text: str) -> str:
    """The text as TeX prints it; BibTeX counts an escaped brace, too, so one without its fellow is a sign."""
    signs = _TEX if _is_balanced(text) else _TEX | _UNBALANCED
    escaped = _SPECIAL.sub(lambda found: signs[found[0]], clean(text))
    return _LIGATURE.sub(lambda found: "{}" + found[0], escaped)


def _verbatim(text: str) -> str:
    """A DOI as it stands, since BibLaTeX and reference managers unescape none; only braces have to close."""
    return clean(text) if _is_balanced(text) else clean(text).replace("{", "%7B").replace("}", "%7D")


def _is_balanced(text: str) -> bool:
    depths = list(accumulate({"{": 1, "}": -1}.get(sign, 0) for sign in text))
    return not depths or (min(depths) >= 0 and depths[-1] == 0)


def _entry(told: ToldArticle) -> str:
    rows = "".join(f"  {name} = {value},\n" for name, value in _values(told))
    return f"@{TYPES[fields.type_of(told.article)]}{{{_key(told)},\n{rows}}}\n"


def _values(told: ToldArticle) -> Iterator[tuple[str, str]]:
    article, book = told.article, told.article.book
    date, pages = fields.date_of(article), fields.pages_of(article)
    yield "title", f"{{{{{tex(fields.title_of(article))}}}}}"  # its capitals are its own
    texts = {
        "author": _names(fields.authors_of(article)),
        "editor": _names(book.editors) if book else "",
        "booktitle" if book else "journal": tex(fields.container_of(article)),
        "shortjournal": tex(article.journal.abbreviation),
        "publisher": tex(book.publisher) if book else "",
        "address": tex(book.place) if book else "",
        "edition": tex(book.edition) if book else "",
        "year": date[0] if date else "",
        "volume": tex(book.volume if book else article.journal.volume),
        "number": tex(article.journal.issue),
        "pages": "--".join(map(tex, filter(None, pages))),
        "issn": tex(article.journal.issn),
        "isbn": tex(book.isbn) if book else "",
        "doi": _verbatim(article.doi),
        "pmid": str(article.pmid),
        "pmcid": article.pmcid,
        "url": fields.url_of(article),
        "language": tex(", ".join(article.languages)),
        "abstract": tex(fields.abstract_of(article)),
        "keywords": tex("; ".join(fields.keywords_of(told))),
        "note": tex(" ".join(fields.remarks_of(told))),
    }
    if len(date) > 1 and 1 <= int(date[1]) <= len(_MONTHS):
        yield "month", _MONTHS[int(date[1]) - 1]
    if len(date) > 2:  # noqa: PLR2004 - the day
        yield "day", f"{{{int(date[2])}}}"
    yield from ((name, f"{{{text}}}") for name, text in texts.items() if text)


def _names(authors: Sequence[Author]) -> str:
    return " and ".join(map(_name, authors))


def _name(author: Author) -> str:
    """Last, Jr, First; a group, or a part that holds a comma or "and", stands in braces."""
    if author.collective:
        return f"{{{tex(author.collective)}}}"
    return ", ".join(_part(part) for part in (author.last, author.suffix, author.fore) if part)


def _part(part: str) -> str:
    return f"{{{tex(part)}}}" if re.search(r",|\band\b", part, re.IGNORECASE) else tex(part)


def _key(told: ToldArticle) -> str:
    """E.g. Gullaksen2025_39933456, in ASCII."""
    article = told.article
    first = next((author.last or author.collective for author in article.authors), "")
    plain = re.sub(r"[^A-Za-z]", "", normalize("NFKD", first).encode("ascii", "ignore").decode())
    return f"{plain[:30] or 'anonymous'}{''.join(fields.date_of(article)[:1])}_{article.pmid}"
