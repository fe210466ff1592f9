"""The library is known outside its file: gone, foreign, started afresh; and nobody else reads it."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Shell
from support.kept_library import backup, digests, killed, mode, told
from support.library_samples import WATCH
from support.scenario import small_scenario

from flows.runtime import registry, resources, settings
from flows.runtime.rehearsal import rehearsal
from flows.runtime.restoring import restore, start_afresh
from flows.runtime.settings import Settings
from queries.errors import (
    LibraryForeign,
    LibraryGone,
    Outage,
    SettingsError,
)
from queries.mirror.server import MirrorServer
from queries.pubmed.eutils import esearch


def test_a_first_start_makes_a_library_and_one_that_is_gone_is_an_error_which_names_the_way_back(
    setting: Settings,
) -> None:
    told(setting, 1)
    kept = backup(setting)
    setting.database.unlink()
    for _ in range(2):
        with pytest.raises(LibraryGone) as caught, resources.library(setting):
            pass
        assert str(setting.database) in str(caught.value)
        assert str(kept) in str(caught.value)
        assert "seedwatch restore FILE" in str(caught.value)
        assert not setting.database.exists(), "nothing is started afresh"
    list(restore(setting, kept))
    assert digests(setting) == [1]


def test_starting_afresh_is_a_persons_wish_and_deletes_nothing(setting: Settings) -> None:
    told(setting, 1)
    before = setting.database.read_bytes()
    lines = list(start_afresh(setting))
    (aside,) = setting.database.parent.glob("library.aside-*")
    assert any(str(aside) in line for line in lines)
    assert aside.read_bytes() == before
    assert digests(setting) == []
    told(setting, 1)
    setting.database.unlink()
    list(start_afresh(setting))
    assert digests(setting) == []


def test_a_mistyped_database_is_no_first_start(setting: Settings, tmp_path: Path) -> None:
    """Nor is one that was forgotten, as in a cron job: all would be told again, to everybody."""
    told(setting, 1)
    mistyped = replace(setting, database=tmp_path / "libary.duckdb")
    for ask in (resources.known_watches, digests):
        with pytest.raises(
            SettingsError, match=r"SEEDWATCH_DATABASE: there is no library at .*libary"
        ) as caught:
            ask(mistyped)
        assert str(setting.database) in str(caught.value)
        assert not mistyped.database.exists()
    assert f"SEEDWATCH_DATABASE={mistyped.database} seedwatch restore --afresh" in caught.value.remedy
    assert digests(setting) == [1]
    list(start_afresh(mistyped))
    assert digests(mistyped) == []
    assert digests(setting) == [1]


def test_a_mistyped_database_is_no_first_start_of_a_rehearsal(
    setting: Settings, mirror: MirrorServer, tmp_path: Path
) -> None:
    """A preview would show everything as new."""
    scenario = small_scenario(tmp_path, mirror)
    told(scenario.setting, 1)
    mistyped = replace(scenario.setting, database=setting.database.with_name("libary.duckdb"))
    with pytest.raises(SettingsError, match="there is no library at"):
        resources.ready(mistyped, "small", asks=True, tells=False)


def test_another_library_in_its_place_is_refused_until_it_is_adopted(
    setting: Settings, tmp_path: Path
) -> None:
    told(setting, 1)
    other = replace(setting, database=tmp_path / "other.duckdb", home=tmp_path / "elsewhere")
    for number in (1, 2):
        told(other, number)
    shutil.copy(other.database, setting.database)
    before = setting.database.read_bytes()
    with (
        pytest.raises(LibraryForeign, match=f"seedwatch restore {setting.database}"),
        resources.library(setting),
    ):
        pass
    assert setting.database.read_bytes() == before
    list(restore(setting, setting.database))
    assert digests(setting) == [1, 2]


def test_an_older_copy_of_the_same_library_put_back_by_hand_is_no_stranger(setting: Settings) -> None:
    told(setting, 1)
    kept = backup(setting)
    told(setting, 2)
    shutil.copy(kept, setting.database)
    assert digests(setting) == [1]


def test_a_library_that_this_home_does_not_know_is_adopted(setting: Settings, tmp_path: Path) -> None:
    told(setting, 1)
    setting.database.chmod(0o644)
    home = replace(setting, home=tmp_path / "new")
    assert digests(home) == [1]
    assert mode(setting.database) == 0o600
    setting.database.unlink()
    with pytest.raises(LibraryGone), resources.library(home):
        pass


def test_a_rehearsal_is_nobodys_business(setting: Settings, tmp_path: Path) -> None:
    told(setting, 1)
    before = (setting.home / registry.NAME).read_bytes()
    with (
        settings.replaced(setting),
        rehearsal(tmp_path / "look"),
        resources.library(settings.read()) as library,
    ):
        assert library.path != setting.database
        assert len(library.digests(WATCH)) == 1
    assert (setting.home / registry.NAME).read_bytes() == before


@pytest.mark.parametrize("content", ["{", "[]", '{"a": 1}', ""])
def test_a_registry_that_cannot_be_read_is_named_and_left(setting: Settings, content: str) -> None:
    told(setting, 1)
    (setting.home / registry.NAME).write_text(content)
    with pytest.raises(SettingsError, match=r"libraries.json: cannot be read .* move this file away"):
        digests(setting)
    assert (setting.home / registry.NAME).read_text() == content
    (setting.home / registry.NAME).unlink()
    assert digests(setting) == [1]


def test_what_is_made_is_its_owners_alone(setting: Settings, tmp_path: Path) -> None:
    """Also in a folder that everybody may read, and after a kill; what is made for others stays theirs."""
    before = os.umask(0o022)
    try:
        told(setting, 1)
        backup(setting)
        log = killed(setting)
        assert mode(log) == 0o600
        assert digests(setting) == [1, 2]
        silent = replace(setting, eutils_url="http://127.0.0.1:9/", rate=100, patience=0.1)
        with resources.pubmed(silent) as wire, pytest.raises(Outage):
            esearch(wire, "niche")
        (tmp_path / "public").touch()
        assert mode(tmp_path / "public") == 0o644
    finally:
        os.umask(before)
    made = [setting.database, *setting.home.rglob("*"), setting.home]
    wrong = {str(path): oct(mode(path)) for path in made if mode(path) != (0o700 if path.is_dir() else 0o600)}
    assert wrong == {}


def test_at_the_command_line(seedwatch: Shell) -> None:
    home = {"SEEDWATCH_HOME": str(seedwatch.home / "state")}
    assert seedwatch("status", **home).returncode in {0, 1}
    library = seedwatch.home / "state" / "library.duckdb"
    assert seedwatch("backup", "copy.duckdb", **home).returncode == 0
    library.unlink()
    for command in (
        ["status"],
        ["run", "cml-stem-cells"],
        ["backup", "again.duckdb"],
        ["check", "--offline"],
    ):
        gone = seedwatch(*command, **home, NCBI_EMAIL="a@example.org", SEEDWATCH_MAIL="folder://x")
        assert gone.returncode in {1, 2}, command
        assert f"{library}: is gone" in gone.stderr + gone.stdout
        assert "Traceback" not in gone.stderr
    usage = seedwatch("restore", **home)
    assert usage.returncode == 2
    restored = seedwatch("restore", "copy.duckdb", **home)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert f"{library} is now a copy of copy.duckdb" in restored.stdout
    assert seedwatch("status", **home).stderr == ""
    assert json.loads((seedwatch.home / "state" / "libraries.json").read_text())[str(library)]["id"]
