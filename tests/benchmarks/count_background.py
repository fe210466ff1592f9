"""Count how common terms are in a real sample of PubMed, and bundle the numbers.

    SEEDWATCH_REAL_DATA=... python tests/benchmarks/count_background.py

Writes queries/ranking/background.npz: hashed words and headings, and how many records
hold each; no text.
"""

import gzip
import os
from pathlib import Path

import numpy as np

from queries.ranking.background import Background
from queries.readers.pubmed_xml import parse
from queries.records.article import Article
from queries.text.tokens import BITS, TermKind, vectorise

OUT = Path(__file__).parents[2] / "queries" / "ranking" / "background.npz"
KINDS = (TermKind.WORD, TermKind.NUMBER, TermKind.MESH, TermKind.QUALIFIED)


def main() -> None:
    """Read pubmed/*.xml.gz and write the numbers."""
    folder = Path(os.environ["SEEDWATCH_REAL_DATA"]) / "pubmed"
    articles = [
        record
        for path in sorted(folder.glob("*.xml.gz"))
        for record in parse(gzip.decompress(path.read_bytes()))
        if isinstance(record, Article) and record.abstract
    ]
    counted = Background.of(vectorise(articles))
    kept = np.isin(counted.terms >> BITS, KINDS)
    np.savez_compressed(
        OUT,
        documents=counted.documents.astype(np.uint16),
        terms=counted.terms[kept],
        frequencies=counted.frequencies[kept].astype(np.uint16),
    )
    print(f"{len(articles):,} records, {int(kept.sum()):,} terms, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
