"""The command line. Whatever is heavy is imported inside the command that needs it."""

import atexit
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import library as library_commands
from flows.cli import mirror as mirror_commands
from queries.errors import InputError, SeedwatchError

if TYPE_CHECKING:
    from flows.runtime.outcome import Outcome

app = typer.Typer(
    name="seedwatch",
    help="Watches PubMed for new work similar to a seed review, and proves that nothing was missed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done; 1 failed, nothing lost, safe to run again; 2 wrong input or configuration; "
    "3 done but degraded (a source or a channel failed; said so).",
)
app.add_typer(library_commands.app)
app.add_typer(mirror_commands.app, name="mirror")

Name = Annotated[str, typer.Argument(metavar="WATCH", help="The watch: its file's name without .toml.")]
Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="First day of an own window (backfill)."),
]
Until = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Last day of an own window."),
]
Now = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"],
        metavar="ISO",
        help="Run as of this moment (UTC unless it says its zone).",
    ),
]
Preview = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Write the digest here; send nothing, record nothing."),
]
Anyway = Annotated[
    bool, typer.Option("--anyway", help="Send although there is more, or less, than the watch expects.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")]


@app.command()
def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to; what is there is replaced.")] = Path(
        "seedwatch-demo"
    ),
    weeks: Annotated[int, typer.Option(min=1, max=8, help="How many weekly rounds.")] = 4,
) -> None:
    """Live through some weeks with a local, invented PubMed: the real flows, no network."""
    from flows.runtime import settings

    home = out.absolute() / settings.DEMO
    settings.quiet_prefect(home)
    from flows.cli import demo as sample_weeks

    sample_weeks.live(out, home, weeks, say=typer.echo)


@app.command()
def new(
    seed: Annotated[str, typer.Option(metavar="DOI|PMID", help="The article that the watch is anchored on.")],
    name: Annotated[str | None, typer.Option(help="The watch's name; made from the seed if absent.")] = None,
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write it: SEEDWATCH_WATCHES, or here.")
    ] = None,
) -> None:
    """Write a watch file from a seed article's PubMed record."""
    from flows.cli import watches

    typer.echo(watches.new(seed, name, folder))


@app.command(name="list")
def list_() -> None:
    """List the watches."""
    from flows.cli import watches

    for line in watches.table():
        typer.echo(line)


@app.command()
def check(
    watch: Annotated[str | None, typer.Argument(metavar="[WATCH]", help="One watch; all if absent.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Send a test message to every recipient.")] = False,
    recall: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE|seed",
            help="Run must-finds (PMIDs or DOIs in a file; seed: what the seed cites, and `more`) "
            "through the topics.",
        ),
    ] = None,
) -> None:
    """Check whether files, queries, secrets and channels are in order; measure recall."""
    from flows.cli import watches

    if recall:
        from flows.cli import recall as known_item_recall

        if watch is None:
            raise InputError("check --recall", "needs a watch", "Name one: seedwatch list")
        for line in known_item_recall.recall(watch, None if str(recall) == "seed" else recall):
            typer.echo(line)
        return
    problems = 0
    for line, bad in watches.check(watch, send=send):
        typer.echo(line)
        problems += bad
    raise typer.Exit(2 if problems else 0)


@app.command()
def harvest(
    watch: Name, since: Since = None, until: Until = None, now: Now = None, as_json: AsJson = False
) -> None:
    """Ask PubMed what is new and remember it."""
    _run("harvest", as_json, watch=watch, since=since, until=until, now=now)


@app.command()
def digest(
    watch: Name, now: Now = None, preview: Preview = None, anyway: Anyway = False, as_json: AsJson = False
) -> None:
    """Rank what is unreported, compose the digest and send it."""
    _run("digest", as_json, watch=watch, now=now, preview=preview, anyway=anyway)


@app.command()
def run(
    watch: Name,
    since: Since = None,
    until: Until = None,
    now: Now = None,
    preview: Preview = None,
    anyway: Anyway = False,
    as_json: AsJson = False,
) -> None:
    """Harvest, then digest."""
    _run("run", as_json, watch=watch, since=since, until=until, now=now, preview=preview, anyway=anyway)


@app.command()
def sweep(watch: Name, now: Now = None, as_json: AsJson = False) -> None:
    """Ask for everything of the last two years once more: what is found late is told as late."""
    _run("sweep", as_json, watch=watch, now=now)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port of the own Prefect server, on 127.0.0.1.")] = 4200,
) -> None:
    """Run every watch on its schedule, in one process, until interrupted."""
    from flows.runtime import settings

    setting = settings.read()
    settings.quiet_prefect(setting.home, "ERROR")
    from flows import deployments as serving

    serving.serve(setting, port=port, say=typer.echo)


def _run(
    flow: str, as_json: bool, *, now: datetime | None, preview: Path | None = None, **parameters: object
) -> None:
    """Run a flow here and now, say how it ended, and exit with its code."""
    from flows.runtime import resources as doors
    from flows.runtime import settings

    setting = settings.read()
    tells = flow in {"digest", "run"} and not preview
    doors.ready(setting, str(parameters["watch"]), asks=flow != "digest", tells=tells)
    settings.quiet_prefect(setting.home)
    from flows.cli import run as runner

    moment = now.replace(tzinfo=now.tzinfo or UTC) if now else None
    days = {
        name: value.date() if isinstance(value, datetime) else value for name, value in parameters.items()
    }
    outcome = runner.run(flow, {**days, "now": moment}, preview)
    typer.echo(_as_json(outcome) if as_json else outcome.line)
    for said in (*outcome.trouble, *outcome.notes):
        typer.echo(f"seedwatch: {said}", err=True)
    raise typer.Exit(outcome.exit_code)


def _as_json(outcome: "Outcome") -> str:
    return json.dumps(
        {
            "watch": outcome.watch,
            "flow": outcome.flow,
            "line": outcome.line,
            "trouble": outcome.trouble,
            "notes": outcome.notes,
            **outcome.facts,
        },
        default=str,
        indent=1,
    )


def main() -> None:
    """Run the command; a known error is one line on stderr and its exit code, never a traceback."""
    atexit.register(_end_quietly)
    try:
        app()
    except SeedwatchError as error:
        typer.echo(f"seedwatch: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("seedwatch: interrupted; nothing is lost, run it again.", err=True)
        sys.exit(1)


def _end_quietly() -> None:
    """Close stderr after everything else has said its word: registered first, this runs last.

    Threads that Prefect leaves behind keep DuckDB's module alive, and its binding layer would list
    that as a hundred lines of "leaks".
    """
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
