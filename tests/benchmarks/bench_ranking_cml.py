"""The shipped watch ranks real CML records among everything else of PubMed.

    SEEDWATCH_REAL_DATA=... python tests/benchmarks/bench_ranking_cml.py

cml/ is mixed into pubmed/; relevant are the records that name CML or BCR-ABL in title or abstract. The
seed's abstract isn't in the data: its title and the watch's keywords stand for it, and the titles of
the related articles in cml/seed_facts.tsv for its references.
--quick is the same: it is short.
"""

import csv
import gzip
import os
import re
from functools import partial
from pathlib import Path

from figures import figure, real_data

from queries.ranking import Ranker, SeedSet
from queries.readers.pubmed_xml import parse
from queries.records.article import Article
from queries.text.keywords import hits
from queries.watch.file import SHIPPED, Watch, load

NAMES = re.compile(
    r"chronic (?:phase )?(?:myeloid|myelogenous|myelocytic|granulocytic) leuk|bcr[^a-z]{0,3}abl|philadelphia"
    r"[ -](?:chromosome|positive)",
    re.IGNORECASE,
)
ACRONYM = re.compile(r"\bCML\b")
TRAPS = re.compile(r"carboxymethyl|myelomonocytic|metaphyseal|lympholysis", re.IGNORECASE)
NOT_A_PMID = 100_000_000


def text(article: Article) -> str:
    """Title and abstract."""
    return " ".join([article.title, *(passage.text for passage in article.abstract)])


def seeds(folder: Path, keywords: tuple[str, ...]) -> SeedSet:
    """The seed and its relatives, by their titles."""
    with (folder / "cml" / "seed_facts.tsv").open(encoding="utf-8") as lines:
        titles = [row["title"] for row in csv.DictReader(lines, delimiter="\t")]
    made = [Article(pmid=NOT_A_PMID + index, title=title) for index, title in enumerate(titles)]
    return SeedSet(seed=made[0], keywords=keywords, references=tuple(made[1:]))


def main() -> None:
    """Mix, rank with what is known of the seed, and with its keywords alone."""
    folder = real_data("CML records among others")
    if not folder:
        return
    watch = load(SHIPPED / "cml-stem-cells.toml")
    articles: dict[int, Article] = {}
    for path in (folder / "pubmed" / "pubmed_real.xml.gz", folder / "cml" / "cml_assembled.xml.gz"):
        records = parse(gzip.decompress(path.read_bytes()))
        articles |= {each.pmid: each for each in records if isinstance(each, Article)}
    relevant = {
        pmid
        for pmid, article in articles.items()
        if NAMES.search(text(article)) or (ACRONYM.search(text(article)) and not TRAPS.search(text(article)))
    }
    print(f"{len(articles):,} records, {len(relevant)} name CML or BCR-ABL")
    known = seeds(folder, watch.seed.keywords)
    report("seed and references by title", known, watch, articles, relevant)
    report("keywords alone", SeedSet(keywords=watch.seed.keywords), watch, articles, relevant)


def report(name: str, known: SeedSet, watch: Watch, articles: dict[int, Article], relevant: set[int]) -> None:
    """Rank and print."""
    ranker = Ranker(known, hits=partial(hits, anchors=watch.anchors, keywords=watch.seed.keywords))
    order = ranker.score(list(articles.values()))
    places = [place for place, one in enumerate(order, 1) if one.pmid in relevant]
    precision = sum(found / place for found, place in enumerate(places, 1)) / len(places)
    limit = ranker.threshold()
    kept = [one for one in order if one.score >= limit.value]
    least = 0.97 if known.seed else None  # of the keywords alone nothing is promised
    figure(f"CML among others, {name}: average precision", precision, at_least=least)
    print(f"\n{name}: average precision {precision:.3f}; the last relevant are at {places[-8:]}")
    print(f"threshold {limit.value:.3f} ({limit.why})")
    print(f"reached by {len(kept)}, {sum(one.pmid in relevant for one in kept)} of them relevant")
    for place, one in enumerate(order, 1):
        trap = TRAPS.search(text(articles[one.pmid]))
        if trap and one.pmid not in relevant:
            print(f"trap at {place}: {trap[0]}, score {one.score:.3f}")
    for place, one in enumerate(order[: int(os.environ.get("SHOW", "12"))], 1):
        print(f"{place:4} {one.score:.3f} {'yes' if one.pmid in relevant else 'no':4}{one.pmid} {one.why}")


if __name__ == "__main__":
    main()
