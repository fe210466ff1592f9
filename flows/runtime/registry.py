"""Which libraries this SEEDWATCH_HOME knows, kept outside their files.

So that a library that is gone, or another in its place, is an error and no fresh start.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import TypeAdapter, ValidationError

from flows.runtime.settings import Settings
from queries.errors import LibraryForeign, LibraryGone, SettingsError
from queries.records.library import LibraryId

if TYPE_CHECKING:
    from filelock import FileLock

NAME = "libraries.json"
REMEDY = "`seedwatch restore FILE` puts a backup in its place, `seedwatch restore --afresh` starts afresh"
SHOWN = 3  # backups that an error names


class KnownLibrary(NamedTuple):
    """A library as it was when it was last registered, and its backups, the newest last."""

    id: str
    made: str
    backups: tuple[str, ...] = ()


_LIBRARIES = TypeAdapter(dict[str, KnownLibrary])


def known(setting: Settings) -> KnownLibrary | None:
    """What is known of the library at the settings' path, if anything."""
    return _read(setting).get(key(setting))


def check_present(setting: Settings) -> None:
    """Refuse to start a library where one is known, or beside those that this SEEDWATCH_HOME knows.

    Raises LibraryGone if a library is known at this path and no file is there; SettingsError if there is
    neither, and others are known: SEEDWATCH_DATABASE is mistyped, or was forgotten.
    """
    if setting.database.exists():
        return
    before = known(setting)
    if before is None:
        if others := ", ".join(sorted(_read(setting))):
            raise SettingsError(
                "SEEDWATCH_DATABASE",
                f"there is no library at {setting.database}, and this SEEDWATCH_HOME knows {others}",
                f"Set it to that one, or start another on purpose: SEEDWATCH_DATABASE={setting.database} "
                "seedwatch restore --afresh",
            )
        return
    newest = [path for path in reversed(before.backups) if Path(path).exists()][:SHOWN]
    backups = f"its newest backups: {', '.join(newest)}" if newest else "no backup of it is known"
    raise LibraryGone(
        str(setting.database), f"is gone, though a library made {before.made} was here; {backups}", REMEDY
    )


def check_same(setting: Settings, here: LibraryId | None) -> bool:
    """Whether the library here is the one that is known; False if none is known at this path.

    Raises LibraryForeign if it is another one.
    """
    before = known(setting)
    if before and (here is None or here.id != before.id):
        raise LibraryForeign(
            str(setting.database),
            f"is not the library made {before.made} that was here, but another one",
            f"Put that one back, or adopt this one: seedwatch restore {setting.database}",
        )
    return before is not None


def register(setting: Settings, here: LibraryId, backups: tuple[str, ...] | None = None) -> None:
    """Know this library at the settings' path from now on; its backups stay known unless given."""
    with _locked(setting):
        libraries = _read(setting)
        before = libraries.get(key(setting))
        kept = before.backups if before and before.id == here.id else ()
        libraries[key(setting)] = KnownLibrary(
            here.id, f"{here.made:%Y-%m-%d %H:%M} UTC", kept if backups is None else backups
        )
        _write(setting, libraries)


def key(setting: Settings) -> str:
    """The library's path in the registry, links followed."""
    return str(setting.database.resolve())


def _locked(setting: Settings) -> "FileLock":
    from filelock import FileLock

    return FileLock(setting.home / f".{NAME}.lock", mode=0o600)


def _read(setting: Settings) -> dict[str, KnownLibrary]:
    path = setting.home / NAME
    try:
        return _LIBRARIES.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise SettingsError(
            str(path),
            f"cannot be read ({type(error).__name__})",
            "If each library is in its place, move this file away: they are registered again",
        ) from error


def _write(setting: Settings, libraries: Mapping[str, KnownLibrary]) -> None:
    """Put the file in place of the one before in one step."""
    path = setting.home / NAME
    draft = path.with_name(f".{NAME}.{os.getpid()}")
    content = {path: library._asdict() for path, library in libraries.items()}
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise SettingsError(
            str(path), f"cannot be written ({error.strerror})", "Make room, or mend its permissions"
        ) from error
