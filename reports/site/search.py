"""The search index: files of 400 papers each, which a browser loads when somebody searches.

A script file rather than JSON, as a page opened from a folder (file://) may fetch nothing. Papers stand in
the order in which they were told: what is told next changes the last file only.

    seedwatch.segment(3, {"tags": [...], "papers": [[...], ...], "terms": "abl1 ...", "found": "A|BC|..."})

`found` has for each term the papers that hold it, as distances in base 64.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from queries.records.article import Article
from queries.updates import is_retracted
from reports.digest.entry import clean
from reports.digest.record import Entry
from reports.exports import fields
from reports.site.outline import Paper

SIZE: Final = 400  # papers a file
LONGEST: Final = 40  # of a word; what is longer is no word that anybody types
_DIGITS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_WORD: Final = re.compile(r"[^\W_]+")
_ACCENT: Final = re.compile("[\u0300-\u036f]")
_GREEK: Final = {chr(code): unicodedata.name(chr(code)).split()[-1].lower() for code in range(0x3B1, 0x3CA)}
# what has no accent to be taken off, and what is also written with two letters: Mueller, Oersted
_PLAIN: Final = str.maketrans({**_GREEK, "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d"})
_SPELT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def words(text: str) -> set[str]:
    """The words by which a text is found: small, without accents; Greek and Nordic letters spelt out, too."""
    small = text.lower()
    if small.isascii():
        return set(_WORD.findall(small))
    folded = _folded(small)
    spelt = _folded(unicodedata.normalize("NFC", small).translate(_SPELT))
    return {word for each in (folded, folded.translate(_PLAIN), spelt) for word in _WORD.findall(each)}


def _folded(text: str) -> str:
    """As the search page folds what is typed."""
    return _ACCENT.sub("", unicodedata.normalize("NFKD", text)).lower()


def segment(number: int, papers: Sequence[Paper], articles: Mapping[int, Article]) -> str:
    """The script of one file; a paper whose record is gone is found by what the digest said."""
    tags: dict[str, int] = {}
    rows, holders = [], defaultdict(list)
    for at, paper in enumerate(papers):
        article = articles.get(paper.pmid)
        own = [tags.setdefault(tag, len(tags)) for tag in dict.fromkeys(tags_of(paper, article))]
        rows.append([*_shown(paper, article), own])
        for word in _terms(paper, article):
            holders[word].append(at)
    terms = sorted(holders)
    content = {
        "tags": list(tags),
        "papers": rows,
        "terms": " ".join(terms),
        "found": "|".join(_distances(holders[term]) for term in terms),
    }
    packed = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f"seedwatch.segment({number},{packed});\n"


def tags_of(paper: Paper, article: Article | None) -> Iterator[str]:
    """What the filters of the search page know of a paper."""
    for telling in paper.tellings:
        yield f"watch={telling.watch}"
        if isinstance(telling.paper, Entry):
            badges = [badge.text.lower() for badge in telling.paper.badges]
            yield from (f"topic={topic}" for topic in telling.paper.topics)
            yield f"asks={telling.paper.question}"
            yield from (f"question={keyword}" for keyword in telling.paper.keywords)  # as mails link to it
            yield from ["tfr=1"] * telling.paper.tfr
            yield from ["trial=1"] * any("trial" in badge for badge in badges)
            human = "human" in telling.paper.species or "human" in badges  # as digests had it once
            yield from ["human=1"] * human
    if article and is_retracted(article):
        yield "retracted=1"
    if year := year_of(paper, article):
        yield f"year={year}"


def year_of(paper: Paper, article: Article | None) -> str:
    """The year of publication, "" if none is known."""
    if article:
        return "".join(fields.date_of(article)[:1])
    return next((each.paper.published[:4] for each in paper.tellings if isinstance(each.paper, Entry)), "")


def _shown(paper: Paper, article: Article | None) -> list[object]:
    """What a hit shows: PMID, title, names, journal, date, where it was told first, badges."""
    first = paper.tellings[0]
    entry = next((each.paper for each in paper.tellings if isinstance(each.paper, Entry)), None)
    return [
        paper.pmid,
        first.paper.title,
        entry.byline if entry else "",
        first.paper.journal,
        (article.published or article.electronic) if article else "",
        first.watch,
        first.number,
        f"{first.made:%Y-%m-%d}",
        [badge.text for badge in entry.badges] if entry else [],
    ]


def _terms(paper: Paper, article: Article | None) -> set[str]:
    texts = [str(paper.pmid), *map(str, paper.versions), paper.tellings[0].paper.title]
    if article:
        texts += [article.title, article.vernacular_title, article.doi, article.pmcid]
        texts += [passage.text for passage in article.abstract]
        texts += [f"{a.last} {a.fore} {a.initials} {a.collective}" for a in article.authors]
        texts += [article.journal.title, article.journal.abbreviation]
        texts += [keyword.text for keyword in article.keywords] + [heading.name for heading in article.mesh]
        texts += [accession.number for accession in article.accessions]
        texts += [article.book.title] if article.book else []
    return {word[:LONGEST] for word in words(clean(" ".join(texts)))}


def _distances(numbers: Sequence[int]) -> str:
    """Ascending numbers by the distance from the one before; "." stands before one of two digits."""
    digits, last = [], -1
    for number in numbers:
        high, low = divmod(number - last - 1, len(_DIGITS))
        digits.append(f".{_DIGITS[high]}{_DIGITS[low]}" if high else _DIGITS[low])
        last = number
    return "".join(digits)
