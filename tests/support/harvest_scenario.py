"""A mirror, a library and the real client between them, for tests of what goes wrong.

Time does not wait: sleeping moves the client's clock, and what was slept is on record.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from queries.errors import Outage
from queries.library import Library
from queries.mirror.faults import Fault, FaultPlan
from queries.mirror.load import load
from queries.mirror.server import MirrorServer, Request
from queries.pubmed.harvest import PriorKnowledge, ask_watch
from queries.pubmed.plan import CAP
from queries.pubmed.wire import Wire
from queries.records.article import Article
from queries.records.harvest import Harvest, Lane, LedgerLine
from queries.watch.file import Watch
from support.mirror_records import record, write
from support.scripted_server import Time

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
SETTLED = date(2026, 11, 19)
WEEK = timedelta(days=7)


def watch(term: str = "imatinib[tiab]", *, routes: bool = False, seed: int = 1) -> Watch:
    """A watch of one topic."""
    return Watch.model_validate(
        {
            "name": "sample",
            "title": "Sample",
            "seed": {"pmid": seed, "keywords": ["imatinib"]},
            "topics": [{"name": "Imatinib", "short": "IMA", "term": term}],
            "routes": {"similar": routes, "cited_by": routes},
            "recipients": [{"name": "group", "url": "folder://out"}],
        }
    )


def imatinib_records(count: int, **fields: Any) -> list[str]:
    """Records about imatinib from PMID 101 on, one a day backwards from 18 November."""
    day = date(2026, 11, 18)
    return [
        record(
            101 + place,
            f"Imatinib, part {place}",
            **(
                {"created": f"{day - timedelta(days=place % 25)} 05:00", "doi": f"10.5555/s.{place}"} | fields
            ),
        )
        for place in range(count)
    ]


class HarvestScenario:
    """A mirror, a library, and a client between them."""

    def __init__(self, folder: Path) -> None:
        """Nothing is served before `serve`."""
        self.folder, self.time = folder, Time()
        self.stops: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        """Return the scenario itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop what was served."""
        for stop in self.stops:
            stop()

    def serve(self, *records: str, updates: dict[str, str] | None = None, **traits: Any) -> None:
        """Serve records, and `updates`: files (name → contents) in force from the day in their names."""
        write(self.folder / "xml" / "a.xml", *records)
        for name, content in (updates or {}).items():
            write(self.folder / "xml" / f"{name}.xml", content)
        corpus = load([self.folder / "xml"])
        self.mirror = MirrorServer(corpus, **({"now": NOON} | traits)).start()
        self.stops += [self.mirror.stop, corpus.close]

    def wire(self, **settings: Any) -> Wire:
        """A client whose jitter is drawn at one half."""
        given: dict[str, Any] = {
            "tool": "seedwatch", "email": "a@example.org", "rate": float("inf"), "sleep": self.time.sleep,
            "clock": self.time.clock, "draw": lambda: 0.5,
        }  # fmt: skip
        return Wire(self.mirror.url, **(given | settings))

    def library(self) -> Library:
        """The library, to be opened."""
        return Library(self.folder / "library.duckdb")

    def ask(
        self,
        *faults: Fault,
        now: datetime = NOON,
        of: Watch | None = None,
        cap: int = CAP,
        flow: str = "harvest",
        told: tuple[int, ...] = (),
        **settings: Any,
    ) -> Harvest:
        """A harvest from what the library knows, under `faults`; not remembered."""
        self.mirror.clock, self.mirror.faults = now, FaultPlan(faults)
        self.mirror.requests.clear()
        self.time.slept.clear()
        with self.library() as store:
            marks, translations = store.watermarks("sample"), store.translations("sample")
            pending = [waiting.pmid for waiting in store.pending("sample")]

        def unknown(pmids: Any) -> set[int]:
            with self.library() as store:
                return store.unknown(pmids)

        known = PriorKnowledge(
            watermarks=marks, translations=translations, pending=pending, unknown=unknown, told=told
        )
        with self.wire(**settings) as wire:
            return ask_watch(wire, of or watch(), known, now=now, cap=cap, flow=flow)

    def run(self, *faults: Fault, **settings: Any) -> Harvest:
        """A harvest that is remembered, as the flow does it."""
        brought = self.ask(*faults, **settings)
        with self.library() as store:
            store.remember(brought, brought.started)
        return brought

    @property
    def requests(self) -> list[Request]:
        """What was asked since the last harvest began."""
        return self.mirror.requests

    def asked(self, util: str) -> list[Request]:
        """The requests of one utility."""
        return [request for request in self.requests if request.util == util]

    def stored(self) -> dict[int, Article]:
        """Every article that the watch has found."""
        with self.library() as store:
            return {article.pmid: article for article in store.articles(sorted(store.seen("sample")))}

    def line(self, lane: Lane = Lane.NEW) -> LedgerLine:
        """The newest ledger line of a lane."""
        with self.library() as store:
            return [line for line in store.ledger("sample") if line.lane is lane][-1]

    def marks(self) -> dict[Lane, date]:
        """The watermarks in the library."""
        with self.library() as store:
            return {mark.lane: mark.until for mark in store.watermarks("sample")}

    def pending(self) -> list[int]:
        """The PMIDs that wait in the library."""
        with self.library() as store:
            return [waiting.pmid for waiting in store.pending("sample")]


BOTH = {Lane.NEW: SETTLED, Lane.REVISED: SETTLED}


def assert_complete(scenario: HarvestScenario, brought: Harvest, count: int) -> None:
    """All records came home, the ledger adds up, the watermarks moved, and nobody is alarmed."""
    assert len(scenario.stored()) == count
    line = scenario.line()
    assert (line.count, line.received, line.missing, line.error) == (count, count, 0, "")
    assert scenario.marks() == BOTH
    assert brought.trouble == ()
    assert scenario.pending() == []


def assert_outage_is_made_good(
    scenario: HarvestScenario, *faults: Fault, requests: int, **settings: Any
) -> None:
    """The run fails, leaves the library as it was, and the next one catches up."""
    with pytest.raises(Outage) as caught:
        scenario.run(*faults, **settings)
    assert caught.value.exit_code == 1
    assert len(scenario.requests) == requests
    assert scenario.marks() == {}
    assert scenario.stored() == {}
    scenario.run()
    assert len(scenario.stored()) == 12
    assert scenario.marks() == BOTH
