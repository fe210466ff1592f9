"""Do a reader's taps put what he wants first? Six weekly digests, with and without taps.

The reader wants trials and cohorts of stopping treatment: of $SEEDWATCH_REAL_DATA/evidence's labelled
records those that are marked `tfr` and whose kind of study is a trial or a cohort. Each week he taps on the
first five entries, Useful or Not for us by that rule, and on nothing else. The other records are the
labelled ones that he doesn't want, and those of cml/ that nowhere speak of stopping (whichever do have no
label, and are left out). Each seed deals all into six weeks at random. Everything goes through the digest's
own code; nothing of the ranking was chosen on these records.

    SEEDWATCH_REAL_DATA=... python tests/benchmarks/bench_feedback.py [--seeds 20]
"""

import argparse
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from figures import QUICK, figure, real_data

from queries.ranking import SeedSet
from queries.readers import export
from queries.records.article import Article, Passage
from queries.records.harvest import Lane
from queries.records.library import Seen, Span
from queries.watch.file import SHIPPED, Watch
from queries.watch.file import load as load_watch
from reports.digest.edit import edit
from reports.digest.inputs import Inputs
from reports.digest.record import Entry, load

WEEKS, FIRST = 6, 5
WANTED = re.compile(r"trial|cohort", re.IGNORECASE)
STOPPING = re.compile(r"treatment-free|TFR|discontinu|cessation|withdraw|stopp|de-escalat", re.IGNORECASE)
BEGIN = datetime(2026, 6, 1, 7, tzinfo=UTC)


@dataclass(frozen=True)
class Pool:
    """The seed and what is related to it, by title; all records; the PMIDs of what the reader wants."""

    seed: Article
    related: tuple[Article, ...]
    articles: tuple[Article, ...]
    wanted: frozenset[int]


def main() -> None:
    """Print the precision of the first five, week by week."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two seeds")
    parser.add_argument("--seeds", type=int, default=2 if QUICK else 20)
    seeds = parser.parse_args().seeds
    data = real_data("what a reader's taps do")
    if not data:
        return
    pool = records(data)
    watch = load_watch(SHIPPED / "cml-stem-cells.toml")
    print(
        f"{len(pool.articles)} records, {len(pool.wanted)} wanted; {seeds} seeds; first {FIRST} of each week"
    )
    print(f"{'week':16}" + "".join(f"{week:>7}" for week in range(1, WEEKS + 1)) + "    2-6  of all possible")
    runs = {
        name: np.array([weeks(watch, pool, seed, taps=taps) for seed in range(seeds)])
        for name, taps in (("without taps", False), ("with taps", True))
    }
    best = np.array([most(pool, seed) for seed in range(seeds)])
    for name, precision in {**runs, "at most possible": best}.items():
        row = "".join(f"{value:7.3f}" for value in precision.mean(axis=0))
        print(f"{name:16}{row}{precision[:, 1:].mean():7.3f}{precision.sum() / best.sum():18.3f}")
    gain = (runs["with taps"] - runs["without taps"])[:, 1:].mean(axis=1)
    what = f"taps: precision of the first {FIRST} in weeks 2-6 over none, {seeds} seeds"
    figure(what, float(gain.mean()), at_least=0.001)  # it rises
    print(
        f"weeks 2-6: {gain.mean():+.3f} (better in {(gain > 0).sum()}, the same in {(gain == 0).sum()}, "
        f"worse in {(gain < 0).sum()} of {seeds} seeds)"
    )


def records(data: Path) -> Pool:
    """The labelled records first, then others that are in none of them by title."""
    labelled = [json.loads(line) for line in _lines(data / "evidence" / "cml_tfr_labelled.jsonl")]
    articles = [_article(90_000_000 + at, row["title"], row["abstract"]) for at, row in enumerate(labelled)]
    wanted = {
        article.pmid
        for article, row in zip(articles, labelled, strict=True)
        if row["tfr"] and any(WANTED.search(kind) for kind in row["study"])
    }
    titles = [line.split("\t")[-1] for line in _lines(data / "cml" / "seed_facts.tsv")[1:]]
    seed, *related = (_article(80_000_000 + at, title, "") for at, title in enumerate(titles))
    known = {_key(article) for article in (*articles, seed, *related)}
    for record in export.read(data / "cml" / "cml_assembled.xml.gz"):
        article = record.article
        text = f"{article.title} {' '.join(part.text for part in article.abstract)}"
        if _key(article) not in known and not STOPPING.search(text):
            known.add(_key(article))
            articles.append(_article(article.pmid, article.title, " ".join(p.text for p in article.abstract)))
    return Pool(seed, tuple(related), tuple(articles), frozenset(wanted))


def weeks(watch: Watch, pool: Pool, seed: int, *, taps: bool) -> list[float]:
    """The precision of the first entries, week by week."""
    liked: list[Article] = []
    rejected: list[Article] = []
    found = []
    by_pmid = {article.pmid: article for article in pool.articles}
    for number, week in enumerate(dealt(pool, seed), 1):
        seeds = SeedSet(
            seed=pool.seed,
            keywords=watch.seed.keywords,
            references=pool.related,
            positive=tuple(liked),
            negative=tuple(rejected),
        )
        first = entries(watch, number, week, seeds)[:FIRST]
        found.append(sum(entry.pmid in pool.wanted for entry in first) / FIRST)
        if taps:
            for entry in first:
                (liked if entry.pmid in pool.wanted else rejected).append(by_pmid[entry.pmid])
    return found


def entries(watch: Watch, number: int, week: Sequence[Article], seeds: SeedSet) -> tuple[Entry, ...]:
    """What the digest of this week tells, in its reading order."""
    now = BEGIN + timedelta(weeks=number)
    pmids = frozenset(article.pmid for article in week)
    inputs = Inputs(
        watch=replace_threshold(watch),
        now=now,
        days=Span(date(2026, 6, 1), now.date()),
        number=number,
        found=pmids,
        waiting=pmids,
        works={pmid: pmid for pmid in pmids},
        articles={article.pmid: article for article in week},
        sightings={pmid: [Seen(pmid, watch.topics[0].short, Lane.NEW, now, now)] for pmid in pmids},
        seeds=seeds,
    )
    return load(edit(inputs, sample=False).body).entries


def replace_threshold(watch: Watch) -> Watch:
    """The watch, telling all: it is the order that is measured."""
    return watch.model_copy(update={"digest": watch.digest.model_copy(update={"threshold": 0.0, "cap": 200})})


def dealt(pool: Pool, seed: int) -> list[list[Article]]:
    """The records in as many weeks, at random."""
    articles = list(pool.articles)
    random.Random(seed).shuffle(articles)  # noqa: S311 - a draw, no secret
    return [articles[week::WEEKS] for week in range(WEEKS)]


def most(pool: Pool, seed: int) -> list[float]:
    """What the first entries could hold at most."""
    return [
        min(FIRST, sum(article.pmid in pool.wanted for article in week)) / FIRST for week in dealt(pool, seed)
    ]


def _article(pmid: int, title: str, abstract: str) -> Article:
    passages = (Passage("", "", abstract, ""),) if abstract.strip() else ()
    return Article(pmid=pmid, title=title, abstract=passages)


def _key(article: Article) -> str:
    return re.sub(r"\W+", "", article.title.casefold())[:80]


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


if __name__ == "__main__":
    main()
