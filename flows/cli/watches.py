"""`seedwatch list`, `schema` and `check`: watch files, and whether they are in order."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.measuring import measured_lines
from flows.cli.recall import recall_lines
from queries.errors import InputError, SeedwatchError, WatchError

if TYPE_CHECKING:
    from flows.runtime.settings import Settings
    from queries.watch.file import Recipient, Watch

app = typer.Typer()
OTHERS = 0o077  # no right for group and others


@app.command("list")
def list_command() -> None:
    """List the watches."""
    from flows.runtime import settings
    from queries.watch.file import load, watch_files

    for path in watch_files(settings.read().watches):
        try:
            watch = load(path)
        except WatchError as error:
            typer.echo(f"{path.stem}\t{error}")
            continue
        topics = ", ".join(topic.short for topic in watch.topics)
        when = f"{watch.schedule.digest} {watch.schedule.timezone}"
        typer.echo(f"{watch.name}\t{watch.title} ({topics}); digest {when}")


@app.command("schema")
def schema_command() -> None:
    """Print the JSON schema of a watch file, for editors that complete and check TOML."""
    import json

    from queries.watch.schema import schema

    typer.echo(json.dumps(schema(), indent=1, ensure_ascii=False))


@app.command("check")
def check_command(
    watch: Annotated[str | None, typer.Argument(metavar="[WATCH]", help="One watch; all if absent.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Send a test message to every recipient.")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody: only what this machine knows.")
    ] = False,
    terms: Annotated[
        bool, typer.Option("--terms", help="Show what PubMed is asked: every facet written out.")
    ] = False,
    recall: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE|seed",
            help="Run must-finds (PMIDs or DOIs in a file; seed: what the seed cites, and `more`) "
            "through the topics.",
        ),
    ] = None,
) -> None:
    """Check whether files, queries, secrets and channels are in order; measure recall.

    Exit 0 if all is in order, or there is advice only; 2 for a mistake; 3 if a test message was not sent.
    """
    if offline and (send or recall):
        raise InputError("check --offline", "sends and asks nothing", "Leave out --send and --recall, or it")
    if recall:
        if watch is None:
            raise InputError("check --recall", "needs a watch", "Name one: seedwatch list")
        for line in recall_lines(watch, None if str(recall) == "seed" else recall):
            typer.echo(line)
        return
    codes = set()
    for line, code in _checked(watch, send=send, terms=terms, offline=offline):
        typer.echo(line)
        codes.add(code)
    raise typer.Exit(next((code for code in (2, 1, 3) if code in codes), 0))


def _checked(name: str | None, *, send: bool, terms: bool, offline: bool) -> Iterator[tuple[str, int]]:
    """What is in order and what is not, a line each, and the exit code that it calls for."""
    from flows.runtime import resources, settings
    from queries.watch.check import problems, terms_lines
    from queries.watch.file import load, watch_files

    setting = settings.read()
    yield from _checked_library(setting)
    files = {path.stem: path for path in watch_files(setting.watches)}
    if name and name not in files:
        resources.watch(setting, name)  # raises, naming those that there are
    for each in [name] if name else scheduled_names(setting):
        try:
            watch = load(files[each])
        except WatchError as error:
            yield str(error), error.exit_code
            continue
        if terms:
            yield from ((line, 0) for line in terms_lines(watch))
        found = list(problems(watch, setting.secrets))
        yield from ((f"{each}: {problem}", 0 if problem.advice else 2) for problem in found)
        if all(problem.advice for problem in found):
            yield f"{each}: {len(watch.topics)} topics, {len(watch.anchors)} anchors in order", 0
        if not offline:
            yield from measured_lines(setting, watch)
        yield from ((line, 0) for line in _shared_variables(watch, files))
        for recipient in watch.recipients:
            yield checked_channel(setting, watch, recipient, send=send)
        if send and setting.ops_url:
            yield checked_operator(setting, each)


def _shared_variables(watch: "Watch", files: Mapping[str, Path]) -> Iterator[str]:
    """Variables by which other watches' recipients are reached, too: a change for one changes the others."""
    from queries.watch.file import SHIPPED, secret_names

    for other, path in files.items():
        both = secret_names(path) & secret_names(files[watch.name]) if other != watch.name else set()
        if both and path.parent != SHIPPED:
            yield f"advice: {watch.name}: ${min(both)} is the recipient of {other}, too. Give each its own"


def scheduled_names(setting: "Settings") -> Iterable[str]:
    """The watches that run on schedule; if the library cannot say which are retired, that is told above."""
    from flows.runtime import resources
    from flows.runtime.watches import scheduled

    try:
        return scheduled(setting, resources.known_watches(setting))
    except SeedwatchError:
        return scheduled(setting)


def _checked_library(setting: "Settings") -> Iterator[tuple[str, int]]:
    from flows.runtime import resources

    if setting.at_ncbi and not setting.email:
        yield "NCBI_EMAIL is not set: NCBI asks for an address to write to. Set yours", 2
    else:
        yield f"PubMed: {setting.eutils_url}", 0
    try:
        with resources.library(setting):
            yield f"Library: {setting.database}", 0
    except SeedwatchError as error:
        yield str(error), error.exit_code
    if setting.home.is_dir() and (others := setting.home.stat().st_mode & OTHERS):
        yield (
            (
                f"advice: SEEDWATCH_HOME: others may look into {setting.home} ({others:03o}). "
                f"Unless they shall: chmod go= {setting.home}"
            ),
            0,
        )


def checked_channel(
    setting: "Settings", watch: "Watch", recipient: "Recipient", *, send: bool
) -> tuple[str, int]:
    """Whether a recipient's URL is set and names a channel; with `send`, whether a message gets there."""
    from flows.runtime import resources
    from flows.verdicts.drain import hear_readers
    from queries.records.outbox import DeliveryState
    from queries.watch.check import resolve
    from reports.channels.folder import SCHEME, folder_of

    where = f"{watch.name}: recipient {recipient.name}"
    try:
        url = resolve(recipient, watch.name, setting.secrets)
        if url.startswith(SCHEME):
            channel = folder_of(url)
        else:  # apprise is a fifth of a second, for which a folder need not wait
            from reports.channels.channel import check

            channel = check(url, recipient.name, recipient.format)
    except SeedwatchError as error:
        return str(error), error.exit_code
    if channel is None:
        return f"{where}: its URL names no channel. See README, Channels", 2
    if not send:
        return f"{where}: {channel}", 0
    from reports.channels.channel import alert

    now = datetime.now(UTC)
    with resources.library(setting) as library:
        hear_readers(setting, library, watch, now)
        stopped = library.unsubscribed(watch.name).keys()
    receipt = alert(url, f"seedwatch: test of {watch.name}", "This channel works.", now, stopped)
    if receipt.state is DeliveryState.SENT:
        return f"{where}: {channel}, test message sent", 0
    if receipt.state is DeliveryState.WAIVED:
        return f"{where}: {channel}, no test message: {receipt.reason}", 0
    return f"{where}: {channel}, test message not sent: {receipt.reason}", 3


def checked_operator(setting: "Settings", watch: str) -> tuple[str, int]:
    """Whether a test message reaches the operator, of which `status` takes note."""
    from flows.runtime import resources
    from queries.records.outbox import DeliveryState
    from reports.answers.status import ALERT
    from reports.channels.channel import alert

    now = datetime.now(UTC)
    receipt = alert(setting.ops_url, f"seedwatch: test of {watch}", "This channel works.", now)
    failed = receipt.state is not DeliveryState.SENT
    trouble = (
        (f"the operator could not be told ({receipt.reason}): mend SEEDWATCH_OPS_URL",) if failed else ()
    )
    with resources.library(setting) as library:
        library.ran(watch, ALERT, now, now, trouble)
    words = f"not sent: {receipt.reason}" if failed else "sent"
    return f"{watch}: operator: test message {words}", 3 if failed else 0
