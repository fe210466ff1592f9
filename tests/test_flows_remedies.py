"""Every alarm of `status` names its remedy, and each remedy, tried, ends the alarm."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.scenario import Scenario, small_scenario
from support.terminal import NOW, alarms, live, typed

from flows.harvest import ask, remember
from flows.runtime import resources
from queries.mirror.server import MirrorServer
from queries.records.harvest import Harvest, Lane, LedgerLine, Missing, Window
from reports.answers.status import ALERT

pytestmark = pytest.mark.usefixtures("prefect_api")
UNREACHABLE = {"group": "json://127.0.0.1:9/"}


@pytest.fixture
def scenario(tmp_path: Path, mirror: MirrorServer) -> Scenario:
    return small_scenario(tmp_path, mirror)


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


def died(scenario: Scenario) -> None:
    """A run that is killed while it sends leaves this."""
    with scenario.library() as library:
        library._open.execute("UPDATE parcel SET state = 'sending', due = NULL, reason = ''")


def overdue(scenario: Scenario) -> None:
    with scenario.library() as library:
        library._open.execute("UPDATE parcel SET state = 'failed', due = '2026-01-01', reason = '451 busy'")


def sweep_failed(scenario: Scenario) -> None:
    with scenario.library() as library:
        library.ran("small", "sweep", NOW, NOW, ("PubMed: no answer. Run again",))


def mark_ahead(scenario: Scenario) -> None:
    """As an older version left it, whose clock was wrong."""
    with scenario.library() as library:
        library._open.execute("UPDATE watermark SET until = DATE '2035-12-31' WHERE lane <> 'sweep'")


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
        (doubt, "outbox resend"),
        (given_up, "outbox waive"),
        (given_up, "outbox send"),
        (overdue, "deliver"),
        (sweep_failed, "sweep"),
        (mark_ahead, "harvest"),
    ],
    ids=[
        "late",
        "failed",
        "gap",
        "gap-of-revisions",
        "pending",
        "operator",
        "doubt-waived",
        "doubt-resent",
        "given-up-waived",
        "given-up-sent",
        "overdue",
        "sweep",
        "mark-ahead",
    ],
)
def test_every_alarm_names_a_remedy_that_ends_it(
    scenario: Scenario,
    prefect_api: str,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Callable[[Scenario], None],
    ends: str,
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
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


def test_a_removed_recipient_is_put_back_or_his_debt_is_waived(
    mirror: MirrorServer, tmp_path: Path, prefect_api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is out of the watch can be sent nothing: the alarm says what comes first."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    scenario = small_scenario(tmp_path, mirror, {"ann": f"folder://{tmp_path / 'ann'}"})
    live(scenario, NOW - timedelta(minutes=1))
    given_up(scenario)
    assert "Mend that, then `seedwatch outbox send small 1 ann`" in alarms(scenario)[0]
    scenario = small_scenario(tmp_path, mirror)
    (alarm,) = alarms(scenario)
    assert "Put them back into the watch, then `seedwatch outbox send small 1 ann`" in alarm
    run_of(scenario, re.findall("`seedwatch (outbox waive [^`]+)`", alarm)[0])
    assert alarms(scenario) == []


def test_a_run_that_died_while_it_sent_is_a_doubt_that_a_person_ends(
    scenario: Scenario, prefect_api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two alarms one after the other, each with what ends it."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    live(scenario, NOW - timedelta(minutes=1))
    died(scenario)
    (alarm,) = alarms(scenario)
    assert "is being sent to group" in alarm
    code, output = typed(scenario, *re.findall("`seedwatch (deliver [^`]+)`", alarm)[0].split())
    assert code == 3, output
    (alarm,) = alarms(scenario)
    assert "Nobody knows whether digest 1 reached group" in alarm
    run_of(scenario, re.findall("`seedwatch (outbox waive [^`]+)`", alarm)[0])
    assert alarms(scenario) == []
