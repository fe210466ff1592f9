"""The operator hears of what failed and of what is worth knowing; whether he could be told is kept."""

import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from conftest import FIRST
from prefect import flow
from prefect.client.schemas.objects import FlowRun, State
from support.scenario import Scenario, small_scenario

from flows.inputs import gather
from flows.runtime import settings
from flows.runtime.outcome import CATCH_UP, Caller, FlowOutcome, after_run, called_by, done_since, on_schedule
from queries.mirror.server import MirrorServer
from queries.text.tokens import VOCABULARY
from reports.answers.status import ALERT
from reports.digest.edit import edit


@flow
def harvest() -> None:
    """A flow by its name alone."""


def outcome(**more: Any) -> FlowOutcome:
    return FlowOutcome(watch="small", flow="harvest", line="small: asked.", **more)


@pytest.fixture
def scenario(mirror: MirrorServer, tmp_path: Path) -> Scenario:
    bare = small_scenario(tmp_path, mirror)
    ops = f"folder://{tmp_path / 'ops'}"
    return replace(bare, setting=replace(bare.setting, ops_url=ops))


def tell(scenario: Scenario, state: State[Any]) -> list[str]:
    """Tell; return what the operator's folder holds then."""
    run = FlowRun(flow_id=uuid4(), name="small", parameters={"watch": "small"})
    with settings.replaced(scenario.setting):
        after_run(harvest, run, state)
    return [each.read_text() for each in sorted((scenario.setting.home.parent / "ops").rglob("*.txt"))]


def alerts(scenario: Scenario) -> list[tuple[str, ...]]:
    with scenario.library() as library:
        return [run.trouble for run in library.runs("small") if run.flow == ALERT]


def test_a_degraded_run_and_a_noteworthy_one_are_told_and_a_plain_one_is_not(scenario: Scenario) -> None:
    assert tell(scenario, outcome().state()) == []
    (noted,) = tell(scenario, outcome(notes=("IMA: PubMed says: phrase not found",)).state())
    assert "phrase not found" in noted
    assert any(
        "TFR new: no answer" in text
        for text in tell(scenario, outcome(trouble=("TFR new: no answer",)).state())
    )
    assert alerts(scenario) == [(), ()]


def test_a_trouble_is_told_once_until_it_is_over_and_that_it_is_over_once(scenario: Scenario) -> None:
    monday, next_monday = (
        outcome(trouble=(f"TFR new: HTTP {code} on {day}",)) for code, day in ((500, 2), (503, 9))
    )
    assert len(tell(scenario, monday.state())) == 1
    assert len(tell(scenario, next_monday.state())) == 1, "the same trouble a week later"
    assert len(tell(scenario, outcome(trouble=("the disk is full",)).state())) == 2, "another"
    texts = tell(scenario, outcome().state())
    assert len(texts) == 3
    (over,) = [text for text in texts if "It was in trouble since" in text]
    assert "TFR new: HTTP 500" in over
    assert len(tell(scenario, outcome().state())) == 3
    assert len(tell(scenario, monday.state())) == 4, "what comes back is told again"


def test_of_a_part_of_a_run_the_whole_tells(scenario: Scenario) -> None:
    state = outcome(trouble=("no answer",)).state()
    run = FlowRun(flow_id=uuid4(), name="small", parameters={"watch": "small"})
    with settings.replaced(scenario.setting), called_by(Caller.RUN):
        after_run(harvest, run, state)
    assert not (scenario.setting.home.parent / "ops").exists()


def test_an_operator_who_cannot_be_told_is_an_alarm(
    scenario: Scenario, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"json://127.0.0.1:{free.getsockname()[1]}/"
    tell(
        replace(scenario, setting=replace(scenario.setting, ops_url=closed)),
        outcome(trouble=("no answer",)).state(),
    )
    ((trouble,),) = alerts(scenario)
    assert trouble.startswith("the operator could not be told of harvest")
    assert trouble in capsys.readouterr().err


def test_only_a_schedule_is_bound_to_its_times(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not on_schedule()
    monkeypatch.setenv("PREFECT__RUNTIME__DEPLOYMENT__ID", str(uuid4()))
    monkeypatch.setattr("prefect.runtime.flow_run.tags", ["seedwatch"], raising=False)
    assert not on_schedule(), "somebody pressed a button"
    for tag in ("auto-scheduled", CATCH_UP):
        monkeypatch.setattr("prefect.runtime.flow_run.tags", [tag], raising=False)
        assert on_schedule()


def test_of_runs_that_waited_one_does_the_work(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario.harvest(FIRST)
    assert done_since(scenario.setting, "small", "harvest") is None, "by hand it always runs"
    monkeypatch.setenv("PREFECT__RUNTIME__DEPLOYMENT__ID", str(uuid4()))
    for asked, done in ((-1, FIRST), (1, None)):
        moment = FIRST + timedelta(hours=asked)
        monkeypatch.setattr("prefect.runtime.flow_run.scheduled_start_time", moment, raising=False)
        assert done_since(scenario.setting, "small", "harvest") == done
        assert done_since(scenario.setting, "small", "harvest", "digest") is None, "no digest was made"


def test_what_waits_was_counted_when_it_came_and_is_scored_alike_without(scenario: Scenario) -> None:
    scenario.harvest(FIRST)
    with scenario.library() as library:
        inputs = gather(library, scenario.watch, FIRST)
        assert library.vectors(VOCABULARY, inputs.waiting).keys() == inputs.waiting
    assert inputs.waiting
    assert edit(inputs, sample=True) == edit(replace(inputs, terms={}), sample=True)
