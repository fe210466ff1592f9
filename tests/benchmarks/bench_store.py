"""How fast the library takes in and changes articles: `python tests/benchmarks/bench_store.py`.

Against DuckDB's executemany on the same table in the same run, with invented records in the shape
of real ones (some 6 kB as JSON: abstract, eight authors, ten headings, references).
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from queries.library import Library
from queries.library.articles import COLUMNS
from queries.library.file import SETTINGS, statement
from queries.library.migrations import transaction
from queries.library.rows import arrays, columns, encode, fingerprint
from queries.records.article import (
    Article,
    Author,
    Heading,
    Journal,
    Keyword,
    Passage,
    Qualifier,
    Reference,
    Term,
)
from queries.records.harvest import Harvest, Lane, LedgerLine, Sighting, Watermark, Window

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
WORDS = [
    f"{a}{b}" for a in ("leuk", "stem", "kin", "mut", "cyt", "hem") for b in ("aemia", "ase", "ation", "oma")
]


def article(pmid: int) -> Article:
    """One invented record; the same PMID gives the same record."""
    chance = random.Random(pmid)  # noqa: S311 - text to fill a page, no secret

    def text(words: int) -> str:
        return " ".join(chance.choices(WORDS, k=words)) + f" {pmid}."

    passages = ((label, text(35)) for label in ("Background", "Methods", "Results", "Conclusions"))
    return Article(
        pmid=pmid,
        status="MEDLINE",
        title=text(12),
        title_html=text(12),
        abstract=tuple(Passage(label, label.upper(), said, said) for label, said in passages),
        authors=tuple(Author(f"Sample{k}", f"Ada{k}", "A", affiliations=(text(10),)) for k in range(8)),
        journal=Journal("Journal of Samples", "J Sampl", "0000-0000", "1", "4", "5", "Norway"),
        published="2026-11",
        created=datetime(2026, 11, 1, 6, 0),  # noqa: DTZ001 - PubMed's Eastern
        revised=date(2026, 11, 2),
        doi=f"10.5555/bench.{pmid}",
        pmcid=f"PMC{pmid}",
        languages=("eng",),
        publication_types=(Term("D016428", "Journal Article"),),
        mesh=tuple(
            Heading(f"D{k:06}", text(2), False, (Qualifier("Q1", "genetics", False),)) for k in range(10)
        ),
        keywords=tuple(Keyword(text(2), "NOTNLM", False) for _ in range(5)),
        references=tuple(Reference(text(15), pmid - k, f"10.5555/bench.{pmid - k}", "") for k in range(8)),
    )


def harvest(articles: Sequence[Article], day: int) -> Harvest:
    """A harvest that brings the articles."""
    count = len(articles)
    window = Window("crdt", date(2026, 10, 1), None)
    line = LedgerLine(
        topic="TFR", lane=Lane.NEW, slice=0, term="t", window=window, count=count, received=count, new=count
    )
    return Harvest(
        watch="bench",
        flow="harvest",
        started=NOW + timedelta(days=day),
        lines=(line,),
        articles=tuple(articles),
        sightings=tuple(Sighting("TFR", Lane.NEW, a.pmid) for a in articles),
        watermarks=(Watermark("TFR", Lane.NEW, date(2026, 11, 22)),),
    )


Row = tuple[object, ...]


def row(article: Article) -> Row:
    """The article as a row of the table."""
    text, moment = encode(article), NOW.replace(tzinfo=None)
    return (
        article.pmid, article.title, article.journal.abbreviation, article.published, article.doi,
        article.pmcid, article.revised, fingerprint(text), moment, moment, text,
    )  # fmt: skip


def by_executemany(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    """Insert rows one by one."""
    connection.executemany("INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def by_columns(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    """Insert rows as the library does."""
    fetched_once = ((*row[:-2], row[-1]) for row in rows)
    connection.register("fresh", arrays(columns(COLUMNS, fetched_once)))
    connection.execute(statement("article/keep"), {"now": NOW.replace(tzinfo=None)})


@contextmanager
def fresh() -> Iterator[Path]:
    """A fresh, empty library."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.duckdb"
        with Library(path):
            pass
        yield path


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work took."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


Way = Callable[[duckdb.DuckDBPyConnection, Sequence[Row]], None]


def rate(way: Way, rows: Sequence[Row], clock: Callable[[], float]) -> float:
    """Rows a second by that clock, in one transaction, its commit included: the best of five."""
    rates = []
    for _ in range(5):
        with fresh() as path, duckdb.connect(str(path), config=SETTINGS) as connection:
            begun = clock()
            with transaction(connection):
                way(connection, rows)
            rates.append(len(rows) / (clock() - begun))
    return max(rates)


def ingestion(few: int, many: int) -> None:
    """Print rows a second into the same table, then of `remember` as a whole."""
    articles = [article(10_000_000 + k) for k in range(many)]
    rows = [row(a) for a in articles]
    print(f"records of {sum(len(encode(a)) for a in articles) / many:,.0f} characters")
    for name, clock in (("wall", time.perf_counter), ("CPU", time.process_time)):
        slow, fast = rate(by_executemany, rows[:few], clock), rate(by_columns, rows, clock)
        print(
            f"{name}: executemany {slow:,.0f}/s ({few:,} rows), the library's way {fast:,.0f}/s "
            f"({many:,} rows) = {fast / slow:.1f}x"
        )
    with fresh() as path, Library(path) as library:
        whole = many / timed(lambda: library.remember(harvest(articles, 0), NOW))
    print(f"remember as a whole, with JSON, sightings, links and ledger: {whole:,.0f} articles/s")


FILL = """
INSERT INTO article
SELECT
    10_000_000 + range, title, journal, published, '10.5555/bench.' || (10_000_000 + range),
    'PMC' || (10_000_000 + range), revised, hash, first_fetched, last_fetched, record
FROM range(1_000, $size) JOIN article ON pmid = 10_000_000 + range % 1_000
"""
SIGHT = """
INSERT INTO sighting
SELECT 'bench', 'TFR', 'new', pmid, first_fetched, last_fetched FROM article WHERE pmid >= 10_001_000
"""


def fill(path: Path, size: int) -> None:
    """Remember 1,000 articles and let DuckDB copy them to the size wanted, each with ids of its own."""
    with Library(path) as library:
        library.remember(harvest([article(10_000_000 + k) for k in range(1_000)], 0), NOW)
    with duckdb.connect(str(path), config=SETTINGS) as connection:
        connection.execute(FILL, {"size": size})
        connection.execute(SIGHT)


def upsert(size: int, week: int) -> None:
    """Print how long a week's harvest takes in a library of that size: 4 changed for 6 new."""
    with fresh() as path:
        fill(path, size)
        changed = [replace(article(10_000_000 + k), title="A new title") for k in range(week * 4 // 10)]
        new = [article(20_000_000 + k) for k in range(week - len(changed))]
        with Library(path) as library:
            taken = timed(lambda: library.remember(harvest(changed + new, 7), NOW + timedelta(days=7)))
            closed = time.perf_counter()
        closed = time.perf_counter() - closed
        opening = time.perf_counter()
        with Library(path) as library:
            opened = time.perf_counter() - opening
            looked = timed(lambda: library.unknown([a.pmid for a in new]))
            read = timed(lambda: library.articles([a.pmid for a in new[:1000]]))
            decided = timed(lambda: library.found("bench", NOW + timedelta(days=1)))
        print(
            f"library of {size:,}: "
            f"remember {week:,} {taken:.2f} s, close {closed:.2f} s, open {opened * 1e3:.0f} ms, "
            f"unknown {len(new):,} {looked * 1e3:.0f} ms, read 1,000 {read * 1e3:.0f} ms, "
            f"found {decided * 1e3:.0f} ms"
        )


def main() -> None:
    """Print all figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--library", type=int, nargs="*", default=[30_000, 100_000, 300_000])
    chosen = options.parse_args()
    ingestion(few=2_000, many=10_000)
    for size in chosen.library:
        upsert(size, week=10_000)


if __name__ == "__main__":
    main()
