"""The library's three commit points and the questions asked between them."""

import gzip
import io
import os
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from support.library_samples import (
    NOW,
    SENT,
    WATCH,
    WEEK,
    article,
    decision,
    delivery,
    harvest,
    issue,
    line,
    pmid,
)

from queries.library import Library
from queries.library.rows import decode, encode
from queries.library.works import keep_links
from queries.readers.pubmed_xml import parse
from queries.records.article import Article, Heading, Link, Passage
from queries.records.digest import Outcome
from queries.records.harvest import Lane, Missing, Refusal, Sighting, Watermark
from queries.records.library import Remembered

LATER = NOW + WEEK


def test_remembers_what_it_was_told_as_it_was(library: Library) -> None:
    rich = article(
        1,
        abstract=(Passage("Results", "RESULTS", "p < 0.05 · µ", "p &lt; 0.05 · µ"),),
        created=NOW.replace(tzinfo=None),
        revised=date(2026, 11, 2),
        links=(Link("ErratumIn", None, "Sample J", ""),),
    )
    library.remember(harvest(1, 2, articles=(rich, article(2))), NOW)
    assert library.articles([pmid(2), pmid(7), pmid(1)]) == [article(2), rich]
    assert library.unknown([pmid(1), pmid(7)]) == {pmid(7)}


def test_says_what_is_new_changed_and_known(library: Library) -> None:
    assert library.remember(harvest(1, 2), NOW) == Remembered((pmid(1), pmid(2)), (), ())
    again = harvest(2, 3, at=LATER, sightings=(Sighting("TFR", Lane.NEW, pmid(1)),))
    again = replace(again, articles=(article(2, title="Corrected"), article(3)))
    assert library.remember(again, LATER) == Remembered((pmid(3),), (pmid(2),), (pmid(1),))


def test_a_revision_says_what_changed_and_what_it_was(library: Library) -> None:
    library.remember(harvest(1), NOW)
    revised = article(
        1,
        title="A better title",
        mesh=(Heading("D000000", "Sample heading", major=True),),
        links=(Link("RetractionIn", 5, "", ""),),
        doi="",
    )
    for _ in range(2):
        library.remember(harvest(1, at=LATER, articles=(revised,)), LATER)
    (revision,) = library.revisions([pmid(1)])
    assert revision.at == LATER
    assert set(revision.words) == {"title changed", "MeSH arrived", "RetractionIn arrived", "DOI gone"}
    assert revision.before == {
        "title": "Sample article 1",
        "mesh": [],
        "links": [],
        "doi": "10.5555/sample.1",
    }
    assert library.revisions([pmid(1)], after=LATER) == ()


def test_knows_when_a_record_was_fetched_first_and_last(library: Library) -> None:
    library.remember(harvest(1), NOW)
    library.remember(harvest(1, at=LATER), LATER)
    fetched = library.fetched([pmid(1)])[pmid(1)]
    assert (fetched.first, fetched.last) == (NOW, LATER)


def test_a_watermark_never_moves_back(library: Library) -> None:
    days = (date(2026, 11, 2), date(2026, 10, 1), date(2026, 11, 3))
    seen = []
    for shift, day in enumerate(days):
        library.remember(harvest(at=NOW + shift * WEEK, watermarks=(Watermark("TFR", Lane.NEW, day),)), NOW)
        seen.append(library.watermarks(WATCH)[0].until)
    assert seen == [days[0], days[0], days[2]]


def test_a_lane_that_failed_leaves_its_watermark_where_it_was(library: Library) -> None:
    library.remember(harvest(1), NOW)
    failed = line(date(2026, 11, 2), count=7, received=3, error="outage")
    library.remember(harvest(at=LATER, watermarks=(), lines=(failed,), trouble=("outage",)), LATER)
    assert library.watermarks(WATCH) == (Watermark("TFR", Lane.NEW, NOW.date()),)
    assert [run.trouble for run in library.runs(WATCH)] == [(), ("outage",)]


def test_what_was_missing_or_unreadable_waits_until_it_comes(library: Library) -> None:
    gone = harvest(missing=(Missing(pmid(1), "not returned"),), refused=(Refusal(pmid(2), "cut off"),))
    library.remember(gone, NOW)
    library.remember(replace(gone, started=LATER, refused=(Refusal(None, "no PMID"),)), LATER)
    first, second = library.pending(WATCH)
    assert (first.pmid, first.tries, first.first_asked, first.last_asked) == (pmid(1), 2, NOW, LATER)
    assert (second.pmid, second.tries, second.reason) == (pmid(2), 1, "not readable: cut off")
    library.remember(harvest(1, 2, at=LATER), LATER)
    assert library.pending(WATCH) == ()


def test_sightings_keep_the_first_and_the_last_time(library: Library) -> None:
    library.remember(harvest(1), NOW)
    library.remember(harvest(1, at=LATER), LATER)
    (seen,) = library.sightings(WATCH, [pmid(1)])
    assert (seen.topic, seen.lane, seen.first, seen.last) == ("TFR", Lane.NEW, NOW, LATER)


def test_the_ledger_comes_back_line_by_line(library: Library) -> None:
    lines = (
        line(date(2026, 10, 1), translation="a[All Fields]", warnings=("phrase not found",), count=2),
        replace(line(date(2026, 10, 1)), topic="similar", lane=Lane.SIMILAR, window=None, error="links down"),
    )
    library.remember(harvest(lines=lines), NOW)
    assert set(library.ledger(WATCH)) == set(lines)
    assert library.translations(WATCH) == {("TFR", Lane.NEW): "a[All Fields]"}


def test_the_newest_translation_counts(library: Library) -> None:
    for shift, text in ((1, "new"), (0, "old")):
        at = NOW + shift * WEEK
        library.remember(harvest(at=at, lines=(line(date(2026, 10, 1), translation=text),)), at)
    assert library.translations(WATCH) == {("TFR", Lane.NEW): "new"}


def test_stored_terms_are_forgotten_when_the_record_changes(library: Library) -> None:
    library.remember(harvest(1, 2), NOW)
    library.keep_vectors("v1", {pmid(1): ([3, 1 << 40], [2, 1]), pmid(2): ([], [])})
    library.keep_vectors("v1", {pmid(2): ([4], [1])})
    library.remember(harvest(1, at=LATER, articles=(article(1, title="Other"),)), LATER)
    assert library.vectors("v1", [pmid(1), pmid(2)]) == {pmid(2): ([4], [1])}
    assert library.vectors("v2", [pmid(2)]) == {}


def test_history_tells_every_stage_of_an_article(library: Library) -> None:
    library.remember(harvest(1, 2), NOW)
    library.record(issue(1, decision(1), decision(2, Outcome.BELOW)))
    library.acknowledge(WATCH, delivery(1, "ada"), SENT, NOW)
    library.judge(WATCH, {pmid(1): True}, NOW)
    keep_links(library, [(pmid(1), pmid(2), "title", "0.99")], NOW)
    library.bury(pmid(1), pmid(2), "DeleteCitation", LATER)
    told = library.history(WATCH, pmid(1))
    assert told.article == article(1)
    assert (told.work, told.pending, len(told.seen), len(told.links)) == (pmid(1), None, 1, 1)
    assert [d.state for d in told.deliveries] == ["sent", "planned"]
    assert told.scores[0].why == "shares sample"
    assert told.verdicts[0].relevant
    assert told.tombstone is not None
    assert told.tombstone.successor == pmid(2)


def test_history_of_an_unknown_pmid_is_empty(library: Library) -> None:
    told = library.history(WATCH, 5)
    assert told.article is None
    assert (told.seen, told.decisions, told.deliveries, told.tombstone) == ((), (), (), None)


def test_watches_do_not_see_each_other(library: Library) -> None:
    library.remember(harvest(1, missing=(Missing(pmid(2), "late"),)), NOW)
    library.record(issue(1, decision(1)))
    other = "other"
    assert library.unreported(other) == set()
    assert not any(
        (library.watermarks(other), library.pending(other), library.told(other), library.digests(other))
    )
    library.remember(harvest(1, at=LATER, watch=other), LATER)
    assert library.unreported(other) == {pmid(1)}


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
        with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library.duckdb") as library:
            for week, (found, title, missing) in enumerate(weeks):
                brought = harvest(
                    *found,
                    at=NOW + week * WEEK,
                    articles=tuple(article(n, title=title, doi="10.5555/shared") for n in found),
                    missing=tuple(Missing(pmid(n), "not returned") for n in missing if n not in found),
                )
                for _ in range(times):
                    library.remember(brought, brought.started)
            everything = [pmid(n) for n in range(1, 7)]
            return [
                library.articles(everything), library.revisions(everything), library.fetched(everything),
                library.sightings(WATCH, everything), library.pending(WATCH), library.ledger(WATCH),
                library.runs(WATCH), library.watermarks(WATCH), library.links(),
                library.unreported(WATCH), library.coverage(WATCH, LATER),
            ]  # fmt: skip

    assert answers(1) == answers(2)


def test_the_latest_run_is_the_one_that_ran_last_whatever_its_clock_said(library: Library) -> None:
    for moment in (NOW, NOW + timedelta(days=3652), NOW + timedelta(days=1)):
        library.ran(WATCH, "digest", moment, moment)
    assert [run.started for run in library.runs(WATCH)][-1] == NOW + timedelta(days=1)


def test_a_retried_harvest_is_no_second_run(library: Library) -> None:
    brought = harvest(1, missing=(Missing(pmid(2), "late"),))
    library.remember(brought, NOW)
    library.remember(brought, NOW + timedelta(minutes=1))
    assert len(library.runs(WATCH)) == 1
    assert library.pending(WATCH)[0].tries == 1


def test_counted_terms_come_back_as_they_were_kept(library: Library) -> None:
    rows = {pmid(1): ([0, 7, 1 << 34], [1, 65_535, 3]), pmid(2): ([], [])}
    library.keep_vectors("1", rows)
    library.keep_vectors("1", {pmid(2): ([5], [1])})
    assert library.vectors("1", [pmid(1), pmid(2), pmid(3)]) == rows | {pmid(2): ([5], [1])}
    assert library.vectors("2", [pmid(1)]) == {}


@pytest.mark.skipif(not os.environ.get("SEEDWATCH_REAL_DATA"), reason="SEEDWATCH_REAL_DATA names no folder")
def test_every_real_record_comes_back_and_is_written_as_it_ever_was() -> None:
    """Records that earlier versions wrote by pydantic are read alike, and do not look changed."""
    earlier = TypeAdapter(Article)
    folder = Path(os.environ["SEEDWATCH_REAL_DATA"])
    files = [*folder.glob("pubmed/*.xml.gz"), *folder.glob("cml/*.xml.gz")]
    texts = (io.BytesIO(gzip.decompress(file.read_bytes())) for file in files)
    records = [record for text in texts for record in parse(text) if isinstance(record, Article)]
    assert len(records) > 2_000
    for record in records:
        text = encode(record)
        assert decode(text) == record
        assert text == earlier.dump_json(record, exclude_defaults=True).decode()
