"""A topic's search term as its author sees it: its facets and its window."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from queries.records.harvest import Window
from queries.terms.syntax import And, Node, Not, Place, parse


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


def dated(term: str, window: Window) -> str:
    """`term` within the days of `window`, both included; an open end is PubMed's year 3000.

    >>> from datetime import date
    >>> dated("niche[tiab]", Window("crdt", date(2026, 11, 9), None))
    '(niche[tiab]) AND ("2026/11/09"[crdt] : "3000"[crdt])'
    """
    until = f"{window.until:%Y/%m/%d}" if window.until else "3000"
    return f'({term}) AND ("{window.since:%Y/%m/%d}"[{window.field}] : "{until}"[{window.field}])'
