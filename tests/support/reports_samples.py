"""Invented articles and weeks for the tests of reports; not a test module."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from queries.ranking import SeedSet
from queries.records.article import Article, Author, Journal, Link, Passage, Term
from queries.records.digest import Evidence, Kind, Part, Scored, Threshold
from queries.records.harvest import Lane, LedgerLine, Window
from queries.records.library import Run, Span
from queries.text.keywords import hits
from queries.updates import Update, standing
from queries.watch.file import Anchor, DigestRules, Recipient, Seed, Topic, Watch
from reports.digest.compose import compose
from reports.digest.inputs import Candidate, Inputs
from reports.digest.record import DaysRead, Digest, PastEntry

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SINCE, UNTIL = date(2026, 11, 16), date(2026, 11, 22)
THRESHOLD = Threshold(0.47, "keeps 95 % of the seed's references")
TITLES = (
    "Stopping asciminib after sustained deep molecular response: the invented SAMPLE-STOP trial",
    "Osteoblastic niche remodelling after second-generation inhibitors",
    "CXCL12 gradients shelter <i>BCR::ABL1</i>-positive progenitors from imatinib",
    "Single-cell phosphoproteomics of quiescent CML stem cells",
    (
        "A long invented title about the combined inhibition of autophagy, oxidative phosphorylation and "
        "the WNT/β-catenin axis in CD34<sup>+</sup> leukemic stem cells under continuous "
        "tyrosine kinase inhibition in a humanised murine niche model"
    ),
    "Treatment-free remission in adolescents: a registry of four countries",
    "Ponatinib and the marrow vasculature",
)


def watch(**rules: object) -> Watch:
    """The watch of these tests."""
    return Watch(
        name="cml-stem-cells",
        title="CML stem cells and tyrosine kinase inhibitors",
        seed=Seed(
            doi="10.5555/seed",
            keywords=("Chronic myeloid leukemia", "Tyrosine kinase inhibitor", "leukemic stem cells"),
        ),
        anchors=(
            Anchor(
                keyword="Tyrosine kinase inhibitor", synonyms=("TKI", "imatinib", "asciminib", "ponatinib")
            ),
            Anchor(keyword="leukemic stem cells", synonyms=("CML stem cells",)),
        ),
        topics=(
            Topic(name="Leukemic stem cells", short="LSC", term='"leukemic stem cell*"[tiab] AND CML[tiab]'),
            Topic(name="Tyrosine kinase inhibitors", short="TKI", term='"imatinib"[tiab] OR asciminib[tiab]'),
            Topic(name="Treatment-free remission", short="TFR", term='"treatment-free remission"[tiab]'),
            Topic(name="Tumour microenvironment", short="Niche", term='"bone marrow niche"[tiab]'),
        ),
        recipients=(Recipient(name="group", url="folder://out"),),
        digest=DigestRules.model_validate(rules),
    )


def article(number: int, **facts: object) -> Article:
    """An invented article, PMID 90000000 + number."""
    title_html = TITLES[number % len(TITLES)]
    title = title_html
    for tag in ("i", "sup"):
        title = title.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    known: dict[str, object] = {
        "pmid": 90_000_000 + number,
        "title": title,
        "title_html": title_html,
        "abstract": (Passage("", "", "An invented abstract.", "An invented abstract."),),
        "authors": (Author("Example", "Anna", "A"), Author("Middle", "M", "M"), Author("Sample", "Zoe", "Z")),
        "journal": Journal("Journal of Invented Hematology", "J Invented Hematol"),
        "published": "2026-11-12",
        "created": datetime(2026, 11, 17, 6, 0),  # noqa: DTZ001 - PubMed's own, Eastern
        "doi": f"10.5555/sample.{number}",
        "pmcid": f"PMC{9_000_000 + number}" if number % 2 else "",
    }
    return Article(**{**known, **facts})  # type: ignore[arg-type]


def scored(pmid: int, score: float) -> Scored:
    """A score with its why."""
    part = Part("text", score, ("CD26", "persistence"))
    return Scored(
        pmid, score, (part,), "shares CD26, persistence, discontinuation; cites 7 of its references"
    )


def candidate(number: int, score: float, *topics: str, **facts: object) -> Candidate:
    """A candidate on these topics."""
    record = facts.get("article") or article(number)
    assert isinstance(record, Article)
    sample = watch()
    known: dict[str, object] = {
        "article": record,
        "work": 1000 + number,
        "kind": Kind.NEW,
        "scored": scored(record.pmid, score),
        "evidence": UNCLEAR,
        "topics": topics,
        "lanes": (Lane.NEW,),
        "hits": hits(record, sample.anchors, sample.seed.keywords),
        "standing": standing(record),
    }
    return Candidate(**{**known, **facts})  # type: ignore[arg-type]


TRIAL = Evidence(
    study="phase 2 trial",
    study_reason="publication type Clinical Trial, Phase II",
    species=("human",),
    tfr=True,
    tfr_reason="discontinuation",
    participants="84",
    quote="At 12 months, 52 of 84 patients remained in remission after asciminib; persistence of CD26+ "
    "leukemic stem cells predicted relapse (p < 0.001 & hazard ratio 2.1).",
    quote_label="Conclusions",
)
UNCLEAR = Evidence(study="", study_reason="")
MOUSE = Evidence(
    study="in vivo",
    study_reason="mice",
    species=("mouse",),
    quote="Niche-derived CXCL12 protected progenitors from imatinib.",
    quote_label="last sentence",
)


def line(topic: str, lane: Lane = Lane.NEW, **facts: object) -> LedgerLine:
    """A ledger line of the week."""
    known: dict[str, object] = {
        "topic": topic,
        "lane": lane,
        "slice": 0,
        "term": "x",
        "window": Window("crdt", SINCE, UNTIL),
        "count": 41,
        "received": 41,
        "known": 29,
        "new": 12,
    }
    return LedgerLine(**{**known, **facts})  # type: ignore[arg-type]


def harvest(*trouble: str) -> Run:
    """The last harvest, and what it could not read."""
    return Run("harvest", NOW, NOW, trouble)


def week(
    count: int = 12, *, candidates: Iterable[Candidate] | None = None, **facts: Any
) -> tuple[Inputs, tuple[Candidate, ...]]:
    """A full week: `count` candidates above the threshold, some below, a retraction.

    With `candidates`, these are all that was found.
    """
    known, merged = range(80_000_000, 80_000_371), range(81_000_000, 81_000_006)
    these = (*_above(count), *(candidate(500 + n, 0.46 - n / 100, "TKI") for n in range(7)))
    if candidates is not None:
        known, merged, these = range(0), range(0), tuple(candidates)
    waiting = frozenset((*merged, *(each.article.pmid for each in these)))
    found = waiting.union(known)
    inputs: dict[str, Any] = {
        "watch": watch(),
        "now": NOW,
        "days": Span(SINCE, UNTIL),
        "number": 14,
        "found": found,
        "waiting": waiting,
        "works": {pmid: pmid % 1_000_000 for pmid in sorted(found)},
        "updates": UPDATES,
        "seeds": SeedSet(seed=SEED),
        "ledger": (
            *(line(topic) for topic in ("LSC", "TKI", "TFR", "Niche")),
            line("TKI", Lane.INDEXED, count=3, new=0),
            line("", Lane.SIMILAR, window=None, count=88, new=4),
        ),
        "harvest": harvest(),
        "days_read": DaysRead(date(2026, 9, 1), UNTIL),
        "past": tuple(
            PastEntry(number, (2026, 33 + number), ("clinic", "bench")[count % 2], topics, 0.9)
            for number in range(7, 14)
            for count in range(number)
            for topics in [(("TFR", "TKI"), ("Niche",), ("LSC",))[count % 3]]
        ),
        "watched": tuple((2026, 33 + number) for number in range(7, 14)),
    }
    return Inputs(**{**inputs, **facts}), these


def _above(count: int) -> list[Candidate]:
    topics = (("TFR", "TKI"), ("Niche",), ("Niche", "TKI"), ("LSC",), ("LSC", "TKI"), ("TFR",), ())
    return [
        candidate(
            n,
            0.93 - n * 0.4 / max(count, 1),
            *topics[n % len(topics)],
            evidence=(TRIAL, MOUSE, UNCLEAR)[n % 3],
            kind=Kind.LATE if n % 5 == 4 else Kind.NEW,
        )
        for n in range(count)
    ]


UPDATES = (
    Update(
        kind=Kind.RETRACTION,
        article=article(
            700,
            title="Stroma-derived signals and imatinib persistence in a murine model",
            title_html="",
            publication_types=(Term("D016441", "Retracted Publication"),),
            links=(Link("RetractionIn", 90_000_701, "J Invented Hematol", ""),),
        ),
        work=700,
        told_pmid=90_000_700,
        told_in=9,
        note="image duplication in figure 3",
        when=date(2026, 11, 18),
        notice=90_000_701,
    ),
    Update(
        kind=Kind.PUBLISHED,
        article=article(703, title="Preprinted first: FOXO3 in dormant clones", title_html=""),
        work=703,
        told_pmid=90_000_702,
        told_in=11,
        when=date(2026, 11, 15),
    ),
)
LINKED = {"archive": "https://digests.example.org", "mailbox": "digest@example.org"}
SEED = article(
    900,
    title="An invented review",
    authors=(Author("Gull", "A", "A"), Author("Other", "B", "B")),
    published="2025-02",
)


def reader(**profile: Any) -> Recipient:
    """A recipient with this profile."""
    return Recipient(name="one", url="folder://out", **profile)


def digest(count: int = 12, *, threshold: Threshold = THRESHOLD, **facts: Any) -> Digest:
    """The full week's digest; `facts` as for `week`."""
    known = {"watch": watch(**LINKED), **facts}
    return compose(*week(count, **known), threshold=threshold, sample=True)


def empty(**facts: Any) -> Digest:
    """A week in which nothing new was found."""
    found = frozenset(range(80_000_000, 80_000_031))
    quiet = {"found": found, "works": dict.fromkeys(found, 1), "updates": (), "watch": watch(**LINKED)}
    return compose(*week(candidates=(), **{**quiet, **facts}), threshold=THRESHOLD)
