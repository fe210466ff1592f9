"""The PRISMA 2020 flow diagram of a review that is kept up, as SVG; every number is the ledger's.

Page MJ et al., BMJ 2021;372:n71, the form for updated reviews of databases.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import escape

from reports.digest.wording import KINDS
from reports.methods.record import PrismaFlow

WIDTH, LINE, PAD = 760, 20, 12
_TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
    'markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#52606d"/></marker></defs>'
)
_LEFT, _MIDDLE, _RIGHT = (20, 200), (260, 220), (520, 220)


class Box(NamedTuple):
    """Lines of words at a column (left edge, width) and a height from the top."""

    column: tuple[int, int]
    top: int
    lines: Sequence[str]

    @property
    def tall(self) -> int:
        """Its height."""
        return 2 * PAD + LINE * len(self.lines)

    @property
    def bottom(self) -> int:
        """Where it ends."""
        return self.top + self.tall


def diagram(flow: PrismaFlow, title: str, period: str) -> str:
    """The diagram as an SVG document of its own."""
    found = Box(_MIDDLE, 70, ["Records identified from", f"PubMed (n = {flow.records:,})"])
    removed = Box(
        _RIGHT,
        70,
        [
            "Removed before screening:",
            f"Known before (n = {flow.before:,})",
            f"There at the beginning (n = {flow.baseline:,})",
            f"Duplicates (n = {flow.merged:,})",
        ],
    )
    screened = Box(_MIDDLE, 200, ["Records scored against", f"the seed set (n = {flow.judged:,})"])
    excluded = Box(
        _RIGHT, 200, [f"Below the threshold (n = {flow.below:,})", f"Held over (n = {flow.held:,})"]
    )
    told = Box(
        _MIDDLE,
        310,
        ["Told in this span", f"Works (n = {flow.works:,})", f"Their records (n = {flow.told:,})"],
    )
    noticed = [f"{KINDS[kind].label} (n = {count:,})" for kind, count in flow.notices] or ["None (n = 0)"]
    notices = Box(_RIGHT, 310, ["Noticed of what was told:", *noticed])
    earlier = Box(_LEFT, 70, ["Works told before", f"this span (n = {flow.earlier:,})"])
    total = Box(
        _MIDDLE,
        max(told.bottom, notices.bottom) + 40,
        ["Works told in all", f"(n = {flow.earlier + flow.works:,})"],
    )
    boxes = (found, removed, screened, excluded, told, notices, earlier, total)
    height = total.bottom + 20
    shapes = [*map(_drawn, boxes), _down(found, screened), _down(screened, told), _down(told, total)]
    shapes += [_across(found, removed), _across(screened, excluded), _around(earlier, total)]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img"'
    )
    words = "; ".join(" ".join(box.lines) for box in boxes)
    return "\n".join(
        (
            f'{head} font-family="sans-serif" font-size="13">',
            f"<title>{escape(title)}, {escape(period)}</title>",
            f"<desc>{escape(words)}</desc>",
            _TIP,
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            f'<text x="20" y="30" font-size="16" font-weight="bold" fill="#17202a">{escape(title)}</text>',
            f'<text x="20" y="50" fill="#52606d">{escape(period)}</text>',
            *shapes,
            "</svg>\n",
        )
    )


def _drawn(box: Box) -> str:
    left, wide = box.column
    return "".join(_drawing(box, left, wide))


def _drawing(box: Box, left: int, wide: int) -> Iterator[str]:
    yield f'<rect x="{left}" y="{box.top}" width="{wide}" height="{box.tall}" rx="4" fill="#eef4fb" '
    yield 'stroke="#52606d"/>'
    for at, line in enumerate(box.lines):
        height = box.top + PAD + LINE * at + 14
        yield f'<text x="{left + PAD}" y="{height}" fill="#17202a">{escape(line)}</text>'


def _path(*points: tuple[int, int]) -> str:
    route = " ".join(f"{x} {y}" for x, y in points)
    return f'<path d="M{route}" fill="none" stroke="#52606d" marker-end="url(#tip)"/>'


def _down(upper: Box, lower: Box) -> str:
    middle = upper.column[0] + upper.column[1] // 2
    return _path((middle, upper.bottom), (middle, lower.top))


def _across(left: Box, right: Box) -> str:
    height = left.top + 24
    return _path((left.column[0] + left.column[1], height), (right.column[0], height))


def _around(upper: Box, lower: Box) -> str:
    middle, height = upper.column[0] + upper.column[1] // 2, lower.top + lower.tall // 2
    return _path((middle, upper.bottom), (middle, height), (lower.column[0], height))
