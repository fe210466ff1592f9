"""The library's three commit points and the questions asked between them."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.library_samples import NOW, WATCH, WEEK, article, decision, harvest, issue, line, pmid

from queries.errors import InputError, LedgerError
from queries.library import Store
from queries.records.article import Heading, Link, Passage
from queries.records.digest import DeliveryState, Flow, Kind, Outcome, Owed, Receipt
from queries.records.harvest import Lane, Missing, Refusal, Sighting, Watermark
from queries.records.library import Remembered

LATER, ADA = NOW + WEEK, Receipt("ada", DeliveryState.SENT, "<1@sample>")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "library.duckdb") as opened:
        yield opened


def test_remembers_what_it_was_told_as_it_was(store: Store) -> None:
    rich = article(
        1,
        abstract=(Passage("Results", "RESULTS", "p < 0.05 · µ", "p &lt; 0.05 · µ"),),
        created=NOW.replace(tzinfo=None),
        revised=date(2026, 11, 2),
        links=(Link("ErratumIn", None, "Sample J", ""),),
    )
    store.remember(harvest(1, 2, articles=(rich, article(2))), NOW)
    assert store.articles([pmid(2), pmid(7), pmid(1)]) == [article(2), rich]
    assert store.unknown([pmid(1), pmid(7)]) == {pmid(7)}


def test_says_what_is_new_changed_and_known(store: Store) -> None:
    assert store.remember(harvest(1, 2), NOW) == Remembered((pmid(1), pmid(2)), (), ())
    again = harvest(2, 3, at=LATER, sightings=(Sighting("TFR", Lane.NEW, pmid(1)),))
    again = replace(again, articles=(article(2, title="Corrected"), article(3)))
    assert store.remember(again, LATER) == Remembered((pmid(3),), (pmid(2),), (pmid(1),))


def test_a_revision_says_what_changed_and_what_it_was(store: Store) -> None:
    store.remember(harvest(1), NOW)
    revised = article(
        1,
        title="A better title",
        mesh=(Heading("D000000", "Sample heading", major=True),),
        links=(Link("RetractionIn", 5, "", ""),),
        doi="",
    )
    for _ in range(2):
        store.remember(harvest(1, at=LATER, articles=(revised,)), LATER)
    (revision,) = store.revisions([pmid(1)])
    assert revision.at == LATER
    assert set(revision.words) == {"title changed", "MeSH arrived", "RetractionIn arrived", "DOI gone"}
    assert revision.before == {
        "title": "Sample article 1",
        "mesh": [],
        "links": [],
        "doi": "10.5555/sample.1",
    }
    assert store.revisions([pmid(1)], after=LATER) == ()


def test_knows_when_a_record_was_fetched_first_and_last(store: Store) -> None:
    store.remember(harvest(1), NOW)
    store.remember(harvest(1, at=LATER), LATER)
    fetched = store.fetched([pmid(1)])[pmid(1)]
    assert (fetched.first, fetched.last) == (NOW, LATER)


def test_a_watermark_never_moves_back(store: Store) -> None:
    days = (date(2026, 11, 2), date(2026, 10, 1), date(2026, 11, 3))
    seen = []
    for shift, day in enumerate(days):
        store.remember(harvest(at=NOW + shift * WEEK, watermarks=(Watermark("TFR", Lane.NEW, day),)), NOW)
        seen.append(store.watermarks(WATCH)[0].until)
    assert seen == [days[0], days[0], days[2]]


def test_a_lane_that_failed_leaves_its_watermark_where_it_was(store: Store) -> None:
    store.remember(harvest(1), NOW)
    failed = line(date(2026, 11, 2), count=7, received=3, error="outage")
    store.remember(harvest(at=LATER, watermarks=(), lines=(failed,), trouble=("outage",)), LATER)
    assert store.watermarks(WATCH) == (Watermark("TFR", Lane.NEW, NOW.date()),)
    assert [run.trouble for run in store.runs(WATCH)] == [(), ("outage",)]


def test_what_was_missing_or_unreadable_waits_until_it_comes(store: Store) -> None:
    gone = harvest(missing=(Missing(pmid(1), "not returned"),), refused=(Refusal(pmid(2), "cut off"),))
    store.remember(gone, NOW)
    store.remember(replace(gone, started=LATER, refused=(Refusal(None, "no PMID"),)), LATER)
    first, second = store.pending(WATCH)
    assert (first.pmid, first.tries, first.first_asked, first.last_asked) == (pmid(1), 2, NOW, LATER)
    assert (second.pmid, second.tries, second.reason) == (pmid(2), 1, "not readable: cut off")
    store.remember(harvest(1, 2, at=LATER), LATER)
    assert store.pending(WATCH) == ()


def test_sightings_keep_the_first_and_the_last_time(store: Store) -> None:
    store.remember(harvest(1), NOW)
    store.remember(harvest(1, at=LATER), LATER)
    (seen,) = store.sightings(WATCH, [pmid(1)])
    assert (seen.topic, seen.lane, seen.first, seen.last) == ("TFR", Lane.NEW, NOW, LATER)


def test_the_ledger_comes_back_line_by_line(store: Store) -> None:
    lines = (
        line(date(2026, 10, 1), translation="a[All Fields]", warnings=("phrase not found",), count=2),
        replace(line(date(2026, 10, 1)), topic="similar", lane=Lane.SIMILAR, window=None, error="links down"),
    )
    store.remember(harvest(lines=lines), NOW)
    assert set(store.ledger(WATCH)) == set(lines)
    assert store.translations(WATCH) == {("TFR", Lane.NEW): "a[All Fields]"}


def test_the_newest_translation_counts(store: Store) -> None:
    for shift, text in ((1, "new"), (0, "old")):
        at = NOW + shift * WEEK
        store.remember(harvest(at=at, lines=(line(date(2026, 10, 1), translation=text),)), at)
    assert store.translations(WATCH) == {("TFR", Lane.NEW): "new"}


def test_unreported_is_what_was_seen_stored_and_not_decided(store: Store) -> None:
    absent = Sighting("TFR", Lane.NEW, pmid(9))
    brought = harvest(1, 2, 3, 4, 5)
    store.remember(replace(brought, sightings=(*brought.sightings, absent)), NOW)
    store.bury(pmid(5), None, "DeleteCitation", NOW)
    told, held, below = decision(1), decision(2, Outcome.HELD), decision(3, Outcome.BELOW)
    store.record(issue(1, told, held, below))
    assert store.unreported(WATCH) == {pmid(2), pmid(4)}
    assert store.seen(WATCH) == {*map(pmid, (1, 2, 3, 4, 5, 9))}


def test_found_counts_what_was_seen_since_and_what_still_waits(store: Store) -> None:
    store.remember(harvest(1, 2, 3), NOW)
    store.record(issue(1, decision(1), decision(2, Outcome.HELD), decision(3)))
    store.remember(harvest(3, 4, at=LATER), LATER)
    assert store.found(WATCH, NOW) == {pmid(2), pmid(3), pmid(4)}
    assert store.found(WATCH, None) == {*map(pmid, (1, 2, 3, 4))}


def test_a_baseline_is_known_and_never_told(store: Store) -> None:
    store.remember(harvest(1, 2, 3), NOW)
    assert store.baseline(WATCH, NOW, [pmid(1), pmid(8)]) == 1
    assert store.unreported(WATCH) == {pmid(2), pmid(3)}
    assert store.baseline(WATCH, NOW) == 2
    assert store.unreported(WATCH) == set()
    assert store.next_number(WATCH) == 1
    assert store.last_digest(WATCH) is None


def test_a_digest_is_recorded_whole(store: Store) -> None:
    store.remember(harvest(1, 2), NOW)
    first = issue(1, decision(1, score=0.5, position=1), decision(2, Outcome.BELOW, score=0.1))
    store.record(first)
    kept = store.last_digest(WATCH)
    assert kept is not None
    assert (kept.number, kept.flow, kept.subject, kept.body) == (1, first.flow, first.subject, first.body)
    assert store.next_number(WATCH) == 2
    assert [(row.pmid, row.work, row.number) for row in store.told(WATCH)] == [(pmid(1), pmid(1), 1)]
    assert [d.decision for d in store.decisions(WATCH, [pmid(1), pmid(2)])] == list(first.decisions)
    (score,) = store.scores(WATCH, [pmid(1)])
    assert (score.ranker, score.parts) == ("tfidf-1", first.scores[0].parts)
    assert store.owed(WATCH) == [
        Owed(1, recipient, DeliveryState.PLANNED, first.body, 0) for recipient in ("ada", "bo")
    ]


def test_a_digest_recorded_again_changes_nothing(store: Store) -> None:
    first = issue(1, decision(1))
    store.record(first)
    store.record(first)
    assert len(store.digests(WATCH)) == len(store.told(WATCH)) == 1
    assert len(store.owed(WATCH)) == 2


@pytest.mark.parametrize(
    ("flow", "words"),
    [(Flow(3, 0, 0, 0, 0, 1), "found 3"), (Flow(1, 0, 0, 1, 0, 0), "below is 1 .* 0 in its decisions")],
)
def test_a_flow_line_that_does_not_add_up_is_refused_whole(store: Store, flow: Flow, words: str) -> None:
    with pytest.raises(LedgerError, match=words):
        store.record(issue(1, decision(1), flow=flow))
    assert store.digests(WATCH) == ()
    assert store.owed(WATCH) == []


def test_an_update_to_a_known_paper_is_not_counted_as_told(store: Store) -> None:
    store.record(issue(1, decision(1)))
    known, update = decision(1, Outcome.KNOWN), decision(1, kind=Kind.RETRACTION)
    second = issue(2, known, update, at=LATER, flow=Flow(1, 1, 0, 0, 0, 0))
    store.record(second)
    assert [(row.number, row.kind) for row in store.told(WATCH)] == [(1, "new"), (2, "retraction")]


def test_a_paper_newly_relevant_after_indexing_is_told_once(store: Store) -> None:
    store.record(issue(1, decision(1, Outcome.BELOW)))
    store.record(issue(2, decision(1, kind=Kind.REINDEXED), at=LATER))
    with pytest.raises(LedgerError, match="was told before"):
        store.record(issue(3, decision(1, kind=Kind.REINDEXED), at=LATER + WEEK))


def test_a_work_is_never_told_twice_as_new(store: Store) -> None:
    store.remember(harvest(1, 2, articles=(article(1), article(2, doi="10.5555/sample.1"))), NOW)
    with pytest.raises(LedgerError, match=str(pmid(2))):
        store.record(issue(1, decision(1), decision(2)))
    store.record(issue(1, decision(1)))
    with pytest.raises(LedgerError, match="was told before"):
        store.record(issue(2, decision(2), at=LATER))
    assert len(store.digests(WATCH)) == 1


def test_two_runs_do_not_make_the_same_number(store: Store) -> None:
    store.record(issue(1, decision(1)))
    with pytest.raises(LedgerError, match="next digest is number 2"):
        store.record(issue(1, decision(2), at=LATER))


def test_a_delivery_is_taken_once_and_acknowledged_for_good(store: Store) -> None:
    store.record(issue(1, decision(1)))
    assert store.sending(WATCH, 1, "ada", NOW)
    assert not store.sending(WATCH, 1, "ada", NOW), "another run has it"
    store.acknowledge(WATCH, 1, ADA, NOW)
    store.acknowledge(WATCH, 1, replace(ADA, state=DeliveryState.FAILED, reason="late bounce"), LATER)
    assert [owed.recipient for owed in store.owed(WATCH)] == ["bo"]
    assert not store.sending(WATCH, 1, "ada", LATER)
    sent = next(d for d in store.deliveries(WATCH) if d.recipient == "ada")
    assert (sent.state, sent.message_id, sent.tries) == (DeliveryState.SENT, "<1@sample>", 1)


def test_a_failed_delivery_may_be_tried_again(store: Store) -> None:
    store.record(issue(1, decision(1)))
    store.sending(WATCH, 1, "ada", NOW)
    store.acknowledge(WATCH, 1, Receipt("ada", DeliveryState.FAILED, "", "550 refused"), NOW)
    assert store.sending(WATCH, 1, "ada", LATER)
    assert store.owed(WATCH)[0].tries == 2


def test_a_delivery_cut_off_while_sending_is_sent_again_only_by_wish(store: Store) -> None:
    store.record(issue(1, decision(1)))
    store.sending(WATCH, 1, "ada", NOW)
    assert store.settle_unknown(WATCH, LATER) == 1
    assert store.owed(WATCH)[0].state is DeliveryState.UNKNOWN
    assert not store.sending(WATCH, 1, "ada", LATER)
    store.resend(WATCH, 1, "ada", LATER)
    assert store.sending(WATCH, 1, "ada", LATER)
    with pytest.raises(InputError, match="no such delivery"):
        store.resend(WATCH, 4, "ada", LATER)


def test_the_newest_verdict_of_a_reader_counts(store: Store) -> None:
    store.judge(WATCH, {pmid(1): True, pmid(2): True}, NOW, "ada")
    store.judge(WATCH, {pmid(1): False}, LATER, "bo")
    assert store.feedback(WATCH) == {pmid(1): False, pmid(2): True}
    assert len(store.verdicts(WATCH)) == 3


def test_stored_terms_are_forgotten_when_the_record_changes(store: Store) -> None:
    store.remember(harvest(1, 2), NOW)
    store.keep_vectors("v1", {pmid(1): ([3, 1 << 40], [2, 1]), pmid(2): ([], [])})
    store.keep_vectors("v1", {pmid(2): ([4], [1])})
    store.remember(harvest(1, at=LATER, articles=(article(1, title="Other"),)), LATER)
    assert store.vectors("v1", [pmid(1), pmid(2)]) == {pmid(2): ([4], [1])}
    assert store.vectors("v2", [pmid(2)]) == {}


def test_history_tells_every_stage_of_an_article(store: Store) -> None:
    store.remember(harvest(1, 2), NOW)
    store.record(issue(1, decision(1), decision(2, Outcome.BELOW)))
    store.acknowledge(WATCH, 1, ADA, NOW)
    store.judge(WATCH, {pmid(1): True}, NOW)
    store.add_links([(pmid(1), pmid(2), "title", "0.99")], NOW)
    store.bury(pmid(1), pmid(2), "DeleteCitation", LATER)
    told = store.history(WATCH, pmid(1))
    assert told.article == article(1)
    assert (told.work, told.pending, len(told.seen), len(told.links)) == (pmid(1), None, 1, 1)
    assert [d.state for d in told.deliveries] == [DeliveryState.SENT, DeliveryState.PLANNED]
    assert told.scores[0].why == "shares sample"
    assert told.verdicts[0].relevant
    assert told.tombstone is not None
    assert told.tombstone.successor == pmid(2)


def test_history_of_an_unknown_pmid_is_empty(store: Store) -> None:
    told = store.history(WATCH, 5)
    assert told.article is None
    assert (told.seen, told.decisions, told.deliveries, told.tombstone) == ((), (), (), None)


def test_watches_do_not_see_each_other(store: Store) -> None:
    store.remember(harvest(1, missing=(Missing(pmid(2), "late"),)), NOW)
    store.record(issue(1, decision(1)))
    other = "other"
    assert store.unreported(other) == set()
    assert not any((store.watermarks(other), store.pending(other), store.told(other), store.digests(other)))
    store.remember(harvest(1, at=LATER, watch=other), LATER)
    assert store.unreported(other) == {pmid(1)}


numbers = st.lists(st.integers(1, 6), unique=True, max_size=6)
titles = st.sampled_from(["first", "second"])


@st.composite
def harvests(draw: st.DrawFn) -> list[tuple[list[int], str, list[int]]]:
    return draw(st.lists(st.tuples(numbers, titles, numbers), min_size=1, max_size=2))


@settings(max_examples=8, deadline=None)
@given(harvests())
def test_remembering_twice_is_remembering_once(weeks: list[tuple[list[int], str, list[int]]]) -> None:
    """Always: whatever the harvests, a second `remember` of each leaves every answer as it was."""

    def answers(times: int) -> list[object]:
        with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "library.duckdb") as store:
            for week, (found, title, missing) in enumerate(weeks):
                brought = harvest(
                    *found,
                    at=NOW + week * WEEK,
                    articles=tuple(article(n, title=title, doi="10.5555/shared") for n in found),
                    missing=tuple(Missing(pmid(n), "not returned") for n in missing if n not in found),
                )
                for _ in range(times):
                    store.remember(brought, brought.started)
            everything = [pmid(n) for n in range(1, 7)]
            return [
                store.articles(everything), store.revisions(everything), store.fetched(everything),
                store.sightings(WATCH, everything), store.pending(WATCH), store.ledger(WATCH),
                store.runs(WATCH), store.watermarks(WATCH), store.links(),
                store.unreported(WATCH), store.coverage(WATCH),
            ]  # fmt: skip

    assert answers(1) == answers(2)


def test_a_retried_harvest_is_no_second_run(store: Store) -> None:
    brought = harvest(1, missing=(Missing(pmid(2), "late"),))
    store.remember(brought, NOW)
    store.remember(brought, NOW + timedelta(minutes=1))
    assert len(store.runs(WATCH)) == 1
    assert store.pending(WATCH)[0].tries == 1
