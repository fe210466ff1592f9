"""How well the shipped watch orders real CML records among each other.

    SEEDWATCH_REAL_DATA=... python tests/benchmarks/bench_ranking_within.py

The grades, made before any score was seen, are in cml_grades.csv. The seed's abstract isn't in the data: it
stands there by its title, beside the watch's keywords ("seed alone"); "shipped seeds" are that and the
watch's further example, by its title, too. The digest's path and `rank` are given the same seeds.
--quick is the same: it is short.
"""

import csv
import gzip
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np
from figures import figure, real_data
from labelled import Draw
from rivals import NDCG, measures, scorers

from queries.ranking import Ranker, SeedSet
from queries.ranking.rows import ranked
from queries.readers.export import ExportRecord
from queries.readers.pubmed_xml import parse
from queries.records.article import Article, Passage
from queries.records.digest import Band
from queries.text.keywords import hits
from queries.watch.file import SHIPPED, load

GRADES = Path(__file__).with_name("cml_grades.csv")
RELEVANT = 2  # and better


def main() -> None:
    """Order, print."""
    folder = real_data("order within CML")
    if not folder:
        return
    with GRADES.open(encoding="utf-8") as lines:
        grades = {
            row["id"]: int(row["grade"]) for row in csv.DictReader(x for x in lines if not x.startswith("#"))
        }
    found = dict(records(folder))
    names = [name for name in grades if name in found]
    print(
        f"{len(names)} of {len(grades)} graded records, {sum(not found[n].abstract for n in names)} by title"
    )
    watch = load(SHIPPED / "cml-stem-cells.toml")
    hit = partial(hits, anchors=watch.anchors, keywords=watch.seed.keywords)
    with (folder / "cml" / "seed_facts.tsv").open(encoding="utf-8") as lines:
        facts = list(csv.DictReader(lines, delimiter="\t"))
    seed = Article(pmid=40598814, doi=facts[0]["doi"], title=facts[0]["title"])
    more = [
        Article(pmid=int(row["pmid"]), title=row["title"]) for row in facts if row["pmid"] in watch.seed.more
    ]
    articles = [replace(found[name], pmid=80_000_000 + place) for place, name in enumerate(names)]
    of = {article.pmid: name for article, name in zip(articles, names, strict=True)}
    figure("order within CML: graded records", len(names), at_least=60)
    for title, further, least in (("seed alone", [], 0.88), ("shipped seeds", more, 0.93)):
        scored = Ranker(
            SeedSet(seed=seed, keywords=watch.seed.keywords, more=tuple(further)), hits=hit
        ).score(articles)
        by_digest = [of[each.pmid] for each in scored]
        rows = ranked(
            [ExportRecord(of[a.pmid], replace(a, pmid=-i), a.pmid) for i, a in enumerate(articles, 1)],
            [ExportRecord(str(a.pmid), a, a.pmid) for a in (seed, *further)],
            watch.seed.keywords,
            hit,
        )
        same = by_digest == [row.id for row in rows]
        by_score = [of[each.pmid] for each in sorted(scored, key=lambda each: (-each.score, each.pmid))]
        print(
            f"\n{title}: nDCG@20 {ndcg(by_digest, grades):.3f} (by score alone {ndcg(by_score, grades):.3f})"
        )
        figure(f"order within CML, {title}: nDCG@20", ndcg(by_digest, grades), at_least=least)
        figure(f"order within CML, {title}: `rank` orders otherwise", int(not same), at_most=0)
        print(f"  tau {tau([grades[name] for name in by_digest]):.2f}; rank gives the same order: {same}")
        for band in Band:
            inside = [grades[of[each.pmid]] >= RELEVANT for each in scored if each.band is band]
            print(f"  {band}: {sum(inside)} of {len(inside)} graded {RELEVANT} or 3")
        if os.environ.get("SHOW"):
            for each in scored[: int(os.environ["SHOW"])]:
                name = of[each.pmid]
                print(
                    f"  {each.place:3} {grades[name]} {each.score:.3f} {found[name].title[:70]} | {each.why}"
                )
        rivals(articles, [seed, *further], [grades[name] for name in names])


def records(folder: Path) -> Iterator[tuple[str, Article]]:
    """Every record that may be graded, by its id there."""
    for line in (folder / "cml" / "zheln_cml_tki_citations.tsv").read_text("utf-8").splitlines():
        pmid, citation = line.split("\t")[:2]
        title = re.split(r"(?<=[.?!\]])\s", citation.split(". ", 1)[-1], maxsplit=1)[0]
        yield pmid, Article(pmid=0, title=title)
    for name, key in (("cml/cml_records.jsonl", "pmid"), ("evidence/cml_tfr_labelled.jsonl", "id")):
        for line in (folder / name).read_text("utf-8").splitlines():
            read = json.loads(line)
            text = read["abstract"] or ""
            yield (
                str(read[key]),
                Article(
                    pmid=0, title=read["title"] or "", abstract=(Passage("", "", text, ""),) if text else ()
                ),
            )
    for record in parse(gzip.decompress((folder / "cml" / "cml_assembled.xml.gz").read_bytes())):
        if isinstance(record, Article) and record.pmid > 99_000_000:
            yield str(record.pmid), record


def ndcg(order: Sequence[str], grades: dict[str, int]) -> float:
    """Of an order, best first."""
    return float(
        measures(-np.arange(len(order), dtype=np.float64), np.array([float(grades[name]) for name in order]))[
            NDCG
        ]
    )


def tau(ranked_grades: Sequence[int]) -> float:
    """Kendall's tau of an order with grades, tied grades left out."""
    pairs = [(a, b) for a, b in combinations(ranked_grades, 2) if a != b]
    return sum(1 if a > b else -1 for a, b in pairs) / len(pairs)


def rivals(articles: Sequence[Article], seeds: Sequence[Article], graded: Sequence[int]) -> None:
    """TF-IDF and the others on the same records and seeds."""
    every = [*articles, *seeds]
    grades = np.array([*graded, *([0] * len(seeds))], dtype=np.float64)
    draw = Draw("", np.arange(len(articles), len(every)), grades)
    values = {
        name: measures(scorer(draw), draw.grades[draw.rest])[NDCG] for name, scorer in scorers(every).items()
    }
    print("  rivals: " + ", ".join(f"{name} {value:.3f}" for name, value in values.items()))


if __name__ == "__main__":
    main()
