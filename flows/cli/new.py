"""`seedwatch new`: a watch of one's own from a DOI: drafted, measured, shown."""

import json
import re
import sys
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from unicodedata import normalize

import typer

from flows.cli.arguments import AsJson
from queries.errors import InputError, PubMedError, WatchError

if TYPE_CHECKING:
    from flows.runtime.settings import Settings
    from queries.drift.missed import SharedWord
    from queries.pubmed.measure import Measure
    from queries.pubmed.wire import Wire
    from queries.records.article import Article
    from queries.watch.file import Watch
    from queries.watch.naming import Concept

app = typer.Typer()
MOST_SEEDS = 10  # records of a file that count as seeds; the others as what they cite
ASKED_FOR = 20.0  # seconds that PubMed may be silent before the draft goes on without it


@dataclass
class Drafted:
    """A watch in the making: its seeds, what they cite, its subject and topics, and where it is written."""

    path: Path
    seeds: list["Article"]
    references: list["Article"]
    subject: "Concept"
    topics: list["Concept"]
    away: str = ""  # why PubMed could not be asked
    added: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The watch's name: its file's."""
        return self.path.stem

    def write(self) -> "Watch":
        """Write the file; return what it says."""
        from queries.watch.draft import text_of
        from queries.watch.file import load

        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(text_of(self.seeds, self.subject, self.topics, self.name), encoding="utf-8")
        return load(self.path)


@app.command("new")
def new_command(  # noqa: PLR0913, PLR0917 - options of a command line
    seeds: Annotated[
        list[str] | None, typer.Argument(metavar="[DOI|PMID]...", help="What the watch is anchored on.")
    ] = None,
    seed: Annotated[
        str | None, typer.Option(metavar="DOI|PMID", help="The same, as it was written before.")
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help="RIS, BibTeX, CSL-JSON, NBIB …: seeds, or one and its references."
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(help="The watch's name; made from the seed if absent.")] = None,
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write it: SEEDWATCH_WATCHES, or here.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: take the defaults.")] = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Leave the preview unopened.")] = False,
    no_preview: Annotated[bool, typer.Option("--no-preview", help="Make no first digest.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a watch file from a seed article's PubMed record, and show what it finds."""
    from flows.runtime import settings

    setting = settings.read()
    wanted = [*(seeds or ()), *([seed] if seed else ())]
    if not wanted and not source:
        raise InputError("new", "needs a seed", "Give a DOI or PMID, or --from a file of records")
    place = folder or next(reversed(setting.watches[1:]), Path())
    drafted = _drafted(setting, wanted, source, place, name)
    watch = drafted.write()
    say = _silent if as_json else typer.echo
    for line in _outline(drafted):
        say(line)
    measured = _measured(setting, drafted, watch)
    shared = _shared(drafted, watch, measured)
    if measured:
        for line in _findings(measured, shared):
            say(line)
        if _asks(yes=yes, as_json=as_json) and _extended(drafted, measured, shared):
            watch = drafted.write()
            if again := _measured(setting, drafted, watch):
                measured = again
                say(_recall(measured))
    page = None if no_preview or drafted.away else _preview(setting, drafted, say)
    if as_json:
        typer.echo(json.dumps(_facts(drafted, measured, shared, page), indent=1, ensure_ascii=False))
    elif page and not no_open and sys.stdout.isatty():
        webbrowser.open(page.absolute().as_uri())
    if drafted.away:
        typer.echo(
            f"seedwatch: PubMed could not be asked ({drafted.away}): drafted from what was given. "
            f"`seedwatch check {drafted.name}` measures it when PubMed is there",
            err=True,
        )
    say(f"Read it over, then: SEEDWATCH_WATCHES={place} seedwatch check {drafted.name}")
    raise typer.Exit(3 if drafted.away else 0)


def _silent(_: str) -> None:
    pass


def _asks(*, yes: bool, as_json: bool) -> bool:
    return not yes and not as_json and sys.stdin.isatty()


def _drafted(
    setting: "Settings", wanted: Sequence[str], source: Path | None, place: Path, name: str | None
) -> Drafted:
    """Read the seeds, as PubMed has them if it can be asked, and what they cite; say what they are about."""
    from flows.runtime import resources
    from flows.runtime.progress import shown
    from queries.watch.concepts import subject_and_topics
    from queries.watch.draft import check_topics

    if name and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise InputError(
            f"--name {name}", "may hold small letters, digits and hyphens only", "Write one such as my-watch"
        )
    given = _given(source) if source else []
    found: list[Article] = []
    references: list[Article] = []
    away = ""
    with shown("new"):
        try:
            with resources.pubmed(replace(setting, patience=min(setting.patience, ASKED_FOR))) as wire:
                found, references = _fetched(wire, wanted, given)
        except PubMedError as error:
            away = str(error)
            if not given:
                raise
    known = {article.pmid for article in found if article.pmid > 0} | {
        article.doi for article in found if article.doi
    }
    found += [
        article
        for article in given
        if article not in found
        and article.pmid not in known
        and (not article.doi or article.doi not in known)
    ]
    seeds, others = found[:MOST_SEEDS], found[MOST_SEEDS:]
    if seeds[0].pmid <= 0 and not seeds[0].doi:
        raise InputError(
            str(source), "its first record has neither DOI nor PMID", "Name the seed by its DOI, too"
        )
    label = name or _label(seeds[0])
    path = place / f"{label}.toml"
    if path.exists():
        raise WatchError(str(path), "is there already", "Give another --name, or move it away")
    subject, topics = subject_and_topics(seeds, [*references, *others])
    check_topics(seeds[0], topics)
    return Drafted(path, seeds, [*references, *others], subject, topics, away)


def _given(source: Path) -> list["Article"]:
    """The records of a file, each by its PMID where it says one."""
    from queries.readers.export import read

    return [replace(record.article, pmid=record.pmid or record.article.pmid) for record in read(source)]


def _fetched(
    wire: "Wire", wanted: Sequence[str], given: Sequence["Article"]
) -> tuple[list["Article"], list["Article"]]:
    """The seeds' own records, those of the file too where PubMed has them, and what the named seeds cite."""
    from queries.pubmed.seed import references, resolve_seed

    ids = [int(each) if each.isdecimal() else each for each in wanted]
    seeds = [resolve_seed(wire, each) for each in ids]
    for article in given[:MOST_SEEDS]:
        try:
            seeds.append(resolve_seed(wire, article.pmid if article.pmid > 0 else article.doi))
        except InputError:
            seeds.append(article)  # PubMed doesn't have it: the file's record must do
    cited = [
        article
        for each in seeds[: len(ids) or 1]
        if each.pmid > 0
        for article in references(wire, each).articles
    ]
    own = {article.pmid for article in seeds}
    return seeds, list({article.pmid: article for article in cited if article.pmid not in own}.values())


def _measured(setting: "Settings", drafted: Drafted, watch: "Watch") -> "Measure | None":
    """What the topics find; None if PubMed cannot be asked, which is kept for the end."""
    from flows.runtime import resources
    from flows.runtime.progress import shown
    from queries.calendar import eastern_day
    from queries.pubmed.eutils import clock
    from queries.pubmed.measure import measure, tautologies

    if drafted.away:
        return None
    wanted = {article.pmid for article in drafted.references if article.pmid > 0}
    with shown(drafted.name):
        try:
            with resources.pubmed(setting) as wire:
                today = eastern_day(clock(wire) or datetime.now(UTC))
                found = measure(wire, watch, wanted, today)
                same = tautologies(wire, watch, found, today)
        except PubMedError as error:
            drafted.away = str(error)
            return None
    noted = (
        replace(each, warnings=(*each.warnings, f"asks hardly less than *{same[each.short]}* alone"))
        if each.short in same
        else each
        for each in found.topics
    )
    return replace(found, topics=tuple(noted))


def _shared(drafted: Drafted, watch: "Watch", measured: "Measure | None") -> tuple["SharedWord", ...]:
    from queries.drift.missed import shared_words

    if not measured:
        return ()
    missed = [article for article in drafted.references if article.pmid in measured.missed]
    return shared_words(missed, watch.anchors, watch.seed.keywords)


def _outline(drafted: Drafted) -> Iterator[str]:
    texts = ", ".join(drafted.subject.texts)
    yield f"{drafted.path}"
    yield f"Every topic is on {texts}" + (
        f" (MeSH: {'; '.join(drafted.subject.mesh)})" if drafted.subject.mesh else ""
    )


def _findings(measured: "Measure", shared: Sequence["SharedWord"]) -> Iterator[str]:
    """Per topic its hits, samples and warnings; then how many references are found, what others share."""
    noted: set[str] = set()
    yield f"{'Topic':<44}{'30 days':>9}{'a year':>9}{'references':>12}"
    for topic in measured.topics:
        yield f"{topic.name[:42]:<44}{topic.month:>9}{topic.year:>9}{len(topic.found):>12}"
        yield from (f"    {title[:110]}" for title in topic.titles)
        yield from (f"    ! {warning}" for warning in topic.warnings if warning not in noted)
        noted |= {warning for warning in topic.warnings if re.match(r"[A-Z]\w+: ", warning)}  # PubMed's own
    yield _recall(measured)
    if shared:
        words = ", ".join(f"{word.text} ({word.missed})" for word in shared)
        yield f"Of the {len(measured.missed)} missed some share: {words}"


def _recall(measured: "Measure") -> str:
    from queries.pubmed.measure import share

    if not measured.held:
        return "PubMed knows no references of the seed: how much the topics find of them is unknown"
    return f"The topics find {share(measured)} of the seed's references"


def _extended(drafted: Drafted, measured: "Measure", shared: Sequence["SharedWord"]) -> bool:
    """Whether the person at the terminal wants topics of what missed references share."""
    from queries.watch.naming import Concept

    missed = len(measured.missed)
    for word in shared:
        if typer.confirm(
            f"Of the {missed} missed {word.missed} share {word.text!r}: added as a topic?", default=False
        ):
            drafted.topics.append(Concept(word.text))
            drafted.added.append(word.text)
    return bool(drafted.added)


def _preview(setting: "Settings", drafted: Drafted, say: Callable[[str], None]) -> Path | None:
    """A first digest, of the last 30 days, written and sent to nobody; its page."""
    from flows.cli.run import run_shown
    from flows.runtime import settings

    out = setting.home / "previews" / drafted.name
    with settings.replaced(replace(setting, watches=(*setting.watches, drafted.path.parent))):
        try:
            run_shown("run", {"watch": drafted.name, "anyway": True}, out)
        except PubMedError as error:
            drafted.away = str(error)
            return None
    pages = sorted(out.glob("*.html"))
    if pages:
        say(f"A first digest, sent to nobody: {pages[-1]}")
    return pages[-1] if pages else None


def _facts(
    drafted: Drafted, measured: "Measure | None", shared: Sequence["SharedWord"], page: Path | None
) -> dict[str, object]:
    """The same for a script."""
    return {
        "watch": drafted.name,
        "file": str(drafted.path),
        "subject": {"name": drafted.subject.name, "mesh": drafted.subject.mesh},
        "topics": [
            {
                "short": topic.short,
                "name": topic.name,
                "month": topic.month,
                "year": topic.year,
                "titles": topic.titles,
                "references": sorted(topic.found),
                "warnings": topic.warnings,
            }
            for topic in (measured.topics if measured else ())
        ]
        or [{"name": topic.name} for topic in drafted.topics],
        "references": len(measured.held) if measured else None,
        "found": len(measured.found) if measured else None,
        "missed": sorted(measured.missed) if measured else None,
        "shared_by_missed": {word.text: word.missed for word in shared},
        "preview": str(page) if page else None,
        "pubmed_away": drafted.away,
    }


def _label(seed: "Article") -> str:
    """The seed's first author and year: gullaksen-2025."""
    author = next((each.last or each.collective for each in seed.authors), "") or "seed"
    plain = normalize("NFKD", f"{author} {seed.published[:4]}").encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or f"pmid-{seed.pmid}"
