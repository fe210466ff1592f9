"""The templates, and what all of them may call."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from reports.digest import headline, links, weeks, wording
from reports.digest.record import NAMED

_SAY: Final = SimpleNamespace(
    **{name: value for module in (headline, wording, weeks) for name, value in vars(module).items()}
)


def environment(package: str = "reports.formats", **filters: Callable[..., Any]) -> Environment:
    """The templates of a package, with the filters of one format."""
    made = Environment(
        loader=PackageLoader(package),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= filters
    made.globals |= {"say": _SAY, "link": links, "title": wording.SectionTitle, "named": NAMED}
    return made


def spaced(text: str) -> str:
    """The text without more than one blank line in a row, ended by a line feed."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
