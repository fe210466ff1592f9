"""Which of a watch's questions a record speaks to: its keywords, weighed by place and rarity."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log
from typing import NamedTuple

from queries.text.keywords import KeywordHit

# What a hit is worth by where it stands; the best place counts.
_PLACES: Mapping[str, float] = {"title": 3.0, "keyword": 2.0, "mesh": 1.5, "abstract": 1.0}
_ENOUGH = 2.0  # a word in title or keywords, or two different ones elsewhere: not one in passing
_AGAIN = 1.0  # each further word that hits, and at most so many of them
_MOST_WORDS = 3
_COMMON = 0.5  # the share of a digest from which a question tells nothing apart
_FEWEST = 3  # records of which a share can be told


class Question(NamedTuple):
    """A keyword of the watch that a record is about, its weight, and the words that say so."""

    keyword: str
    weight: float
    words: tuple[str, ...]


def shares(hits: Sequence[Sequence[KeywordHit]]) -> dict[str, float]:
    """The share of the records (each by its hits) that hit a keyword; {} of too few to tell."""
    if len(hits) < _FEWEST:
        return {}
    counts = Counter(hit.keyword for each in hits for hit in each)
    return {keyword: count / len(hits) for keyword, count in counts.items()}


def questions(hits: Sequence[KeywordHit], share: Mapping[str, float]) -> tuple[Question, ...]:
    """The questions that a record speaks to, the weightiest first.

    One is left out if more than half of the records share it, or if a single word of the abstract
    is all that speaks for it. The weight is that of place and words, times the keyword's rarity.
    """
    found = []
    for hit in hits:
        often = share.get(hit.keyword, 0.0)
        told = max((_PLACES.get(place, 0.0) for place in hit.where), default=0.0)
        told += _AGAIN * min(len(hit.words) - 1, _MOST_WORDS)
        if often <= _COMMON and told >= _ENOUGH:
            rarity = -log(often) if often else 1.0
            found.append(Question(hit.keyword, told * rarity, hit.words))
    return tuple(sorted(found, key=lambda question: -question.weight))
