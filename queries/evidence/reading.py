"""A record read once: its title and its sentences, as printed and in lower case of the same length."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from queries.evidence.sentences import Section, sections
from queries.records.article import Article, Passage

_MOST = 20_000  # characters of an abstract that are read: some rules take the square of a text's length
_LONGEST = 2000  # characters: what is longer is no sentence, but a list
_TRUNCATED = "WORDS)"  # what PubMed printed behind the abstracts that it cut, and no sentence of theirs
_CUT = re.compile(r"\s*\(ABSTRACT TRUNCATED AT \d+ WORDS\)$")
JOINT = "\n"  # between two sections of the abstract; no rule reaches across it


class Sentence(NamedTuple):
    """A sentence, verbatim and in lower case; `kind` of its section; `share` of the abstract before it."""

    text: str
    lower: str
    kind: str
    share: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules read: lower-case texts keep their length, so that a match is a verbatim span."""

    article: Article
    title: str
    title_lower: str
    parts: tuple[Section, ...]
    abstract: str  # the sections, joined by JOINT
    lower: str
    sentences: tuple[Sentence, ...]

    def title_span(self, match: re.Match[str]) -> str:
        """The title's own words where a rule matched its lower case."""
        return self.title[match.start() : match.end()]

    def acronym(self, match: re.Match[str]) -> bool:
        """Whether the abstract prints in capitals what a rule matched (FISH), as it does not all the rest."""
        words = self.abstract[match.start() : match.end()]
        return words.isupper() and words != "NSG" and not self.abstract.isupper()

    def span(self, match: re.Match[str]) -> str:
        """The abstract's own words where a rule matched `lower`, of one section only."""
        return self.abstract[match.start() : match.end()].split(JOINT)[0]


def read(article: Article) -> Reading:
    """The record, taken apart."""
    parts = sections(list(_begun(article.abstract)))
    title = (article.title or article.vernacular_title)[:_LONGEST]
    abstract = JOINT.join(part.text for part in parts)
    lower = lowered(abstract)
    told = [
        (sentence, part.kind) for part in parts for sentence in part.sentences if len(sentence) <= _LONGEST
    ]
    length = max(1, len(abstract))
    at, found = 0, []
    for sentence, kind in told:
        at = abstract.find(sentence, at)
        found.append(Sentence(sentence, lower[at : at + len(sentence)], kind, at / length))
        at += len(sentence)
    return Reading(article, title, lowered(title), parts, abstract, lower, tuple(found))


def _begun(abstract: Sequence[Passage]) -> Iterator[Passage]:
    """The abstract's first _MOST characters."""
    left = _MOST
    for passage in abstract:
        if passage.text.endswith(_TRUNCATED):
            passage = passage._replace(text=_CUT.sub("", passage.text))  # noqa: PLW2901
        if left > 0:
            yield passage if len(passage.text) <= left else passage._replace(text=passage.text[:left])
        left -= len(passage.text)


def lowered(text: str) -> str:
    """Lower case, letter by letter where a letter's lower case is longer than itself."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(_small(letter) for letter in text)


@lru_cache(maxsize=1000)
def _small(letter: str) -> str:
    low = letter.lower()
    return low if len(low) == 1 else letter
