"""`why` answers each case in words that a clinician understands."""

from dataclasses import replace
from datetime import UTC, datetime

from queries.records.article import Article
from queries.records.digest import Decision, Kind, Outcome, Part
from queries.records.harvest import Lane
from queries.records.library import (
    Decided,
    History,
    IdentityLink,
    PastScore,
    Pending,
    Seen,
    Tombstone,
)
from queries.records.outbox import Delivery, DeliveryState
from queries.watch.file import Watch
from reports.answers.why import Probe, tell

DAY = datetime(2026, 11, 2, 12, tzinfo=UTC)
WATCH = Watch.model_validate(
    {
        "name": "cml",
        "title": "CML",
        "seed": {"pmid": 1, "keywords": ["niche"]},
        "topics": [
            {"name": "Leukemic stem cells", "short": "LSC", "term": "stem[tiab]"},
            {"name": "Treatment-free remission", "short": "TFR", "term": "remission[tiab]"},
        ],
        "recipients": [{"name": "group", "url": "$MAIL"}],
    }
)
ARTICLE = Article(pmid=7, title="A paper.", created=datetime(2026, 10, 30, 5, 0))  # noqa: DTZ001 - Eastern, naive
BARE = History(
    pmid=7, article=ARTICLE, fetched=None, work=7, seen=(), pending=None, revisions=(), links=(), scores=(),
    decisions=(), deliveries=(), verdicts=(), tombstone=None,
)  # fmt: skip
SEEN = replace(BARE, seen=(Seen(7, "LSC", Lane.NEW, DAY, DAY), Seen(7, "TFR", Lane.INDEXED, DAY, DAY)))
FOUND = Probe(there=True, missed={"LSC": (), "TFR": ()})


def decided(outcome: Outcome, kind: Kind = Kind.NEW, position: int | None = None) -> History:
    """Seen, scored .41 and decided in digest 3."""
    score = PastScore(3, 7, 0.41, (Part("text", 0.41),), "shares niche", False, "2")
    return replace(
        SEEN, scores=(score,), decisions=(Decided(3, DAY, Decision(7, 5, outcome, kind, 0.41, position)),)
    )


def said(it: History, test: Probe = FOUND, siblings: tuple[int, ...] = (7,)) -> str:
    """All of it on one line."""
    return " ".join(tell(WATCH, it, test, siblings))


def test_told_and_delivered() -> None:
    sent = Delivery(3, "group", "", 1, 1, DeliveryState.SENT, 1, DAY, None, "<id>", "")
    text = said(replace(decided(Outcome.TOLD, position=2), deliveries=(sent,)))
    assert "Digest 3 (2 Nov 2026) told it, as number 2. It scored 0.41 (Edge): shares niche." in text
    assert "delivered to group at 2026-11-02 12:00 UTC" in text


def test_found_by_two_topics_at_different_times() -> None:
    text = said(SEEN)
    assert "Found as a new record by LSC on 2 Nov 2026." in text
    assert "Found when its MeSH terms arrived by TFR on 2 Nov 2026." in text
    assert "No digest has been made since" in text


def test_below_the_threshold() -> None:
    assert "left it out, as its score was below the threshold. It scored 0.41" in said(decided(Outcome.BELOW))


def test_held_over() -> None:
    assert "held it over, being full" in said(decided(Outcome.HELD))


def test_merged_into_a_preprints_work() -> None:
    link = IdentityLink(5, 7, "preprint", "UpdateOf", DAY)
    text = said(replace(decided(Outcome.MERGED), work=5, links=(link,)), siblings=(5, 7))
    assert "one work with PMID 5 (the same preprint): a work is told once" in text
    assert "counted it to work 5" in text


def test_missed_by_one_facet() -> None:
    text = said(BARE, Probe(there=True, missed={"LSC": ("stem cell*[tiab]",), "TFR": ("remission",)}))
    assert "Leukemic stem cells (LSC) doesn't find it: no match for stem cell*[tiab]" in text
    assert "no question of this watch found it" in text


def test_not_in_pubmed() -> None:
    text = said(replace(BARE, article=None), Probe(there=False, missed={}))
    assert "PubMed has no such record" in text
    assert "No harvest of this watch has found it" in text


def test_deleted_with_its_successor() -> None:
    tomb = Tombstone(7, 8, DAY, "gone")
    assert "deleted this record (noticed 2 Nov 2026); PMID 8 took its place" in said(
        replace(SEEN, tombstone=tomb), Probe(there=False, missed={})
    )


def test_pending() -> None:
    waiting = Pending(7, DAY, DAY, 3, "not returned")
    assert "asked 3 times since 2 Nov 2026 (not returned)" in said(
        replace(BARE, article=None, pending=waiting)
    )


def test_an_outage_is_said_and_hides_nothing_else() -> None:
    text = said(decided(Outcome.TOLD, position=1), Probe(there=None, missed={}, trouble="no answer"))
    assert "PubMed could not be asked just now: no answer" in text
    assert "told it, as number 1" in text


def test_a_retraction_that_was_told() -> None:
    assert "told its retraction" in said(decided(Outcome.TOLD, kind=Kind.RETRACTION))


def test_what_was_there_before_the_watch() -> None:
    assert "before this watch began" in said(decided(Outcome.KNOWN, kind=Kind.BASELINE))
