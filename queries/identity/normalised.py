"""A citation brought to comparable form: one Normalised a record, made when another record resembles it."""

import re
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from queries.identity.citation import PREPRINT, Citation
from queries.text.fold import compact, plain

ERRATUM, REPLY = "erratum", "reply"
# Words that make a title that of another work than the one it names.
_AMENDS = re.compile(
    r"(?:(?:publisher|author)s? )?(?:errat(?:um|a)|corrigend(?:um|a)|corrections?|addendum|retraction|"
    r"notice of retraction|expression of concern|withdrawn|withdrawal)\b"
)
_ANSWERS = re.compile(
    r"(?:(?:in )?reply|(?:authors? )?(?:reply|response to|response)|re|a response to|rejoinder|comments? on|"
    r"letter|comment|(?:invited |editorial )?commentary|commentary on|editorial|discussion)\b"
)
_ANSWERED = re.compile(
    r"\b(?:reply|response|rejoinder|comment|commentary|erratum|corrigendum|correction|summary|supplement|"
    r"appendix|protocol|update|abridged)$"
)
_CITED = re.compile(
    r"[(\[]\s*(?:vol(?:ume)?\b\.?\s*\d|pg\b)[^)\]]*[)\]]\.?$", re.IGNORECASE
)  # as Web of Science
_RETRACTED = re.compile(r"^\W*retracted(?: article)?\b\W*", re.IGNORECASE)
# Strips [see comment], [Review] [33 refs]; keeps [Part 2] and [II].
_NOTE = re.compile(r"(?<=[^\s\[(])\s*\[(?!\s*(?:part\b|[ivx\d]+\s*\]))[^\]]*\][\s.]*$", re.IGNORECASE)
# A title that comes back issue after issue: it names a column, not a work.
_RECURS = re.compile(
    r"(?:guest |special )?(?:editor|editorial|editors|introduction(?! of)|introductory|foreword|preface|news|"
    r"proceedings|in this issue|highlights|contents|book reviews?|letters?|correspondence|abstracts?|poster|"
    r"obituary|in memoriam|remarks|message|(?:meeting|conference|annual) report|case records|images in|"
    r"call for (?:papers|abstracts)|announcement|index|calendar|minutes|oral presentations?)\b"
)
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_THOUSANDS = re.compile(r"(?<=\d)[,\u2009\u00a0' ](?=\d{3}\b)")
_APOSTROPHES = re.compile("['\u2019`]")
_LETTERS = re.compile(r"[^\W\d_]+")
_PAGE = re.compile(r"([a-z]*)0*(\d+)")
_BRACKETED = re.compile(r"[(\[][^)\]]*[)\]]|\. conference:.*")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPELT = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ROMAN = {"ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11, "xii": 12, "xiii": 13}
_NUMBERS = {word: str(value) for word, value in (*_ROMAN.items(), *zip(_SPELT, range(1, 13), strict=True))}
_LONE = {"i": "1", "v": "5", "x": "10"}  # numbers only where one is due
_NUMBERED = frozenset(
    ("part", "type", "phase", "stage", "grade", "class", "factor", "volume", "level", "chapter", "study",
     "group", "section", "trial")
)  # fmt: skip
_GLUE = frozenset(
    ("and", "for", "the", "of", "in", "on", "a", "an", "to", "der", "die", "das", "und", "fur", "de", "la",
     "le", "et", "y")
)  # fmt: skip
_NOBODY = frozenset(("anonymous", "anon", "unknown", "noauthor", "noauthorlisted", "etal"))
# Registrants and servers of preprints only, so that either tells one without a publication type.
_PREPRINT_DOI = re.compile(
    r"10\.(?:1101/\d|64898/|21203/rs|2139/ssrn|48550/arxiv|20944/preprints|31234/osf|31219/osf|26434/chemrxiv)"
)
_PREPRINT_SERVER = re.compile(r"\b(?:(?:bio|med|chem|psy)?a?rxiv|research square|ssrn|preprints)\b")
_VERSIONED = re.compile(r"^(10\.(?:21203|20944|26434)/.*?)[/.-]?v\d+$")


class Pages(NamedTuple):
    """First and last page as numbers, `letter` before them; last 0 if only one page is said."""

    letter: str
    first: int
    last: int


class Normalised(NamedTuple):
    """What is compared. Text has no case, accent or punctuation; 0, "" and () are "not said"."""

    citation: Citation
    title: str  # without spaces
    words: tuple[str, ...]
    recurs: bool  # "Editorial", "Book review: ..."
    numbers: str  # every digit of the title; Roman numerals and words for numbers as digits
    amends: str  # ERRATUM or REPLY if the title says that it is about another work
    authors: tuple[tuple[str, str], ...]  # last name, first initial
    journal: tuple[str, ...]
    volume: int
    issues: frozenset[int]
    pages: Pages | None
    updates: frozenset[int]
    doi: str  # without the version of a preprint server
    preprint: bool
    abstract: str


def normalise(citation: Citation) -> Normalised:
    """Return the citation in comparable form."""
    title, amends = _title(citation.title)
    words = _words(title)
    letters = compact(words)
    return Normalised(
        citation, letters, words, bool(_RECURS.match(" ".join(words))), "".join(_DIGITS.findall(letters)),
        amends,
        tuple(filter(None, map(_person, citation.authors.split(";")))),
        _journal(citation.journal), _volume(citation), _issues(citation.issue), pages(citation.pages),
        frozenset(map(int, citation.updates.split(";") if citation.updates else ())),
        _VERSIONED.sub(r"\1", citation.doi), _is_preprint(citation),
        "".join(_WORD.findall(plain(citation.abstract)))[:300],
    )  # fmt: skip


@lru_cache(maxsize=100_000)
def _journal(name: str) -> tuple[str, ...]:
    bare = _BRACKETED.sub(" ", plain(name).replace("&", " and "))
    return tuple(word for word in _WORD.findall(bare) if word not in _GLUE)


def pages(text: str) -> Pages | None:
    """Return the pages of "123-9", "S12-S20", "e1234", "35+"; None of what is no page."""
    found = [(letter[-1:], int(digits)) for letter, digits in _PAGE.findall(plain(text))]
    if not found or not _DIGITS.search(text.partition("-")[0]):
        return None
    letter, first = found[0]
    last = found[1][1] if len(found) > 1 else 0
    if 0 < last < first and len(str(last)) < len(str(first)):  # 123-9 is 123-129
        last = int(str(first)[: -len(str(last))] + str(last))
    return Pages(letter, first, last if last >= first else 0)


def _title(text: str) -> tuple[str, str]:
    """The title itself in plain letters, and what it says to do to another work."""
    cited = _CITED.search(text)
    bare = _RETRACTED.sub("", text).strip()
    while (shorter := _NOTE.sub("", bare)) != bare:
        bare = shorter
    bare = plain(_THOUSANDS.sub("", bare))
    spoken = " ".join(_WORD.findall(_APOSTROPHES.sub("", bare)))
    amends = ERRATUM if cited else ""
    for kind, pattern in ((ERRATUM, _AMENDS), (REPLY, _ANSWERS)):
        if not amends and pattern.match(spoken):
            amends = kind
    if not amends and _ANSWERED.search(spoken):
        amends = REPLY
    return bare, amends


def _words(title: str) -> tuple[str, ...]:
    words = _WORD.findall(title.replace("&", " and "))
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        if word in _NUMBERS:
            words[at] = _NUMBERS[word]
        elif word in _LONE and (before in _NUMBERED or (at and at == len(words) - 1)):
            words[at] = _LONE[word]
    return tuple(map(intern, words))  # titles share their words: each is held once


@lru_cache(maxsize=100_000)
def _person(text: str) -> tuple[str, str] | None:
    last, _, fore = text.partition("|")
    name = "".join(_LETTERS.findall(plain(last)))
    if not name or name in _NOBODY:
        return None
    return name, "".join(_LETTERS.findall(plain(fore)))[:1]


def _is_preprint(citation: Citation) -> bool:
    named = _PREPRINT_DOI.match(citation.doi) or _PREPRINT_SERVER.search(citation.journal.casefold())
    return citation.kind == PREPRINT or bool(named)


def _volume(citation: Citation) -> int:
    found = _DIGITS.search(citation.volume)
    volume = int(found.group()) if found else int(_NUMBERS.get(citation.volume.casefold(), 0))
    return 0 if volume == citation.year else volume  # some databases put the year there


@lru_cache(maxsize=10_000)
def _issues(text: str) -> frozenset[int]:
    months = (word[:3] for word in _LETTERS.findall(text.casefold()))
    named = {_MONTHS.index(month) + 1 for month in months if month in _MONTHS}
    return frozenset(named.union(map(int, _DIGITS.findall(text))))
