"""Eight weeks of the sample: each event is told in its digest, once, and traps are told in none."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import FIRST
from support.scenario import Scenario, small_scenario

from queries.mirror import SAMPLE
from queries.mirror.corpus import Corpus
from queries.mirror.server import MirrorServer
from queries.records.digest import Band
from queries.records.harvest import Lane
from reports.digest.headline import covered_days
from reports.digest.record import Digest, Entry, load
from reports.digest.wording import day

WEEK = timedelta(weeks=1)
MONDAY, OSLO = FIRST.date(), ZoneInfo("Europe/Oslo")
README = (SAMPLE / "README.md").read_text(encoding="utf-8")
# to its readers: digest, kind, PMID
CHANGES = {
    (3, "retraction", 90000104),
    (3, "published", 90000301),
    (4, "concern", 90000202),
    (4, "correction", 90000109),
    (6, "retraction", 90000209),
    (7, "retraction", 90000305),
    (8, "retraction", 90000202),
}
PREPRINT_WITHOUT_A_LINK = 90000404  # whether evidence finds it is the business of identity's tests


@pytest.fixture(scope="module")
def scenario(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenario]:
    """The shipped watch."""
    folder = tmp_path_factory.mktemp("scenario")
    with MirrorServer(corpus, now=FIRST, ideal=True) as mirror:
        setting = replace(
            small_scenario(folder, mirror).setting, secrets={"SEEDWATCH_MAIL": f"folder://{folder}/out"}
        )
        yield Scenario(setting, mirror, "cml-stem-cells")


@pytest.fixture(scope="module")
def digests(scenario: Scenario) -> dict[int, Digest]:
    """The digests of eight Mondays at the shipped schedule's hours, by number."""

    def monday(number: int) -> Digest:
        scenario.harvest(datetime.combine(MONDAY + number * WEEK, time(6), OSLO))
        return scenario.digest(datetime.combine(MONDAY + number * WEEK, time(7), OSLO))

    return {digest.number: digest for digest in map(monday, range(8))}


@pytest.fixture(scope="module")
def told(digests: dict[int, Digest]) -> dict[int, tuple[int, Entry]]:
    """In which digest each PMID was told, and as what."""
    return {entry.pmid: (number, entry) for number, each in digests.items() for entry in each.entries}


def test_every_week_tells_something_and_nothing_is_told_twice(digests: dict[int, Digest]) -> None:
    pmids = Counter(entry.pmid for digest in digests.values() for entry in digest.entries)
    assert set(pmids.values()) == {1}
    assert all(digest.entries for digest in digests.values())


def test_the_flow_line_adds_up_and_what_is_known_grows(digests: dict[int, Digest]) -> None:
    for digest in digests.values():
        found, *parts = digest.flow
        assert found == sum(parts)
        assert digest.flow.told == len(digest.entries) + len(retracted_before(digest))
        assert not digest.trouble
    known = [digest.flow.known for digest in digests.values()]
    assert known == sorted(known)


def test_what_was_read_joins_without_a_gap(digests: dict[int, Digest]) -> None:
    days = [(digest.since, digest.until) for digest in digests.values()]
    assert all(since - until == timedelta(1) for (_, until), (since, _) in pairwise(days))
    assert not [gap for digest in digests.values() if digest.coverage for gap in digest.coverage.gaps]
    assert all(digest.coverage and digest.coverage.until == digest.until for digest in digests.values())


def test_what_happens_to_a_told_paper_is_told_once_in_its_week_and_nothing_else(
    digests: dict[int, Digest], told: dict[int, tuple[int, Entry]]
) -> None:
    """Ahead-of-print becoming an issue, MeSH for what was told, comments: nothing."""
    preprint = {90000301: 90000112}
    due = {event for event in CHANGES if preprint.get(event[2], event[2]) in told}
    assert len(due) >= len(CHANGES) - 1  # the score of one paper may keep it from being told at all
    happened = [
        (number, change.kind, change.pmid)
        for number, digest in digests.items()
        for change in digest.changes
        if change.told_in
    ]
    assert sorted(happened) == sorted({*due, *(it for it in happened if it[2] == PREPRINT_WITHOUT_A_LINK)})


@pytest.mark.parametrize(
    ("number", "pmid"),
    [
        (1, 90000102),
        (1, 90000123),
        (2, 90000201),
        (2, 90000205),
        (2, 90000204),
        (2, 90000210),
        (3, 90000121),
        (3, 90000220),
        (3, 90000308),
        (4, 90000211),
        (4, 90000407),
        (6, 90000601),
        (6, 90000603),
        (8, 90000810),
    ],
)
def test_each_paper_is_told_in_its_digest(told: dict[int, tuple[int, Entry]], number: int, pmid: int) -> None:
    assert told[pmid][0] == number


def retracted_before(digest: Digest) -> list[int]:
    """The PMIDs that were retracted before they came."""
    return [change.pmid for change in digest.changes if not change.told_in]


def test_what_was_retracted_before_it_came_is_no_article_to_read(digests: dict[int, Digest]) -> None:
    arrived = {number: pmids for number, digest in digests.items() if (pmids := retracted_before(digest))}
    assert arrived == {2: [90000206]}
    assert all(90000206 not in {entry.pmid for entry in digest.entries} for digest in digests.values())


def test_a_paper_is_told_as_what_it_is(told: dict[int, tuple[int, Entry]]) -> None:
    """Late additions, routes, red badges, title only, hundreds of authors, what indexing made relevant."""
    entries = {pmid: entry for pmid, (_, entry) in told.items()}
    late = entries[90000201]
    assert late.published[:4] == "2024"
    assert str(late.added) == "2026-10-21"
    assert entries[90000205].topics == ()
    assert Lane.CITED_BY in entries[90000205].lanes
    assert "Title only" in {badge.text for badge in entries[90000204].badges}
    assert len(entries[90000210].byline) < 200
    assert "…" in entries[90000210].byline
    assert entries[90000220].kind == "reindexed"
    assert entries[90000121].kind == "new"
    assert "quality of life before and after discontinuation" in entries[90000123].title


@pytest.mark.parametrize("pmid", [90000301, 90000309, 90000403])
def test_another_record_of_a_told_work_is_no_item(told: dict[int, tuple[int, Entry]], pmid: int) -> None:
    assert pmid not in told


TRAPS = [
    (what, int(pmid))
    for what, pmids in re.findall(
        r"^\| (.*) \| (9\d{7}.*) \|$", README.partition("## Traps")[2], re.MULTILINE
    )
    if re.match(r"\*CML\*|chronic myelo|other leuk|tyrosine kinase inhibitors in|imatinib in|phosph", what)
    for pmid in re.findall(r"9\d{7}", pmids)
]


PH_POSITIVE_ALL = 90000132  # shares BCR::ABL1 and its inhibitors with CML: no noise, and never at the core


def test_no_trap_is_told(told: dict[int, tuple[int, Entry]]) -> None:
    assert len(TRAPS) > 30
    assert {pmid for _, pmid in TRAPS if pmid in told} <= {PH_POSITIVE_ALL}
    assert PH_POSITIVE_ALL not in told or Band.of(told[PH_POSITIVE_ALL][1].score) is not Band.CORE


def test_a_second_round_on_an_unchanged_mirror_makes_no_digest(
    digests: dict[int, Digest], scenario: Scenario, tmp_path: Path
) -> None:
    shutil.copy(scenario.setting.database, tmp_path / "library.duckdb")
    again = Scenario(
        replace(scenario.setting, database=tmp_path / "library.duckdb"), scenario.mirror, scenario.name
    )
    assert again.run(FIRST + 7 * WEEK + timedelta(hours=1)).number == len(digests)
    asked_for = load(again.decide(FIRST + 7 * WEEK + timedelta(hours=2)).body)
    assert (asked_for.number, asked_for.entries, asked_for.changes) == (len(digests) + 1, (), ())
    assert asked_for.flow.found == asked_for.flow.known + asked_for.flow.below


def works_told(scenario: Scenario) -> Counter[int]:
    """How often each work was told as new."""
    with scenario.library() as library:
        told = [row.pmid for row in library.told(scenario.name) if row.kind in {"new", "late", "reindexed"}]
        works = library.works(told)
    return Counter(works[pmid] for pmid in told)


def test_weeks_without_a_run_lose_nothing(mirror: MirrorServer, tmp_path: Path) -> None:
    """Who comes back after a month hears of every work that weekly digests would have told."""
    weekly, away = (small_scenario(tmp_path / name, mirror) for name in ("weekly", "away"))
    for number in range(5):
        weekly.run(FIRST + number * WEEK)
    for number in (0, 4):
        away.run(FIRST + number * WEEK)
    assert works_told(away).keys() == works_told(weekly).keys()
    assert len(works_told(weekly)) > 30


AUTUMN = date(2026, 10, 18), date(2026, 11, 2)  # clocks go back on 25 October in Oslo, 1 November in New York
SPRING = date(2027, 3, 15), date(2027, 3, 30)  # and forward on 28 March in Oslo


@pytest.fixture(scope="module")
def undisturbed(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Counter[int]:
    """What is told of the autumn by two runs, at its beginning and after its end."""
    with MirrorServer(corpus, now=FIRST) as mirror:
        scenario = small_scenario(tmp_path_factory.mktemp("undisturbed"), mirror)
        for day in AUTUMN:
            scenario.run(datetime.combine(day + timedelta(days=1), time(), UTC))
        return works_told(scenario)


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("Europe/Oslo", AUTUMN),
        ("America/New_York", AUTUMN),  # in winter noon UTC, when a day settles, lies between the two flows
        ("Pacific/Auckland", AUTUMN),
        ("Pacific/Honolulu", AUTUMN),
        ("Europe/Oslo", SPRING),
    ],
)
def test_header_and_proof_agree_and_nothing_is_missed_or_told_twice_wherever_the_clock_hangs(
    zone: str, days: tuple[date, date], mirror: MirrorServer, tmp_path: Path, undisturbed: Counter[int]
) -> None:
    """Harvests at 06:00 and digests on Mondays at 07:00, as shipped; harvests once a week, to be quick."""
    schedule = f'\n[schedule]\ntimezone = "{zone}"\nharvest = "0 6 * * MON"\n'
    scenario = small_scenario(tmp_path, mirror, more=schedule)
    digests = list(scenario.run_on_schedule(*days))
    for digest in digests:
        assert digest.coverage
        assert (digest.until, digest.coverage.gaps) == (digest.coverage.until, ())
        assert digest.trouble == ()
        assert covered_days(digest).endswith(f" to {day(digest.until)}")
    assert digests[0].coverage
    assert digests[0].since == digests[0].coverage.since
    assert all(later.since == earlier.until + timedelta(1) for earlier, later in pairwise(digests))
    assert len(digests) == 3
    scenario.run(datetime.combine(days[1] + timedelta(days=1), time(), UTC))
    if days == AUTUMN:
        assert works_told(scenario) == undisturbed
        assert set(undisturbed.values()) == {1}


def test_a_topic_that_left_the_watch_holds_no_proof_back_and_one_that_was_not_read_is_said(
    mirror: MirrorServer, tmp_path: Path
) -> None:
    scenario = small_scenario(tmp_path, mirror)
    first = scenario.run(FIRST)
    file = scenario.setting.watches[-1] / "small.toml"
    file.write_text(file.read_text("utf-8").replace('short = "TME"', 'short = "NICHE"'), encoding="utf-8")
    unread = load(scenario.decide(FIRST + timedelta(hours=1)).body)
    assert unread.coverage is None
    assert unread.since > unread.until == first.until
    assert "Not every topic of the watch has been read yet: the next harvest reads it" in unread.trouble
    later = scenario.run(FIRST + 2 * WEEK)
    assert later.coverage
    assert later.until == later.coverage.until == first.until + 2 * WEEK
    assert later.trouble == ()
