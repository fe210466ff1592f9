"""The feeds of a watch: Atom (RFC 4287) and JSON Feed 1.1, an item a telling, with its paper's authors.

An item's id is made from the paper and what was told of it: it stays whatever the site's address, the
watch's name or the digest's number become, so that no reader gets an item twice.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from queries.records.article import Article
from reports.digest import links, wording
from reports.digest.entry import clean
from reports.digest.record import Digest, Entry
from reports.digest.told import Telling, tellings
from reports.exports import fields
from reports.site import paths

SHOWN = 50  # items, the newest


class FeedItem(NamedTuple):
    """A telling as both feeds have it."""

    id: str
    telling: Telling
    url: str
    title: str
    summary: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]


def newest(digests: Sequence[Digest]) -> list[tuple[int, int, Telling]]:
    """The last tellings (PMID, how often that was told of it before, telling), the newest first."""
    found, place = [], {}
    for at, (pmid, each) in enumerate(tellings(digests).items()):
        place[pmid] = at
        kinds = [telling.kind for telling in each]
        found += [(pmid, kinds[:n].count(telling.kind), telling) for n, telling in enumerate(each)]
    found.sort(key=lambda row: (row[2].made, -place[row[0]]), reverse=True)
    return found[:SHOWN]


def items(digests: Sequence[Digest], articles: Mapping[int, Article]) -> list[FeedItem]:
    """The items of a watch's feeds, with links to the archive if it has an address, else to PubMed."""
    base = digests[-1].links.archive.rstrip("/") if digests else ""
    return [
        FeedItem(
            id=uuid5(NAMESPACE_URL, f"{links.pubmed(pmid)}#{telling.kind}-{before}").urn,
            telling=telling,
            url=f"{base}/{paths.article(pmid)}" if base else links.pubmed(pmid),
            title=_title(telling),
            summary=_summary(telling),
            authors=_authors(articles.get(pmid)),
            tags=telling.paper.topics,
        )
        for pmid, before, telling in newest(digests)
    ]


def atom(digests: Sequence[Digest], every: Sequence[FeedItem]) -> str:
    """The Atom feed of a watch that has digests."""
    last = digests[-1]
    own = uuid5(NAMESPACE_URL, f"seedwatch:{last.watch}").urn
    base = last.links.archive.rstrip("/")
    where = [f'<link rel="self" href={quoteattr(f"{base}/{paths.atom(last.watch)}")}/>'] if base else []
    head = (
        f"<id>{own}</id>",
        f"<title>{escape(last.title)}</title>",
        f"<updated>{_moment(last.made)}</updated>",
        *where,
        "<author><name>seedwatch</name></author>",
        "<generator>seedwatch</generator>",
    )
    body = "\n".join((*head, *("\n".join(("<entry>", *_entry(item), "</entry>")) for item in every)))
    return f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n{body}\n</feed>\n'


def _entry(item: FeedItem) -> Iterator[str]:
    yield f"<id>{item.id}</id>"
    yield f"<title>{escape(item.title)}</title>"
    yield f"<updated>{_moment(item.telling.made)}</updated>"
    yield f"<published>{_moment(item.telling.made)}</published>"
    yield f'<link rel="alternate" href={quoteattr(item.url)}/>'
    yield from (f"<author><name>{escape(name)}</name></author>" for name in item.authors)
    yield from (f"<category term={quoteattr(tag)}/>" for tag in item.tags)
    if item.summary:
        yield f"<summary>{escape(item.summary)}</summary>"


def json_feed(digests: Sequence[Digest], every: Sequence[FeedItem]) -> str:
    """The JSON feed of a watch that has digests."""
    last = digests[-1]
    base = last.links.archive.rstrip("/")
    own = {
        "feed_url": f"{base}/{paths.json_feed(last.watch)}",
        "home_page_url": f"{base}/{paths.watch(last.watch)}",
    }
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": last.title,
        **(own if base else {}),
        "items": [_json(item) for item in every],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _json(item: FeedItem) -> dict[str, object]:
    facts: dict[str, object] = {
        "id": item.id,
        "url": item.url,
        "external_url": links.pubmed(item.telling.paper.pmid),
        "title": item.title,
        "content_text": item.summary or item.title,
        "date_published": _moment(item.telling.made),
        "authors": [{"name": name} for name in item.authors],
        "tags": list(item.tags),
    }
    return {name: fact for name, fact in facts.items() if fact}


def _title(telling: Telling) -> str:
    label = wording.KINDS[telling.kind].label if telling.kind.is_update else ""
    return f"{label}: {telling.paper.title}" if label else telling.paper.title


def _summary(telling: Telling) -> str:
    paper = telling.paper
    if not isinstance(paper, Entry):
        return wording.change(paper)
    quote = "".join(stretch.text for stretch in paper.quote)
    quoted = f"\N{LEFT DOUBLE QUOTATION MARK}{quote}\N{RIGHT DOUBLE QUOTATION MARK}" if quote else ""
    return " ".join(filter(None, (quoted, paper.why)))


def _authors(article: Article | None) -> tuple[str, ...]:
    """Names as a person writes them: Jane A Doe Jr."""
    people = fields.authors_of(article) if article else []
    return tuple(clean(a.collective or " ".join(filter(None, (a.fore, a.last, a.suffix)))) for a in people)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
