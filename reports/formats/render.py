"""A digest as HTML, text and Markdown (Jinja2) and as Slack blocks (slack.py).

Nothing of a record reaches a format unescaped: HTML is escaped by Jinja, Markdown and Slack by
their own rules, and a title keeps only b, i, sub, sup and u.
"""

import json
import re
import textwrap
from html import escape as html_escape
from html import unescape

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from reports.channels.message import Attachment, Message
from reports.digest import wording
from reports.digest.record import NAMED, Change, Digest, Entry
from reports.formats.slack import blocks

WIDTH = 74
_TAGS = re.compile(r"(</?(?:b|i|sub|sup|u)>)")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~]|&(?=#?\w+;))")


def title(it: Entry | Change) -> Markup:
    """The title with its inline tags, or without any if they do not nest."""
    depth: list[str] = []
    pieces = []
    for piece in _TAGS.split(it.title_html):
        if not _TAGS.fullmatch(piece):
            pieces.append(escape(unescape(piece)))
            continue
        name = piece.strip("</>")
        if piece.startswith("</") and (not depth or depth.pop() != name):
            return escape(it.title)
        if not piece.startswith("</"):
            depth.append(name)
        pieces.append(Markup(piece))  # noqa: S704 - one of ten literal tags
    return Markup("").join(pieces) if pieces and it.title_html and not depth else escape(it.title)


def content(text: str) -> Markup:
    """Text between tags, where quotes need no escaping: PubMed terms are full of them."""
    return Markup(html_escape(text, quote=False))  # noqa: S704 - it has just been escaped


def wrap(text: str, indent: int = 0, hang: int | None = None) -> str:
    """Lines of at most WIDTH characters; URLs are never broken."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent if hang is None else hang),
        break_long_words=False,
        break_on_hyphens=False,
    )


def markdown_text(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


_TEMPLATES = Environment(
    loader=PackageLoader("reports.formats"),
    autoescape=select_autoescape(("html.j2",), default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_TEMPLATES.filters |= {"title_html": title, "wrap": wrap, "content": content, "md": markdown_text}
_TEMPLATES.globals |= {"say": wording, "named": NAMED}


def page(template: str, **facts: object) -> str:
    """A template with these facts, without its blank lines."""
    return re.sub(r"\n\s*\n+", "\n", _TEMPLATES.get_template(template).render(**facts))


def html(digest: Digest) -> str:
    """The digest as a mail's HTML: tables and inline CSS; its style block only refines."""
    return page("digest.html.j2", d=digest)


def text(digest: Digest) -> str:
    """The digest as plain text that is pleasant by itself, with visible URLs."""
    return re.sub(r"\n{3,}", "\n\n", _TEMPLATES.get_template("digest.txt.j2").render(d=digest)).strip() + "\n"


def markdown(digest: Digest) -> str:
    """The digest as Markdown, as Prefect's artifacts and chat channels show it."""
    return re.sub(r"\n{3,}", "\n\n", _TEMPLATES.get_template("digest.md.j2").render(d=digest)).strip() + "\n"


def slack(digest: Digest) -> tuple[dict[str, object], ...]:
    """The digest as Slack messages, each {"text": ..., "blocks": [...]} within Slack's limits."""
    return blocks(digest)


def message(digest: Digest, attachments: tuple[Attachment, ...] = ()) -> Message:
    """The digest in every form, ready for any channel."""
    return Message(
        watch=digest.watch,
        title=digest.title,
        name=str(digest.number),
        made=digest.made,
        subject=wording.subject(digest),
        html=html(digest),
        text=text(digest),
        markdown=markdown(digest),
        slack=tuple(json.dumps(payload, ensure_ascii=False) for payload in slack(digest)),
        mailbox=digest.links.mailbox,
        attachments=attachments,
    )
