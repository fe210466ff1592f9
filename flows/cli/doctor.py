"""`seedwatch doctor`: whether this machine does what the watches need; each trouble with its remedy."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, packages_distributions, requires, version
from importlib.util import find_spec
from pathlib import Path
from shutil import disk_usage
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from queries.errors import SeedwatchError

if TYPE_CHECKING:
    from flows.runtime.settings import Settings

app = typer.Typer()

SKEW = timedelta(minutes=5)
ROOM = 1_000_000_000  # bytes
COPIES = 3  # a backup, a copy on which a preview works, and the library's own growth
BACKUP_AGE = timedelta(days=40)  # each sweep makes one, monthly unless the watch says otherwise
OPEN_TO_OTHERS = 0o077


class Checkup(NamedTuple):
    """What was looked at; `remedy` is "" if it is in order. `grave`: seedwatch cannot do its work so."""

    what: str
    remedy: str = ""
    grave: bool = True


@app.command("doctor")
def doctor_command(
    send: Annotated[
        bool, typer.Option("--send", help="Send a test message to every recipient and to the operator.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody: only what this machine knows.")
    ] = False,
) -> None:
    """Examine this machine: versions, clock, network, key, channels, schedule, library, disk, permissions."""
    grave = False
    for finding in _findings(send=send, offline=offline):
        mark = "ok     " if not finding.remedy else "TROUBLE" if finding.grave else "note   "
        typer.echo(f"{mark} {finding.what}" + (f". {finding.remedy}" if finding.remedy else ""))
        grave |= bool(finding.remedy) and finding.grave
    raise typer.Exit(1 if grave else 0)


def _findings(*, send: bool, offline: bool) -> Iterator[Checkup]:
    yield from _versions()
    yield from _shadows()
    from flows.runtime import settings

    try:
        setting = settings.read()
    except SeedwatchError as error:
        yield Checkup(str(error), "Then run `seedwatch doctor` again")
        return
    yield from _pubmed(setting, offline=offline)
    yield from _library(setting)
    yield from _disk(setting)
    yield from _permissions(setting)
    yield from _channels(setting, send=send)
    yield from _schedule(setting)


def _versions() -> Iterator[Checkup]:
    """What is installed against what seedwatch asks for: some pairs fail silently (README, requirements)."""
    from packaging.requirements import Requirement

    yield Checkup(f"Python {sys.version.split()[0]}")
    try:
        wanted = [Requirement(text) for text in requires("seedwatch") or ()]
    except PackageNotFoundError:
        yield Checkup("seedwatch is not installed here", "Install it: uv tool install . (or pipx, or a venv)")
        return
    wrong = []
    for each in wanted:
        if each.marker and not each.marker.evaluate({"extra": ""}):
            continue
        try:
            here = version(each.name)
        except PackageNotFoundError:
            here = "missing"
        if here == "missing" or not each.specifier.contains(here, prereleases=True):
            wrong.append(f"{each.name} {here} (wanted {each.specifier})")
    remedy = "Install by the lock: pip install --require-hashes --no-deps -r requirements-run.lock"
    yield Checkup(
        f"seedwatch {version('seedwatch')}, Prefect {version('prefect')}, DuckDB {version('duckdb')}"
    )
    if wrong:
        yield Checkup(f"Not what seedwatch was tried with: {', '.join(wrong)}", remedy)


def _shadows() -> Iterator[Checkup]:
    """Whether the generic names of our folders are those of another package here."""
    ours = Path(__file__).parents[2]
    names = ("flows", "queries", "reports")
    elsewhere = [
        f"{name} from {spec.origin}"
        for name in names
        if (spec := find_spec(name)) and spec.origin and Path(spec.origin).parents[1] != ours
    ]
    installed = packages_distributions()
    others = sorted({each for name in names for each in installed.get(name, ()) if each != "seedwatch"})
    remedy = "Give seedwatch an environment of its own: uv tool install . (or pipx, or a venv)"
    if elsewhere:
        yield Checkup(f"Another package stands in the way: {', '.join(elsewhere)}", remedy)
    elif others:
        yield Checkup(f"Packages of the same names are installed beside it: {', '.join(others)}", remedy)
    else:
        yield Checkup("No other package has the names flows, queries or reports")


def _pubmed(setting: "Settings", *, offline: bool) -> Iterator[Checkup]:
    if setting.at_ncbi and not setting.email:
        yield Checkup("NCBI_EMAIL is not set", "NCBI asks for an address to write to: set yours")
        return
    key = "with a key, 10 requests a second" if setting.api_key else "without a key, 3 requests a second"
    if offline:
        yield Checkup(f"PubMed at {setting.eutils_url}, {key}: not asked")
        return
    from flows.runtime import resources
    from queries.pubmed.eutils import clock

    before = datetime.now(UTC)
    try:
        with resources.pubmed(setting) as wire:
            theirs = clock(wire)
    except SeedwatchError as error:
        yield Checkup(
            f"PubMed at {setting.eutils_url}, {key}: {error}",
            "Mend the network, the proxy (HTTPS_PROXY) or NCBI_API_KEY; `curl` the address from here",
        )
        return
    yield Checkup(f"PubMed at {setting.eutils_url} answers, {key}")
    if theirs is None:
        yield Checkup("PubMed's clock: unknown, as its answer has no date")
    elif abs(theirs - before) > SKEW:
        yield Checkup(
            f"This clock says {before:%Y-%m-%d %H:%M:%S} UTC, PubMed's {theirs:%Y-%m-%d %H:%M:%S}",
            "Set this machine's clock (timedatectl set-ntp true)",
            grave=setting.at_ncbi,
        )
    else:
        yield Checkup("This machine's clock and PubMed's agree")


def _library(setting: "Settings") -> Iterator[Checkup]:
    from flows.runtime import registry, resources

    if not setting.database.exists():
        try:
            registry.check_present(setting)
        except SeedwatchError as error:
            yield Checkup(str(error), "Nothing is sent until then")
            return
        yield Checkup(f"No library yet at {setting.database}: the first run makes it")
        return
    try:
        with resources.library(setting) as library:
            watches = library.watches()
        known = registry.known(setting)
    except SeedwatchError as error:
        yield Checkup(str(error), "Nothing is sent until then")
        return
    size = setting.database.stat().st_size / 1e6
    yield Checkup(f"Library {setting.database}: {size:.0f} MB, {len(watches)} watches ran on it")
    backups = [Path(path) for path in (known.backups if known else ()) if Path(path).exists()]
    newest = max((path.stat().st_mtime for path in backups), default=0.0)
    age = datetime.now(UTC) - datetime.fromtimestamp(newest, UTC)
    if not newest or age > BACKUP_AGE:
        what = f"The newest backup is {age.days} days old" if newest else "There is no backup of the library"
        yield Checkup(what, "Make one: seedwatch backup FILE; each sweep makes one, too", grave=False)
    else:
        yield Checkup(f"Newest backup: {max(backups, key=lambda path: path.stat().st_mtime)}")


def _disk(setting: "Settings") -> Iterator[Checkup]:
    size = setting.database.stat().st_size if setting.database.exists() else 0
    for folder in dict.fromkeys((setting.home, setting.database.parent)):
        there = next(each for each in (folder, *folder.parents) if each.exists())
        free, wanted = disk_usage(there).free, max(ROOM, COPIES * size)
        what = f"{free / 1e9:.1f} GB free at {folder}"
        yield Checkup(what, f"Make room: {wanted / 1e9:.1f} GB are wanted" if free < wanted else "")


def _permissions(setting: "Settings") -> Iterator[Checkup]:
    from os import W_OK, access

    for path in (setting.home, setting.database):
        if not path.exists():
            continue
        if not access(path, W_OK):
            yield Checkup(f"{path} cannot be written", "Run as its owner, or give it to this user: chown -R")
        elif path.stat().st_mode & OPEN_TO_OTHERS:
            yield Checkup(f"{path} is open to other users", f"chmod -R go= {path}", grave=False)
        else:
            yield Checkup(f"{path} is for its owner alone")


def _channels(setting: "Settings", *, send: bool) -> Iterator[Checkup]:
    from flows.cli.watches import checked_channel, checked_operator, scheduled_names
    from flows.runtime.heartbeat import ping
    from flows.runtime.standing import loaded
    from queries.watch.file import watch_files

    files = {path.stem: path for path in watch_files(setting.watches)}
    watches, mistakes = loaded({name: files[name] for name in scheduled_names(setting)})
    for error in mistakes.values():
        yield Checkup(str(error), "The others are served meanwhile")
    for watch in watches:
        for recipient in watch.recipients:
            line, is_problem = checked_channel(setting, watch, recipient, send=send)
            yield Checkup(line, "Then run `seedwatch doctor --send`" if is_problem else "")
    if not setting.ops_url:
        yield Checkup(
            "Nobody hears of failures", "Set SEEDWATCH_OPS_URL to an apprise URL of yours", grave=False
        )
    elif send and watches:
        line, is_problem = checked_operator(setting, watches[0].name)
        yield Checkup(line, "Mend SEEDWATCH_OPS_URL" if is_problem else "")
    else:
        yield Checkup("The operator's channel is set" + ("" if send else "; --send tries it"))
    if not setting.heartbeat_url:
        remedy = "Set SEEDWATCH_HEARTBEAT_URL to an address of a watch service, such as healthchecks.io's"
        yield Checkup("Nobody would notice if this machine stopped", remedy, grave=False)
    elif send and watches and not ping(setting, watches[0].name, "doctor"):
        yield Checkup("SEEDWATCH_HEARTBEAT_URL does not answer", "Mend it, or the network")


def _schedule(setting: "Settings") -> Iterator[Checkup]:
    from flows.runtime.server import running
    from flows.runtime.standing import stands

    server = running(setting.home)
    if server:
        yield Checkup(f"A Prefect server is up at {server}")
    else:
        yield Checkup("`seedwatch serve` is not up: nothing runs on schedule", "Start it, or its unit")
    if not setting.database.exists():
        return
    try:
        every = stands(setting, datetime.now(UTC))
    except SeedwatchError:
        return  # the library's own finding says it
    for each in every:
        if each.alarms:
            more = f" (and {len(each.alarms) - 1} more)" if len(each.alarms) > 1 else ""
            yield Checkup(f"{each.watch}: {each.alarms[0].rstrip('.')}{more}", "See `seedwatch status`")
