"""How many of a digest's articles its readers found useful, of those that they judged."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from queries.records.library import Told


@dataclass(frozen=True, slots=True)
class Judged:
    """Of digest `number`, so many of the articles that readers judged were useful to them."""

    number: int
    useful: int
    judged: int


def precision(told: Iterable[Told], feedback: Mapping[int, bool]) -> tuple[Judged, ...]:
    """The digests with verdicts, oldest first; `feedback` is the newest verdict on each PMID.

    Updates to articles that were told before do not count.
    """
    articles = {(row.number, row.pmid) for row in told if not row.kind.is_update and row.pmid in feedback}
    judged = Counter(number for number, _ in articles)
    useful = Counter(number for number, pmid in articles if feedback[pmid])
    return tuple(Judged(number, useful[number], judged[number]) for number in sorted(judged))


def words(digest: Judged) -> str:
    """The figure in words: "5 of 6 judged useful"."""
    return f"{digest.useful} of {digest.judged} judged useful"
