"""What a paper's page says."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from queries.records.article import Article, Author
from queries.records.digest import Band
from queries.updates import standing
from reports.digest import wording
from reports.digest.record import Entry
from reports.digest.wording import KINDS, day, partial
from reports.exports import fields
from reports.site import citation
from reports.site.outline import Details, Paper

_PARTS = {
    "base": "Before anything is known of it",
    "text": "Words",
    "mesh": "MeSH headings",
    "references": "References",
    "anchors": "Keywords of the seed",
    "verdicts": "Readers' verdicts",
}


_SILENT = "revised ", "title html "  # what a change of anything brings with it


class Version(NamedTuple):
    """Another record of the same work, and by which rule it is one."""

    pmid: int
    rule: str


class Event(NamedTuple):
    """Something that happened to the paper or its record, and when."""

    when: datetime
    words: str
    watch: str = ""
    number: int = 0


def article_facts(paper: Paper, details: Details) -> dict[str, Any]:
    """The template's facts."""
    article = details.articles.get(paper.pmid)
    entries = [each for each in paper.tellings if isinstance(each.paper, Entry)]
    authors = fields.authors_of(article) if article else []
    return {
        "paper": paper,
        "article": article,
        "name": fields.title_of(article) if article else paper.tellings[0].paper.title,
        "entries": entries,
        "scores": {(score.watch, score.number): score for score in _scores(paper, details)},
        "authors": [(_name(author), author.orcid) for author in authors],
        "mesh": "; ".join(f"{each.name}{'*' * each.major}" for each in article.mesh) if article else "",
        "keywords": "; ".join(keyword.text for keyword in article.keywords) if article else "",
        "types": ", ".join(each.name for each in article.publication_types) if article else "",
        "where": _where(article) if article else paper.tellings[0].paper.journal,
        "kinds": [KINDS[kind].label for kind in standing(article)] if article else [],
        "versions": _versions(paper, details),
        "dates": list(_dates(article, paper, details)) if article else [],
        "events": sorted(_events(paper, details), key=lambda event: event.when),
        "tags": citation.tags(article, authors) if article else "",
        "json_ld": citation.json_ld(article, authors) if article else "",
        "trials": [accession.number for accession in article.accessions] if article else [],
    }


def _name(author: Author) -> str:
    """As a person writes it: Jane A Doe Jr."""
    return author.collective or " ".join(filter(None, (author.fore, author.last, author.suffix)))


class ShownScore(NamedTuple):
    """A score of a digest with its parts in words."""

    watch: str
    number: int
    score: float
    band: str
    parts: tuple[tuple[str, float, str], ...]
    ranker: str


def _scores(paper: Paper, details: Details) -> Iterator[ShownScore]:
    for watch in dict.fromkeys(telling.watch for telling in paper.tellings):
        for score in details.scores.get((watch, paper.pmid), ()):
            parts = tuple(
                (_PARTS.get(part.name, part.name), part.value, ", ".join(part.words)) for part in score.parts
            )
            yield ShownScore(watch, score.number, score.score, Band.of(score.score), parts, score.ranker)


def _versions(paper: Paper, details: Details) -> list[Version]:
    rules = {
        (link.b if link.a == paper.pmid else link.a): link.rule
        for link in details.links.get(paper.pmid, ())
        if link.undone is None
    }
    return [Version(pmid, rules.get(pmid, "")) for pmid in paper.versions]


def _where(article: Article) -> str:
    """E.g. Leuk Lymphoma. 2025 Jul;66(7):1211-1220, in the order that readers know."""
    journal = article.journal
    name = journal.title or fields.container_of(article)
    issue = f"{journal.volume}{f'({journal.issue})' if journal.issue else ''}"
    place = ":".join(filter(None, (issue, article.pages)))
    return " · ".join(filter(None, (name, partial(article.published or article.electronic), place)))


def _dates(article: Article, paper: Paper, details: Details) -> Iterator[tuple[str, str]]:
    """Every date that the record has, and when we fetched it."""
    if article.published_text or article.published:
        yield "Published", partial(article.published) if article.published else article.published_text
    if article.electronic:
        yield "Online", partial(article.electronic)
    for name, moment in (
        ("Record created", article.created),
        ("In PubMed", article.entered),
        ("MeSH indexed", article.indexed),
        ("Completed", article.completed),
        ("Revised", article.revised),
    ):
        if moment:
            yield name, day(moment)
    if fetched := details.fetched.get(paper.pmid):
        yield "Fetched first", day(fetched.first)
        yield "Fetched last", day(fetched.last)


def _events(paper: Paper, details: Details) -> Iterator[Event]:
    for telling in paper.tellings:
        label = KINDS[telling.kind].label if telling.kind in KINDS else "Told"
        if telling.kind.is_update:
            label = wording.change(telling.paper)  # type: ignore[arg-type] # an update is a change
        yield Event(telling.made, label, telling.watch, telling.number)
    for revision in details.revisions.get(paper.pmid, ()):
        if words := [word for word in revision.words if not word.startswith(_SILENT)]:
            yield Event(revision.at, f"PubMed: {', '.join(words)}")
    if paper.tombstone:
        yield Event(paper.tombstone.found, f"PubMed deleted this record: {paper.tombstone.reason}")
