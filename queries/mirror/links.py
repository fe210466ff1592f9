"""ELink from PubMed to PubMed (similar, citing, cited) and to PMC.

Similarity is a simple honest one: the sum, over the title words, author keywords and MeSH headings that
two records share, of how rare each is (inverse document frequency). PubMed's own is another.
"""

from collections.abc import Callable, Sequence
from datetime import date
from math import log
from typing import NamedTuple

import numpy as np

from queries.errors import Unmodelled
from queries.mirror import answers
from queries.mirror.answers import Response
from queries.mirror.corpus import Corpus, View
from queries.mirror.fields import STOP_WORDS
from queries.mirror.language import Reader
from queries.mirror.parameters import ApiError, Parameters, ids, in_json, one
from queries.readers.pubmed_xml import read
from queries.records.article import Article

_NAMES = ("pubmed_pubmed", "pubmed_pubmed_citedin", "pubmed_pubmed_five", "pubmed_pubmed_refs")
_REVIEWS = "pubmed_pubmed_reviews"
_PMC = "pubmed_pmc"
_COMMANDS = {"", "neighbor", "neighbor_score", "neighbor_history"}
_MOST = 100  # neighbours
_SCALE = 1_000_000  # PubMed's scores are whole numbers of this order

Keep = Callable[[Sequence[int]], tuple[int, str]]


class LinkSet(NamedTuple):
    """The links of one or several ids under one name; `score` 0 where there is none."""

    name: str
    links: Sequence[tuple[int, int]]


def linked(reader: Reader, params: Parameters, view: View, today: date, keep: Keep) -> Response:
    """Response an ELink request; `keep` puts PMIDs into the history (neighbor_history)."""
    command, database, name = one(params, "cmd"), one(params, "db") or "pubmed", one(params, "linkname")
    names = [name] if name else [*_NAMES, _REVIEWS] if database == "pubmed" else [_PMC]
    if command not in _COMMANDS or not {*names} <= {*_NAMES, _REVIEWS, _PMC}:
        raise Unmodelled(
            f"cmd={command}, linkname={name}", "not modelled", f"Use {', '.join(_NAMES)} or {_PMC}"
        )
    if one(params, "reldate") or one(params, "mindate"):
        raise Unmodelled("ELink's dates", "not modelled", "Search instead")
    groups = [[int(text) for text in group if text.isdigit()] for group in ids(params)]
    if not any(groups):
        raise ApiError("ID list is empty! Possibly it has no correct IDs.", 400)
    allowed = None
    if term := one(params, "term"):
        allowed = {int(pmid) for pmid in reader.corpus.pmids[reader.search(term, view, today).docs]}
    finder = _Finder(reader.corpus, view, allowed)
    sets = [(group, [LinkSet(each, finder.find(each, group)) for each in names]) for group in groups]
    scored = command == "neighbor_score"
    if command == "neighbor_history":
        return _history(sets, keep)
    return _json(sets, scored=scored) if in_json(params) else _xml(sets, scored=scored)


class _Finder(NamedTuple):
    corpus: Corpus
    view: View
    allowed: set[int] | None

    def find(self, name: str, pmids: Sequence[int]) -> list[tuple[int, int]]:
        """The links of a group of PMIDs, merged, best first."""
        merged: dict[int, int] = {}
        for pmid in pmids:
            for doc in self.view.of([pmid]):
                for other, score in self.of(name, pmid, doc):
                    merged[other] = max(score, merged.get(other, 0))
        found = [
            (pmid, score) for pmid, score in merged.items() if self.allowed is None or pmid in self.allowed
        ]
        return sorted(found, key=lambda link: (-link[1], link[0] not in pmids, -link[0]))

    def of(self, name: str, pmid: int, doc: int) -> list[tuple[int, int]]:
        """The links of one record."""
        match name:
            case "pubmed_pubmed_citedin":
                return [
                    (int(other), 0) for other in self.corpus.pmids[self.view.seen(self.corpus.citing(pmid))]
                ]
            case "pubmed_pubmed_refs":
                return [(other, 0) for other in self.corpus.cited(doc) if self.view.of([other])]
            case "pubmed_pmc":
                pmcid = self.article(doc).pmcid
                return [(int(pmcid.removeprefix("PMC")), 0)] if pmcid else []
            case "pubmed_pubmed_five":
                return self.similar(doc)[:6]
            case "pubmed_pubmed_reviews":
                reviews = {*self.corpus.having("pt", ["review"]).tolist()}
                return [link for link in self.similar(doc) if self.view.of([link[0]])[0] in reviews]
            case _:
                return self.similar(doc)

    def article(self, doc: int) -> Article:
        """A record, which was readable when it was loaded."""
        article = read(self.corpus.raw([doc])[0])
        assert isinstance(article, Article)  # noqa: S101 - what is refused has no doc
        return article

    def similar(self, doc: int) -> list[tuple[int, int]]:
        """Neighbours with their scores, the record itself first."""
        article, corpus, total = self.article(doc), self.corpus, len(self.view.docs)
        words = {*corpus.words(article.title)} - STOP_WORDS
        words |= {word for keyword in article.keywords for word in corpus.words(keyword.text)} - STOP_WORDS
        sharers = [corpus.phrase(("ti", "ot"), [[word]]) for word in words]
        sharers += [corpus.having("mh", [corpus.plain(heading.name)]) for heading in article.mesh]
        scores = np.zeros(len(self.view.visible))
        for docs in map(self.view.seen, sharers):
            scores[docs] += log(1 + total / (1 + len(docs)))
        others = np.argsort(-scores, kind="stable")[: _MOST + 1]
        near = [
            (int(corpus.pmids[other]), round(scores[other] * _SCALE))
            for other in others
            if scores[other] > 0 and other != doc
        ]
        return [(article.pmid, round(scores[doc] * _SCALE) + 1), *near[:_MOST]]


def _xml(sets: Sequence[tuple[Sequence[int], Sequence[LinkSet]]], *, scored: bool) -> Response:
    parts = []
    for pmids, links in sets:
        asked = "".join(f"\n      <Id>{pmid}</Id>" for pmid in pmids)
        inside = "".join(_link_set(each, scored=scored) for each in links if each.links)
        parts.append(
            f"\n\n  <LinkSet>\n    <DbFrom>pubmed</DbFrom>\n    <IdList>{asked}\n    </IdList>"
            f"{inside}\n  </LinkSet>"
        )
    return answers.wrapped("elink", "".join(parts) + "\n")


def _link_set(links: LinkSet, *, scored: bool) -> str:
    rows = "".join(
        f"\n        <Link>\n\t\t\t\t<Id>{pmid}</Id>"
        + (f"\n\t\t\t\t<Score>{score}</Score>" if scored else "")
        + "\n\t\t\t</Link>"
        for pmid, score in links.links
    )
    return (
        f"\n    <LinkSetDb>\n      <DbTo>{_target(links.name)}</DbTo>\n"
        f"      <LinkName>{links.name}</LinkName>\n{rows}\n    </LinkSetDb>"
    )


def _json(sets: Sequence[tuple[Sequence[int], Sequence[LinkSet]]], *, scored: bool) -> Response:
    link_sets = []
    for pmids, links in sets:
        one_set: dict[str, object] = {"dbfrom": "pubmed", "ids": [str(pmid) for pmid in pmids]}
        bases = [
            {
                "dbto": _target(each.name),
                "linkname": each.name,
                "links": [
                    {"id": str(pmid), "score": score} if scored else str(pmid) for pmid, score in each.links
                ],
            }
            for each in links
            if each.links
        ]
        link_sets.append(one_set | ({"linksetdbs": bases} if bases else {}))
    return answers.as_json({"header": answers.header("elink"), "linksets": link_sets})


def _history(sets: Sequence[tuple[Sequence[int], Sequence[LinkSet]]], keep: Keep) -> Response:
    parts = []
    for pmids, links in sets:
        asked = "".join(f"<Id>{pmid}</Id>" for pmid in pmids)
        inside, web_env = "", ""
        for each in links:
            if each.links:
                key, web_env = keep([pmid for pmid, _ in each.links])
                inside += (
                    f"<LinkSetDbHistory><DbTo>{_target(each.name)}</DbTo><LinkName>{each.name}</LinkName>"
                    f"<QueryKey>{key}</QueryKey></LinkSetDbHistory>"
                )
        tail = f"<WebEnv>{web_env}</WebEnv>" if web_env else ""
        parts.append(f"<LinkSet><DbFrom>pubmed</DbFrom><IdList>{asked}</IdList>{inside}{tail}</LinkSet>")
    return answers.wrapped("elink", "".join(parts))


def _target(name: str) -> str:
    return "pmc" if name == _PMC else "pubmed"
