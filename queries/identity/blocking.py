"""Which records are worth comparing: those that meet under a key, found by DuckDB."""

import os
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from operator import attrgetter

import duckdb
import numpy as np

from queries.identity.citation import Citation, first_author, title, updates, year
from queries.identity.groups import MOST, NEIGHBOURS, Pair
from queries.records.article import Article

Columns = Mapping[str, np.ndarray]

_HERE = files("queries.identity")
# (id, key) of every row of the table `fresh`, which has the columns of `citation_columns`.
KEYS = (_HERE / "keys.sql").read_text(encoding="utf-8")
# The pairs that meet, of tables `met` (key, id, fresh) and `described` (what a crowd is sorted by).
MEETINGS = (_HERE / "meetings.sql").read_text(encoding="utf-8")
BOUNDS = {"most": MOST, "neighbours": NEIGHBOURS}
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "1GB",
    "threads": min(4, os.cpu_count() or 1),
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def meetings(articles: Sequence[Article], pmids: Sequence[int]) -> list[Pair]:
    """Return the pairs of positions of articles that meet under a key, each once; `pmids` as they say."""
    with duckdb.connect(config=_SETTINGS) as connection:
        connection.register("fresh", _key_columns(articles, pmids))
        # hash() may change between versions of DuckDB; these keys are not stored.
        connection.execute(
            f"CREATE TABLE met AS SELECT hash(key) AS key, id, true AS fresh FROM ({KEYS})"  # noqa: S608 - a file of ours
        )
        connection.execute("CREATE VIEW described AS FROM fresh")
        return connection.execute(MEETINGS, BOUNDS).fetchall()


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
    authors = [each.authors.partition("|")[0] for each in citations]
    return {**columns, "author": np.array(authors, dtype="object")}
