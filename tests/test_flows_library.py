"""The library is known outside its file: gone, foreign, restored, backed up; and nobody else reads it."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from conftest import Shell
from support.library_samples import NOW, WATCH, WEEK, decision, harvest, issue

from flows.runtime import backups, registry, resources, settings
from flows.runtime.outcome import FlowOutcome
from flows.runtime.rehearsal import rehearsal
from flows.runtime.restoring import restore, start_afresh
from flows.runtime.settings import Settings
from flows.sweep import with_backup
from queries.errors import (
    InputError,
    LibraryDamaged,
    LibraryError,
    LibraryForeign,
    LibraryGone,
    Outage,
    SettingsError,
)
from queries.library import Library, migrations
from queries.pubmed.eutils import esearch
from queries.records.outbox import DeliveryState
from queries.watch.file import Seed

SEED = Seed(doi="10.5555/seed", keywords=("niche",))


@pytest.fixture
def setting(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", database=tmp_path / "library.duckdb")


def told(setting: Settings, number: int) -> None:
    """A week's harvest, and the digest that tells it."""
    with resources.library(setting) as library:
        library.began(WATCH, SEED, NOW + number * WEEK)
        library.remember(harvest(number, at=NOW + number * WEEK), NOW + number * WEEK)
        library.record(issue(number, decision(number), at=NOW + number * WEEK))


def digests(setting: Settings) -> list[int]:
    with resources.library(setting) as library:
        return [digest.number for digest in library.digests(WATCH)]


def backup(setting: Settings) -> Path:
    with resources.library(setting) as library:
        return backups.back_up(setting, library)


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


# ---- restore


def test_restoring_says_what_is_lacking_and_puts_in_doubt_what_may_have_been_sent_since(
    setting: Settings,
) -> None:
    told(setting, 1)
    kept = backup(setting)
    for number in (2, 3):
        told(setting, number)
    with resources.library(setting) as library:
        for delivery in library.deliveries(WATCH):
            library.sending(WATCH, delivery, NOW)
    lines = "\n".join(restore(setting, kept))
    assert f"{WATCH}: its last is digest 1 of 2026-11-09" in lines
    assert f"{WATCH}: it doesn't know digest 2, 3: what was told there would be told again" in lines
    with resources.library(setting) as library:
        assert {each.state for each in library.deliveries(WATCH)} == {DeliveryState.UNKNOWN}
        assert library.due(WATCH, NOW + 9 * WEEK) == []
    (aside,) = setting.database.parent.glob("library.aside-*.duckdb")
    with Library(aside) as library:
        assert len(library.digests(WATCH)) == 3


def test_what_was_there_and_cannot_be_read_is_said_and_kept(setting: Settings) -> None:
    told(setting, 1)
    kept = backup(setting)
    setting.database.write_bytes(b"scribble" * 999)
    lines = "\n".join(restore(setting, kept))
    assert "What was there cannot be read (is not a library of seedwatch)" in lines
    assert [path.read_bytes() for path in setting.database.parent.glob("library.aside-*")] == [
        b"scribble" * 999
    ]
    assert digests(setting) == [1]


def scribbled(path: Path) -> None:
    """A page in the midst is lost: the file opens all the same."""
    whole = path.read_bytes()
    middle = len(whole) // 2 // 4096 * 4096
    path.write_bytes(whole[:middle] + b"?" * (len(whole) - middle))


def newer(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO migration VALUES (9000, 'of tomorrow')")


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("pmid,title\n" * 500),
        lambda path: path.write_bytes(path.read_bytes()[:50_000]),
        lambda path: path.unlink(),
        scribbled,
        newer,
    ],
    ids=["empty", "text", "half", "gone", "scribbled", "newer"],
)
def test_what_is_not_a_whole_library_of_ours_is_refused_before_anything_is_moved(
    setting: Settings, tmp_path: Path, harm: object
) -> None:
    told(setting, 1)
    file = tmp_path / "copy.duckdb"
    shutil.copy(backup(setting), file)
    assert callable(harm)
    harm(file)
    before = setting.database.read_bytes()
    with pytest.raises((InputError, LibraryError)) as caught:
        list(restore(setting, file))
    assert str(caught.value).startswith(f"{file}: ")
    assert setting.database.read_bytes() == before
    assert not list(tmp_path.glob("library.aside-*"))
    assert not list(tmp_path.glob(".restoring-*"))


# Tells a digest and dies before DuckDB has written its log into the file.
KILLED = """
import os, signal, sys
from pathlib import Path
from support.library_samples import NOW, WEEK, decision, harvest, issue
from queries.library import Library

with Library(Path(sys.argv[1])) as library:
    library._open.execute("PRAGMA wal_autocheckpoint = '1GB'")
    library.remember(harvest(2, at=NOW + 2 * WEEK), NOW + 2 * WEEK)
    library.record(issue(2, decision(2), at=NOW + 2 * WEEK))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(setting: Settings) -> Path:
    """Leave the library with a log beside it, as a killed run does; return the log."""
    here = Path(__file__).parent
    path = os.pathsep.join((str(here), str(here.parent)))
    environment = {**os.environ, "PYTHONPATH": path}
    run = subprocess.run([sys.executable, "-c", KILLED, setting.database], env=environment, check=False)
    assert run.returncode == -signal.SIGKILL
    log = Path(f"{setting.database}.wal")
    assert log.stat().st_size
    return log


@pytest.mark.parametrize("earlier", ["backup", "copy"])
def test_a_log_left_beside_a_file_that_was_put_back_by_hand_is_refused_until_it_is_moved_aside(
    setting: Settings, tmp_path: Path, earlier: str
) -> None:
    told(setting, 1)
    kept = tmp_path / "kept.duckdb"
    shutil.copy(backup(setting) if earlier == "backup" else setting.database, kept)
    with resources.library(setting) as library:
        library.remember(harvest(7, at=NOW), NOW)
    log = killed(setting)
    left = log.read_bytes()
    shutil.copy(kept, setting.database)
    with pytest.raises(LibraryDamaged, match=r"the log beside it \(.wal\) is of another file") as caught:
        digests(setting)
    assert "seedwatch restore FILE" in str(caught.value)
    assert log.read_bytes() == left
    lines = "\n".join(restore(setting, setting.database))
    assert "is of another file and was left out" in lines
    assert digests(setting) == [1]
    (aside,) = tmp_path.glob("library.aside-*.wal")
    assert aside.read_bytes() == left


def test_the_log_of_the_file_itself_is_part_of_it(setting: Settings) -> None:
    told(setting, 1)
    killed(setting)
    lines = "\n".join(restore(setting, setting.database))
    assert "left out" not in lines
    assert "doesn't know" not in lines
    assert digests(setting) == [1, 2]


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_restore_that_is_cut_off_is_done_again_and_nothing_is_started_afresh(
    setting: Settings, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Before and after the library and its log are moved aside, and before the copy takes their place."""
    told(setting, 1)
    kept = backup(setting)
    killed(setting)
    renames = iter(range(1, 99))
    rename = Path.rename

    def cut_off(path: Path, target: Path) -> Path:
        ours = path.parent == setting.database.parent or path.name == "whole.duckdb"
        if ours and not path.name.startswith(".") and next(renames) == step:
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", cut_off)
        with pytest.raises(KeyboardInterrupt):
            list(restore(setting, kept))
    if step > 1:
        with pytest.raises((LibraryGone, LibraryDamaged)):
            digests(setting)
    list(restore(setting, kept))
    assert digests(setting) == [1]
    asides = [path for path in setting.database.parent.iterdir() if ".aside-" in path.name]
    assert {path.suffix for path in asides} == {".duckdb", ".wal"}, "what was there is all kept"


# ---- backups


def earlier_version(setting: Settings) -> None:
    """Take the last two steps back, as a library of the version before has not had them."""
    with duckdb.connect(str(setting.database)) as connection:
        connection.execute(
            "DROP TABLE library; DROP TABLE watch; ALTER TABLE pending DROP dismissed; "
            "DELETE FROM migration WHERE number >= 7"
        )


def test_before_a_library_is_changed_for_a_new_version_it_is_backed_up(
    setting: Settings, tmp_path: Path
) -> None:
    told(setting, 1)
    earlier_version(setting)
    home = replace(setting, home=tmp_path / "new")  # an earlier version registered nothing
    assert digests(home) == [1]
    (kept,) = backups.folder(home).iterdir()
    assert mode(kept) == 0o600
    with duckdb.connect(str(kept), read_only=True) as connection:
        ((last,),) = connection.execute("SELECT max(number) FROM migration").fetchall()
        assert last < max(migrations.known())
    with resources.library(home) as library:
        (known,) = library.watches()
    assert (known.name, known.first, known.retired) == (WATCH, NOW + WEEK, None)
    assert digests(home) == [1]
    assert len(list(backups.folder(home).iterdir())) == 1


def test_a_backup_that_fails_stops_the_change(setting: Settings, tmp_path: Path) -> None:
    told(setting, 1)
    earlier_version(setting)
    home = replace(setting, home=tmp_path / "new")
    home.home.mkdir()
    backups.folder(home).write_text("in the way")
    before = setting.database.read_bytes()
    with pytest.raises(LibraryError, match=r"stays as it is, as its backup before that failed .*backups"):
        digests(home)
    assert setting.database.read_bytes() == before
    backups.folder(home).unlink()
    assert digests(home) == [1]


def test_seven_backups_are_kept_whatever_the_clock_says(setting: Settings) -> None:
    told(setting, 1)
    made = [backup(setting) for _ in range(9)]
    assert sorted(backups.folder(setting).iterdir()) == sorted(made[2:])
    known = registry.known(setting)
    assert known
    assert known.backups == tuple(map(str, made[2:]))
    assert mode(made[-1]) == 0o600
    assert mode(backups.folder(setting)) == 0o700


def test_a_sweep_backs_up_and_tells_the_operator_where_it_cannot(setting: Settings) -> None:
    told(setting, 1)
    done = FlowOutcome(watch=WATCH, flow="sweep", line="done")
    with settings.replaced(setting):
        assert with_backup(done) == done
        assert len(list(backups.folder(setting).iterdir())) == 1
        shutil.rmtree(backups.folder(setting))
        backups.folder(setting).write_text("in the way")
        noted = with_backup(done)
    assert not noted.trouble
    assert "could not be backed up" in noted.notes[0]


# ---- who may read


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


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
    for command in (["status"], ["run", "cml-stem-cells"], ["backup", "again.duckdb"], ["check"]):
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
