"""Why a paper was, or was not, in a digest: stage by stage, in words. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from queries.records.digest import Band, Kind, Outcome
from queries.records.harvest import Lane
from queries.records.library import Decided, History, PastScore, Seen
from queries.records.outbox import DeliveryState
from queries.watch.file import Watch
from reports.answers.outbox import place, sentence
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


def tell(watch: Watch, history: History, probe: Probe, siblings: Sequence[int]) -> list[str]:
    """The stages in order: PubMed, topics, library, work, score, digest, delivery."""
    title = f"PMID {history.pmid}" + (f": {history.article.title}" if history.article else "")
    stages = (
        _pubmed(history, probe),
        _topics(watch, probe),
        _seen(history),
        _work(history, siblings),
        _judged(history),
        _delivered(watch, history),
    )
    return [title, *(f"- {line}" for stage in stages for line in stage)]


def _pubmed(history: History, probe: Probe) -> Iterator[str]:
    if probe.there is None:
        yield f"PubMed could not be asked just now: {probe.trouble}"
    elif history.tombstone:
        after = f"; PMID {history.tombstone.successor} took its place" if history.tombstone.successor else ""
        yield f"PubMed deleted this record (noticed {day(history.tombstone.found.date())}){after}."
    elif not probe.there:
        yield "PubMed has no such record: not yet, not any more, or the number is wrong."
    else:
        added = (
            f", since {day(history.article.created.date())}"
            if history.article and history.article.created
            else ""
        )
        yield f"It is in PubMed{added}."


def _topics(watch: Watch, probe: Probe) -> Iterator[str]:
    for topic in watch.topics:
        if topic.short not in probe.missed:
            continue
        missed = probe.missed[topic.short]
        if not missed:
            yield f"The topic {topic.name} ({topic.short}) finds it today."
        else:
            parts = "; ".join(missed)
            yield f"The topic {topic.name} ({topic.short}) doesn't find it: no match for {parts}"


def _seen(history: History) -> Iterator[str]:
    ways: dict[tuple[str, str], list[str]] = {}
    for sighting in _firsts(history.seen):
        topics = ways.setdefault((LANES[sighting.lane].found, day(sighting.first.date())), [])
        topics += [sighting.topic] * (sighting.topic != sighting.lane)
    for (way, when), topics in ways.items():
        yield f"Found {way}{' by ' + ', '.join(topics) if topics else ''} on {when}."
    if not history.seen and history.article:
        yield "The library holds it (near the seed, or cited by it); no question of this watch found it."
    elif not history.seen:
        yield "No harvest of this watch has found it."
    if pending := history.pending:
        yield (
            f"PubMed counted it and has not handed it out: asked {pending.tries} times since "
            f"{day(pending.first_asked.date())} ({pending.reason}); it is asked for at every harvest."
        )


def _firsts(seen: Sequence[Seen]) -> list[Seen]:
    """The first sighting by each topic or route; of several at once that by the plainest lane."""
    lanes, firsts = list(Lane), dict[str, Seen]()
    for sighting in sorted(seen, key=lambda sighting: (sighting.first, lanes.index(sighting.lane))):
        firsts.setdefault(sighting.topic, sighting)
    return sorted(firsts.values(), key=lambda sighting: (sighting.first, sighting.topic))


def _work(history: History, siblings: Sequence[int]) -> Iterator[str]:
    others = [pmid for pmid in siblings if pmid != history.pmid]
    if others:
        rules = sorted({link.rule for link in history.links if link.undone is None})
        same = f" (the same {', '.join(rules)})" if rules else ""
        yield f"It is one work with PMID {', '.join(map(str, others))}{same}: a work is told once."
    for link in history.links:
        if link.undone_by == "person":
            yield f"A person has parted PMID {link.a} and PMID {link.b}: they stay two works."


def _judged(history: History) -> Iterator[str]:
    scores = {score.number: score for score in history.scores}
    for decided in history.decisions:
        if decided.decision.outcome is not Outcome.KNOWN or decided.decision.kind is Kind.BASELINE:
            yield _decision(decided, scores.get(decided.number))
    if not history.decisions and history.seen:
        yield "No digest has been made since it was found: the next one decides."


def _decision(decided: Decided, score: PastScore | None) -> str:
    decision = decided.decision
    if decision.kind is Kind.BASELINE:
        return "It was there before this watch began, and counts as known."
    words = KINDS.get(decision.kind)
    if decision.outcome is Outcome.TOLD and words and words.told:
        act = f"told {words.told}"
    else:
        act = {
            Outcome.TOLD: f"told it, as number {decision.position}",
            Outcome.HELD: "held it over, being full",
            Outcome.BELOW: "left it out, as its score was below the threshold",
            Outcome.MERGED: f"counted it to work {decision.work}, told or judged under another PMID",
        }[decision.outcome]
    scored = f" It scored {score.score:.2f} ({Band.of(score.score)}): {score.why}." if score else ""
    if decision.position and score:
        scored += " Its place goes by what this digest's papers have in common, too; its score is its own."
    return f"Digest {decided.number} ({day(decided.made.date())}) {act}.{scored}"


def _delivered(watch: Watch, history: History) -> Iterator[str]:
    told_in = {decided.number for decided in history.decisions if decided.decision.outcome is Outcome.TOLD}
    for delivery in history.deliveries:
        if delivery.number not in told_in:
            continue
        when = f"{delivery.changed:%Y-%m-%d %H:%M} UTC"
        match delivery.state:
            case DeliveryState.SENT:
                yield f"Digest {delivery.number} was delivered to {place(delivery)} at {when}."
            case DeliveryState.WAIVED:
                yield f"Digest {delivery.number} to {place(delivery)} was waived at {when}."
            case _:
                yield f"{sentence(watch.name, delivery)}."
