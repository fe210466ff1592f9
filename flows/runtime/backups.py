"""Backups made unasked: before the library's tables are changed, and with each sweep; seven are kept."""

import re
from datetime import UTC, datetime
from pathlib import Path

from flows.runtime import registry
from flows.runtime.settings import Settings, make_folder
from queries.errors import LibraryError, SeedwatchError
from queries.library.file import LibraryFile

KEPT = 7


def folder(setting: Settings) -> Path:
    """Where they are."""
    return setting.home / "backups"


def back_up(setting: Settings, library: LibraryFile) -> Path:
    """Write a backup of the open library and remove the oldest above those that are kept; return it.

    They are numbered, as a clock may go back. Raises LibraryError or SettingsError if it cannot be written;
    the older ones stay then.
    """
    here = library.library_id()
    place = folder(setting)
    make_folder(place, "SEEDWATCH_HOME")
    label = f"{setting.database.stem}-{here.id[:8] if here else 'unnamed'}"
    before = backups(setting, label)
    number = int(_number(before[-1])) + 1 if before else 1
    target = place / f"{label}-{number:05}-{datetime.now(UTC):%Y%m%dT%H%M%S}.duckdb"
    library.backup(target)
    for path in before[: max(0, len(before) + 1 - KEPT)]:
        path.unlink(missing_ok=True)
    if here:
        registry.register(setting, here, tuple(map(str, backups(setting, label))))
    return target


def backups(setting: Settings, label: str) -> list[Path]:
    """The backups of a library, the oldest first."""
    pattern = re.compile(rf"{re.escape(label)}-(\d{{5,}})-\d{{8}}T\d{{6}}\.duckdb")
    if not folder(setting).is_dir():
        return []
    found = [path for path in folder(setting).iterdir() if pattern.fullmatch(path.name)]
    return sorted(found, key=lambda path: int(_number(path)))


def before_migration(setting: Settings, library: LibraryFile) -> None:
    """Back up a library of an earlier version before it is changed.

    Raises LibraryForeign if it is another than was here, LibraryError if the backup fails: it is not changed
    then.
    """
    registry.check_same(setting, library.library_id())
    try:
        back_up(setting, library)
    except SeedwatchError as error:
        raise LibraryError(
            str(setting.database),
            "is to be brought up to this version, and stays as it is, as its backup before that failed "
            f"({error.subject}: {error.problem})",
            error.remedy,
        ) from error


def _number(path: Path) -> str:
    return path.stem.rsplit("-", 2)[1]
