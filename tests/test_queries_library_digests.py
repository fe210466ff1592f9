"""The second commit point: what waits, what a digest decided, and that nothing is told twice."""

from dataclasses import replace

import pytest
from support.library_samples import (
    NOW,
    WATCH,
    WEEK,
    article,
    decision,
    harvest,
    issue,
    pmid,
)

from queries.errors import LedgerError
from queries.library import Library
from queries.records.digest import Flow, Kind, Outcome
from queries.records.harvest import Lane, Sighting

LATER = NOW + WEEK


def test_unreported_is_what_was_seen_stored_and_not_decided(library: Library) -> None:
    absent = Sighting("TFR", Lane.NEW, pmid(9))
    brought = harvest(1, 2, 3, 4, 5)
    library.remember(replace(brought, sightings=(*brought.sightings, absent)), NOW)
    library.bury(pmid(5), None, "DeleteCitation", NOW)
    told, held, below = decision(1), decision(2, Outcome.HELD), decision(3, Outcome.BELOW)
    library.record(issue(1, told, held, below))
    assert library.unreported(WATCH) == {pmid(2), pmid(4)}
    assert library.seen(WATCH) == {*map(pmid, (1, 2, 3, 4, 5, 9))}
    assert library.seen(WATCH, [pmid(9), pmid(7)]) == {pmid(9)}


def test_found_counts_what_was_seen_since_and_what_still_waits(library: Library) -> None:
    library.remember(harvest(1, 2, 3), NOW)
    library.record(issue(1, decision(1), decision(2, Outcome.HELD), decision(3)))
    library.remember(harvest(3, 4, at=LATER), LATER)
    assert library.found(WATCH, NOW) == {pmid(2), pmid(3), pmid(4)}
    assert library.found(WATCH, None) == {*map(pmid, (1, 2, 3, 4))}


def test_a_baseline_is_known_and_never_told(library: Library) -> None:
    library.remember(harvest(1, 2, 3), NOW)
    assert library.baseline(WATCH, NOW, [pmid(1), pmid(8)]) == 1
    assert library.unreported(WATCH) == {pmid(2), pmid(3)}
    assert library.baseline(WATCH, NOW) == 2
    assert library.unreported(WATCH) == set()
    assert library.next_number(WATCH) == 1
    assert library.last_digest(WATCH) is None


def test_a_digest_is_recorded_whole(library: Library) -> None:
    library.remember(harvest(1, 2), NOW)
    first = issue(1, decision(1, score=0.5, position=1), decision(2, Outcome.BELOW, score=0.1))
    library.record(first)
    kept = library.last_digest(WATCH)
    assert kept is not None
    assert (kept.number, kept.flow, kept.subject, kept.body) == (1, first.flow, first.subject, first.body)
    assert library.next_number(WATCH) == 2
    assert [(row.pmid, row.work, row.number) for row in library.told(WATCH)] == [(pmid(1), pmid(1), 1)]
    assert [d.decision for d in library.decisions(WATCH, [pmid(1), pmid(2)])] == list(first.decisions)
    (score,) = library.scores(WATCH, [pmid(1)])
    assert (score.ranker, score.parts) == ("tfidf-1", first.scores[0].parts)
    assert [(each.number, each.recipient, each.state) for each in library.due(WATCH, NOW)] == [
        (1, recipient, "planned") for recipient in ("ada", "bo")
    ]


def test_a_digest_recorded_again_changes_nothing(library: Library) -> None:
    first = issue(1, decision(1))
    library.record(first)
    library.record(first)
    assert len(library.digests(WATCH)) == len(library.told(WATCH)) == 1
    assert len(library.deliveries(WATCH)) == 2


@pytest.mark.parametrize(
    ("flow", "words"),
    [(Flow(3, 0, 0, 0, 0, 1), "found 3"), (Flow(1, 0, 0, 1, 0, 0), "below is 1 .* 0 in its decisions")],
)
def test_a_flow_line_that_does_not_add_up_is_refused_whole(library: Library, flow: Flow, words: str) -> None:
    with pytest.raises(LedgerError, match=words):
        library.record(issue(1, decision(1), flow=flow))
    assert library.digests(WATCH) == ()
    assert library.deliveries(WATCH) == ()


def test_an_update_to_a_known_paper_is_not_counted_as_told(library: Library) -> None:
    library.record(issue(1, decision(1)))
    known, update = decision(1, Outcome.KNOWN), decision(1, kind=Kind.RETRACTION)
    second = issue(2, known, update, at=LATER, flow=Flow(1, 1, 0, 0, 0, 0))
    library.record(second)
    assert [(row.number, row.kind) for row in library.told(WATCH)] == [(1, "new"), (2, "retraction")]


def test_a_paper_newly_relevant_after_indexing_is_told_once(library: Library) -> None:
    library.record(issue(1, decision(1, Outcome.BELOW)))
    library.record(issue(2, decision(1, kind=Kind.REINDEXED), at=LATER))
    with pytest.raises(LedgerError, match="was told before"):
        library.record(issue(3, decision(1, kind=Kind.REINDEXED), at=LATER + WEEK))


def test_a_work_is_never_told_twice_as_new(library: Library) -> None:
    library.remember(harvest(1, 2, articles=(article(1), article(2, doi="10.5555/sample.1"))), NOW)
    with pytest.raises(LedgerError, match=str(pmid(2))):
        library.record(issue(1, decision(1), decision(2)))
    library.record(issue(1, decision(1)))
    with pytest.raises(LedgerError, match="was told before"):
        library.record(issue(2, decision(2), at=LATER))
    assert len(library.digests(WATCH)) == 1


def test_two_runs_do_not_make_the_same_number(library: Library) -> None:
    library.record(issue(1, decision(1)))
    with pytest.raises(LedgerError, match="next digest is number 2"):
        library.record(issue(1, decision(2), at=LATER))


def test_the_newest_verdict_of_a_reader_counts(library: Library) -> None:
    library.judge(WATCH, {pmid(1): True, pmid(2): True}, NOW, "ada")
    library.judge(WATCH, {pmid(1): False}, LATER, "bo")
    assert library.feedback(WATCH) == {pmid(1): False, pmid(2): True}
    assert len(library.verdicts(WATCH)) == 3


def test_what_was_seen_again_after_it_was_decided_waits_no_more(library: Library) -> None:
    library.remember(harvest(1, 2), NOW)
    library.record(issue(1, decision(1), decision(2, Outcome.HELD)))
    library.remember(harvest(1, 2, at=LATER), LATER)
    assert library.unreported(WATCH) == {pmid(2)}
    library.baseline(WATCH, LATER)
    assert library.unreported(WATCH) == set()
