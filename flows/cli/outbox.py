"""`seedwatch outbox` and `resend`: what is owed, and what a person does about it."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.cli.arguments import WatchName
from flows.cli.run import run_and_exit
from queries.errors import InputError

app = typer.Typer()
ACTIONS = "send", "resend", "waive"
USAGE = "Try: seedwatch outbox [WATCH], or seedwatch outbox send|resend|waive WATCH NUMBER RECIPIENT"
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The digest's number.")]
RecipientName = Annotated[str, typer.Argument(metavar="RECIPIENT", help="Its name in the watch.")]


@app.command("outbox")
def outbox_command(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WATCH] | send|resend|waive WATCH NUMBER RECIPIENT",
            help="List what is open; send what failed now; resend what arrived or may have; waive ends it.",
        ),
    ] = None,
) -> None:
    """List what is owed, in doubt or given up; or act on it for one recipient of one digest."""
    match words or []:
        case [("send" | "resend" | "waive") as action, watch, number, recipient] if number.isdecimal():
            _act(action, watch, int(number), recipient)
        case [] | [_] if (words or [""])[0] not in ACTIONS:
            _list(words[0] if words else None)
        case _:
            raise InputError(f"outbox {' '.join(words or [])}", "is not understood", USAGE)


@app.command("resend")
def resend_command(watch: WatchName, number: Number, recipient: RecipientName) -> None:
    """Send a digest to a recipient once more, byte for byte: short for `outbox resend`."""
    _act("resend", watch, number, recipient)


def _list(watch: str | None) -> None:
    from flows.runtime import resources, settings
    from flows.runtime.watches import scheduled
    from reports.answers.outbox import lines

    setting = settings.read()
    known = {each.name for each in resources.known_watches(setting)}  # also those whose file is gone
    if watch and watch not in known:
        resources.watch(setting, watch)  # raises, naming those that there are
    names = [watch] if watch else sorted(known.union(scheduled(setting)))
    with resources.library(setting) as library:
        for name in names:
            for line in lines(name, library.deliveries(name)):
                typer.echo(line)


def _act(action: str, watch: str, number: int, recipient: str) -> None:
    from flows.runtime import resources, settings
    from flows.verdicts.drain import hear_readers
    from reports.answers.outbox import LEFT

    setting, now = settings.read(), datetime.now(UTC)
    if action == "waive":  # also where the watch's file is gone
        with resources.library(setting) as library:
            ended = library.waive(watch, number, recipient, now)
        typer.echo(f"Digest {number} to {recipient}: {len(ended)} waived. Nothing more is owed of it.")
        return
    watched = resources.watch(setting, watch)
    if recipient not in {each.name for each in watched.recipients}:
        raise InputError(
            f"{watch} {number} {recipient}",
            LEFT,
            f"Put it back into the watch, or end it: seedwatch outbox waive {watch} {number} {recipient}",
        )
    with resources.library(setting) as library:
        hear_readers(setting, library, watched, now)
        stopped = library.unsubscribed(watch).keys()
        owed = library.deliveries(watch, [number])
        addresses = {each.address.casefold() for each in owed if each.recipient == recipient}
        if addresses and addresses <= stopped:
            raise InputError(
                f"{watch} {number} {recipient}",
                f"{', '.join(sorted(addresses))} unsubscribed, and is never written to again",
                f"End what is owed, if anything is: seedwatch outbox waive {watch} {number} {recipient}",
            )
        library.plan_again(watch, number, recipient, now, even_if_sent=action == "resend")
    run_and_exit("deliver", {"watch": watch, "now": None}, as_json=False)
