"""Which trials an article names: registration numbers and acronyms."""
# ruff: noqa: E501 - a pattern is read in one piece

import re
from collections.abc import Iterator
from typing import NamedTuple

from queries.evidence.rules import compiled
from queries.records.article import Article

SHORTEST = 4  # letters of a name
MOST = 6  # names; a review that lists more is not a trial's report
_MARKS = (
    "NCT", "ISRCTN", "UMIN", "RCT", "ChiCTR", "ACTRN", "DRKS", "NTR", "CTRI", "KCT", "IRCT", "EudraCT",
    "EU CT", "CTIS",
)  # fmt: skip
_NUMBER = compiled(
    r"\b(?:NCT ?0?\d{8}|20\d\d-\d{6}-\d\d(?:-\d\d)?|ISRCTN ?\d{6,8}|(?:JPRN-)?UMIN ?0*\d{5,9}|"
    r"j?RCTs?\d{9,10}|"
    r"ChiCTR[-A-Z]*\d{8,10}|ACTRN ?\d{14}|DRKS\d{8}|NTR ?\d{3,5}|CTRI/\d{4}/\d\d+/\d+|KCT\d{7}|"
    r"IRCT\d{10,}\w*)\b"
)
# Trials of stopping and of the drugs of CML whose names say so by themselves ...
_KNOWN = compiled(
    r"\b(?:EURO-?SKI|(?:A-|RE-)?STIM ?[12]?|STOP[- ]?2G[- ]?TKI|STOP-TKI|ENEST(?:freedom|op|path|nd|cmr)|"
    r"DASFREE|"
    r"TWISTER|(?:1st[- ])?DADI|D-STOP|STOP-IMAPED|KID-STOP|NILSt|OPTkIMA|TFR-PRO|DES-CML|ASCEMBL|"
    r"ASC4FIRST|DASISION|"
    r"BFORE)(?![\w-])"
)
# ... and any name in capitals before "trial" or in brackets behind it: DESTINY, LITTLE EBB, SAMPLE-STOP.
_CAPITALS = r"[A-Z][A-Z0-9]{2,}(?:[- ](?:[A-Z][A-Z0-9]+|\d{1,2}))*"
_WORK = compiled(r"(?:trial|study|registry|cohort)s?\b")
_BEFORE = compiled(
    rf"(?<![\w-])(?P<name>{_CAPITALS}) (?:phase [\w/]+ |randomi[sz]ed |open-label |extension |prospective |"
    rf"pilot |"
    r"clinical |discontinuation |stopping )*$"
)
_BEHIND = compiled(rf" \((?P<name>{_CAPITALS})\)")
_REACH = 80  # characters
_NOT_NAMES = frozenset((
    "AIDS", "ALL", "AML", "CAR-T", "CASE", "CLINICAL", "CLL", "CML", "COHORT", "CONTROL", "COVID-19",
    "CRISPR", "DESIGN", "EU", "GIST", "GVHD", "GWAS", "HLA-", "HSCT", "III", "LSCS", "MCF-7", "METHODS",
    "MR4", "NSCLC", "OPEN", "PHASE", "PILOT", "RCTS", "RFID", "SINGLE", "STUDY", "TFR", "THIS", "TKIS",
    "TRIAL", "UK", "US", "USA",
))  # fmt: skip


# Said of a number or name: that it is this article's own; that it is somebody else's.
_OWN = compiled(
    r"regist|clinicaltrials|identifier|trial number|\b(?:this|our|the present|the current|herein)\b|fund|eudract|\bwe\b|enrol|patients (?:of|from|in)"
)
_OTHERS = compiled(
    r"\b(?:ongoing|earlier|previous(?:ly)?|prior|another|other|unlike|elsewhere|published|recent|pivotal|landmark|larger?|following the|"
    r"results of (?:a|an|the|two|several)|will (?:test|evaluate|address|examine|assess)|under ?way|was larger|in contrast to|compared (?:with|to) the|such as|e\.g)\b"
)
_AROUND = 70  # characters before and behind a number that speak of it


class Trials(NamedTuple):
    """Registrations and names: the article's own, and those that it cites."""

    own: tuple[str, ...]
    cited: tuple[str, ...]


def trials(article: Article, title: str, text: str, study: str) -> Trials:
    """Registration numbers, the registries' own entries first, then names, in the order met.

    A review has no trial of its own.
    """
    entries = [a.number for a in article.accessions if _NUMBER.fullmatch(a.number)]
    found: list[tuple[str, bool]] = [(number, True) for number in entries]
    if any(mark in text for mark in _MARKS):
        found += [(match[0].replace(" ", ""), _own(text, match)) for match in _NUMBER.finditer(text)]
    whole = f"{title}\n{text}"
    if "leuk" in whole or "CML" in whole:
        found += [
            (match[0], match.end() <= len(title) or _own(whole, match)) for match in _KNOWN.finditer(whole)
        ]
    found += [(name, at <= len(title) or _own_at(whole, at, at + len(name))) for name, at in _names(whole)]
    narrative = study in _NARRATIVE
    own = dict.fromkeys(name for name, mine in found if mine and not narrative)
    cited = dict.fromkeys(name for name, _ in found if name not in own)
    return Trials(tuple(own)[:MOST], tuple(cited)[:MOST])


_NARRATIVE = frozenset(("review", "systematic review", "meta-analysis", "guideline", "commentary"))


def _own(text: str, match: re.Match[str]) -> bool:
    return _own_at(text, match.start(), match.end())


def _own_at(text: str, start: int, end: int) -> bool:
    """Whether what stands next to a number or name claims it, and doesn't give it to others."""
    before = re.split(r"\)[,.;]? |[.;] (?=[A-Z])", text[max(0, start - _AROUND) : start])[-1].lower()
    behind = re.split(r"[.;,] ", text[end : end + _AROUND])[0].lower()
    if _OTHERS.search(before) or _OTHERS.search(behind):
        return False
    return bool(_OWN.search(before) or _OWN.search(behind)) or not before.strip(" (")


def _names(text: str) -> Iterator[tuple[str, int]]:
    """Names of works, and where they stand."""
    for work in _WORK.finditer(text):
        begin = max(0, work.start() - _REACH)
        before = _BEFORE.search(text[begin : work.start()])
        for match, offset in ((before, begin), (_BEHIND.match(text, work.end()), 0)):
            if match and match["name"] not in _NOT_NAMES and len(match["name"]) >= SHORTEST:
                yield match["name"], offset + match.start("name")
