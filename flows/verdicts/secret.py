"""The secret that signs readers' links: made once, and readable for its owner only."""

import os
import secrets
from pathlib import Path
from typing import Final

from flows.runtime.settings import Settings, make_folder
from queries.errors import SettingsError
from queries.library.private import made_once, private

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
    with made_once(path) as draft, private(), draft.open("x", encoding="ascii") as file:
        file.write(f"{secrets.token_hex(32)}\n")
        file.flush()
        os.fsync(file.fileno())
