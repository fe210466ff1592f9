"""Questions of a person: why, status, recall. Read-only."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from flows import doors, settings
from queries import watch as watch_file
from queries.errors import PubMedError
from queries.pubmed.eutils import esearch
from queries.pubmed.term import facets
from queries.pubmed.wire import Wire
from queries.watch import Topic
from reports import status as standing
from reports import why as reasons


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


def _test(wire: Wire, topics: tuple[Topic, ...], pmid: int) -> reasons.Test:
    """Ask PubMed for the PMID alone, then within each topic, then within each part of those that miss it."""

    def hits(term: str) -> bool:
        return esearch(wire, f"({term}) AND {pmid}[uid]", shown=1).count > 0

    try:
        if not esearch(wire, f"{pmid}[uid]", shown=1).count:
            return reasons.Test(False, {})
        return reasons.Test(
            True, {topic.short: () if hits(topic.term) else _missed(topic, hits) for topic in topics}
        )
    except PubMedError as error:
        return reasons.Test(None, {}, str(error))


def _missed(topic: Topic, hits: Callable[[str], bool]) -> tuple[str, ...]:
    """The parts of a topic that don't match; all parts matching apart is possible with a NOT."""
    return tuple(
        _short(facet.text) for facet in facets(topic.term) if hits(facet.text) == facet.excludes
    ) or ("the whole, though each part matches",)


def status(names: list[str] | None = None) -> Iterator[standing.Status]:
    """How each watch stands."""
    setting = settings.read()
    now = datetime.now(UTC)
    for path in watch_file.watches(setting.watches):
        if names and path.stem not in names:
            continue
        watch = watch_file.load(path)
        with doors.library(setting) as library:
            runs = library.runs(watch.name)
            yield standing.judge(
                watch,
                now,
                runs=runs,
                coverage=library.coverage(watch.name),
                pending=library.pending(watch.name),
                deliveries=library.deliveries(watch.name),
            )


def _short(text: str, width: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1].rsplit(" ", 1)[0] + " …"
