"""`seedwatch unlink`, `backup`, `restore`, `rename`, `retire`, `dismiss`: a person changes the library."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.arguments import Pmid, WatchName
from queries.errors import InputError, WatchError

app = typer.Typer()


@app.command("unlink")
def unlink_command(a: Pmid, b: Pmid) -> None:
    """Part two PMIDs that were taken for one work; honoured for ever after."""
    from flows.runtime import resources, settings

    with resources.library(settings.read()) as library:
        library.unlink(a, b, datetime.now(UTC))
    typer.echo(f"PMID {a} and PMID {b} are two works from now on.")


@app.command("backup")
def backup_command(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Write a consistent copy of the library."""
    from flows.runtime import resources, settings

    with resources.library(settings.read()) as library:
        library.backup(file)
    typer.echo(f"{library.path} copied to {file}")


@app.command("restore")
def restore_command(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A backup, or any library of seedwatch.")
    ] = None,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="Start a new library on purpose: everything counts as new.")
    ] = False,
) -> None:
    """Put a backup in the library's place; what is there is moved aside, never deleted."""
    from flows.runtime import registry, settings
    from flows.runtime.restoring import restore, start_afresh

    setting = settings.read()
    if (file is None) != afresh:
        before = registry.known(setting)
        backups = ", ".join(reversed(before.backups)) if before else ""
        raise InputError(
            "restore", "needs a file, or --afresh and none", f"Backups: {backups or 'none is known'}"
        )
    for line in restore(setting, file) if file else start_afresh(setting):
        typer.echo(line)


@app.command("rename")
def rename_command(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The name until now.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The name from now on.")],
) -> None:
    """Give a watch another name: in the library, and its file's in your folder if that is still OLD.toml."""
    from flows.runtime import resources, settings
    from flows.runtime.watches import own_file
    from queries.watch.file import check_plain

    setting = settings.read()
    check_plain(new)
    before, after = own_file(setting, old), own_file(setting, new)
    if before and after:
        raise WatchError(str(before), f"is there beside {after.name}", "Move away the one that is not meant")
    if not before and not after:
        raise WatchError(new, "has no file in your folders", f"Name {old}'s file {new}.toml first")
    with resources.alone(setting, old, new), resources.library(setting) as library:
        library.check_rename(old, new)
        if before:  # the file first: if it ends here, the same command goes on
            after = before.rename(before.with_stem(new))
        library.rename(old, new)
    typer.echo(f"{old} is {new} from now on ({after}). Restart `seedwatch serve` if it runs.")


@app.command("retire")
def retire_command(
    watch: WatchName,
    undo: Annotated[bool, typer.Option("--undo", help="Schedule and alarm it again.")] = False,
) -> None:
    """End a watch: no schedule, no alarm; what it still owes is said. Running it again undoes that."""
    from flows.runtime import resources, settings
    from flows.runtime.watches import check_name
    from reports.answers.outbox import open_deliveries, sentence

    setting, now = settings.read(), datetime.now(UTC)
    with resources.alone(setting, watch), resources.library(setting) as library:
        known = library.watches()
        if not undo and all(each.name != watch for each in known):
            found = resources.watch(setting, watch)
            check_name(setting, found, known)  # what it told by another name is to be settled first
            library.began(watch, found.seed, now)
        library.retire(watch, None if undo else now)
        owed = open_deliveries(library.deliveries(watch))
    state = "no longer retired" if undo else "retired: it has no schedule and raises no alarm"
    typer.echo(f"{watch} is {state}. Restart `seedwatch serve` if it runs.")
    for delivery in owed:
        typer.echo(f"It still owes: {sentence(watch, delivery)}")
        waive = f"seedwatch outbox waive {watch} {delivery.number} {delivery.recipient}"
        typer.echo(f"  `{waive}` ends it")


@app.command("dismiss")
def dismiss_command(watch: WatchName, pmid: Pmid) -> None:
    """End the alarm of a PMID that PubMed counts and doesn't hand out; it is asked for all the same."""
    from flows.runtime import resources, settings

    with resources.library(settings.read()) as library:
        library.dismiss(watch, pmid, datetime.now(UTC))
    typer.echo(f"PMID {pmid} raises no alarm any more; if it comes, it is told.")
