"""A digest as Markdown, as Prefect's artifacts and chat channels show it."""

import re

from reports.digest.links import ReaderLinks, by_mail
from reports.digest.record import Digest
from reports.formats.template import environment, spaced

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~]|&(?=#?\w+;))")


def markdown(digest: Digest, own: ReaderLinks | None = None) -> str:
    """The digest as Markdown; no text of a record becomes markup."""
    return spaced(_TEMPLATES.get_template("digest.md.j2").render(d=digest, own=own or by_mail(digest)))


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


_TEMPLATES = environment(md=escaped)
