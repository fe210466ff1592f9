"""Decide what a digest tells: told, below the threshold or held over, and in which order. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from queries.anchors import highlight, hits
from queries.errors import LedgerError
from queries.records import Article, Author, Decision, Evidence, Lane, LedgerLine, Outcome, Scored
from queries.watch import Watch
from reports.digest import (
    Asked,
    Badge,
    Change,
    Coverage,
    Digest,
    Entry,
    Links,
    Miss,
    SeedName,
    Threshold,
    TopicName,
    Trend,
    counted,
)

NEAR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A work that may be told: one per work, whatever the number of its records.

    `topics` are the shorts of those that found it and `lanes` the lanes and routes; `kind` is new,
    late (a back-sweep found it) or reindexed (it passes the threshold since MeSH arrived).
    """

    article: Article
    work: int
    scored: Scored
    topics: tuple[str, ...] = ()
    lanes: tuple[Lane, ...] = ()
    evidence: Evidence | None = None
    kind: str = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Something that happened to a told paper; see digest.Change. `article` is as it is now."""

    kind: str
    article: Article
    work: int = 0
    told_in: int | None = None
    note: str = ""
    when: date | None = None
    link: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What the digest is made from.

    `since` and `until` are Eastern days, both included; `now` is aware. `known` and `merged` map
    each found PMID that is nothing new to its work. `trouble` says what could not be read,
    `notes` what is merely noteworthy. `trends` are counts per week and topic, this week last.
    """

    number: int
    since: date
    until: date
    now: datetime
    found: Collection[int] = ()
    known: Mapping[int, int] = field(default_factory=dict)
    merged: Mapping[int, int] = field(default_factory=dict)
    candidates: Sequence[Candidate] = ()
    updates: Sequence[Update] = ()
    coverage: Coverage | None = None
    ledger: Sequence[LedgerLine] = ()
    trouble: Sequence[str] = ()
    notes: Sequence[str] = ()
    trends: Mapping[str, Sequence[int]] = field(default_factory=dict)


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
    updates = sorted(this.updates, key=lambda u: (_URGENCY.index(u.kind), u.article.pmid))
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
    asked = _asked(this.ledger)
    return Digest(
        watch=watch.name,
        title=_clean(watch.title),
        number=this.number,
        since=this.since,
        until=this.until,
        made=this.now,
        sample=sample,
        flow=counted(found),
        entries=tuple(_entry(c, watch) for c in told),
        must_read=watch.digest.must_read,
        cap=watch.digest.cap,
        threshold=Threshold(float(threshold.value), threshold.why),
        near=tuple(map(_miss, below[:NEAR])),
        held=tuple(map(_miss, held)),
        changes=tuple(map(_change, updates)),
        trouble=_trouble(this, asked),
        notes=tuple(map(_clean, this.notes)),
        coverage=this.coverage,
        asked=asked,
        topics=tuple(TopicName(t.short, t.name, t.term) for t in watch.topics),
        trends=tuple(
            Trend(t.short, tuple(this.trends[t.short])) for t in watch.topics if t.short in this.trends
        ),
        seed=_seed(seed) if seed else None,
        links=links,
        decided=(*sorted(found, key=lambda d: d.pmid), *changed),
    )


_URGENCY = ("retraction", "concern", "correction", "published", "reindexed")


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


def _entry(candidate: Candidate, watch: Watch) -> Entry:
    article, evidence = candidate.article, candidate.evidence
    hit = hits(article, watch.anchors, watch.seed.keywords)
    return Entry(
        pmid=article.pmid,
        **_titles(article),
        byline=_byline(article.authors),
        journal=_journal(article),
        published=article.published or article.electronic,
        added=article.created.date() if article.created else None,
        doi=article.doi,
        pmcid=article.pmcid,
        kind=candidate.kind,
        score=float(candidate.scored.score),
        why=_clean(candidate.scored.why),
        topics=tuple(t.short for t in watch.topics if t.short in candidate.topics),
        lanes=tuple(sorted(set(candidate.lanes))),
        badges=_badges(candidate),
        keywords=tuple(one.keyword for one in hit),
        quote=highlight(_clean(evidence.quote), watch.anchors, hit) if evidence else (),
        quote_label=_clean(evidence.quote_label) if evidence else "",
        tfr=bool(evidence and evidence.tfr),
    )


def _badges(candidate: Candidate) -> tuple[Badge, ...]:
    article, evidence = candidate.article, candidate.evidence
    types = {term.name for term in article.publication_types}
    kinds = {link.kind for link in article.links}
    badges = []
    if "Retracted Publication" in types or "RetractionIn" in kinds:
        badges.append(Badge("Retracted", "alert"))
    if "ExpressionOfConcernIn" in kinds:
        badges.append(Badge("Expression of concern", "alert"))
    if candidate.kind == "late":
        badges.append(Badge("Late arrival"))
    if candidate.kind == "reindexed":
        badges.append(Badge("Newly relevant after indexing"))
    if evidence:
        badges += [Badge("TFR", "good")] * evidence.tfr
        badges += [Badge(word[:1].upper() + word[1:]) for word in (evidence.study, *evidence.species) if word]
        badges += [Badge(f"n = {evidence.participants}")] if evidence.participants else []
    if "Preprint" in types:
        badges.append(Badge("Preprint"))
    if candidate.scored.title_only:
        badges.append(Badge("Title only"))
    return tuple(dict.fromkeys(badges))


def _change(update: Update) -> Change:
    return Change(
        kind=update.kind,
        pmid=update.article.pmid,
        **_titles(update.article),
        journal=_journal(update.article),
        told_in=update.told_in,
        note=_clean(update.note),
        when=update.when,
        link=update.link if update.link.startswith(("https://", "http://")) else "",
        topics=update.topics,
    )


def _miss(candidate: Candidate) -> Miss:
    title = _titles(candidate.article)["title"]
    return Miss(candidate.article.pmid, title, float(candidate.scored.score), candidate.topics)


def _titles(article: Article) -> dict[str, str]:
    title = _clean(article.title or article.vernacular_title) or f"[no title, PMID {article.pmid}]"
    return {"title": title, "title_html": _clean(article.title_html)}


def _byline(authors: Sequence[Author]) -> str:
    """First and last author: "Example A … Sample Z"."""
    names = [_clean(a.collective or f"{a.last} {a.initials}") for a in authors]
    match names:
        case []:
            return ""
        case [one]:
            return one
        case [one, two]:
            return f"{one}, {two}"
        case [one, *_, last]:
            return f"{one} … {last}"
    return ""


def _journal(article: Article) -> str:
    book = article.book.title if article.book else ""
    return _clean(article.journal.abbreviation or article.journal.title or book)


def _seed(seed: Article) -> SeedName:
    first = next((a.last or a.collective for a in seed.authors), "")
    who = f"{first} et al." if len(seed.authors) > 1 else first
    where = f"{_journal(seed)} {seed.published[:4]}".strip()
    return SeedName(_clean(", ".join(filter(None, (who, where))) or seed.title), seed.pmid, seed.doi)


def _asked(ledger: Iterable[LedgerLine]) -> tuple[Asked, ...]:
    """Sum the slices of each lane of each topic, in the ledger's order of first appearance."""
    lines = list(ledger)
    order = {key: i for i, key in reversed(list(enumerate((x.topic, x.lane) for x in lines)))}
    lines.sort(key=lambda x: (order[x.topic, x.lane], x.slice))
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
        error=_clean("; ".join(dict.fromkeys(line.error for line in slices if line.error))),
        warnings=tuple(dict.fromkeys(_clean(w) for line in slices for w in line.warnings)),
    )


def _trouble(this: Round, asked: Sequence[Asked]) -> tuple[str, ...]:
    """What the operator was told, and whatever failed in the ledger beyond that."""
    said = [_clean(text) for text in this.trouble]
    for ask in asked:
        if ask.error and not any(ask.error in text for text in said):
            said.append(f"{ask.topic} ({ask.lane}) could not be read: {ask.error}")
    return tuple(dict.fromkeys(said))


# Controls, lone surrogates and the marks that reorder or hide text: a title may not carry them.
_HARMFUL = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]+"
)


def _clean(text: str) -> str:
    return " ".join(_HARMFUL.sub(" ", text).split())
