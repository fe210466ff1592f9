"""Which records are worth comparing: those that meet under a key, found by DuckDB."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

import duckdb
import numpy as np

from queries.identity.citation import Citation, first_author, title, updates, year
from queries.library.file import SETTINGS, statement
from queries.library.migrations import known
from queries.records.article import Article

# For keys that are not stored; md5, which the library's are, takes as long as all the rest.
_QUICK_HASH = "CREATE OR REPLACE MACRO citation_hash(text) AS hash(text)"
Columns = Mapping[str, np.ndarray]


def meetings(articles: Sequence[Article], pmids: Sequence[int]) -> list[tuple[int, int]]:
    """Return the pairs of positions of articles that share a key, each pair once; `pmids` as they say."""
    with duckdb.connect(config=SETTINGS) as connection:
        connection.execute(known()[3][1])
        connection.execute(_QUICK_HASH)
        connection.register("fresh", _key_columns(articles, pmids))
        connection.execute(statement("keep_citation_keys"))
        return connection.execute(statement("which_meet_each_other")).fetchall()


def _key_columns(articles: Sequence[Article], pmids: Sequence[int]) -> Columns:
    texts: dict[str, Iterable[str]] = {
        "title": map(title, articles),
        "author": map(first_author, articles),
        "volume": map(attrgetter("journal.volume"), articles),
        "pages": map(attrgetter("pages"), articles),
        "doi": map(attrgetter("doi"), articles),
        "pmcid": map(attrgetter("pmcid"), articles),
        "updates": (";".join(map(str, updates(each))) if each.links else "" for each in articles),
    }
    return {
        "id": np.arange(len(articles)),
        "pmid": np.array(pmids, dtype="int64"),
        "year": np.fromiter(map(year, articles), "int32", len(articles)),
        **{name: np.fromiter(values, "object", len(articles)) for name, values in texts.items()},
    }


def citation_columns(citations: Sequence[Citation]) -> Columns:
    """Return citations as the table `fresh`: all their fields, and the first author for the keys."""
    numbers = {"id": "int64", "pmid": "int64", "year": "int32"}
    columns = {
        name: np.array(values, dtype=numbers.get(name, "object"))
        for name, values in zip(Citation._fields, zip(*citations, strict=True), strict=True)
    }
    authors = [said.authors.partition("|")[0] for said in citations]
    return {**columns, "author": np.array(authors, dtype="object")}
