"""Questions of a person: why, status, recall. Read-only."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flows.runtime import resources as doors
from flows.runtime import settings
from queries.errors import PubMedError
from queries.pubmed.eutils import esearch
from queries.pubmed.wire import Wire
from queries.terms.facets import facets
from queries.watch import file as watch_file
from queries.watch.file import Topic
from reports.answers import status as standing
from reports.answers import why as reasons
from reports.answers.precision import precision


def why(name: str, pmid: int) -> list[str]:
    """Every stage of a PMID's way, with a live test of the topics."""
    setting = settings.read()
    watch = doors.watch(setting, name)
    with doors.library(setting) as library:
        history = library.history(name, pmid)
        siblings = sorted(library.together([pmid])[pmid])
    with doors.pubmed(setting) as wire:
        test = _test(wire, watch.topics, pmid)
    return reasons.tell(watch, history, test, siblings)


def _test(wire: Wire, topics: tuple[Topic, ...], pmid: int) -> reasons.Probe:
    """Ask PubMed for the PMID alone, then within each topic, then within each part of those that miss it."""

    def hits(term: str) -> bool:
        return esearch(wire, f"({term}) AND {pmid}[uid]", shown=1).count > 0

    try:
        if not esearch(wire, f"{pmid}[uid]", shown=1).count:
            return reasons.Probe(False, {})
        return reasons.Probe(
            True, {topic.short: () if hits(topic.term) else _missed(topic, hits) for topic in topics}
        )
    except PubMedError as error:
        return reasons.Probe(None, {}, str(error))


def _missed(topic: Topic, hits: Callable[[str], bool]) -> tuple[str, ...]:
    """The parts of a topic that don't match; all parts matching apart is possible with a NOT."""
    return tuple(
        _short(facet.text) for facet in facets(topic.term) if hits(facet.text) == facet.excludes
    ) or ("the whole, though each part matches",)


def status(*, as_json: bool = False) -> tuple[str, bool]:
    """How each watch stands, as text or JSON; and whether a person must look."""
    setting = settings.read()
    now = datetime.now(UTC)
    stands = []
    with doors.library(setting) as library:
        conflicts = library.conflicts()
        for path in watch_file.watches(setting.watches):
            watch = watch_file.load(path)
            seen = library.seen(watch.name)
            stands.append(
                standing.judge(
                    watch,
                    now,
                    runs=library.runs(watch.name),
                    coverage=library.coverage(watch.name),
                    pending=library.pending(watch.name),
                    deliveries=library.deliveries(watch.name),
                    judged=precision(library.told(watch.name), library.feedback(watch.name)),
                    conflicts=[each.words for each in conflicts if seen.intersection(each.ids)],
                )
            )
    alarms = any(each.alarms for each in stands)
    if as_json:
        return standing.as_json(stands), alarms
    return "\n".join(line for each in stands for line in standing.lines(each)), alarms


def unlink(a: int, b: int) -> str:
    """Part two PMIDs for ever."""
    with doors.library(settings.read()) as library:
        library.unlink(a, b, datetime.now(UTC))
    return f"PMID {a} and PMID {b} are two works from now on."


def resend(name: str, number: int, recipient: str) -> str:
    """Plan a delivery once more."""
    setting = settings.read()
    doors.watch(setting, name)
    with doors.library(setting) as library:
        library.resend(name, number, recipient, datetime.now(UTC))
    return f"Digest {number} goes to {recipient} with the next `seedwatch digest {name}`."


def backup(file: Path) -> str:
    """Copy the library."""
    with doors.library(settings.read()) as library:
        library.backup(file)
    return f"{library.path} copied to {file}"


def _short(text: str, width: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1].rsplit(" ", 1)[0] + " …"
