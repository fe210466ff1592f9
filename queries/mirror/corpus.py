"""A loaded corpus: which records are visible at a moment, and where words, values and days occur.

A doc is one version of one record, a number from 0; sets of docs are sorted numpy arrays.
"""

import zlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Self

import duckdb
import numpy as np
from numpy.typing import NDArray

from queries.errors import RecordsError
from queries.mirror.cache import ArrayCache
from queries.mirror.index import TEXT_FIELDS
from queries.records.harvest import Refusal

Docs = NDArray[np.int32]

ALWAYS = datetime(1, 1, 1)  # noqa: DTZ001 - US Eastern without a zone, as all of the corpus's times
VARIATIONS = 600  # of a wildcard; PubMed's own limit
_MOST_PARSED = 50_000  # texts whose words are remembered
_ROOM = 1 << 28  # bytes for what was looked up last

_VERSIONS = """
    SELECT doc, pmid, deleted, created, pub_date, author, journal,
        greatest(released, coalesce(created, released)) AS since,
        lead(released) OVER (PARTITION BY pmid ORDER BY released, file, version + 9999 * deleted::INT, place)
            AS until
    FROM record ORDER BY doc
"""


@dataclass(frozen=True)
class View:
    """The corpus at a moment: `visible` by doc; `pmids` sorted, beside the `docs` that hold them."""

    visible: NDArray[np.bool_]
    pmids: NDArray[np.int64]
    docs: Docs

    def of(self, pmids: Iterable[int]) -> list[int]:
        """The docs of those of `pmids` that are visible, in their order."""
        asked = np.fromiter(pmids, np.int64)
        if not len(self.pmids):
            return []
        at = np.minimum(np.searchsorted(self.pmids, asked), len(self.pmids) - 1)
        return [int(doc) for doc in self.docs[at[self.pmids[at] == asked]]]

    def seen(self, docs: Docs) -> Docs:
        """Those of `docs` that are visible."""
        return docs[self.visible[docs]]


def connect(db: Path | None, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a corpus file, or memory; RecordsError where that is impossible."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    try:
        return duckdb.connect(str(db or ":memory:"), read_only=read_only, config=settings)
    except duckdb.Error as trouble:
        reason = str(trouble).splitlines()[0]
        raise RecordsError(
            str(db), f"cannot be opened: {reason}", "Name a file made by mirror load"
        ) from trouble


class Corpus:
    """Records and their index. Thread-safe: each lookup has a cursor of its own."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Take over a connection whose tables are those of schema.sql."""
        self._connection = connection
        self._lock = Lock()
        self._cache = ArrayCache(_ROOM)
        self._views: OrderedDict[int, View] = OrderedDict()
        self._parsed: dict[str, tuple[tuple[str, ...], str]] = {}
        self.variations = lru_cache(1000)(self._variations)
        table = connection.execute(_VERSIONS).fetchnumpy()
        self.pmids = np.asarray(table["pmid"], np.int64)
        self.created = _filled(table["created"], np.datetime64("1900-01-01", "us"))
        self.pub_date = _filled(table["pub_date"], np.datetime64("1900-01-01", "us"))
        self.author = np.asarray(table["author"], str)
        self.journal = np.asarray(table["journal"], str)
        self._since = _filled(table["since"], np.datetime64(ALWAYS, "us"))
        self._until = _filled(table["until"], np.datetime64("9999-12-31", "us"))
        self._deleted = np.asarray(table["deleted"], bool)
        self._events = np.unique(np.concatenate([self._since, self._until])).tolist()

    @classmethod
    def open(cls, db: Path) -> "Corpus":
        """The corpus of a file that `load` made; several processes may read it at once."""
        if not db.is_file():
            raise RecordsError(
                str(db), "no such file", "Make it with `seedwatch mirror load XML_DIR --db FILE`"
            )
        connection = connect(db, read_only=True)
        try:
            return cls(connection)
        except duckdb.CatalogException as other:
            connection.close()
            raise RecordsError(str(db), "is not a mirror's file", "Name one made by mirror load") from other

    def __enter__(self) -> Self:
        """Use it in a with block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @property
    def refused(self) -> list[Refusal]:
        """The records that could not be read, with their reasons."""
        return [Refusal(*row) for row in self._rows("SELECT pmid, reason FROM refused ORDER BY ALL")]

    def __len__(self) -> int:
        """Distinct PMIDs ever held, deleted ones included."""
        return len(np.unique(self.pmids))

    def view(self, now: datetime) -> View:
        """What is visible at `now`, US Eastern without a zone."""
        epoch = bisect_right(self._events, now)
        with self._lock:
            if epoch in self._views:
                return self._views[epoch]
        moment = np.datetime64(now, "us")
        visible = (self._since <= moment) & (moment < self._until) & ~self._deleted
        docs = np.flatnonzero(visible).astype(np.int32)
        docs = docs[np.argsort(self.pmids[docs], kind="stable")]
        view = View(visible, self.pmids[docs], docs)
        with self._lock:
            self._views[epoch] = view
            if len(self._views) > 4:  # noqa: PLR2004 - now, and the requests still on their way
                self._views.popitem(last=False)
        return view

    def raw(self, docs: Sequence[int]) -> list[bytes]:
        """The records' own bytes, in the order asked."""
        rows = self._rows("SELECT doc, raw FROM record WHERE doc IN (SELECT unnest($docs))", {"docs": docs})
        found = dict(rows)
        return [zlib.decompress(found[doc]) for doc in docs]

    def learn(self, texts: Iterable[str]) -> None:
        """Split texts into words, all in one query, so that `words` and `plain` need not ask again."""
        new = {*texts} - self._parsed.keys()
        if new:
            rows = self._rows(
                "SELECT text, words(text), plain(text) FROM (SELECT unnest($texts) AS text)",
                {"texts": [*new]},
            )
            if len(self._parsed) > _MOST_PARSED:
                self._parsed = {}
            self._parsed |= {text: (tuple(words), plain) for text, words, plain in rows}

    def words(self, text: str) -> tuple[str, ...]:
        """`text` as the index's words; a wildcard's star stays in its word."""
        return self._parsed_text(text)[0]

    def plain(self, text: str) -> str:
        """`text` as the index's values are written."""
        return self._parsed_text(text)[1]

    def _parsed_text(self, text: str) -> tuple[tuple[str, ...], str]:
        while True:
            known = self._parsed.get(text)
            if known is not None:
                return known
            self.learn([text])

    def _variations(self, pattern: str) -> tuple[str, ...]:
        """The words that a pattern with stars stands for, at most VARIATIONS + 1 of them."""
        stem = pattern.partition("*")[0]
        rows = self._rows(
            "SELECT DISTINCT word FROM word WHERE word >= $stem AND word < $behind AND word LIKE $like"
            " ORDER BY word LIMIT $most",
            {
                "stem": stem,
                "behind": stem + "\U0010ffff",
                "like": pattern.replace("*", "%"),
                "most": VARIATIONS + 1,
            },
        )
        return tuple(word for (word,) in rows)

    def phrase(self, fields: Sequence[str], words: Sequence[Sequence[str]]) -> Docs:
        """The docs in one of whose `fields` the words stand side by side; each may be one of several."""

        def ask() -> Docs:
            spots = self._spots(words[0], fields)
            for nth, group in enumerate(words[1:], 1):
                following = self._spots(group, None)
                at = np.searchsorted(following, spots + nth)
                spots = spots[at < len(following)]
                at = at[at < len(following)]
                spots = spots[following[at] == spots + nth]
            return _docs_of(spots)

        if not words or not all(words):
            return np.empty(0, np.int32)
        return self._kept(("phrase", tuple(fields), tuple(map(tuple, words))), ask)

    def near(self, fields: Sequence[str], words: Sequence[str], between: int) -> Docs:
        """The docs where all `words` stand in one text, in any order, `between` others at most among."""

        def ask() -> Docs:
            rows = sorted((spot, word) for word in {*words} for spot in self._spots([word], fields).tolist())
            return np.array(sorted(_close_together(rows, words, between)), np.int32)

        return self._kept(("near", tuple(fields), tuple(words), between), ask)

    def having(self, field: str, values: Sequence[str], like: str = "") -> Docs:
        """The docs that have one of `values` (already plain) in `field`, or a value LIKE `like`."""
        given: dict[str, object] = {"field": field, "values": list(values), "like": like}
        return self._kept(
            ("having", field, tuple(values), like),
            lambda: self._docs(
                "SELECT DISTINCT doc FROM value WHERE field = $field"
                " AND (value IN (SELECT unnest($values)) OR ($like <> '' AND value LIKE $like ESCAPE '\\'))",
                given,
            ),
        )

    def between(self, field: str, low: date, high: date) -> Docs:
        """The docs with a day of `field` from `low` to `high`, both included."""
        return self._kept(
            ("between", field, low, high),
            lambda: self._docs(
                "SELECT DISTINCT doc FROM day WHERE field = $field AND day BETWEEN $low AND $high",
                {"field": field, "low": low, "high": high},
            ),
        )

    def citing(self, pmid: int) -> Docs:
        """The docs whose reference list names `pmid`."""
        return self._docs("SELECT DISTINCT doc FROM cites WHERE pmid = $pmid", {"pmid": pmid})

    def cited(self, doc: int) -> list[int]:
        """The PMIDs that a doc's reference list names."""
        return [
            pmid
            for (pmid,) in self._rows("SELECT pmid FROM cites WHERE doc = $doc ORDER BY ALL", {"doc": doc})
        ]

    def _rows(self, statement: str, given: dict[str, object] | None = None) -> list[tuple]:  # type: ignore[type-arg]
        with self._connection.cursor() as cursor:
            return cursor.execute(statement, given or {}).fetchall()

    def _docs(self, statement: str, given: dict[str, object]) -> Docs:
        with self._connection.cursor() as cursor:
            return np.sort(np.asarray(cursor.execute(statement, given).fetchnumpy()["doc"], np.int32))

    def _spots(self, words: Sequence[str], fields: Sequence[str] | None) -> NDArray[np.int64]:
        """The places of any of `words`, ascending, in `fields` (None: in all)."""

        def ask() -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
            one = len(words) == 1
            where = "= $words" if one else "BETWEEN $low AND $high AND word IN (SELECT unnest($words))"
            given = {"words": words[0] if one else list(words)}
            given |= {} if one else {"low": min(words), "high": max(words)}
            with self._connection.cursor() as cursor:
                statement = f"SELECT spot, field FROM word WHERE word {where}"  # noqa: S608 - of constants
                found = cursor.execute(statement, given).fetchnumpy()
            spots, codes = np.asarray(found["spot"], np.int64), np.asarray(found["field"], np.uint8)
            order = np.argsort(spots, kind="stable")
            return spots[order], codes[order]

        spots, codes = self._cache.take(("spots", *words), ask)
        if fields is None:
            return spots
        wanted = np.zeros(256, bool)
        wanted[[TEXT_FIELDS.index(name) for name in fields]] = True
        return spots[wanted[codes]]

    def _kept(self, key: Hashable, ask: Callable[[], Docs]) -> Docs:
        return self._cache.take(key, lambda: (ask(),))[0]


def _docs_of(spots: NDArray[np.int64]) -> Docs:
    """The docs of places, ascending, each once."""
    docs = (spots >> 28).astype(np.int32)
    return docs[np.append(True, docs[1:] != docs[:-1])] if len(docs) else docs


def _filled(column: NDArray[np.datetime64], absent: np.datetime64) -> NDArray[np.datetime64]:
    """A column of times with `absent` where there is none."""
    times: NDArray[np.datetime64] = np.ma.filled(np.ma.asarray(column, "datetime64[us]"), absent)
    return np.where(np.isnat(times), absent, times)


def _close_together(rows: list[tuple[int, str]], words: Sequence[str], between: int) -> set[int]:
    """Docs with a window of places that holds every word and at most `between` others (rows by place)."""
    needed = {word: words.count(word) for word in words}
    found, inside, start = set(), dict.fromkeys(needed, 0), 0
    for spot, word in rows:
        inside[word] += 1
        while spot - rows[start][0] + 1 > len(words) + between:
            inside[rows[start][1]] -= 1
            start += 1
        if all(inside[word] >= count for word, count in needed.items()):
            found.add(spot >> 28)
    return found
