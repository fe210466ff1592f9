"""A backup put in a library's place: it is read first, nothing is deleted or sent twice."""

import shutil
from pathlib import Path

import duckdb
import pytest
from support.kept_library import backup, digests, killed, told
from support.library_samples import NOW, WATCH, WEEK, harvest

from flows.runtime import resources
from flows.runtime.restoring import restore
from flows.runtime.settings import Settings
from queries.errors import (
    InputError,
    LibraryDamaged,
    LibraryError,
    LibraryGone,
)
from queries.library import Library
from queries.records.outbox import DeliveryState


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
