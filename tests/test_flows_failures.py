"""What can go wrong, on the real command line: one line with a remedy, the exit code, nothing lost."""

import re
import resource
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import FIRST, Shell
from support.receivers import serving_hook
from support.scenario import Scenario, small_scenario

from queries.mirror.corpus import Corpus
from queries.mirror.faults import Fault, FaultPlan
from queries.mirror.server import MirrorServer

WEEK = timedelta(weeks=1)
NOW = (FIRST + WEEK).isoformat()
RUN = "run", "small", "--now", NOW


@pytest.fixture(scope="module")
def one_week(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library after its first week."""
    folder = tmp_path_factory.mktemp("one-week")
    with MirrorServer(corpus, now=FIRST) as mirror:
        small_scenario(folder, mirror).run(FIRST)
    return folder / "library.duckdb"


@pytest.fixture
def scenario(mirror: MirrorServer, seedwatch: Shell, one_week: Path) -> Scenario:
    """A library after its first week, a mirror in its second, and a command line that uses both."""
    mirror.clock = FIRST + WEEK
    scenario = small_scenario(seedwatch.home, mirror)
    shutil.copy(one_week, scenario.setting.database)
    seedwatch.environment |= {**seedwatch.at(scenario), "SEEDWATCH_PATIENCE": "1"}
    return scenario


def kept(scenario: Scenario) -> tuple[object, ...]:
    """What the library has of the watch."""
    with scenario.library() as library:
        return (
            library.digests(scenario.name),
            library.watermarks(scenario.name),
            library.deliveries(scenario.name),
        )


def said(run: "subprocess.CompletedProcess[str]", code: int) -> str:
    """The one line of an error."""
    assert run.returncode == code, run.stderr
    (line,) = run.stderr.splitlines()
    assert line.startswith("seedwatch: ")
    assert not re.search(r"\b0 (new|found)|nothing new", run.stdout, re.IGNORECASE)
    return line


def recovers(scenario: Scenario) -> None:
    """The next run, once the trouble is over, tells the week."""
    made = scenario.run(FIRST + WEEK)
    assert made.number == 2
    assert made.entries
    assert (scenario.setting.database.parent / "out" / "small" / "2.html").exists()


MISTAKES = {
    "title =": ("tilte =", "tilte: is not a key of a watch (and 1 more). Write title"),
    "(niche[tiab] OR stromal[tiab])": ("(niche[tiab] OR stromal[tiab]", "topics[2].term: "),
    "threshold = 0": ("threshold = 7", 'digest.threshold: is neither "auto" nor a number from 0 to 1'),
    "[routes]": ("[routes", "is not TOML"),
    "[digest]": (
        '[schedule]\ntimezone = "Mars/Olympus"\n[digest]',
        "schedule.timezone: is not an IANA time zone",
    ),
    "[seed]": ('[schedule]\ndigest = "never"\n[seed]', "schedule.digest: is not a cron expression"),
    "pmid     = 90000001": ('doi = "none"', "seed.doi: 'none' is not a DOI"),
}


@pytest.mark.parametrize("right", MISTAKES)
def test_a_mistake_in_a_watch_is_named_with_its_file_key_and_remedy(
    scenario: Scenario, seedwatch: Shell, right: str
) -> None:
    file = scenario.setting.watches[-1] / "small.toml"
    wrong, problem = MISTAKES[right]
    file.write_text(file.read_text("utf-8").replace(right, wrong, 1), encoding="utf-8")
    before = scenario.setting.database.read_bytes()
    line = said(seedwatch(*RUN), 2)
    assert f"{file}: " in line
    assert problem in line
    assert scenario.setting.database.read_bytes() == before


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (
            {"SEEDWATCH_WATCHES": "/nowhere"},
            "SEEDWATCH_WATCHES: /nowhere is not a folder. Make it, or unset it",
        ),
        ({"SEEDWATCH_EUTILS_URL": "pubmed"}, "SEEDWATCH_EUTILS_URL: 'pubmed' is not an http(s) address."),
        (
            {"SEEDWATCH_EUTILS_URL": ""},
            "NCBI_EMAIL: is not set. NCBI asks for an address to write to: set yours",
        ),
        ({"SEEDWATCH_RATE": "fast"}, "SEEDWATCH_RATE: 'fast' is not a number of requests per second"),
        ({"SEEDWATCH_PATIENCE": "-1"}, "SEEDWATCH_PATIENCE: '-1' is not a number of seconds"),
        (
            {"SEEDWATCH_HOME": "/dev/null/h"},
            "SEEDWATCH_HOME: the folder /dev/null/h cannot be made (Not a dir",
        ),
        (
            {"SEEDWATCH_DATABASE": "/dev/null/x/lib"},
            "SEEDWATCH_DATABASE: the folder /dev/null/x cannot be made",
        ),
    ],
)
@pytest.mark.usefixtures("scenario")
def test_a_wrong_setting_is_named(seedwatch: Shell, wrong: dict[str, str], problem: str) -> None:
    assert problem in said(seedwatch(*RUN, **wrong), 2)


def test_a_watch_that_is_not_there_is_said_with_those_that_are(scenario: Scenario, seedwatch: Shell) -> None:
    assert scenario.name == "small"
    line = said(seedwatch("run", "smal"), 2)
    assert line == "seedwatch: smal: is not a watch. There are cml-stem-cells, small; see SEEDWATCH_WATCHES"


@pytest.mark.parametrize("command", ["run", "digest"])
def test_a_missing_secret_stops_a_run_before_it_does_anything(
    mirror: MirrorServer, seedwatch: Shell, command: str
) -> None:
    scenario = small_scenario(seedwatch.home, mirror, {"group": "$SEEDWATCH_MAIL"})
    seedwatch.environment |= seedwatch.at(scenario)
    line = said(seedwatch(command, "small"), 2)
    assert line.startswith(
        "seedwatch: watch small, recipient group: $SEEDWATCH_MAIL is not set. Set SEEDWATCH_MAIL"
    )
    assert mirror.requests == []
    assert not scenario.setting.database.exists()


def test_an_unreachable_pubmed_is_an_error_and_no_empty_digest(
    scenario: Scenario, seedwatch: Shell, prefect_api: str
) -> None:
    """Nothing listens on the port."""
    before = kept(scenario)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        run = seedwatch(*RUN, PREFECT_API_URL=prefect_api, SEEDWATCH_EUTILS_URL=url)
    line = said(run, 1)
    assert "PubMed" in line
    assert "Connection refused" in line
    assert "Nothing is lost: run again later" in line
    assert kept(scenario) == before
    recovers(scenario)


def test_half_an_outage_is_degraded_and_the_next_run_makes_it_good(
    scenario: Scenario, mirror: MirrorServer, seedwatch: Shell, prefect_api: str
) -> None:
    """One topic cannot be read: the others are told, it is said, exit 3; then it is caught up."""
    mirror.faults = FaultPlan([Fault(kind="error:E3", util="esearch", after=1)])
    run = seedwatch(*RUN, "--json", PREFECT_API_URL=prefect_api)
    assert run.returncode == 3, run.stderr
    assert "PubMed esearch: Search Backend failed: Exception: 502 Proxy Error" in run.stderr
    assert "Traceback" not in run.stderr
    mirror.faults = None
    assert scenario.run(FIRST + WEEK + timedelta(hours=1)).trouble == ()
    whole = small_scenario(seedwatch.home / "whole", mirror)
    whole.run(FIRST)
    whole.run(FIRST + WEEK)
    assert told(scenario) == told(whole)


def told(scenario: Scenario) -> set[int]:
    with scenario.library() as library:
        return {row.pmid for row in library.told(scenario.name)}


@contextmanager
def holding(database: Path) -> Iterator[int]:
    """Another process has the library open; its id."""
    hold = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        yield process.pid
        process.communicate()


def test_a_locked_library_is_said_with_who_holds_it(scenario: Scenario, seedwatch: Shell) -> None:
    before = kept(scenario)
    with holding(scenario.setting.database) as pid:
        line = said(seedwatch(*RUN), 1)
    assert f"{scenario.setting.database}: is held by process {pid}" in line
    assert "nothing was lost" in line
    assert kept(scenario) == before


@pytest.mark.parametrize("harm", [b"not a library", b"", b"\0" * 5000])
def test_a_corrupt_library_is_left_as_it_is_and_never_started_afresh(
    scenario: Scenario, seedwatch: Shell, harm: bytes
) -> None:
    scenario.setting.database.write_bytes(harm)
    line = said(seedwatch(*RUN), 1)
    assert f"seedwatch: {scenario.setting.database}: is " in line
    assert (
        "`seedwatch restore FILE` puts a backup in its place, `seedwatch restore --afresh` starts afresh"
        in line
    )
    assert scenario.setting.database.read_bytes() == harm


def test_a_full_disk_is_said_and_nothing_stored_is_lost(
    scenario: Scenario, seedwatch: Shell, prefect_api: str
) -> None:
    """No file may grow any more."""
    digests, _, deliveries = kept(scenario)
    seedwatch.limits = {resource.RLIMIT_FSIZE: 1 << 13}
    line = said(seedwatch(*RUN, PREFECT_API_URL=prefect_api), 1)
    assert f"{scenario.setting.database}: the disk has no room. Make room and run again" in line
    assert kept(scenario)[::2] == (digests, deliveries)
    recovers(scenario)


def test_the_operator_is_told_of_a_run_that_failed(
    scenario: Scenario, seedwatch: Shell, prefect_api: str
) -> None:
    with serving_hook() as hook:
        run = seedwatch(
            *RUN,
            PREFECT_API_URL=prefect_api,
            SEEDWATCH_EUTILS_URL="http://127.0.0.1:9/",
            SEEDWATCH_OPS_URL=hook.url,
        )
    assert run.returncode == 1
    assert scenario.name == "small"
    assert hook.titles == ["seedwatch: run small: Failed"]
