"""Anchoring and highlighting, in records a second, over the real sample where it is at hand.

--quick is the same: it is short.
"""

import gzip
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from figures import figure

from queries.readers.pubmed_xml import parse
from queries.records.article import Article
from queries.text.keywords import highlight, hits
from queries.watch.file import SHIPPED, load

ROUNDS = 3


def _articles() -> list[Article]:
    real = os.environ.get("SEEDWATCH_REAL_DATA")
    sample = SHIPPED.parent / "mirror" / "sample"
    files = [Path(real) / "pubmed" / "pubmed_real.xml.gz"] if real else sorted(sample.glob("*.xml"))
    found: list[Article] = []
    for file in files:
        content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        found += [each for each in parse(content) if isinstance(each, Article)]
    return found


def _best(work: Callable[[Article], object], articles: Iterable[Article]) -> float:
    """The fastest of some rounds, in seconds."""
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for article in articles:
            work(article)
        took.append(time.perf_counter() - start)
    return min(took)


def main() -> None:
    """Print both speeds."""
    watch, articles = load(SHIPPED / "cml-stem-cells.toml"), _articles()
    anchored = _best(lambda article: hits(article, watch.anchors, watch.seed.keywords), articles)
    marked = _best(
        lambda article: [highlight(each.text, watch.anchors) for each in article.abstract], articles
    )
    print(f"anchors: {len(articles)} records; hits {len(articles) / anchored:,.0f}/s, ", end="")
    print(f"highlight {len(articles) / marked:,.0f} abstracts/s")
    figure("keywords looked for, records of a second", len(articles) / anchored)
    figure("abstracts highlighted in a second", len(articles) / marked)


if __name__ == "__main__":
    main()
