"""The archive at 10,000 papers in a real library and a real browser: build, update, first page, search.

    python tests/benchmarks/bench_site.py [--quick | PAPERS]

Abstracts are real ones where SEEDWATCH_REAL_DATA names them, else of invented words. Prints the figures.
"""

import gzip
import os
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

from figures import QUICK, figure
from playwright.sync_api import Request, sync_playwright
from support.reports_samples import TRIAL, article, candidate, watch
from support.reports_samples import digest as sample_digest

from flows.publish import publish
from flows.runtime.settings import Settings
from queries.library import Library
from queries.library.articles import _write
from queries.readers.pubmed_xml import parse
from queries.records.article import Article, Author, Passage
from queries.records.digest import Decision, Issue, Kind, Outcome
from reports.digest.headline import subject
from reports.digest.record import dump

PER_DIGEST = 20
QUERIES = ("imatinib", "müller", "90004321", "cell", "a", "stem cell niche", "treatment-free remission")


def records(count: int) -> list[Article]:
    """Distinct records; what real ones say is spread over them."""
    folder = os.environ.get("SEEDWATCH_REAL_DATA")
    if folder:
        with gzip.open(Path(folder) / "pubmed" / "pubmed_real.xml.gz") as stream:
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
    for start in range(0, len(articles), PER_DIGEST):
        some = articles[start : start + PER_DIGEST]
        made = datetime(2017, 1, 2, 6, tzinfo=UTC) + timedelta(weeks=number)
        candidates = [candidate(n, 0.9, "TFR", article=each, evidence=TRIAL) for n, each in enumerate(some)]
        decided = tuple(
            Decision(each.pmid, each.pmid, Outcome.TOLD, Kind.NEW, 0.9, n) for n, each in enumerate(some, 1)
        )
        entries = tuple(
            replace(
                entry, pmid=c.article.pmid, title=c.article.title or "untitled", title_html="", byline="A, B"
            )
            for c in candidates
        )
        flow = template.flow._replace(found=len(some), known=0, merged=0, below=0, held=0, told=len(some))
        one = replace(
            template, number=number, made=made, entries=entries, changes=(), decided=decided, flow=flow,
            near=(), until=made.date(), since=made.date() - timedelta(days=7),
        )  # fmt: skip
        with library.transaction():
            # without identity: the real texts come again and again, and would be one work
            _write(library, {each.pmid: each for each in some}, made)
        library.record(
            Issue(
                watch=one.watch, number=number, made=made, since=one.since, until=one.until,
                subject=subject(one), flow=flow, decisions=decided,
                scores=tuple(replace(c.scored, pmid=c.article.pmid) for c in candidates),
                recipients=(), body=dump(one),
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
        for name in ("full build", "build with nothing new"):
            print(f"{name}: {built(setting, f'site of {papers:,}: {name}', 15)}")
        with Library(setting.database) as library:
            fill(library, articles[papers:], number)
        print(f"update after one digest: {built(setting, f'site of {papers:,}: update after one digest', 2)}")
        index = sum(path.stat().st_size for path in (setting.site / "search").iterdir())
        print(f"search index: {index / 1e6:.1f} MB in {len(list((setting.site / 'search').iterdir()))} files")
        browse(setting.site)
    print(f"load average of the machine: {os.getloadavg()[0]:.1f}")


def built(setting: Settings, what: str, most: float) -> str:
    """Build the site; how long it took by the clock and of a processor, which a busy machine tells apart."""
    began, worked = perf_counter(), process_time()
    written = publish(setting, setting.site)
    seconds = perf_counter() - began
    figure(what, seconds, "s", at_most=most)
    return (
        f"{seconds:.1f} s ({process_time() - worked:.1f} s of a processor), "
        f"{written.written} files written, {written.kept} kept"
    )


def browse(site: Path) -> None:
    """Print what a browser sees."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
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
            figure(f"site: {first} as a first page", sum(sizes) / 1000, "kB", at_most=300)
            print(f"first page {first}: {sum(sizes) / 1000:.0f} kB in {len(sizes)} files")
        began = perf_counter()
        page.fill("#q", "zzzz")
        page.wait_for_function("document.getElementById('search').dataset.took", timeout=60_000)
        print(f"index loaded on the first letter: {perf_counter() - began:.2f} s")
        slowest = 0.0
        for query in QUERIES:
            page.evaluate("delete document.getElementById('search').dataset.took")
            page.fill("#q", query)
            page.wait_for_function("document.getElementById('search').dataset.took", timeout=60_000)
            took, count = page.get_attribute("#search", "data-took"), page.inner_text("#count")
            print(f"{query!r}: {took} ms, {count}")
            slowest = max(slowest, float(took or 0))
        figure("site: slowest of the searches", slowest, "ms", at_most=100)
        chromium.close()


if __name__ == "__main__":
    main(500 if QUICK else int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
