"""Why a paper was, or was not, in a digest: stage by stage, in words. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from queries.records.digest import DeliveryState, Kind, Outcome
from queries.records.harvest import Lane
from queries.records.library import Decided, History, PastScore, Seen
from queries.watch.file import Watch
from reports.digest.wording import KINDS, LANES, day


@dataclass(frozen=True, slots=True)
class Probe:
    """What PubMed said just now: whether the PMID is there, and which parts of each topic it misses.

    `missed` maps a topic's short name to the parts that don't match, () where the topic finds it;
    `there` is None if PubMed couldn't be asked, for the reason in `trouble`.
    """

    there: bool | None
    missed: Mapping[str, tuple[str, ...]]
    trouble: str = ""


def tell(watch: Watch, it: History, test: Probe, siblings: Sequence[int]) -> list[str]:
    """The stages in order: PubMed, topics, library, work, score, digest, delivery."""
    title = f"PMID {it.pmid}" + (f": {it.article.title}" if it.article else "")
    stages = (
        _pubmed(it, test),
        _topics(watch, test),
        _seen(it),
        _work(it, siblings),
        _judged(it),
        _delivered(it),
    )
    return [title, *(f"- {line}" for stage in stages for line in stage)]


def _pubmed(it: History, test: Probe) -> Iterator[str]:
    if test.there is None:
        yield f"PubMed could not be asked just now: {test.trouble}"
    elif it.tombstone:
        after = f"; PMID {it.tombstone.successor} took its place" if it.tombstone.successor else ""
        yield f"PubMed deleted this record (noticed {day(it.tombstone.found.date())}){after}."
    elif not test.there:
        yield "PubMed has no such record: not yet, not any more, or the number is wrong."
    else:
        added = f", since {day(it.article.created.date())}" if it.article and it.article.created else ""
        yield f"It is in PubMed{added}."


def _topics(watch: Watch, test: Probe) -> Iterator[str]:
    for topic in watch.topics:
        if topic.short not in test.missed:
            continue
        missed = test.missed[topic.short]
        if not missed:
            yield f"The topic {topic.name} ({topic.short}) finds it today."
        else:
            parts = "; ".join(missed)
            yield f"The topic {topic.name} ({topic.short}) doesn't find it: no match for {parts}"


def _seen(it: History) -> Iterator[str]:
    ways: dict[tuple[str, str], list[str]] = {}
    for seen in _firsts(it.seen):
        topics = ways.setdefault((LANES[seen.lane].found, day(seen.first.date())), [])
        topics += [seen.topic] * (seen.topic != seen.lane)
    for (way, when), topics in ways.items():
        yield f"Found {way}{' by ' + ', '.join(topics) if topics else ''} on {when}."
    if not it.seen and it.article:
        yield "The library holds it (near the seed, or cited by it); no question of this watch found it."
    elif not it.seen:
        yield "No harvest of this watch has found it."
    if it.pending:
        yield (
            f"PubMed counted it and has not handed it out: asked {it.pending.tries} times since "
            f"{day(it.pending.first_asked.date())} ({it.pending.reason}); it is asked for at every harvest."
        )


def _firsts(seen: Sequence[Seen]) -> list[Seen]:
    """The first sighting by each topic or route; of several at once that by the plainest lane."""
    lanes, firsts = list(Lane), dict[str, Seen]()
    for sighting in sorted(seen, key=lambda one: (one.first, lanes.index(one.lane))):
        firsts.setdefault(sighting.topic, sighting)
    return sorted(firsts.values(), key=lambda one: (one.first, one.topic))


def _work(it: History, siblings: Sequence[int]) -> Iterator[str]:
    others = [pmid for pmid in siblings if pmid != it.pmid]
    if others:
        rules = sorted({link.rule for link in it.links if link.undone is None})
        same = f" (the same {', '.join(rules)})" if rules else ""
        yield f"It is one work with PMID {', '.join(map(str, others))}{same}: a work is told once."
    for link in it.links:
        if link.undone_by == "person":
            yield f"A person has parted PMID {link.a} and PMID {link.b}: they stay two works."


def _judged(it: History) -> Iterator[str]:
    scores = {score.number: score for score in it.scores}
    for decided in it.decisions:
        if decided.decision.outcome is not Outcome.KNOWN or decided.decision.kind is Kind.BASELINE:
            yield _decision(decided, scores.get(decided.number))
    if not it.decisions and it.seen:
        yield "No digest has been made since it was found: the next one decides."


def _decision(decided: Decided, score: PastScore | None) -> str:
    decision = decided.decision
    if decision.kind is Kind.BASELINE:
        return "It was there before this watch began, and counts as known."
    words = KINDS.get(decision.kind)
    if decision.outcome is Outcome.TOLD and words and words.told:
        said = f"told {words.told}"
    else:
        said = {
            Outcome.TOLD: f"told it, as number {decision.position}",
            Outcome.HELD: "held it over, being full",
            Outcome.BELOW: "left it out, as its score was below the threshold",
            Outcome.MERGED: f"counted it to work {decision.work}, told or judged under another PMID",
        }[decision.outcome]
    scored = f" It scored {score.score:.2f}: {score.why}." if score else ""
    return f"Digest {decided.number} ({day(decided.made.date())}) {said}.{scored}"


def _delivered(it: History) -> Iterator[str]:
    told = {each.number for each in it.decisions if each.decision.outcome is Outcome.TOLD}
    for delivery in it.deliveries:
        if delivery.number not in told:
            continue
        when = f"{delivery.changed:%Y-%m-%d %H:%M} UTC"
        match delivery.state:
            case DeliveryState.SENT:
                yield f"Digest {delivery.number} was delivered to {delivery.recipient} at {when}."
            case DeliveryState.UNKNOWN:
                yield f"Nobody knows whether digest {delivery.number} reached {delivery.recipient}."
            case _:
                yield (
                    f"Digest {delivery.number} is owed to {delivery.recipient}: {delivery.state} "
                    f"{delivery.reason}".rstrip()
                    + "."
                )
