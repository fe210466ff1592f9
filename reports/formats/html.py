"""A digest as a mail's HTML, and the site's pages.

Nothing of a record reaches it unescaped: Jinja escapes, and a title keeps only b, i, sub, sup and u.
"""

import re
from collections.abc import Sequence
from html import escape as html_escape
from html import unescape
from typing import Final, Protocol

from css_inline import CSSInliner
from markupsafe import Markup, escape

from reports.digest.links import ReaderLinks, by_mail
from reports.digest.record import BENCH, CLINIC, Digest, Group
from reports.formats.template import environment

LARGEST: Final = 80_000  # bytes; Gmail cuts a mail's HTML at some 102,000
_FEWER: Final = ((20, 60), (8, 60), (4, 60), (4, 20), (0, 20))  # cards and lines of a digest, until it fits
_TAGS = re.compile(r"(</?(?:b|i|sub|sup|u)>)")
_HUES: Final = 3  # colours of a watch's own questions, in turn
_KNOWN_HUES: Final = {CLINIC.key: 0, BENCH.key: 1}  # whichever is read first


def html(digest: Digest, own: ReaderLinks | None = None) -> str:
    """The digest as a mail's HTML: tables, the look in each element; the style blocks only refine it.

    At most LARGEST bytes: of a digest beyond it less is shown, and how much less is said.
    """
    made = ""
    for cards, lines in _FEWER:
        made = _INLINER.inline(_mail(digest, own or by_mail(digest), cards, lines))
        if len(made.encode()) < LARGEST:
            break
    return made


def _mail(digest: Digest, own: ReaderLinks, cards: int, lines: int) -> str:
    """The mail before its style is written into it, with at most so many cards and lines."""
    hues = {q.key: _KNOWN_HUES.get(q.key, place % _HUES) for place, q in enumerate(digest.questions)}
    shown = {group.question.key: group for group in _fewer(digest.groups, cards, lines)}
    return page(
        "digest.html.j2", d=digest, own=own, hues=hues, shown=shown, style_blocks=_STYLE_BLOCKS
    )  # fmt: skip


def _fewer(groups: Sequence[Group], cards: int, lines: int) -> list[Group]:
    """The groups with so many cards and lines altogether, each with its share."""
    fewer = []
    for left, group in zip(range(len(groups), 0, -1), groups, strict=True):
        kept = group.cards[: -(-cards // left)]
        listed = (*group.cards[len(kept) :], *group.lines)[: -(-lines // left)]
        cards, lines = cards - len(kept), lines - len(listed)
        fewer.append(Group(group.question, kept, listed))
    return fewer


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
_RULES, *_MEDIA = re.split(r"(?m)^(?=@media)", _TEMPLATES.get_template("digest.css").render())
_STYLE_BLOCKS = (_MEDIA[0], "".join(_MEDIA[1:]))  # by night; by width
_INLINER = CSSInliner(
    extra_css=_RULES,
    inline_style_tags=False,
    keep_style_tags=True,
    minify_css=True,
    load_remote_stylesheets=False,
)
