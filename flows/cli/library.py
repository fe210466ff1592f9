"""Commands that ask the library, or tell it something."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()

Name = Annotated[str, typer.Argument(metavar="WATCH", help="The watch: its file's name without .toml.")]
Pmid = Annotated[int, typer.Argument(metavar="PMID", min=1)]
Out = Annotated[Path, typer.Option(metavar="FILE", help="Where to write the CSV.")]


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False) -> None:
    """Say how each watch stands: last runs, coverage, pending, owed; exit 1 if a person must look."""
    from flows.cli import questions

    text, alarms = questions.status(as_json=as_json)
    typer.echo(text)
    raise typer.Exit(1 if alarms else 0)


@app.command()
def why(watch: Name, pmid: Pmid) -> None:
    """Say why a paper was, or was not, in a digest: stage by stage, with a live test of the topics."""
    from flows.cli import questions

    for line in questions.why(watch, pmid):
        typer.echo(line)


@app.command()
def feedback(
    watch: Name,
    pmid: Annotated[int | None, typer.Argument(metavar="[PMID]", min=1)] = None,
    verdict: Annotated[str | None, typer.Argument(metavar="[yes|no]")] = None,
    file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Many verdicts at once: CSV with pmid,verdict; or RIS."),
    ] = None,
) -> None:
    """Say whether an article was useful; the ranking learns from it, and the effect is shown."""
    from flows.cli import rank as ranking

    for line in ranking.feedback(watch, pmid, verdict, file):
        typer.echo(line)


@app.command()
def rank(
    candidates: Annotated[Path, typer.Argument(metavar="CANDIDATES")],
    seeds: Annotated[Path, typer.Option(metavar="FILE", help="Articles to be similar to.")],
    out: Out,
    watch: Annotated[
        str | None, typer.Option(help="Take this watch's keywords and anchors into account.")
    ] = None,
    explain: Annotated[bool, typer.Option(help="Add a column for each part of the score.")] = False,
) -> None:
    """Score any export (PubMed XML, NBIB, RIS, CSV, JSONL) against seeds; best first, with reasons."""
    from flows.cli import rank as ranking

    typer.echo(ranking.rank(candidates, seeds, out, watch, explain=explain))


@app.command()
def dedup(records: Annotated[Path, typer.Argument(metavar="RECORDS")], out: Out) -> None:
    """Cluster any export into works: CSV id,work,rule."""
    from flows.cli import dedup as clusters

    typer.echo(clusters.write(records, out))


@app.command()
def unlink(a: Pmid, b: Pmid) -> None:
    """Part two PMIDs that were taken for one work; honoured for ever after."""
    from flows.cli import questions

    typer.echo(questions.unlink(a, b))


@app.command()
def resend(
    watch: Name,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The digest's number.")],
    recipient: Annotated[str, typer.Argument(metavar="RECIPIENT", help="Its name in the watch.")],
) -> None:
    """Plan a delivery once more; the next digest run sends it. Nothing in doubt is resent unasked."""
    from flows.cli import questions

    typer.echo(questions.resend(watch, number, recipient))


@app.command()
def backup(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Write a consistent copy of the library."""
    from flows.cli import questions

    typer.echo(questions.backup(file))
