"""How many people took part, as the abstract prints it."""

import re
from collections.abc import Sequence

from queries.evidence_sentences import Section

_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ONES += ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: n for n, word in enumerate(_ONES, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_WORD = rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[:9])}))?|{'|'.join(sorted(_ONES, key=len, reverse=True))}"
_HUNDRED = rf"(?:one|two|three|four|five|six|seven|eight|nine) hundred(?:(?: and)? (?:{_WORD}))?"
# 84; 1,204; 37 857; Eighty-four
_N = rf"(?P<n>\d{{1,3}}(?:[,\u2009\u00a0 ]\d{{3}})+(?!\d)|\d+|{_HUNDRED}|{_WORD})"
_WHO = (
    r"(?:patients?|participants?|subjects|volunteers|adults|children|women|men|people|persons|individuals|infants|"
    r"newborns|neonates|adolescents|girls|boys|males|survivors|students|nurses|physicians|respondents|cases)\b"
)
_BETWEEN = (
    r"(?:(?!of|the|and|in|or|per|%|from|to|with|years?|months?|days|weeks|percent)[\w()/+:.-]+,? ){0,5}?"
)
_JOINED = (
    r"(?:were|was|are|have been|had been)?\s?(?:\w+ly )?(?:enrol?led|included|recruited|randomi[sz]ed|randomly|studied|evaluated|"
    r"anal[yi][sz]ed|treated|identified|registered|entered|assigned|investigated|followed|stopped|started|participated|"
    r"assessed|examined|diagnosed|received|underwent|took part|completed the|reviewed|surveyed|provided)"
)
_INCLUDED = (
    re.compile(rf"\b(?:a |in )?total of {_N} {_BETWEEN}{_WHO}", re.IGNORECASE),
    re.compile(rf"\b(?:enrol?led|included|recruited|randomi[sz]ed|randomly assigned|studied|evaluated|analy[sz]ed|followed|treated|comprised|identified|reviewed|surveyed|examined|investigated|collected data (?:from|of)) {_N} {_BETWEEN}{_WHO}", re.IGNORECASE),
    re.compile(rf"(?<![\d.,/-]){_N} {_BETWEEN}{_WHO}[^.;]{{0,110}}?\b{_JOINED}\b", re.IGNORECASE),
)  # fmt: skip
_MENTIONED = re.compile(rf"(?<![\d.,/%-]){_N} {_BETWEEN}{_WHO}", re.IGNORECASE)
_EQUALS = re.compile(rf"\b{_WHO[:-2]}[^.;()]{{0,60}}\(n ?= ?(?P<n>[\d,]+)\)", re.IGNORECASE)
_SUBSET = re.compile(
    r"(?:of|all|both|only|another|other|remaining|in|among|than|least|up to|within|additional|further|for|to|at|by|until|day|week|month|year|grade|stage|and) $",
    re.IGNORECASE,
)


def participants(title: str, parts: Sequence[Section]) -> str:
    """The number of people studied, in digits as printed; "" if unsure."""
    if (match := _MENTIONED.search(title)) and _value(match["n"]) > 1:
        return _printed(match["n"])
    told = [
        s
        for part in parts
        if part.kind not in {"Background", "Conclusions", "Formal"}
        for s in part.sentences
    ]
    for pattern in _INCLUDED:
        for sentence in told:
            for match in pattern.finditer(sentence):
                if _counts(sentence, match):
                    return _printed(match["n"])
    for pattern in (_EQUALS, _MENTIONED):
        found = [m for sentence in told for m in pattern.finditer(sentence) if _counts(sentence, m)]
        if found and max(_value(m["n"]) for m in found) == _value(found[0]["n"]):
            return _printed(found[0]["n"])
    return ""


def _counts(sentence: str, match: re.Match[str]) -> bool:
    before = sentence[: match.start("n")]
    value = _value(match["n"])
    screened = "screen" in match[0].lower()
    return value > 1 and not screened and not _SUBSET.search(before[-12:]) or "total of" in match[0].lower()


def _value(printed: str) -> int:
    digits = re.sub(r"\D", "", printed)
    if digits:
        return int(digits)
    hundreds, _, rest = printed.lower().rpartition("hundred")
    words = re.findall(r"[a-z]+", rest)
    return 100 * _VALUES.get(hundreds.strip(), 0) + sum(_VALUES.get(word, 0) for word in words)


def _printed(n: str) -> str:
    return n if n[0].isdigit() else str(_value(n))
