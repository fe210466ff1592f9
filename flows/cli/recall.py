"""`seedwatch check --recall`: how many must-finds a watch's topics find, and why each other is missed."""

import re
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from queries.errors import RecordsError

if TYPE_CHECKING:
    from queries.pubmed.wire import Wire
    from queries.watch.file import Topic, Watch

AT_ONCE = 200  # PMIDs in one search
WIDTH = 90  # characters shown of a facet
Search = Callable[[str, Collection[int]], set[int]]


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
        yield from _judged(watch, wanted, partial(_search, wire))


def _judged(watch: "Watch", wanted: dict[str, int | None], search: Search) -> Iterator[str]:
    held = search("", {pmid for pmid in wanted.values() if pmid})
    found = {topic.short: search(topic.term, held) for topic in watch.topics}
    by_any = set().union(*found.values())
    share = f"{len(by_any)} of {len(held)}" + (f" = {len(by_any) / len(held):.0%}" if held else "")
    yield f"{watch.name}: the topics find {share} of the must-finds that PubMed holds"
    yield from (f"  {short}: {len(pmids)}" for short, pmids in found.items())
    yield from (f"  {text}: PubMed has no such record" for text, pmid in wanted.items() if pmid not in held)
    missed = held - by_any
    reasons = {topic.short: _unmatched(topic, missed, search) for topic in watch.topics} if missed else {}
    for pmid in sorted(missed):
        nearest = min(reasons, key=lambda short: len(reasons[short][pmid]))
        facets = "; ".join(reasons[nearest][pmid])
        yield f"  PMID {pmid} is missed; nearest is {nearest}, without a match for {facets}"


def _unmatched(topic: "Topic", pmids: Collection[int], search: Search) -> dict[int, list[str]]:
    """Per PMID the facets of a topic that it doesn't match: one search a facet."""
    from queries.terms.facets import facets

    missing: dict[int, list[str]] = {pmid: [] for pmid in pmids}
    for facet in facets(topic.term):
        matching = search(facet.text, pmids)
        for pmid in pmids:
            if (pmid in matching) == facet.excludes:
                missing[pmid].append(_shortened(facet.text))
    return missing


def _search(wire: "Wire", term: str, pmids: Collection[int]) -> set[int]:
    """Those of the PMIDs that a term matches; "" matches whatever PubMed holds."""
    from queries.pubmed.eutils import esearch

    ordered, found = sorted(pmids), set[int]()
    for start in range(0, len(ordered), AT_ONCE):
        ids = " OR ".join(f"{pmid}[uid]" for pmid in ordered[start : start + AT_ONCE])
        found |= set(esearch(wire, f"({term}) AND ({ids})" if term else ids).pmids)
    return found


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


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= WIDTH else plain[: WIDTH - 1] + "…"
