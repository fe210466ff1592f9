"""`seedwatch mirror`: PubMed in a box."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import MOMENT, moment
from queries.errors import InputError

if TYPE_CHECKING:
    from queries.mirror.corpus import Corpus

app = typer.Typer(help="PubMed in a box: E-utilities over a folder of PubMed XML.", no_args_is_help=True)

Db = Annotated[Path, typer.Option(metavar="FILE", help="The mirror's own database.")]


@app.command("load")
def load_command(xml_dir: Annotated[Path, typer.Argument(metavar="XML_DIR")], db: Db) -> None:
    """Load NLM's baseline and update files (.xml, .xml.gz) into a database; goes on where it stopped."""
    from queries.mirror.load import load

    with load([xml_dir], db, report=typer.echo) as corpus:
        _report(corpus)


@app.command("serve")
def serve_command(
    xml: Annotated[
        list[Path] | None, typer.Option(metavar="DIR", help="A folder of PubMed XML; may be repeated.")
    ] = None,
    db: Annotated[Path | None, typer.Option(metavar="FILE", help="A database made by `mirror load`.")] = None,
    mesh: Annotated[
        Path | None, typer.Option(metavar="FILE", help="NLM's MeSH tree file; a small one is built in.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = 8321,
    now: Annotated[
        datetime | None,
        typer.Option(
            formats=MOMENT,
            metavar="ISO",
            help="The mirror's clock stands still at this moment (UTC unless it says its zone).",
        ),
    ] = None,
) -> None:
    """Serve E-utilities on 127.0.0.1 until interrupted; set SEEDWATCH_EUTILS_URL to the address it prints."""
    if bool(xml) == bool(db):
        raise InputError("mirror serve", "needs either --xml or --db", "Give one of them")
    from queries.mirror.corpus import Corpus
    from queries.mirror.load import load
    from queries.mirror.server import MirrorServer

    with load(xml, report=typer.echo) if xml else Corpus.open(db or Path()) as corpus:
        _report(corpus)
        clock = moment(now) or (lambda: datetime.now(UTC))
        server = MirrorServer(corpus, now=clock, mesh=mesh, port=port, ideal=True)
        typer.echo(f"SEEDWATCH_EUTILS_URL={server.url}")
        try:
            server.serve_forever()
        finally:
            server.stop()


def _report(corpus: "Corpus") -> None:
    """Say how many records there are, and which were refused and why."""
    for refusal in corpus.refused:
        typer.echo(f"refused: PMID {refusal.pmid or 'unknown'}: {refusal.reason}")
    typer.echo(f"{len(corpus)} records")
