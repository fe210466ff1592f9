"""A site of invented digests in a folder; not a test module."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from queries.records.article import Article, Author, Journal, Passage
from queries.records.digest import Part
from queries.records.library import Fetched, PastScore, Revision
from reports.digest.record import Digest
from reports.digest.told import tellings
from reports.site.outline import Details, Outline, Paper, VerdictSum
from reports.site.pages import pages, pmids_of
from reports.site.writer import Written, stale, write
from support.reports_samples import article, digest

FIRST = datetime(2026, 11, 9, 6, tzinfo=UTC)


def digests(count: int = 3, each: int = 12) -> tuple[Digest, ...]:
    """Weekly digests, none of which tells what another told; the last has the changes."""
    made = []
    for number in range(1, count + 1):
        one = digest(each, number=number, now=FIRST + timedelta(weeks=number - 1))
        shift = (count - number) * 100_000
        entries = tuple(replace(entry, pmid=entry.pmid - shift) for entry in one.entries)
        made.append(replace(one, entries=entries, changes=one.changes if number == count else ()))
    return tuple(made)


def records(every: Sequence[Digest]) -> dict[int, Article]:
    """The records of what they tell."""
    found = {}
    for at, (pmid, each) in enumerate(tellings(every).items()):
        found[pmid] = article(
            at,
            pmid=pmid,
            title=each[0].paper.title,
            title_html=each[0].paper.title_html,
            abstract=(
                Passage("Aim", "", f"To see what β-catenin does in sample {at}.", ""),
                Passage("", "", f"Zebrafish{at} & <others> were ångström-sized.", ""),
            ),
            authors=(
                Author("Müller-Lüdenscheidt", f"Anna {at}", "A", orcid="0000-0001-2345-6789"),
                Author(collective="The Invented <Group>"),
            ),
            journal=Journal("Journal of Invented Hematology", "J Inv", "1234-5678", "", "7", "2"),
            pages="12-9",
            languages=("eng",),
        )
    return found


def outline(every: Sequence[Digest]) -> Outline:
    """The outline of a library with these digests; readers judged the first paper."""
    papers = {
        pmid: Paper(
            pmid=pmid,
            tellings=each,
            fingerprint="1",
            verdicts={each[0].watch: VerdictSum(2, 1)} if at == 0 else {},
        )
        for at, (pmid, each) in enumerate(tellings(every).items())
    }
    by_watch = {every[0].watch: tuple(every)} if every else {}
    return Outline(library="invented", digests=by_watch, papers=papers)


def details(every: Sequence[Digest]) -> Details:
    """What their library has of the papers."""
    articles = records(every)
    score = PastScore(
        1, 0, 0.75, (Part("text", 0.5, ("CD26",)), Part("base", 0.25)), "shares CD26", False, "3"
    )
    return Details(
        articles=articles,
        revisions={
            pmid: (Revision(pmid, FIRST, ("mesh", "revised"), ("MeSH arrived", "revised changed"), {}),)
            for pmid in articles
        },
        fetched={pmid: Fetched(pmid, FIRST, FIRST, None) for pmid in articles},
        links={},
        scores={
            (each[0].watch, pmid): (score._replace(pmid=pmid, number=each[0].number),)
            for pmid, each in tellings(every).items()
        },
    )


def build(folder: Path, of: Outline, known: Details) -> Written:
    """Bring the site in the folder up to date."""
    planned = pages(of, lambda: known)
    wanted = stale(folder, {path: page.fingerprint for path, page in planned.items()})
    assert pmids_of(of, wanted) <= known.articles.keys()
    return write(folder, planned, wanted)
