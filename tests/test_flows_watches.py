"""A watch is known apart from its file's name: renamed, gone, retired, unused; and every alarm ends."""

import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from conftest import Shell
from support.scenario import Scenario, small_scenario
from support.terminal import NOW, alarms, file_of, live, typed

from flows.runtime import resources
from flows.runtime.watches import scheduled
from queries.errors import WatchError, WatchRetired
from queries.mirror.server import MirrorServer
from queries.watch.file import SHIPPED

pytestmark = pytest.mark.usefixtures("prefect_api")
UNREACHABLE = {"group": "json://127.0.0.1:9/"}


@pytest.fixture
def scenario(tmp_path: Path, mirror: MirrorServer) -> Scenario:
    return small_scenario(tmp_path, mirror)


def test_in_a_healthy_installation_status_is_short_and_names_no_lane_that_is_like_the_others(
    scenario: Scenario,
) -> None:
    live(scenario)
    code, output = typed(scenario, "status")
    assert code == 0, output
    assert len(output.splitlines()) <= 5
    assert "without a gap" in output
    assert "cml-stem-cells" not in output, "the shipped one, which nobody uses"


def test_a_renamed_file_is_asked_about_and_goes_on_with_what_it_told(scenario: Scenario) -> None:
    assert live(scenario, NOW - timedelta(days=8))
    file_of(scenario, "small").rename(file_of(scenario, "tiny"))
    renamed = replace(scenario, name="tiny")
    for command in (("run", "tiny"), ("digest", "tiny"), ("deliver", "tiny"), ("sweep", "tiny")):
        code, line = typed(renamed, *command)
        assert code == 2
        assert "tiny: looks like small renamed" in line
        assert "`seedwatch rename small tiny`" in line
        assert "`seedwatch retire small`" in line
    with pytest.raises(WatchError, match="looks like small renamed"):
        live(renamed)
    (alarm,) = alarms(scenario)
    assert "seedwatch rename small tiny" in alarm
    assert typed(renamed, "retire", "tiny")[0] == 2, "or it would be known, and start afresh"
    assert typed(renamed, "rename", "small", "tiny")[0] == 0
    before = told(renamed)
    assert before
    assert before.isdisjoint(live(renamed))
    assert alarms(renamed) == []


def told(scenario: Scenario) -> set[int]:
    with scenario.library() as library:
        return {row.pmid for row in library.told(scenario.name)}


def test_renaming_renames_the_file_and_every_table(scenario: Scenario) -> None:
    live(scenario)
    assert typed(scenario, "rename", "small", "tiny")[0] == 0
    assert not file_of(scenario, "small").exists()
    assert file_of(scenario, "tiny").exists()
    with scenario.library() as library:
        tables = [table for (table,) in library.ask("watch/rename_tables")]
        assert len(tables) > 8
        rows = {
            table: library._open.execute(f'SELECT DISTINCT watch FROM "{table}"').fetchall()  # noqa: S608
            for table in tables
        }
        assert {name for names in rows.values() for (name,) in names} == {"tiny"}
        assert [known.name for known in library.watches()] == ["tiny"]
    assert alarms(replace(scenario, name="tiny")) == []


def test_what_cannot_be_renamed_is_left(scenario: Scenario) -> None:
    live(scenario)
    other = file_of(scenario, "other")
    for new, words in (("Tiny", "small letters"), ("small", "is there beside small.toml")):
        code, line = typed(scenario, "rename", "small", new)
        assert (code, words in line) == (2, True), line
    assert typed(scenario, "rename", "absent", "tiny")[0] == 2
    shutil.copy(file_of(scenario, "small"), other)
    live(replace(scenario, name="other"))
    file_of(scenario, "small").unlink()
    code, line = typed(scenario, "rename", "small", "other")
    assert code == 2
    assert "has a history of its own" in line
    assert other.exists()


def test_a_copy_beside_its_model_is_a_watch_of_its_own(scenario: Scenario) -> None:
    live(scenario)
    shutil.copy(file_of(scenario, "small"), file_of(scenario, "second"))
    assert live(replace(scenario, name="second"))


def test_retiring_the_old_one_lets_the_new_one_start_afresh(scenario: Scenario) -> None:
    first = live(scenario)
    file_of(scenario, "small").rename(file_of(scenario, "tiny"))
    assert typed(scenario, "retire", "small")[0] == 0
    renamed = replace(scenario, name="tiny")
    assert live(renamed) == first
    assert alarms(renamed) == []


@pytest.mark.parametrize("remedy", ["back", "rename", "retire"])
def test_a_watch_whose_file_is_gone_is_named_with_what_it_owes_and_each_remedy_ends_that(
    tmp_path: Path, mirror: MirrorServer, remedy: str
) -> None:
    scenario = small_scenario(tmp_path, mirror, UNREACHABLE)
    live(scenario)
    away = tmp_path / "away.toml"
    file_of(scenario, "small").rename(away)
    shutil.copy(SHIPPED / "cml-stem-cells.toml", scenario.setting.watches[-1] / "mine.toml")
    (alarm,) = [each for each in alarms(scenario) if each.startswith("small.toml is gone")]
    assert "owes 1 to group" in alarm
    assert "small: Digest 1 has not reached group" in typed(scenario, "outbox")[1]
    if remedy == "back":
        away.rename(file_of(scenario, "small"))
    elif remedy == "rename":
        away.rename(file_of(scenario, "tiny"))
        assert typed(scenario, "rename", "small", "tiny")[0] == 0
    else:
        code, output = typed(scenario, "retire", "small")
        assert code == 0
        assert "seedwatch outbox waive small 1 group" in output
    assert not [each for each in alarms(scenario) if "is gone" in each]
    if remedy == "retire":
        (line,) = [line for line in typed(scenario, "status")[1].splitlines() if line.startswith("small")]
        assert "retired, and still owes 1 to group" in line
        assert typed(scenario, "outbox", "waive", "small", "1", "group")[0] == 0
        assert "small" not in typed(scenario, "status")[1]


def test_a_retired_watch_has_no_schedule_and_no_alarm_until_a_person_runs_it(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(scenario, NOW - timedelta(days=9))
    assert alarms(scenario)
    assert typed(scenario, "retire", "small")[0] == 0
    assert alarms(scenario) == []
    assert scheduled(scenario.setting, resources.known_watches(scenario.setting)) == {}
    with resources.noting_failure(scenario.setting, "small", "deliver", NOW):
        pass  # to send what it owes is no undoing
    assert alarms(scenario) == []
    monkeypatch.setenv("PREFECT__RUNTIME__DEPLOYMENT__ID", str(uuid4()))
    with pytest.raises(WatchRetired, match="seedwatch retire --undo small"):
        live(scenario)
    monkeypatch.delenv("PREFECT__RUNTIME__DEPLOYMENT__ID")
    live(scenario)
    assert list(scheduled(scenario.setting, resources.known_watches(scenario.setting))) == ["small"]
    typed(scenario, "retire", "small")
    assert typed(scenario, "retire", "--undo", "small")[0] == 0
    assert list(scheduled(scenario.setting, resources.known_watches(scenario.setting))) == ["small"]
    assert typed(scenario, "retire", "absent")[0] == 2


@pytest.mark.parametrize("remedy", ["copy", "retire"])
def test_the_shipped_watch_is_silent_beside_a_watch_of_ones_own_unless_it_was_used(
    scenario: Scenario, remedy: str
) -> None:
    alone = replace(scenario.setting, watches=(SHIPPED,))
    assert list(scheduled(alone)) == ["cml-stem-cells"]
    live(scenario)
    assert list(scheduled(scenario.setting)) == ["small"]
    with scenario.library() as library:
        library.began("cml-stem-cells", resources.watch(scenario.setting, "cml-stem-cells").seed, NOW)
    (alarm,) = alarms(scenario)
    shipped, command = re.findall(r"copy (\S+) into .*`seedwatch (retire \S+)`", alarm)[0]
    if remedy == "retire":
        assert typed(scenario, *command.split())[0] == 0
        assert alarms(scenario) == []
    else:
        shutil.copy(shipped, scenario.setting.watches[-1])
        assert all("was due" in alarm for alarm in alarms(scenario)), "it is scheduled like any other"


def test_the_question_at_the_command_line_comes_before_prefect(
    seedwatch: Shell, mirror: MirrorServer
) -> None:
    scenario = small_scenario(seedwatch.home, mirror)
    live(scenario)
    file_of(scenario, "small").rename(file_of(scenario, "tiny"))
    run = seedwatch("run", "tiny", **seedwatch.at(scenario))
    assert run.returncode == 2
    assert re.fullmatch(r"seedwatch: tiny: looks like small renamed.*\n", run.stderr)
