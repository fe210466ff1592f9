"""`seedwatch check --recall`: how many must-finds a watch's topics find, and why each other is missed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from queries.errors import RecordsError

if TYPE_CHECKING:
    from queries.pubmed.wire import Wire
    from queries.watch.file import Watch

WIDTH = 90  # characters shown of a facet


def recall_lines(name: str, file: Path | None) -> Iterator[str]:
    """Run must-finds (PMIDs or DOIs; without a file what the seed cites, and `more`) through the topics."""
    from flows.runtime import resources, settings

    setting = settings.read()
    watch = resources.watch(setting, name)
    if not file:
        with resources.library(setting) as library:
            seeds = library.seeds(watch.name, watch.seed)
        wanted: dict[str, int | None] = {f"PMID {pmid}": pmid for pmid in (*seeds.cited, *seeds.more)}
    with resources.pubmed(setting) as wire:
        if file:
            wanted = _listed(wire, file)
        yield from _judged(wire, watch, wanted)


def _judged(wire: "Wire", watch: "Watch", wanted: dict[str, int | None]) -> Iterator[str]:
    from queries.pubmed.measure import matching, unmatched

    held = matching(wire, "", {pmid for pmid in wanted.values() if pmid})
    found = {topic.short: matching(wire, topic.term, held) for topic in watch.topics}
    by_any = set().union(*found.values())
    share = (
        f"the topics find {len(by_any)} of {len(held)} = {len(by_any) / len(held):.0%}"
        if held
        else ("what the topics find is unknown: there is none")
    )
    yield f"{watch.name}: {share} of the must-finds that PubMed holds"
    yield from (f"  {short}: {len(pmids)}" for short, pmids in found.items())
    yield from (f"  {text}: PubMed has no such record" for text, pmid in wanted.items() if pmid not in held)
    missed = held - by_any
    reasons = (
        {topic.short: unmatched(wire, watch, topic, missed, WIDTH) for topic in watch.topics}
        if missed
        else {}
    )
    for pmid in sorted(missed):
        nearest = min(reasons, key=lambda short: len(reasons[short][pmid]))
        facets = "; ".join(reasons[nearest][pmid])
        yield f"  PMID {pmid} is missed; nearest is {nearest}, without a match for {facets}"


def _listed(wire: "Wire", file: Path) -> dict[str, int | None]:
    """Each PMID or DOI of a file, as written there, with its PMID; None where PubMed has no such DOI."""
    from queries.pubmed.eutils import esearch
    from queries.records.ids import clean_doi

    try:
        words = re.split(r"[\s,;]+", file.read_text(encoding="utf-8-sig").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise RecordsError(str(file), f"cannot be read ({error})", "Give a text of PMIDs or DOIs") from error
    wanted: dict[str, int | None] = {}
    for word in filter(None, words):
        doi = clean_doi(word)
        if not doi and not word.isdecimal():
            raise RecordsError(str(file), f"{word!r} is neither a PMID nor a DOI", "Mend or remove it")
        pmids = esearch(wire, f'"{doi}"[aid]', shown=2).pmids if doi else (int(word),)
        wanted[word] = pmids[0] if pmids else None
    return wanted
