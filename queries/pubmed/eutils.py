"""The E-utilities that a watch needs: arguments in, records out.

Bio.Entrez reads the small answers, after wire.py has judged them; readers/pubmed_xml reads EFetch's.
Shapes: E-utilities In-Depth, NBK25499.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import Bio
from Bio import Entrez

from queries.errors import Refused, TooLarge
from queries.pubmed.wire import Wire
from queries.readers.pubmed_xml import parse
from queries.records.article import Article
from queries.records.harvest import Missing, Refusal

SHOWN = 9_999  # ids that one ESearch hands out at most, since November 2022
BATCH = 200  # records asked of one EFetch
SMALLEST = 25  # below this a batch that PubMed cannot make is asked one by one
LINK_TRIES = 3  # links are enrichment: less patience

_CHANGED = "Report this: PubMed has changed"
Answer = Any  # Bio.Entrez's nested lists and dictionaries, shaped by NCBI's DTDs

# Bio.Entrez looks for DTDs in its own package only, instead of making a folder in HOME
Entrez.local_cache = str(Path(Bio.__file__).parents[1])  # type: ignore[assignment]  # None by default
_DTDS = {
    b"eSearchResult": b"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd",
    b"eLinkResult": b"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20101123/elink.dtd",
    b"eInfoResult": b"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20190110/einfo.dtd",
}
_PROLOG = re.compile(rb"\A\s*(?:<\?xml[^>]*\?>)?\s*(?:<!DOCTYPE[^>\[]*>)?\s*(?=<(\w+))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Found:
    """An ESearch answer: `count` hits, of which `pmids` are shown; what PubMed made of the term."""

    count: int
    pmids: tuple[int, ...]
    translation: str = ""
    warnings: tuple[str, ...] = ()


class FetchResult(NamedTuple):
    """EFetch answers, each PMID asked for being in exactly one of them (but nameless refusals)."""

    articles: tuple[Article, ...] = ()
    refused: tuple[Refusal, ...] = ()
    missing: tuple[Missing, ...] = ()


class Neighbour(NamedTuple):
    """A linked PMID; `score` is PubMed's similarity, None where it gave none."""

    pmid: int
    score: int | None = None


@dataclass(frozen=True, slots=True)
class Info:
    """EInfo: PubMed's build, how many records it holds, when it changed last, the field names."""

    build: str
    count: int
    updated: str
    fields: tuple[str, ...]


@contextmanager
def _understood(util: str) -> Iterator[None]:
    """Turn what an answer of an unforeseen shape makes of our reading into the error that it is."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError) as error:
        problem = f"an answer that is not understood ({type(error).__name__}: {error})"
        raise Refused(f"PubMed {util}", problem, _CHANGED) from error


def esearch(wire: Wire, term: str, *, shown: int = SHOWN, start: int = 0) -> Found:
    """Search PubMed, newest first; `shown` ids of the answer, from position `start`."""
    body = wire.post(
        "esearch", {"db": "pubmed", "term": term, "retmax": shown, "retstart": start, "retmode": "xml"}
    )
    answer = _read(body)
    if not answer or "Count" not in answer:
        raise Refused("PubMed esearch", "an answer without a count", _CHANGED)
    with _understood("esearch"):
        return Found(
            int(answer["Count"]),
            tuple(int(pmid) for pmid in answer.get("IdList", ())),
            _plain(answer.get("QueryTranslation", "")),
            tuple(_warnings(answer)),
        )


def _warnings(answer: Answer) -> list[str]:
    """What PubMed says about a term, as "PhraseNotFound: words"; that nothing was found is no warning."""
    warnings = [
        f"{kind}: {_plain(text)}"
        for group in ("ErrorList", "WarningList")
        for kind, texts in answer.get(group, {}).items()
        for text in ([texts] if isinstance(texts, str) else texts)
    ]
    return [warning for warning in warnings if "No items found" not in warning]


def efetch(wire: Wire, pmids: Collection[int]) -> FetchResult:
    """Fetch records by PMID, in batches; what does not come is asked for once more.

    A batch that PubMed's backend cannot make in time is halved, down to single PMIDs, so that a
    record which poisons its batch is missing alone.
    """
    wanted = sorted(set(pmids))
    first = _fetch(wire, wanted)
    if not first.missing:
        return first
    silent = [pmid for pmid, reason in first.missing if reason == _SILENT]
    again = _fetch(wire, silent)
    poisonous = tuple(each for each in first.missing if each.reason != _SILENT)
    return FetchResult(
        first.articles + again.articles, first.refused + again.refused, poisonous + again.missing
    )


_SILENT = "PubMed counted it and did not return it"
_POISON = "PubMed's backend times out on it"


def _fetch(wire: Wire, pmids: Sequence[int], size: int = BATCH) -> FetchResult:
    """Ask each batch of `size`, and halves of it where it is too large for PubMed."""
    parts = []
    for start in range(0, len(pmids), size):
        batch = pmids[start : start + size]
        try:
            parts.append(_batch(wire, batch))
        except TooLarge:
            if len(batch) == 1:
                parts.append(FetchResult(missing=(Missing(batch[0], _POISON),)))
            else:
                half = -(-len(batch) // 2) if len(batch) > SMALLEST else 1
                parts.append(_fetch(wire, batch, half))
    return joined(parts)


def joined(parts: Collection[FetchResult]) -> FetchResult:
    """Several answers as one."""
    return FetchResult(
        tuple(article for part in parts for article in part.articles),
        tuple(refusal for part in parts for refusal in part.refused),
        tuple(each for part in parts for each in part.missing),
    )


def _batch(wire: Wire, pmids: Sequence[int]) -> FetchResult:
    """One EFetch; records are matched by PMID, never by position, and extra ones ignored."""
    ids = ",".join(map(str, pmids))
    body = wire.post("efetch", {"db": "pubmed", "id": ids, "retmode": "xml"})
    asked, articles, refused = set(pmids), dict[int, Article](), dict[int, Refusal]()
    nameless = []
    for record in parse(body):
        if isinstance(record, Article):
            if record.pmid in asked:
                articles[record.pmid] = record
        elif record.pmid is None:
            nameless.append(record)
        elif record.pmid in asked:
            refused[record.pmid] = record
    missing = asked - articles.keys() - refused.keys()
    return FetchResult(
        tuple(articles.values()),
        (*(refused[pmid] for pmid in refused.keys() - articles.keys()), *nameless),
        tuple(Missing(pmid, _SILENT) for pmid in sorted(missing)),
    )


def elink(wire: Wire, pmid: int, linkname: str, *, scores: bool = False) -> tuple[Neighbour, ...]:
    """PMIDs that `linkname` (such as "pubmed_pubmed_citedin") leads to from `pmid`, without itself."""
    body = wire.post(
        "elink",
        {
            "dbfrom": "pubmed",
            "db": "pubmed",
            "id": [str(pmid)],
            "linkname": linkname,
            "cmd": "neighbor_score" if scores else "neighbor",
            "retmode": "xml",
        },
        tries=LINK_TRIES,
    )
    answer = _read(body)
    with _understood("elink"):
        links = {
            int(link["Id"]): int(link["Score"]) if "Score" in link else None
            for linkset in answer
            for target in linkset.get("LinkSetDb", ())
            if target["LinkName"] == linkname
            for link in target["Link"]
            if link["Id"]  # NLM has sent empty ones
        }
    return tuple(Neighbour(linked, score) for linked, score in links.items() if linked != pmid)


def einfo(wire: Wire) -> Info:
    """What PubMed says about itself; `updated` serves as a sign of life."""
    answer = _read(wire.post("einfo", {"db": "pubmed", "retmode": "xml"}))
    with _understood("einfo"):
        about = answer["DbInfo"][0]
        names = tuple(str(one["Name"]) for one in about.get("FieldList", ()))
        return Info(str(about["DbBuild"]), int(about["Count"]), str(about["LastUpdate"]), names)


def clock(wire: Wire) -> datetime | None:
    """What PubMed's own clock says, by one small question; None if its answers don't say."""
    wire.post("einfo", {"retmode": "xml"})
    return wire.source_clock


def _read(body: bytes) -> Answer:
    """What Bio.Entrez makes of a small answer, by a DTD it ships: never by one from the network."""
    head = _PROLOG.match(body)
    if head is None or head[1] not in _DTDS:
        raise Refused("PubMed", "an answer of an unknown kind", _CHANGED)
    prolog = b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE %s SYSTEM "%s">\n'
    stream = BytesIO(prolog % (head[1], _DTDS[head[1]]) + body[head.end() :])
    read: Callable[..., Answer] = Entrez.read
    try:
        return read(stream, validate=False, escape=True)
    except (ValueError, RuntimeError, LookupError, TypeError, AttributeError) as error:
        raise Refused("PubMed", f"an unreadable answer ({error})", _CHANGED) from error


def _plain(text: Answer) -> str:
    """Undo the escaping that Bio.Entrez was asked for: terms and warnings are no HTML."""
    return str(text).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
