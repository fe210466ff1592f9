"""How many people took part, as the abstract prints it."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from queries.evidence.sentences import Section

_ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {word: n for n, word in enumerate(_ONES, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_WORD = rf"(?:{'|'.join(_TENS)})(?:[- ]{{1,2}}(?:{'|'.join(_ONES[:9])}))?|{'|'.join(reversed(_ONES))}"
_HUNDRED = rf"(?:{'|'.join(_ONES[:9])}) hundred(?:(?: and)? (?:{_WORD}))?"
_STEMS = (
    "patient", "participant", "subjects", "volunteer", "adults", "children", "women", " men", "people",
    "person", "individual", "infant", "newborn", "neonate", "adolescent", "girls", "boys", "survivor",
    "student", "nurses", "physicians", "respondent", "cases",
)  # fmt: skip
_WHO = (
    r"(?:patients?|participants?|subjects|volunteers?|adults|children|women|men|people|persons?|"
    r"individuals?|infants?|"
    r"newborns?|neonates?|adolescents?|girls|boys|survivors?|students|nurses|physicians|respondents?|cases)\b"
)
# "84 evaluable patients", "1,204 adults", "37 857 cases", "eighty-four consecutive patients"
_MENTION = re.compile(
    rf"\b(?<![.,/%-])(?P<n>\d{{1,3}}(?:[,\u2009\u00a0 ]\d{{3}})+(?!\d)|\d+(?![.,/%-]?\d)|{_HUNDRED}|{_WORD})"
    rf"(?: (?!of\b|the\b|and\b|in\b|or\b|per\b|to\b|with\b|years?\b|months?\b|days?\b|weeks?\b|"
    rf"hours?\b)[a-z()/+:-]+,?)"
    rf"{{0,4}}? {_WHO}"
)
_INCLUDED = (
    r"(?:enrol?led|included|recruited|randomi[sz]ed|randomly|studied|evaluated|analy[sz]ed|treated|"
    r"identified|registered|"
    r"entered|assigned|investigated|followed|participated|assessed|examined|diagnosed|received|underwent|"
    r"reviewed|"
    r"surveyed|stopped|started)\b"
)
_BEFORE = re.compile(
    rf"\b(?:{_INCLUDED}|comprised|(?:samples?|data|records?|charts?|specimens|cohort|series|files|analysis|"
    rf"study|trephines) "
    r"(?:of|from|on|in)) $|^(?:of|among|from) (?:the )?$"
)
_BEHIND = re.compile(rf"[^.;]{{0,110}}?\b{_INCLUDED}")
_YEAR = re.compile(r"\b(?:in|since|from|until|and|to|of|by) (?:19|20)\d\d$")
_GROUP = re.compile(r"\bn ?= ?(?P<n>\d[\d,]*)")
_ALL = re.compile(r"\btotal of $")
_SOME = re.compile(
    r"\b(?:of|all|both|only|another|other|remaining|in|among|than|least|up to|within|additional|further|"
    r"for|to|at|by|"
    r"until|day|week|month|year|grade|stage|phase|the|these|those|\d,? and) $|[(;] ?$"
)


class _Mention(NamedTuple):
    printed: str
    value: int
    rank: int


_TOTAL, _STUDIED, _NAMED, _SUBSET = 3, 2, 1, 0
_FEW = 5  # a title's "two survivors" may be anybody


def participants(title: str, parts: Sequence[Section]) -> str:
    """The number of people studied, in digits as printed, words turned into digits; "" if unsure.

    Sure is the title's number, the one called a total, or the largest: if it is said to have been
    studied, or if it is also the first.
    """
    if (titled := _MENTION.search(title.lower())) and _value(titled["n"]) >= _FEW:
        return _printed(titled["n"])
    found = [
        mention
        for part in parts
        if part.kind not in {"Background", "Conclusions", "Formal"}
        for sentence in part.sentences
        for mention in _mentions(sentence.lower())
    ]
    best = max(found, key=lambda one: one.rank, default=_Mention("", 0, _SUBSET))
    if best.rank == _TOTAL:
        return best.printed
    largest = best.value == max((one.value for one in found), default=0)
    sure = best.rank == _STUDIED or (best.rank == _NAMED and found[0] == best)
    return best.printed if largest and sure else ""


def _mentions(sentence: str) -> Iterator[_Mention]:
    # Groups, mostly: what they add up to is not said.
    yield from (_Mention(group["n"], _value(group["n"]), _SUBSET) for group in _GROUP.finditer(sentence))
    if not any(stem in sentence for stem in _STEMS):
        return
    for match in _MENTION.finditer(sentence):
        before = sentence[: match.start()]
        year = _YEAR.search(f"{before[-6:]}{match['n']}")
        if _value(match["n"]) == 1 or year or "screen" in sentence[match.start() : match.end() + 12]:
            continue
        if _ALL.search(before):
            rank = _TOTAL
        elif _BEFORE.search(before):
            rank = _STUDIED
        elif _SOME.search(before):
            rank = _SUBSET
        else:
            rank = _STUDIED if _BEHIND.match(sentence, match.end()) else _NAMED
        yield _Mention(_printed(match["n"]), _value(match["n"]), rank)


def _value(printed: str) -> int:
    if digits := re.sub(r"\D", "", printed):
        return int(digits)
    hundreds, _, rest = printed.rpartition("hundred")
    return 100 * _VALUES.get(hundreds.strip(), 0) + sum(
        _VALUES.get(word, 0) for word in re.findall("[a-z]+", rest)
    )


def _printed(n: str) -> str:
    return n if n[0].isdigit() else str(_value(n))
