"""Acronyms as texts define them: "tyrosine kinase inhibitors (TKIs)".

The algorithm is Schwartz and Hearst's (Pac Symp Biocomput 2003:451-62): the shortest run of words
before the parenthesis that holds the acronym's letters in order, its first at the start of a word.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

_DEFINED = re.compile(r"\s\(([A-Z][A-Za-z0-9-]{1,8})\)")


class Definition(NamedTuple):
    """`long` as printed, in small letters; `short` without the plural's s."""

    long: str
    short: str


def definitions(texts: Iterable[str]) -> tuple[Definition, ...]:
    """Every definition in these texts, the most frequent first, then by alphabet."""
    found: Counter[Definition] = Counter()
    for text in texts:
        for match in _DEFINED.finditer(text):
            short = re.sub(r"(?<=[A-Z0-9])s$", "", match[1])
            words = text[: match.start()].split()[-min(len(short) + 5, 2 * len(short)) :]
            if sum(letter.isupper() for letter in short) > 1 and (long := _long(short, " ".join(words))):
                found[Definition(long.lower(), short)] += 1
    return tuple(sorted(found, key=lambda one: (-found[one], one)))


def _long(short: str, before: str) -> str:
    """The words at the end of `before` that `short` is short for; "" if there are none."""
    at = len(before)
    letters = [letter for letter in short.lower() if letter.isalnum()]
    for place in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and not (
            before[at].lower() == letters[place] and (place > 0 or at == 0 or not before[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return ""
    return before[at:] if len(before) - at > len(short) else ""
