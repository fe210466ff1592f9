"""`seedwatch report`: what only the ledger can print; `seedwatch history`: what NLM changed in a record."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.arguments import Now, Pmid, Since, Until, WatchName, day, moment
from flows.cli.export import check_known
from queries.errors import InputError

app = typer.Typer()


@app.command("report")
def report_command(
    watch: WatchName,
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write it into.")],
    since: Since = None,
    until: Until = None,
    now: Now = None,
) -> None:
    """Write the methods of a watch, PRISMA-S item by item, and its PRISMA flow diagram, from the ledger."""
    from flows.methods import gather_methods
    from flows.runtime import resources, settings
    from reports.methods.crate import describe
    from reports.methods.report import report

    moment_now = moment(now) or datetime.now(UTC)
    if since and until and since > until:
        raise InputError(
            f"--since {day(since)}", f"is after --until {day(until)}", "Name the first day first"
        )
    with resources.library(settings.read()) as library:
        check_known(watch, [each.name for each in library.watches()])
        inputs = gather_methods(library, watch, day(since), day(until), moment_now)
    made = report(inputs)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in made.files.items():
            (out / name).write_text(text, encoding="utf-8", newline="")
        is_crate = describe(out, made.files, watch, moment_now)
    except OSError as error:
        raise InputError(
            f"--out {out}", f"cannot be written ({error.strerror})", "Name another folder"
        ) from error
    typer.echo(f"{out}: {', '.join(made.files)}{' as RO-Crate' if is_crate else ''}")
    typer.echo(made.words)


@app.command("history")
def history_command(pmid: Pmid) -> None:
    """Say what NLM changed in a record since it was fetched first: field by field, and when."""
    from flows.runtime import resources, settings
    from reports.answers.history import tell

    with resources.library(settings.read()) as library:
        lines = tell(
            pmid,
            next(iter(library.articles([pmid])), None),
            library.fetched([pmid]).get(pmid),
            library.revisions([pmid]),
            library.tombstones([pmid]).get(pmid),
        )
    for line in lines:
        typer.echo(line)
