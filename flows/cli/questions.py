"""`seedwatch status` and `why`: questions of a person; nothing is changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import Pmid, WatchName
from queries.errors import PubMedError

if TYPE_CHECKING:
    from flows.runtime.settings import Settings
    from queries.identity.conflicts import Conflict
    from queries.library import Library
    from queries.pubmed.wire import Wire
    from queries.records.library import KnownWatch
    from queries.watch.file import Topic, Watch
    from reports.answers.status import Status
    from reports.answers.why import Probe

app = typer.Typer()
WIDTH = 160  # characters shown of a part of a topic


@app.command("status")
def status_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Say how each watch stands: last runs, coverage, pending, owed; exit 1 if a person must look."""
    from flows.runtime import resources, settings
    from flows.runtime.watches import renamed_from, scheduled
    from queries.watch.file import load
    from reports.answers import status

    setting = settings.read()
    now = datetime.now(UTC)
    with resources.library(setting) as library:
        known = library.watches()
        watches = [load(path) for path in scheduled(setting, known).values()]
        conflicts = library.conflicts()
        every = [_status(setting, library, watch, now, conflicts) for watch in watches]
        # of a watch that looks renamed the old one's alarm says what to do; its own would lead nowhere
        heirs = {renamed_from(setting, watch.name, watch.seed, known): watch.name for watch in watches}
        heirs.pop("", None)
        every = [replace(each, alarms=()) if each.watch in heirs.values() else each for each in every]
        every += _absent(setting, library, known, heirs)
    if as_json:
        typer.echo(status.as_json(every))
    else:
        typer.echo(
            "\n".join(line for each in every for line in status.lines(each)) or "No watch is scheduled"
        )
    raise typer.Exit(1 if any(each.alarms for each in every) else 0)


def _absent(
    setting: "Settings", library: "Library", known: "Sequence[KnownWatch]", heirs: dict[str, str]
) -> "Iterator[Status]":
    """The watches that ran and are not scheduled: their file is gone, they are not used, or retired."""
    from flows.runtime.watches import scheduled
    from queries.watch.file import SHIPPED
    from reports.answers.status import GONE, RETIRED, UNUSED, absent

    there = scheduled(setting, known)
    for each in known:
        if each.name in there:
            continue
        shipped = SHIPPED / f"{each.name}.toml"
        standing = RETIRED if each.retired else UNUSED if shipped.exists() else GONE
        deliveries = library.deliveries(each.name)
        yield absent(each, standing, deliveries, file=str(shipped), heir=heirs.get(each.name, ""))


def _status(
    setting: "Settings",
    library: "Library",
    watch: "Watch",
    now: datetime,
    conflicts: "Sequence[Conflict]",
) -> "Status":
    from reports.answers.precision import precision
    from reports.answers.status import ALERT, judge

    seen = library.seen(watch.name, {pmid for conflict in conflicts for pmid in conflict.ids})
    return judge(
        watch,
        now,
        runs=[run for run in library.runs(watch.name) if run.flow != ALERT or setting.ops_url],
        coverage=library.coverage(watch.name, now),
        pending=library.pending(watch.name),
        deliveries=library.deliveries(watch.name),
        watermarks=library.watermarks(watch.name),
        judged=precision(library.told(watch.name), library.feedback(watch.name)),
        conflicts=[conflict.words for conflict in conflicts if seen.intersection(conflict.ids)],
    )


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
        probe = _probe(wire, asked.topics, pmid)
    for line in why.tell(asked, history, probe, siblings):
        typer.echo(line)


def _probe(wire: "Wire", topics: "Sequence[Topic]", pmid: int) -> "Probe":
    """Ask PubMed for the PMID alone, then within each topic, then within each part of those that miss it."""
    from queries.pubmed.eutils import esearch
    from reports.answers.why import Probe

    def hits(term: str) -> bool:
        return esearch(wire, f"({term}) AND {pmid}[uid]", shown=1).count > 0

    try:
        if not esearch(wire, f"{pmid}[uid]", shown=1).count:
            return Probe(False, {})
        return Probe(
            True, {topic.short: () if hits(topic.term) else _missed(topic, hits) for topic in topics}
        )
    except PubMedError as error:
        return Probe(None, {}, str(error))


def _missed(topic: "Topic", hits: Callable[[str], bool]) -> tuple[str, ...]:
    """The parts of a topic that don't match; all parts matching apart is possible with a NOT."""
    from queries.terms.facets import facets

    parts = [facet.text for facet in facets(topic.term) if hits(facet.text) == facet.excludes]
    return tuple(map(_shortened, parts)) or ("the whole, though each part matches",)


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= WIDTH else text[: WIDTH - 1].rsplit(" ", 1)[0] + " …"
