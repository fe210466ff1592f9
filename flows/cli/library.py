"""`seedwatch unlink`, `backup` and `restore`: what a person does with the library itself."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.arguments import Pmid
from queries.errors import InputError

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
