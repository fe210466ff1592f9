"""A digest as plain text that is pleasant by itself, with visible URLs."""

import textwrap

from reports.digest.record import Digest
from reports.formats.template import environment, spaced

WIDTH = 74


def text(digest: Digest) -> str:
    """The digest as lines of at most WIDTH characters, URLs excepted."""
    return spaced(_TEMPLATES.get_template("digest.txt.j2").render(d=digest, width=WIDTH))


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
