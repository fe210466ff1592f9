"""ELink from PubMed: to PubMed (similar, citing, cited), to PMC, and to the article's own page.

Similarity is a simple honest one: the sum, over the title words, author keywords and MeSH headings that
two records share, of how rare each is (inverse document frequency). PubMed's own is another.
"""

from collections.abc import Callable, Sequence
from datetime import date
from math import log
from typing import NamedTuple

import numpy as np

from queries.errors import Unmodelled
from queries.mirror import link_answers
from queries.mirror.answers import Response
from queries.mirror.corpus import Corpus, View
from queries.mirror.fields import STOP_WORDS
from queries.mirror.language import Reader
from queries.mirror.link_answers import IdLinks, LinkSet
from queries.mirror.parameters import ApiError, Parameters, in_json, one, window
from queries.mirror.words import plain, words
from queries.readers.pubmed_xml import read
from queries.records.article import Article

_TO_PUBMED = (
    *("pubmed_pubmed", "pubmed_pubmed_citedin", "pubmed_pubmed_five", "pubmed_pubmed_refs"),
    *("pubmed_pubmed_reviews", "pubmed_pubmed_reviews_five"),
)
_TO_PMC = ("pubmed_pmc", "pubmed_pmc_local", "pubmed_pmc_refs")
_NAMES = {"pubmed": _TO_PUBMED, "pmc": _TO_PMC[:1]}
_BY_ID = {"acheck", "ncheck", "lcheck", "llinks", "llinkslib", "prlinks"}
_COMMANDS = {"", "neighbor", "neighbor_score", "neighbor_history"} | _BY_ID
_MOST = 100  # neighbours
_FIVE = 5
_SCALE = 1_000_000  # PubMed's scores are whole numbers of this order

Keep = Callable[[Sequence[int]], tuple[int, str]]


def linked(
    reader: Reader,
    params: Parameters,
    groups: Sequence[Sequence[int]],
    view: View,
    today: date,
    keep: Keep,
) -> Response:
    """Answer an ELink request about `groups` of PMIDs; `keep` puts PMIDs into the history."""
    command = one(params, "cmd").lower()
    names = _names(params)
    if command not in _COMMANDS:
        raise Unmodelled(f"cmd={command[:50]}", "not modelled", f"Use one of {', '.join(sorted(_COMMANDS))}")
    if not any(groups):
        raise ApiError("ID list is empty! Possibly it has no correct IDs.", 400)
    finder = _Finder(reader.corpus, view, _allowed(reader, params, view, today))
    if command in _BY_ID:
        asked = [pmid for group in groups for pmid in group]
        return link_answers.by_id(command, [finder.about(pmid) for pmid in asked], in_json=in_json(params))
    sets = [(group, [LinkSet(each, finder.find(each, group)) for each in names]) for group in groups]
    if command == "neighbor_history":
        return link_answers.history(sets, keep)
    return link_answers.sets(sets, scored=command == "neighbor_score", in_json=in_json(params))


def _names(params: Parameters) -> list[str]:
    """The links asked for, by linkname or by database."""
    databases = [each.strip().lower() for each in (one(params, "db") or "pubmed").split(",")]
    names = [each.strip() for each in one(params, "linkname").split(",") if each.strip()]
    unknown = {*names} - {*_TO_PUBMED, *_TO_PMC}
    if unknown or not {*databases} <= {*_NAMES, "all"}:
        raise Unmodelled(
            f"db={','.join(databases)[:50]}, linkname={','.join(names)[:50]}",
            "no such links here",
            f"Use {', '.join(_TO_PUBMED)}, pubmed_pmc",
        )
    if names:
        return names
    return [name for base, own in _NAMES.items() if base in databases or "all" in databases for name in own]


def _allowed(reader: Reader, params: Parameters, view: View, today: date) -> set[int] | None:
    """The PMIDs that `term` and the dates allow; None for all."""
    term, days = one(params, "term"), window(params, today)
    if not (term or days):
        return None
    docs = reader.search(term or "all[sb]", view, today, window=days).docs
    return {int(pmid) for pmid in reader.corpus.pmids[docs]}


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

    def of(self, name: str, pmid: int, doc: int) -> list[tuple[int, int]]:  # noqa: PLR0911 - a list of links
        """The links of one record."""
        match name:
            case "pubmed_pubmed_citedin":
                citing = self.view.seen(self.corpus.citing(pmid))
                return [(int(other), 0) for other in self.corpus.pmids[citing]]
            case "pubmed_pubmed_refs":
                cited = {each.pmid for each in self.article(doc).references if each.pmid}
                return [(other, 0) for other in sorted(cited) if self.view.of([other])]
            case "pubmed_pmc" | "pubmed_pmc_local":
                pmcid = self.article(doc).pmcid
                return [(int(pmcid.removeprefix("PMC")), 0)] if pmcid else []
            case "pubmed_pmc_refs":
                articles = [self.article(int(each)) for each in self.view.seen(self.corpus.citing(pmid))]
                return [(int(each.pmcid.removeprefix("PMC")), 0) for each in articles if each.pmcid]
            case "pubmed_pubmed_five":
                return self.similar(doc)[: _FIVE + 1]
            case "pubmed_pubmed_reviews" | "pubmed_pubmed_reviews_five":
                reviews = {*self.corpus.having("pt", ["review"]).tolist()}
                found = [link for link in self.similar(doc) if self.view.of([link[0]])[0] in reviews]
                return found[:_FIVE] if name.endswith("five") else found
            case _:
                return self.similar(doc)

    def article(self, doc: int) -> Article:
        """A record, which was readable when it was loaded."""
        article = read(self.corpus.raw([doc])[0])
        assert isinstance(article, Article)  # noqa: S101 - what is refused has no doc
        return article

    def about(self, pmid: int) -> IdLinks:
        """Which links a PMID has, and where its article can be read."""
        docs = self.view.of([pmid])
        article = self.article(docs[0]) if docs else None
        names = [name for own in _NAMES.values() for name in own if docs and self.of(name, pmid, docs[0])]
        urls = []
        if article and article.doi:
            urls.append((f"https://doi.org/{article.doi}", "doi.org", "subscription/membership/fee required"))
        if article and article.pmcid:
            page = f"https://www.ncbi.nlm.nih.gov/pmc/articles/{article.pmcid}/"
            urls.append((page, "PubMed Central", "free resource"))
        return IdLinks(pmid, names, urls)

    def similar(self, doc: int) -> list[tuple[int, int]]:
        """Neighbours with their scores, the record itself first."""
        article, corpus, total = self.article(doc), self.corpus, len(self.view.docs)
        shared = {*words(article.title)} - STOP_WORDS
        shared |= {word for keyword in article.keywords for word in words(keyword.text)} - STOP_WORDS
        sharers = [corpus.phrase(("ti", "ot"), [[word]]) for word in shared]
        sharers += [corpus.having("mh", [plain(heading.name)]) for heading in article.mesh]
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
