"""The words of a record that could be synonyms, and those that a watch has already."""

import re
from collections.abc import Sequence

from queries.records.article import Article
from queries.text.fold import matched, spelled
from queries.text.tokens import STOP
from queries.watch.file import Anchor

Words = tuple[str, ...]  # of a term, folded as anchors compare them

# WHO, "The use of stems in the selection of INN": drugs of a kind end alike; inib ends asciminib too
_DRUGS = ("ciclib", "lisib", "degib", "parib", "zomib", "clax", "inib", "mab")
_WORD = re.compile(r"[^\W_]+")
_PATTERN = re.compile(r"[^\W_]+\*?")
_JOINTS = frozenset(" -/\N{NON-BREAKING HYPHEN}")


def terms(article: Article) -> dict[Words, str]:
    """Words and pairs of words of the text; keywords, headings and substances whole. Words → as printed."""
    found: dict[Words, str] = {}
    for text in (article.title, *(passage.text for passage in article.abstract)):
        before = None
        for match in _WORD.finditer(text):
            word = match[0]
            plain = len(word) > 1 and not word.isdigit()
            gap = text[before.end() : match.start()] if before else ""
            if word.casefold() in STOP:
                before = None
                continue
            if before and gap in _JOINTS and (plain or gap != " "):  # TERN-701, not "phase 2"
                pair = matched(before[0]), matched(word)
                found.setdefault(pair, text[before.start() : match.end()])
            if plain:
                found.setdefault((matched(word),), word)
            before = match if plain else None
    listed = [keyword.text for keyword in article.keywords]
    listed += [heading.name for heading in article.mesh]
    listed += [term.name for term in article.supplementary]
    listed += [chemical.name for chemical in article.chemicals]
    for name in listed:
        found.setdefault(tuple(map(matched, _WORD.findall(name))), name)
    return found


def kin(words: Words, anchors: Sequence[Anchor]) -> tuple[str, str]:
    """The keyword with drugs of a term's kind among its synonyms, and their ending; else "", ""."""
    for ending in _DRUGS:
        if any(word.endswith(ending) for word in words):
            for anchor in anchors:
                if any(name.endswith(ending) for name in anchor.synonyms):
                    return anchor.keyword, ending
    return "", ""


class Known:
    """What a watch says already: its keywords, synonyms and traps, acronyms in any case."""

    def __init__(self, anchors: Sequence[Anchor], keywords: Sequence[str]) -> None:
        """Read the anchors."""
        sources = [*keywords]
        for anchor in anchors:
            sources += [*anchor.synonyms, *anchor.traps]
        found = [tuple(map(_folded, _PATTERN.findall(source))) for source in sources]
        self._phrases = [phrase for phrase in found if phrase]
        self._words = {(word,) for phrase in self._phrases for word in phrase}

    def __contains__(self, words: Words) -> bool:
        """Whether a term holds a phrase of these, or has no word but theirs."""
        return any(holds(words, phrase) for phrase in self._phrases) or all(
            any(holds((word,), known) for known in self._words) for word in words
        )


def holds(words: Words, phrase: Words) -> bool:
    """Whether a phrase stands in a term; its words ending in * stand for all that begin so."""
    return any(
        all(
            word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
            for word, wanted in zip(words[at:], phrase, strict=False)
        )
        for at in range(len(words) - len(phrase) + 1)
    )


def _folded(word: str) -> str:
    return f"{spelled(word[:-1])}*" if word.endswith("*") else matched(word)
