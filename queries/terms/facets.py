"""A topic's search term as its author sees it: its facets and its window; a facet's words as a term.

A facet of words becomes: each heading [mh], each substance [nm], each word or phrase [tiab] in every
spelling and number, and each acronym [tiab] beside a word of its context. Traps exclude no record that
says the words themselves, as nothing may be missed: a record that holds a trap only loses its claim to an
acronym that could be short for that trap. In reading (queries/text/keywords.py) traps mask the words within
them, too.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from queries.records.harvest import Window
from queries.terms.spelling import forms
from queries.terms.syntax import And, Clause, Node, Not, Or, Place, parse
from queries.text.keywords import abbreviates

_SHORT_STEM = 3  # letters before * that are too few for PubMed


class FacetLanguage(Protocol):
    """What of a watch's facet is asked (queries.watch.facets.FacetWords)."""

    @property
    def term(self) -> str: ...  # noqa: D102
    @property
    def mesh(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def substances(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def words(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def exact(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def acronyms(self) -> Mapping[str, tuple[str, ...]]: ...  # noqa: D102
    @property
    def traps(self) -> tuple[str, ...]: ...  # noqa: D102


class Facet(NamedTuple):
    """One of the parts that a term ANDs together, as written; `excludes` if it stands behind NOT."""

    text: str
    node: Node
    excludes: bool = False


def facets(term: str) -> tuple[Facet, ...]:
    """The top-level ANDed parts of a term, in order, each a valid term by itself."""
    return tuple(_split(parse(term), term))


def _split(node: Node, term: str) -> Iterator[Facet]:
    match node:
        case And(parts=parts):
            for part in parts:
                yield from _split(part, term)
        case Not(keep=keep, drop=drop):
            yield from _split(keep, term)
            yield Facet(term[slice(*whole(term, drop.span))], drop, excludes=True)
        case _:
            yield Facet(term[slice(*whole(term, node.span))], node)


def whole(term: str, span: Place) -> Place:
    """The place with the parentheses at its ends that the tree does not count as its own."""
    start, end = span
    depth = lowest = 0
    for mark in re.findall(r'"[^"]*"|[()]', term[start:end]):
        depth += {"(": 1, ")": -1}.get(mark, 0)
        lowest = min(lowest, depth)
    for _ in range(-lowest):
        start = term.rindex("(", 0, start)
    for _ in range(depth - lowest):
        end = term.index(")", end) + 1
    return Place(start, end)


def expansion(facet: FacetLanguage) -> str:
    """What PubMed is asked for a facet: a valid term, alternatives joined by OR."""
    parts = [_tagged(name.removesuffix(":noexp"), _mesh(name)) for name in facet.mesh]
    parts += [_tagged(name, "nm") for name in facet.substances]
    parts += [clause for word in facet.words for clause in in_text(word)]
    parts += [_tagged(word, "tiab") for word in facet.exact]
    parts += [_acronym(acronym, facet) for acronym in facet.acronyms]
    if facet.term:
        grouped = parts and isinstance(parse(facet.term), And | Not)
        parts = [*parts, f"({facet.term})" if grouped else facet.term]
    return " OR ".join(dict.fromkeys(parts))


def in_text(word: str) -> tuple[str, ...]:
    """The [tiab] clauses of a word or phrase, in every spelling and number.

    >>> in_text("leukemic stem cell")
    ('"leukemic stem cell*"[tiab]', '"leukaemic stem cell*"[tiab]')
    """
    return tuple(_tagged(form, "tiab") for form in forms(word))


def asked_for(word: str) -> tuple[str, ...]:
    """The clauses by which a synonym of an anchor is searched, () where PubMed cannot be asked for it."""
    plain = " ".join(re.findall(r"[^\W_]+\*?(?:[-:/'][^\W_]+)*\*?", word))
    stem = plain.partition("*")[0].replace(" ", "")
    return in_text(plain) if plain and ("*" not in plain or len(stem) > _SHORT_STEM) else ()


def _mesh(name: str) -> str:
    return "mh:noexp" if name.endswith(":noexp") else "mh"


def _tagged(text: str, tag: str) -> str:
    bare = re.fullmatch(r"[^\W_]{2,}\*?", text) and text.upper() not in {"AND", "OR", "NOT"} and tag == "tiab"
    return f"{text}[{tag}]" if bare else f'"{text}"[{tag}]'


def _any(words: Sequence[str]) -> str:
    return " OR ".join(dict.fromkeys(clause for word in words for clause in in_text(word)))


def _acronym(acronym: str, facet: FacetLanguage) -> str:
    """An acronym beside its context, and not where the record spells out what else it is short for."""
    own, context = _any((acronym,)), facet.acronyms[acronym]
    others = [trap for trap in facet.traps if abbreviates(acronym, trap)]
    clause = f"({own}) AND ({_any(context)})" if context else own
    clause = f"({clause}) NOT ({_any(others)})" if others else clause
    return f"({clause})" if context or others else clause


class MeantWords(NamedTuple):
    """What a term means and shuns, and beside what: for reading, where a facet is PubMed's own language."""

    meant: tuple[str, ...]
    shunned: tuple[str, ...]
    context: tuple[str, ...]


def meant(term: str) -> MeantWords:
    """The words and headings of a term; of what is ANDed the first is meant, the others are its context."""
    return _meant(parse(term)) if term else MeantWords((), (), ())


def _meant(node: Node) -> MeantWords:
    match node:
        case Or(parts=parts):
            each = [_meant(part) for part in parts]
            return MeantWords(
                *(
                    tuple(dict.fromkeys(w for one in column for w in one))
                    for column in zip(*each, strict=True)
                )
            )
        case And(parts=parts):
            head = _meant(parts[0])
            beside = [text for part in parts[1:] for text in _meant(part).meant]
            return head._replace(context=tuple(dict.fromkeys((*head.context, *beside))))
        case Not(keep=keep, drop=drop):
            head = _meant(keep)
            return head._replace(shunned=tuple(dict.fromkeys((*head.shunned, *_meant(drop).meant))))
        case Clause(text=text, tag=tag) if tag in {"tiab", "ti", "mh", "majr", "nm", "ot", "tw", "all", ""}:
            return MeantWords((text,), (), ())
        case _:
            return MeantWords((), (), ())


def dated(term: str, window: Window) -> str:
    """`term` within the days of `window`, both included; an open end is PubMed's year 3000.

    >>> from datetime import date
    >>> dated("niche[tiab]", Window("crdt", date(2026, 11, 9), None))
    '(niche[tiab]) AND ("2026/11/09"[crdt] : "3000"[crdt])'
    """
    until = f"{window.until:%Y/%m/%d}" if window.until else "3000"
    return f'({term}) AND ("{window.since:%Y/%m/%d}"[{window.field}] : "{until}"[{window.field}])'
