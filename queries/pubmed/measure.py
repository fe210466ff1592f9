"""What a watch finds: hits of each topic in a month and a year, and how many must-finds it catches."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from queries.pubmed.eutils import efetch, esearch
from queries.pubmed.wire import Wire
from queries.records.harvest import Window
from queries.terms.facets import asked_for, dated
from queries.watch.file import Topic, Watch

MONTH, YEAR = 30, 365  # days
CROWDED = 200  # hits a week that nobody reads
SAMPLES = 3  # titles shown of a topic
_AT_ONCE = 200  # PMIDs in one search
_ENOUGH = 20  # hits a year from which on such a comparison says something
_HARDLY = 0.95  # a topic with so much of another's hits asks for nothing of its own


@dataclass(frozen=True, slots=True)
class TopicMeasure:
    """Hits of a topic in the last `MONTH` and `YEAR` days, its newest titles, the must-finds it finds."""

    short: str
    name: str
    month: int
    year: int
    titles: tuple[str, ...]
    found: frozenset[int]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a watch's topics find of `held`: the must-finds that PubMed has."""

    topics: tuple[TopicMeasure, ...]
    held: frozenset[int]

    @property
    def found(self) -> frozenset[int]:
        """The must-finds that any topic finds."""
        return frozenset().union(*(topic.found for topic in self.topics))

    @property
    def missed(self) -> frozenset[int]:
        """Those that none does."""
        return self.held - self.found


def measure(wire: Wire, watch: Watch, wanted: Collection[int], today: date) -> Measure:
    """Ask PubMed how the topics of a watch do; `wanted` are must-finds. Raises PubMedError."""
    held = matching(wire, "", wanted)
    asked = []
    for topic in watch.topics:
        month = esearch(wire, dated(topic.term, _since(today, MONTH)), shown=SAMPLES)
        year = esearch(wire, dated(topic.term, _since(today, YEAR)), shown=0)
        asked.append((topic, month, year))
    samples = {pmid for _, month, _ in asked for pmid in month.pmids}
    titles = {article.pmid: article.title for article in efetch(wire, samples).articles} if samples else {}
    return Measure(
        tuple(
            TopicMeasure(
                topic.short,
                topic.name,
                month.count,
                year.count,
                tuple(titles[pmid] for pmid in month.pmids if pmid in titles),
                frozenset(matching(wire, topic.term, held)),
                (*_noteworthy(month.count, year.count), *year.warnings),
            )
            for topic, month, year in asked
        ),
        frozenset(held),
    )


def tautologies(wire: Wire, watch: Watch, measured: Measure, today: date) -> dict[str, str]:
    """Topics that ask hardly less than one of their facets alone: short → that facet."""
    alone: dict[str, int] = {}
    found: dict[str, str] = {}
    year = {topic.short: topic.year for topic in measured.topics}
    for topic in watch.topics:
        for name in topic.all[:1] if len(topic.all) > 1 else ():
            if name not in alone:
                term = watch.parts(topic)[0].term
                alone[name] = esearch(wire, dated(term, _since(today, YEAR)), shown=0).count
            if year[topic.short] >= max(_HARDLY * alone[name], _ENOUGH):
                found[topic.short] = name
    return found


def silent_anchors(wire: Wire, watch: Watch, today: date) -> list[str]:
    """The keywords whose words no record of a year holds."""
    asked = ((anchor.keyword, (anchor.keyword, *anchor.synonyms)) for anchor in watch.anchors)
    terms = (
        (keyword, " OR ".join(text for word in words for text in asked_for(word))) for keyword, words in asked
    )
    return [
        key
        for key, term in terms
        if term and not esearch(wire, dated(term, _since(today, YEAR)), shown=0).count
    ]


def unmatched(
    wire: Wire, watch: Watch, topic: Topic, pmids: Collection[int], width: int
) -> dict[int, list[str]]:
    """Per PMID the facets of a topic that it doesn't match: one search a facet."""
    missing: dict[int, list[str]] = {pmid: [] for pmid in pmids}
    for part in watch.parts(topic):
        matched = matching(wire, part.term, pmids)
        for pmid in pmids:
            if (pmid in matched) == part.excludes:
                missing[pmid].append(part.shown(width))
    return missing


def yearly(wire: Wire, term: str, today: date) -> int:
    """Hits of a term in a year."""
    return esearch(wire, dated(term, _since(today, YEAR)), shown=0).count


def matching(wire: Wire, term: str, pmids: Collection[int]) -> set[int]:
    """Those of the PMIDs that a term matches; "" matches whatever PubMed holds."""
    ordered, found = sorted(pmids), set[int]()
    for start in range(0, len(ordered), _AT_ONCE):
        ids = " OR ".join(f"{pmid}[uid]" for pmid in ordered[start : start + _AT_ONCE])
        found |= set(esearch(wire, f"({term}) AND ({ids})" if term else ids).pmids)
    return found


def share(measured: Measure) -> str:
    """How many must-finds are found, in words: "118 of 133 = 89%"."""
    found, held = len(measured.found), len(measured.held)
    return f"{found} of {held}" + (f" = {found / held:.0%}" if held else "")


def _since(today: date, days: int) -> Window:
    return Window("crdt", today - timedelta(days=days), None)


def _noteworthy(month: int, year: int) -> list[str]:
    if not year:
        return ["found nothing in a year: widen or remove it"]
    weekly = month * 7 / MONTH
    return [f"about {weekly:.0f} a week: narrow it"] if weekly > CROWDED else []
