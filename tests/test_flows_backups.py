"""Backups made unasked: before a change, with each sweep; seven are kept."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from support.kept_library import backup, digests, mode, told
from support.library_samples import NOW, WATCH, WEEK

from flows.runtime import backups, registry, resources, settings
from flows.runtime.outcome import FlowOutcome
from flows.runtime.settings import Settings
from flows.sweep import with_backup
from queries.errors import (
    LibraryError,
)
from queries.library import migrations


def earlier_version(setting: Settings) -> None:
    """Take the last steps back, as a library of the version before has not had them."""
    with duckdb.connect(str(setting.database)) as connection:
        connection.execute(
            "DROP TABLE library; DROP TABLE watch; ALTER TABLE pending DROP dismissed; "
            "DROP TABLE unsubscription; DROP TABLE former_name; "
            "ALTER TABLE feedback DROP id; ALTER TABLE feedback DROP heard; "
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
