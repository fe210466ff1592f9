"""A watch is known apart from its file's name: renamed, gone, retired, unused; and every alarm ends."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from conftest import Shell
from support.scenario import Scenario, small_scenario
from typer.testing import CliRunner

from flows.cli import app
from flows.harvest import ask, remember
from flows.runtime import resources, settings
from flows.runtime.watches import scheduled
from queries.errors import WatchError, WatchRetired
from queries.mirror.server import MirrorServer
from queries.records.harvest import Harvest, Lane, LedgerLine, Missing, Window
from queries.watch.file import SHIPPED
from reports.answers.status import ALERT

NOW = datetime.now(UTC).replace(microsecond=0)  # `status` asks the real clock
pytestmark = pytest.mark.usefixtures("prefect_api")
UNREACHABLE = {"group": "json://127.0.0.1:9/"}


@pytest.fixture
def scenario(tmp_path: Path, mirror: MirrorServer) -> Scenario:
    return small_scenario(tmp_path, mirror)


def typed(scenario: Scenario, *arguments: str) -> tuple[int, str]:
    """The exit code and the output of a command at a terminal; known errors as `main` tells them."""
    with settings.replaced(scenario.setting):
        result = CliRunner().invoke(app, arguments)
    error = result.exception
    if error and not isinstance(error, SystemExit):
        assert hasattr(error, "exit_code"), error
        return error.exit_code, str(error)
    return result.exit_code, result.output


def live(scenario: Scenario, now: datetime = NOW) -> list[int]:
    """Harvest and digest as the flows do; return what was told."""
    name, setting = scenario.name, scenario.setting
    with resources.alone(setting, name), resources.noting_failure(setting, name, "harvest", now):
        scenario.harvest(now)
    with resources.alone(setting, name), resources.noting_failure(setting, name, "digest", now):
        made = scenario.digest(now)
        with scenario.library() as library:
            library.ran(name, "digest", now, now)
    return [entry.pmid for entry in made.entries]


def alarms(scenario: Scenario) -> list[str]:
    code, output = typed(scenario, "status")
    found = re.findall("ALARM (.*)", output)
    assert code == (1 if found else 0), output
    return found


def file_of(scenario: Scenario, name: str) -> Path:
    return scenario.setting.watches[-1] / f"{name}.toml"


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


# ---- each alarm's remedy, tried


def late(scenario: Scenario) -> None:
    """Nothing ran for nine days: the `live` before was then."""


def failed(scenario: Scenario) -> None:
    with scenario.library() as library:
        for flow in ("harvest", "digest"):
            library.ran("small", flow, NOW, NOW, ("PubMed: no answer. Run again",))


def gap(scenario: Scenario, lane: Lane = Lane.NEW) -> None:
    """Ten days nobody read, long ago: before them one window, after them another."""
    field = {Lane.NEW: "crdt", Lane.REVISED: "lr", Lane.INDEXED: "mhda"}[lane]
    started = NOW - timedelta(days=300)
    line = LedgerLine(
        topic="IMA",
        lane=lane,
        slice=0,
        term="imatinib",
        window=Window(field, (NOW - timedelta(days=320)).date(), None),
    )
    with scenario.library() as library:
        library.remember(Harvest(watch="small", flow="harvest", started=started, lines=(line,)), started)


def pending(scenario: Scenario) -> None:
    old = NOW - timedelta(days=30)
    missing = (Missing(91234567, "not returned"),)
    with scenario.library() as library:
        library.remember(Harvest(watch="small", flow="harvest", started=old, missing=missing), old)


def operator(scenario: Scenario) -> None:
    with scenario.library() as library:
        library.ran("small", ALERT, NOW, NOW, ("the operator could not be told of harvest (refused)",))


def doubt(scenario: Scenario) -> None:
    """A run died while it sent."""
    with scenario.library() as library:
        library._open.execute("UPDATE parcel SET state = 'unknown', due = NULL, reason = 'the run died'")


def given_up(scenario: Scenario) -> None:
    with scenario.library() as library:
        library._open.execute("UPDATE parcel SET state = 'failed', due = NULL, reason = '550 refused'")


def run_of(scenario: Scenario, command: str) -> None:
    """Do what an alarm says: what would start Prefect is done by its tasks, the rest is typed."""
    words, now = command.split(), datetime.now(UTC)
    if words[0] in {"harvest", "digest", "sweep"}:
        days = [datetime.fromisoformat(word).date() for word in words if re.match(r"\d{4}-", word)]
        with resources.noting_failure(scenario.setting, "small", words[0], now):
            if words[0] == "digest":
                scenario.digest(now)
                with scenario.library() as library:
                    library.ran("small", "digest", now, now)
                return
            scenario.mirror.clock = now
            since, until = days or (None, None)
            brought = ask.fn(scenario.setting, scenario.watch, words[0], now, since, until)
            remember.fn(scenario.setting, brought)
    else:
        code, output = typed(scenario, *words)
        assert code == 0, output


@pytest.mark.parametrize(
    ("trouble", "ends"),
    [
        (late, "harvest|digest"),
        (failed, "harvest|digest"),
        (gap, "harvest small --since"),
        (lambda scenario: gap(scenario, Lane.REVISED), "sweep"),
        (pending, "dismiss"),
        (operator, "check"),
        (doubt, "outbox waive"),
        (given_up, "outbox waive"),
    ],
    ids=["late", "failed", "gap", "gap of revisions", "pending", "operator", "doubt", "given up"],
)
def test_every_alarm_names_a_remedy_that_ends_it(
    scenario: Scenario, trouble: Callable[[Scenario], None], ends: str
) -> None:
    ops = f"folder://{scenario.setting.home.parent / 'ops'}"
    scenario = replace(scenario, setting=replace(scenario.setting, ops_url=ops))
    live(scenario, NOW - (timedelta(days=9) if trouble is late else timedelta(minutes=1)))
    trouble(scenario)
    found = alarms(scenario)
    assert found
    for alarm in found:
        commands = [
            command for command in re.findall("`seedwatch ([^`]+)`", alarm) if re.match(ends, command)
        ]
        assert commands, alarm
        run_of(scenario, commands[0])
    assert alarms(scenario) == []


def test_the_question_at_the_command_line_comes_before_prefect(
    seedwatch: Shell, mirror: MirrorServer
) -> None:
    scenario = small_scenario(seedwatch.home, mirror)
    live(scenario)
    file_of(scenario, "small").rename(file_of(scenario, "tiny"))
    run = seedwatch("run", "tiny", **seedwatch.at(scenario))
    assert run.returncode == 2
    assert re.fullmatch(r"seedwatch: tiny: looks like small renamed.*\n", run.stderr)
