"""The sentence of an abstract that says what was found, verbatim."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from queries.evidence_sentences import Section

SHORT, LONG, LONGEST = 60, 320, 480  # characters: joined with the next, avoided, never quoted


class Quote(NamedTuple):
    """Words of the abstract, and where they stand: Conclusions, Results, last sentence, abstract."""

    text: str
    label: str


NOTHING = Quote("", "")

# A wish for more of the same, which says nothing of what was found.
_EMPTY = re.compile(
    r"\b(?:further|future|additional|more|larger?|prospective|long(?:er)?[- ]term|randomi[sz]ed|larger[- ]scale|"
    r"well[- ]designed|new|continued)\b[^.]{0,70}\b(?:stud(?:y|ies)|research|trials?|investigations?|work|data|"
    r"evidence|follow[- ]up|validation|evaluation)\b[^.]{0,60}\b(?:needed|required|warranted|necessary|mandatory|"
    r"awaited|recommended|ongoing|under ?way|merited|justified|desirable|essential|indicated)\b|"
    r"\b(?:warrants?|deserves?|merits?|requires?|needs?) (?:further|additional|future|more)\b|"
    r"^(?:future|further|additional) (?:stud|research|work|invest|trials?)",
    re.IGNORECASE,
)
# What is no sentence of the article: copyright, money, registration, pointers.
_FORMAL = re.compile(
    r"©|copyright|\(c\) ?(?:19|20)\d\d|all rights reserved|registered (?:at|with|in|on|under|as)\b|"
    r"regist(?:ration|ry) (?:number|no|id|of)|trial registration|clinicaltrials\.gov|^\(?fund(?:ing|ed)|"
    r"^(?:cancer|blood|cite this|level of evidence|type of study|prospero|keywords?|published by|key words|k:|"
    r"abbreviations|supplement)|supplementary material|online version|^this article is a preprint|"
    r"\b(?:are|is|will be) (?:also )?(?:discussed|described|presented|reviewed|considered|listed|tabulated)\b[^.]{0,40}"
    r"\.?$|see (?:text|related|commentary)|doi ?:|https?://|www\.|free of charge|\bcode is available",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(
    r"\b(?:conclude|conclusion|in summary|taken together|collectively|altogether|to sum up|suggest(?:s|ing)? that)\b|"
    r"^(?:thus|therefore|hence|overall|consequently|together)\b|"
    r"\b(?:these|our|the (?:present|current|data|results|findings)) ?(?:present |current |new |novel )?"
    r"(?:results?|findings?|data|study|studies|work|observations?|analys[ei]s|evidence|experience)?[^.]{0,40}?"
    r"\b(?:suggest|indicat|demonstrat|show|support|reveal|establish|confirm|impl|highlight|identif|underscore|"
    r"emphasi|illustrat|point|prove|uncover|argue)",
    re.IGNORECASE,
)


def conclusion(parts: Sequence[Section]) -> Quote:
    """The concluding sentence; NOTHING where there is no sentence to quote."""
    for kind in ("Conclusions", "Results"):
        for part in reversed([p for p in parts if p.kind == kind]):
            told = [s for s in part.sentences if not _FORMAL.search(s)]
            if text := _first(part, told) if kind == "Conclusions" else _last(told):
                return Quote(text, kind)
    plain = [s for p in parts if not p.kind for s in p.sentences] or [s for p in parts for s in p.sentences]
    told = [s for s in plain if not _FORMAL.search(s)]
    text = _last(told)
    return Quote(text, "last sentence" if text == told[-1] else "abstract") if text else NOTHING


def _first(part: Section, told: Sequence[str]) -> str:
    """The first sentence that says something, with its neighbour if it is very short."""
    good = [s for s in told if not _EMPTY.search(s)] or list(told)
    chosen = next((s for s in good if len(s) <= LONG), "") or next((s for s in good if len(s) <= LONGEST), "")
    if not chosen or len(chosen) >= SHORT or chosen == told[-1]:
        return chosen
    following = told[told.index(chosen) + 1]
    start = part.text.find(chosen)
    end = part.text.find(following, start + len(chosen)) + len(following)
    return part.text[start:end] if following in good and end - start <= LONG else chosen


def _last(told: Sequence[str]) -> str:
    """The last of the closing sentences that concludes, else the last that says something."""
    good = [s for s in told if not _EMPTY.search(s) and len(s) <= LONG] or [
        s for s in told if len(s) <= LONGEST
    ]
    return next((s for s in reversed(good[-3:]) if _CONCLUDES.search(s)), good[-1] if good else "")
