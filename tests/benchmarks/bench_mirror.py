"""The mirror over 100,000 invented records: loading, searching cold and warm, fetching over HTTP."""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx
from support.mirror_records import heading, record, write

from queries.mirror.corpus import Corpus
from queries.mirror.load import load
from queries.mirror.server import MirrorServer
from queries.terms.syntax import leaves, parse
from queries.watch.file import SHIPPED
from queries.watch.file import load as load_watch

RECORDS, FILES = 100_000, 10
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
    chance = random.Random(1)  # noqa: S311 - to be repeatable
    vocabulary = [f"w{number:x}" for number in range(60_000)] + FIELD
    chance.shuffle(vocabulary)
    weights, total = [], 0.0
    for rank in range(1, len(vocabulary) + 1):
        total += 1 / rank
        weights.append(total)
    for file in range(FILES):
        write(
            folder / f"n{file:04}.xml",
            *(
                record(
                    1_000_000 + file * (records // FILES) + number,
                    _text(chance, vocabulary, weights, 14),
                    abstract=_text(chance, vocabulary, weights, 210),
                    created=f"{chance.randrange(2000, 2026)}-{chance.randrange(1, 13):02}-15 05:00",
                    authors=tuple((f"Name{chance.randrange(5000)}", "Ada B", "AB") for _ in range(6)),
                    mesh="".join(heading(name) for name in chance.sample(HEADINGS, 3)),
                    references=tuple(chance.randrange(1_000_000, 1_100_000) for _ in range(20)),
                )
                for number in range(records // FILES)
            ),
        )


def _ms(work: Callable[[], object], rounds: int = 1) -> float:
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    return median(took)


def main(records: int = RECORDS) -> None:
    """Print the figures; `records` for a shorter run."""
    with tempfile.TemporaryDirectory() as place:
        folder, db = Path(place) / "xml", Path(place) / "db"
        _write(folder, records)
        start = time.perf_counter()
        load([folder], db).close()
        seconds = time.perf_counter() - start
        print(f"load: {records:,} records in {seconds:.0f} s, {records / seconds:,.0f} a second,", end=" ")
        print(f"{db.stat().st_size / 1e6:,.0f} MB")
        start = time.perf_counter()
        with (
            Corpus.open(db) as corpus,
            MirrorServer(corpus, now=NOW, ideal=True) as mirror,
            httpx.Client() as client,
        ):
            print(f"open: {(time.perf_counter() - start) * 1000:,.0f} ms")

            def search(term: str, retmax: int = 9999) -> httpx.Response:
                return client.post(
                    f"{mirror.url}esearch.fcgi",
                    data={"db": "pubmed", "term": term, "retmax": retmax},
                    timeout=60,
                )

            for term in (
                "leukemia[tiab]",
                '"chronic myeloid leukemia"[tiab]',
                '"leukemic progenitor cd34"[tiab:~3]',
                "w1a2*[tiab]",
                "humans[mh] AND 2020:2025[crdt]",
                "w1",
            ):
                print(f"search {term}: cold {_ms(lambda t=term: search(t)):,.0f} ms,", end=" ")  # type: ignore[misc]
                count = search(term).text.split("Count>")[1].strip("</")
                print(f"warm {_ms(lambda t=term: search(t), 5):,.0f} ms, {count} hits")  # type: ignore[misc]
            for topic in load_watch(SHIPPED / "cml-stem-cells.toml").topics:
                parts = len(list(leaves(parse(topic.term))))
                cold, warm = _ms(lambda t=topic.term: search(t)), _ms(lambda t=topic.term: search(t), 5)  # type: ignore[misc]
                print(f"topic {topic.short} of {parts} clauses: cold {cold:,.0f} ms, warm {warm:,.0f} ms")
            with ThreadPoolExecutor(8) as pool:
                took = _ms(lambda: list(pool.map(lambda _: search('"stem cells"[tiab]'), range(40))))
            print(f"40 warm searches by 8 threads: {took:,.0f} ms")
            ids = ",".join(str(1_000_000 + number) for number in range(200))
            fetch = _ms(lambda: client.post(f"{mirror.url}efetch.fcgi", data={"db": "pubmed", "id": ids}), 5)
            print(f"fetch of 200: {fetch:,.0f} ms")
            link = {"dbfrom": "pubmed", "id": "1000001", "cmd": "neighbor_score", "linkname": "pubmed_pubmed"}
            print(f"neighbours: {_ms(lambda: client.post(f'{mirror.url}elink.fcgi', data=link)):,.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS)
