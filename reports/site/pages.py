"""Every page of the site, each with the fingerprint of what it is made from; made only when it is written."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from importlib.resources import files

from markupsafe import Markup

from reports.digest.record import Digest
from reports.site import chart, feeds, paths, search
from reports.site.article_page import article_facts
from reports.site.chart import Bar
from reports.site.outline import Details, Outline, Paper
from reports.site.render import render
from reports.site.writer import PageToWrite

_ROOMS = "reports.site", "reports.digest", "reports.formats", "reports.exports"  # what a page may look like


@cache
def edition() -> str:
    """What this version makes of the same facts: with another one every page is written again."""
    digest = hashlib.blake2b(digest_size=12)
    for room in _ROOMS:
        folders = [files(room)]
        for folder in folders:
            for file in sorted(folder.iterdir(), key=lambda each: each.name):
                if file.is_dir() and file.name in {"templates", "static"}:
                    folders.append(file)
                elif file.name.endswith((".py", ".j2", ".css", ".js")):
                    digest.update(file.read_bytes())
    return digest.hexdigest()


def pages(outline: Outline, details: Callable[[], Details]) -> dict[str, PageToWrite]:
    """All files of the site by their path. `details` has what the pages of papers and the index need."""
    every = _Pages(outline, details)
    made = {
        paths.STYLE: every.page(_static, "site.css"),
        paths.SCRIPT: every.page(_static, "search.js"),
        paths.INDEX: every.page(every.index, *_names(outline)),
        paths.SEARCH: every.page(every.search, *_names(outline), _papers_key(outline.papers.values())),
    }
    for watch, digests in outline.digests.items():
        made |= every.of_watch(watch, digests)
    for pmid, paper in outline.papers.items():
        made[paths.article(pmid)] = every.page(partial(every.article, paper), _paper_key(paper))
    for (old, number), new in outline.renamed.items():
        made.setdefault(paths.digest(old, number), every.page(partial(every.moved, old, number, new), new))
    papers = list(outline.papers.values())
    for number, start in enumerate(range(0, len(papers), search.SIZE)):
        some = papers[start : start + search.SIZE]
        made[paths.segment(number)] = every.page(partial(every.segment, number, some), _papers_key(some))
    return made


def pmids_of(outline: Outline, wanted: set[str]) -> set[int]:
    """The PMIDs whose records the wanted pages need."""
    papers = list(outline.papers)
    needed = {pmid for pmid in papers if paths.article(pmid) in wanted}
    for number, start in enumerate(range(0, len(papers), search.SIZE)):
        if paths.segment(number) in wanted:
            needed.update(papers[start : start + search.SIZE])
    for watch, digests in outline.digests.items():
        if paths.atom(watch) in wanted or paths.json_feed(watch) in wanted:
            needed.update(pmid for pmid, _, _ in feeds.newest(digests))
    return needed | {version for pmid in needed for version in outline.papers[pmid].versions}


class _Pages:
    """What makes the pages: the outline, and the details once they are there."""

    def __init__(self, outline: Outline, details: Callable[[], Details]) -> None:
        self._outline, self._details = outline, cache(details)

    def page(self, make: Callable[..., str], *made_from: object) -> PageToWrite:
        """A page that is written again when what it is made from, or the site's edition, is another."""
        key = repr((edition(), self._outline.library, self._outline.sample, made_from))
        arguments = made_from[:1] if make is _static else ()
        return PageToWrite(
            hashlib.blake2b(key.encode(), digest_size=12).hexdigest(), partial(make, *arguments)
        )

    def of_watch(self, watch: str, digests: Sequence[Digest]) -> dict[str, PageToWrite]:
        """The pages of a watch: its own, its feeds, its digests."""
        last = (watch, digests[-1].number, digests[-1].made, len(digests))
        told = {entry.pmid for digest in digests for entry in digest.entries}
        records = [self._outline.papers[pmid].fingerprint for pmid, _, _ in feeds.newest(digests)]
        verdicts = [(pmid, self._outline.papers[pmid].verdicts.get(watch)) for pmid in sorted(told)]
        made = {
            paths.watch(watch): self.page(partial(self.watch, watch, digests), last, verdicts),
            paths.atom(watch): self.page(partial(self.feed, digests, feeds.atom), last, records),
            paths.json_feed(watch): self.page(partial(self.feed, digests, feeds.json_feed), last, records),
        }
        for at, digest in enumerate(digests):
            around = tuple(each.number for each in (*digests[max(at - 1, 0) : at], *digests[at + 1 : at + 2]))
            key = (watch, digest.number, digest.made, around)
            made[paths.digest(watch, digest.number)] = self.page(partial(self.digest, digests, at), key)
        return made

    def index(self) -> str:
        return self._render(paths.INDEX, "index.html.j2", watches=self._outline.digests)

    def watch(self, watch: str, digests: Sequence[Digest]) -> str:
        sums = [self._outline.papers[paper.pmid].verdicts.get(watch) for d in digests for paper in d.entries]
        last = digests[-1]
        return self._render(
            paths.watch(watch),
            "watch.html.j2",
            digests=list(reversed(digests)),
            last=last,
            told=sum(len(digest.entries) for digest in digests),
            useful=sum(each.useful for each in sums if each),
            judged=sum(each.useful + each.useless for each in sums if each),
            charts=_charts(digests),
            questions=Counter(keyword for d in digests for entry in d.entries for keyword in entry.keywords),
        )

    def digest(self, digests: Sequence[Digest], at: int) -> str:
        digest = digests[at]
        return self._render(
            paths.digest(digest.watch, digest.number),
            "digest.html.j2",
            d=digest,
            earlier=digests[at - 1].number if at else 0,
            later=digests[at + 1].number if at + 1 < len(digests) else 0,
            told=self._outline.papers,
            beyond=[ask for ask in digest.asked if ask.topic not in {each.short for each in digest.topics}],
        )

    def moved(self, old: str, number: int, new: str) -> str:
        """What stands where mails of before a watch was renamed lead."""
        target = paths.digest(new, number)
        return self._render(paths.digest(old, number), "moved.html.j2", target=target, number=number)

    def article(self, paper: Paper) -> str:
        facts = article_facts(paper, self._details())
        return self._render(paths.article(paper.pmid), "article.html.j2", told=self._outline.papers, **facts)

    def search(self) -> str:
        tags = {tag for paper in self._outline.papers.values() for tag in search.tags_of(paper, None)}
        choices: dict[str, list[str]] = {"watch": [], "topic": [], "asks": [], "question": [], "year": []}
        choices["tfr"] = []
        for tag in sorted(tags):
            name, _, value = tag.partition("=")
            choices.get(name, []).append(value)
        choices["year"].reverse()
        return self._render(
            paths.SEARCH,
            "search.html.j2",
            choices=choices,
            count=len(self._outline.papers),
            segments=-(-len(self._outline.papers) // search.SIZE),
        )

    def segment(self, number: int, papers: Sequence[Paper]) -> str:
        return search.segment(number, papers, self._details().articles)

    def feed(self, digests: Sequence[Digest], form: Callable[..., str]) -> str:
        return form(digests, feeds.items(digests, self._details().articles))

    def _render(self, page: str, template: str, **facts: object) -> str:
        return render(page, template, sample=self._outline.sample, **facts)


def _static(name: str) -> str:
    return (files("reports.site") / "static" / name).read_text(encoding="utf-8")


def _names(outline: Outline) -> list[object]:
    return [(watch, digests[-1].number, digests[-1].made) for watch, digests in outline.digests.items()]


def _papers_key(papers: Iterable[Paper]) -> list[object]:
    return [_paper_key(paper) for paper in papers]


def _paper_key(paper: Paper) -> tuple[object, ...]:
    told = [(each.watch, each.number, each.made, each.kind) for each in paper.tellings]
    return paper.pmid, paper.fingerprint, told, sorted(paper.verdicts.items()), paper.tombstone


def _charts(digests: Sequence[Digest]) -> list[tuple[str, str, Markup]]:
    """Short name, name and bars of each topic of the last digest: what each digest told of it."""
    return [
        (
            topic.short,
            topic.name,
            chart.bars(
                f"Told on {topic.name} by digest",
                [
                    Bar(
                        f"digest {digest.number}, {digest.until}",
                        sum(topic.short in entry.topics for entry in digest.entries),
                    )
                    for digest in digests
                ],
            ),
        )
        for topic in digests[-1].topics
    ]
