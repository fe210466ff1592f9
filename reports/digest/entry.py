"""From a record to what the digest says of it: entry, change, near miss."""

import re
from collections.abc import Sequence

from queries.ranking.words import sentence
from queries.records.article import Article, Author
from queries.records.digest import Kind, Scored
from queries.text.keywords import highlight
from queries.updates import Update, is_preprint
from queries.watch.file import Watch
from reports.digest import links
from reports.digest.inputs import Candidate
from reports.digest.record import Badge, Change, Entry, Miss, SeedName
from reports.digest.wording import KINDS


def entry(candidate: Candidate, watch: Watch) -> Entry:
    """What the digest tells of a candidate."""
    article, evidence = candidate.article, candidate.evidence
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
        why=clean(_why(candidate.scored)),
        topics=tuple(t.short for t in watch.topics if t.short in candidate.topics),
        lanes=tuple(sorted(set(candidate.lanes))),
        badges=_badges(candidate),
        keywords=tuple(hit.keyword for hit in candidate.hits),
        quote=highlight(clean(evidence.quote), watch.anchors, candidate.hits),
        quote_label=clean(evidence.quote_label),
        tfr=evidence.tfr,
    )


def _why(scored: Scored) -> str:
    """The ranking's reasons but the keywords hit, which the chips show."""
    return sentence({part.name: part.words for part in scored.parts if part.name != "anchors"}) or scored.why


def _badges(candidate: Candidate) -> tuple[Badge, ...]:
    article, evidence = candidate.article, candidate.evidence
    badges: list[Badge] = []
    badges += [
        Badge(KINDS[kind].label, "alert")
        for kind in (Kind.RETRACTION, Kind.CONCERN)
        if kind in candidate.standing
    ]
    if candidate.kind in KINDS:
        badges.append(Badge(KINDS[candidate.kind].label))
    badges += [Badge("TFR", "good")] * evidence.tfr
    words = (clean(word) for word in (evidence.study, *evidence.species))
    badges += [Badge(word[:1].upper() + word[1:]) for word in words if word]
    badges += [Badge(f"n = {clean(evidence.participants)}")] if evidence.participants else []
    if is_preprint(article):
        badges.append(Badge("Preprint"))
    if candidate.scored.title_only:
        badges.append(Badge("Title only"))
    return tuple(dict.fromkeys(badges))


_RETRACTED = re.compile(r"^RETRACTED( ARTICLE)?:\s*", re.IGNORECASE)  # PubMed's own; the kind says it


def change(update: Update, topics: tuple[str, ...] = ()) -> Change:
    """What the digest tells of an update; `topics` are those that found a paper which is new."""
    return Change(
        kind=update.kind,
        pmid=update.article.pmid,
        **{name: _RETRACTED.sub("", title) for name, title in _titles(update.article).items()},
        journal=_journal(update.article),
        told_in=update.told_in,
        note=clean(update.note),
        when=update.when,
        link=links.pubmed(update.notice) if update.notice else "",
        told_pmid=update.told_pmid,
        topics=topics,
    )


def miss(candidate: Candidate) -> Miss:
    """A candidate that is only named."""
    title = _titles(candidate.article)["title"]
    return Miss(candidate.article.pmid, title, float(candidate.scored.score), candidate.topics)


def _titles(article: Article) -> dict[str, str]:
    title = clean(article.title or article.vernacular_title) or f"[no title, PMID {article.pmid}]"
    return {"title": title, "title_html": clean(article.title_html)}


def _byline(authors: Sequence[Author]) -> str:
    """First and last author: "Example A … Sample Z"."""
    names = [clean(a.collective or f"{a.last} {a.initials}") for a in authors]
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
    return clean(article.journal.abbreviation or article.journal.title or book)


def seed_name(seed: Article) -> SeedName:
    """The seed in one line."""
    first = next((a.last or a.collective for a in seed.authors), "")
    who = f"{first} et al." if len(seed.authors) > 1 else first
    where = f"{_journal(seed)} {seed.published[:4]}".strip()
    return SeedName(clean(", ".join(filter(None, (who, where))) or seed.title), seed.pmid, seed.doi)


# Controls, lone surrogates and the marks that reorder or hide text: a title may not carry them.
_HARMFUL = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]+"
)


def clean(text: str) -> str:
    """The text on one line, without characters that reorder, hide or break what stands around it."""
    return " ".join(_HARMFUL.sub(" ", text).split())
