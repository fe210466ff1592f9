"""A concept of a watch, and what records call it: acronyms, other names, headings, substances."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from queries.records.article import Article
from queries.text.acronyms import Definition
from queries.text.fold import matched

Folded = tuple[str, ...]

_ACRONYM = re.compile(r"[A-Za-z]{0,2}[A-Z][A-Za-z0-9]{0,2}[A-Z][A-Z0-9-]{0,5}")
_MESH_WORDS = {
    "cancer": "neoplasm",
    "tumor": "neoplasm",
    "gastric": "stomach",
    "renal": "kidney",
    "hepatic": "liver",
}
_MOST_HEADINGS = 3
_ALIKE = 0.65  # share of the words that a heading and a concept have to have in common
_SHORTEST = 4  # letters of a word that is told by its beginning
_BEGINS = 0.45  # share of the longer word that akin words begin with
_TWO = 2
_GUARDED = 3  # letters of an acronym that is believed only beside its own words


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that a watch can ask for: by its name, other words, headings, substances and acronyms."""

    name: str
    words: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()
    acronyms: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """All that it is called."""
        return tuple(dict.fromkeys((self.name, *self.words, *(short for short, _ in self.acronyms))))


def clean(text: str) -> str:
    """`text` in one line, without what cannot be printed, or ends a phrase."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text).replace("\u2019", "'")
    return " ".join(re.sub(r'["\[\]“”*]', " ", plain).split()).strip(" .,;:")


def folded(text: str) -> Folded:
    """The words of `text` as keywords are compared."""
    return tuple(map(matched, re.findall(r"[^\W_]+", text.replace("'s", "").replace("\u2019s", ""))))


def uninverted(heading: str) -> str:
    """A heading as it is said: Chronic Myeloid Leukemia, not "Leukemia, Myeloid, Chronic"."""
    return " ".join(reversed(heading.split(", ")))


def concept(text: str, known: Sequence[Definition], corpus: Sequence[Article]) -> Concept:
    """A concept with what the corpus calls it, too."""
    name = clean(text)
    words = [uninverted(name)] if ", " in name else []
    shorts, longs = _synonyms(uninverted(name), known)
    own = folded(uninverted(name))
    found = {
        folded(word): word
        for word in (*words, *longs)
        if folded(word) != folded(name) and folded(word) != own
    }
    if ", " in name:  # a heading: say it in the order of speech
        name = uninverted(name)
    bare_name = () if not _ACRONYM.fullmatch(name) else (name,)
    acronyms = dict.fromkeys(short for short in (*bare_name, *shorts))
    guards = {short: _beside(short, name, longs) for short in acronyms}
    return Concept(
        name,
        tuple(found.values()),
        tuple(_headings(own, corpus)),
        tuple(_substances(own, corpus)),
        tuple((short, guards[short]) for short in acronyms if short != name),
    )


def _beside(short: str, name: str, longs: Sequence[str]) -> tuple[str, ...]:
    """What must stand beside a very short acronym: the longest word that it is short for."""
    words = re.findall(r"[^\W\d_]{4,}", " ".join((name, *longs)))
    return (max(words, key=len).lower(),) if words and len(short) <= _GUARDED else ()


def _synonyms(name: str, known: Sequence[Definition]) -> tuple[list[str], list[str]]:
    """The acronyms of a name, and what else they are short for that is much the same."""
    own = folded(name)
    shorts = dict.fromkeys(each.short for each in known if folded(each.long) == own or each.short == name)
    longs = [
        each.long
        for each in known
        if each.short in shorts and (each.short == name or _alike(own, folded(each.long)) >= _ALIKE)
    ]
    return [short for short in shorts if short != name], list(dict.fromkeys(map(clean, longs)))


def _headings(own: Folded, corpus: Sequence[Article]) -> list[str]:
    """The MeSH headings of the corpus that say the same, or hold all its words."""
    count = Counter(name for article in corpus for name in {heading.name for heading in article.mesh})
    share = {name: _same(own, folded(uninverted(name))) for name in count}
    near = sorted(
        (name for name in count if share[name]), key=lambda name: (-share[name], -count[name], name)
    )
    return [name for name in map(clean, near) if name][:_MOST_HEADINGS]


def _same(own: Folded, heading: Folded) -> float:
    """How much a heading says what a concept does; 0 if it may say another thing."""
    if not own or not heading:
        return 0.0
    if sorted(own) == sorted(heading) or "".join(own) == "".join(heading):
        return 2.0
    mine = tuple(_MESH_WORDS.get(word, word) for word in own)
    there, back = _alike(mine, heading), _alike(heading, mine)
    if len(own) > _TWO and all(any(_akin(word, other) for other in heading) for word in mine):
        return 1.0  # chronic myeloid leukemia: Leukemia, Myelogenous, Chronic, BCR-ABL Positive
    if there < 1.0 and not _akin(mine[-1], heading[-1]):
        return 0.0
    if len(own) == 1:
        return 1.0 if there == 1.0 and len(heading) == 1 else 0.0
    return there if there == 1.0 or min(there, back) >= _ALIKE else 0.0


def _akin(word: str, other: str) -> bool:
    """Whether two words begin alike: myeloid and myelogenous, not myelomonocytic."""
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
    return word == other or (shared >= _SHORTEST and shared >= _BEGINS * max(len(word), len(other)))


def _alike(own: Folded, other: Folded) -> float:
    """Which part of the words of `own` begins like some word of `other`."""
    if not own:
        return 0.0
    begins = {word[: max(4, len(word) - 3)] for word in other if len(word) >= _SHORTEST and word.isalpha()}
    return sum(
        word in other or (word.isalpha() and any(word.startswith(stem) for stem in begins)) for word in own
    ) / len(own)


def _substances(own: Folded, corpus: Sequence[Article]) -> list[str]:
    """The supplementary concepts of the corpus that bear this name: PubMed's [nm]."""
    names = {term.name for article in corpus for term in article.supplementary}
    names |= {each.name for article in corpus for each in article.chemicals if each.ui.startswith("C")}
    same = (name for name in sorted(names) if folded(name.partition(" protein, ")[0]) == own)
    return [name for name in map(clean, same) if name][:_MOST_HEADINGS]


def nested(own: Folded, other: Folded) -> bool:
    """Whether one says all that the other says, so that to ask for both is to ask for one."""
    return bool(own and other) and (_alike(own, other) == 1.0 or _alike(other, own) == 1.0)
