"""A person at a terminal: commands typed in this process, weeks lived, alarms read; no test itself."""

import re
from datetime import UTC, datetime
from pathlib import Path

from typer.testing import CliRunner

from flows.cli import app
from flows.runtime import resources, settings
from support.scenario import Scenario

NOW = datetime.now(UTC).replace(microsecond=0)  # `status` asks the real clock


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
    """What `status` says that a person must look at."""
    code, output = typed(scenario, "status")
    found = re.findall("ALARM (.*)", output)
    assert code == (1 if found else 0), output
    return found


def file_of(scenario: Scenario, name: str) -> Path:
    """Where a watch file of this name is, or would be."""
    return scenario.setting.watches[-1] / f"{name}.toml"
