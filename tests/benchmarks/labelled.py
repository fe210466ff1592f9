"""The labelled sets that the ranking is learned and judged on ($SEEDWATCH_REAL_DATA/relevance)."""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from queries.records.article import Article, Heading, Passage, Qualifier, Reference

FEWEST = 5  # relevant documents that a topic needs
# Collections made alike, by the same people, in one field or for one purpose: left out together
FAMILIES = {
    "Cohen 2006": (
        *("ACEInhibitors", "Antihistamines", "BetaBlockers", "Estrogens", "Opiods"),
        *("ProtonPumpInhibitors", "Triptans"),
    ),
    "SYNERGY": ("Chou_2004", "Jeyaraman_2020", "Menon_2022", "Oud_2018", "van_der_Valk_2021"),
}


@dataclass(frozen=True)
class Collection:
    """Articles (PMIDs are 1 …), and per topic the grades of the relevant by their row."""

    name: str
    group: str
    articles: tuple[Article, ...]
    topics: dict[str, dict[int, int]]

    @property
    def family(self) -> str:
        """What is left out with it; itself, if nothing is."""
        return next((family for family, names in FAMILIES.items() if self.name in names), self.name)

    def text_only(self) -> "Collection":
        """Without MeSH and references."""
        bare = tuple(replace(article, mesh=(), references=()) for article in self.articles)
        return replace(self, group=f"{self.group}, text", articles=bare)  # of the same family


@dataclass(frozen=True)
class Draw:
    """A topic with some relevant documents as seeds; `grades` of all rows."""

    topic: str
    seeds: NDArray[np.intp]
    grades: NDArray[np.float64]

    @property
    def rest(self) -> NDArray[np.intp]:
        """The candidates."""
        return np.setdiff1d(np.arange(len(self.grades)), self.seeds)


def draws(collection: Collection, seeds: int, times: int) -> Iterator[Draw]:
    """Draw seeds at random, the same in every run."""
    rng = np.random.default_rng(seeds)
    for topic, graded in sorted(collection.topics.items()):
        relevant = np.array(sorted(graded), dtype=np.intp)
        if len(relevant) < max(seeds + 2, FEWEST):
            continue
        grades = np.zeros(len(collection.articles))
        grades[relevant] = [graded[row] for row in relevant]
        firsts = rng.permutation(relevant)
        for turn in range(min(times, len(relevant)) if seeds == 1 else times):
            chosen = firsts[turn : turn + 1] if seeds == 1 else rng.choice(relevant, seeds, replace=False)
            yield Draw(topic, np.sort(chosen), grades)


def collections(folder: Path) -> Iterator[Collection]:
    """All of them."""
    csv.field_size_limit(10**8)
    for path in sorted(folder.glob("screening_*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        name = path.stem.removeprefix("screening_")
        graded = {index: 1 for index, row in enumerate(rows) if row["relevant"] == "1"}
        articles = (_article(i, row["title"], row["abstract"]) for i, row in enumerate(rows))
        yield Collection(name, "screening", tuple(articles), {name: graded})
    yield _trec(folder)
    yield _cystic_fibrosis(folder)


def _article(row: int, title: str, abstract: str) -> Article:
    passages = (Passage("", "", abstract, ""),) if abstract.strip() else ()
    return Article(pmid=row + 1, title=title, abstract=passages)


def _qrels(path: Path, rows: dict[str, int]) -> dict[str, dict[int, int]]:
    topics: dict[str, dict[int, int]] = defaultdict(dict)
    for line in path.read_text("utf-8").splitlines():
        topic, document, grade = line.split("\t")
        if int(grade) and document in rows:
            topics[topic][rows[document]] = int(grade)
    return topics


def _trec(folder: Path) -> Collection:
    lines = (folder / "trec_documents.tsv").read_text("utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    topics = _qrels(folder / "trec_qrels.tsv", {row[0]: index for index, row in enumerate(rows)})
    articles = tuple(_article(index, row[1], row[2]) for index, row in enumerate(rows))
    return Collection("TREC Genomics 2005", "TREC", articles, topics)


def _cystic_fibrosis(folder: Path) -> Collection:
    """References that name a document of the collection (first author, volume, page) get its PMID."""
    documents = [json.loads(line) for line in (folder / "cf_documents.jsonl").read_text("utf-8").splitlines()]
    known: dict[tuple[str, str, str], int] = {}
    for row, document in enumerate(documents):
        place = re.search(r"(\d+)\s*(?:\([^)]*\))?\.\s*P\s*(\w+)", document["source"])
        if place and document["authors"]:
            known[document["authors"][0].split("-")[0].upper(), place[1], place[2]] = row + 1

    def reference(citation: str) -> Reference:
        words = citation.split()
        pmid = known.get((words[0], words[-3], words[-2])) if len(words) > 4 else None
        return Reference(citation, pmid, "", "")

    articles = tuple(
        replace(
            _article(row, document["title"], document["abstract"] or ""),
            mesh=tuple(
                Heading(
                    "",
                    each["heading"],
                    each["major"],
                    tuple(Qualifier("", q, False) for q in each["qualifiers"]),
                )
                for each in document["mesh"]
            ),
            references=tuple(map(reference, document["references"])),
        )
        for row, document in enumerate(documents)
    )
    topics = _qrels(folder / "cf_qrels.tsv", {document["id"]: row for row, document in enumerate(documents)})
    return Collection("Cystic Fibrosis", "cf", articles, topics)
