"""`seedwatch dedup`: any export clustered into works."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import tables
from flows.cli.arguments import Out, check_out

if TYPE_CHECKING:
    from queries.readers.export import ExportRecord

app = typer.Typer()
SHOWN = 10  # conflicts told one by one


@app.command("dedup")
def dedup_command(records: Annotated[Path, typer.Argument(metavar="RECORDS")], out: Out) -> None:
    """Cluster any export into works: CSV id,work,rule."""
    from flows.runtime import settings

    check_out(out, records, settings.read().database)
    for line in deduplicate(records, out):
        typer.echo(line)


def deduplicate(records: Path, out: Path) -> list[str]:
    """Write CSV `id,work,rule`, a row a record in the file's order; return what to tell of it.

    `work` is the id of the work's first record in the file, `rule` what joined this one to it (""
    for the first). Raises RecordsError if either file cannot be read or written.
    """
    from queries.identity.works import works
    from queries.readers import export

    entries = list(export.read(records))
    members = works([entry.article for entry in entries], [entry.pmid for entry in entries])
    rows = [
        (entry.id, entries[member.work].id, member.rule)
        for entry, member in zip(entries, members, strict=True)
    ]
    tables.write(out, ("id", "work", "rule"), rows)
    total = len({member.work for member in members})
    counts = f"{len(entries)} records are {total} works, {len(entries) - total} duplicates: {out}"
    return [counts, *_conflicts(entries)]


def _conflicts(entries: "Sequence[ExportRecord]") -> list[str]:
    """What the records' ids say that cannot all be true, for a person to look at."""
    from queries.identity.citation import citation
    from queries.identity.conflicts import conflicts

    dois = Counter(entry.article.doi for entry in entries)
    pmids = Counter(entry.pmid for entry in entries)
    repeated = (
        citation(entry.article, at, entry.pmid or 0)
        for at, entry in enumerate(entries)
        if dois[entry.article.doi] > 1 or pmids[entry.pmid] > 1
    )
    lines = [
        f"{conflict.words} (records {', '.join(entries[at].id for at in conflict.ids)})"
        for conflict in conflicts(repeated)
    ]
    more = [f"and {len(lines) - SHOWN} more such"] if len(lines) > SHOWN else []
    return [*lines[:SHOWN], *more]
