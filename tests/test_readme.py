"""The README says what the program does: commands, options, variables, keys, exit codes, files."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from flows.cli import app
from flows.runtime import settings
from queries.errors import SeedwatchError
from queries.watch.file import Watch
from queries.watch.mistakes import WatchTable

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    """The text under a heading, up to the next one."""
    return README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def table(heading: str) -> list[list[str]]:
    """The rows of the table under a heading, without its head."""
    rows = [line for line in section(heading).splitlines() if line.startswith("|")]
    cells = [re.split(r"(?<!\\)\|", row.strip("|")) for row in rows[2:]]
    return [[cell.strip().replace("\\|", "|") for cell in row] for row in cells]


def leaves(command: Any, path: str = "seedwatch") -> Iterator[tuple[str, Any]]:
    """Every command that does something, by what is typed; typer brings a click of its own."""
    within = getattr(command, "commands", {})
    for name, each in within.items():
        yield from leaves(each, f"{path} {name}")
    if not within:
        yield path, command


COMMANDS = dict(leaves(get_command(app)))


def options(command: Any) -> dict[str, Any]:
    """The options of a command, by what is typed."""
    return {each.opts[0]: each for each in command.params if each.param_type_name == "option"}


def typed(cell: str) -> str:
    """The command of a row: its words up to the first argument."""
    match = re.match(r"`(seedwatch(?: [a-z]+)+?)(?= [^a-z]|`| [a-z]+\|)", cell)
    assert match, cell
    return match[1]


ROWS = {typed(row[0]): row[0] for row in table("Commands")}


def test_every_command_is_in_the_table_and_there_are_no_others() -> None:
    assert set(ROWS) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_told_and_every_told_option_exists(command: str) -> None:
    """In the command's row, or in the text below the table for what several commands share."""
    own = set(re.findall(r"--[a-z-]+", ROWS[command]))
    shared = set(re.findall(r"--[a-z-]+", section("Commands").rpartition("\n|")[2]))
    assert own <= set(options(COMMANDS[command]))
    assert set(options(COMMANDS[command])) <= own | shared


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_has_help(command: str) -> None:
    assert COMMANDS[command].help
    assert [name for name, each in options(COMMANDS[command]).items() if not each.help] == []


class Asked(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self) -> None:
        """Hold nothing."""
        super().__init__()
        self.names: set[str] = set()

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """Have nothing."""
        self.names.add(key)
        return default


def test_every_variable_is_in_the_table_and_there_are_no_others() -> None:
    environment = Asked()
    settings.read(environment)
    ours = {name for name in environment.names if name.startswith(("SEEDWATCH_", "NCBI_"))}
    told = {name for row in table("Environment") for name in re.findall(r"`([A-Z_]+)`", row[0])}
    assert told == ours | {"PREFECT_API_URL"}


def keys(part: type[WatchTable], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Every key of a watch file with its default, ... where it must be given."""
    for name, field in part.model_fields.items():
        inner = [kind for kind in (field.annotation, *getattr(field.annotation, "__args__", ())) if kind]
        nested = next(
            (kind for kind in inner if isinstance(kind, type) and issubclass(kind, WatchTable)), None
        )
        if nested:
            yield from keys(nested, f"{prefix}{name}.")
        elif part is not Watch or name != "name":
            yield (
                f"{prefix}{name}",
                ... if field.is_required() else field.get_default(call_default_factory=True),
            )


KEYS = dict(keys(Watch))


def test_every_key_of_a_watch_is_in_the_table_and_there_are_no_others() -> None:
    assert {key for row in table("The watch file") for key in re.findall(r"`([a-z_.]+)`", row[0])} == set(
        KEYS
    )


def test_the_defaults_in_the_table_are_the_defaults() -> None:
    """Where they are values; what is required and what is empty is said so."""
    told: dict[str, str] = {}
    for cell, default, _ in table("The watch file"):
        names = re.findall(r"`([a-z_.]+)`", cell)
        each = default.split(", ") if ", " in default else [default] * len(names)
        told |= dict(zip(names, each, strict=True))
    for key, said in told.items():
        value = KEYS[key]
        if said == "required":
            assert value is ..., key
        elif said in {"none", "all", "one required"}:
            assert not value, key
        elif key not in {"schedule.harvest", "schedule.digest", "schedule.sweep"}:  # told in words
            assert str(value).lower() == said.lower(), key


def test_the_exit_codes_are_those_of_the_errors_and_of_help() -> None:
    def below(kind: type[SeedwatchError]) -> Iterator[type[SeedwatchError]]:
        yield kind
        for each in kind.__subclasses__():
            yield from below(each)

    told = {int(row[0]): row[1] for row in table("Exit codes")}
    assert set(told) == {0, *(kind.exit_code for kind in below(SeedwatchError))}
    helped = dict(re.findall(r"(\d) ([a-z]+)", str(app.info.epilog)))
    assert {int(code): word for code, word in helped.items()} == {
        code: re.split(r"\W", means)[0] for code, means in told.items()
    }


def test_what_it_points_to_is_there() -> None:
    """Files that it links, and make's targets."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert (
        set(re.findall(r"make ([a-z]+)\b", " ".join(re.findall(r"`[^`]+`|^    .*", README, re.MULTILINE))))
        <= targets
    )
    linked = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert linked
    assert [link for link in linked if not (ROOT / link).exists()] == []
