"""The sentence of an abstract that says what was found, verbatim."""

import re
from collections.abc import Sequence

from queries.evidence_sentences import sentences
from queries.records import Passage

SHORT, LONG, LONGEST = 60, 320, 480  # characters: joined with the next, avoided, never quoted

_CONCLUSIONS = re.compile(
    r"conclusion|conclude|interpretation|significance|implication|discussion|take[- ]home|summary$|"
    r"results and conclusion",
    re.IGNORECASE,
)
_RESULTS = re.compile(r"result|finding|outcome|observation", re.IGNORECASE)
# A label printed inside an unstructured abstract.
_INLINE = re.compile(
    r"(?:^|(?<=[.;)\]?!])\s*)(?P<label>(?:MAIN |KEY )?[A-Z][A-Z/&() -]{3,40}|"
    r"Background|Objectives?|Aims?|Purpose|Introduction|(?:Materials? and |Patients and )?Methods?|Results?|"
    r"Findings|Conclusions?|Interpretation|Discussion|Significance|Study design|Trial registration|Funding)\s?"
    r"(?::|\.(?=\s[A-Z]))\s*"
)
_EMPTY = re.compile(
    r"\b(?:further|future|additional|more|larger?|prospective|long(?:er)?[- ]term|randomi[sz]ed|larger[- ]scale|"
    r"well[- ]designed)\b[^.]{0,70}\b(?:stud(?:y|ies)|research|trials?|investigations?|work|data|evidence|"
    r"follow[- ]up)\b[^.]{0,40}\b(?:needed|required|warranted|necessary|mandatory|awaited|recommended|"
    r"ongoing|under ?way|merited|justified|desirable|essential)\b|"
    r"\b(?:warrants?|deserves?|merits?|requires?|needs?) (?:further|additional|future|more)\b|"
    r"^(?:future|further|additional) (?:stud|research|work|invest|trials?)",
    re.IGNORECASE,
)
_FORMAL = re.compile(
    r"©|copyright|\(c\) ?(?:19|20)\d\d|all rights reserved|registered (?:at|with|in|on|under)|regist(?:ration|ry) "
    r"(?:number|no|id|of)|trial registration|clinicaltrials\.gov|^funding|funded by|supported by|"
    r"^(?:cancer|blood|cite this|level of evidence|type of study|prospero|keywords?|published by|key words|"
    r"abbreviations|supplement)|\b(?:are|is|will be) (?:discussed|described|presented|reviewed|considered)\.?$|"
    r"see (?:text|related|commentary)|doi ?:|https?://|www\.",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(
    r"\bconclu(?:de|sion|ded|ding)|\b(?:in summary|taken together|collectively|altogether|overall|thus|therefore|"
    r"hence|to sum up|consequently|in brief|together,)\b|"
    r"\b(?:these|our|the|this|present|current) (?:present |current |new |novel )?(?:results?|findings?|data|study|"
    r"studies|work|observations?|analys[ei]s|evidence|experience|report|case)\b[^.]{0,60}?"
    r"\b(?:suggest|indicat|demonstrat|show|support|reveal|provid|establish|confirm|impl|highlight|identif|"
    r"underscore|emphasi|illustrat|point|offer|prove|uncover)|"
    r"\bwe (?:propose|suggest|show|demonstrate|believe|recommend|conclude)\b|\bsuggest(?:s|ing)? that\b",
    re.IGNORECASE,
)


def split_labels(abstract: Sequence[Passage]) -> tuple[tuple[str, str], ...]:
    """The abstract as (label, text), labels printed inside an unstructured text taken apart."""
    parts: list[tuple[str, str]] = []
    for passage in abstract:
        kind = passage.category if passage.category not in {"", "UNASSIGNED"} else passage.label
        if kind and kind != "UNLABELLED":
            # NLM calls a results-and-conclusions passage by either name; the printed label decides.
            parts.append((passage.label or kind, passage.text))
            continue
        marks = list(_INLINE.finditer(passage.text))
        if not any(_CONCLUSIONS.search(mark["label"]) or _RESULTS.search(mark["label"]) for mark in marks):
            marks = []
        ends = [mark.start() for mark in marks] + [len(passage.text)]
        parts.append(("", passage.text[: ends[0]]))
        parts += [
            (mark["label"], passage.text[mark.end() : end]) for mark, end in zip(marks, ends[1:], strict=True)
        ]
    return tuple((label, text) for label, text in parts if text.strip())


def conclusion(abstract: Sequence[Passage]) -> tuple[str, str]:
    """The concluding sentence and where it stands; ("", "") where nothing concludes."""
    parts = split_labels(abstract)
    for wanted, name in ((_CONCLUSIONS, "Conclusions"), (_RESULTS, "Results")):
        for label, text in reversed(parts):
            if wanted.search(label):
                told = [s for s in sentences(text) if not _FORMAL.search(s)]
                if quote := (_first(text, told) if wanted is _CONCLUSIONS else _last(told)):
                    return quote, name
    told = [s for label, text in parts if not label or len(parts) == 1 for s in sentences(text)]
    told = [s for s in told or [s for _, text in parts for s in sentences(text)] if not _FORMAL.search(s)]
    quote = _last(told)
    return quote, ("last sentence" if quote and quote == told[-1] else "abstract") if quote else ""


def _first(text: str, told: Sequence[str]) -> str:
    """The first sentence that says something, with its neighbour if it is very short."""
    good = [s for s in told if not _EMPTY.search(s)] or list(told)
    fitting = [s for s in good if len(s) <= LONG] or [s for s in good if len(s) <= LONGEST]
    if not fitting:
        return ""
    chosen = fitting[0]
    if len(chosen) < SHORT and chosen in told[:-1]:
        start = text.find(chosen)
        following = told[told.index(chosen) + 1]
        end = text.find(following, start + len(chosen)) + len(following)
        if not _EMPTY.search(following) and end - start <= LONG:
            return text[start:end]
    return chosen


def _last(told: Sequence[str]) -> str:
    """The last sentence that concludes, else the last that says something."""
    good = [s for s in told if not _EMPTY.search(s) and len(s) <= LONG] or [
        s for s in told if len(s) <= LONGEST
    ]
    return next((s for s in reversed(good[-3:]) if _CONCLUDES.search(s)), good[-1] if good else "")
