"""The archive at 10,000 papers in a real library and a real browser: build, update, first page, search.

    python tests/benchmarks/bench_site.py [--quick]

Abstracts are real ones where SEEDWATCH_REAL_DATA names them, else of invented words.
"""

import gzip
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

from figures import QUICK, figure, real_data
from playwright.sync_api import Request
from support.chromium import opened_browser
from support.reports_samples import TRIAL, article, candidate, watch
from support.reports_samples import digest as sample_digest

from flows.publish import publish
from flows.runtime.settings import Settings
from queries.library import Library
from queries.library.articles import _write
from queries.readers.pubmed_xml import parse
from queries.records.article import Article, Author, Passage
from queries.records.digest import Decision, Issue, Kind, Outcome
from reports.digest.record import dump

PER_DIGEST = 20
BEGAN = datetime(2017, 1, 2, 6, tzinfo=UTC)
ANSWERED = "document.getElementById('search').dataset.took"
QUERIES = ("imatinib", "müller", "90004321", "cell", "a", "stem cell niche", "treatment-free remission")


def records(count: int) -> list[Article]:
    """Distinct records; what real ones say is spread over them."""
    if folder := real_data("archive of real abstracts"):
        with gzip.open(folder / "pubmed" / "pubmed_real.xml.gz") as stream:
            known = [each for each in parse(stream) if isinstance(each, Article) and each.abstract]
    else:
        known = list(islice(_invented(), 2000))
    return [
        replace(each, pmid=90_000_000 + n, doi=f"10.5555/{n}", pmcid="", links=(), references=())
        for n, each in enumerate(islice(cycle(known), count))
    ]


def _invented() -> Iterator[Article]:
    """Abstracts of 180 words by Zipf's law."""
    dice = random.Random(1)  # noqa: S311 - no secret
    lexicon = [
        "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randint(3, 11))) for _ in range(30_000)
    ]
    weights = [1 / (rank + 1) for rank in range(len(lexicon))]
    for n in range(10**6):
        text = " ".join(dice.choices(lexicon, weights, k=180))
        yield article(
            n, abstract=(Passage("", "", text, text),), authors=(Author(lexicon[n % 999], "Ada", "A"),)
        )


def fill(library: Library, articles: list[Article], first: int) -> int:
    """Record digests that tell the articles, as the flows would; return the next number."""
    number = first
    template = sample_digest(1, watch=watch())
    entry = template.entries[0]
    with library.transaction():
        # without identity: the real texts come again and again, and would be one work
        _write(library, {each.pmid: each for each in articles}, BEGAN)
    for start in range(0, len(articles), PER_DIGEST):
        some = articles[start : start + PER_DIGEST]
        made = BEGAN + timedelta(weeks=number)
        candidates = [candidate(n, 0.9, "TFR", article=each, evidence=TRIAL) for n, each in enumerate(some)]
        decided = tuple(
            Decision(each.pmid, each.pmid, Outcome.TOLD, Kind.NEW, 0.9, n) for n, each in enumerate(some, 1)
        )
        entries = tuple(
            replace(entry, pmid=each.pmid, title=each.title or "untitled", title_html="", byline="A, B")
            for each in some
        )
        flow = template.flow._replace(found=len(some), known=0, merged=0, below=0, held=0, told=len(some))
        one = replace(
            template, number=number, made=made, entries=entries, changes=(), decided=decided, flow=flow,
            near=(), until=made.date(), since=made.date() - timedelta(days=7),
        )  # fmt: skip
        library.record(
            Issue(
                watch=one.watch, number=number, made=made, since=one.since, until=one.until,
                subject="", flow=flow, decisions=decided, recipients=(), body=dump(one),
                scores=tuple(replace(each.scored, pmid=each.article.pmid) for each in candidates),
            )
        )  # fmt: skip
        number += 1
    return number


def main(papers: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        setting = Settings(home=root / "home", database=root / "library.duckdb", site_folder=root / "site")
        articles = records(papers + PER_DIGEST)
        with Library(setting.database) as library:
            number = fill(library, articles[:papers], 1)
        what = f"archive of {papers:,} papers"
        built(setting, f"{what}: full build", 15)
        built(setting, f"{what}: build with nothing new", 2)
        with Library(setting.database) as library:
            fill(library, articles[papers:], number)
        built(setting, f"{what}: update after a digest", 2)
        index = sum(path.stat().st_size for path in (setting.site / "search").iterdir())
        figure(f"{what}: search index, loaded when somebody searches", index / 1e6, "MB")
        browse(setting.site, what)


def built(setting: Settings, what: str, most: float) -> None:
    """Build the site; how long it took by the clock and of a processor, which a busy machine tells apart."""
    began, worked = perf_counter(), process_time()
    written = publish(setting, setting.site)
    seconds = perf_counter() - began
    worked = process_time() - worked
    print(
        f"{what}: {seconds:.1f} s, {worked:.1f} s of a processor, {written.written} of {sum(written)} written"
    )
    figure(what, seconds, "s", at_most=most)
    figure(f"{what}, of a processor", worked, "s")


def browse(site: Path, what: str) -> None:
    """Print what a browser sees."""
    with opened_browser() as chromium:
        page = chromium.new_page()
        sizes: list[int] = []

        def note(request: Request) -> None:
            answer = request.response()
            sizes.append(len(answer.body()) if answer else 0)

        page.on("requestfinished", note)
        for first in ("index.html", "search.html"):
            sizes.clear()
            page.goto(f"{site.as_uri()}/{first}")
            page.wait_for_timeout(300)
            print(f"{first}: {sum(sizes)} bytes")
            figure(f"{what}: first page, {first}", sum(sizes) / 1000, "kB", at_most=300)
        began = perf_counter()
        page.fill("#q", "zzzz")
        page.wait_for_function(ANSWERED, timeout=60_000)
        figure(f"{what}: index loaded on the first letter", perf_counter() - began, "s")
        slowest = ("", 0.0)
        for query in QUERIES:
            page.evaluate("delete document.getElementById('search').dataset.took")
            page.fill("#q", query)
            page.wait_for_function(ANSWERED, timeout=60_000)
            took = float(page.get_attribute("#search", "data-took") or 0)
            print(f"{query!r}: {took} ms, {page.inner_text('#count')}")
            slowest = max(slowest, (query, took), key=lambda pair: pair[1])
        figure(f"{what}: slowest of {len(QUERIES)} answers, {slowest[0]!r}", slowest[1], "ms", at_most=100)


if __name__ == "__main__":
    main(1_000 if QUICK else 10_000)
