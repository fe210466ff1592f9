"""The site of past digests; for now its index."""

from collections.abc import Iterable, Mapping

from reports.answers import precision
from reports.answers.precision import Judged
from reports.digest.record import Digest
from reports.formats.html import page


def index(
    digests: Iterable[Digest],
    base: str = "../digests",
    judged: Mapping[tuple[str, int], Judged] | None = None,
) -> str:
    """The index page in HTML, newest digest first, each linking to `base`/NUMBER.html.

    `judged` is what readers said, by watch and number.
    """
    newest = sorted(digests, key=lambda digest: (digest.until, digest.number, digest.watch), reverse=True)
    said = {key: precision.words(each) for key, each in (judged or {}).items()}
    return page("index.html.j2", digests=newest, base=base.rstrip("/"), judged=said)
