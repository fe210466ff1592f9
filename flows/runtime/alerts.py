"""What the operator was told: each trouble once, until it is over, and then that it is over.

Kept beside the library, so that a library that is gone can be told of, too.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import NamedTuple

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from flows.runtime import resources
from flows.runtime.settings import Settings, make_folder
from queries.errors import SeedwatchError
from queries.records.outbox import DeliveryState
from reports.answers.status import ALERT
from reports.channels.channel import alert

NAME = "operator.json"
SHOWN = 300  # characters of what was wrong, in the word that it is over


class Trouble(NamedTuple):
    """A trouble that lasts: when it was first told, in which words, and all that was told of it."""

    since: str
    text: str
    told: tuple[str, ...]


_TROUBLES = TypeAdapter(dict[str, Trouble])


def failing(setting: Settings, watch: str, subject: str, text: str) -> None:
    """Tell of a trouble, unless the same has been told and was never over; numbers and days make none new."""
    with _troubles(setting) as troubles:
        key, sign = f"{watch}/{subject}", signature(text)
        before = troubles.get(key)
        if before and sign in before.told:
            return
        if _tell(setting, watch, subject, f"seedwatch: {subject} {watch}: {_first(text)}", text):
            since = before.since if before else f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
            told = (*(before.told if before else ()), sign)
            troubles[key] = Trouble(since, before.text if before else text, told)


def well(setting: Settings, watch: str, subject: str, text: str = "") -> None:
    """Tell that a trouble is over, if one was told of."""
    with _troubles(setting) as troubles:
        key = f"{watch}/{subject}"
        if (before := troubles.get(key)) and _tell(
            setting,
            watch,
            subject,
            f"seedwatch: {subject} {watch}: well again",
            f"It was in trouble since {before.since}: {before.text[:SHOWN]}\n{text}".strip(),
        ):
            del troubles[key]


def note(setting: Settings, watch: str, subject: str, text: str) -> None:
    """Tell of what is worth knowing though nothing failed."""
    if setting.ops_url:
        _tell(setting, watch, subject, f"seedwatch: {subject} {watch}: Noted", text)


def told_of(setting: Settings, subject: str) -> list[str]:
    """The watches of which such a trouble was told and is not over."""
    return [key.rpartition("/")[0] for key in _read(setting) if key.endswith(f"/{subject}")]


def signature(text: str) -> str:
    """What is the same trouble on another day has the same signature."""
    return re.sub(r"\d+", "#", " ".join(text.split()))[:SHOWN]


def _first(text: str) -> str:
    return text.partition(":")[0][:40]


@contextmanager
def _troubles(setting: Settings) -> Iterator[dict[str, Trouble]]:
    """The troubles, alone, as they are kept; nothing where there is no operator to tell."""
    if not setting.ops_url:
        yield {}
        return
    make_folder(setting.home, "SEEDWATCH_HOME")
    with FileLock(setting.home / f".{NAME}.lock", mode=0o600):
        troubles = _read(setting)
        before = dict(troubles)
        yield troubles
        if troubles != before:
            _write(setting, troubles)


def _read(setting: Settings) -> dict[str, Trouble]:
    try:
        return _TROUBLES.validate_json((setting.home / NAME).read_bytes())
    except (OSError, ValidationError):
        return {}  # at worst something is told once more


def _write(setting: Settings, troubles: Mapping[str, Trouble]) -> None:
    draft = setting.home / f".{NAME}.new"
    with suppress(OSError):  # at worst something is told once more
        draft.touch(0o600)
        draft.write_text(
            json.dumps({key: trouble._asdict() for key, trouble in troubles.items()}, indent=1),
            encoding="utf-8",
        )
        draft.replace(setting.home / NAME)


def _tell(setting: Settings, watch: str, subject: str, title: str, text: str) -> bool:
    """Send the operator a word, if there is one to send to.

    Whether it arrived is kept for `seedwatch status`: nothing is silently not sent.
    """
    if not setting.ops_url:
        return False
    now = datetime.now(UTC)
    receipt = alert(setting.ops_url, title, text, now)
    failed = receipt.state is not DeliveryState.SENT
    trouble = (f"the operator could not be told of {subject} ({receipt.reason})",) if failed else ()
    for sentence in trouble:
        print(f"seedwatch: {sentence}", file=sys.stderr)  # noqa: T201 - there is no other channel left
    with suppress(SeedwatchError), resources.library(setting) as library:
        library.ran(watch, ALERT, now, now, trouble)
    return not failed
