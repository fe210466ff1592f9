"""The templates of the site, and what all of them may call."""

import re
from functools import partial
from typing import NamedTuple

from markupsafe import Markup

from queries.records.article import Article, Passage
from reports.exports import fields
from reports.formats.html import content, title
from reports.formats.template import environment
from reports.site import paths


class Text(NamedTuple):
    """A text with its HTML, as `title` takes it."""

    title: str
    title_html: str


def title_of(article: Article) -> Markup:
    """An article's title with its inline tags."""
    return title(Text(fields.title_of(article), article.title_html if article.title else ""))


def passage(part: Passage) -> Markup:
    """A part of an abstract with its inline tags."""
    return title(Text(part.text, part.html))


def render(page: str, template: str, **facts: object) -> str:
    """The page at this path."""
    own = {"to": partial(paths.between, page), "found": partial(paths.found, page)}
    text = _TEMPLATES.get_template(template).render(**own, **facts)
    return re.sub(r"\n\s*\n+", "\n", text)


_TEMPLATES = environment(
    "reports.site", title_html=title, content=content, title_of=title_of, passage=passage
)
_TEMPLATES.globals |= {"path": paths}
