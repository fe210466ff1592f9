"""A weekly harvest against the clock: how many requests, and how near to the rate's own bound.

The mirror answers after 0.3 s and refuses what is too fast, as NCBI does. The bound is that of issue B:
(requests - 1) / rate + one latency. Wall time may be 1.15 times that.
"""

import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from figures import QUICK, figure
from support.mirror_records import record, write

from queries.mirror.load import load
from queries.mirror.server import MirrorServer
from queries.pubmed.harvest import PriorKnowledge, ask_watch
from queries.pubmed.wire import Wire
from queries.records.harvest import Lane, Watermark
from queries.watch.file import Watch

LATENCY = 0.3
NOW = datetime(2026, 11, 20, 17, tzinfo=UTC)
TOPICS = ("imatinib", "dasatinib", "nilotinib", "asciminib", "ponatinib")
ALLOWED = 1.15


def a_watch() -> Watch:
    """Five topics, of which MeSH can make each match: three lanes each."""
    return Watch.model_validate(
        {
            "name": "bench",
            "title": "Bench",
            "seed": {"pmid": 1, "keywords": ["imatinib"]},
            "topics": [
                {"name": drug, "short": drug, "term": f"{drug}[tiab] OR {drug}[nm]"} for drug in TOPICS
            ],
            "recipients": [{"name": "group", "url": "folder://out"}],
        }
    )


def weekly(folder: Path, *, new: int, key: str) -> tuple[int, int, float, float]:
    """Requests, those that were called for, seconds, and the bound of one weekly harvest."""
    day = date(2026, 11, 18)
    records = [
        record(
            1000 + n,
            f"Of {TOPICS[n % len(TOPICS)]}",
            created=f"{day - timedelta(days=n % 6)} 05:00",
            revised="2026-01-01",
        )
        for n in range(new)
    ]
    watch = a_watch()
    marks = tuple(
        Watermark(topic, lane, NOW.date() - timedelta(days=8))
        for topic in TOPICS
        for lane in (Lane.NEW, Lane.INDEXED, Lane.REVISED)
    )
    with (
        load(
            [write(folder / f"{new}{key}.xml", record(1, "The seed"), *records) / f"{new}{key}.xml"]
        ) as corpus,
        MirrorServer(corpus, now=NOW, rate=3.0, keys={"key"}, latency=LATENCY) as mirror,
        Wire(
            mirror.url, tool="bench", email="bench@example.org", api_key=key, lock=folder / f"pace{key}"
        ) as wire,
    ):
        rate = wire.pace.rate
        began = time.perf_counter()
        brought = ask_watch(wire, watch, PriorKnowledge(watermarks=marks), now=NOW)
        seconds = time.perf_counter() - began
        requests = len(mirror.requests)
        refused = sum(request.status != 200 for request in mirror.requests)
    assert len(brought.articles) == new
    assert not brought.trouble, brought.trouble
    assert refused == 0, f"{refused} requests were too fast"
    called_for = len(TOPICS) * 3 + -(-new // 200) + 2
    return requests, called_for, seconds, (called_for - 1) / rate + LATENCY


def main() -> None:
    """Print a line for each size and rate (--quick: the smaller size with a key)."""
    print("new  rate  requests  called for  seconds  bound  ratio")
    with tempfile.TemporaryDirectory() as folder:
        every = ((300, "key"), (300, ""), (2000, ""), (2000, "key"))
        for new, key in every[:1] if QUICK else every:
            requests, called_for, seconds, bound = weekly(Path(folder), new=new, key=key)
            rate = 10 if key else 3
            ratio = seconds / bound
            print(f"{new:4} {rate:3}/s {requests:9} {called_for:11} {seconds:8.2f} {bound:6.2f} {ratio:6.2f}")
            what = f"harvest of {new:,} new at {rate}/s"
            figure(f"{what}: requests more than called for", requests - called_for, at_most=0)
            figure(f"{what}: time over the rate's bound", ratio, "x", at_most=ALLOWED)


if __name__ == "__main__":
    main()
