"""Which trials an article names: registration numbers and acronyms."""

import re
from collections.abc import Iterator

from queries.records.article import Article

SHORTEST = 4  # letters of a name
MOST = 6  # names; a review that lists more is not a trial's report
_MARKS = (
    "NCT", "ISRCTN", "UMIN", "RCT", "ChiCTR", "ACTRN", "DRKS", "NTR", "CTRI", "KCT", "IRCT", "EudraCT",
    "EU CT", "CTIS",
)  # fmt: skip
_NUMBER = re.compile(
    r"\b(?:NCT ?0?\d{8}|20\d\d-\d{6}-\d\d(?:-\d\d)?|ISRCTN ?\d{6,8}|(?:JPRN-)?UMIN ?0*\d{5,9}|"
    r"j?RCTs?\d{9,10}|"
    r"ChiCTR[-A-Z]*\d{8,10}|ACTRN ?\d{14}|DRKS\d{8}|NTR ?\d{3,5}|CTRI/\d{4}/\d\d+/\d+|KCT\d{7}|"
    r"IRCT\d{10,}\w*)\b"
)
# Trials of stopping and of the drugs of CML whose names say so by themselves ...
_KNOWN = re.compile(
    r"\b(?:EURO-?SKI|(?:A-|RE-)?STIM ?[12]?|STOP[- ]?2G[- ]?TKI|STOP-TKI|ENEST(?:freedom|op|path|nd|cmr)|"
    r"DASFREE|"
    r"TWISTER|(?:1st[- ])?DADI|D-STOP|STOP-IMAPED|KID-STOP|NILSt|OPTkIMA|TFR-PRO|DES-CML|ASCEMBL|"
    r"ASC4FIRST|DASISION|"
    r"BFORE)(?![\w-])"
)
# ... and any name in capitals before "trial" or in brackets behind it: DESTINY, LITTLE EBB, SAMPLE-STOP.
_CAPITALS = r"[A-Z][A-Z0-9]{2,}(?:[- ](?:[A-Z][A-Z0-9]+|\d{1,2}))*"
_WORK = re.compile(r"(?:trial|study|registry|cohort)s?\b")
_BEFORE = re.compile(
    rf"(?<![\w-])(?P<name>{_CAPITALS}) (?:phase [\w/]+ |randomi[sz]ed |open-label |extension |prospective |"
    rf"pilot |"
    r"clinical |discontinuation |stopping )*$"
)
_BEHIND = re.compile(rf" \((?P<name>{_CAPITALS})\)")
_REACH = 80  # characters
_NOT_NAMES = frozenset((
    "AIDS", "ALL", "AML", "CAR-T", "CASE", "CLINICAL", "CLL", "CML", "COHORT", "CONTROL", "COVID-19",
    "CRISPR", "DESIGN", "EU", "GIST", "GVHD", "GWAS", "HLA-", "HSCT", "III", "LSCS", "MCF-7", "METHODS",
    "MR4", "NSCLC", "OPEN", "PHASE", "PILOT", "RCTS", "RFID", "SINGLE", "STUDY", "TFR", "THIS", "TKIS",
    "TRIAL", "UK", "US", "USA",
))  # fmt: skip


def trials(article: Article, text: str) -> tuple[str, ...]:
    """Registration numbers, the registries' own entries first, then names, in the order met."""
    found = [a.number for a in article.accessions if _NUMBER.fullmatch(a.number)]
    if any(mark in text for mark in _MARKS):
        found += [match[0].replace(" ", "") for match in _NUMBER.finditer(text)]
    found += [match[0] for match in _KNOWN.finditer(text)] if "leuk" in text or "CML" in text else []
    return tuple(dict.fromkeys([*found, *_names(text)]))[:MOST]


def _names(text: str) -> Iterator[str]:
    for work in _WORK.finditer(text):
        before = _BEFORE.search(text[max(0, work.start() - _REACH) : work.start()])
        for match in (before, _BEHIND.match(text, work.end())):
            if match and match["name"] not in _NOT_NAMES and len(match["name"]) >= SHORTEST:
                yield match["name"]
