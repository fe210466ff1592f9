"""The newest version of each PMID, what changed in it, and what PubMed deleted."""

import struct
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from queries.library.file import LibraryFile
from queries.library.rows import arrays, changes, columns, decode, encode, fingerprint, utc
from queries.records.article import Article
from queries.records.library import Fetched, Remembered, Revision, Tombstone

COLUMNS = (
    "pmid", "title", "journal", "published", "doi", "pmcid", "revised", "hash", "first_fetched", "record",
    "created",
)  # fmt: skip
_ID, _COUNT = "q", "H"  # as a library keeps terms and their counts, by struct, the lowest byte first
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


class Stored(NamedTuple):
    """What the library knows of a record without reading it."""

    pmid: int
    hash: str
    first_fetched: datetime


class Articles(LibraryFile):
    """Articles by PMID; none belongs to a watch."""

    def unknown(self, pmids: Collection[int]) -> set[int]:
        """Those of the PMIDs that the library has no record of."""
        return set(pmids) - stored(self, pmids).keys()

    def articles(self, pmids: Sequence[int]) -> list[Article]:
        """The records of the PMIDs, in their order; a PMID without a record is left out."""
        found = dict(self.ask("article/articles", pmids=list(pmids)))
        return [decode(found[pmid]) for pmid in pmids if pmid in found]

    def fetched(self, pmids: Collection[int]) -> dict[int, Fetched]:
        """When each stored record was fetched, and its date of revision: is it to be read again."""
        rows = self.read(Fetched, "article/fetched", pmids=list(pmids))
        return {fetched.pmid: fetched for fetched in rows}

    def revisions(self, pmids: Collection[int], after: datetime = BEGINNING) -> tuple[Revision, ...]:
        """What changed in the records, by PMID and time, after a moment."""
        return tuple(self.read(Revision, "revision/revisions", pmids=list(pmids), after=utc(after)))

    def bury(self, pmid: int, successor: int | None, reason: str, now: datetime) -> None:
        """Note that PubMed deleted a record; what was stored of it stays."""
        with self.transaction():
            self.ask("tombstone/bury", pmid=pmid, successor=successor, reason=reason, now=utc(now))
            stop_waiting(self, [pmid])

    def tombstones(self, pmids: Collection[int]) -> dict[int, Tombstone]:
        """Those of the PMIDs that PubMed deleted."""
        rows = self.read(Tombstone, "tombstone/tombstones", pmids=list(pmids))
        return {tombstone.pmid: tombstone for tombstone in rows}

    def keep_vectors(
        self, vocabulary: str, vectors: Mapping[int, tuple[Sequence[int], Sequence[int]]]
    ) -> None:
        """Store term ids and their counts by PMID, in place of what that vocabulary held of them."""
        rows = [(pmid, _packed(_ID, ids), _packed(_COUNT, counts)) for pmid, (ids, counts) in vectors.items()]
        with self.transaction():
            self.ask("vector/keep_vectors_drop", vocabulary=vocabulary, pmids=list(vectors))
            if rows:
                fresh = arrays(columns(("pmid", "ids", "counts"), rows))
                self.ask_with(fresh, "vector/keep_vectors", vocabulary=vocabulary)

    def vectors(self, vocabulary: str, pmids: Collection[int]) -> dict[int, tuple[list[int], list[int]]]:
        """The stored term ids and counts by PMID; a PMID revised or new since is left out."""
        rows = self.ask("vector/vectors", vocabulary=vocabulary, pmids=list(pmids))
        return {pmid: (_unpacked(_ID, ids), _unpacked(_COUNT, counts)) for pmid, ids, counts in rows}


def _packed(kind: str, numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}{kind}", *numbers)


def _unpacked(kind: str, packed: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(packed) // struct.calcsize('<' + kind)}{kind}", packed))


def stored(library: LibraryFile, pmids: Collection[int]) -> dict[int, Stored]:
    """Those of the PMIDs that the library has a record of."""
    return {each.pmid: each for each in library.read(Stored, "article/stored", pmids=list(pmids))}


def stop_waiting(library: LibraryFile, pmids: Collection[int]) -> None:
    """Strike PMIDs, which came or are gone, off what every watch awaits."""
    library.ask("pending/stop_waiting", pmids=list(pmids))


def keep(library: LibraryFile, articles: Collection[Article], now: datetime) -> Remembered:
    """Upsert articles and what identity makes of them, within a transaction.

    A PMID given twice counts by its last.
    """
    from queries.library.identity import identify  # noqa: PLC0415 - numpy and rapidfuzz, to write alone

    newest = {article.pmid: article for article in articles}
    remembered = _write(library, newest, now)
    identify(library, [newest[pmid] for pmid in (*remembered.new, *remembered.changed)], now)
    return remembered


def _write(library: LibraryFile, newest: Mapping[int, Article], now: datetime) -> Remembered:
    """Write the articles' records: what is large is let go before they are compared."""
    texts = {pmid: encode(article) for pmid, article in newest.items()}
    hashes = {pmid: fingerprint(text) for pmid, text in texts.items()}
    before = stored(library, newest)
    new = [pmid for pmid in newest if pmid not in before]
    changed = [pmid for pmid, old in before.items() if old.hash != hashes[pmid]]
    rows = [
        (
            pmid, a.title, a.journal.abbreviation or a.journal.title, a.published, a.doi, a.pmcid, a.revised,
            hashes[pmid], utc(before[pmid].first_fetched if pmid in before else now), texts[pmid],
            a.created,
        )
        for pmid in (*new, *changed) for a in (newest[pmid],)
    ]  # fmt: skip
    records = dict(library.ask("article/articles", pmids=changed))
    revised = [
        (pmid, *change)
        for pmid in changed
        if (change := changes(decode(records[pmid]), newest[pmid]))[0]  # else only more of it is read
    ]
    moment = utc(now)
    library.ask("revision/keep", now=moment, **columns(("pmid", "fields", "words", "before"), revised))
    library.ask("article/keep_drop", pmids=changed)
    if rows:
        library.ask_with(arrays(columns(COLUMNS, rows)), "article/keep", now=moment)
    library.ask("article/keep_fetched", now=moment, pmids=list(before))
    library.ask("vector/keep_drop", pmids=changed)
    known = before.keys() - set(changed)
    return Remembered(tuple(sorted(new)), tuple(sorted(changed)), tuple(sorted(known)))
