"""Bars as inline SVG: counts over digests, readable without colour and by a screen reader."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

WIDTH, HEIGHT, GAP = 320, 48, 2
SHOWN = 26  # bars


class Bar(NamedTuple):
    """A count, as its height, and what it is of: "digest 7, 12 Nov 2026"."""

    label: str
    height: int


def bars(title: str, counted: Sequence[Bar]) -> Markup:
    """The last counts as bars, the newest on the right; each says its own figure when pointed at."""
    last = counted[-SHOWN:]
    top = max([bar.height for bar in last], default=0) or 1
    wide = WIDTH / max(len(last), 1)
    shapes = "".join(
        f'<rect x="{at * wide:.1f}" y="{HEIGHT - _tall(bar.height, top):.1f}" width="{wide - GAP:.1f}" '
        f'height="{_tall(bar.height, top):.1f}"><title>{escape(f"{bar.label}: {bar.height}")}</title></rect>'
        for at, bar in enumerate(last)
    )
    said = f"{title}: {', '.join(str(bar.height) for bar in last)}" if last else f"{title}: nothing yet"
    head = f'<svg class="bars" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none"'
    label = escape(said)
    return Markup(f'{head} aria-label="{label}">{shapes}</svg>')  # noqa: S704 - numbers, and what is escaped


def _tall(count: int, top: int) -> float:
    return 1 + (HEIGHT - 1) * count / top
