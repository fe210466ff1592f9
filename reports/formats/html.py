"""A digest as a mail's HTML, and the site's pages.

Nothing of a record reaches it unescaped: Jinja escapes, and a title keeps only b, i, sub, sup and u.
"""

import re
from html import escape as html_escape
from html import unescape
from typing import Protocol

from css_inline import CSSInliner
from markupsafe import Markup, escape

from reports.digest.record import Digest
from reports.formats.template import environment

_TAGS = re.compile(r"(</?(?:b|i|sub|sup|u)>)")


def html(digest: Digest) -> str:
    """The digest as a mail's HTML: tables, the look in each element; the style blocks only refine it."""
    return _INLINER.inline(page("digest.html.j2", d=digest, style_blocks=_STYLE_BLOCKS))


def page(template: str, **facts: object) -> str:
    """A template with these facts, without its blank lines."""
    return re.sub(r"\n\s*\n+", "\n", _TEMPLATES.get_template(template).render(**facts))


class Titled(Protocol):
    """What has a title: as text, and as HTML with no tags but b, i, sub, sup and u."""

    @property
    def title(self) -> str:
        """The text."""

    @property
    def title_html(self) -> str:
        """The same with its inline tags, "" if there is nothing but the text."""


def title(titled: Titled) -> Markup:
    """The title with its inline tags, or without any if they do not nest."""
    depth: list[str] = []
    pieces = []
    for piece in _TAGS.split(titled.title_html):
        if not _TAGS.fullmatch(piece):
            pieces.append(escape(unescape(piece)))
            continue
        name = piece.strip("</>")
        if piece.startswith("</") and (not depth or depth.pop() != name):
            return escape(titled.title)
        if not piece.startswith("</"):
            depth.append(name)
        pieces.append(Markup(piece))  # noqa: S704 - one of ten literal tags
    return Markup("").join(pieces) if pieces and titled.title_html and not depth else escape(titled.title)


def content(text: str) -> Markup:
    """Text between tags, where quotes need no escaping: PubMed terms are full of them."""
    return Markup(html_escape(text, quote=False))  # noqa: S704 - it has just been escaped


_TEMPLATES = environment(title_html=title, content=content)
_RULES, *_STYLE_BLOCKS = re.split(r"(?m)^(?=@media)", _TEMPLATES.get_template("digest.css").render())
_INLINER = CSSInliner(
    extra_css=_RULES,
    inline_style_tags=False,
    keep_style_tags=True,
    minify_css=True,
    load_remote_stylesheets=False,
)
