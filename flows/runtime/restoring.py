"""A backup put in the library's place, read as a whole first; what was there is moved aside, not deleted."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from flows.runtime import registry, resources
from flows.runtime.settings import Settings, make_folder
from queries.errors import InputError, LibraryBusy, LibraryDamaged, LibraryError
from queries.library import Library
from queries.library.private import private
from queries.records.library import LibraryId, PastDigest

DOUBT = "the library was restored from a backup, and it may have been sent since"


class Contents(NamedTuple):
    """What a library says of itself: the digests and the last run of each watch."""

    library_id: LibraryId
    digests: dict[str, tuple[PastDigest, ...]]
    last_runs: dict[str, datetime]


def restore(setting: Settings, file: Path) -> Iterator[str]:
    """Put a copy of `file`, brought up to this version, in the library's place; say what became of what.

    Raises InputError or LibraryError, before anything is moved, if the file is not a whole library.
    A kill at any moment leaves the library in place, or gone and both copies beside it: restore once more.
    """
    if not file.is_file():
        raise InputError(str(file), "is not a file", "Name a backup: seedwatch restore FILE")
    place = setting.database.resolve()  # a link to another disk stays one
    make_folder(setting.home, "SEEDWATCH_HOME")
    make_folder(place.parent, "SEEDWATCH_DATABASE")
    with (
        resources.alone_on_library(setting),
        private(),
        TemporaryDirectory(prefix=".restoring-", dir=place.parent) as scratch,
    ):
        draft = Path(scratch) / "whole.duckdb"
        restored, with_log = _copy_whole(file, Path(scratch) / "restored.duckdb", draft)
        before = _before(place, Path(scratch))
        known = registry.known(setting)
        registry.register(setting, restored.library_id, known and known.backups)
        aside = set_aside(place)
        draft.rename(place)
    yield f"{setting.database} is now a copy of {file}"
    if not with_log:
        yield f"The log beside {file} is of another file and was left out"
    yield from (f"What was there is kept as {path}" for path in aside)
    yield from _standing(restored)
    yield from _told_again(restored, before)


def start_afresh(setting: Settings) -> Iterator[str]:
    """Move what lies in the library's place aside and start a new one there."""
    make_folder(setting.home, "SEEDWATCH_HOME")
    make_folder(setting.database.parent, "SEEDWATCH_DATABASE")
    with resources.alone_on_library(setting):
        aside = set_aside(setting.database.resolve())
        with Library(setting.database) as made:
            registry.register(setting, _id_of(made))
    yield from (f"What was there is kept as {path}" for path in aside)
    yield f"A new library is at {setting.database}: it takes every watch for new"


def set_aside(place: Path) -> list[Path]:
    """Give a library and its log names of their own beside it; return those."""
    moved = []
    number = 1
    while (target := place.with_name(f"{place.stem}.aside-{number}{place.suffix}")).exists() or Path(
        f"{target}.wal"
    ).exists():
        number += 1
    for source, to in ((place, target), (Path(f"{place}.wal"), Path(f"{target}.wal"))):
        if source.exists():
            source.rename(to)
            moved.append(to)
    return moved


def _copy_whole(file: Path, copy: Path, draft: Path) -> tuple[Contents, bool]:
    """Copy a library by reading all of it; return what it holds, and whether its log belonged to it."""
    try:
        _copy(file, copy)
        log = Path(f"{copy}.wal")
        with_log = True
        try:
            contents = _contents(copy)
        except LibraryDamaged:
            if not log.exists():
                raise
            log.unlink()
            with_log = False
            contents = _contents(copy)
        with Library(copy) as library:
            library.doubt_all(DOUBT, datetime.now(UTC))
            library.backup(draft)
    except LibraryError as error:
        raise type(error)(
            str(file),
            error.problem,
            "Name another backup; nothing was changed" if isinstance(error, LibraryDamaged) else error.remedy,
        ) from error
    return contents, with_log


def _before(place: Path, scratch: Path) -> Contents | str:
    """What the library that is in place holds, else why that cannot be known."""
    if not place.exists():
        return "is gone"
    copy = scratch / "before.duckdb"
    try:
        _copy(place, copy)
        return _contents(copy)
    except LibraryBusy:
        raise
    except LibraryError as error:
        return f"cannot be read ({error.problem})"


def _copy(file: Path, target: Path) -> None:
    for source, to in ((file, target), (Path(f"{file}.wal"), Path(f"{target}.wal"))):
        if source.exists():
            shutil.copyfile(source, to)


def _contents(file: Path) -> Contents:
    with Library(file) as library:
        names = {known.name: known.last for known in library.watches()}
        return Contents(_id_of(library), {name: library.digests(name) for name in names}, names)


def _id_of(library: Library) -> LibraryId:
    library_id = library.library_id()
    assert library_id  # noqa: S101 - every step has been applied
    return library_id


def _standing(restored: Contents) -> Iterator[str]:
    for name, digests in restored.digests.items():
        last = f"digest {digests[-1].number} of {digests[-1].made:%Y-%m-%d}" if digests else "no digest"
        yield f"{name}: its last is {last}, its last run of {restored.last_runs[name]:%Y-%m-%d %H:%M} UTC"


def _told_again(restored: Contents, before: Contents | str) -> Iterator[str]:
    """Which digests it doesn't know, whose articles would come once more."""
    if isinstance(before, str):
        yield (
            f"What was there {before}: what digests have told since these runs would be "
            "told again. Look at the next one with --preview DIR first"
        )
        return
    for name, digests in before.digests.items():
        known = {(digest.number, digest.made) for digest in restored.digests.get(name, ())}
        lost = [str(digest.number) for digest in digests if (digest.number, digest.made) not in known]
        if lost:
            yield (
                f"{name}: it doesn't know digest {', '.join(lost)}: what was told there would be told again. "
                f"Look at the next one first: seedwatch run {name} --preview DIR"
            )
