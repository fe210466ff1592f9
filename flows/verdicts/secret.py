"""The secret that signs readers' links: made once, and readable for its owner only."""

import os
import secrets
from pathlib import Path
from typing import Final

from flows.runtime.settings import Settings, make_folder
from queries.errors import SettingsError

NAME: Final = "verdicts.key"  # in SEEDWATCH_HOME
SHORTEST: Final = 16  # characters; a shorter one could be guessed


def verdict_secret(setting: Settings) -> bytes:
    """The secret: SEEDWATCH_SECRET, else what SEEDWATCH_HOME holds, made there if there is none.

    Raises SettingsError if it is too short or its file cannot be read or made.
    """
    if setting.secret:
        return _long_enough(setting.secret, "SEEDWATCH_SECRET", f"Give at least {SHORTEST} characters")
    path = setting.home / NAME
    make_folder(setting.home, "SEEDWATCH_HOME")
    try:
        if not path.exists():
            _make(path)
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            str(path), f"cannot be read ({error})", "Mend it, or set SEEDWATCH_SECRET"
        ) from error
    return _long_enough(text, str(path), "Put back its backup; removed, it ends the links that were sent")


def _long_enough(text: str, subject: str, remedy: str) -> bytes:
    if len(text) < SHORTEST:
        raise SettingsError(subject, "is too short to be a secret", remedy)
    return text.encode()


def _make(path: Path) -> None:
    """Write a new secret in one step: of two processes that do it at once, one wins for both."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{secrets.token_hex(32)}\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
