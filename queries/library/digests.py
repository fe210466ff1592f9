"""Digests: what was decided about each PMID, with which score, told in which number."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from queries.errors import LedgerError
from queries.ledger import check
from queries.library.file import LibraryFile
from queries.library.harvests import unreported
from queries.library.outbox import PARCEL
from queries.library.rows import columns, to_json, utc
from queries.library.works import members_of
from queries.records.digest import Issue, Kind, Outcome
from queries.records.library import Decided, PastDigest, PastScore, Told

ENTRY = "pmid", "work", "outcome", "kind", "score", "position"
SCORE = "pmid", "score", "parts", "why", "title_only"


class Digests(LibraryFile):
    """The second commit point, and what past digests said."""

    def next_number(self, watch: str) -> int:
        """The number of the watch's next digest; the first is 1."""
        last = self.last_digest(watch)
        return last.number + 1 if last else 1

    def record(self, issue: Issue) -> None:
        """Write a digest, its decisions, scores and parcels in one transaction.

        Raises LedgerError, and writes nothing, if the flow line does not add up, if its number is
        not the next, or if it tells as new a work that was told before.
        """
        check(issue)
        last = self.last_digest(issue.watch)
        if last and (last.number, last.made, last.body) == (issue.number, issue.made, issue.body):
            return
        key = {"watch": issue.watch, "number": issue.number}
        moment = utc(issue.made)
        entries = [(d.pmid, d.work, d.outcome, d.kind, d.score, d.position) for d in issue.decisions]
        scores = [(s.pmid, s.score, to_json(s.parts), s.why, s.title_only) for s in issue.scores]
        with self.transaction():
            self._refuse_repeats(issue)
            self.ask(
                "digest/record", made=moment, since=issue.since, until=issue.until, subject=issue.subject,
                ranker=issue.ranker, body=issue.body, **key, **issue.flow._asdict(),
            )  # fmt: skip
            self._decide(issue.watch, issue.number, entries, issue.made)
            self.ask("score/record", ranker=issue.ranker, **key, **columns(SCORE, scores))
            parcels = [tuple(getattr(parcel, name) for name in PARCEL) for parcel in issue.parcels]
            self.ask("parcel/record", now=moment, **key, **columns(PARCEL, parcels))
            self.ask("reader_entry/record", **key, **columns(("recipient", "pmid"), issue.readings))

    def baseline(self, watch: str, now: datetime, pmids: Collection[int] | None = None) -> int:
        """Take PMIDs (all that is unreported) as known without telling them; return how many."""
        with self.transaction():
            waiting = unreported(self, watch)
            known = sorted(waiting if pmids is None else waiting.intersection(pmids))
            works = members_of(self, known)
            rows = [(pmid, min(works[pmid]), Outcome.KNOWN, Kind.BASELINE, None, None) for pmid in known]
            self._decide(watch, 0, rows, now)
        return len(known)

    def last_digest(self, watch: str) -> PastDigest | None:
        """The newest digest of the watch."""
        return next(iter(self.read(PastDigest, "digest/last_digest", watch=watch)), None)

    def digests(self, watch: str) -> tuple[PastDigest, ...]:
        """Every digest of the watch, the first one first."""
        return tuple(self.read(PastDigest, "digest/digests", watch=watch))

    def digest_watches(self) -> list[str]:
        """The names of all watches that have a digest."""
        return [name for (name,) in self.ask("digest/digest_watches")]

    def told(self, watch: str) -> tuple[Told, ...]:
        """What digests have told, updates included (see `kind`), in their order."""
        return tuple(self.read(Told, "digest_entry/told", watch=watch))

    def closed(self, watch: str, pmids: Collection[int]) -> frozenset[int]:
        """Which works of the PMIDs are no news any more: told, or known when the watch began."""
        works = members_of(self, pmids)
        members = {member for work in works.values() for member in work}
        known = {pmid for (pmid,) in self.ask("digest_entry/closed", watch=watch, pmids=list(members))}
        return frozenset(min(work) for work in works.values() if not known.isdisjoint(work))

    def reindexed(self, watch: str) -> set[int]:
        """PMIDs left out as below the threshold whose abstract or MeSH arrived since: to be judged anew."""
        return {pmid for (pmid,) in self.ask("digest_entry/reindexed", watch=watch)}

    def decisions(self, watch: str, pmids: Collection[int]) -> tuple[Decided, ...]:
        """What was decided about the PMIDs, the oldest digest first."""
        return tuple(self.read(Decided, "digest_entry/decisions", watch=watch, pmids=list(pmids)))

    def scores(self, watch: str, pmids: Collection[int]) -> tuple[PastScore, ...]:
        """How the PMIDs were scored, the oldest digest first."""
        return tuple(self.read(PastScore, "score/scores", watch=watch, pmids=list(pmids)))

    def _decide(self, watch: str, number: int, entries: Iterable[Sequence[object]], now: datetime) -> None:
        rows = columns(ENTRY, entries)
        self.ask("digest_entry/decide", watch=watch, number=number, now=utc(now), **rows)
        pairs = zip(rows["pmid"], rows["outcome"], strict=True)
        decided = [pmid for pmid, outcome in pairs if outcome is not Outcome.HELD]
        self.ask("undecided/decide", watch=watch, pmids=decided)

    def _refuse_repeats(self, issue: Issue) -> None:
        subject = f"digest {issue.number} of {issue.watch}"
        if issue.number != (number := self.next_number(issue.watch)):
            raise LedgerError(
                subject, f"the next digest is number {number}", "Another run made one meanwhile: run again"
            )
        telling = [
            decision.pmid
            for decision in issue.decisions
            if decision.outcome is Outcome.TOLD and not decision.kind.is_update
        ]
        works = members_of(self, telling)
        told = {
            decision.pmid
            for _, _, decision in self.decisions(
                issue.watch, {pmid for work in works.values() for pmid in work}
            )
            if decision.outcome is Outcome.TOLD and not decision.kind.is_update
        }
        for pmid in telling:
            if not told.isdisjoint(works[pmid]):
                raise LedgerError(
                    subject,
                    f"would tell PMID {pmid} as new, and its work {min(works[pmid])} was told before",
                    "This is a fault of seedwatch: report it; nothing was recorded, nothing is lost",
                )
            told.add(pmid)
