"""What the tables of rules are made of."""
# ruff: noqa: E501 - a pattern is read in one piece

import re
from typing import NamedTuple


def compiled(pattern: str) -> re.Pattern[str]:
    r"""For lower-cased text: of ASCII alone, what \b and \w mean is found a quarter faster."""
    return re.compile(pattern, re.ASCII)


_FEWEST, _MIDDLE, _MOST = 3, 4, 5  # letters of a word's head


class Rule(NamedTuple):
    """If a word of the lower-cased text begins with one of `heads` and `pattern` is found, it is `word` of STUDIES.

    The heads are only there to save time: most patterns need not be tried on most texts.
    """

    word: str
    heads: frozenset[str]
    pattern: re.Pattern[str]


def table(*rows: tuple[str, str, str]) -> tuple[Rule, ...]:
    """Rules of a word, its stems joined by "|", and a pattern for lower-cased text."""
    return tuple(
        Rule(word, frozenset(map(_head, stems.split("|"))), compiled(pattern))
        for word, stems, pattern in rows
    )


def _head(stem: str) -> str:
    """The first letters of the stem's longest word."""
    longest: str = max(re.findall(r"[a-z0-9]+", stem), key=len)
    if len(longest) < _FEWEST:
        msg = f"{stem!r} has no word of {_FEWEST} letters"
        raise ValueError(msg)
    return longest[:_MOST]


# What stands between or around words.
_APART = str.maketrans(
    dict.fromkeys("-\N{HYPHEN}\N{EN DASH}\N{EM DASH}([/\"'\N{LEFT DOUBLE QUOTATION MARK}:.,;=*", " ")
)


def heads(lower: str) -> frozenset[str]:
    """The first five and four letters of each word of a text, and three of those that are hardly longer."""
    words = set(lower.translate(_APART).split())
    short = [word[:_FEWEST] for word in words if len(word) <= _MOST]
    return frozenset([word[:_MOST] for word in words] + [word[:_MIDDLE] for word in words] + short)


ARTICLE = r"(?: (?:article|paper|chapter))?"
RECORDS = r"(?:the |our |all |\d[\d,]* )?(?:consecutive )?(?:medical|patient|clinical|hospital|chart|case|records?|cases?|files|data\b)"
REVIEWED = rf"(?!ed)(?! {RECORDS})"
FEW = r"(?:an?|one|two|three|four|five|2|3|4|5)"
RANDOM = r"randomi[sz]ed"
# A record with one of these is no randomised trial, whatever else it says.
UNRANDOM = r"(?:non|quasi|not)[- ]?randomi[sz]ed"

# Of one to four phases: the words that name it, the highest first.
PHASES = (
    ("phase 2/3 trial", r"phase[ -](?:2[ab]?|ii[ab]?) ?[/-] ?(?:3|iii)\b"),
    ("phase 1/2 trial", r"phase[ -](?:1[ab]?|i[ab]?) ?[/-] ?(?:2[ab]?|ii[ab]?)\b"),
    ("phase 4 trial", r"(?<!in )phase[ -](?:4|iv)\b"),
    ("phase 3 trial", r"(?<!in )phase[ -](?:3[ab]?|iii[ab]?)\b"),
    ("phase 2 trial", r"(?<!in )(?<!chronic )phase[ -](?:2[ab]?|ii[ab]?)\b"),
    ("phase 1 trial", r"(?<!in )(?<!chronic )phase[ -](?:1[ab]?|i[ab]?)\b"),
)

# Trials of CML that their names tell, with what they are.
NAMED_TRIALS = (
    r"\b(?:euro-?ski|stim ?[12]?|stop imatinib|twister|dasfree|enest(?:freedom|op|path|nd|cmr|1st|xtnd)|(?:1st[- ])?dadi|"
    r"d-stop|destiny|optkima|stop-imaped|kid-stop|last study|isav|re-stim|a-?tfr|tiger|dasision|bfore|bela|ascembl|asc4first|"
    r"asc4more|optic|epic|pace|spirit ?2?|tidel|iris)\b"
)
