"""`seedwatch rank`: the records of any export, best first; read once, as they come."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from queries.ranking import CandidateEvidence, Hits, Ranker, SeedSet
from queries.readers.export import ExportRecord
from queries.records.article import Article
from queries.records.digest import Band, Part
from queries.text.tokens import Vectors, vectorise

AT_ONCE = 1000  # records in memory; of the others are kept terms and scores


class Row(NamedTuple):
    """A line of the answer: the record's id in its export, 0 to 1, why in words, and the score's parts."""

    id: str
    score: float
    why: str
    parts: tuple[Part, ...] = ()


def ranked(
    candidates: Iterable[ExportRecord],
    seeds: Iterable[ExportRecord],
    keywords: tuple[str, ...] = (),
    hits: Hits | None = None,
    *,
    explain: bool = False,
) -> tuple[Row, ...]:
    """Every candidate once, best first; `keywords` and `hits` are a watch's, if one is to help.

    Reasons stand at what is Core or Near; with `explain` at all, and the score's parts, too.
    """
    ranker = Ranker(SeedSet(keywords=keywords, more=tuple(map(article_of, seeds))), hits=hits)
    rows: list[Row] = []
    vectors: list[Vectors] = []
    evidence: list[CandidateEvidence] = []
    for some in _batches(candidates):
        articles = [article_of(record) for record in some]
        hit = [ranker.hit(article) for article in articles]
        vectors.append(vectorise(articles))
        evidence.append(ranker.evidence(vectors[-1], hit))
        scored = ranker.explained(
            articles, vectors[-1], hit, evidence[-1], lambda score: explain or Band.of(score) is not Band.EDGE
        )
        rows += (
            Row(record.id, each.score, each.why, each.parts if explain else ())
            for record, each in zip(some, scored, strict=True)
        )
    if not rows:
        return ()
    order = ranker.order(Vectors.joined(vectors), CandidateEvidence.joined(evidence))
    return tuple(rows[place] for place in order.tolist())


def article_of(record: ExportRecord) -> Article:
    """The record's article under its own PMID, by which others cite it."""
    return replace(record.article, pmid=record.pmid) if record.pmid else record.article


def _batches(records: Iterable[ExportRecord]) -> Iterator[list[ExportRecord]]:
    stream = iter(records)
    while some := list(islice(stream, AT_ONCE)):
        yield some
