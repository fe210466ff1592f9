"""Count how common terms are in a real sample of PubMed, and bundle the numbers.

    SEEDWATCH_REAL_DATA=... python tests/benchmarks/count_background.py

Writes queries/background.npz: hashed terms and in how many records each occurs; no text. A term in a
single record is left out, as `Background.idf` takes unknown terms to be that rare.
"""

import gzip
import os
from pathlib import Path

import numpy as np
from queries.pubmed.parse import parse

from queries import tokens
from queries.records import Article

OUT = Path(__file__).parents[2] / "queries" / "background.npz"
KINDS = (tokens.Kind.WORD, tokens.Kind.PAIR, tokens.Kind.MESH)


def main() -> None:
    """Read pubmed/*.xml.gz and write the numbers."""
    folder = Path(os.environ["SEEDWATCH_REAL_DATA"]) / "pubmed"
    articles = [
        record
        for path in sorted(folder.glob("*.xml.gz"))
        for record in parse(gzip.decompress(path.read_bytes()))
        if isinstance(record, Article) and record.abstract
    ]
    terms, frequencies = np.unique(tokens.vectorise(articles).ids, return_counts=True)
    kept = (frequencies > 1) & np.isin(terms >> tokens.BITS, KINDS)
    np.savez_compressed(
        OUT,
        documents=np.int64(len(articles)),
        terms=terms[kept],
        frequencies=frequencies[kept].astype(np.uint16),
    )
    print(f"{len(articles):,} records, {int(kept.sum()):,} terms, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
