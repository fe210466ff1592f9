"""The leaves of a search term, looked up in the corpus: words, entries of fields, dates, filters.

Translations are written as PubMed was recorded to write them: words in small letters and without
punctuation, in quotation marks, but for authors without initials and what isn't found at all.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

import numpy as np

from queries.errors import TermError, Unmodelled
from queries.mirror import filters
from queries.mirror.corpus import VARIATIONS, Corpus, Docs, View
from queries.mirror.dates import ago, span
from queries.mirror.fields import LANGUAGES, NAMES, STOP_WORDS, TEXT, WHOLE
from queries.mirror.index import FILTERS
from queries.mirror.mesh import Mesh
from queries.mirror.result import NOTHING, SearchResult
from queries.mirror.words import plain, words
from queries.records.ids import clean_doi
from queries.terms.syntax import Clause, EarlierSearch, Leaf, Range, Recent
from queries.terms.tags import DATES, TAGS

_SHORTEST_STEM = 4
_LAST = date(3000, 1, 1)  # the end of an open window, as PubMed writes it
_UNTAGGED_FILTER = re.compile("has|pubstatus|indexing")


@dataclass
class LeafReader:
    """One search's view of the corpus; what it has to say about the words goes to `result`."""

    corpus: Corpus
    mesh: Mesh
    term: str
    view: View
    today: date
    tag: str
    history: Callable[[int], Sequence[int]] | None
    strict: bool = True
    ideal: bool = False
    result: SearchResult = field(default_factory=SearchResult)

    def leaf(self, leaf: Leaf) -> tuple[Docs | None, str]:
        """The visible docs, ascending, and the translation; None for what PubMed ignores."""
        match leaf:
            case Clause():
                docs, text = self.clause(leaf)
                return (None if docs is None else self.view.seen(docs)), text
            case Range(low=low, high=high, tag=tag) if tag == "uid" and low.isdecimal() and high.isdecimal():
                pmids = self.view.pmids
                inside = slice(np.searchsorted(pmids, int(low)), np.searchsorted(pmids, int(high), "right"))
                return np.sort(self.view.docs[inside]), f"{low}:{high}[UID]"
            case Range(low=low, high=high, tag=tag) if tag in DATES:
                return self.days(tag, self.day(leaf, low)[0], self.day(leaf, high)[1])
            case Range():
                raise Unmodelled(self.place(leaf), "a range of this field", "Use dates or [uid]")
            case Recent(count=count, unit=unit, tag=tag):
                since = ago(self.today, count, unit)
                shown = f'"{since:%Y/%m/%d} 00:00":"{_LAST:%Y/%m/%d} 05:00"[{TAGS[tag]}]'
                return self.days(tag, since, date.max)[0], shown
            case EarlierSearch(number=number):
                if self.history is None:
                    raise TermError(self.place(leaf), "an earlier search without WebEnv", "Send its WebEnv")
                return np.sort(np.array(self.view.of(self.history(number)), np.int32)), f"#{number}"

    def clause(self, clause: Clause) -> tuple[Docs | None, str]:
        """Words for one field."""
        tag = clause.tag or self.tag
        if tag and tag not in TAGS:
            self.result.fields_not_found.append(tag)
            tag = "all"
        if clause.truncated and len(clause.text.partition("*")[0].strip()) < _SHORTEST_STEM:
            raise TermError(self.place(clause), "a * after fewer than 4 characters", "Write a longer stem")
        name = plain(clause.text)
        if tag == "uid":
            return self.uid(clause)
        if tag == "sb" or (tag in {"", "all", "tw"} and name in FILTERS and _UNTAGGED_FILTER.match(name)):
            return self.filter(clause, name)
        if tag in DATES:
            return self.days(tag, *self.day(clause, clause.text))
        if (tag or "all") in TEXT:
            return self.text(clause, tag or "all")
        return self.value(clause, tag, name)

    def uid(self, clause: Clause) -> tuple[Docs, str]:
        """A PMID."""
        if not clause.text.isdecimal():
            raise TermError(self.place(clause), "not a PMID", "Write its digits")
        return np.array(self.view.of([int(clause.text[:18])]), np.int32), f"{clause.text}[UID]"

    def value(self, clause: Clause, tag: str, name: str) -> tuple[Docs, str]:
        """A whole entry of a field."""
        docs = self.entry(clause, tag, name)
        if docs is None:
            return self.unmodelled(clause, f"[{tag}] is not modelled")
        if not len(self.view.seen(docs)) and not self.ideal:
            self.result.phrases_not_found.append(self.source(clause))
        noexp = "" if clause.explode else ":noexp"
        sub = f"/{clause.subheading.lower()}" if clause.subheading else ""
        shown = f"{clause.text.lower()}{sub}".replace("-", " ")
        if tag not in NAMES or clause.quoted or _with_initials(name):
            shown = f'"{shown}"'
        return docs, f"{shown}[{TAGS[tag]}{noexp}]"

    def text(self, clause: Clause, tag: str) -> tuple[Docs | None, str]:
        """Words in their order; apart, where PubMed would take them apart."""
        corpus, fields = self.corpus, TEXT[tag]
        parts = words(clause.text)
        ignored = not clause.quoted and tag in {"all", "tw"} and clause.text.lower() in STOP_WORDS
        if ignored or not parts:
            self.result.phrases_ignored.append(self.source(clause))
            return None, ""
        shown = f'"{" ".join(parts)}"[{TAGS[tag]}]'
        if clause.near is not None and len(parts) > 1 and not clause.truncated:
            docs = corpus.near(fields, parts, clause.near)
            return docs, f"{shown[:-1]}:~{clause.near}]"
        docs = corpus.phrase(fields, [self.variants(word) for word in parts])
        if len(self.view.seen(docs)) or self.ideal:
            return docs, shown
        if len(clause.text.split()) > 1 and not clause.truncated:
            if clause.quoted:
                self.result.quoted_not_found.append(f'"{clause.text}"')
            docs = reduce(np.intersect1d, [corpus.phrase(fields, [[word]]) for word in parts])
            shown = "(" + " AND ".join(f'"{word}"[{TAGS[tag]}]' for word in parts) + ")"
        if not len(self.view.seen(docs)):
            self.result.phrases_not_found.append(self.source(clause))
            shown = shown if clause.tag or self.tag else self.source(clause)
        return docs, shown

    def variants(self, word: str) -> tuple[str, ...]:
        """What a word with stars stands for; the word itself without."""
        if "*" not in word:
            return (word,)
        if word.startswith("*"):
            raise TermError(self.term, f"{word} begins with a star", "Write at least 4 characters before it")
        found = self.corpus.variations(word)
        if len(found) > VARIATIONS:
            self.result.messages.append(
                f"Wildcard search for '{word}' used only the first {VARIATIONS} variations."
                " Lengthen the root word to search for all endings."
            )
        return found[:VARIATIONS]

    def entry(self, clause: Clause, tag: str, name: str) -> Docs | None:
        """Docs with an entry of a field; None for a field that is not modelled."""
        corpus = self.corpus
        if tag in {"mh", "majr", "pt", "sh"}:
            return self.controlled(clause, tag, name)
        if tag == "pa" and (substances := self.mesh.with_action(clause.text)):
            values = [plain(each) for each in substances]
            return np.union1d(corpus.having("nm", values), corpus.having("mh", values))
        if tag in NAMES:
            if clause.quoted or clause.truncated:
                return corpus.having(tag, [name], _starred(name))
            return corpus.having(tag, [name], _like(name) + ("%" if _with_initials(name) else " %"))
        if tag not in WHOLE:
            return None
        if tag == "la":
            name = LANGUAGES.get(name, name)
        if tag == "doi":
            name = plain(clean_doi(clause.text)) or name
        return corpus.having(tag, [name], _starred(name))

    def controlled(self, clause: Clause, tag: str, name: str) -> Docs:
        """A heading, subheading or publication type, and what stands below it."""
        corpus, mesh = self.corpus, self.mesh
        if clause.truncated:
            return corpus.having(tag, [], _starred(name))
        if tag == "sh":
            narrower = mesh.subheadings(name, explode=clause.explode) or (clause.text,)
            return corpus.having(tag, [plain(each) for each in narrower])
        heading = mesh.heading(clause.text)
        below = mesh.exploded(heading) if clause.explode else ()
        if clause.explode and tag != "pt" and not mesh.whole(heading):
            self.result.messages.append(
                f"The mirror's MeSH table lacks headings below '{heading}'; give it NLM's tree."
            )
        names = below or mesh.alone(heading)
        if clause.subheading:
            subheadings = mesh.subheadings(clause.subheading, explode=clause.explode) or (clause.subheading,)
            names = tuple(f"{each}/{sub}" for each in names for sub in subheadings)
        return corpus.having(tag, [plain(each) for each in names])

    def filter(self, clause: Clause, name: str) -> tuple[Docs | None, str]:
        """[filter], [sb], and the filters that need no tag."""
        shown = f'"{clause.text.lower()}"[Filter]'
        found = filters.Entries("sb", (name,)) if name in FILTERS else filters.entries(name)
        if count := filters.years(name):
            return self.days("dp", ago(self.today, count, "year"), date.max)[0], shown
        if found is None:
            return self.unmodelled(clause, f"the filter {clause.text!r} is not modelled")
        if found.values == ("free full text",):
            self.result.messages.append("The mirror takes a PMCID for free full text.")
        return self.corpus.having(*found), shown

    def unmodelled(self, clause: Clause, problem: str) -> tuple[Docs, str]:
        """Refuse, or find nothing and say so."""
        if self.strict:
            raise Unmodelled(self.place(clause), problem, "Ask PubMed itself, or leave it out")
        self.result.fields_not_found.append(clause.tag or clause.text)
        return NOTHING, self.source(clause)

    def day(self, leaf: Leaf, text: str) -> tuple[date, date]:
        """First and last day of a date as written."""
        days = span(text)
        if days is None:
            raise TermError(self.place(leaf), f"{text!r} is no date", "Write YYYY, YYYY/MM or YYYY/MM/DD")
        return days

    def days(self, tag: str, low: date, high: date) -> tuple[Docs, str]:
        """Visible docs of a window."""
        shown = f"{low:%Y/%m/%d}:{high:%Y/%m/%d}[{TAGS[tag]}]"
        return self.view.seen(self.corpus.between(tag, low, high)), shown

    def source(self, leaf: Leaf) -> str:
        """The leaf as it was written."""
        return self.term[leaf.span.start : leaf.span.end]

    def place(self, leaf: Leaf) -> str:
        """Where it stands."""
        return f"term at character {leaf.span.start + 1} ({self.source(leaf)[:200]})"


def _with_initials(name: str) -> bool:
    return re.search(r" [a-z]{1,2}$", name) is not None


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _starred(name: str) -> str:
    """The LIKE pattern of a name with stars; "" of one without."""
    return _like(name).replace("*", "%") if "*" in name else ""
