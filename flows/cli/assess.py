"""`seedwatch assess`: what each record of any export says of itself, for reviewers."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import tables
from flows.cli.arguments import Out, check_out

if TYPE_CHECKING:
    from queries.evidence.questions import Question
    from queries.readers.export import ExportRecord
    from queries.records.digest import Evidence
    from queries.watch.file import Watch

app = typer.Typer()
COLUMNS = (
    "id", "study", "study_span", "species", "participants", "tfr", "stopping", "tfr_rate", "tfr_time",
    "tfr_ci", "tfr_criterion", "quote", "questions", "trials",
)  # fmt: skip
SHIPPED = "cml-stem-cells"


@app.command("assess")
def assess_command(
    records: Annotated[Path, typer.Argument(metavar="RECORDS")],
    out: Out,
    watch: Annotated[str, typer.Option(help="Whose keywords the questions are derived from.")] = SHIPPED,
) -> None:
    """Say of each record of any export what kind of study it is, on whom, and what it found: CSV."""
    from flows.runtime import resources, settings

    setting = settings.read()
    check_out(out, records, setting.database)
    typer.echo(assess_records(records, out, resources.watch(setting, watch)))


def assess_records(records: Path, out: Path, watch: "Watch") -> str:
    """Write a row a record in the file's order, several values joined by "; "; return what to tell of it.

    Every cell of words is verbatim from the record. Raises RecordsError if either file cannot be
    read or written.
    """
    from queries.evidence import assess
    from queries.evidence.questions import questions, shares
    from queries.readers import export
    from queries.text.keywords import hits

    entries = list(export.read(records))
    hit = [hits(entry.article, watch.anchors, watch.seed.keywords) for entry in entries]
    common = shares(hit)
    rows = (
        _cells(entry, assess(entry.article), questions(own, common))
        for entry, own in zip(entries, hit, strict=True)
    )
    tables.write(out, COLUMNS, rows)
    return f"{len(entries)} records assessed: {out}"


def _cells(entry: "ExportRecord", evidence: "Evidence", asked: "Sequence[Question]") -> tuple[str, ...]:
    card = evidence.card
    return (
        entry.id,
        evidence.study,
        evidence.study_span,
        _joined(evidence.species),
        evidence.participants,
        "yes" if evidence.tfr else "no",
        _joined(evidence.stopping),
        card.rate,
        card.time,
        card.ci,
        card.criterion,
        evidence.quote,
        _joined(question.keyword for question in asked),
        _joined(evidence.trials),
    )


def _joined(values: "Iterator[str] | Sequence[str]") -> str:
    return "; ".join(values)
