"""`seedwatch mirror`: PubMed in a box."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import LAST_PORT, MOMENT, check_out, finite, moment
from queries.errors import InputError

if TYPE_CHECKING:
    from queries.mirror.corpus import Corpus

app = typer.Typer(help="PubMed in a box: E-utilities over a folder of PubMed XML.", no_args_is_help=True)

DAY = 86_400.0  # as much as any wait needs

Db = Annotated[Path, typer.Option(metavar="FILE", help="The mirror's own database.")]


@app.command("load")
def load_command(xml_dir: Annotated[Path, typer.Argument(metavar="XML_DIR")], db: Db) -> None:
    """Load NLM's baseline and update files (.xml, .xml.gz) into a database; goes on where it stopped."""
    from queries.mirror.load import load

    with load([xml_dir], db, report=typer.echo) as corpus:
        _report(corpus)


@app.command("serve")
def serve_command(  # noqa: PLR0913, PLR0917 - every switch that the mirror has
    xml: Annotated[
        list[Path] | None, typer.Option(metavar="DIR", help="A folder of PubMed XML; may be repeated.")
    ] = None,
    db: Annotated[Path | None, typer.Option(metavar="FILE", help="A database made by `mirror load`.")] = None,
    mesh: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="NLM's MeSH: desc*.xml, d*.bin, mtrees*.bin; a small one is built in."
        ),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=LAST_PORT, help="Port on 127.0.0.1; 0 takes a free one.")
    ] = 8321,
    now: Annotated[
        datetime | None,
        typer.Option(
            formats=MOMENT,
            metavar="ISO",
            help="The mirror's clock stands still at this moment (UTC unless it says its zone).",
        ),
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            callback=finite,
            help="Requests a second for each caller, 10/3 of it with a key; none: no limit.",
        ),
    ] = None,
    key: Annotated[
        list[str] | None, typer.Option(help="An API key that is known, may be repeated; none: any key is.")
    ] = None,
    cap: Annotated[int, typer.Option(min=1, help="Hits that a search shows at most.")] = 9999,
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND[,NAME=VALUE]", help="What goes wrong, such as 429,util=efetch,times=2."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the chance by which a fault with one_in strikes.")] = 0,
    log: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write each request down, a line of JSON.")
    ] = None,
    latency: Annotated[
        float, typer.Option(min=0, max=DAY, callback=finite, help="Seconds that each answer is held back.")
    ] = 0,
    history: Annotated[
        float, typer.Option(min=0, max=DAY, callback=finite, help="Minutes that a WebEnv lives unused.")
    ] = 60,
    reading: Annotated[
        float,
        typer.Option(min=0.1, max=DAY, callback=finite, help="Seconds that a request may take to come in."),
    ] = 20,
    dtd: Annotated[int, typer.Option(min=2000, max=2099, help="Year of EFetch's DTD.")] = 2025,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="What is not modelled finds nothing, with a warning.")
    ] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="The records are all of PubMed: what they lack, it lacks.")
    ] = False,
) -> None:
    """Serve E-utilities on 127.0.0.1 until interrupted; set SEEDWATCH_EUTILS_URL to the address it prints."""
    if bool(xml) == bool(db):
        raise InputError("mirror serve", "needs either --xml or --db", "Give one of them")
    if log:
        check_out(log, *filter(None, (*(xml or ()), db, mesh)), option="--log")
    from queries.mirror.corpus import Corpus
    from queries.mirror.faults import FaultPlan, read_fault
    from queries.mirror.load import load
    from queries.mirror.server import MirrorServer

    plan = FaultPlan([read_fault(each) for each in fault or ()], seed)
    with load(xml, report=typer.echo) if xml else Corpus.open(db or Path()) as corpus:
        _report(corpus)
        server = MirrorServer(
            corpus,
            now=moment(now) or (lambda: datetime.now(UTC)),
            rate=rate,
            keys=key or (),
            cap=cap,
            mesh=mesh,
            faults=plan,
            latency=latency,
            request_log=log,
            strict=not lenient,
            ideal=not whole,
            dtd=dtd,
            history=timedelta(minutes=history),
            reading=reading,
            port=port,
        )
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
