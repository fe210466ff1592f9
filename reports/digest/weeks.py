"""How many articles each week told under each question: over watched weeks, from three on. Pure."""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from reports.digest.record import Digest, ReadersQuestion

LEAST: Final = 3  # weeks, of which a trend can be seen
MOST: Final = 8
_TINTS: Final = 4


class WeeklyCounts(NamedTuple):
    """The counts of a question by ISO week, this week last; `numbers` are the weeks'."""

    question: ReadersQuestion
    numbers: tuple[int, ...]
    counts: tuple[int, ...]


def weeks(digest: Digest) -> tuple[WeeklyCounts, ...]:
    """A row a question, a column a week that had a digest; none while there are fewer than LEAST."""
    this = digest.until.isocalendar()[:2]
    told = Counter((each.week, each.question) for each in digest.past)
    told.update((this, entry.question) for entry in digest.entries)
    watched = sorted({this, *digest.watched})[-MOST:]
    if len(watched) < LEAST:
        return ()
    numbers = tuple(week for _, week in watched)
    return tuple(
        WeeklyCounts(question, numbers, tuple(told[week, question.key] for week in watched))
        for question in digest.questions
        if any(told[week, question.key] for week in watched)
    )


def tint(count: int, rows: Sequence[WeeklyCounts]) -> int:
    """How dark a cell is, from 0 to 3: by the largest of the table."""
    most = max(max(row.counts) for row in rows)
    return min(_TINTS - 1, count * _TINTS // max(most, 1))
