"""What the tables of rules are made of."""
# ruff: noqa: E501 - a pattern is read in one piece

import re
from typing import NamedTuple


class Rule(NamedTuple):
    """If one of `stems` is in the lower-cased text and `pattern` is found there, it is `word` of STUDIES."""

    word: str
    stems: tuple[str, ...]
    pattern: re.Pattern[str]


def table(*rows: tuple[str, str, str]) -> tuple[Rule, ...]:
    """Rules of a word, its stems joined by "|", and a pattern for lower-cased text."""
    return tuple(Rule(word, tuple(stems.split("|")), re.compile(pattern)) for word, stems, pattern in rows)


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
