"""What a search finds: the tree of a term becomes lookups in the corpus, set against each other.

Every tag that the XML has a field for is modelled; what isn't raises Unmodelled, unless `strict` is
off, when it finds nothing and is reported as FieldNotFound. Automatic term mapping isn't: an untagged
word is that word in all fields.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from queries.errors import TermError, Unmodelled
from queries.mirror.corpus import VARIATIONS, Corpus, Docs, View
from queries.mirror.dates import ago, span
from queries.mirror.fields import LANGUAGES, NAMES, STOP_WORDS, TEXT, WHOLE
from queries.mirror.index import FILTERS
from queries.mirror.mesh import Mesh
from queries.records.ids import clean_doi
from queries.terms.syntax import And, Clause, EarlierSearch, Leaf, Node, Not, Or, Range, Recent, leaves, parse
from queries.terms.tags import DATES, TAGS

MADE_HERE = " /* seedwatch mirror */"  # behind every translation, so that none passes for PubMed's

_SHORTEST_STEM = 4
Mask = NDArray[np.bool_]  # by doc

_NOTHING: Docs = np.empty(0, np.int32)


@dataclass
class SearchResult:
    """A search's outcome: visible docs, ascending; what PubMed would say about the words."""

    docs: Docs = field(default_factory=lambda: _NOTHING)
    translation: str = ""
    phrases_not_found: list[str] = field(default_factory=list)
    fields_not_found: list[str] = field(default_factory=list)
    phrases_ignored: list[str] = field(default_factory=list)
    quoted_not_found: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Reader:
    """How terms are read.

    `ideal`: the corpus is a sample, so every phrase counts as known to PubMed's phrase index, and
    one without a hit is no news. Otherwise the corpus is taken for all of PubMed: a quoted phrase that
    it doesn't hold loses its quotes, as PubMed does, and is reported.
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
        search = _Search(self, term, view, today, tag, history)
        tree = parse(term)
        self.corpus.learn(leaf.text for leaf in leaves(tree) if isinstance(leaf, Clause))
        mask, translation = search.node(tree)
        result = search.result
        if mask is not None:
            result.docs = np.flatnonzero(mask).astype(np.int32)
        if window:
            inside, days = search.days(*window)
            result.docs = np.intersect1d(result.docs, inside)
            translation = f"({translation}) AND {days}"
        result.translation = translation + MADE_HERE
        return result


@dataclass
class _Search:
    reader: Reader
    term: str
    view: View
    today: date
    tag: str
    history: Callable[[int], Sequence[int]] | None
    result: SearchResult = field(default_factory=SearchResult)

    def node(self, node: Node) -> tuple[Mask | None, str]:
        """Which docs, and the translation; None for what PubMed ignores."""
        match node:
            case And(parts=parts):
                return self.joined(parts, " AND ", np.logical_and)
            case Or(parts=parts):
                return self.joined(parts, " OR ", np.logical_or)
            case Not(keep=keep, drop=drop):
                return self.without(keep, drop)
            case _:
                docs, text = self.leaf(node)
                if docs is None:
                    return None, text
                mask = np.zeros(len(self.view.visible), bool)
                mask[docs] = True
                return mask & self.view.visible, text

    def joined(
        self, parts: Sequence[Node], word: str, join: Callable[[Mask, Mask], Mask]
    ) -> tuple[Mask | None, str]:
        """`parts` by a set operation, without those that are ignored."""
        pairs = [(part, *self.node(part)) for part in parts]
        shown = [
            f"({text})" if isinstance(part, And | Or | Not) else text
            for part, mask, text in pairs
            if mask is not None
        ]
        masks = [mask for _, mask, _ in pairs if mask is not None]
        return (reduce(join, masks) if masks else None), word.join(shown)

    def without(self, keep: Node, drop: Node) -> tuple[Mask | None, str]:
        """NOT; where what to keep is ignored, so is the whole."""
        kept, text = self.node(keep)
        dropped, unwanted = self.node(drop)
        if kept is None or dropped is None:
            return kept, text
        left, right = (
            f"({shown})" if isinstance(node, And | Or | Not) else shown
            for node, shown in ((keep, text), (drop, unwanted))
        )
        return kept & ~dropped, f"{left} NOT {right}"

    def leaf(self, leaf: Leaf) -> tuple[Docs | None, str]:
        match leaf:
            case Clause():
                return self.clause(leaf)
            case Range(low=low, high=high, tag=tag) if tag == "uid" and low.isdigit() and high.isdigit():
                pmids = self.view.pmids
                inside = slice(np.searchsorted(pmids, int(low)), np.searchsorted(pmids, int(high), "right"))
                return np.sort(self.view.docs[inside]), f"{low}:{high}[UID]"
            case Range(low=low, high=high, tag=tag) if tag in DATES:
                return self.days(tag, self.day(leaf, low)[0], self.day(leaf, high)[1])
            case Range():
                raise Unmodelled(self.place(leaf), "a range of this field", "Use dates or [uid]")
            case Recent(count=count, unit=unit, tag=tag):
                return self.days(tag, ago(self.today, count, unit), self.today)
            case EarlierSearch(number=number):
                if self.history is None:
                    raise TermError(self.place(leaf), "an earlier search without WebEnv", "Send its WebEnv")
                return np.sort(np.array(self.view.of(self.history(number)), np.int32)), f"#{number}"

    def clause(self, clause: Clause) -> tuple[Docs | None, str]:
        tag = clause.tag or self.tag
        if tag and tag not in TAGS:
            self.result.fields_not_found.append(tag)
            tag = "all"
        if clause.truncated and len(clause.text.partition("*")[0].strip()) < _SHORTEST_STEM:
            raise TermError(self.place(clause), "a * after fewer than 4 characters", "Write a longer stem")
        name = self.reader.corpus.plain(clause.text)
        if tag == "sb" or (
            tag in {"", "all", "tw"} and name in FILTERS and re.match("has|pubstatus|indexing", name)
        ):
            return self.filter(clause, name)
        if tag in DATES:
            return self.days(tag, *self.day(clause, clause.text))
        if tag == "uid":
            if not clause.text.isdigit():
                raise TermError(self.place(clause), "not a PMID", "Write its digits")
            return np.array(self.view.of([int(clause.text)]), np.int32), f"{clause.text}[UID]"
        tag = tag or "all"
        if tag in TEXT:
            return self.text(clause, tag)
        docs = self.entry(clause, tag, name)
        if docs is None:
            return self.unmodelled(clause, f"[{tag}] is not modelled")
        if not len(self.view.seen(docs)) and not self.reader.ideal:
            self.result.phrases_not_found.append(self.source(clause))
        noexp = "" if clause.explode else ":noexp"
        sub = f"/{clause.subheading.lower()}" if clause.subheading else ""
        return docs, f'"{clause.text.lower()}{sub}"[{TAGS[tag]}{noexp}]'

    def text(self, clause: Clause, tag: str) -> tuple[Docs | None, str]:
        """Words in their order; apart, where PubMed would take them apart."""
        corpus, fields = self.reader.corpus, TEXT[tag]
        words = corpus.words(clause.text)
        ignored = not clause.quoted and tag in {"all", "tw"} and clause.text.lower() in STOP_WORDS
        if ignored or not words:
            self.result.phrases_ignored.append(self.source(clause))
            return None, ""
        shown = f'"{clause.text.lower()}"[{TAGS[tag]}]'
        if clause.near is not None and len(words) > 1 and not clause.truncated:
            docs = corpus.near(fields, words, clause.near)
            return docs, f"{shown[:-1]}:~{clause.near}]"
        docs = corpus.phrase(fields, [self.variants(word) for word in words])
        if len(self.view.seen(docs)) or self.reader.ideal:
            return docs, shown
        if len(clause.text.split()) > 1 and not clause.truncated:
            if clause.quoted:
                self.result.quoted_not_found.append(f'"{clause.text}"')
            docs = reduce(np.intersect1d, [corpus.phrase(fields, [[word]]) for word in words])
            shown = "(" + " AND ".join(f'"{word}"[{TAGS[tag]}]' for word in words) + ")"
        if not len(self.view.seen(docs)):
            self.result.phrases_not_found.append(self.source(clause))
        return docs, shown

    def variants(self, word: str) -> tuple[str, ...]:
        """What a word with stars stands for; the word itself without."""
        if "*" not in word:
            return (word,)
        if word.startswith("*"):
            raise TermError(self.term, f"{word} begins with a star", "Write at least 4 characters before it")
        result = self.reader.corpus.variations(word)
        if len(result) > VARIATIONS:
            self.result.messages.append(
                f"Wildcard search for '{word}' used only the first {VARIATIONS} variations."
                " Lengthen the root word to search for all endings."
            )
        return result[:VARIATIONS]

    def entry(self, clause: Clause, tag: str, name: str) -> Docs | None:
        """Docs with an entry of a field; None for a field that is not modelled."""
        corpus = self.reader.corpus
        if tag in {"mh", "majr", "pt", "sh"}:
            return self.controlled(clause, tag, name)
        if tag in NAMES:
            if clause.quoted or clause.truncated:
                return corpus.having(tag, [name], _starred(name))
            initials = re.search(r" [a-z]{1,2}$", name) is not None
            return corpus.having(tag, [name], _like(name) + ("%" if initials else " %"))
        if tag not in WHOLE:
            return None
        if tag == "la":
            name = LANGUAGES.get(name, name)
        if tag == "doi":
            name = corpus.plain(clean_doi(clause.text)) or name
        return corpus.having(tag, [name], _starred(name))

    def controlled(self, clause: Clause, tag: str, name: str) -> Docs:
        """A heading, subheading or publication type, and what stands below it."""
        corpus, mesh = self.reader.corpus, self.reader.mesh
        if clause.truncated:
            return corpus.having(tag, [], _starred(name))
        if tag == "sh":
            narrower = mesh.subheadings(name) or (clause.text,)
            return corpus.having(tag, [corpus.plain(each) for each in narrower])
        heading = mesh.heading(clause.text)
        below = mesh.exploded(heading) if clause.explode else ()
        if clause.explode and tag != "pt" and not mesh.whole(heading):
            self.result.messages.append(
                f"The mirror's MeSH table lacks headings below '{heading}'; give it NLM's tree."
            )
        names = below or mesh.alone(heading)
        if clause.subheading:
            subheadings = mesh.subheadings(clause.subheading) or (clause.subheading,)
            names = tuple(f"{each}/{sub}" for each in names for sub in subheadings)
        corpus.learn(names)
        return corpus.having(tag, [corpus.plain(each) for each in names])

    def filter(self, clause: Clause, name: str) -> tuple[Docs | None, str]:
        """[sb], and the filters that need no tag."""
        if name not in FILTERS:
            return self.unmodelled(clause, f"the filter {name!r} is not modelled")
        if name == "free full text":
            self.result.messages.append("The mirror takes a PMCID for free full text.")
        return self.reader.corpus.having("sb", [name]), f'"{name}"[Filter]'

    def unmodelled(self, clause: Clause, problem: str) -> tuple[Docs, str]:
        """Refuse, or find nothing and say so."""
        if self.reader.strict:
            raise Unmodelled(self.place(clause), problem, "Ask PubMed itself, or leave it out")
        self.result.fields_not_found.append(clause.tag or clause.text)
        return _NOTHING, self.source(clause)

    def day(self, leaf: Leaf, text: str) -> tuple[date, date]:
        """First and last day of a date as written."""
        days = span(text)
        if days is None:
            raise TermError(self.place(leaf), f"{text!r} is no date", "Write YYYY, YYYY/MM or YYYY/MM/DD")
        return days

    def days(self, tag: str, low: date, high: date) -> tuple[Docs, str]:
        """Docs of a window."""
        shown = f"{low:%Y/%m/%d}:{high:%Y/%m/%d}[{TAGS[tag]}]"
        return self.reader.corpus.between(tag, low, high), shown

    def source(self, leaf: Leaf) -> str:
        """The leaf as the asker wrote it."""
        return self.term[leaf.span.start : leaf.span.end]

    def place(self, leaf: Leaf) -> str:
        """Where it stands."""
        return f"term at character {leaf.span.start + 1} ({self.source(leaf)})"


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _starred(name: str) -> str:
    """The LIKE pattern of a name with stars; "" of one without."""
    return _like(name).replace("*", "%") if "*" in name else ""
