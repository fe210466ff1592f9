"""A clock that lies, ours or --now's: nothing is lost, nothing is silent, and digests go on."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from conftest import FIRST, Shell
from support.scenario import Scenario, small_scenario

import flows.harvest
import flows.seeds
from flows.cli.run import run_flow
from flows.digest import is_due
from flows.runtime import settings
from flows.runtime.outcome import FlowOutcome
from flows.runtime.parameters import check_moment
from flows.runtime.standing import _status
from queries.errors import InputError, PubMedError
from queries.mirror.corpus import Corpus
from queries.mirror.server import MirrorServer
from queries.records.harvest import Watermark
from reports.digest.record import Digest, load

WEEKS = [FIRST + timedelta(weeks=week) for week in range(5)]
FUTURE = datetime(2036, 1, 1, tzinfo=UTC)
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")  # where Debian has it


def told(scenario: Scenario) -> list[int]:
    """Every PMID that digests told as an article, as often as they did."""
    with scenario.library() as library:
        return sorted(
            entry.pmid for past in library.digests(scenario.name) for entry in load(past.body).entries
        )


def alarms(scenario: Scenario, now: datetime) -> tuple[str, ...]:
    """What `seedwatch status` would say of the clock."""
    with scenario.library() as library:
        every = _status(scenario.setting, library, scenario.watch, now, ()).alarms
    return tuple(alarm for alarm in every if "clock" in alarm)


@pytest.fixture(scope="module")
def undisturbed(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    """The library after its first week; all that five weeks with true clocks tell."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with MirrorServer(corpus, now=FIRST) as mirror:
        scenario = small_scenario(folder, mirror)
        scenario.run(WEEKS[0])
        after_one = folder / "one-week.duckdb"
        shutil.copy(scenario.setting.database, after_one)
        for now in WEEKS[1:]:
            scenario.run(now)
        return after_one, told(scenario)


@pytest.fixture
def scenario(mirror: MirrorServer, seedwatch: Shell, undisturbed: tuple[Path, list[int]]) -> Scenario:
    """After the first week."""
    scenario = small_scenario(seedwatch.home, mirror)
    shutil.copy(undisturbed[0], scenario.setting.database)
    return scenario


def goes_on(scenario: Scenario, weeks: Sequence[datetime]) -> list[Digest]:
    """Weekly runs with true clocks: each makes its digest, without trouble or an alarm of a clock."""
    digests = []
    for now in weeks:
        scenario.harvest(now)
        with scenario.library() as library:
            last = library.last_digest(scenario.name)
        assert is_due(scenario.watch, last, now), "or a schedule would make no digest, and not say so"
        made = scenario.digest(now)
        assert last
        assert made.number == last.number + 1
        assert made.trouble == ()
        assert made.coverage
        assert made.coverage.gaps == ()
        assert made.asked, "what was asked since the last true digest"
        assert made.until == made.coverage.until < now.date()
        assert alarms(scenario, now) == ()
        digests.append(made)
    return digests


def test_a_run_ten_years_ahead_loses_nothing_and_digests_go_on(
    scenario: Scenario, undisturbed: tuple[Path, list[int]]
) -> None:
    """`run --now 2036-01-01` by mistake, in the second week."""
    scenario.run(FUTURE, pubmed=WEEKS[1])
    with scenario.library() as library:
        fetched = library.fetched(library.seen("small")).values()
    assert max(times.last for times in fetched) <= WEEKS[1], "what is dated ahead is not read again for years"
    goes_on(scenario, WEEKS[2:])
    assert told(scenario) == undisturbed[1]
    out = scenario.setting.database.parent / "out" / "small"
    assert {each.name for each in out.glob("*.html")} == {f"{number}.html" for number in range(2, 6)}


def test_a_harvest_two_months_ahead_loses_nothing_and_says_what_it_did(
    scenario: Scenario, undisturbed: tuple[Path, list[int]]
) -> None:
    scenario.mirror.clock = WEEKS[1]
    with settings.replaced(scenario.setting):
        outcome = harvest_outcome(scenario, WEEKS[1] + timedelta(days=61))
    assert any("PubMed's own clock says 2026-10-26 12:00 UTC" in note for note in outcome.notes)
    with scenario.library() as library:
        assert max(mark.until for mark in library.watermarks("small")) < WEEKS[1].date()
    goes_on(scenario, WEEKS[1:])
    assert told(scenario) == undisturbed[1]


def harvest_outcome(scenario: Scenario, now: datetime) -> FlowOutcome:
    """The real flow's work, without its table for Prefect."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows.harvest, "create_table_artifact", lambda *_, **__: None)
        for owner, name in ((flows.seeds, "complete"), (flows.harvest, "ask"), (flows.harvest, "remember")):
            patch.setattr(owner, name, getattr(owner, name).fn)
        # as if this machine's own clock, by which --now is judged, were ahead as well
        patch.setattr(flows.harvest, "check_moment", lambda *_: None)
        return flows.harvest.harvest_watch("harvest", scenario.name, now)


def test_marks_that_an_older_version_set_in_the_future_are_an_alarm_that_the_next_harvest_ends(
    scenario: Scenario, undisturbed: tuple[Path, list[int]]
) -> None:
    """As `run --now 2036-01-01` left a library once: marks, the run's windows and its digest of 2036."""
    scenario.run(WEEKS[1])
    with scenario.library() as library, library.transaction():
        for change in (
            "UPDATE watermark SET until = DATE '2035-12-31' WHERE lane <> 'sweep'",
            "UPDATE digest SET made = TIMESTAMP '2036-01-01', until = DATE '2035-12-31' WHERE number = 2",
            "UPDATE article SET last_fetched = TIMESTAMP '2036-01-01'",
            "UPDATE run SET started = TIMESTAMP '2036-01-01' WHERE id = (SELECT max(id) FROM run)",
        ):
            library._open.execute(change)
    assert flows.harvest._known(scenario.setting, scenario.watch, "harvest", WEEKS[2]).told, "reread"
    said = alarms(scenario, WEEKS[2])
    assert said
    assert all("31 Dec 2035" in alarm and "`seedwatch harvest small` reads again" in alarm for alarm in said)
    made = goes_on(scenario, WEEKS[2:])
    assert told(scenario) == undisturbed[1]
    with scenario.library() as library:
        assert {mark.until for mark in library.watermarks("small") if mark.lane == "new"} == {made[-1].until}


def test_ncbi_itself_is_not_asked_as_of_a_day_to_come(
    seedwatch: Shell, mirror: MirrorServer, prefect_api: str
) -> None:
    """Refused before anything is asked, made or changed; what lies a few hours ahead is a zone's doing."""
    small = small_scenario(seedwatch.home, mirror)
    seedwatch.environment |= seedwatch.at(small) | {"NCBI_EMAIL": "a@example.org", "SEEDWATCH_EUTILS_URL": ""}
    future = f"{datetime.now(UTC) + timedelta(days=60):%Y-%m-%d}"
    offline = {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    run = seedwatch("run", "small", "--now", future, PREFECT_API_URL=prefect_api, **offline)
    assert run.returncode == 2, run.stderr
    (line,) = run.stderr.splitlines()
    assert line.startswith(f"seedwatch: --now {future}")
    assert "is yet to come. Leave it out" in line
    assert not small.setting.database.exists()


@pytest.mark.parametrize("flow", ["harvest", "digest", "sweep", "deliver"])
def test_every_flow_refuses_it_of_ncbi(scenario: Scenario, flow: str, prefect_api: str) -> None:
    assert prefect_api
    setting = replace(scenario.setting, eutils_url=settings.NCBI, email="a@example.org")
    now = datetime.now(UTC) + timedelta(days=2)
    with settings.replaced(setting), pytest.raises(InputError, match="is yet to come"):
        run_flow(flow, {"watch": "small", "now": now})


def test_it_is_refused_of_a_mirror_unless_its_own_clock_has_reached_it(
    mirror: MirrorServer, seedwatch: Shell
) -> None:
    """A mirror may live weeks through in a minute, as in a demo; a typing mistake is none of its weeks."""
    setting = small_scenario(seedwatch.home, mirror).setting
    future = datetime.now(UTC) + timedelta(days=400)
    with pytest.raises(InputError, match=r"yet to come, by the mirror's clock, too \(2026-10-19T12:00\)"):
        check_moment(setting, future)
    mirror.clock = future
    check_moment(setting, future)
    with pytest.raises(InputError):
        check_moment(setting, future + timedelta(days=2))
    mirror.stop()
    with pytest.raises(PubMedError):
        check_moment(replace(setting, patience=0.1), future)


@pytest.mark.skipif(not FAKETIME.exists(), reason="libfaketime is not installed (apt install libfaketime)")
@pytest.mark.parametrize(
    "away", [timedelta(days=3652), -timedelta(weeks=1)], ids=["ten years ahead", "a week back"]
)
def test_the_machines_own_clock_is_wrong_for_one_run(
    scenario: Scenario,
    seedwatch: Shell,
    undisturbed: tuple[Path, list[int]],
    prefect_api: str,
    away: timedelta,
) -> None:
    """`seedwatch run`, its process under another clock than PubMed's, in the second week; then a true one."""
    scenario.mirror.clock = WEEKS[1]
    run = seedwatch(
        "run",
        "small",
        **seedwatch.at(scenario),
        PREFECT_API_URL=prefect_api,
        LD_PRELOAD=str(FAKETIME),
        FAKETIME=f"@{WEEKS[1] + away:%Y-%m-%d %H:%M:%S}",
        TZ="UTC",
    )
    ahead = away > timedelta(0)
    assert run.returncode == (3 if ahead else 0), run.stderr  # ten years unread are no success
    with scenario.library() as library:
        latest = library.runs("small")[-1]
    assert abs(latest.started - (WEEKS[1] + away)) < timedelta(hours=1), "the clock was not replaced"
    assert ("PubMed has been read only up to 25 Oct 2026" in run.stderr) == ahead
    assert ("PubMed's own clock says 2026-10-26 12:0" in run.stderr) == ahead
    goes_on(scenario, WEEKS[2:])
    assert told(scenario) == undisturbed[1]
    assert date(2035, 1, 1) > max(mark.until for mark in marks(scenario))


def marks(scenario: Scenario) -> Sequence[Watermark]:
    with scenario.library() as library:
        return library.watermarks("small")
