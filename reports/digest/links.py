"""Where a digest leads: records, full texts, the archive, and mails that are already written."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple
from urllib.parse import quote, urlencode

from reports.digest.record import Digest, SeedName


def pubmed(pmid: int) -> str:
    """The record at PubMed."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"


def doi(text: str) -> str:
    """The DOI's resolver link."""
    return "https://doi.org/" + quote(text, safe="/:;()")


def full_text(pmcid: str) -> str:
    """The free full text at PubMed Central."""
    return f"https://pmc.ncbi.nlm.nih.gov/articles/{quote(pmcid)}/"


def seed(name: SeedName) -> str:
    """The seed's article, else its record."""
    return doi(name.doi) if name.doi else pubmed(name.pmid)


def verdict(digest: Digest, pmid: int, word: str) -> str:
    """The mail that says whether an article was useful, in the words of `seedwatch feedback`."""
    return _mail(digest, f"feedback {digest.watch} {pmid} {word}")


def unsubscribe(digest: Digest) -> str:
    """The mail that asks for no more."""
    return _mail(digest, f"unsubscribe {digest.watch}")


def page(digest: Digest) -> str:
    """The digest's own page in the archive, "" without an archive."""
    base = digest.links.archive.rstrip("/")
    return f"{base}/{digest.watch}/digest/{digest.number}.html" if base else ""


def keyword(digest: Digest, word: str) -> str:
    """The site's search for a seed keyword, "" without an archive."""
    base = digest.links.archive.rstrip("/")
    return f"{base}/search.html#watch={quote(digest.watch)}&question={quote(word)}" if base else ""


class ReaderLinks(NamedTuple):
    """A reader's own links, "" if none: a verdict's by PMID and word (yes, no), and that to unsubscribe."""

    verdict: Callable[[int, str], str]
    unsubscribe: str


def by_mail(digest: Digest) -> ReaderLinks:
    """Links that open a mail already written, where there is a mailbox to write to."""
    return ReaderLinks(partial(verdict, digest), unsubscribe(digest))


def _mail(digest: Digest, text: str) -> str:
    if not digest.links.mailbox:
        return ""
    return f"mailto:{quote(digest.links.mailbox, safe='@')}?{urlencode({'subject': text}, quote_via=quote)}"
