"""A loaded corpus: which records are visible at a moment, and where words, values and days occur.

A doc is one version of one record, a number from 0; sets of docs are sorted numpy arrays.
"""

import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Self

import duckdb
import numpy as np
from numpy.typing import NDArray

from queries.errors import RecordsError
from queries.mirror.cache import ArrayCache
from queries.mirror.index import TEXT_FIELDS
from queries.mirror.segment import STEP, unpacked_values, unpacked_words
from queries.records.harvest import Refusal

Docs = NDArray[np.int32]

MAGIC = slice(8, 12), b"DUCK"  # https://duckdb.org/docs/internals/storage
ALWAYS = datetime(1, 1, 1)  # noqa: DTZ001 - US Eastern without a zone, as all of the corpus's times
VARIATIONS = 600  # of a wildcard; PubMed's own limit
_ROOM = 1 << 28  # bytes for what was looked up last
_MANY = 20  # keys that are found in one pass: each for itself costs a millisecond

_VERSIONS = """
    SELECT doc, pmid, deleted, created, pub_date, greatest(released, coalesce(created, released)) AS since,
        lead(released) OVER (PARTITION BY pmid ORDER BY released, file, version + 9999 * deleted::INT, place)
            AS until
    FROM record ORDER BY doc
"""
_LISTS = "SELECT key, first, list FROM posting WHERE {} ORDER BY key, first"


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
    if db and db.is_file() and db.stat().st_size > 0:
        with db.open("rb") as file:
            if file.read(MAGIC[0].stop)[MAGIC[0]] != MAGIC[1]:  # DuckDB would read a CSV as a database
                raise RecordsError(str(db), "is not a database", "Name a file made by mirror load")
    try:
        connection = duckdb.connect(str(db or ":memory:"), read_only=read_only, config=settings)
        connection.execute("SET enable_progress_bar = false")
    except duckdb.Error as trouble:
        reason = str(trouble).splitlines()[0]
        raise RecordsError(
            str(db), f"cannot be opened: {reason}", "Name a file made by mirror load"
        ) from trouble
    return connection


class Corpus:
    """Records and their index. Thread-safe: each lookup has a cursor of its own."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Take over a connection whose tables are those of schema.sql."""
        self._connection = connection
        self._lock = Lock()
        self._cache = ArrayCache(_ROOM)
        self._views: OrderedDict[int, View] = OrderedDict()
        self.variations = lru_cache(1000)(self._variations)
        table = connection.execute(_VERSIONS).fetchnumpy()
        self.pmids = np.asarray(table["pmid"], np.int64)
        self.created = _filled(table["created"], np.datetime64("1900-01-01", "us"))
        self.pub_date = _filled(table["pub_date"], np.datetime64("1900-01-01", "us"))
        self._since = _filled(table["since"], np.datetime64(ALWAYS, "us"))
        self._until = _filled(table["until"], np.datetime64("9999-12-31", "us"))
        self._deleted = np.asarray(table["deleted"], bool)
        self._events = np.unique(np.concatenate([self._since, self._until]))

    @classmethod
    def open(cls, db: Path) -> "Corpus":
        """The corpus of a file that `load` made; several processes may read it at once."""
        if not db.is_file():
            raise RecordsError(
                str(db), "no such file", "Make it with `seedwatch mirror load XML_DIR --db FILE`"
            )
        connection = connect(db, read_only=True)
        try:
            connection.execute("SELECT key, first, list FROM posting LIMIT 0")
            return cls(connection)
        except duckdb.Error as other:
            connection.close()
            raise RecordsError(
                str(db), "is not a mirror's file of this version", "Name one made by mirror load"
            ) from other

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
        moment = np.datetime64(now, "us")
        epoch = int(np.searchsorted(self._events, moment, "right"))
        with self._lock:
            if epoch in self._views:
                return self._views[epoch]
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

    def by_name(self, docs: Docs, column: str) -> Docs:
        """`docs` in the order of their first author or journal; what is alike stays in its order."""
        assert column in {"author", "journal"}  # noqa: S101 - no name from outside comes here
        rows = self._rows(
            f"SELECT doc, {column} FROM record WHERE doc IN (SELECT unnest($docs))",  # noqa: S608
            {"docs": docs.tolist()},
        )
        names = dict(rows)
        return np.array(sorted(docs.tolist(), key=names.__getitem__), np.int32)

    def prefetch(self, words: Iterable[str]) -> None:
        """Look many words up in one pass, for `phrase` to find them at hand."""
        new = sorted(key for word in words if (key := f"={word}") not in self._cache)
        if len(new) < _MANY:
            return
        found: dict[str, list[tuple[int, bytes]]] = {key: [] for key in new}
        for key, first, packed in self._lists_of(new):
            found[key].append((first, packed))
        for key, parts in found.items():
            spots = _joined(parts)
            self._cache.take(key, lambda spots=spots: (spots,))  # type: ignore[misc]

    def _variations(self, pattern: str) -> tuple[str, ...]:
        """The words that a pattern with stars stands for, at most VARIATIONS + 1 of them."""
        stem = "=" + pattern.partition("*")[0]
        rows = self._rows(
            "SELECT DISTINCT key FROM posting WHERE key >= $stem AND key < $behind AND key LIKE $like"
            " ORDER BY key LIMIT $most",
            {
                "stem": stem,
                "behind": stem + "\U0010ffff",
                "like": "=" + pattern.replace("*", "%"),
                "most": VARIATIONS + 1,
            },
        )
        return tuple(key[1:] for (key,) in rows)

    def similar_words(self, stem: str) -> list[tuple[str, int]]:
        """(word, occurrences) of the words that begin with `stem`."""
        return self._rows(
            "SELECT key[2:], sum(octet_length(list))::BIGINT FROM posting"
            " WHERE key >= $stem AND key < $behind GROUP BY key",
            {"stem": f"={stem}", "behind": f"={stem}\U0010ffff"},
        )

    def phrase(self, fields: Sequence[str], words: Sequence[Sequence[str]]) -> Docs:
        """The docs in one of whose `fields` the words stand side by side; each may be one of several."""

        def ask() -> Docs:
            spots = self._in_fields(self._spots(words[0]), fields)
            for nth, group in enumerate(words[1:], 1):
                following, wanted = self._spots(group), spots + nth * STEP
                at = np.searchsorted(following, wanted)
                inside = at < len(following)
                spots, at, wanted = spots[inside], at[inside], wanted[inside]
                spots = spots[following[at] == wanted]
            return _docs_of(spots)

        if not words or not all(words):
            return np.empty(0, np.int32)
        return self._kept(("phrase", tuple(fields), tuple(map(tuple, words))), ask)

    def near(self, fields: Sequence[str], words: Sequence[str], between: int) -> Docs:
        """The docs where all `words` stand in one text, in any order, `between` others at most among."""

        def ask() -> Docs:
            spots = {word: self._in_fields(self._spots([word]), fields) for word in {*words}}
            docs = _docs_of(min(spots.values(), key=len))
            for each in spots.values():
                docs = np.intersect1d(docs, _docs_of(each), assume_unique=True)
            rows = sorted(
                (spot, word) for word, each in spots.items() for spot in _among(each, docs).tolist()
            )
            return np.array(sorted(_close_together(rows, words, between)), np.int32)

        return self._kept(("near", tuple(fields), tuple(words), between), ask)

    def having(self, field: str, values: Sequence[str], like: str = "") -> Docs:
        """The docs that have one of `values` (already plain) in `field`, or a value LIKE `like`."""

        def ask() -> Docs:
            lists = self._lists_of(sorted({f"{field}:{value}" for value in values}))
            if like:
                lists += self._lists("key LIKE $like ESCAPE '\\'", {"like": f"{field}:{like}"})
            docs = [unpacked_values(packed, first) for _, first, packed in lists]
            return np.unique(np.concatenate(docs)) if docs else np.empty(0, np.int32)

        return self._kept(("having", field, tuple(values), like), ask)

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

    def _rows(self, statement: str, params: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            return cursor.execute(statement, dict(params or {})).fetchall()

    def _docs(self, statement: str, params: dict[str, object]) -> Docs:
        with self._connection.cursor() as cursor:
            return np.sort(np.asarray(cursor.execute(statement, params).fetchnumpy()["doc"], np.int32))

    def _lists(self, where: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        return self._rows(_LISTS.format(where), params)

    def _lists_of(self, keys: Sequence[str]) -> list[tuple[Any, ...]]:
        """The rows of some keys, ascending; of many in one pass over what lies between them."""
        if len(keys) < _MANY:
            return [row for key in keys for row in self._lists("key = $key", {"key": key})]
        given: dict[str, object] = {"keys": list(keys), "low": keys[0], "high": keys[-1]}
        return self._lists("key BETWEEN $low AND $high AND key IN (SELECT unnest($keys))", given)

    def _spots(self, words: Sequence[str]) -> NDArray[np.int64]:
        """The places of any of `words`, ascending, in all fields."""
        self.prefetch(words)
        spots = [self._spots_of(word) for word in words]
        return spots[0] if len(spots) == 1 else np.sort(np.concatenate(spots))

    def _spots_of(self, word: str) -> NDArray[np.int64]:
        key = f"={word}"

        def ask() -> tuple[NDArray[np.int64]]:
            parts = [(first, packed) for _, first, packed in self._lists("key = $key", {"key": key})]
            return (_joined(parts),)

        spots: NDArray[np.int64] = self._cache.take(key, ask)[0]
        return spots

    @staticmethod
    def _in_fields(spots: NDArray[np.int64], fields: Sequence[str]) -> NDArray[np.int64]:
        wanted = np.zeros(STEP, bool)
        wanted[[TEXT_FIELDS.index(name) for name in fields]] = True
        return np.asarray(spots[wanted[spots & (STEP - 1)]], np.int64)

    def _kept(self, key: Hashable, ask: Callable[[], Docs]) -> Docs:
        return self._cache.take(key, lambda: (ask(),))[0]


def _joined(parts: Sequence[tuple[int, bytes]]) -> NDArray[np.int64]:
    """The spots of a word in all segments."""
    return np.concatenate(
        [np.empty(0, np.int64), *(unpacked_words(packed, first) for first, packed in parts)]
    )


def _docs_of(spots: NDArray[np.int64]) -> Docs:
    """The docs of places, ascending, each once."""
    docs = (spots >> 32).astype(np.int32)
    return docs[np.append(True, docs[1:] != docs[:-1])] if len(docs) else docs


def _among(spots: NDArray[np.int64], docs: Docs) -> NDArray[np.int64]:
    """The places that are in one of `docs`."""
    return np.asarray(spots[np.isin(spots >> 32, docs)], np.int64)


def _filled(column: NDArray[np.datetime64], absent: np.datetime64) -> NDArray[np.datetime64]:
    """A column of times with `absent` where there is none."""
    times: NDArray[np.datetime64] = np.ma.filled(np.ma.asarray(column, "datetime64[us]"), absent)
    return np.where(np.isnat(times), absent, times)


def _close_together(rows: list[tuple[int, str]], words: Sequence[str], between: int) -> set[int]:
    """Docs with a window of places that holds every word and at most `between` others (rows by place)."""
    needed = {word: words.count(word) for word in words}
    found, inside, start = set(), dict.fromkeys(needed, 0), 0
    widest = (len(words) + between - 1) * STEP
    for spot, word in rows:
        inside[word] += 1
        while spot - rows[start][0] > widest:
            inside[rows[start][1]] -= 1
            start += 1
        if all(inside[word] >= count for word, count in needed.items()):
            found.add(spot >> 32)
    return found
