"""The flows: `seedwatch harvest`, `digest`, `run` and `sweep` here and now, `seedwatch serve` on schedule."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import (
    LAST_PORT,
    Again,
    Anyway,
    AsJson,
    Now,
    Preview,
    Since,
    Until,
    WatchName,
    day,
    moment,
)
from queries.errors import SettingsError

if TYPE_CHECKING:
    from flows.runtime.outcome import FlowOutcome
    from flows.runtime.settings import Settings

app = typer.Typer()


@app.command("harvest")
def harvest_command(
    watch: WatchName, since: Since = None, until: Until = None, now: Now = None, as_json: AsJson = False
) -> None:
    """Ask PubMed what is new and remember it."""
    parameters = {"watch": watch, "since": day(since), "until": day(until), "now": moment(now)}
    run_and_exit("harvest", parameters, as_json=as_json)


@app.command("digest")
def digest_command(
    watch: WatchName,
    now: Now = None,
    preview: Preview = None,
    anyway: Anyway = False,
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """Send what is due; rank what is unreported, compose the digest and send it."""
    parameters = {"watch": watch, "now": moment(now), "anyway": anyway, "again": again}
    run_and_exit("digest", parameters, preview=preview, as_json=as_json)


@app.command("run")
def run_command(  # noqa: PLR0913, PLR0917 - options of a command line
    watch: WatchName,
    since: Since = None,
    until: Until = None,
    now: Now = None,
    preview: Preview = None,
    anyway: Anyway = False,
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """Harvest, then digest."""
    window = {"since": day(since), "until": day(until)}
    parameters = {"watch": watch, **window, "now": moment(now), "anyway": anyway, "again": again}
    run_and_exit("run", parameters, preview=preview, as_json=as_json)


@app.command("sweep")
def sweep_command(watch: WatchName, now: Now = None, as_json: AsJson = False) -> None:
    """Ask for everything of the last two years once more: what is found late is told as late."""
    run_and_exit("sweep", {"watch": watch, "now": moment(now)}, as_json=as_json)


@app.command("round")
def round_command(as_json: AsJson = False) -> None:
    """Do what is due for every watch, found from the library, and end: for a cron job, or many watches."""
    from flows.runtime import settings
    from flows.runtime.finding import find_due

    setting = settings.read()
    found, mistakes = find_due(setting, datetime.now(UTC))
    if found or mistakes or _is_over(setting):
        run_and_exit("round", {}, as_json=as_json)
    typer.echo("{}" if as_json else "round: nothing was due.")  # without Prefect, as most rounds are


def _is_over(setting: "Settings") -> bool:
    """Whether the operator is still to hear that a trouble of the rounds is over."""
    if not setting.ops_url:
        return False
    from flows.runtime import alerts

    return any(alerts.told_of(setting, subject) for subject in ("file", "round"))


@app.command("deliver")
def deliver_command(
    watch: Annotated[str | None, typer.Argument(metavar="[WATCH]", help="One watch; all if absent.")] = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Send what is due to be sent, and nothing else."""
    from flows.runtime import resources, settings
    from flows.runtime.watches import scheduled

    setting = settings.read()
    names = [watch] if watch else list(scheduled(setting, resources.known_watches(setting)))
    outcomes = [_run("deliver", {"watch": name, "now": moment(now)}, as_json=as_json) for name in names]
    raise typer.Exit(max((outcome.exit_code for outcome in outcomes), default=0))


@app.command("serve")
def serve_command(
    port: Annotated[
        int, typer.Option(min=1, max=LAST_PORT, help="Port of the own Prefect server, on 127.0.0.1.")
    ] = 4200,
    verdicts_port: Annotated[
        int,
        typer.Option(
            min=1,
            max=LAST_PORT,
            help="Port of readers' verdicts, on 127.0.0.1, if SEEDWATCH_VERDICTS_URL is set.",
        ),
    ] = 4201,
) -> None:
    """Run every watch on its schedule, in one process, until interrupted."""
    from flows.runtime import resources, server, settings
    from flows.runtime.watches import scheduled

    setting = settings.read()
    if not scheduled(setting, resources.known_watches(setting)):
        raise SettingsError("SEEDWATCH_WATCHES", "has no watch to run", "Write one: seedwatch new --seed DOI")
    settings.quiet_prefect(setting.home, serving=True)
    from flows.verdicts.endpoint import served

    verdicts = served(setting, verdicts_port, typer.echo)
    # before Prefect is imported, which looks for its server
    with verdicts, server.kept_up(setting.home, port, typer.echo) as own:
        from flows.serve import serve

        serve(own_server=own, say=typer.echo)


def run_and_exit(
    flow: str, parameters: Mapping[str, object], *, as_json: bool, preview: Path | None = None
) -> None:
    """Run a flow here and now, say how it ended, and exit with its code."""
    raise typer.Exit(_run(flow, parameters, as_json=as_json, preview=preview).exit_code)


def _run(
    flow: str, parameters: Mapping[str, object], *, as_json: bool, preview: Path | None = None
) -> "FlowOutcome":
    """Run a flow here and now, and say how it ended."""
    outcome = run_shown(flow, parameters, preview)
    typer.echo(_as_json(outcome) if as_json else outcome.line)
    for sentence in (*outcome.trouble, *outcome.notes):
        typer.echo(f"seedwatch: {sentence}", err=True)
    return outcome


def run_shown(flow: str, parameters: Mapping[str, object], preview: Path | None = None) -> "FlowOutcome":
    """Run a flow here and now, showing at a terminal what is under way."""
    from flows.runtime.progress import shown

    name = str(parameters.get("watch", "all"))
    with shown(name):
        from flows.runtime import resources, server, settings

        setting = settings.read()
        tells = flow in {"digest", "run", "deliver"} and not preview
        asks = flow not in {"digest", "deliver"}
        if "watch" in parameters:
            resources.ready(setting, name, asks=asks, tells=tells)
        settings.quiet_prefect(setting.home)
        starting = server.reach(setting.home)
        import_module(f"flows.{flow}")  # meanwhile
        if starting:
            starting.wait()
        return run_flow(flow, parameters, preview)


def run_flow(flow: str, parameters: Mapping[str, object], preview: Path | None = None) -> "FlowOutcome":
    """Run a flow of this name in this process; one that failed raises its own error.

    With `preview` it runs on a copy of the library, and its digest goes into that folder and to nobody.
    """
    from flows.runtime.outcome import FlowOutcome, ended

    if preview:
        from flows.runtime.rehearsal import rehearsal

        with rehearsal(preview):
            return run_flow(flow, parameters)
    start = getattr(import_module(f"flows.{flow}"), flow)
    outcome = ended(start(**parameters, return_state=True))
    if isinstance(outcome, FlowOutcome):
        return outcome
    raise outcome


def _as_json(outcome: "FlowOutcome") -> str:
    """The outcome for a script; its facts stand beside what every flow has."""
    every = {name: getattr(outcome, name) for name in ("watch", "flow", "line", "trouble", "notes")}
    return json.dumps({**every, **outcome.facts}, default=str, indent=1)
