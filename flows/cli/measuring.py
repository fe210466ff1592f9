"""What `seedwatch check` measures: hits, recall, what finds nothing, a seed that isn't there."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from queries.errors import InputError, PubMedError

if TYPE_CHECKING:
    from datetime import date

    from flows.runtime.settings import Settings
    from queries.pubmed.wire import Wire
    from queries.watch.file import Watch

SILENT = 60.0  # seconds that PubMed may be silent


def measured_lines(setting: "Settings", watch: "Watch") -> Iterator[tuple[str, int]]:
    """A line for each finding, and the exit code that it calls for."""
    from flows.runtime import resources
    from flows.runtime.progress import shown
    from queries.calendar import eastern_day
    from queries.pubmed.eutils import clock

    if setting.at_ncbi and not setting.email:
        return
    try:
        with (
            shown(watch.name),
            resources.pubmed(replace(setting, patience=min(setting.patience, SILENT))) as wire,
        ):
            lines = list(_lines(wire, watch, eastern_day(clock(wire) or datetime.now(UTC))))
    except PubMedError as error:
        lines = [(f"not measured: {error}", 3)]
    yield from ((f"{watch.name}: {line}", code) for line, code in lines)


def _lines(wire: "Wire", watch: "Watch", today: "date") -> Iterator[tuple[str, int]]:
    from queries.pubmed.measure import measure, share, silent_anchors, tautologies
    from queries.pubmed.seed import cited_pmids, resolve_seed

    wanted = {int(each) for each in watch.seed.more if each.isdecimal()}
    try:
        wanted |= cited_pmids(wire, resolve_seed(wire, watch.seed.pmid or watch.seed.doi))
    except InputError as error:
        yield f"{error}; without it nothing is near it or cites it", 2
    found = measure(wire, watch, wanted, today)
    same = tautologies(wire, watch, found, today)
    noted: set[str] = set()
    for topic in found.topics:
        yield f"topic {topic.short}: {topic.month} in 30 days, {topic.year} in a year", 0
        fresh = [warning for warning in topic.warnings if warning not in noted]
        yield from ((f"advice: topic {topic.short}: {warning}", 0) for warning in fresh)
        noted |= {
            warning for warning in fresh if re.match(r"[A-Z]\w+: ", warning)
        }  # PubMed's own, of a facet
        if topic.short in same:
            yield (
                f"advice: topic {topic.short} asks hardly less than *{same[topic.short]}* alone: narrow it",
                0,
            )
    for keyword in silent_anchors(wire, watch, today):
        yield f"advice: anchor {keyword!r} hits nothing of a year: add synonyms, or remove it", 0
    if found.held:
        yield f"the topics find {share(found)} of what the seed cites; --recall seed names the others", 0
    else:
        yield "PubMed knows nothing that the seed cites: recall is unknown; --recall FILE measures yours", 0
