"""What several test files share: a mirror over the sample, a Prefect server, the command line."""

import atexit
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from support.scenario import Scenario

from flows.runtime.settings import Settings, quiet_prefect
from queries.library import Library
from queries.mirror import SAMPLE
from queries.mirror.corpus import Corpus
from queries.mirror.load import load
from queries.mirror.server import MirrorServer

ROOT = Path(__file__).parents[1]  # the checkout under test, which need not be the one that is installed
FIRST = datetime(2026, 10, 19, 12, tzinfo=UTC)  # the first Monday of the sample's events

# before anything imports prefect, or it makes its home in the user's own
_HOME = Path(tempfile.mkdtemp(prefix="seedwatch-tests-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
quiet_prefect(_HOME)


# a busy machine is no fault of an input, and chance refuses no change: `make fuzz` looks further
SUITE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("suite", SUITE, derandomize=True)
settings.register_profile("fuzz", SUITE, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


LONG = "test_flows_deployments.py", "test_flows_kills.py", "test_flows_round.py", "test_flows_clock.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits longest, so that the other workers don't wait for it in the end."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


@pytest.fixture
def setting(tmp_path: Path) -> Settings:
    """Of a person with nothing yet."""
    return Settings(home=tmp_path / "home", database=tmp_path / "library.duckdb")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A new library, open."""
    with Library(tmp_path / "library.duckdb") as opened:
        yield opened


@pytest.fixture(scope="session")
def corpus() -> Iterator[Corpus]:
    """The sample."""
    with load([SAMPLE]) as loaded:
        yield loaded


@pytest.fixture
def mirror(corpus: Corpus) -> Iterator[MirrorServer]:
    """PubMed over the sample on the first Monday, as fast as it can."""
    with MirrorServer(corpus, now=FIRST) as server:
        yield server


@pytest.fixture(scope="session")
def prefect_api() -> Iterator[str]:
    """A Prefect server for the session: flows of this process use it, others by its URL."""
    from prefect.settings import PREFECT_API_URL  # noqa: PLC0415 - most tests need no Prefect
    from prefect.testing.utilities import prefect_test_harness  # noqa: PLC0415

    with prefect_test_harness(server_startup_timeout=120):
        yield str(PREFECT_API_URL.value())


@dataclass
class Shell:
    """`seedwatch` in a process of its own, with nothing of this one's environment but the path."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    limits: dict[int, int] = field(default_factory=dict)  # of resources, as setrlimit knows them

    def variables(self) -> dict[str, str]:
        """What the process sees."""
        own = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.home),
            "SEEDWATCH_RATE": "200",
            "DO_NOT_TRACK": "1",
            "NO_COLOR": "1",
            "COLUMNS": "200",
        }
        if self.limits:  # Python would leave half of a module it compiles for every later process
            own["PYTHONDONTWRITEBYTECODE"] = "1"
        return own | self.environment

    def at(self, scenario: Scenario) -> dict[str, str]:
        """The environment by which the process lives this scenario."""
        setting = scenario.setting
        return {
            "SEEDWATCH_HOME": str(setting.home),
            "SEEDWATCH_DATABASE": str(setting.database),
            "SEEDWATCH_WATCHES": str(setting.watches[-1]),
            "SEEDWATCH_EUTILS_URL": setting.eutils_url,
        }

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run to the end."""
        return subprocess.run(
            [sys.executable, "-c", "from flows.cli import main; main()", *arguments],
            env=self.variables() | environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
            preexec_fn=self._limit,
        )

    def _limit(self) -> None:
        for kind, most in self.limits.items():
            resource.setrlimit(kind, (most, most))


# a shell ignores Ctrl-C for what it runs behind it, and so would all below
HEEDS_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"


@contextmanager
def serving(seedwatch: Shell, *arguments: str, output: list[str] | None = None) -> Iterator[str]:
    """The address of `mirror serve`, ended as by Ctrl-C; what it says until then is `output`."""
    lines = [] if output is None else output
    program = f"{HEEDS_CTRL_C}; from flows.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "mirror", "serve", *arguments],
        env=seedwatch.variables() | {"PYTHONUNBUFFERED": "1"},
        cwd=seedwatch.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            while not (found := re.match(r"SEEDWATCH_EUTILS_URL=(\S+)$", lines[-1] if lines else "")):
                lines.append(process.stdout.readline())
                assert lines[-1], "".join(lines)
            yield found[1]
        finally:
            os.kill(process.pid, signal.SIGINT)
            rest = process.communicate(timeout=30)[0]
    assert "Traceback" not in rest


@pytest.fixture
def seedwatch(tmp_path: Path) -> Shell:
    """The command line in a folder of its own, without PubMed and Prefect."""
    home = tmp_path / "person"
    home.mkdir()
    return Shell(home)


@pytest.fixture
def at(seedwatch: Shell, mirror: MirrorServer) -> Shell:
    """A person's terminal, with the mirror for a PubMed."""
    seedwatch.environment |= {
        "SEEDWATCH_EUTILS_URL": mirror.url,
        "SEEDWATCH_HOME": str(seedwatch.home / "state"),
    }
    return seedwatch
