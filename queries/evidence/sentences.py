"""An abstract taken apart: its sections, and where their sentences begin and end."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from queries.records.article import Passage

_OPENING = "([\"'\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}«©"
_CLOSING = ")\\]\"'\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}»"
# A stop, what closes behind it, white space (which some abstracts have lost), and the next word.
_STOP = re.compile(
    rf"[.!?][{_CLOSING}]*(?:\s+|(?<=[a-z%)\]]\.)(?=[A-Z][A-Za-z]*[ ,]))"
    rf"(?=(?P<next>[{re.escape(_OPENING)}]*\s?[^\W_][^\s,;:]*))"
)
# What stands before a full stop that doesn't end a sentence; the second kind may end one, too.
_NEVER = frozenset((
    "approx", "ca", "cf", "dr", "e.g", "eg", "eq", "fig", "figs", "gen", "i.e", "ie", "incl", "mr", "mrs",
    "ms", "nos", "pp", "prof", "ref", "refs", "resp", "spp", "ssp", "st", "subsp", "suppl", "v", "var",
    "versus", "viz", "vol", "vs",
))  # fmt: skip
_SOMETIMES = frozenset((
    "a.m", "al", "co", "corp", "etc", "i.p", "i.v", "inc", "jr", "ltd", "p.m", "p.o", "s.c", "sp", "sr",
    "u.k", "u.s", "u.s.a",
))  # fmt: skip
_STARTERS = frozenset((
    "a", "after", "all", "although", "an", "as", "at", "because", "both", "by", "compared", "conclusion",
    "conclusions", "data", "during", "each", "findings", "for", "from", "here", "high", "however", "if",
    "in", "it", "its", "most", "no", "of", "on", "one", "only", "our", "overall", "patients", "results",
    "several", "since", "six", "some", "study", "ten", "that", "the", "their", "there", "therefore",
    "these", "they", "this", "those", "three", "thus", "to", "treatment", "two", "using", "we", "when",
    "while", "with",
))  # fmt: skip
# A gene, protein or measure that opens a sentence in lower case: p53, mTOR, miR-21, c-Kit.
_SMALL_START = re.compile(r"[a-z]{1,4}(?:[A-Z0-9]|-[A-Z0-9])")
_LONGEST_BRACKET = 300  # characters

# What a section is, by its label; the first that is found in it counts.
_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "Conclusions",
            (
                "conclu|interpretation|significance|implication|discussion|take.home|^meaning|^summary$|"
                "key (?:message|point)|bottom line|lessons?$|^what .*(?:adds|new)"
            ),
        ),
        ("Formal", "regist|fund|disclos|support|keyword|copyright|level of evid|conflict|availab"),
        ("Results", "result|finding|observation|recommendation|^evidence synthesis|outcomes$"),
        (
            "Background",
            "background|introduc|objective|aim|purpose|context|importance|question|goal|rationale|hypothes",
        ),
    )
)
_NO_LABELS = frozenset(("", "UNLABELLED", "UNASSIGNED", "ABSTRACT"))
# A label printed inside an abstract that NLM has not taken apart.
_INLINE = re.compile(
    r"(?:^|(?<=[.;)\]?!])\s*)(?P<label>[A-Z][A-Z/&() -]{3,40}|Backgrounds?|Objectives?|Aims?|Purpose|"
    r"Introduction|"
    r"(?:Materials? and |Patients and |Subjects and )?Methods?|(?:Main |Key )?Results?|Findings|Conclusions?|"
    r"Interpretation|Discussion|Significance|Study design|Trial registration|Funding)\s?(?::|"
    r"\.(?=\s[A-Z]))\s*"
)


class Section(NamedTuple):
    """A part of an abstract under one label; `label` and `kind` are "" where none is printed."""

    kind: str
    text: str
    sentences: tuple[str, ...]
    label: str = ""


def sections(abstract: Sequence[Passage]) -> tuple[Section, ...]:
    """The abstract's sections in order, labels printed inside the text taken apart."""
    parts: list[tuple[str, str]] = []
    for passage in abstract:
        label = passage.label.strip() or passage.category
        if label.upper() in _NO_LABELS:
            label = ""
        # One passage with a label may hold them all.
        parts += _inline(label, passage.text) if not label or len(abstract) == 1 else [(label, passage.text)]
    return tuple(
        Section(_kind(label) if label else "", text, tuple(sentences(text)), label)
        for label, text in parts
        if text.strip()
    )


@lru_cache(maxsize=10_000)
def _kind(label: str) -> str:
    return next((kind for kind, pattern in _KINDS if pattern.search(label)), "Methods")


def _inline(label: str, text: str) -> Iterator[tuple[str, str]]:
    """The text's parts by their labels, the first by the passage's own `label`."""
    marks = list(_INLINE.finditer(text)) if ":" in text else []
    if not any(_kind(mark["label"]) in {"Conclusions", "Results"} for mark in marks):
        marks = []
    ends = [mark.start() for mark in marks] + [len(text)]
    yield label, text[: ends[0]]
    for mark, end in zip(marks, ends[1:], strict=True):
        yield mark["label"], text[mark.end() : end]


def sentences(text: str) -> Iterator[str]:
    """The sentences of `text` in order, each verbatim and without the white space around it."""
    begin = 0
    for stop in _STOP.finditer(text):
        if _ends(text, begin, stop):
            yield text[begin : stop.end()].strip()
            begin = stop.end()
    if rest := text[begin:].strip():
        yield rest


def _ends(text: str, begin: int, stop: re.Match[str]) -> bool:
    following = stop["next"].lstrip(_OPENING)
    if following[:1].islower() and not _SMALL_START.match(following):
        return False
    before = text[begin : stop.start()]
    if _inside_bracket(before, text[stop.start() : stop.start() + _LONGEST_BRACKET]):
        return False
    return text[stop.start()] != "." or not _abbreviates(before, following)


def _abbreviates(before: str, following: str) -> bool:
    """Whether the full stop between the two belongs to the word before it."""
    words = before.rsplit(maxsplit=1)
    if not words or before.strip().isdigit():  # "1. The first of a list"
        return True
    word = words[-1].lstrip(_OPENING)
    small = word.lower()
    if small == "no":  # "No. 5" is a number and "no." an answer
        return following[:1].isdigit()
    if small in _SOMETIMES or (len(word) == 1 and word.isalpha()):  # "et al.", an initial
        return following.lower() not in _STARTERS
    return small in _NEVER


def _inside_bracket(before: str, after: str) -> bool:
    """Whether a bracket opened `before` is closed in `after`; one never closed is a slip."""
    for left, right in ("()", "[]"):
        if before.count(left) > before.count(right):
            closing = after.find(right, 1)
            if closing > 0 and left not in after[:closing]:
                return True
    return False
