"""What missed must-finds have in common: words that a facet, or a topic, of the watch lacks."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from queries.drift import at_large
from queries.drift.terms import Known, Words, holds, terms
from queries.records.article import Article
from queries.watch.bare import is_bare
from queries.watch.file import Anchor

COMMON = 0.05  # share of PubMed's records from which on a word tells nothing
FEWEST = 2  # missed records that have to share a word
LISTED = 5


class SharedWord(NamedTuple):
    """A word or phrase that `missed` of the missed records hold, as printed most often."""

    text: str
    missed: int


def shared_words(
    missed: Sequence[Article], anchors: Sequence[Anchor], keywords: Sequence[str]
) -> tuple[SharedWord, ...]:
    """The words that most of the missed records share and the watch doesn't know, none part of another."""
    known = Known(anchors, keywords)
    printed: dict[Words, Counter[str]] = {}
    for article in missed:
        for words, text in terms(article).items():
            printed.setdefault(words, Counter())[text] += 1
    ranked = sorted(
        (
            (-texts.total(), -len(words), words)
            for words, texts in printed.items()
            if words and texts.total() >= FEWEST and words not in known
        )
    )
    kept: dict[Words, SharedWord] = {}
    for count, _, words in ranked:
        text = min(printed[words], key=lambda text: (-printed[words][text], text))
        if len(kept) == LISTED:
            break
        if is_bare(text) or any(holds(words, one) or holds(one, words) for one in kept):
            continue
        held, of = at_large(text)
        if held / of < COMMON:
            kept[words] = SharedWord(text, -count)
    return tuple(kept.values())
