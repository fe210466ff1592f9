"""Digests: what was decided about each PMID, with which score, told in which number."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from queries.errors import LedgerError
from queries.ledger import check
from queries.library.harvests import Harvests
from queries.library.rows import PARTS, aware, columns, utc
from queries.library.works import Works
from queries.records.digest import Decision, DeliveryState, Flow, Issue, Kind, Outcome
from queries.records.library import Decided, PastDigest, PastScore, Told, Verdict

ENTRY = "pmid", "work", "outcome", "kind", "score", "position"
SCORE = "pmid", "score", "parts", "why", "title_only"


class Issues(Harvests, Works):
    """The second commit point, and what past digests said."""

    def next_number(self, watch: str) -> int:
        """The number of the watch's next digest; the first is 1."""
        last = self.last_digest(watch)
        return last.number + 1 if last else 1

    def record(self, issue: Issue) -> None:
        """Write a digest, its decisions, scores and planned deliveries in one transaction.

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
        scores = [
            (s.pmid, s.score, PARTS.dump_json(s.parts).decode(), s.why, s.title_only) for s in issue.scores
        ]
        with self.transaction():
            self._refuse_repeats(issue)
            self.ask(
                "digest/record", made=moment, since=issue.since, until=issue.until, subject=issue.subject,
                ranker=issue.ranker, body=issue.body, **key, **issue.flow._asdict(),
            )  # fmt: skip
            self.ask("digest_entry/decide", now=moment, **key, **columns(ENTRY, entries))
            self.ask("score/record", ranker=issue.ranker, **key, **columns(SCORE, scores))
            self.ask(
                "delivery/record",
                state=DeliveryState.PLANNED, recipients=list(issue.recipients), now=moment, **key,
            )  # fmt: skip

    def baseline(self, watch: str, now: datetime, pmids: Collection[int] | None = None) -> int:
        """Take PMIDs (all that is unreported) as known without telling them; return how many."""
        with self.transaction():
            waiting = self.unreported(watch)
            known = sorted(waiting if pmids is None else waiting.intersection(pmids))
            works = self.works(known)
            rows = [(pmid, works[pmid], Outcome.KNOWN, Kind.BASELINE, None, None) for pmid in known]
            self.ask("digest_entry/decide", watch=watch, number=0, now=utc(now), **columns(ENTRY, rows))
        return len(known)

    def last_digest(self, watch: str) -> PastDigest | None:
        """The newest digest of the watch."""
        rows = self.ask("digest/last_digest", watch=watch)
        return _digest(rows[0]) if rows else None

    def digests(self, watch: str) -> tuple[PastDigest, ...]:
        """Every digest of the watch, the first one first."""
        return tuple(map(_digest, self.ask("digest/digests", watch=watch)))

    def told(self, watch: str) -> tuple[Told, ...]:
        """What digests have told, updates included (see `kind`), in their order."""
        rows = self.ask("digest_entry/told", watch=watch)
        return tuple(
            Told(pmid, work, number, aware(made), Kind(kind)) for pmid, work, number, made, kind in rows
        )

    def closed(self, watch: str) -> frozenset[int]:
        """The works that are no news any more: told, or known when the watch began."""
        pmids = [pmid for (pmid,) in self.ask("digest_entry/closed", watch=watch)]
        return frozenset(self.works(pmids).values())

    def reindexed(self, watch: str) -> set[int]:
        """PMIDs left out as below the threshold whose abstract or MeSH arrived since: to be judged anew."""
        return {pmid for (pmid,) in self.ask("digest_entry/reindexed", watch=watch)}

    def decisions(self, watch: str, pmids: Collection[int]) -> tuple[Decided, ...]:
        """What was decided about the PMIDs, the oldest digest first."""
        rows = self.ask("digest_entry/decisions", watch=watch, pmids=list(pmids))
        return tuple(
            Decided(number, aware(made), Decision(pmid, work, Outcome(outcome), Kind(kind), score, position))
            for number, made, pmid, work, outcome, kind, score, position in rows
        )

    def scores(self, watch: str, pmids: Collection[int]) -> tuple[PastScore, ...]:
        """How the PMIDs were scored, the oldest digest first."""
        rows = self.ask("score/scores", watch=watch, pmids=list(pmids))
        return tuple(
            PastScore(number, pmid, score, PARTS.validate_json(parts), *rest)
            for number, pmid, score, parts, *rest in rows
        )

    def judge(self, watch: str, verdicts: Mapping[int, bool], now: datetime, reader: str = "") -> None:
        """Keep what a reader said: is the article relevant to the watch."""
        rows = verdicts.items()
        self.ask(
            "feedback/judge", watch=watch, now=utc(now), reader=reader, **columns(("pmid", "relevant"), rows)
        )

    def feedback(self, watch: str) -> dict[int, bool]:
        """The newest verdict on each article that readers judged."""
        rows = self.ask("feedback/verdicts", watch=watch)
        return {pmid: relevant for pmid, relevant, *_ in rows}

    def verdicts(self, watch: str) -> tuple[Verdict, ...]:
        """Every verdict, the oldest first."""
        rows = self.ask("feedback/verdicts", watch=watch)
        return tuple(Verdict(pmid, relevant, aware(given), by) for pmid, relevant, given, by in rows)

    def _refuse_repeats(self, issue: Issue) -> None:
        subject = f"digest {issue.number} of {issue.watch}"
        if issue.number != (number := self.next_number(issue.watch)):
            raise LedgerError(
                subject, f"the next digest is number {number}", "Another run made one meanwhile: run again"
            )
        telling = [d.pmid for d in issue.decisions if d.outcome is Outcome.TOLD and not d.kind.is_update]
        told = [row.pmid for row in self.told(issue.watch) if not row.kind.is_update]
        works = self.works({*telling, *told})
        earlier = {works[pmid] for pmid in told}
        for pmid in telling:
            if works[pmid] in earlier:
                raise LedgerError(
                    subject,
                    f"would tell PMID {pmid} as new, and its work {works[pmid]} was told before",
                    "This is a fault of seedwatch: report it; nothing was recorded, nothing is lost",
                )
            earlier.add(works[pmid])


def _digest(row: tuple[Any, ...]) -> PastDigest:
    number, made, since, until, subject, *flow, body = row
    return PastDigest(number, aware(made), since, until, subject, Flow(*flow), body)
