"""Eight weeks of the sample: each event is told in its digest, once, and traps are told in none."""

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import FIRST
from support.scenario import Life, settled

from queries.mirror import SAMPLE
from queries.mirror.corpus import Corpus
from queries.mirror.server import MirrorServer
from queries.records.harvest import Lane
from reports.digest.record import Digest, Entry

WEEK = timedelta(weeks=1)
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
def life(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """The shipped watch, as the demo lives it."""
    folder = tmp_path_factory.mktemp("life")
    with MirrorServer(corpus, now=FIRST, ideal=True) as mirror:
        setting = replace(
            settled(folder, mirror).setting, secrets={"SEEDWATCH_MAIL": f"folder://{folder}/out"}
        )
        yield Life(setting, mirror, "cml-stem-cells")


@pytest.fixture(scope="module")
def digests(life: Life) -> dict[int, Digest]:
    """The digests of eight Mondays, by number."""
    return {digest.number: digest for digest in (life.week(FIRST + n * WEEK) for n in range(8))}


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
        assert digest.flow.told == len(digest.entries)
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
    happened = [(number, it.kind, it.pmid) for number, digest in digests.items() for it in digest.changes]
    assert sorted(happened) == sorted({*due, *(it for it in happened if it[2] == PREPRINT_WITHOUT_A_LINK)})


@pytest.mark.parametrize(
    ("number", "pmid"),
    [
        (1, 90000102),
        (1, 90000123),
        (2, 90000201),
        (2, 90000205),
        (2, 90000206),
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


def test_a_paper_is_told_as_what_it_is(told: dict[int, tuple[int, Entry]]) -> None:
    """Late additions, routes, red badges, title only, hundreds of authors, what indexing made relevant."""
    entries = {pmid: entry for pmid, (_, entry) in told.items()}
    late = entries[90000201]
    assert late.published[:4] == "2024"
    assert str(late.added) == "2026-10-21"
    assert entries[90000205].topics == ()
    assert Lane.CITED_BY in entries[90000205].lanes
    assert [badge.text for badge in entries[90000206].badges if badge.tone == "alert"] == ["Retracted"]
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


PH_POSITIVE_ALL = 90000132  # shares BCR::ABL1 and its inhibitors with CML: no noise, and far down


def test_no_trap_is_told(told: dict[int, tuple[int, Entry]]) -> None:
    assert len(TRAPS) > 30
    assert {pmid for _, pmid in TRAPS if pmid in told} <= {PH_POSITIVE_ALL}
    assert told[PH_POSITIVE_ALL][1].score < 0.8


def test_a_second_round_on_an_unchanged_mirror_tells_nothing(
    digests: dict[int, Digest], life: Life, tmp_path: Path
) -> None:
    shutil.copy(life.setting.database, tmp_path / "library.duckdb")
    again = Life(replace(life.setting, database=tmp_path / "library.duckdb"), life.mirror, life.name)
    digest = again.week(FIRST + 7 * WEEK + timedelta(hours=1))
    assert (digest.number, digest.entries, digest.changes) == (len(digests) + 1, (), ())
    assert digest.flow.found == digest.flow.known + digest.flow.below


def test_weeks_without_a_run_lose_nothing(mirror: MirrorServer, tmp_path: Path) -> None:
    """Who comes back after a month hears of every work that weekly digests would have told."""

    def works(life: Life, weeks: Iterable[int]) -> set[int]:
        pmids = {entry.pmid for n in weeks for entry in life.week(FIRST + n * WEEK).entries}
        with life.library() as library:
            return set(library.works(pmids).values())

    weekly = works(settled(tmp_path / "weekly", mirror), range(5))
    assert works(settled(tmp_path / "away", mirror), (0, 4)) == weekly
    assert len(weekly) > 30
