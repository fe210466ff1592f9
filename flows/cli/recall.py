"""Known-item recall: how many must-finds the topics of a watch find, and why each other is missed."""

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from flows.runtime import resources as doors
from flows.runtime import settings
from queries.errors import RecordsError
from queries.pubmed.eutils import esearch
from queries.pubmed.wire import Wire
from queries.records.ids import clean_doi
from queries.terms.facets import facets
from queries.watch.file import Topic, Watch

AT_ONCE = 200  # PMIDs in one search
SHOWN = 90  # characters of a facet
Search = Callable[[str, Collection[int]], set[int]]


def recall(name: str, file: Path | None) -> Iterator[str]:
    """Run must-finds (PMIDs or DOIs; without a file what the seed cites, and `more`) through the topics."""
    setting = settings.read()
    watch = doors.watch(setting, name)
    with doors.pubmed(setting) as wire:
        wanted = _listed(wire, file) if file else _own(watch)
        yield from _judge(watch, wanted, lambda term, pmids: _search(wire, term, pmids))


def _judge(watch: Watch, wanted: dict[str, int | None], search: Search) -> Iterator[str]:
    pmids = {pmid for pmid in wanted.values() if pmid}
    there = search("", pmids)
    found = {topic.short: search(topic.term, there) for topic in watch.topics}
    every = set().union(*found.values())
    share = f"{len(every)} of {len(there)}" + (f" = {len(every) / len(there):.0%}" if there else "")
    yield f"{watch.name}: the topics find {share} of the must-finds that PubMed holds"
    yield from (f"  {short}: {len(hits)}" for short, hits in found.items())
    yield from (f"  {text}: PubMed has no such record" for text, pmid in wanted.items() if pmid not in there)
    missed = there - every
    reasons = {topic.short: _parts(topic, missed, search) for topic in watch.topics} if missed else {}
    for pmid in sorted(missed):
        near = min(reasons, key=lambda short: len(reasons[short][pmid]))
        parts = "; ".join(reasons[near][pmid])
        yield f"  PMID {pmid} is missed; nearest is {near}, without a match for {parts}"


def _parts(topic: Topic, pmids: Collection[int], search: Search) -> dict[int, list[str]]:
    """Per PMID the facets of a topic that it doesn't match: one search a facet."""
    missing: dict[int, list[str]] = {pmid: [] for pmid in pmids}
    for facet in facets(topic.term):
        hits = search(facet.text, pmids)
        for pmid in pmids:
            if (pmid in hits) == facet.excludes:
                missing[pmid].append(_short(facet.text))
    return missing


def _search(wire: Wire, term: str, pmids: Collection[int]) -> set[int]:
    """Those of the PMIDs that a term matches; "" matches whatever PubMed holds."""
    ordered, found = sorted(pmids), set[int]()
    for start in range(0, len(ordered), AT_ONCE):
        ids = " OR ".join(f"{pmid}[uid]" for pmid in ordered[start : start + AT_ONCE])
        found |= set(esearch(wire, f"({term}) AND ({ids})" if term else ids).pmids)
    return found


def _own(watch: Watch) -> dict[str, int | None]:
    """The seed's references and further examples, as the library has them."""
    with doors.library(settings.read()) as library:
        pmids = library.seeds(watch.name, watch.seed)
    return {f"PMID {pmid}": pmid for pmid in (*pmids.cited, *pmids.more)}


def _listed(wire: Wire, file: Path) -> dict[str, int | None]:
    try:
        words = re.split(r"[\s,;]+", file.read_text(encoding="utf-8-sig").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise RecordsError(str(file), f"cannot be read ({error})", "Give a text of PMIDs or DOIs") from error
    wanted: dict[str, int | None] = {}
    for word in filter(None, words):
        doi = clean_doi(word)
        if not doi and not word.isdecimal():
            raise RecordsError(str(file), f"{word!r} is neither a PMID nor a DOI", "Mend or remove it")
        hits = esearch(wire, f'"{doi}"[aid]', shown=2).pmids if doi else (int(word),)
        wanted[word] = hits[0] if hits else None
    return wanted


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"
