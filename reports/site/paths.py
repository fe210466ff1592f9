"""Where each page of the site is, from its root; mails and feeds link there, so they never change."""

from urllib.parse import quote

INDEX = "index.html"
SEARCH = "search.html"
STYLE = "static/site.css"
SCRIPT = "static/search.js"


def watch(name: str) -> str:
    """A watch's page."""
    return f"{name}/index.html"


def digest(name: str, number: int) -> str:
    """A digest's page."""
    return f"{name}/digest/{number}.html"


def article(pmid: int) -> str:
    """A paper's page, of any watch."""
    return f"article/{pmid}.html"


def atom(name: str) -> str:
    """A watch's Atom feed."""
    return f"{name}/feed.xml"


def json_feed(name: str) -> str:
    """A watch's JSON feed."""
    return f"{name}/feed.json"


def segment(number: int) -> str:
    """A part of the search index, from 0."""
    return f"search/{number}.js"


def between(page: str, target: str) -> str:
    """The link from one page to another: relative, so that the site works from any place."""
    return "../" * page.count("/") + quote(target, safe="/")


def found(page: str, **filters: str | int) -> str:
    """The link from a page to a search."""
    wanted = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in filters.items())
    return f"{between(page, SEARCH)}#{wanted}"
