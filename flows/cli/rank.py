"""Similarity by hand: readers' verdicts and what they change, and the ranking of any export."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from flows.cli import tables
from flows.runtime import resources as doors
from flows.runtime import settings
from flows.seeds import seed_set
from queries.errors import InputError, RecordsError
from queries.library import Store
from queries.ranking import Hits, Ranker
from queries.ranking.rows import Row, ranked
from queries.readers import export
from queries.records.article import Article
from queries.records.digest import Outcome, Scored
from queries.text.keywords import hits
from queries.watch.file import Watch

VERDICTS: Mapping[str, bool] = {"yes": True, "no": False}
MOVED = 3  # as many of the last digest's articles are named as moved most


def feedback(name: str, pmid: int | None, verdict: str | None, file: Path | None) -> Iterator[str]:
    """Keep verdicts, and say what they change in the order of the last digest's articles."""
    setting = settings.read()
    watch = doors.watch(setting, name)
    verdicts = _from_file(file) if file else _one(pmid, verdict)
    with doors.library(setting) as library:
        strange = library.unknown(verdicts)
        if strange:
            raise InputError(
                f"PMID {min(strange)}",
                f"is not in the library of {name}",
                f"Ask `seedwatch why {name} {min(strange)}`",
            )
        articles = _judged_last(library, name, verdicts)
        before = Ranker(seed_set(library, watch), hits=_hits(watch)).score(articles)
        library.judge(name, verdicts, datetime.now(UTC))
        after = Ranker(seed_set(library, watch), hits=_hits(watch)).score(articles)
    yield f"{len(verdicts)} verdict{'s' * (len(verdicts) != 1)} kept for {name}."
    yield from _moves(before, after)


def rank(candidates: Path, seeds: Path, out: Path, name: str | None, *, explain: bool) -> str:
    """Score an export against seeds: a CSV of id, score, why, best first."""
    watch = doors.watch(settings.read(), name) if name else None
    known = list(export.read(seeds))
    rows = ranked(
        list(export.read(candidates)),
        known,
        watch.seed.keywords if watch else (),
        _hits(watch) if watch else None,
    )
    names = [part.name for part in rows[0].parts] if explain and rows else []

    def cells(row: Row) -> tuple[object, ...]:
        parts = {part.name: part.value for part in row.parts}
        return (row.id, row.score, row.why, *(parts.get(each, 0) for each in names))

    tables.write(out, ("id", "score", "why", *names), map(cells, rows))
    return f"{len(rows)} records ranked against {len(known)} seeds: {out}"


def _hits(watch: Watch) -> Hits:
    return partial(hits, anchors=watch.anchors, keywords=watch.seed.keywords)


def _one(pmid: int | None, verdict: str | None) -> dict[int, bool]:
    if pmid is None or verdict is None or verdict not in VERDICTS:
        raise InputError(
            "feedback", "needs a PMID and yes or no, or --file", "Try: seedwatch feedback --help"
        )
    return {pmid: VERDICTS[verdict]}


def _from_file(file: Path) -> dict[int, bool]:
    """Verdicts of a CSV with pmid and verdict; an export without verdicts means yes to all of it."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            if {"pmid", "verdict"} <= {name.strip().lower() for name in rows.fieldnames or ()}:
                return dict(_verdict(file, number, row) for number, row in enumerate(rows, 2))
    except (OSError, UnicodeDecodeError) as error:
        raise RecordsError(str(file), f"cannot be read ({error})", "Check the path") from error
    return {entry.pmid: True for entry in export.read(file) if entry.pmid}


def _verdict(file: Path, number: int, row: Mapping[str, str]) -> tuple[int, bool]:
    cells = {key.strip().lower(): (value or "").strip().lower() for key, value in row.items() if key}
    if not cells["pmid"].isdecimal() or cells["verdict"] not in VERDICTS:
        raise RecordsError(f"{file}, line {number}", "is not a PMID with yes or no", "Mend the line")
    return int(cells["pmid"]), VERDICTS[cells["verdict"]]


def _judged_last(library: Store, name: str, also: Mapping[int, bool]) -> list[Article]:
    """What the last digest judged, and what a reader judges now."""
    last = library.last_digest(name)
    judged = {
        each.decision.pmid
        for each in library.decisions(name, sorted(library.seen(name)))
        if last
        and each.number == last.number
        and each.decision.outcome in {Outcome.TOLD, Outcome.BELOW, Outcome.HELD}
    }
    return library.articles(sorted(judged.union(also)))


def _moves(before: Sequence[Scored], after: Sequence[Scored]) -> Iterator[str]:
    """The articles whose score moved most, e.g. "PMID 90000014: 0.61, now 0.70"."""
    was = {one.pmid: one.score for one in before}
    moved = sorted(after, key=lambda one: (-abs(one.score - was[one.pmid]), one.pmid))[:MOVED]
    for one in moved:
        yield f"PMID {one.pmid}: {was[one.pmid]:.2f}, now {one.score:.2f}"
