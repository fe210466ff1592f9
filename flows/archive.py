"""What past digests told, read from the library for exports, the site and the report."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flows.runtime import resources
from flows.runtime.settings import Settings
from queries.library import Library
from queries.records.article import Article
from reports.channels.message import Attachment
from reports.digest.record import Digest, load
from reports.digest.told import ToldArticle, tellings, told_articles
from reports.exports.export import ENDINGS, EXPORTS, MIMES
from reports.exports.formats import ExportFormat


def past_digests(library: Library, watch: str) -> list[Digest]:
    """Every digest of a watch as it was recorded, the oldest first; by the watch's name of today."""
    return [replace(load(past.body), watch=watch) for past in library.digests(watch)]


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


def attached(setting: Settings, own: Digest, forms: Sequence[str]) -> tuple[Attachment, ...]:
    """What a reader's own digest tells, as files in these formats; none of a digest that tells nothing."""
    if not forms:
        return ()
    with resources.library(setting) as library:
        papers = told_articles([own], told_records(library, [own]))
    return tuple(
        Attachment(f"{own.watch}-{own.number}{ENDINGS[form]}", MIMES[form], EXPORTS[form](papers))
        for form in map(ExportFormat, forms)
        if papers
    )


def told_records(library: Library, digests: Sequence[Digest]) -> dict[int, Article]:
    """The newest record of each PMID that the digests told."""
    return {article.pmid: article for article in library.articles(list(tellings(digests)))}
