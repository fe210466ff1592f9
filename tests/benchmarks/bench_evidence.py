"""Evidence against hand labels: study and species (macro-F1), TFR (precision, recall), quotes, speed.

The labels in evidence_labels.csv were given by reading title, abstract and publication types,
before the rules were run on them. "?" is not judged. Records with an even PMID are those that
the rules were tuned on; those with an odd one are held out. `source` says where a record is:
pubmed and cml in $SEEDWATCH_REAL_DATA, citations there too (titles only, without abstract), sample
the bundled invented corpus, which alone holds abstracts on stopping treatment.
"""

import csv
import gzip
import os
import re
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from queries.evidence import assess
from queries.readers.pubmed_xml import parse
from queries.records.article import Article
from queries.records.digest import Evidence
from queries.watch.file import SHIPPED

LABELS = Path(__file__).with_name("evidence_labels.csv")
SAMPLE = SHIPPED.parent / "mirror" / "sample"
SPECIES = ("human", "mouse", "rat", "cell line", "other animal", "none")
ROUNDS = 3
FEWEST = 2  # a study type with fewer labels in a half has no F1 worth the name


class Judged(NamedTuple):
    """A label and what the rules say."""

    pmid: int
    source: str
    study: str
    species: str
    tfr: str
    said: Evidence


def _read(files: Iterable[Path]) -> dict[int, Article]:
    found: dict[int, Article] = {}
    for file in files:
        content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        found |= {each.pmid: each for each in parse(content) if isinstance(each, Article)}
    return found


def _cited(folder: Path) -> dict[int, Article]:
    """Titles from the lists of citations: "Authors. Title. Journal. Year ..."."""
    found = {}
    for line in (folder / "zheln_cml_tki_citations.tsv").read_text("utf-8").splitlines():
        pmid, _, citation = line.partition("\t")
        pieces = re.split(r"(?<=[.?]) ", citation)
        year = next((n for n, piece in enumerate(pieces) if re.match(r"20\d\d\b", piece)), 3)
        if pmid.isdigit():
            found[int(pmid)] = Article(pmid=int(pmid), title=" ".join(pieces[1 : year - 1]))
    for line in (folder / "seed_facts.tsv").read_text("utf-8").splitlines():
        cells = line.split("\t")
        if cells[1].isdigit():
            found[int(cells[1])] = Article(pmid=int(cells[1]), title=cells[-1])
    return found


def _group(names: Sequence[str]) -> frozenset[str]:
    """Species by the groups that are counted; "none" where nothing is named."""
    return frozenset(name if name in SPECIES else "other animal" for name in names if name) or frozenset(
        {"none"}
    )


def _f1(pairs: Sequence[tuple[frozenset[str], frozenset[str]]], name: str) -> float:
    hit = sum(name in told and name in said for told, said in pairs)
    either = sum(name in told for told, _ in pairs) + sum(name in said for _, said in pairs)
    return 2 * hit / either if either else 1.0


def _macro(
    pairs: Sequence[tuple[frozenset[str], frozenset[str]]], fewest: int
) -> tuple[float, int, list[str]]:
    counts = {name: sum(name in told for told, _ in pairs) for told, _ in pairs for name in told}
    names = sorted(name for name, count in counts.items() if count >= fewest)
    scores = {name: _f1(pairs, name) for name in names}
    weak = [f"{name or 'none'} {scores[name]:.2f} ({counts[name]})" for name in names if scores[name] < 1]
    return sum(scores.values()) / len(scores), len(scores), weak


def report(name: str, half: Sequence[Judged], *, misses: bool) -> None:
    """Print the figures of one half."""
    studies = [(frozenset({j.study}), frozenset({j.said.study})) for j in half if j.study != "?"]
    whose = [(_group(j.species.split(";")), _group(j.said.species)) for j in half if j.species != "?"]
    exact = sum(told == said for told, said in studies) / len(studies)
    macro, kinds, weak = _macro(studies, FEWEST)
    print(f"{name}: study macro-F1 {macro:.3f} over {kinds} types, right {exact:.3f} of {len(studies)}")
    print(f"    weak: {', '.join(weak)}")
    macro, kinds, weak = _macro(whose, FEWEST) if whose else (0.0, 0, [])
    print(f"{name}: species macro-F1 {macro:.3f} over {kinds} of {len(whose)}; {', '.join(weak)}")
    for sources in (("pubmed", "cml", "citations"), ("sample",)):
        judged = [j for j in half if j.source in sources]
        right = sum(j.said.tfr and j.tfr == "yes" for j in judged)
        said, told = sum(j.said.tfr for j in judged), sum(j.tfr == "yes" for j in judged)
        print(f"{name}: TFR in {'+'.join(sources)}: precision {right}/{said}, recall {right}/{told}", end="")
        print(f" of {len(judged)} records")
    for j in half if misses else ():
        wrong = []
        if j.study not in {"?", j.said.study}:
            wrong.append(f"study {j.study or '-'} -> {j.said.study or '-'} [{j.said.study_reason}]")
        if j.species != "?" and _group(j.species.split(";")) != _group(j.said.species):
            wrong.append(
                f"species {j.species or '-'} -> {';'.join(j.said.species) or '-'} [{j.said.species_reason}]"
            )
        if (j.tfr == "yes") != j.said.tfr:
            wrong.append(f"tfr {j.tfr} -> {j.said.tfr} [{j.said.tfr_reason}]")
        if wrong:
            print(f"    {j.pmid} {'; '.join(wrong)}")


def _astray(article: Article, said: Evidence) -> bool:
    """Whether a quote isn't the abstract's own words and figures."""
    if not said.quote:
        return False
    home = [p.text for p in article.abstract if said.quote in p.text]
    return not home or not set(re.findall(r"\d+", said.quote)) <= set(re.findall(r"\d+", " ".join(home)))


def main() -> None:
    """Print everything; with an argument "misses" each wrong answer of the tuned half, too."""
    articles = _read(sorted(SAMPLE.glob("*.xml")))
    real: dict[int, Article] = {}
    if folder := os.environ.get("SEEDWATCH_REAL_DATA"):
        cml = Path(folder) / "cml"
        real = _read([Path(folder) / "pubmed" / "pubmed_real.xml.gz", cml / "cml_assembled.xml.gz"])
        articles |= _cited(cml) | real
    with LABELS.open(encoding="utf-8", newline="") as rows:
        judged = [
            Judged(article.pmid, row["source"], row["study"], row["species"], row["tfr"], assess(article))
            for row in csv.DictReader(rows)
            if (article := articles.get(int(row["pmid"])))
        ]
    report("tuned   ", [j for j in judged if j.pmid % 2 == 0], misses="misses" in sys.argv)
    report("held out", [j for j in judged if j.pmid % 2], misses=False)
    took = []
    for _ in range(ROUNDS):
        start = time.process_time()
        said = {pmid: assess(article) for pmid, article in articles.items()}
        took.append(time.process_time() - start)
    quoted = sum(bool(e.quote) for e in said.values())
    astray = sum(_astray(articles[pmid], e) for pmid, e in said.items())
    print(f"quotes: {quoted} of {len(said)} records; not verbatim or with other figures: {astray}")
    print(f"TFR among all {len(real)} real records: {sorted(pmid for pmid in real if said[pmid].tfr)}")
    print(f"speed: {len(said) / min(took):,.0f} articles/s on one core")


if __name__ == "__main__":
    main()
