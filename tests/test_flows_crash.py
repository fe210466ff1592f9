"""A run that dies between two commit points, or while it sends: nothing is lost, nothing told twice."""

import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import FIRST, Shell
from support.receivers import serving_hook
from support.scenario import Scenario, small_scenario

from queries.library import Library
from queries.mirror.corpus import Corpus
from queries.mirror.faults import Fault, FaultPlan
from queries.mirror.server import MirrorServer
from queries.records.library import PastDigest
from queries.records.outbox import DeliveryState
from reports.answers.outbox import open_deliveries
from reports.digest.record import load

WEEK = timedelta(weeks=1)
COMMITS = "remember", "record", "sending", "acknowledge"


class Died(BaseException):
    """The process is gone: nothing catches this."""


def told(scenario: Scenario) -> list[int]:
    """Every PMID that digests told, as often as they told it."""
    with scenario.library() as library:
        return [entry.pmid for past in library.digests(scenario.name) for entry in load(past.body).entries]


def digests(scenario: Scenario) -> tuple[PastDigest, ...]:
    with scenario.library() as library:
        return library.digests(scenario.name)


def dies(monkeypatch: pytest.MonkeyPatch, commit: str, when: str) -> None:
    """Let the process die right before or after a commit point."""
    works = getattr(Library, commit)

    def dead(*arguments: object) -> None:
        if when == "after":
            works(*arguments)
        raise Died

    monkeypatch.setattr(Library, commit, dead)


@pytest.fixture(scope="module")
def undisturbed(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    """The library after a first week, and all that is told by the end of the second if nothing happens."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with MirrorServer(corpus, now=FIRST) as mirror:
        scenario = small_scenario(folder, mirror)
        scenario.run(FIRST)
        after_one = folder / "one-week.duckdb"
        shutil.copy(scenario.setting.database, after_one)
        scenario.run(FIRST + WEEK)
    return after_one, sorted(told(scenario))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("commit", COMMITS)
def test_a_crash_at_a_commit_point_loses_nothing_and_tells_nothing_twice(
    commit: str,
    when: str,
    undisturbed: tuple[Path, list[int]],
    mirror: MirrorServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was told in all is what an undisturbed scenario tells; what may have been sent is in doubt."""
    after_one, every = undisturbed
    shutil.copy(after_one, tmp_path / "library.duckdb")
    with serving_hook() as sink:
        scenario = small_scenario(tmp_path, mirror, {"group": sink.url})
        with monkeypatch.context() as patch:
            dies(patch, commit, when)
            with pytest.raises(Died):
                scenario.run(FIRST + WEEK)
        scenario.run(FIRST + WEEK)

        assert sorted(told(scenario)) == every
        assert len(digests(scenario)) == 2, "one digest for each time of the schedule, whatever died"
        with scenario.library() as library:
            waiting = open_deliveries(library.deliveries(scenario.name))
        in_doubt = (commit, when) in {("sending", "after"), ("acknowledge", "before")}
        assert [(each.number, each.state) for each in waiting] == (
            [(2, DeliveryState.UNKNOWN)] if in_doubt else []
        )
        never_left = (commit, when) == ("sending", "after")
        assert sink.titles == ([] if never_left else [digests(scenario)[-1].subject])


def started(shell: Shell, *arguments: str) -> "subprocess.Popen[str]":
    """The command line in a process of its own, that can be killed."""
    return subprocess.Popen(
        [sys.executable, "-c", "from flows.cli import main; main()", *arguments],
        env=shell.variables(),
        cwd=shell.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def killed(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)


def test_killed_while_sending_is_a_doubt_that_is_told_and_never_resent(
    mirror: MirrorServer, seedwatch: Shell, prefect_api: str
) -> None:
    """Kill -9 with the message on its way: the next run sends the rest, says so and exits 3."""
    with serving_hook() as sink:
        scenario = small_scenario(seedwatch.home, mirror, {"lab": sink.url})
        scenario.run(FIRST)
        scenario.harvest(FIRST + WEEK)
        now = (FIRST + WEEK).isoformat()
        seedwatch.environment |= {**seedwatch.at(scenario), "PREFECT_API_URL": prefect_api}
        sink.came.clear()
        sink.hold.clear()
        process = started(seedwatch, "digest", "small", "--now", now)
        assert sink.came.wait(90), process.communicate(timeout=5)
        killed(process)
        sink.hold.set()

        run = seedwatch("digest", "small", "--now", now)
        assert run.returncode == 3, run.stderr
        assert "Nobody knows whether digest 2 reached lab" in run.stderr
        assert "seedwatch outbox resend small 2 lab" in run.stderr
        assert "Traceback" not in run.stderr
        assert set(Counter(sink.titles).values()) == {1}
        assert len(sink.titles) == len(digests(scenario)) == 2


def test_killed_while_asking_leaves_the_library_as_it_was_and_the_next_run_reads_it_all(
    undisturbed: tuple[Path, list[int]], mirror: MirrorServer, seedwatch: Shell, prefect_api: str
) -> None:
    """Kill -9 in the middle of a harvest."""
    after_one, every = undisturbed
    scenario = small_scenario(seedwatch.home, mirror)
    shutil.copy(after_one, scenario.setting.database)
    seedwatch.environment |= {**seedwatch.at(scenario), "PREFECT_API_URL": prefect_api}
    mirror.clock = FIRST + WEEK
    mirror.faults = FaultPlan([Fault(kind="hang", util="efetch")])
    process = started(seedwatch, "harvest", "small", "--now", mirror.clock.isoformat())
    deadline = time.monotonic() + 90
    while not any(request.fault == "hang" for request in mirror.requests):
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate(timeout=5)
        time.sleep(0.05)
    killed(process)
    mirror.faults = None

    assert len(digests(scenario)) == 1
    scenario.run(FIRST + WEEK)
    assert sorted(told(scenario)) == every
