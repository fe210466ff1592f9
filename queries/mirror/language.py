"""What a search finds: the tree of a term becomes lookups in the corpus, set against each other.

Every tag that the XML has a field for is modelled; what isn't raises Unmodelled, unless `strict` is
off, when it finds nothing and is reported as FieldNotFound. Automatic term mapping isn't: an untagged
word is that word in all fields. leaf.py answers the leaves.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from time import monotonic

import numpy as np

from queries.errors import Unmodelled
from queries.mirror.corpus import Corpus, Docs, View
from queries.mirror.leaf import LeafReader
from queries.mirror.mesh import Mesh
from queries.mirror.result import NOTHING, SearchResult
from queries.mirror.words import words
from queries.terms.syntax import And, Clause, Leaf, Node, Not, Or, leaves, parse

_LONGEST = 30.0  # seconds of a search

Outcome = tuple[Docs | None, deque[str]]  # docs, None for what PubMed ignores; pieces of the translation


@dataclass(frozen=True)
class Reader:
    """How terms are read.

    `ideal`: the corpus is a sample, so every phrase counts as known to PubMed's phrase index, and
    one without a hit is no news but where it is the whole term. Otherwise the corpus is taken for all
    of PubMed: a quoted phrase that it doesn't hold loses its quotes, as PubMed does, and is reported.
    """

    corpus: Corpus
    mesh: Mesh
    strict: bool = True
    ideal: bool = False

    def search(
        self,
        term: str,
        view: View,
        today: date,
        *,
        tag: str = "",
        window: tuple[str, date, date] | None = None,
        history: Callable[[int], Sequence[int]] | None = None,
    ) -> SearchResult:
        """Search at a moment; `today` is PubMed's (US Eastern).

        `tag` is for untagged words, `window` a date field with its first and last day, `history` gives
        the PMIDs of an earlier search. Raises TermError, Unmodelled, and whatever `history` raises.
        """
        tree = parse(term)
        clauses = [leaf for leaf in leaves(tree) if isinstance(leaf, Clause)]
        self.corpus.prefetch({word for leaf in clauses for word in words(leaf.text) if "*" not in word})
        reader = LeafReader(
            *(self.corpus, self.mesh, term, view, today, tag, history),
            strict=self.strict,
            ideal=self.ideal,
        )
        docs, translation = _Evaluation(reader.leaf, len(view.visible)).of(tree)
        result = reader.result
        result.docs = NOTHING if docs is None else docs
        result.translation = "".join(translation)
        if self.ideal and isinstance(tree, Clause) and not len(result.docs):
            result.phrases_not_found.append(term.strip())
            result.translation = result.translation if tree.tag or tag else term.strip()
        if window:
            inside, days = reader.days(*window)
            result.docs = np.intersect1d(result.docs, inside, assume_unique=True)
            result.translation = f"({result.translation}) AND {days}"
        return result


@dataclass
class _Evaluation:
    """A tree from its leaves up, without recursion: a term may be thousands of operators deep."""

    leaf: Callable[[Leaf], tuple[Docs | None, str]]
    size: int  # docs of the corpus
    begun: float = field(default_factory=monotonic)

    def of(self, tree: Node) -> Outcome:
        """The outcome of the whole tree."""
        waiting: list[tuple[Node, bool]] = [(tree, False)]
        outcomes: list[Outcome] = []
        while waiting:
            node, ready = waiting.pop()
            match node:
                case And(parts=parts) | Or(parts=parts):
                    children = parts
                case Not(keep=keep, drop=drop):
                    children = (keep, drop)
                case _:
                    children = ()
            if children and not ready:
                waiting += [(node, True), *((child, False) for child in reversed(children))]
                continue
            if monotonic() - self.begun > _LONGEST:
                raise Unmodelled("term", f"a search of over {_LONGEST:.0f} s", "Ask for less at once")
            if children:
                operands = outcomes[-len(children) :]
                del outcomes[-len(children) :]
                outcomes.append(self.joined(node, list(zip(children, operands, strict=True))))
            else:
                docs, text = self.leaf(node)  # type: ignore[arg-type]  # what has no children is a leaf
                outcomes.append((docs, deque([text])))
        return outcomes[0]

    def joined(self, node: Node, operands: list[tuple[Node, Outcome]]) -> Outcome:
        """Operands by a set operation, without those that are ignored."""
        if isinstance(node, Not):
            (kept, text), (dropped, _) = operands[0][1], operands[1][1]
            if kept is None or dropped is None:
                return kept, text
            return _without(kept, dropped), _together(operands, " NOT ")
        operands = [(child, outcome) for child, outcome in operands if outcome[0] is not None]
        found = [docs for _, (docs, _) in operands if docs is not None]
        if not found:
            return None, deque()
        text = _together(operands, " AND " if isinstance(node, And) else " OR ")
        return (_all_of(found) if isinstance(node, And) else self.any_of(found)), text

    def any_of(self, found: Sequence[Docs]) -> Docs:
        """Union."""
        if len(found) == 1:
            return found[0]
        mask = np.zeros(self.size, bool)
        for docs in found:
            mask[docs] = True
        return np.flatnonzero(mask).astype(np.int32)


def _together(operands: Sequence[tuple[Node, Outcome]], word: str) -> deque[str]:
    """The translations of operands, in parentheses where they are not leaves; the first grows."""
    whole: deque[str] = deque()
    for nth, (child, (_, text)) in enumerate(operands):
        if isinstance(child, And | Or | Not) and len(operands) > 1:
            text.appendleft("(")
            text.append(")")
        if nth == 0:
            whole = text
        else:
            whole.append(word)
            whole.extend(text)
    return whole


def _all_of(found: Sequence[Docs]) -> Docs:
    """Intersection, from the rarest on."""
    rarest, *others = sorted(found, key=len)
    for docs in others:
        rarest = rarest[_among(rarest, docs)]
    return rarest


def _without(kept: Docs, dropped: Docs) -> Docs:
    if len(dropped) < len(kept):
        return np.delete(kept, np.searchsorted(kept, dropped[_among(dropped, kept)]))
    return kept[~_among(kept, dropped)]


def _among(docs: Docs, others: Docs) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of `docs` are in `others`; both ascending."""
    if not len(others):
        return np.zeros(len(docs), bool)
    at = np.minimum(np.searchsorted(others, docs), len(others) - 1)
    return np.asarray(others[at] == docs)
