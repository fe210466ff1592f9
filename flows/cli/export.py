"""`seedwatch export`: what was told, into other programs."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.arguments import DAY, WatchName, check_out, day
from queries.errors import InputError
from reports.exports.formats import ExportFormat

app = typer.Typer()


@app.command("export")
def export_command(
    watch: WatchName,
    form: Annotated[ExportFormat, typer.Option("--format", help="What the other program reads.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write it.")],
    digest: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Only what this digest told.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=DAY, metavar="DATE", help="Only what digests made from this day on told."),
    ] = None,
) -> None:
    """Write what was told for a reference manager, a spreadsheet or a data frame."""
    from flows.archive import told
    from flows.runtime import resources, settings
    from reports.exports.export import export

    setting = settings.read()
    check_out(out, setting.database)
    with resources.library(setting) as library:
        check_known(watch, [each.name for each in library.watches()])
        numbers = [past.number for past in library.digests(watch)]
        if digest is not None and digest not in numbers:
            there = f"1 to {numbers[-1]}" if numbers else "none yet"
            raise InputError(f"--digest {digest}", f"is no digest of {watch}", f"There are {there}")
        papers, lost = told(library, watch, digest, day(since))
    export(papers, form, out)
    typer.echo(f"{len(papers)} papers that {watch} told: {out}")
    if lost:
        typer.echo(f"seedwatch: no record is left of PMID {', '.join(map(str, lost))}", err=True)


def check_known(watch: str, names: list[str]) -> None:
    """Raise InputError unless a watch of this name ran here."""
    if watch not in names:
        there = ", ".join(names) or "none"
        raise InputError(watch, "is no watch that ran here", f"Name one of these: {there}")
