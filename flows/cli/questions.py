"""`seedwatch status` and `why`: questions of a person; nothing is changed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import Pmid, WatchName
from queries.errors import PubMedError

if TYPE_CHECKING:
    from queries.pubmed.wire import Wire
    from queries.watch.file import Topic, Watch
    from reports.answers.why import Probe

app = typer.Typer()
WIDTH = 160  # characters shown of a part of a topic


@app.command("status")
def status_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of --json.")] = False,
) -> None:
    """Say how each watch stands: last runs, coverage, pending, owed; exit 1 if a person must look."""
    from flows.runtime import settings
    from flows.runtime.standing import stands
    from flows.verdicts.drain import hear_all
    from reports.answers import status, status_json

    if schema:
        typer.echo(status_json.schema())
        return
    setting, now = settings.read(), datetime.now(UTC)
    hear_all(setting, now)
    every = stands(setting, now)
    if as_json:
        typer.echo(status_json.as_json(every))
    else:
        typer.echo(
            "\n".join(line for each in every for line in status.lines(each)) or "No watch is scheduled"
        )
    raise typer.Exit(1 if any(each.alarms for each in every) else 0)


@app.command("why")
def why_command(watch: WatchName, pmid: Pmid) -> None:
    """Say why a paper was, or was not, in a digest: stage by stage, with a live test of the topics."""
    from flows.runtime import resources, settings
    from reports.answers import why

    setting = settings.read()
    asked = resources.watch(setting, watch)
    with resources.library(setting) as library:
        history = library.history(watch, pmid)
        siblings = sorted(library.together([pmid])[pmid])
    with resources.pubmed(setting) as wire:
        probe = _probe(wire, asked, pmid)
    for line in why.tell(asked, history, probe, siblings):
        typer.echo(line)


def _probe(wire: "Wire", watch: "Watch", pmid: int) -> "Probe":
    """Ask PubMed for the PMID alone, then within each topic, then within each part of those that miss it."""
    from queries.pubmed.eutils import esearch
    from reports.answers.why import Probe

    def hits(term: str) -> bool:
        return esearch(wire, f"({term}) AND {pmid}[uid]", shown=1).count > 0

    try:
        if not esearch(wire, f"{pmid}[uid]", shown=1).count:
            return Probe(False, {})
        return Probe(
            True,
            {topic.short: () if hits(topic.term) else _missed(watch, topic, hits) for topic in watch.topics},
        )
    except PubMedError as error:
        return Probe(None, {}, str(error))


def _missed(watch: "Watch", topic: "Topic", hits: Callable[[str], bool]) -> tuple[str, ...]:
    """The facets of a topic that don't match; all matching apart is possible with a NOT in a term."""
    parts = (part for part in watch.parts(topic) if hits(part.term) == part.excludes)
    return tuple(part.shown(WIDTH) for part in parts) or ("the whole, though each part matches",)
