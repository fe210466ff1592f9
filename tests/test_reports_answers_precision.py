"""What readers said of past digests, in status and on the site."""

import json
from datetime import UTC, datetime

from support.reports_samples import watch

from queries.records.digest import Kind
from queries.records.library import Told
from reports.answers.precision import Judged, precision
from reports.answers.status import judge, lines
from reports.answers.status_json import as_json

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def told(number: int, *pmids: int, kind: Kind = Kind.NEW) -> list[Told]:
    """What digest `number` told."""
    return [Told(pmid, pmid, number, NOW, kind) for pmid in pmids]


def test_each_digest_with_verdicts_says_how_many_were_useful() -> None:
    rows = [*told(1, 1, 2), *told(2, 3), *told(3, 4, 5, 6, 7)]
    assert precision(rows, {2: False, 4: True, 5: True, 6: False, 99: True}) == (
        Judged(1, 0, 1),
        Judged(3, 2, 3),
    )


def test_a_verdict_counts_where_the_article_was_told_and_not_where_its_retraction_was() -> None:
    rows = [*told(1, 1), *told(2, 1, kind=Kind.RETRACTION), *told(3, 2, kind=Kind.REINDEXED)]
    assert precision(rows, {1: True, 2: True}) == (Judged(1, 1, 1), Judged(3, 1, 1))


def test_status_tells_the_last_five_and_its_json_all() -> None:
    judged = [Judged(number, number - 1, number) for number in range(1, 8)]
    status = judge(
        watch(), NOW, runs=(), coverage=(), pending=(), deliveries=(), watermarks=(), judged=judged
    )
    (line,) = (line.strip() for line in lines(status) if "judged" in line)
    assert line == "readers: " + "; ".join(f"digest {n} {n - 1} of {n} judged useful" for n in range(3, 8))
    shown = json.loads(as_json([status]))[0]["judged"]
    assert (len(shown), shown[-1]) == (7, {"number": 7, "useful": 6, "judged": 7})
