"""Why, in words that a reader finds in the record."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from queries import tokens

MOST = 4
_SURFACE = re.compile(r"[^\W_]+(?:(?:::|[-/'\u2019.])[^\W_]+)*")


def surfaces(text: str) -> dict[int, dict[str, str]]:
    """Per word term: its forms as printed, keyed by their lower case; first printed first."""
    found: dict[int, dict[str, str]] = {}
    for match in _SURFACE.finditer(text):
        printed = match[0]
        for number in tokens.word_ids(tokens.split(printed)).tolist():
            if number:
                found.setdefault(number, {}).setdefault(printed.lower(), printed)
    return found


def shared(
    weights: Mapping[int, float], here: Mapping[int, Mapping[str, str]], there: Mapping[int, Iterable[str]]
) -> tuple[str, ...]:
    """The heaviest words that both texts print alike, at most MOST, as `here` prints them."""
    chosen: dict[str, str] = {}
    for number in sorted(weights, key=lambda number: (-weights[number], number)):
        forms = here.get(number, {})
        both = next((form for form in forms if form in there.get(number, ())), None)
        if both and weights[number] > 0:
            chosen.setdefault(both, forms[both])
        if len(chosen) == MOST:
            break
    return tuple(chosen.values())


def sentence(phrases: Sequence[str]) -> str:
    """Join the phrases of the parts into one line."""
    return "; ".join(phrase for phrase in phrases if phrase)


PHRASES: Mapping[str, Callable[[tuple[str, ...]], str]] = {
    "text": lambda words: "shares " + ", ".join(words),
    "anchors": lambda words: "on " + ", ".join(words),
    "mesh": lambda words: "MeSH " + ", ".join(words),
    "references": lambda words: words[0],
}
