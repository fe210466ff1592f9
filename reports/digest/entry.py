"""From a record to what the digest says of it: entry, change, near miss."""

import re
from collections.abc import Callable, Sequence

from queries.ranking.words import sentence
from queries.records.article import Article, Author
from queries.records.digest import Evidence, Kind, Scored, TfrCard
from queries.text.keywords import highlight
from queries.text.tokens import text_of
from queries.updates import Update, is_preprint
from queries.watch.file import Watch
from reports.digest import links
from reports.digest.inputs import Candidate
from reports.digest.record import BENCH, Badge, Change, Entry, KeywordWord, Miss, SeedName
from reports.digest.wording import KINDS

Rare = Callable[[str], object]


def entry(candidate: Candidate, watch: Watch, question: str = BENCH.key, rare: Rare = str.strip) -> Entry:
    """What the digest tells of a candidate; `rare` says of a word whether few of its articles have it."""
    article, evidence = candidate.article, candidate.evidence
    parts = {part.name: part.words for part in candidate.scored.parts}
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
        question=question,
        study=evidence.study,
        species=evidence.species,
        participants=clean(evidence.participants),
        card=_card(evidence.card),
        words=tuple(KeywordWord(hit.keyword, clean(hit.words[0])) for hit in candidate.hits),
        reasons=(*parts.get("references", ()), *parts.get("verdicts", ())),
        terms=tuple(word for word in map(clean, parts.get("text", ())) if rare(word)),
    )


def rare_words(candidates: Sequence[Candidate]) -> Rare:
    """Whether a word stands in title or abstract of fewer than half of these articles."""
    texts = [text_of(candidate.article).casefold() for candidate in candidates]
    return lambda word: 2 * sum(word.casefold() in text for text in texts) < len(texts)


def _card(card: TfrCard) -> TfrCard:
    """The cells on one line each."""
    cells = {name: clean(cell) for name, cell in card._asdict().items() if isinstance(cell, str)}
    return card._replace(**cells, drugs=tuple(map(clean, card.drugs)))


def _why(scored: Scored) -> str:
    """The ranking's reasons but the keywords hit, which stand for themselves."""
    return sentence({part.name: part.words for part in scored.parts if part.name != "anchors"}) or scored.why


def _badges(candidate: Candidate) -> tuple[Badge, ...]:
    """The badge line: what is amiss, what kind of work it is, on how many, on stopping, how it came."""
    article, evidence = candidate.article, candidate.evidence
    graves = [kind for kind in (Kind.RETRACTION, Kind.CONCERN) if kind in candidate.standing]
    badges = [Badge(KINDS[kind].label, "alert") for kind in graves]
    if work := clean(_work(evidence, preprint=is_preprint(article))):
        badges.append(Badge(work[:1].upper() + work[1:], "kind"))
    badges += [Badge(f"n = {clean(evidence.participants)}")] if evidence.participants else []
    badges += [Badge("TFR", "good")] * evidence.tfr
    badges += [Badge("Title only")] * candidate.scored.title_only
    badges += [Badge(KINDS[candidate.kind].label)] if candidate.kind in KINDS else []
    return tuple(badges)


def _work(evidence: Evidence, *, preprint: bool) -> str:
    """What kind of work, in words: the study, or of the bench what it was done on."""
    animals = [name for name in evidence.species if name != "human"]
    plain = {"cell line": "cell lines"}
    work = evidence.study
    if evidence.study in {"in vivo", "in vitro", "patient samples"} and animals:
        samples = ["patient samples"] if evidence.study == "patient samples" else []
        names = [*samples, *(plain.get(name, name) for name in animals)]
        work = ", ".join(names[:-1]) + " and " + names[-1] if names[1:] else names[0]
    return f"preprint, {work}" if preprint and work else "preprint" if preprint else work


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
        silent=update.silent,
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
    if text.isascii() and text.isprintable() and "  " not in text:  # nearly all: nothing to mend
        return text.strip()
    return " ".join(_HARMFUL.sub(" ", text).split())
