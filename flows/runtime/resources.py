"""What a flow opens: a watch by its name, the library, PubMed, the lock of one run at a time.

What each needs is imported when it is opened: who asks for one does not wait for the others.
"""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from flows.runtime.progress import listener
from flows.runtime.settings import Settings
from flows.runtime.unexpected import unexpected
from queries.errors import LibraryBusy, SeedwatchError, SettingsError, WatchError
from queries.watch.check import resolve
from queries.watch.file import Recipient, Watch, load, watch_files

if TYPE_CHECKING:
    from queries.library import Library
    from queries.pubmed.wire import RequestEntry, Wire

TOOL = "seedwatch"
UNDER_WAY = 600  # seconds to wait for another run of the same watch...
HELD = 30  # ...and for another process that holds the library


def watch(setting: Settings, name: str) -> Watch:
    """Return the watch of this name.

    Raises WatchError if there is none, or its file has a mistake.
    """
    files = {path.stem: path for path in watch_files(setting.watches)}
    if name not in files:
        raise WatchError(name, "is not a watch", f"There are {', '.join(files)}; see SEEDWATCH_WATCHES")
    found = load(files[name])
    if setting.preview:
        recipient = Recipient(
            name="preview", url=f"folder://{quote(str(setting.preview.absolute()))}?flat=yes"
        )
        return found.model_copy(update={"recipients": (recipient,)})
    return found


def ready(setting: Settings, name: str, *, asks: bool, tells: bool) -> None:
    """Find out in a second what would stop a run of this watch: its file, its secrets, the library.

    `asks` PubMed, `tells` the recipients.

    Raises WatchError, SettingsError or LibraryError, before Prefect has taken its time to start.
    """
    recipients = watch(setting, name).recipients
    for recipient in recipients if tells else ():
        resolve(recipient, name, setting.secrets)
    if asks:
        _check_email(setting)
    _folder(setting.home, "SEEDWATCH_HOME")
    _folder(setting.database.parent, "SEEDWATCH_DATABASE")
    if setting.database.exists():
        with library(setting):
            pass


def library(setting: Settings) -> "Library":
    """Return the library; open it in short blocks, and never across a request."""
    from queries.library import Library

    _folder(setting.database.parent, "SEEDWATCH_DATABASE")
    return Library(setting.database, min(HELD, setting.patience))


def pubmed(setting: Settings) -> "Wire":
    """Return the one polite client of PubMed.

    Raises SettingsError if NCBI itself is to be asked by nobody: it wants an address to write to.
    """
    from queries.pubmed.wire import Patience, Wire

    _check_email(setting)
    _folder(setting.politeness, "SEEDWATCH_HOME")
    return Wire(
        setting.eutils_url,
        tool=TOOL,
        email=setting.email,
        api_key=setting.api_key,
        rate=None if setting.at_ncbi else setting.rate,
        lock=setting.politeness / "pubmed.lock",
        log=_logger(setting.home / "requests.jsonl"),
        patience=Patience(budget=min(Patience().budget, setting.patience)),
    )


@contextmanager
def alone(setting: Settings, name: str) -> Iterator[None]:
    """Be the only run of this watch on this library; a killed process lets go by itself.

    Raises LibraryBusy after UNDER_WAY seconds, or sooner where patience is less.
    """
    from filelock import FileLock, Timeout

    _folder(setting.database.parent, "SEEDWATCH_DATABASE")
    lock = setting.database.with_name(f".{setting.database.name}.{name}.lock")
    try:
        with FileLock(lock, timeout=min(UNDER_WAY, setting.patience)):
            yield
    except Timeout as error:
        raise LibraryBusy(
            str(setting.database), f"another run of {name} is under way", "Wait for it; nothing was lost"
        ) from error


@contextmanager
def noting_failure(setting: Settings, name: str, kind: str, moment: datetime) -> Iterator[None]:
    """Let `status` know of a run that failed; where the library itself is the trouble, Prefect alone does.

    What nobody foresaw becomes an UnexpectedError, which names the file that has its traceback.
    """
    try:
        yield
    except Exception as error:
        known = error if isinstance(error, SeedwatchError) else unexpected(error, setting.home)
        with suppress(SeedwatchError), library(setting) as store:
            store.ran(name, kind, moment, moment, (str(known),))
        if known is error:
            raise
        raise known from error


def _check_email(setting: Settings) -> None:
    if setting.at_ncbi and not setting.email:
        raise SettingsError("NCBI_EMAIL", "is not set", "NCBI asks for an address to write to: set yours")


def _folder(path: Path, name: str) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            name, f"the folder {path} cannot be made ({error.strerror})", "Name one that can"
        ) from error


class _RequestLog(RotatingFileHandler):
    """Loses a line rather than the run."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name upstream
        """Be silent: the library tells of a full disk, in one line."""


def _logger(path: Path) -> "Callable[[RequestEntry], None]":
    """Write each request as a JSON line to a file that rolls over at 5 MB, and tell the listener."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = _RequestLog(path, maxBytes=5_000_000, backupCount=3, encoding="utf-8", delay=True)
    logger = logging.Logger("seedwatch.requests", logging.INFO)  # noqa: LOG001 - of one wire, not of the process
    logger.addHandler(handler)
    listen = listener.get()

    def log(entry: "RequestEntry") -> None:
        logger.info(json.dumps(asdict(entry), default=str))
        listen(entry)

    return log
