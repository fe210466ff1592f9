"""Decide what a digest tells: told, below the threshold or held over, and in which order. Pure."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from queries import calendar
from queries.errors import LedgerError
from queries.evidence.questions import shares
from queries.records.digest import Decision, Kind, Outcome, Threshold
from queries.records.harvest import Lane, LedgerLine
from queries.updates import retracted_on_arrival
from queries.watch.file import Watch
from reports.digest import wording
from reports.digest.entry import change, clean, entry, miss, rare_words, seed_name
from reports.digest.inputs import Candidate, Inputs
from reports.digest.questions import of_watch, question, reading_order
from reports.digest.record import Asked, Digest, Links, TopicName, counted

NEAR = 3  # are named at most,
WITHIN = 0.1  # so near to the threshold,
LEAST = 0.01  # and not below this, where nothing is near
NO_SEED = "PubMed holds no record of the seed: the ranking goes by its keywords and further examples."


def compose(
    inputs: Inputs, candidates: Sequence[Candidate], *, threshold: Threshold, sample: bool = False
) -> Digest:
    """Compose a digest; the order of the inputs does not matter.

    Raises LedgerError unless every found PMID is exactly one of known, merged and candidate.
    """
    watch, seed = inputs.watch, inputs.seeds.seed
    judged = {candidate.article.pmid for candidate in candidates}
    known, merged = inputs.found - inputs.waiting, inputs.waiting - judged
    _reconcile(inputs, known, merged, candidates)
    ranked = sorted(candidates, key=lambda each: (each.scored.place, -each.scored.score, each.article.pmid))
    passing = [each for each in ranked if each.scored.score >= threshold.value]
    below = sorted(
        (each for each in ranked if each.scored.score < threshold.value), key=lambda each: -each.scored.score
    )
    # what was retracted before it came is a change, never something to read, and takes no place
    retracted = [each for each in passing if Kind.RETRACTION in each.standing]
    news = [each for each in passing if Kind.RETRACTION not in each.standing]
    told, held = news[: watch.digest.cap], news[watch.digest.cap :]
    questions, rare = of_watch(watch), rare_words(told)
    share = shares([each.hits for each in told])
    entries = reading_order(
        (entry(each, watch, question(each, watch, share), rare) for each in told), questions
    )
    place = {each.pmid: position for position, each in enumerate(entries, 1)}
    updates = sorted(inputs.updates, key=lambda update: (update.kind.urgency, update.article.pmid))
    arrived = [change(retracted_on_arrival(each.article, each.work), each.topics) for each in retracted]
    found = (
        *(Decision(pmid, inputs.works[pmid], Outcome.KNOWN) for pmid in known),
        *(Decision(pmid, inputs.notices.get(pmid, inputs.works[pmid]), Outcome.MERGED) for pmid in merged),
        *(_decision(each, Outcome.BELOW) for each in below),
        *(_decision(each, Outcome.HELD) for each in held),
        *(_decision(each, Outcome.TOLD, place[each.article.pmid]) for each in told),
        *(_decision(each, Outcome.TOLD) for each in retracted),
    )
    changed = (
        Decision(update.article.pmid, update.work, Outcome.TOLD, update.kind, None, position)
        for position, update in enumerate(updates, 1)
    )
    # what is told with a red badge is not told again as a change
    badged = (
        Decision(each.article.pmid, each.work, Outcome.TOLD, kind)
        for each in (*told, *retracted)
        for kind in each.standing
    )
    asked = _asked(inputs.ledger, watch)
    least = max(threshold.value - WITHIN, LEAST)
    topics = tuple(TopicName(topic.short, topic.name, topic.term, topic.asked) for topic in watch.topics)
    return Digest(
        watch=watch.name,
        title=clean(watch.title),
        number=inputs.number,
        since=inputs.days.since,
        until=inputs.days.until,
        made=inputs.now,
        sample=sample,
        flow=counted(found),
        entries=entries,
        must_read=watch.digest.must_read,
        cap=watch.digest.cap,
        threshold=Threshold(float(threshold.value), threshold.why),
        near=tuple(miss(each) for each in below[:NEAR] if each.scored.score >= least),
        held=tuple(map(miss, held)),
        changes=(*arrived, *map(change, updates)),
        trouble=_trouble(inputs, asked),
        notes=() if seed else (NO_SEED,),
        coverage=inputs.days_read,
        asked=asked,
        topics=topics,
        seed=seed_name(seed) if seed else None,
        links=Links(archive=watch.digest.archive, mailbox=watch.digest.mailbox),
        decided=(*sorted(found, key=lambda decision: decision.pmid), *changed, *badged),
        questions=questions,
        keywords=tuple(map(clean, watch.seed.keywords)),
        judged=inputs.judged,
        past=inputs.past,
        watched=inputs.watched,
        new_queries=_new_queries(topics, inputs.asked_before),
    )


def _reconcile(
    inputs: Inputs, known: frozenset[int], merged: frozenset[int], candidates: Sequence[Candidate]
) -> None:
    """Raise LedgerError unless the parts add up to what was found."""
    parts = [*known, *merged, *(candidate.article.pmid for candidate in candidates)]
    if len(parts) == len(inputs.found) and set(parts) == inputs.found:
        return
    odd = sorted(inputs.found ^ set(parts)) or sorted({pmid for pmid in parts if parts.count(pmid) > 1})
    raise LedgerError(
        f"digest {inputs.number} of {inputs.watch.name}",
        f"{len(inputs.found)} found are not {len(known)} known + {len(merged)} merged + "
        f"{len(candidates)} to judge (PMID {', '.join(map(str, odd[:5]))})",
        f"Nothing was sent; ask `seedwatch why {inputs.watch.name} {odd[0]}`",
    )


def _decision(candidate: Candidate, outcome: Outcome, position: int | None = None) -> Decision:
    score = float(candidate.scored.score)
    return Decision(candidate.article.pmid, candidate.work, outcome, candidate.kind, score, position)


def _new_queries(topics: Iterable[TopicName], before: Sequence[TopicName]) -> tuple[str, ...]:
    """The topics that are asked otherwise than in the last digest; none in the first."""
    terms = {topic.short: topic.term for topic in before}
    return tuple(topic.short for topic in topics if before and terms.get(topic.short) != topic.term)


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


def _trouble(inputs: Inputs, asked: Sequence[Asked]) -> tuple[str, ...]:
    """What the last harvest could not read, whether it was long ago, and what else failed in the ledger."""
    harvest = inputs.harvest.trouble if inputs.harvest else ("PubMed has not been asked yet",)
    trouble = [clean(text) for text in harvest]
    if inputs.harvest and inputs.days_read is None:
        trouble.append("Not every topic of the watch has been read yet: the next harvest reads it")
    if inputs.days_read and calendar.stale(inputs.days_read.until, inputs.now):
        trouble.append(f"PubMed has been read only up to {wording.day(inputs.days_read.until)}")
    for ask in asked:
        if ask.error and not any(ask.error in text for text in trouble):
            trouble.append(f"{ask.topic} ({ask.lane}) could not be read: {ask.error}")
    return tuple(dict.fromkeys(trouble))
