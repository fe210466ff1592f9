"""What a flow opens: a watch by its name, the library, PubMed, the lock of one run at a time.

What each needs is imported when it is opened: who asks for one does not wait for the others.
"""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from flows.runtime import registry, watches
from flows.runtime.progress import listener
from flows.runtime.rotating_log import RotatingLog
from flows.runtime.settings import Settings, make_folder
from flows.runtime.unexpected import unexpected
from queries.errors import LibraryBusy, SeedwatchError, SettingsError, WatchError, WatchRetired
from queries.watch.check import resolve
from queries.watch.file import Recipient, Watch, load, watch_files

if TYPE_CHECKING:
    from queries.library import Library
    from queries.pubmed.pace_row import PaceRow
    from queries.pubmed.wire import RequestEntry, Wire
    from queries.records.library import KnownWatch

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
    found = watch(setting, name)
    for recipient in found.recipients if tells else ():
        resolve(recipient, name, setting.secrets)
    if asks:
        _check_email(setting)
    make_folder(setting.home, "SEEDWATCH_HOME")
    make_folder(setting.database.parent, "SEEDWATCH_DATABASE")
    registry.check_present(setting)
    if setting.database.exists():
        with library(setting) as opened:
            watches.check_name(setting, found, opened.watches())


@contextmanager
def library(setting: Settings) -> "Iterator[Library]":
    """The library, open: in short blocks, and never across a request.

    Raises LibraryGone or LibraryForeign if this SEEDWATCH_HOME knows another library at its path. One that it
    doesn't know yet is adopted, and made if there is none; a rehearsal's copy is nobody's business.
    """
    from flows.runtime.backups import before_migration
    from queries.library import Library

    make_folder(setting.database.parent, "SEEDWATCH_DATABASE")
    patience = min(HELD, setting.patience)
    if setting.preview:
        with Library(setting.database, patience) as opened:
            yield opened
        return
    make_folder(setting.home, "SEEDWATCH_HOME")
    registry.check_present(setting)
    with Library(setting.database, patience, partial(before_migration, setting)) as opened:
        here = opened.library_id()
        if here and not registry.check_same(setting, here):
            setting.database.chmod(0o600)  # one of an earlier version may be open to others
            registry.register(setting, here)
        yield opened


def pubmed(setting: Settings) -> "Wire":
    """Return the one polite client of PubMed.

    Raises SettingsError if NCBI itself is to be asked by nobody: it wants an address to write to.
    """
    from queries.pubmed.wire import Patience, Wire

    _check_email(setting)
    make_folder(setting.politeness, "SEEDWATCH_HOME")
    lock = setting.politeness / "pubmed.lock"
    for path in (lock, lock.with_name(f"{lock.name}.lock")):  # for its owner alone, before others make them
        path.touch(0o600)
    return Wire(
        setting.eutils_url,
        tool=TOOL,
        email=setting.email,
        api_key=setting.api_key,
        rate=None if setting.at_ncbi else setting.rate,
        lock=_pace_row(setting) or lock,
        log=_logger(setting.home / "requests.jsonl"),
        patience=Patience(budget=min(Patience().budget, setting.patience)),
    )


def _pace_row(setting: Settings) -> "PaceRow | None":
    """Where several machines share a key, the row by which they keep NCBI's limit together."""
    if not setting.pace_url:
        return None
    from queries.pubmed.pace_row import PaceRow

    name = sha256(setting.api_key.encode()).hexdigest()[:16] if setting.api_key else "no key"
    return PaceRow(setting.pace_url, name)


@contextmanager
def alone(setting: Settings, *names: str) -> Iterator[None]:
    """Be the only run of these watches on this library; a killed process lets go by itself.

    Raises LibraryBusy after UNDER_WAY seconds, or sooner where patience is less.
    """
    from filelock import FileLock, Timeout

    make_folder(setting.database.parent, "SEEDWATCH_DATABASE")
    locks = {name: setting.database.with_name(f"{_lock_prefix(setting)}{name}.lock") for name in names}
    with ExitStack() as held:
        for name, lock in sorted(locks.items()):
            try:
                held.enter_context(FileLock(lock, timeout=min(UNDER_WAY, setting.patience), mode=0o600))
            except Timeout as error:
                raise LibraryBusy(
                    str(setting.database),
                    f"another run of {name} is under way",
                    "Wait for it; nothing was lost",
                ) from error
        yield


@contextmanager
def alone_on_library(setting: Settings) -> Iterator[None]:
    """Wait until no run of any watch is under way on this library, and let none begin.

    Raises LibraryBusy as `alone` does.
    """
    prefix = _lock_prefix(setting)
    folder = setting.database.parent
    files = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    names = [name for name in files if name.startswith(prefix) and name.endswith(".lock")]
    with alone(setting, *(name.removeprefix(prefix).removesuffix(".lock") for name in names)):
        yield


def _lock_prefix(setting: Settings) -> str:
    return f".{setting.database.name}."


@contextmanager
def noting_failure(setting: Settings, name: str, kind: str, moment: datetime) -> Iterator[None]:
    """Let `status` know of a run that failed; where the library itself is the trouble, Prefect alone does.

    What nobody foresaw becomes an UnexpectedError, which names the file that has its traceback.
    """
    _begin(setting, name, kind, moment)
    try:
        yield
    except Exception as error:
        known = error if isinstance(error, SeedwatchError) else unexpected(error, setting.home)
        with suppress(SeedwatchError), library(setting) as store:
            store.ran(name, kind, moment, moment, (str(known),))
        if known is error:
            raise
        raise known from error


def known_watches(setting: Settings) -> "tuple[KnownWatch, ...]":
    """Every watch that ran on this library; none of a library that has not been made yet."""
    registry.check_present(setting)
    if not setting.database.exists():
        return ()
    with library(setting) as opened:
        return opened.watches()


def _begin(setting: Settings, name: str, kind: str, moment: datetime) -> None:
    """Note that a watch runs. Raises WatchError if it looks renamed, WatchRetired if a schedule would run it.

    A retired watch that a person runs is retired no more; to send what it owes is no such run.
    """
    found = watch(setting, name)
    with library(setting) as opened:
        known = opened.watches()
        watches.check_name(setting, found, known)
        if any(each.name == name and each.retired for each in known):
            from prefect.runtime import deployment

            if deployment.id:
                remedy = f"Restart `seedwatch serve`; or go on: seedwatch retire --undo {name}"
                raise WatchRetired(name, "is retired", remedy)
        if kind != "deliver":
            opened.began(name, found.seed, moment)


def _check_email(setting: Settings) -> None:
    if setting.at_ncbi and not setting.email:
        raise SettingsError("NCBI_EMAIL", "is not set", "NCBI asks for an address to write to: set yours")


def _logger(path: Path) -> "Callable[[RequestEntry], None]":
    """Write each request as a JSON line to a file that rolls over at 5 MB, and tell the listener."""
    make_folder(path.parent, "SEEDWATCH_HOME")
    handler = RotatingLog(path, maxBytes=5_000_000, backupCount=3, encoding="utf-8", delay=True)
    logger = logging.Logger("seedwatch.requests", logging.INFO)  # noqa: LOG001 - of one wire, not of the process
    logger.addHandler(handler)
    listen = listener.get()

    def log(entry: "RequestEntry") -> None:
        logger.info(json.dumps(asdict(entry), default=str))
        listen(entry)

    return log
