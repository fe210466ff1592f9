"""What PubMed accepts in a search term and reads otherwise than meant.

Sources: PubMed User Guide (NBK3827) and NLM Technical Bulletin of June 2024 (wildcards).
"""

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from queries.errors import TermError
from queries.terms.facets import Facet, facets, whole
from queries.terms.spelling import variants
from queries.terms.syntax import And, Clause, EarlierSearch, Leaf, Node, Not, Or, leaves, parse
from queries.terms.tags import DATES, TAGS
from queries.text.fold import indexed


class Finding(NamedTuple):
    """What PubMed would misread, at which character of the term (from 0), and what to write instead."""

    position: int
    problem: str
    remedy: str


_MESH = frozenset({"mh", "majr"})
_TEXT = frozenset({"tiab", "ti", "tw", "ot", "all", ""})
_FILTERS = DATES | {"la", "pt", "sb", "uid"}
_BARE_FILTERS = re.compile(
    r"has(abstract|(retraction|comment|erratum|expressionofconcern|update)in|databanklist)"
    r"|pubstatusaheadofprint|indexingmethod_\w+",
    re.IGNORECASE,
)
_SHORTEST_STEM = 4


def lint(term: str) -> tuple[Finding, ...]:
    """Everything in `term` that PubMed accepts and reads otherwise than meant, by position."""
    try:
        tree = parse(term)
    except TermError as error:
        place = re.search(r"at character (\d+)", error.subject)
        return (Finding(int(place[1]) - 1 if place else 0, error.problem, error.remedy),)
    found = [finding for leaf in leaves(tree) for finding in _leaf(leaf)]
    found += _mixed(tree, term)
    found += _facets(facets(term))
    return tuple(sorted(set(found)))


def _leaf(leaf: Leaf) -> Iterator[Finding]:
    at = leaf.span.start
    if isinstance(leaf, EarlierSearch):
        yield Finding(at, f"#{leaf.number} is known to one session only", "Write the search out.")
        return
    if leaf.tag in DATES:
        yield Finding(
            at, "a date in a topic hides what is added late", "Leave it out: harvests add their own."
        )
    if not isinstance(leaf, Clause):
        return
    if leaf.tag and leaf.tag not in TAGS:
        if "~" in leaf.tag:
            yield Finding(at, f"[{leaf.tag}]: ~ works with ti, tiab and ad only", "Write [tiab:~3].")
        else:
            yield Finding(at, f"PubMed has no field [{leaf.tag}]", "Write [tiab], [mh] or another it has.")
    lower = next((word for word in leaf.text.split() if word in {"and", "or", "not"}), "")
    if lower and not leaf.quoted and leaf.tag != "mh":
        yield Finding(at, f"{lower} in small letters is a word to PubMed", f"Write {lower.upper()}.")
    elif not leaf.tag and not _BARE_FILTERS.fullmatch(leaf.text):
        written = f'"{leaf.text}"' if leaf.quoted else leaf.text
        yield Finding(
            at,
            f"{written} has no field: PubMed looks for authors, journals and addresses too",
            f"Write {written}[tiab].",
        )
    if leaf.truncated:
        yield from _wildcard(leaf)
    if leaf.near is not None and (not leaf.quoted or len(leaf.text.split()) == 1):
        yield Finding(at, f"~{leaf.near} needs a quoted phrase", 'Write "two words"[tiab:~3].')


def _wildcard(clause: Clause) -> Iterator[Finding]:
    at = clause.span.start
    if len(re.sub(r"\s", "", clause.text.partition("*")[0])) < _SHORTEST_STEM:
        yield Finding(
            at,
            f"{clause.text}: fewer than {_SHORTEST_STEM} letters before *",
            "Lengthen the stem or write the words out.",
        )
    if clause.near is not None:
        yield Finding(
            at,
            f"{clause.text}: * and ~{clause.near} do not go together",
            "Write the words out, or leave ~ out.",
        )
    if clause.tag in _MESH:
        yield Finding(
            at, f"{clause.text}: * keeps PubMed from exploding a heading", "Write the whole heading."
        )


def _grouped(term: str, node: Node) -> bool:
    """Whether parentheses stand right around the node."""
    start, end = whole(term, node.span)
    return term[:start].rstrip().endswith("(") and term[end:].lstrip().startswith(")")


def _mixed(node: Node, term: str) -> Iterator[Finding]:
    """Chains of several operators without parentheses, which PubMed reads from left to right."""
    match node:
        case And(parts=parts):
            first, confusing = parts[0], isinstance(parts[0], Or)
        case Or(parts=parts):
            first, confusing = parts[0], isinstance(parts[0], And)
        case Not(keep=keep, drop=drop):
            first, confusing, parts = keep, isinstance(keep, Or), (keep, drop)
        case _:
            return
    if confusing and not _grouped(term, first):
        yield Finding(
            first.span.start,
            "different operators in one chain are read from left to right",
            "Put parentheses around what belongs together.",
        )
    for part in parts:
        yield from _mixed(part, term)


def _facets(parts: Sequence[Facet]) -> Iterator[Finding]:
    """What is wrong with a facet as a whole: nothing but MeSH, one spelling only, no company."""
    for part in parts:
        yield from _spelling([leaf for leaf in leaves(part.node) if isinstance(leaf, Clause)])
    asked = [part.node for part in parts if not part.excludes and not _filters(part.node)]
    for node in asked:
        tags = {"" if isinstance(leaf, EarlierSearch) else leaf.tag for leaf in leaves(node)}
        if tags & _MESH and not tags & _TEXT:
            yield Finding(
                node.span.start,
                "MeSH only: a new record has none for weeks",
                'OR it with the words of titles and abstracts, as in "stem cell*"[tiab].',
            )
    if len(asked) == 1 and not _several(asked[0]):
        yield Finding(
            asked[0].span.start, "one facet only: PubMed finds far too much", "AND it with what it is about."
        )


def _filters(node: Node) -> bool:
    """Whether a facet only narrows: language, publication type, dates, hasabstract."""
    return all(
        not isinstance(leaf, EarlierSearch)
        and (leaf.tag in _FILTERS or (isinstance(leaf, Clause) and bool(_BARE_FILTERS.fullmatch(leaf.text))))
        for leaf in leaves(node)
    )


def _several(node: Node) -> bool:
    """Whether every way through the node meets an AND."""
    match node:
        case Or(parts=parts):
            return all(_several(part) for part in parts)
        case Not(keep=keep):
            return _several(keep)
        case _:
            return isinstance(node, And)


def _spelling(clauses: Sequence[Clause]) -> Iterator[Finding]:
    """Words of a facet whose other spelling the facet lacks."""
    words = [clause for clause in clauses if clause.tag in _TEXT]
    patterns = [indexed(clause.text) for clause in words]
    for clause in words:
        others = {indexed(other): other for other in reversed(variants(clause.text))}
        for plain, other in others.items():
            if not any(fnmatchcase(plain, pattern) for pattern in patterns):
                tag = f"[{clause.tag}]" if clause.tag else ""
                written = f'"{other}"' if clause.quoted else other
                yield Finding(
                    clause.span.start,
                    f"{clause.text} is also spelled {other}",
                    f"OR it with {written}{tag}.",
                )
