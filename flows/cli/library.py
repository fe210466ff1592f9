"""`seedwatch unlink` and `backup`: what a person does with the library itself."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.arguments import Pmid

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
