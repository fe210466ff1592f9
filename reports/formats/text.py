"""A digest as plain text that is pleasant by itself, with visible URLs."""

import textwrap

from reports.digest.links import ReaderLinks, by_mail
from reports.digest.record import Digest
from reports.formats.template import environment, spaced

WIDTH = 74


def text(digest: Digest, own: ReaderLinks | None = None) -> str:
    """The digest as lines of at most WIDTH characters, URLs excepted."""
    template = _TEMPLATES.get_template("digest.txt.j2")
    return spaced(template.render(d=digest, own=own or by_mail(digest), width=WIDTH))


def wrap(paragraph: str, indent: int = 0, hang: int | None = None) -> str:
    """Lines of at most WIDTH characters; URLs are never broken."""
    return textwrap.fill(
        paragraph,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent if hang is None else hang),
        break_long_words=False,
        break_on_hyphens=False,
    )


_TEMPLATES = environment(wrap=wrap)
