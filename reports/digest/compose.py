"""Decide what a digest tells: told, below the threshold or held over, and in which order. Pure."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from queries.errors import LedgerError
from queries.records.article import Article
from queries.records.digest import Decision, Outcome
from queries.records.harvest import Lane, LedgerLine
from queries.updates import standing
from queries.watch.file import Watch
from reports.digest.entry import change, clean, entry, miss, seed_name
from reports.digest.inputs import Candidate, Round, Update
from reports.digest.record import (
    Asked,
    Digest,
    Links,
    Threshold,
    TopicName,
    Trend,
    counted,
)

__all__ = ["Candidate", "Round", "Update", "compose"]  # what compose is given comes with it
NEAR = 5


def compose(
    watch: Watch,
    this: Round,
    *,
    threshold: Threshold,
    seed: Article | None = None,
    links: Links = Links(),  # noqa: B008 - a NamedTuple is immutable
    sample: bool = False,
) -> Digest:
    """Compose a digest; the order of the inputs does not matter.

    Raises LedgerError unless every found PMID is exactly one of known, merged and candidate.
    """
    _reconcile(watch, this)
    ranked = sorted(this.candidates, key=lambda c: (-c.scored.score, c.article.pmid))
    passing = [c for c in ranked if c.scored.score >= threshold.value]
    below = [c for c in ranked if c.scored.score < threshold.value]
    told, held = passing[: watch.digest.cap], passing[watch.digest.cap :]
    updates = sorted(this.updates, key=lambda u: (u.kind.urgency, u.article.pmid))
    found = (
        *(Decision(pmid, work, Outcome.KNOWN) for pmid, work in this.known.items()),
        *(Decision(pmid, work, Outcome.MERGED) for pmid, work in this.merged.items()),
        *(_decision(c, Outcome.BELOW) for c in below),
        *(_decision(c, Outcome.HELD) for c in held),
        *(_decision(c, Outcome.TOLD, position) for position, c in enumerate(told, 1)),
    )
    changed = (
        Decision(u.article.pmid, u.work, Outcome.TOLD, u.kind, None, position)
        for position, u in enumerate(updates, 1)
    )
    # what is told with a red badge is not told again as a change
    badged = (
        Decision(c.article.pmid, c.work, Outcome.TOLD, kind) for c in told for kind in standing(c.article)
    )
    asked = _asked(this.ledger, watch)
    return Digest(
        watch=watch.name,
        title=clean(watch.title),
        number=this.number,
        since=this.since,
        until=this.until,
        made=this.now,
        sample=sample,
        flow=counted(found),
        entries=tuple(entry(c, watch) for c in told),
        must_read=watch.digest.must_read,
        cap=watch.digest.cap,
        threshold=Threshold(float(threshold.value), threshold.why),
        near=tuple(map(miss, below[:NEAR])),
        held=tuple(map(miss, held)),
        changes=tuple(map(change, updates)),
        trouble=_trouble(this, asked),
        notes=tuple(map(clean, this.notes)),
        coverage=this.coverage,
        asked=asked,
        topics=tuple(TopicName(t.short, t.name, t.term) for t in watch.topics),
        trends=tuple(
            Trend(t.short, tuple(this.trends[t.short])) for t in watch.topics if t.short in this.trends
        ),
        seed=seed_name(seed) if seed else None,
        links=links,
        decided=(*sorted(found, key=lambda d: d.pmid), *changed, *badged),
    )


def _reconcile(watch: Watch, this: Round) -> None:
    """Hold the sum of the parts against what was found."""
    parts = [*this.known, *this.merged, *(c.article.pmid for c in this.candidates)]
    found = set(this.found)
    if len(parts) == len(found) and set(parts) == found:
        return
    odd = sorted(found ^ set(parts)) or sorted({pmid for pmid in parts if parts.count(pmid) > 1})
    raise LedgerError(
        f"digest {this.number} of {watch.name}",
        f"{len(found)} found are not {len(this.known)} known + {len(this.merged)} merged + "
        f"{len(this.candidates)} to judge (PMID {', '.join(map(str, odd[:5]))})",
        f"Nothing was sent; ask `seedwatch why {watch.name} {odd[0]}`",
    )


def _decision(candidate: Candidate, outcome: Outcome, position: int | None = None) -> Decision:
    score = float(candidate.scored.score)
    return Decision(candidate.article.pmid, candidate.work, outcome, candidate.kind, score, position)


def _asked(ledger: Iterable[LedgerLine], watch: Watch) -> tuple[Asked, ...]:
    """Sum the slices of each lane of each topic, in the watch's order; routes without a topic last."""
    topics = [topic.short for topic in watch.topics]
    place = {topic: at for at, topic in enumerate(topics)}
    lanes = list(Lane)
    lines = sorted(
        ledger, key=lambda x: (place.get(x.topic, len(topics)), x.topic, lanes.index(x.lane), x.slice)
    )
    return tuple(_sum(list(slices)) for _, slices in groupby(lines, key=lambda x: (x.topic, x.lane)))


def _sum(slices: list[LedgerLine]) -> Asked:
    windows = [line.window for line in slices if line.window]
    ends = [w.until for w in windows]
    return Asked(
        topic=slices[0].topic,
        lane=slices[0].lane,
        field=windows[0].field if windows else "",
        since=min((w.since for w in windows), default=None),
        until=max((u for u in ends if u), default=None) if None not in ends else None,
        count=sum(line.count for line in slices),
        new=sum(line.new for line in slices),
        missing=sum(line.missing for line in slices),
        error=clean("; ".join(dict.fromkeys(line.error for line in slices if line.error))),
        warnings=tuple(dict.fromkeys(clean(w) for line in slices for w in line.warnings)),
    )


def _trouble(this: Round, asked: Sequence[Asked]) -> tuple[str, ...]:
    """What the operator was told, and whatever failed in the ledger beyond that."""
    said = [clean(text) for text in this.trouble]
    for ask in asked:
        if ask.error and not any(ask.error in text for text in said):
            said.append(f"{ask.topic} ({ask.lane}) could not be read: {ask.error}")
    return tuple(dict.fromkeys(said))
