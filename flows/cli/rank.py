"""`seedwatch rank`, `feedback`, `mailbox`: any export ranked by similarity; what readers say of articles."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import tables
from flows.cli.arguments import Out, WatchName, check_out
from queries.errors import InputError, RecordsError

if TYPE_CHECKING:
    from queries.library import Library
    from queries.ranking import Hits
    from queries.ranking.rows import Row
    from queries.records.article import Article
    from queries.records.digest import Band, Scored
    from queries.watch.file import Watch

app = typer.Typer()
VERDICTS: Mapping[str, bool] = {"yes": True, "no": False}
MOVED = 3  # as many of the others are named as moved most


@app.command("feedback")
def feedback_command(
    watch: WatchName,
    pmid: Annotated[int | None, typer.Argument(metavar="[PMID]", min=1)] = None,
    verdict: Annotated[str | None, typer.Argument(metavar="[yes|no]")] = None,
    file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Many verdicts at once: CSV with pmid,verdict; or RIS."),
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take back what was said of the PMID, by all.")
    ] = False,
) -> None:
    """Say whether an article was useful; the ranking learns from it, and the effect is shown."""
    from flows.runtime import resources, settings
    from flows.verdicts.drain import hear_readers

    setting, now = settings.read(), datetime.now(UTC)
    judged = resources.watch(setting, watch)
    verdicts = _verdicts(file) if file and not undo else _verdict(pmid, verdict, undo=undo)
    with resources.library(setting) as library:
        hear_readers(setting, library, judged, now)
        unknown = library.unknown(verdicts)
        if unknown:
            raise InputError(
                f"PMID {min(unknown)}",
                f"is not in the library of {watch}",
                f"Ask `seedwatch why {watch} {min(unknown)}`",
            )
        articles = _open(library, watch, verdicts)
        before = _scores(library, judged, articles)
        if undo:
            count, did = sum(library.take_back(watch, pmid, now) for pmid in verdicts), "taken back"
        else:
            library.judge(watch, verdicts, now)
            count, did = len(verdicts), "kept"
        after = _scores(library, judged, articles)
    typer.echo(f"{count} verdict{'s' * (count != 1)} {did} for {watch}.")
    for line in _moves(before, after, verdicts):
        typer.echo(line)


@app.command("mailbox")
def mailbox_command() -> None:
    """Read what readers wrote to SEEDWATCH_MAILBOX, as each run does: verdicts, and who wants no more."""
    from flows.runtime import settings
    from flows.verdicts.drain import hear_all
    from flows.verdicts.mailbox import read_mailbox

    setting, now = settings.read(), datetime.now(UTC)
    if not setting.mailbox:
        raise InputError(
            "SEEDWATCH_MAILBOX", "is not set", "Give imaps://user:password@host/INBOX or maildir:///folder"
        )
    heard = read_mailbox(setting, now)
    hear_all(setting, now)
    typer.echo(f"{heard} new mail{'s' * (heard != 1)} of readers.")


@app.command("rank")
def rank_command(
    candidates: Annotated[Path, typer.Argument(metavar="CANDIDATES")],
    seeds: Annotated[Path, typer.Option(metavar="FILE", help="Articles to be similar to.")],
    out: Out,
    watch: Annotated[
        str | None, typer.Option(help="Take this watch's keywords and anchors into account.")
    ] = None,
    explain: Annotated[
        bool, typer.Option(help="Add a column for each part of the score, and reasons for all.")
    ] = False,
) -> None:
    """Score any export (PubMed XML, NBIB, RIS, CSV, JSONL) against seeds; best first, with reasons.

    A score is its paper's own, whatever else the export holds; the order also goes by what the
    candidates have in common.
    """
    from flows.runtime import resources, settings
    from queries.ranking.rows import ranked
    from queries.readers import export

    setting = settings.read()
    check_out(out, candidates, seeds, setting.database)
    near = resources.watch(setting, watch) if watch else None
    known = list(export.read(seeds))
    rows = ranked(
        export.read(candidates),
        known,
        near.seed.keywords if near else (),
        _hits(near) if near else None,
        explain=explain,
    )
    names = list(dict.fromkeys(part.name for row in rows for part in row.parts))

    def cells(row: "Row") -> tuple[object, ...]:
        parts = {part.name: part.value for part in row.parts}
        return (row.id, row.score, row.why, *(parts.get(name, 0) for name in names))

    tables.write(out, ("id", "score", "why", *names), map(cells, rows))
    typer.echo(f"{len(rows)} records ranked against {len(known)} seeds: {out}")


def _hits(watch: "Watch") -> "Hits":
    from queries.text.keywords import hits

    return partial(hits, anchors=watch.anchors, keywords=watch.seed.keywords)


def _scores(library: "Library", watch: "Watch", articles: "Sequence[Article]") -> "Sequence[Scored]":
    from flows.inputs import seed_set
    from queries.ranking import Ranker

    return Ranker(seed_set(library, watch), hits=_hits(watch)).score(articles)


def _verdict(pmid: int | None, verdict: str | None, *, undo: bool) -> dict[int, bool]:
    if pmid and undo and verdict is None:
        return {pmid: False}
    if undo or pmid is None or verdict is None or verdict not in VERDICTS:
        raise InputError(
            "feedback", "needs a PMID and yes, no or --undo; or --file", "Try: seedwatch feedback --help"
        )
    return {pmid: VERDICTS[verdict]}


def _verdicts(file: Path) -> dict[int, bool]:
    """Verdicts of a CSV with pmid and verdict; an export without verdicts means yes to all of it."""
    from queries.readers import export

    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            if {"pmid", "verdict"} <= {name.strip().lower() for name in rows.fieldnames or ()}:
                return dict(_of_line(file, number, row) for number, row in enumerate(rows, 2))
    except (OSError, UnicodeDecodeError) as error:
        raise RecordsError(str(file), f"cannot be read ({error})", "Check the path") from error
    return {entry.pmid: True for entry in export.read(file) if entry.pmid}


def _of_line(file: Path, number: int, row: Mapping[str, str]) -> tuple[int, bool]:
    cells = {key.strip().lower(): (value or "").strip().lower() for key, value in row.items() if key}
    if not cells["pmid"].isdecimal() or cells["verdict"] not in VERDICTS:
        raise RecordsError(f"{file}, line {number}", "is not a PMID with yes or no", "Mend the line")
    return int(cells["pmid"]), VERDICTS[cells["verdict"]]


def _open(library: "Library", watch: str, also: Mapping[int, bool]) -> "list[Article]":
    """What waits for the next digest, what the last one judged, and what a reader judges now."""
    from queries.records.digest import Outcome

    last = library.last_digest(watch)
    judged = {
        each.decision.pmid
        for each in library.decisions(watch, sorted(library.seen(watch)))
        if last
        and each.number == last.number
        and each.decision.outcome in {Outcome.TOLD, Outcome.BELOW, Outcome.HELD}
    }
    return library.articles(sorted(judged | library.unreported(watch) | set(also)))


def _moves(before: "Sequence[Scored]", after: "Sequence[Scored]", also: Mapping[int, bool]) -> Iterator[str]:
    """Where the judged articles stand now, and those of the others that moved most.

    E.g. "PMID 90000014: 7th of 12, Near; now 3rd, Core".
    """
    old = {scored.pmid: scored for scored in before}
    by_move = sorted(
        after,
        key=lambda scored: (
            scored.pmid not in also,
            -abs(scored.place - old[scored.pmid].place),
            -abs(scored.score - old[scored.pmid].score),
            scored.pmid,
        ),
    )
    moved = [scored for scored in by_move if _standing(scored) != _standing(old[scored.pmid])]
    for scored in moved[: len(also) + MOVED] if len(also) <= MOVED else moved[:MOVED]:
        was = old[scored.pmid]
        yield (
            f"PMID {scored.pmid}: {_ordinal(was.place)} of {len(after)}, {was.band}; "
            f"now {_ordinal(scored.place)}, {scored.band}"
        )
    if not moved:
        yield f"Of the {len(after)} articles that wait or were judged last, none changes its place or band."


def _standing(scored: "Scored") -> "tuple[int, Band]":
    return scored.place, scored.band


def _ordinal(place: int) -> str:
    """E.g. 1st, 2nd, 11th."""
    tens, ones = divmod(place, 10)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(ones, "th") if tens % 10 != 1 else "th"
    return f"{place}{ending}"
