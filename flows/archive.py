"""What past digests told, read from the library for exports, the site and the report."""

from collections.abc import Sequence
from datetime import date

from queries.library import Library
from queries.records.article import Article
from reports.digest.record import Digest, load
from reports.digest.told import ToldArticle, tellings, told_articles


def past_digests(library: Library, watch: str) -> list[Digest]:
    """Every digest of a watch as it was recorded, the oldest first."""
    return [load(past.body) for past in library.digests(watch)]


def told(
    library: Library, watch: str, number: int | None = None, since: date | None = None
) -> tuple[list[ToldArticle], list[int]]:
    """The papers that digests of a watch told, and the PMIDs told of which the library has no record.

    With `number` only those of that digest, with `since` those of digests made from that day (UTC) on.
    """
    wanted = [
        digest
        for digest in past_digests(library, watch)
        if number in {None, digest.number} and (since is None or digest.made.date() >= since)
    ]
    articles = told_records(library, wanted)
    return told_articles(wanted, articles), sorted(tellings(wanted).keys() - articles.keys())


def told_records(library: Library, digests: Sequence[Digest]) -> dict[int, Article]:
    """The newest record of each PMID that the digests told."""
    return {article.pmid: article for article in library.articles(list(tellings(digests)))}
