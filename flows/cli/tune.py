"""`seedwatch tune`: words to add to a watch's facets or to drop, each with what it changes."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import WatchName
from queries.errors import WatchError

if TYPE_CHECKING:
    from queries.pubmed.wire import Wire
    from queries.watch.file import Watch
    from queries.watch.tuning import FacetChange

app = typer.Typer()
MOST_TRIED = 30  # words of a watch that are tried without: two searches each
WORTH = 0.02  # share of a year's hits that a dropped word has to spare


@app.command("tune")
def tune_command(
    watch: WatchName,
    write: Annotated[
        bool, typer.Option("--write", help="Write the proposals into the watch's file; its comments stay.")
    ] = False,
) -> None:
    """Propose words to add to each facet or to drop, from verdicts and from references that are missed."""
    from flows.runtime import resources, settings
    from flows.runtime.progress import shown
    from flows.runtime.watches import own_file
    from queries.calendar import eastern_day
    from queries.pubmed.eutils import clock

    setting = settings.read()
    tuned = resources.watch(setting, watch)
    if not tuned.facets:
        raise WatchError(watch, "has no facets to tune", "Write its terms as facets (README, The watch file)")
    path = own_file(setting, watch)
    if write and path is None:
        raise WatchError(
            watch, "is the shipped one", "Copy its file into a folder of SEEDWATCH_WATCHES first"
        )
    with resources.library(setting) as library:
        verdicts = library.feedback(watch)
    with shown(watch), resources.pubmed(setting) as wire:
        today = eastern_day(clock(wire) or datetime.now(UTC))
        found = list(_proposals(wire, tuned, verdicts, today))
    for line, _ in found:
        typer.echo(line)
    changes = [change for _, change in found if change]
    if write and path and changes:
        _write(path, changes)
        typer.echo(f"{len(changes)} written to {path}")
    elif changes:
        typer.echo("Nothing is written; --write writes them all")


def _proposals(
    wire: "Wire", watch: "Watch", verdicts: dict[int, bool], today: date
) -> Iterator[tuple[str, "FacetChange | None"]]:
    """How it stands, then each proposal with what it changes."""
    from queries.pubmed.measure import matching, yearly
    from queries.watch.tuning import FacetChange, whole_term

    good = {pmid for pmid, useful in verdicts.items() if useful}
    bad = {pmid for pmid, useful in verdicts.items() if not useful}
    held = matching(wire, "", _wanted(wire, watch) | good)
    base = matching(wire, whole_term(watch), held)
    hits = yearly(wire, whole_term(watch), today)
    share = f"{len(base)} of {len(held)} must-finds" if held else "no must-find is known"
    yield f"{watch.name}: {share}, {hits} hits a year", None
    for name, word in _lacking(wire, watch, held - base):
        change = FacetChange(name, word, adds=True)
        after = matching(wire, whole_term(watch, change), held)
        if gain := len(after - base):
            more = yearly(wire, whole_term(watch, change), today)
            yield (
                f"{change}: must-finds {len(base)} → {len(base) + gain}, hits a year {hits} → {more}",
                change,
            )
    for change in _droppable(watch):
        term = whole_term(watch, change)
        less = yearly(wire, term, today)
        unwanted = len(bad) - len(matching(wire, term, bad)) if bad else 0
        if hits - less >= max(1, WORTH * hits) and not base - matching(wire, term, held):
            spared = f", {unwanted} of {len(bad)} that readers refused are gone" if bad else ""
            yield (
                f"{change}: no must-find is lost, hits a year {hits} → {less}{spared}",
                change if unwanted else None,
            )


def _wanted(wire: "Wire", watch: "Watch") -> set[int]:
    from queries.pubmed.seed import cited_pmids, resolve_seed

    more = {int(each) for each in watch.seed.more if each.isdecimal()}
    return more | cited_pmids(wire, resolve_seed(wire, watch.seed.pmid or watch.seed.doi))


def _lacking(wire: "Wire", watch: "Watch", missed: Collection[int]) -> Iterator[tuple[str, str]]:
    """Words that must-finds share which lack one facet only of some topic, by that facet."""
    from queries.drift.missed import shared_words
    from queries.pubmed.eutils import efetch
    from queries.pubmed.measure import unmatched

    if not missed:
        return
    lacking: dict[str, set[int]] = {}
    for topic in watch.topics:
        for pmid, parts in unmatched(wire, watch, topic, missed, 0).items():
            if len(parts) == 1 and parts[0].startswith("*"):
                lacking.setdefault(parts[0].strip("*"), set()).add(pmid)
    articles = {article.pmid: article for article in efetch(wire, missed).articles}
    for name, pmids in lacking.items():
        held = [articles[pmid] for pmid in sorted(pmids) if pmid in articles]
        yield from ((name, word.text) for word in shared_words(held, watch.anchors, watch.seed.keywords))


def _droppable(watch: "Watch") -> Iterator["FacetChange"]:
    """The words without which a facet still asks for something, the first few of each watch."""
    from queries.watch.tuning import FacetChange

    every = [
        FacetChange(name, word, adds=False)
        for name, facet in watch.facets.items()
        for word in (*facet.words, *facet.exact)
        if len(facet.words) + len(facet.exact) > 1
    ]
    yield from every[:MOST_TRIED]


def _write(path: Path, changes: Sequence["FacetChange"]) -> None:
    """Write the changes, or leave the file as it was where they make no watch."""
    from queries.watch.file import load
    from queries.watch.tuning import rewritten

    before = path.read_text(encoding="utf-8-sig")
    path.write_text(rewritten(before, list(changes)), encoding="utf-8")
    try:
        load(path)
    except WatchError:
        path.write_text(before, encoding="utf-8")
        raise
