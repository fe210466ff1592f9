"""`seedwatch rank`: the records of any export, best first."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from queries.ranking import Hits, Ranker, SeedSet
from queries.readers.export import ExportRecord
from queries.records.digest import Part


class Row(NamedTuple):
    """A line of the answer: the record's id in its export, 0 to 1, why in words, and the score's parts."""

    id: str
    score: float
    why: str
    parts: tuple[Part, ...]


def ranked(
    candidates: Sequence[ExportRecord],
    seeds: Iterable[ExportRecord],
    keywords: tuple[str, ...] = (),
    hits: Hits | None = None,
) -> tuple[Row, ...]:
    """Every candidate once, best first; `keywords` and `hits` are a watch's, if one is to help."""
    names = {entry.article.pmid: entry.id for entry in candidates}
    known = SeedSet(keywords=keywords, more=tuple(entry.article for entry in seeds))
    scored = Ranker(known, hits=hits).score([entry.article for entry in candidates])
    return tuple(Row(names[one.pmid], one.score, one.why, one.parts) for one in scored)
