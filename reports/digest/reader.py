"""The digest as one recipient gets it: what he wants of one digest, or of those of a whole month. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from queries.records.digest import Band, Flow, Kind
from queries.watch.file import Recipient, Watch
from reports.digest.questions import reading_order
from reports.digest.record import Badge, Change, Digest, Entry, Miss, PastEntry, ReadersQuestion
from reports.digest.wording import KINDS, plural

_BANDS = tuple(Band)  # the nearest first


def for_reader(digest: Digest, recipient: Recipient, were_sent: frozenset[int]) -> Digest:
    """The digest as the recipient wants it: his topics, questions, order, cap and band.

    Changes are his only where he was sent the paper: `were_sent` holds such PMIDs, as they were told; what
    is new to everybody is a change for all who want its topic. The flow line and the troubles stay those of
    the whole watch, since they are the proof.
    """
    topics = set(recipient.topics)
    questions = _questions(digest.questions, recipient)
    keys = [question.key for question in questions]

    def wants(of: tuple[str, ...]) -> bool:
        return not topics or bool(topics.intersection(of))

    def fits(each: Entry | PastEntry) -> bool:
        near = not recipient.band or _BANDS.index(Band.of(each.score)) <= _BANDS.index(Band(recipient.band))
        return wants(each.topics) and each.question in keys and near

    def in_order(question: str) -> int:
        return keys.index(question)

    wanted = sorted((entry for entry in digest.entries if fits(entry)), key=lambda e: in_order(e.question))
    cap = recipient.cap or len(wanted)
    kept = _best(wanted, cap)
    past = [
        each
        for _, of_one in groupby((each for each in digest.past if fits(each)), lambda each: each.number)
        for each in list(of_one)[: recipient.cap]
    ]
    return replace(
        digest,
        entries=tuple(entry for entry in wanted if entry.pmid in kept),
        beyond=tuple(Miss(e.pmid, e.title, e.score, e.topics) for e in wanted if e.pmid not in kept),
        changes=tuple(
            change
            for change in digest.changes
            if (change.told_pmid in were_sent if change.told_in else wants(change.topics))
        ),
        near=tuple(miss for miss in digest.near if wants(miss.topics)),
        held=tuple(miss for miss in digest.held if wants(miss.topics)),
        asked=tuple(asked for asked in digest.asked if not topics or asked.topic in topics),
        topics=tuple(topic for topic in digest.topics if not topics or topic.short in topics),
        new_queries=tuple(short for short in digest.new_queries if not topics or short in topics),
        questions=questions,
        past=tuple(past),
        profile=_profile(recipient, digest),
    )


def _best(entries: Sequence[Entry], cap: int) -> frozenset[int]:
    """The entries that a cap leaves: the best by score, whatever their question."""
    return frozenset(entry.pmid for entry in sorted(entries, key=lambda entry: -entry.score)[:cap])


def _questions(questions: tuple[ReadersQuestion, ...], recipient: Recipient) -> tuple[ReadersQuestion, ...]:
    """The questions that he has, his `order`'s first."""
    wanted = tuple(q for q in questions if not recipient.questions or q.key in recipient.questions)
    return tuple(sorted(wanted, key=lambda question: question.key != recipient.order))


def _profile(recipient: Recipient, digest: Digest) -> str:
    """What he wants, in words; "" if he wants all."""
    names = {question.key: question.name for question in digest.questions}
    parts = [
        ", ".join(topic.short for topic in digest.topics if topic.short in recipient.topics),
        ", ".join(names[key] for key in recipient.questions if key in names),
        f"{recipient.band} and nearer" if recipient.band not in {"", Band.CORE} else recipient.band,
        f"at most {recipient.cap}" if recipient.cap else "",
    ]
    return "; ".join(filter(None, parts))


def gets_next(watch: Watch, recipient: Recipient, last: datetime | None, now: datetime) -> bool:
    """Whether a recipient gets the digest of `now`: each one, or the first of each month.

    `last` is when the last digest that he was sent, or is to be sent, was made. Months are the watch's own.
    """
    if recipient.frequency == "weekly" or last is None or last > now:
        return True
    zone = watch.schedule.zone
    return last.astimezone(zone).strftime("%Y-%m") != now.astimezone(zone).strftime("%Y-%m")


def together(digests: Sequence[Digest]) -> Digest:
    """Several digests in a row as one, the last one's number on it, for who reads once a month.

    Their flows are added. What was told and has changed since is told as it stands: retracted meanwhile, it
    is a change and nothing to read; any other change is a word on its badge line.
    """
    *earlier, last = digests
    if not earlier:
        return last
    told = {entry.pmid: entry for digest in digests for entry in digest.entries}
    changes: list[Change] = []
    for change in (change for digest in digests for change in digest.changes):
        entry = told.get(change.told_pmid)
        if not change.told_in or not entry:
            changes.append(change)
        elif change.kind in {Kind.RETRACTION, Kind.DELETED}:
            del told[entry.pmid]
            changes.append(replace(change, told_in=None, topics=entry.topics))
        else:
            badge = Badge(KINDS[change.kind].label, "alert" if change.kind is not Kind.PUBLISHED else "plain")
            told[entry.pmid] = replace(entry, badges=tuple(dict.fromkeys((badge, *entry.badges))))
    answered = {entry.question for entry in told.values()}
    keys = {question.key for question in last.questions}
    had = {q.key: q for digest in earlier for q in digest.questions if q.key in answered - keys}
    questions = (*last.questions, *had.values())  # the watch has changed: what answered the old ones was told
    entries = sorted(told.values(), key=lambda entry: -entry.score)
    flows = [digest.flow for digest in digests]
    return replace(
        last,
        since=min(digest.since for digest in digests),
        flow=Flow(*map(sum, zip(*flows, strict=True))),
        entries=reading_order(entries, questions),
        questions=questions,
        changes=tuple(sorted(changes, key=lambda change: change.kind.urgency)),
        notes=(
            *last.notes,
            f"These are {plural(len(digests), 'digest')} in one: {earlier[0].number} to {last.number}.",
        ),
        new_queries=tuple(dict.fromkeys(short for digest in digests for short in digest.new_queries)),
        past=tuple(each for each in last.past if each.number < earlier[0].number),
    )
