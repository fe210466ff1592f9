"""The newest version of each PMID, what changed in it, and what PubMed deleted."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from queries.library.identity import Evidence
from queries.library.rows import arrays, aware, changes, columns, decode, encode, fingerprint, utc
from queries.records.article import Article
from queries.records.library import Fetched, Remembered, Revision, Tombstone

COLUMNS = (
    "pmid", "title", "journal", "published", "doi", "pmcid", "revised", "hash", "first_fetched", "record",
)  # fmt: skip
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


class Articles(Evidence):
    """Articles by PMID; none belongs to a watch."""

    def unknown(self, pmids: Collection[int]) -> set[int]:
        """Those of the PMIDs that the library has no record of."""
        return set(pmids) - {pmid for pmid, *_ in self.ask("article/stored", pmids=list(pmids))}

    def articles(self, pmids: Sequence[int]) -> list[Article]:
        """The records of the PMIDs, in their order; a PMID without a record is left out."""
        found = dict(self.ask("article/articles", pmids=list(pmids)))
        return [decode(found[pmid]) for pmid in pmids if pmid in found]

    def fetched(self, pmids: Collection[int]) -> dict[int, Fetched]:
        """When each stored record was fetched, and its date of revision: is it to be read again."""
        rows = self.ask("article/fetched", pmids=list(pmids))
        return {row[0]: Fetched(row[0], aware(row[1]), aware(row[2]), row[3]) for row in rows}

    def revisions(self, pmids: Collection[int], after: datetime = BEGINNING) -> tuple[Revision, ...]:
        """What changed in the records, by PMID and time, after a moment."""
        rows = self.ask("revision/revisions", pmids=list(pmids), after=utc(after))
        return tuple(
            Revision(pmid, aware(at), tuple(fields), tuple(words), json.loads(before))
            for pmid, at, fields, words, before in rows
        )

    def bury(self, pmid: int, successor: int | None, reason: str, now: datetime) -> None:
        """Note that PubMed deleted a record; what was stored of it stays."""
        with self.transaction():
            self.ask("tombstone/bury", pmid=pmid, successor=successor, reason=reason, now=utc(now))
            self.ask("pending/drop_pending", pmids=[pmid])

    def tombstones(self, pmids: Collection[int]) -> dict[int, Tombstone]:
        """Those of the PMIDs that PubMed deleted."""
        rows = self.ask("tombstone/tombstones", pmids=list(pmids))
        return {row[0]: Tombstone(row[0], row[1], aware(row[2]), row[3]) for row in rows}

    def keep_vectors(
        self, vocabulary: str, vectors: Mapping[int, tuple[Sequence[int], Sequence[int]]]
    ) -> None:
        """Store term ids and their counts by PMID, in place of what that vocabulary held of them."""
        rows = [(pmid, list(ids), list(counts)) for pmid, (ids, counts) in vectors.items()]
        with self.transaction():
            self.ask("vector/keep_vectors_drop", vocabulary=vocabulary, pmids=list(vectors))
            self.ask("vector/keep_vectors", vocabulary=vocabulary, **columns(("pmid", "ids", "counts"), rows))

    def vectors(self, vocabulary: str, pmids: Collection[int]) -> dict[int, tuple[list[int], list[int]]]:
        """The stored term ids and counts by PMID; a PMID revised or new since is left out."""
        rows = self.ask("vector/vectors", vocabulary=vocabulary, pmids=list(pmids))
        return {pmid: (ids, counts) for pmid, ids, counts in rows}

    def _keep(self, articles: Collection[Article], now: datetime) -> Remembered:
        """Upsert within a transaction of the caller's; a PMID given twice counts by its last."""
        newest = {article.pmid: article for article in articles}
        texts = {pmid: encode(article) for pmid, article in newest.items()}
        hashes = {pmid: fingerprint(text) for pmid, text in texts.items()}
        moment = utc(now)
        stored = {pmid: rest for pmid, *rest in self.ask("article/stored", pmids=list(newest))}
        new = [pmid for pmid in newest if pmid not in stored]
        changed = [pmid for pmid, (mark, _) in stored.items() if mark != hashes[pmid]]
        rows = [
            (pmid, a.title, a.journal.abbreviation or a.journal.title, a.published, a.doi, a.pmcid,
             a.revised, hashes[pmid], stored.get(pmid, (None, moment))[1], texts[pmid])
            for pmid in (*new, *changed) for a in (newest[pmid],)
        ]  # fmt: skip
        revised = [(old.pmid, *changes(old, newest[old.pmid])) for old in self.articles(changed)]
        self.ask("revision/keep", now=moment, **columns(("pmid", "fields", "words", "before"), revised))
        self.ask("article/keep_drop", pmids=changed)
        if rows:
            self.ask_with(arrays(columns(COLUMNS, rows)), "article/keep", now=moment)
        self.ask("article/keep_fetched", now=moment, pmids=list(stored))
        self.ask("vector/keep_drop", pmids=changed)
        self.ask("identity_link/unlink_changed_ids", now=moment, pmids=changed)
        self.ask("identity_link/link_same_ids", now=moment, pmids=new + changed)
        self._identify([newest[pmid] for pmid in (*new, *changed)], now)
        known = set(stored) - set(changed)
        return Remembered(tuple(sorted(new)), tuple(sorted(changed)), tuple(sorted(known)))
