"""Where the sentences of a biomedical abstract begin and end."""

import re
from collections.abc import Iterator

# A stop, what closes behind it, white space, and the first word of what may be a new sentence.
_STOP = re.compile(r"[.!?][)\]\"'”’»]*\s+(?=(?P<next>[(\[\"'“‘«]?[^\W_][^\s,;:]*))")
# What stands before the stop, when it is an abbreviation. The second kind may end a sentence, too.
_NEVER = frozenset(
    "vs v versus fig figs tab ref refs eq no nos dr mr mrs ms prof st approx ca cf resp incl viz ie eg "
    "e.g i.e e.g.,i.e var subsp ssp spp vol pp suppl gen".split()
)
_SOMETIMES = frozenset("al etc inc ltd co corp sp jr sr u.s u.k u.s.a a.m p.m d.c i.v i.p s.c p.o".split())
_STARTERS = frozenset(
    "a after all although an as at because both by compared conclusion conclusions data during each findings "
    "for from here high however if in it its most no of on one only our overall patients results several "
    "since six some study ten that the their there therefore these they this those three thus to treatment two "
    "using we when while with".split()
)
# A gene, protein or measure that opens a sentence in lower case: p53, mTOR, miR-21, c-Kit.
_SMALL_START = re.compile(r"[a-z]{1,4}(?:[A-Z0-9]|-[A-Z0-9])")
_LONGEST_BRACKET = 300


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
    following = stop["next"].lstrip("([\"'“‘«")
    if following[:1].islower() and not _SMALL_START.match(following):
        return False
    before = text[begin : stop.start()]
    if _inside_bracket(before, text[stop.start() : stop.start() + _LONGEST_BRACKET]):
        return False
    if text[stop.start()] != ".":
        return True
    word = before.rsplit(maxsplit=1)[-1].lstrip("([\"'“‘«") if before.strip() else ""
    small = word.lower()
    if small in _NEVER:
        # "No. 5" is a number and "no." an answer; "ref." and "Fig." have theirs behind them.
        return small == "no" and not following[:1].isdigit()
    if small in _SOMETIMES or (len(word) == 1 and word.isalpha()):
        return following.lower() in _STARTERS
    return bool(word) and not (before.strip().isdigit())


def _inside_bracket(before: str, after: str) -> bool:
    """Whether a bracket opened `before` is closed in `after`; one never closed is a slip."""
    for left, right in ("()", "[]"):
        if before.count(left) > before.count(right):
            closing = after.find(right, 1)
            if closing > 0 and left not in after[:closing]:
                return True
    return False
