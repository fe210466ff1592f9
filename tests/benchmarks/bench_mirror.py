"""The mirror over invented records: memory and time of loading, of searching cold and warm, of fetching.

    python tests/benchmarks/bench_mirror.py [--quick | RECORDS …]

A million records unless given; --quick 20,000. A load runs in a process of its own,
whose memory and that of its children is read five times a second. CPU seconds stand beside the time, as
machines are busy.
"""

import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx
from figures import QUICK, figure
from support.mirror_records import heading, record, write

from queries.mirror.corpus import Corpus
from queries.mirror.load import load
from queries.mirror.server import MirrorServer
from queries.terms.syntax import leaves, parse
from queries.watch.file import SHIPPED
from queries.watch.file import load as load_watch

SIZES = [20_000 if QUICK else 1_000_000]
FILE, FIRST = 5_000 if QUICK else 25_000, 10_000_000
NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
HEADINGS = (
    "Leukemia, Myelogenous, Chronic, BCR-ABL Positive",
    *("Humans", "Mice", "Animals", "Neoplastic Stem Cells", "Signal Transduction", "Phosphorylation"),
)
FIELD = """chronic myeloid leukemia BCR-ABL1 imatinib dasatinib asciminib stem cells leukemic progenitor CD34
    TKI CML quiescent niche signaling STAT5 phosphorylation remission discontinuation kinase""".split()  # noqa: SIM905 - read as prose


def _text(chance: random.Random, vocabulary: list[str], weights: list[float], words: int) -> str:
    chosen = chance.choices(vocabulary, cum_weights=weights, k=words)
    if chance.random() < 0.05:
        start = chance.randrange(len(FIELD) - 3)
        chosen[2:2] = FIELD[start : start + 4]
    return " ".join(chosen)


def _write(folder: Path, records: int) -> None:
    """Files of FILE records at most: the first is invented, the others are it under other PMIDs."""
    chance = random.Random(1)  # noqa: S311 - to be repeatable
    vocabulary = [f"w{number:x}" for number in range(60_000)] + FIELD
    chance.shuffle(vocabulary)
    weights, total = [], 0.0
    for rank in range(1, len(vocabulary) + 1):
        total += 1 / rank
        weights.append(total)
    size = min(records, FILE)
    write(
        folder / "n0000.xml",
        *(
            record(
                FIRST + number,
                _text(chance, vocabulary, weights, 14),
                abstract=_text(chance, vocabulary, weights, 210),
                created=f"{chance.randrange(2000, 2026)}-{chance.randrange(1, 13):02}-15 05:00",
                authors=tuple((f"Name{chance.randrange(5000)}", "Ada B", "AB") for _ in range(6)),
                mesh="".join(heading(name) for name in chance.sample(HEADINGS, 3)),
                references=tuple(chance.randrange(FIRST, FIRST + size) for _ in range(20)),
            )
            for number in range(size)
        ),
    )
    first = (folder / "n0000.xml").read_bytes()
    for file in range(1, -(-records // size)):
        (folder / f"n{file:04}.xml").write_bytes(_moved(first, file * size))


def _moved(records: bytes, by: int) -> bytes:
    """Records under other PMIDs."""
    return re.sub(rb">(1\d{7})<", lambda pmid: b">%d<" % (int(pmid[1]) + by), records)


def _load(folder: Path, db: Path, name: str) -> None:
    """Load in a process of its own, and print what it and its children took."""
    begun, most = time.perf_counter(), 0.0
    with subprocess.Popen([sys.executable, __file__, "--load", folder, db]) as process:
        while process.poll() is None:
            most = max(most, _memory(process.pid))
            time.sleep(0.2)
        assert process.returncode == 0
    seconds, used = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    figure(f"mirror of {name}: memory of loading", most, "MB", at_most=700)
    figure(f"mirror of {name}: loaded in", seconds, "s")
    print(f"load: {seconds:,.0f} s, {used.ru_utime + used.ru_stime:,.0f} CPU s,", end=" ")
    print(f"{most:,.0f} MB at most, file of {db.stat().st_size / 1e6:,.0f} MB", flush=True)


def _memory(pid: int) -> float:
    """The memory of a process and of all below it, in MB; what they share counts once (Pss)."""
    total = 0.0
    with suppress(OSError):  # it may have ended
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines():
            if line.startswith("Pss:"):
                total = int(line.split()[1]) / 1e3
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split():
            total += _memory(int(child))
    return total


def _ms(work: Callable[[], object], rounds: int = 1) -> float:
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    return median(took)


def bench(records: int) -> None:
    """Print the figures of a corpus."""
    load_average = os.getloadavg()[0]
    print(f"\n{records:,} records, load average {load_average:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as place:
        folder, db = Path(place) / "xml", Path(place) / "db"
        _write(folder, records)
        _load(folder, db, f"{records:,}")
        start = time.perf_counter()
        with (
            Corpus.open(db) as corpus,
            MirrorServer(corpus, now=NOW, ideal=True) as mirror,
            httpx.Client() as client,
        ):
            print(f"open: {(time.perf_counter() - start) * 1000:,.0f} ms")
            slowest = _searches(mirror, client)
            figure(f"mirror of {records:,}: slowest topic, cold", slowest, "ms", at_most=500)
            ids = ",".join(str(FIRST + number) for number in range(200))
            fetch = _ms(lambda: client.post(f"{mirror.url}efetch.fcgi", data={"db": "pubmed", "id": ids}), 5)
            print(f"fetch of 200: {fetch:,.0f} ms")
            figure(f"mirror of {records:,}: 200 records fetched", fetch, "ms")
            link = {
                "dbfrom": "pubmed",
                "id": str(FIRST),
                "cmd": "neighbor_score",
                "linkname": "pubmed_pubmed",
            }
            print(f"neighbours: {_ms(lambda: client.post(f'{mirror.url}elink.fcgi', data=link)):,.0f} ms")
        print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB at most")


def _searches(mirror: MirrorServer, client: httpx.Client) -> float:
    """Print the time of each; return that of the slowest topic, asked for the first time."""
    slowest = 0.0

    def search(term: str, retmax: int = 9999) -> httpx.Response:
        asked = {"db": "pubmed", "term": term, "retmax": retmax}
        return client.post(f"{mirror.url}esearch.fcgi", data=asked, timeout=120)

    for topic in load_watch(SHIPPED / "cml-stem-cells.toml").topics:
        parts = len(list(leaves(parse(topic.term))))
        cold, warm = _ms(lambda t=topic.term: search(t)), _ms(lambda t=topic.term: search(t), 5)  # type: ignore[misc]
        slowest = max(slowest, cold)
        print(f"topic {topic.short} of {parts} clauses: cold {cold:,.0f} ms, warm {warm:,.0f} ms")
    for term in (
        "leukemia[tiab]",
        '"chronic myeloid leukemia"[tiab]',
        '"leukemic progenitor cd34"[tiab:~3]',
        "w1a2*[tiab]",
        "humans[mh] AND 2020:2025[crdt]",
        "w1",
        " OR ".join(f"w{number:x}[tiab]" for number in range(20_000)),
    ):
        print(f"search {term[:40]}: cold {_ms(lambda t=term: search(t)):,.0f} ms,", end=" ")  # type: ignore[misc]
        count = re.search(r"<Count>(\d+)<", search(term).text)
        said = f"{count[1]} hits" if count else "refused, as it takes too long"
        print(f"warm {_ms(lambda t=term: search(t), 3):,.0f} ms, {said}", flush=True)  # type: ignore[misc]
    with ThreadPoolExecutor(8) as pool:
        took = _ms(lambda: list(pool.map(lambda _: search('"stem cells"[tiab]'), range(40))))
    print(f"40 warm searches by 8 threads: {took:,.0f} ms")
    return slowest


def main(arguments: list[str]) -> None:
    """Run what the command line asks for."""
    if arguments[:1] == ["--load"]:
        load([Path(arguments[1])], Path(arguments[2])).close()
        return
    for records in [int(each) for each in arguments if each != "--quick"] or SIZES:
        bench(records)


if __name__ == "__main__":
    main(sys.argv[1:])
