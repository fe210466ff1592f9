"""Each reader's own digest: his profile, his numbers, his month."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.library_samples import NOW, WATCH, decision, issue
from support.reports_samples import TRIAL, UPDATES, candidate, digest, empty, reader, watch

from flows.digest import earlier_digests
from queries.errors import WatchError
from queries.library import Library
from queries.records.digest import Band, Kind
from queries.watch.file import QuestionRule, Recipient, Watch
from reports.digest import headline
from reports.digest.reader import for_reader, gets_next, together
from reports.digest.record import Digest, dump
from reports.digest.weeks import weeks
from reports.formats.message import message

PROFILES = st.fixed_dictionaries(
    {
        "topics": st.sampled_from([(), ("TFR",), ("Niche", "LSC")]),
        "questions": st.sampled_from([(), ("clinic",), ("bench",)]),
        "order": st.sampled_from(["", "clinic", "bench"]),
        "cap": st.sampled_from([None, 1, 3, 30]),
        "band": st.sampled_from(["", "Core", "Near", "Edge"]),
    }
)


@given(PROFILES, st.integers(0, 25))
@settings(max_examples=60, deadline=None)
def test_every_readers_own_numbers_add_up(profile: dict[str, Any], count: int) -> None:
    whole = digest(count)
    own = for_reader(whole, reader(**profile), frozenset())
    yours = len(own.entries)
    assert yours + len(own.beyond) <= len(whole.entries)
    assert sum(group.size for group in own.groups) == yours
    assert sum(len(group.cards) for group in own.groups) <= own.must_read
    if own.profile:
        line = headline.flow(own)
        told = line.partition("; ")[2]
        numbers = [int(word) for word in told.replace(",", "").split() if word.isdigit()]
        assert numbers[0] == sum(numbers[1:]) == own.flow.told
        if own.flow.told:
            assert f" of {own.flow.told} told " in headline.headline(own)
    for each in weeks(own):
        this = sum(entry.question == each.question.key for entry in own.entries)
        assert each.counts[-1] == this


def test_a_reader_whom_nothing_new_concerns_is_not_told_that_nothing_was_new() -> None:
    other = for_reader(digest(9, updates=()), reader(questions=("bench",), topics=("Nobody",)), frozenset())
    assert not other.entries
    assert headline.subject(other).startswith("[sample] None of 9 told yours; PubMed read to ")
    corrected = replace(digest(9).changes[0], kind=Kind.CORRECTION)
    changed = replace(other, changes=(corrected,))
    assert headline.subject(changed) == "[sample] One changed, none of 9 told yours"
    quiet = for_reader(empty(), reader(questions=("bench",), topics=("Nobody",)), frozenset())
    assert headline.subject(quiet).startswith("Nothing new; ")


def test_order_cap_band_and_questions_are_the_readers() -> None:
    whole = digest(12)
    keys = [group.question.key for group in whole.groups]
    assert keys == ["clinic", "bench"]
    swapped = for_reader(whole, reader(order="bench"), frozenset())
    assert [group.question.key for group in swapped.groups] == ["bench", "clinic"]
    assert swapped.profile == ""  # the order leaves nothing out
    few = for_reader(whole, reader(cap=3), frozenset())
    best = sorted(whole.entries, key=lambda entry: -entry.score)[:3]
    assert {entry.pmid for entry in few.entries} == {entry.pmid for entry in best}
    assert len(few.beyond) == 9
    text = message(few).text
    assert all(str(miss.pmid) in text for miss in few.beyond)
    core = for_reader(whole, reader(band="Core"), frozenset())
    assert {entry.band for entry in core.entries} == {Band.CORE}
    bench = for_reader(whole, reader(questions=("bench",)), frozenset())
    assert {entry.question for entry in bench.entries} == {"bench"}


def own_questions() -> Watch:
    """A watch with questions of its own, by keyword and by topic."""
    rules = (
        QuestionRule(name="Stem cells", keywords=("leukemic stem cells",)),
        QuestionRule(name="Stopping", topics=("TFR",)),
    )
    return watch().model_copy(update={"questions": rules})


def test_a_watch_may_have_questions_of_its_own() -> None:
    these = [candidate(3, 0.9, "LSC"), candidate(0, 0.85, "TFR"), candidate(6, 0.8, "TKI")]
    made = digest(candidates=these, watch=own_questions())
    assert [(group.question.name, group.size) for group in made.groups] == [
        ("Stem cells", 1),
        ("Stopping", 1),
        ("Besides", 1),
    ]
    assert "Stem cells, 1 new" in " ".join(message(made).markdown.split())


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"recipients": [{"name": "a", "url": "folder://x", "questions": ["x"]}]}, "asks for question 'x'"),
        ({"questions": [{"name": "Q", "keywords": ["niche"]}]}, "asks for keyword 'niche'"),
        ({"questions": [{"name": "Q"}]}, "needs keywords or topics"),
        (
            {
                "questions": [{"name": "Q", "topics": ["TKI"]}],
                "recipients": [{"name": "a", "url": "folder://x", "order": "bench"}],
            },
            "has an order",
        ),
    ],
)
def test_a_profile_that_cannot_be_is_a_mistake(more: dict[str, Any], problem: str) -> None:
    with pytest.raises((ValueError, WatchError), match=problem):
        Watch.model_validate({**watch().model_dump(), **more})


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, "2026-11-23T06:00", True),
        ("2026-11-02T06:00", "2026-11-30T06:00", False),
        ("2026-11-02T06:00", "2026-11-30T23:30", True),  # December has begun where the group works
        ("2026-11-30T06:00", "2026-12-07T06:00", True),
        ("2025-12-07T06:00", "2026-12-07T06:00", True),
        ("2027-01-01T06:00", "2026-12-07T06:00", True),  # by a wrong clock
    ],
)
def test_who_reads_monthly_gets_the_first_digest_of_each_month(last: str | None, now: str, due: bool) -> None:
    oslo = watch().schedule.model_copy(update={"timezone": "Europe/Oslo"})
    watched = watch().model_copy(update={"schedule": oslo})
    moments = [datetime.fromisoformat(each).replace(tzinfo=UTC) if each else None for each in (last, now)]
    assert moments[1]
    assert gets_next(watched, reader(frequency="monthly"), moments[0], moments[1]) is due
    assert gets_next(watched, reader(), moments[0], moments[1])


def numbered(number: int, *places: int, **facts: Any) -> Digest:
    """Digest `number`, which tells of the sample's articles at these places."""
    told = [candidate(place, 0.9 - place / 100, "TFR", evidence=TRIAL) for place in places]
    return digest(candidates=told, number=number, **{"updates": (), **facts})


def test_a_month_in_one_digest_tells_everything_once_as_it_stands_at_its_end() -> None:
    retraction, published = UPDATES
    gone = retraction._replace(told_pmid=90_000_001, article=replace(retraction.article, pmid=90_000_001))
    first, second = numbered(3, 1, 2), numbered(4, 3, updates=(gone._replace(told_in=3),))
    third = numbered(5, 4, updates=(published,))
    whole = together([first, second, third])
    own = for_reader(whole, reader(frequency="monthly"), frozenset({90_000_702}))
    assert {entry.pmid % 100 for entry in own.entries} == {2, 3, 4}
    said = {(change.kind, change.pmid, change.told_in) for change in own.changes}
    assert said == {(Kind.RETRACTION, 90_000_001, None), (Kind.PUBLISHED, 90_000_703, 11)}
    assert own.flow.told == 4 == len(own.entries) + 1
    assert (own.number, own.flow.found) == (5, sum(each.flow.found for each in (first, second, third)))
    assert "These are 3 digests in one: 3 to 5." in own.notes
    assert together([third]) is third


def test_what_answered_a_question_that_the_watch_no_longer_has_is_in_the_month_all_the_same() -> None:
    first, second = numbered(3, 1, 2), numbered(4, 3)
    renamed = tuple(
        each._replace(key=f"new-{each.key}", name=f"New {each.name}") for each in second.questions
    )
    moved = tuple(replace(each, question=f"new-{each.question}") for each in second.entries)
    own = for_reader(
        together([first, replace(second, questions=renamed, entries=moved)]), reader(), frozenset()
    )
    assert {entry.pmid % 100 for entry in own.entries} == {1, 2, 3}
    shown = message(own)
    assert all(entry.title[:30] in shown.html for entry in first.entries)


def test_what_was_kept_for_the_month_goes_with_the_next_digest_of_a_reader_who_now_reads_weekly(
    tmp_path: Path,
) -> None:
    monthly = Recipient(name="ada", url="folder://out", frequency="monthly")
    group = watch().model_copy(update={"name": WATCH, "recipients": (monthly,)})
    weekly = group.model_copy(update={"recipients": (monthly.model_copy(update={"frequency": "weekly"}),)})
    start = datetime(2026, 11, 2, 7, tzinfo=UTC)
    with Library(tmp_path / "library.duckdb") as library:
        for number, body in enumerate((empty(), numbered(2, 1), empty(number=3)), start=1):
            made = issue(number, decision(number), made=start + (number - 1) * timedelta(days=7))
            parcels = (
                tuple(replace(each, recipient="ada") for each in made.parcels[:1]) if number == 1 else ()
            )
            library.record(replace(made, recipients=("ada",), parcels=parcels, body=dump(body)))
        now = start + timedelta(days=21)
        assert earlier_digests(library, group, now) == {}, "he waits for December"
        kept = earlier_digests(library, weekly, now)
        assert [each.number for each in kept["ada"]] == [2], "3 has nothing for him"


def test_the_library_knows_which_digests_a_monthly_reader_has_not_had(tmp_path: Path) -> None:
    monthly = Recipient(name="ada", url="folder://out", frequency="monthly")
    weekly = Recipient(name="bo", url="folder://out")
    late = Recipient(name="cy", url="folder://out", frequency="monthly")
    group = watch().model_copy(update={"name": WATCH, "recipients": (monthly, weekly, late)})
    with Library(tmp_path / "library.duckdb") as library:
        assert earlier_digests(library, group, NOW) == {"ada": [], "bo": [], "cy": []}
        week = timedelta(days=7)
        for number in (1, 2, 3):
            made = issue(number, decision(number), made=NOW + number * week)
            parcels = tuple(each for each in made.parcels if number == 1 or each.recipient == "bo")
            body = dump(empty(number=number))
            library.record(replace(made, parcels=parcels, body=body))
        waiting = earlier_digests(library, group, NOW + timedelta(days=60))
        assert {name: [each.number for each in some] for name, some in waiting.items()} == {
            "ada": [2, 3],
            "bo": [],
            "cy": [],  # he came later: nobody gets a backlog that he did not ask for
        }
        same_month = (NOW + week).replace(day=28)
        assert set(earlier_digests(library, group, same_month)) == {"bo", "cy"}
