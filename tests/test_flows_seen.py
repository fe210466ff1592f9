"""What went wrong once in real runs; see also test_flows_clock, _crash and _delivery."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import FIRST, Shell
from support.receivers import serving_hook
from support.scenario import Scenario, small_scenario

from queries.mirror.faults import Fault, FaultPlan
from queries.mirror.server import MirrorServer
from queries.records.harvest import Lane

WEEK = timedelta(weeks=1)
NOW = (FIRST + WEEK).isoformat()


@pytest.fixture
def scenario(mirror: MirrorServer, seedwatch: Shell, prefect_api: str) -> Scenario:
    """Nothing was asked yet; the command line uses it."""
    scenario = small_scenario(seedwatch.home, mirror)
    seedwatch.environment |= {**seedwatch.at(scenario), "PREFECT_API_URL": prefect_api}
    return scenario


def line(run: "subprocess.CompletedProcess[str]", code: int) -> str:
    """The one line of an error."""
    assert run.returncode == code, run.stderr
    (only,) = run.stderr.splitlines()
    return only


def test_a_window_in_which_nothing_can_be_is_refused(scenario: Scenario, seedwatch: Shell) -> None:
    window = "--since", "2026-10-12", "--until", "2026-10-05"
    said = line(seedwatch("run", "small", *window, "--now", FIRST.isoformat()), 2)
    assert said == (
        "seedwatch: --since 2026-10-12: is after --until 2026-10-05. Name the first day, then the last"
    )
    assert not scenario.setting.database.exists()


@pytest.mark.usefixtures("scenario")
def test_a_removed_recipient_gets_nothing_by_resend_and_is_ended_by_waive(
    seedwatch: Shell, mirror: MirrorServer
) -> None:
    with serving_hook() as hook:
        small_scenario(seedwatch.home, mirror, {"ann": hook.url}).run(FIRST)
        small_scenario(seedwatch.home, mirror)  # ann is out of the watch file
        said = line(seedwatch("resend", "small", "1", "ann"), 2)
        assert len(hook.titles) == 1
    assert said.startswith("seedwatch: small 1 ann: is no longer a recipient of the watch. ")
    assert "seedwatch outbox waive small 1 ann" in said


@pytest.mark.parametrize("lanes", ["new", "cited"])
def test_the_seed_and_its_like_are_known_and_never_told(
    mirror: MirrorServer, tmp_path: Path, lanes: str
) -> None:
    """A seed may be as new as what its watch finds."""
    found = small_scenario(tmp_path / "found", mirror)
    all_told = found.run(FIRST)
    seed, more, *rest = [entry.pmid for entry in all_told.entries]
    scenario = small_scenario(tmp_path / "own", mirror)
    file = scenario.setting.watches[-1] / "small.toml"
    text = file.read_text("utf-8").replace("90000001", f'{seed}\nmore     = ["{more}"]')
    file.write_text(text, encoding="utf-8")
    if lanes == "cited":  # the seed's own record comes, and what it cites doesn't
        mirror.faults = FaultPlan([Fault(kind="error:E12", util="elink")])
    made = scenario.run(FIRST)
    assert {entry.pmid for entry in made.entries} == set(rest)
    assert made.flow.known == 2


def test_links_that_cannot_be_read_end_no_harvest_and_are_asked_for_again(
    mirror: MirrorServer, tmp_path: Path
) -> None:
    scenario = small_scenario(tmp_path, mirror)
    mirror.faults = FaultPlan([Fault(kind="error:E12", util="elink")])
    assert scenario.run(FIRST).entries
    mirror.faults = None
    scenario.run(FIRST + WEEK)
    with scenario.library() as library:
        assert library.seeds("small", scenario.watch.seed).seed == 90000001


def test_what_nobody_foresaw_is_one_line_a_file_an_alarm_and_told_to_the_operator(
    scenario: Scenario, seedwatch: Shell
) -> None:
    """A table that has lost a column stands for it: no code of ours expects that."""
    scenario.run(FIRST)
    with scenario.library() as library:
        library._open.execute("ALTER TABLE pending RENAME COLUMN tries TO trials")
    with serving_hook() as hook:
        said = line(seedwatch("run", "small", "--now", NOW, SEEDWATCH_OPS_URL=hook.url), 1)
    assert said.startswith("seedwatch: an unexpected error: BinderException: ")
    assert "Nothing is lost, run it again; report it with " in said
    file = Path(said.rpartition("report it with ")[2])
    assert file.parent == scenario.setting.home / "errors"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "Traceback (most recent call last)" in file.read_text("utf-8")
    assert hook.titles == ["seedwatch: run small: Failed"]
    with scenario.library() as library:
        (trouble,) = library.runs("small")[-2].trouble
        assert trouble == said.removeprefix("seedwatch: ")
        library._open.execute("ALTER TABLE pending RENAME COLUMN trials TO tries")
    assert scenario.run(FIRST + WEEK).number == 2


def test_an_own_window_leaves_neither_gap_nor_alarm(mirror: MirrorServer, tmp_path: Path) -> None:
    """A backfill of a spring long past."""
    from flows.harvest import ask, remember  # noqa: PLC0415 - of one test

    scenario = small_scenario(tmp_path, mirror)
    scenario.run(FIRST)
    now = FIRST + timedelta(hours=1)
    spring = (FIRST - timedelta(days=200)).date(), (FIRST - timedelta(days=190)).date()
    harvest = ask.fn(scenario.setting, scenario.watch, "harvest", now, *spring)
    remember.fn(scenario.setting, harvest)
    with scenario.library() as library:
        lanes = [lane for lane in library.coverage("small", now) if lane.lane is Lane.NEW]
        assert len(lanes) == 2
        assert all(lane.gaps == () for lane in lanes)
    assert scenario.run(FIRST + WEEK).trouble == ()


def test_a_preview_is_not_said_to_be_sent(scenario: Scenario, seedwatch: Shell) -> None:
    scenario.harvest(FIRST)
    run = seedwatch("digest", "small", "--now", FIRST.isoformat(), "--preview", "shown")
    assert run.returncode == 0, run.stderr
    assert "written to shown, nothing sent" in run.stdout
    assert "deliveries sent" not in run.stdout
