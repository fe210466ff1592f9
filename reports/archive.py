"""The site of past digests; for now its index."""

from collections.abc import Iterable

from reports.digest import Digest
from reports.render import page


def index(digests: Iterable[Digest], base: str = "../digests") -> str:
    """The index page in HTML, newest digest first, each linking to `base`/NUMBER.html."""
    newest = sorted(digests, key=lambda digest: (digest.until, digest.number, digest.watch), reverse=True)
    return page("index.html.j2", digests=newest, base=base.rstrip("/"))
