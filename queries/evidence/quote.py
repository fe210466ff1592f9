"""The sentence of an abstract that says what was found, verbatim."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from queries.evidence.sentences import Section

SHORT, LONG, LONGEST = 60, 320, 480  # characters: joined with the next, avoided, never quoted
_CLOSING = 3  # sentences at the end of a plain abstract among which one may conclude


class Quote(NamedTuple):
    """Words of the abstract, and where they stand: Conclusions, Results, last sentence, abstract."""

    text: str
    label: str


NOTHING = Quote("", "")

# A wish for more of the same, or a list of contents, which say nothing of what was found.
_WISHES = (
    "need", "require", "warrant", "necess", "mandatory", "await", "recommended", "ongoing", "under way",
    "merit", "justified", "desirable", "essential", "indicated", "deserve", "future", "further",
    "additional", "underway", "outline", "list", "discuss", "hope", "describe", "summari",
)  # fmt: skip
_WISH = re.compile(
    r"\b(?:further|future|additional|more|larger?|prospective|long(?:er)?[- ]term|randomi[sz]ed|"
    r"larger[- ]scale|"
    r"well[- ]designed|new|continued)\b[^.]{0,70}\b(?:stud(?:y|ies)|research|trials?|investigations?|work|"
    r"data|"
    r"evidence|follow[- ]up|validation|evaluation)\b[^.]{0,60}\b(?:needed|required|warranted|necessary|"
    r"mandatory|"
    r"awaited|recommended|ongoing|under ?way|merited|justified|desirable|essential|indicated)\b|"
    r"\b(?:warrants?|deserves?|merits?|requires?|needs?) (?:further|additional|future|more)\b|"
    r"^(?:future|further|additional) (?:stud|research|work|invest|trials?)|"
    r"^(?:finally, |here,? )?we (?:also )?(?:outline|list|discuss|hope|describe|summari[sz]e)\b"
)
# What is no sentence of the article: copyright, money, registration, pointers.
_FORMALITIES = (
    "©", "copyright", "(c)", "rights reserved", "regist", "clinicaltrials", "fund", "cite this",
    "level of evidence", "type of study", "prospero", "key", "published by", "k: ", "abbreviations",
    "supplement", "online version", "preprint", "discussed", "described", "presented", "reviewed",
    "considered", "listed", "tabulated", "see ", "doi", "http", "www.", "free of charge", "code is",
    "cancer", "blood", "available",
)  # fmt: skip
_FORMAL = re.compile(
    r"©|copyright|\(c\) ?(?:19|20)\d\d|all rights reserved|registered (?:at|with|in|on|under|as)\b|"
    r"regist(?:ration|ry) (?:number|no|id|of)|trial registration|clinicaltrials\.gov|^\(?fund(?:ing|ed)|"
    r"^(?:cancer|blood)[ ;.,0-9]+(?:19|20)\d\d|^(?:cite this|level of evidence|type of study|prospero|"
    r"keywords?|"
    r"published by|key words|k:|abbreviations|supplement)|supplementary material|online version|"
    r"\bthis (?:article is a )?preprint\b|\b(?:are|is|will be) (?:also )?(?:discussed|described|presented|"
    r"reviewed|"
    r"considered|listed|tabulated)\b[^.]{0,40}\.?$|see (?:text|related|commentary)|doi ?:|https?://|www\.|"
    r"free of charge|\bcode is available|\b(?:data|code|software|antibodies) (?:is|are) (?:\w+ )?available"
)
_CONCLUDES = re.compile(
    r"\b(?:conclude|conclusion|in summary|taken together|collectively|altogether|to sum up|suggest(?:s|"
    r"ing)? that)\b|"
    r"^(?:thus|therefore|hence|overall|consequently|together)\b|"
    r"\b(?:these|our|the (?:present|current|data|results|findings)) ?(?:present |current |new |novel )?"
    r"(?:results?|findings?|data|study|studies|work|observations?|analys[ei]s|evidence|"
    r"experience)?[^.]{0,40}?"
    r"\b(?:suggest|indicat|demonstrat|show|support|reveal|establish|confirm|impl|highlight|identif|"
    r"underscore|"
    r"emphasi|illustrat|point|prove|uncover|argue)"
)


def conclusion(parts: Sequence[Section]) -> Quote:
    """The concluding sentence; NOTHING where there is no sentence to quote."""
    for part in reversed(parts):
        if part.kind == "Conclusions" and (text := _first(part)):
            return Quote(text, "Conclusions")
    for part in reversed(parts):
        if part.kind == "Results" and (text := _last(part.sentences)):
            return Quote(text, "Results")
    plain = [s for p in parts if not p.kind for s in p.sentences] or [s for p in parts for s in p.sentences]
    if text := _last(plain):
        return Quote(text, "last sentence" if text == plain[-1] else "abstract")
    return NOTHING


def _formal(sentence: str) -> bool:
    lower = sentence.lower()
    return any(stem in lower for stem in _FORMALITIES) and bool(_FORMAL.search(lower))


def _wishes(sentence: str) -> bool:
    lower = sentence.lower()
    return any(stem in lower for stem in _WISHES) and bool(_WISH.search(lower))


def _best(told: Iterable[str]) -> str:
    """The first that fits, is short enough and says something; else the best of the rest."""
    fitting = [s for s in told if len(s) <= LONGEST]
    good = [s for s in fitting if not _wishes(s)] or fitting
    return next((s for s in good if len(s) <= LONG), good[0] if good else "")


def _first(part: Section) -> str:
    """The first sentence of a conclusion that says something, with its neighbour if very short."""
    told = [s for s in part.sentences if not _formal(s)]
    chosen = _best(told)
    if not chosen or len(chosen) >= SHORT or chosen == told[-1]:
        return chosen
    following = told[told.index(chosen) + 1]
    start = part.text.find(chosen)
    end = part.text.find(following, start + len(chosen)) + len(following)
    return chosen if _wishes(following) or end - start > LONG else part.text[start:end]


def _last(told: Sequence[str]) -> str:
    """The last of the closing sentences that concludes, else the last that says something."""
    closing = list(
        islice((s for s in reversed(told) if not _formal(s) and not _wishes(s) and len(s) <= LONG), _CLOSING)
    )
    if closing:
        return next((s for s in closing if _CONCLUDES.search(s.lower())), closing[0])
    return _best(s for s in reversed(told) if not _formal(s))
