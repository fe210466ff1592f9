"""What digests told, paper by paper: each with its record as it is now, and every telling of it. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from queries.records.article import Article
from queries.records.digest import Kind
from reports.digest.record import Change, Digest, Entry


class Telling(NamedTuple):
    """A digest told of a paper: as an entry, or as a change of what was told before."""

    watch: str
    number: int
    made: datetime
    paper: Entry | Change

    @property
    def kind(self) -> Kind:
        """New, late, retraction, ..."""
        return self.paper.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldArticle:
    """A PMID that digests told, the oldest telling first; `article` is its newest record."""

    article: Article
    tellings: tuple[Telling, ...]

    @property
    def entry(self) -> Entry | None:
        """What the digest that told it as new said of it; None where it came as a change."""
        return next((each.paper for each in self.tellings if isinstance(each.paper, Entry)), None)


def tellings(digests: Iterable[Digest]) -> dict[int, tuple[Telling, ...]]:
    """Every telling by PMID, PMIDs in the order of their first one."""
    found: defaultdict[int, list[Telling]] = defaultdict(list)
    for digest in sorted(digests, key=lambda digest: (digest.made, digest.watch, digest.number)):
        papers: tuple[Entry | Change, ...] = (*digest.changes, *digest.entries)
        for paper in papers:
            found[paper.pmid].append(Telling(digest.watch, digest.number, digest.made, paper))
    return {pmid: tuple(each) for pmid, each in found.items()}


def told_articles(digests: Iterable[Digest], articles: Mapping[int, Article]) -> list[ToldArticle]:
    """What the digests told and `articles` has the record of, in the order of the first telling."""
    return [
        ToldArticle(article=articles[pmid], tellings=each)
        for pmid, each in tellings(digests).items()
        if pmid in articles
    ]
