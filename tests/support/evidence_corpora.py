"""The shared real records that have a title, by source and id ($SEEDWATCH_REAL_DATA)."""

import csv
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

from queries.readers.pubmed_xml import parse
from queries.records.article import Article, Passage


def corpora(folder: Path) -> dict[str, Article]:
    """Every shared record with text, by "source:id"."""
    found: dict[str, Article] = {}
    for name, file in (("pubmed", "pubmed/pubmed_real.xml.gz"), ("cml", "cml/cml_assembled.xml.gz")):
        content = gzip.decompress((folder / file).read_bytes())
        found |= {f"{name}:{each.pmid}": each for each in parse(content) if isinstance(each, Article)}
    csv.field_size_limit(10**8)
    for path in sorted((folder / "relevance").glob("screening_*.csv")):
        name = path.stem.removeprefix("screening_")
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                found[f"{name}:{row['id']}"] = bare(row["title"], row["abstract"])
    for line in (folder / "relevance/trec_documents.tsv").read_text("utf-8").splitlines()[1:]:
        pmid, title, abstract = line.split("\t")[:3]
        found[f"trec:{pmid}"] = bare(title, abstract)
    for line in (folder / "relevance/cf_documents.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        found[f"cf:{record['id']}"] = bare(record["title"], record["abstract"] or "")
    found |= {f"cite:{pmid}": bare(title, "") for pmid, title in _cited(folder / "cml")}
    return found


def bare(title: str, abstract: str) -> Article:
    """A record of which nothing else is known."""
    passages = (Passage("", "", abstract, ""),) if abstract.strip() else ()
    return Article(pmid=1, title=title, abstract=passages)


def _cited(folder: Path) -> Iterator[tuple[str, str]]:
    """Titles from the lists of citations: "Authors. Title. Journal. Year ..."."""
    for line in (folder / "zheln_cml_tki_citations.tsv").read_text("utf-8").splitlines():
        pmid, _, citation = line.partition("\t")
        pieces = re.split(r"(?<=[.?]) ", citation)
        year = next((n for n, piece in enumerate(pieces) if re.match(r"20\d\d\b", piece)), 3)
        if pmid.isdigit():
            yield pmid, " ".join(pieces[1 : year - 1])
    for line in (folder / "seed_facts.tsv").read_text("utf-8").splitlines():
        cells = line.split("\t")
        if cells[1].isdigit():
            yield cells[1], cells[-1]
