"""Invented records for the tests of the library."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from queries.records.article import Article
from queries.records.digest import Decision, Flow, Issue, Outcome, Part, Scored
from queries.records.harvest import Harvest, Lane, LedgerLine, Sighting, Watermark, Window
from queries.records.outbox import Delivery, DeliveryState, Parcel, Receipt

NOW = datetime(2026, 11, 2, 13, tzinfo=UTC)
WEEK = timedelta(days=7)
WATCH = "cml"


def article(number: int, **fields: Any) -> Article:
    """Sample article `number`; fields as given."""
    first = Article(
        pmid=90_000_000 + number, title=f"Sample article {number}", doi=f"10.5555/sample.{number}"
    )
    return replace(first, **fields)


def pmid(number: int) -> int:
    """The PMID of sample article `number`."""
    return 90_000_000 + number


def line(since: date, until: date | None = None, **fields: Any) -> LedgerLine:
    """A ledger line of topic TFR, lane NEW, complete unless fields say otherwise."""
    return replace(
        LedgerLine(topic="TFR", lane=Lane.NEW, slice=0, term="tfr", window=Window("crdt", since, until)),
        **fields,
    )


def harvest(*numbers: int, at: datetime = NOW, **fields: Any) -> Harvest:
    """A harvest that brings those sample articles, sighted by topic TFR, lane NEW."""
    count = len(numbers)
    brought = Harvest(
        watch=WATCH,
        flow="harvest",
        started=at,
        lines=(line(at.date() - timedelta(days=14), count=count, received=count, new=count),),
        articles=tuple(article(number) for number in numbers),
        sightings=tuple(Sighting("TFR", Lane.NEW, pmid(number)) for number in numbers),
        watermarks=(Watermark("TFR", Lane.NEW, at.date()),),
    )
    return replace(brought, **fields)


def issue(number: int, *decisions: Decision, at: datetime = NOW, **fields: Any) -> Issue:
    """A digest of those decisions, with the flow line that they make, for recipients ada and bo."""
    counts = {outcome: sum(d.outcome is outcome for d in decisions) for outcome in Outcome}
    made = Issue(
        watch=WATCH,
        number=number,
        made=at,
        since=at.date() - WEEK,
        until=at.date(),
        subject=f"Sample digest {number}",
        flow=Flow(len(decisions), *(counts[outcome] for outcome in Outcome)),
        decisions=decisions,
        scores=tuple(
            Scored(d.pmid, 0.5, (Part("words", 0.5, ("sample",)),), "shares sample") for d in decisions
        ),
        recipients=("ada", "bo"),
        body=f'{{"number": {number}}}',
        ranker="tfidf-1",
        parcels=tuple(
            Parcel(
                recipient=name, address=f"{name}@example.org", body=b"mail", message_id=f"<{number}@{name}>"
            )
            for name in ("ada", "bo")
        ),
        readings=tuple((name, d.pmid) for name in ("ada", "bo") for d in decisions),
    )
    return replace(made, **fields)


def decision(number: int, outcome: Outcome = Outcome.TOLD, **fields: Any) -> Decision:
    """A decision about sample article `number`, alone in its work."""
    return replace(Decision(pmid(number), pmid(number), outcome), **fields)


SENT = Receipt(DeliveryState.SENT)
FAILED = Receipt(DeliveryState.FAILED, "550 refused")


def delivery(number: int, recipient: str) -> Delivery:
    """The only parcel of digest `number` to a recipient, by its key."""
    return Delivery(
        number, recipient, f"{recipient}@example.org", 1, 1, DeliveryState.PLANNED, 0, NOW, NOW, "", ""
    )
