"""What a digest decides and remembers."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.reports_samples import (
    THRESHOLD,
    article,
    candidate,
    digest,
    empty,
    harvest,
    line,
    reader,
    scored,
    watch,
    week,
)

from queries.errors import LedgerError
from queries.records.article import Link
from queries.records.digest import Flow, Kind, Outcome, Threshold
from queries.records.harvest import Lane
from queries.records.library import Span
from reports.digest import headline, wording
from reports.digest.compose import _new_queries, compose
from reports.digest.reader import for_reader
from reports.digest.record import DaysRead, TopicName, dump, load

TOLD = frozenset({90_000_700, 90_000_702})  # what the changes of the sample are about, as it was told


def test_the_flow_line_adds_up_and_every_found_pmid_has_one_decision() -> None:
    made = digest(12, watch=watch(cap=5))
    assert made.flow == Flow(found=396, known=371, merged=6, below=7, held=7, told=5)
    assert made.flow.found == sum(made.flow[1:])
    found = [row for row in made.decided if row.kind in {"new", "late"}]
    assert len({row.pmid for row in found}) == len(found) == 396


def test_every_change_is_a_decision_of_its_own_kind() -> None:
    changes = [row for row in digest().decided if row.kind not in {"new", "late"}]
    assert [(row.pmid, row.kind, row.outcome) for row in changes] == [
        (90_000_700, "retraction", Outcome.TOLD),
        (90_000_703, "published", Outcome.TOLD),
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"found": frozenset([1])},
        {"found": frozenset(), "waiting": frozenset([1]), "works": {1: 1}, "candidates": []},
        {"waiting": frozenset(), "candidates": [candidate(1, 0.9)]},
        {"candidates": [candidate(1, 0.9)] * 2},
    ],
)
def test_a_sum_that_does_not_add_up_stops_the_digest(facts: dict[str, Any]) -> None:
    with pytest.raises(LedgerError, match="PMID"):
        digest(1, **facts)


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_inputs_never_changes_a_byte(chance: random.Random) -> None:
    def mixed(things: Iterable[Any]) -> list[Any]:
        return chance.sample(list(things), k=len(list(things)))

    inputs, candidates = week(8)
    shuffled = replace(
        inputs,
        updates=tuple(mixed(inputs.updates)),
        ledger=tuple(mixed(inputs.ledger)),
        found=frozenset(mixed(inputs.found)),
        works=dict(mixed(inputs.works.items())),
    )
    first = compose(inputs, candidates, threshold=THRESHOLD)
    second = compose(shuffled, mixed(candidates), threshold=THRESHOLD)
    assert dump(first) == dump(second)


def test_equal_scores_stand_by_pmid() -> None:
    equal = [candidate(n, 0.8, "LSC") for n in (3, 1, 2)]
    made = digest(candidates=equal)
    assert [entry.pmid for entry in made.entries] == [90_000_001, 90_000_002, 90_000_003]


def test_a_score_on_the_threshold_is_told_and_one_beyond_the_cap_is_held_by_name() -> None:
    some = [candidate(1, 0.47), candidate(2, 0.5), candidate(3, 0.469)]
    made = digest(candidates=some, watch=watch(cap=1))
    assert [entry.pmid for entry in made.entries] == [90_000_002]
    assert [miss.pmid for miss in made.held] == [90_000_001]
    assert [miss.pmid for miss in made.near] == [90_000_003]


def test_a_paper_stands_by_its_place_and_shows_its_band_not_its_score() -> None:
    """The ranking knows what the candidates have in common; the score is the paper's own."""
    first, second = (
        replace(each, scored=replace(each.scored, place=place))
        for each, place in ((candidate(1, 0.82), 1), (candidate(2, 0.9), 2))
    )
    made = digest(candidates=[second, first])
    assert [entry.pmid for entry in made.entries] == [90_000_001, 90_000_002]
    assert [entry.band for entry in digest(candidates=[candidate(3, 0.6), first]).entries] == ["Core", "Near"]


def test_an_owed_digest_is_read_back_as_it_was() -> None:
    for made in (digest(), empty(), for_reader(digest(), reader(topics=("TFR",)), TOLD)):
        assert load(dump(made)) == made


def test_a_recipient_of_some_topics_gets_only_those_and_the_count_of_all() -> None:
    whole = digest(14)
    theirs = for_reader(whole, reader(topics=("Niche",)), TOLD)
    assert {entry.pmid for entry in theirs.entries} == {e.pmid for e in whole.entries if "Niche" in e.topics}
    assert 0 < len(theirs.entries) < len(whole.entries)
    assert theirs.flow == whole.flow
    assert "Four of 14 told are yours (Niche)" in headline.headline(theirs)
    assert {each.topics for each in theirs.past} == {("Niche",)}
    quiet = for_reader(digest(1), reader(topics=("LSC",)), TOLD)
    assert "None of 1 told is yours (LSC)." in headline.headline(quiet)
    assert headline.flow(quiet).endswith("1 told = 0 for you + 1 for others")


def test_what_happened_to_a_paper_reaches_whom_it_was_sent_to_and_nobody_else() -> None:
    for topics in ((), ("LSC",), ("Niche",)):
        assert [change.kind for change in for_reader(digest(), reader(topics=topics), TOLD).changes] == [
            Kind.RETRACTION,
            Kind.PUBLISHED,
        ]
        (only,) = for_reader(digest(), reader(topics=topics), frozenset({90_000_702})).changes
        assert only.kind is Kind.PUBLISHED
        assert for_reader(digest(), reader(topics=topics), frozenset()).changes == ()


@pytest.mark.parametrize("kind", ["RetractionIn", "RetractedandRepublishedIn"])
def test_what_was_retracted_before_it_came_is_a_change_and_nothing_to_read(kind: str) -> None:
    bad = article(1, links=(Link(kind, 9, "J Invented", ""),))
    made = digest(candidates=[candidate(1, 0.9, "LSC", article=bad), candidate(2, 0.8)], updates=())
    assert [entry.pmid for entry in made.entries] == [90_000_002]
    (change,) = made.changes
    assert (change.kind, change.pmid, change.told_in) == (Kind.RETRACTION, 90_000_001, None)
    assert wording.had(change) == "new to you, and already retracted"
    assert headline.headline(made) == "One paper came retracted already. One is new."
    assert made.flow.told == 2
    assert [each.kind for each in made.decided if each.kind != Kind.NEW] == ["retraction"]
    assert for_reader(made, reader(topics=("LSC",)), frozenset()).changes == (change,)
    assert for_reader(made, reader(topics=("Niche",)), frozenset()).changes == ()


def test_a_retraction_notice_is_not_taken_for_what_it_retracts() -> None:
    notice = candidate(2, 0.8, article=article(2, links=(Link("RetractionOf", 90_000_001, "", ""),)))
    (entry,) = digest(candidates=[notice]).entries
    assert entry.badges == ()


def test_subject_and_preheader_are_one_queue() -> None:
    """An alarm, then the titles, one question after the other; nothing is named twice."""
    made, quiet = digest(9), digest(9, updates=())
    assert headline.subject(made) == "[sample] Retracted: Stroma-derived… + 9 new"
    first, second = headline.preheader(made).split(" · ")
    assert first == "Stopping asciminib after sustained deep molecular response: TFR trial, n = 84"
    assert headline.subject(quiet) == f"[sample] {first}, and 8 more"
    assert headline.preheader(quiet).split(" · ")[0] == second
    assert headline.subject(empty()) == "Nothing new; PubMed read to 22 Nov"
    assert headline.preheader(empty()) == headline.proof(empty())


def test_the_headline_counts_in_words() -> None:
    said = headline.headline(digest(9))
    assert said == "One paper you had is retracted. Nine are new, three on TFR."
    assert headline.headline(digest(1, updates=())) == "One is new, on TFR."
    smaller = [update for update in week()[0].updates if update.kind is Kind.PUBLISHED]
    assert headline.headline(digest(0, updates=tuple(smaller))) == "One paper you had has changed."
    assert headline.subject(digest(0, updates=tuple(smaller))) == "[sample] One changed, nothing new"


@pytest.mark.parametrize(
    "facts",
    [
        {"harvest": harvest("TFR: PubMed did not answer")},
        {"ledger": (line("TFR", error="PubMed did not answer", count=0, received=0),)},
        {
            "days_read": DaysRead(
                date(2026, 9, 1), date(2026, 11, 22), (Span(date(2026, 11, 3), date(2026, 11, 4)),)
            )
        },
    ],
)
def test_what_could_not_be_read_is_never_told_as_nothing_new(facts: dict[str, object]) -> None:
    made = empty(**facts)
    said = f"{headline.subject(made)} {headline.headline(made)}".lower()
    assert "nothing new" not in said
    assert "0 new" not in said
    assert headline.incomplete(made)
    assert "could not be read" in headline.headline(made)


def test_trouble_that_the_ledger_repeats_is_said_once() -> None:
    made = empty(harvest=harvest("TFR: HTTP 500 thrice"), ledger=(line("TFR", error="HTTP 500 thrice"),))
    assert made.trouble == ("TFR: HTTP 500 thrice",)


def test_slices_of_a_lane_are_one_line_of_what_was_searched() -> None:
    made = empty(ledger=(line("TKI", slice=1), line("TKI", slice=0), line("LSC", Lane.INDEXED)))
    assert [(a.topic, a.lane, a.count) for a in made.asked] == [
        ("LSC", Lane.INDEXED, 41),
        ("TKI", Lane.NEW, 82),
    ]


def test_marks_that_reorder_or_hide_text_do_not_reach_the_digest() -> None:
    odd = candidate(1, 0.9, article=article(1, title="a\u202eb\u0000c\u200bd\ud800e", title_html=""))
    assert digest(candidates=[odd]).entries[0].title == "a b c d e"


def test_a_title_in_no_language_of_ours_still_has_a_name() -> None:
    bare = candidate(
        1, 0.9, article=article(1, title="", title_html="", authors=(), doi="", created=None, published="")
    )
    assert "90000001" in digest(candidates=[bare]).entries[0].title


def test_a_score_of_numpy_or_int_is_kept_as_a_float() -> None:
    whole = candidate(1, 1, scored=scored(90_000_001, 1))
    assert isinstance(digest(candidates=[whole], threshold=Threshold(0)).entries[0].score, float)


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2026", "2026"),
        ("2026-11", "Nov 2026"),
        ("2026-11-02", "2 Nov 2026"),
        ("Winter 2026", "Winter 2026"),
        ("", ""),
    ],
)
def test_a_partial_date_says_no_more_than_is_known(iso: str, said: str) -> None:
    assert wording.partial(iso) == said


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "16 – 22 Nov 2026"),
        (date(2026, 10, 28), date(2026, 11, 3), "28 Oct – 3 Nov 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 Dec 2026 – 3 Jan 2027"),
        (date(2026, 11, 3), date(2026, 11, 3), "3 Nov 2026"),
    ],
)
def test_a_period_says_month_and_year_once(since: date, until: date, said: str) -> None:
    assert wording.period(since, until) == said


def test_every_update_and_every_lane_has_its_words() -> None:
    assert all(all(wording.KINDS[kind]) for kind in Kind if kind.is_update)
    assert set(wording.LANES) == set(Lane)


def test_a_facet_that_changed_is_a_new_query_of_the_topics_that_name_it() -> None:
    """The digest names facets, and compares what they ask."""
    asked = TopicName("TKI", "Inhibitors", "(cml[tiab]) AND (imatinib[tiab])", "cml AND inhibitors")
    changed = asked._replace(term="(cml[tiab]) AND (dasatinib[tiab])")
    assert _new_queries([asked], [asked]) == ()
    assert _new_queries([changed], [asked]) == ("TKI",)
