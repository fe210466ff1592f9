"""What a report is made from, and the numbers of its flow diagram."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from queries.records.digest import Decision, Kind, Outcome
from queries.records.library import Decided, Pending, Run, Searched, Strategy
from reports.digest.record import Digest


class PrismaFlow(NamedTuple):
    """Records (PMIDs) of a span by what became of them in it, each counted once.

    records = before + baseline + merged + below + held + told. `before` were decided about before the
    span, `baseline` were there when the watch began. `works` are what was told, a work counted once,
    `earlier` those told before the span; `notices` count what was told of them since, by kind.
    """

    records: int
    before: int
    baseline: int
    merged: int
    below: int
    held: int
    told: int
    works: int
    earlier: int
    notices: tuple[tuple[Kind, int], ...] = ()

    @property
    def judged(self) -> int:
        """How many were scored: neither known nor merged."""
        return self.below + self.held + self.told


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodsInputs:
    """All that the library knows of a watch in a span: from `since` on and before `until`, both in UTC.

    `decided` holds every decision up to `until`, `digests` those of the span, the oldest first; `pending` and
    `waiting` (seen, in no digest yet) are as of `made`.
    """

    watch: str
    made: datetime
    since: datetime
    until: datetime
    digests: Sequence[Digest]
    decided: Sequence[Decided]
    searches: Sequence[Searched]
    strategies: Sequence[Strategy]
    runs: Sequence[Run]
    pending: Sequence[Pending] = ()
    waiting: int = 0


def prisma_flow(decided: Iterable[Decided], since: datetime, until: datetime) -> PrismaFlow:
    """What became of every record that was decided about in the span, by the last that decided of it."""
    before: set[int] = set()
    earlier: set[int] = set()
    final: dict[int, Decision] = {}
    notices: dict[Kind, int] = {}
    for each in sorted(decided, key=lambda each: (each.made, each.number)):
        decision = each.decision
        if each.made >= until:
            break
        if each.made < since:
            before.add(decision.pmid)
            if decision.outcome is Outcome.TOLD and not decision.kind.is_update:
                earlier.add(decision.work)
        elif decision.kind.is_update:
            notices[decision.kind] = notices.get(decision.kind, 0) + 1
        elif decision.outcome is not Outcome.KNOWN or decision.pmid not in final:
            final[decision.pmid] = decision
    counts = dict.fromkeys(Outcome, 0)
    baseline = 0
    for decision in final.values():
        counts[decision.outcome] += 1
        baseline += decision.kind is Kind.BASELINE
    told = {decision.work for decision in final.values() if decision.outcome is Outcome.TOLD}
    return PrismaFlow(
        records=len(final),
        before=counts[Outcome.KNOWN] - baseline,
        baseline=baseline,
        merged=counts[Outcome.MERGED],
        below=counts[Outcome.BELOW],
        held=counts[Outcome.HELD],
        told=counts[Outcome.TOLD],
        works=len(told),
        earlier=len(earlier),
        notices=tuple(sorted(notices.items(), key=lambda pair: pair[0].urgency)),
    )
