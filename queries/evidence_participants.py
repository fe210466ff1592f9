"""How many people took part, as the abstract prints it."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from queries.evidence_sentences import Section

_ONES = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
]
_ONES += ["fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: n for n, word in enumerate(_ONES, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_WORD = rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[:9])}))?|{'|'.join(sorted(_ONES, key=len, reverse=True))}"
_HUNDRED = rf"(?:{'|'.join(_ONES[:9])}) hundred(?:(?: and)? (?:{_WORD}))?"
_STEMS = (
    (
        "patient",
        "participant",
        "subjects",
        "volunteer",
        "adults",
        "children",
        "women",
        " men",
        "people",
        "person",
    )
    + (
        "individual",
        "infant",
        "newborn",
        "neonate",
        "adolescent",
        "girls",
        "boys",
        "survivor",
        "student",
        "nurses",
    )
    + ("physicians", "respondent", "cases")
)
_WHO = (
    r"(?:patients?|participants?|subjects|volunteers?|adults|children|women|men|people|persons?|individuals?|infants?|"
    r"newborns?|neonates?|adolescents?|girls|boys|survivors?|students|nurses|physicians|respondents?|cases)\b"
)
# "84 evaluable patients", "1,204 adults", "37 857 cases", "eighty-four consecutive patients"
_MENTION = re.compile(
    rf"\b(?<![.,/%-])(?P<n>\d{{1,3}}(?:[,\u2009\u00a0 ]\d{{3}})+(?!\d)|\d+(?![.,/%-]?\d)|{_HUNDRED}|{_WORD})"
    rf"(?: (?!of\b|the\b|and\b|in\b|or\b|per\b|to\b|with\b|years?\b|months?\b|days?\b|weeks?\b|hours?\b)[a-z()/+:-]+,?)"
    rf"{{0,4}}? {_WHO}"
)
_INCLUDED = (
    r"(?:enrol?led|included|recruited|randomi[sz]ed|randomly|studied|evaluated|analy[sz]ed|treated|identified|registered|"
    r"entered|assigned|investigated|followed|participated|assessed|examined|diagnosed|received|underwent|reviewed|"
    r"surveyed|stopped|started)\b"
)
_BEFORE = re.compile(
    rf"\b(?:{_INCLUDED}|comprised|samples? (?:of|from)|data (?:of|from|on)|specimens from) $"
)
_BEHIND = re.compile(rf"[^.;]{{0,110}}?\b{_INCLUDED}")
_ALL = re.compile(r"\btotal of $|^(?:of|among|from) (?:the )?$")
_PART = re.compile(
    r"\b(?:of|all|both|only|another|other|remaining|in|among|than|least|up to|within|additional|further|for|to|at|by|"
    r"until|day|week|month|year|grade|stage|phase|and|the|these|those|or) $"
)


class _Mention(NamedTuple):
    printed: str
    value: int
    rank: int  # 2 all of them, 1 included, 0 merely mentioned


def participants(title: str, parts: Sequence[Section]) -> str:
    """The number of people studied, in digits as printed, words turned into digits; "" if unsure.

    Sure is the title's number, the one called a total, or the first said to be included if no
    larger one is mentioned; of numbers merely mentioned the only one.
    """
    if (titled := _MENTION.search(title.lower())) and _value(titled["n"]) > 1:
        return _printed(titled["n"])
    found = [
        mention
        for part in parts
        if part.kind not in {"Background", "Conclusions", "Formal"}
        for sentence in part.sentences
        for mention in _mentions(sentence.lower())
    ]
    best = max(found, key=lambda one: one.rank, default=None)
    most = max((one.value for one in found), default=0)
    if best and (best.rank == 2 or best.value == most) and (best.rank or len(found) == 1):  # noqa: PLR2004 - see _Mention
        return best.printed
    return ""


def _mentions(sentence: str) -> Iterator[_Mention]:
    if not any(stem in sentence for stem in _STEMS):
        return
    for match in _MENTION.finditer(sentence):
        before = sentence[: match.start()]
        value = _value(match["n"])
        if value < 2 or "screen" in sentence[match.start() : match.end() + 12]:  # noqa: PLR2004 - one is a case
            continue
        if _ALL.search(before):
            yield _Mention(_printed(match["n"]), value, 2)
        elif _BEFORE.search(before) or (not _PART.search(before) and _BEHIND.match(sentence, match.end())):
            yield _Mention(_printed(match["n"]), value, 1)
        elif not _PART.search(before):
            yield _Mention(_printed(match["n"]), value, 0)


def _value(printed: str) -> int:
    if digits := re.sub(r"\D", "", printed):
        return int(digits)
    hundreds, _, rest = printed.rpartition("hundred")
    return 100 * _VALUES.get(hundreds.strip(), 0) + sum(
        _VALUES.get(word, 0) for word in re.findall("[a-z]+", rest)
    )


def _printed(n: str) -> str:
    return n if n[0].isdigit() else str(_value(n))
