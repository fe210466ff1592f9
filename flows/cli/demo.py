"""`seedwatch demo`: a local PubMed over invented records, and weeks of it through the real flows."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from flows.cli.run import run_flow
from queries.errors import InputError

if TYPE_CHECKING:
    from flows.runtime.outcome import FlowOutcome
    from flows.runtime.settings import Settings
    from queries.mirror.server import MirrorServer

app = typer.Typer()
WATCH = "cml-stem-cells"
FIRST = datetime(2026, 10, 19, 12, tzinfo=UTC)  # a Monday, at which the sample's events begin
HOME = ".seedwatch-demo"  # a demo's own SEEDWATCH_HOME within its folder, by which it is known as one


@app.command("demo")
def demo_command(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to; what is there is replaced.")] = Path(
        "seedwatch-demo"
    ),
    weeks: Annotated[int, typer.Option(min=1, max=8, help="How many weekly rounds.")] = 4,
) -> None:
    """Live through some weeks with a local, invented PubMed: the real flows, no network."""
    from flows.runtime import server, settings

    home = out.absolute() / HOME
    _make_room(out)
    settings.quiet_prefect(home)
    starting = server.reach(home)
    with _mirror() as mirror:
        import_module("flows.run")  # meanwhile
        if starting:
            starting.wait()
        setting = _settings(out, mirror.url)
        with settings.replaced(setting):
            for week in range(weeks):
                mirror.clock = now = FIRST + timedelta(weeks=week)
                typer.echo(_summary(run_flow("run", {"watch": WATCH, "now": now}), now))
            _export(setting, out, now)
    typer.echo(f"Digests as mails, pages, texts and Slack messages: {out / 'digests'}")
    typer.echo(f"Archive with search and feeds: {out / 'site' / 'index.html'}")
    typer.echo(f"For reference managers and spreadsheets: {out / 'exports'}")
    typer.echo(f"Methods and flow diagram: {out / 'report' / 'methods.html'}")


def _make_room(out: Path) -> None:
    """Remove what an earlier demo left there; a folder with anything else in it is refused."""
    home = out.absolute() / HOME
    try:
        if out.exists() and any(out.iterdir()):
            if not home.exists():
                raise InputError(f"--out {out}", "is a folder with other things in it", "Name a new folder")
            shutil.rmtree(out)
        home.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"--out {out}", f"cannot be made ({error.strerror})", "Name a new folder") from error


@contextmanager
def _mirror() -> "Iterator[MirrorServer]":
    from queries.mirror import SAMPLE
    from queries.mirror.load import load
    from queries.mirror.server import MirrorServer

    with load([SAMPLE]) as corpus, MirrorServer(corpus, now=FIRST, ideal=True) as mirror:
        yield mirror


def _settings(out: Path, eutils_url: str) -> "Settings":
    from flows.runtime.settings import Settings

    return Settings(
        home=out.absolute() / HOME,
        database=out / "library.duckdb",
        eutils_url=eutils_url,
        rate=50,  # our own machine may be asked faster than NCBI
        sample=True,
        site_folder=out.absolute() / "site",
        secrets={"SEEDWATCH_MAIL": f"folder://{quote(str((out / 'digests').absolute()))}?flat=yes"},
    )


def _export(setting: "Settings", out: Path, now: datetime) -> None:
    """Write what was told in every format, and the report."""
    from flows.archive import told
    from flows.methods import gather_methods
    from flows.runtime import resources
    from reports.exports.export import ENDINGS, export
    from reports.methods.report import report

    with resources.library(setting) as library:
        papers, _ = told(library, WATCH)
        inputs = gather_methods(library, WATCH, None, None, now)
    for name in ("exports", "report"):
        (out / name).mkdir()
    for form, ending in ENDINGS.items():
        export(papers, form, out / "exports" / f"{WATCH}{ending}")
    for name, text in report(inputs).files.items():
        (out / "report" / name).write_text(text, encoding="utf-8")


def _summary(outcome: "FlowOutcome", now: datetime) -> str:
    troubles = "".join(f"\n  {trouble}" for trouble in outcome.trouble)
    return f"{now:%a %d %b %Y}: {outcome.line.splitlines()[-1]}{troubles}"
