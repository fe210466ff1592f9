"""The table of beliefs: how far each is known, and from where.

beliefs.tsv has a row a belief: check, belief, standing, source. Standings: *recorded* in NCBI's own bytes,
*documented* by NLM, *believed* for want of both (third parties' notes among them).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import unified_diff
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("beliefs.tsv")
STANDINGS = ("recorded", "documented", "believed")
_HEAD = "check\tbelief\tstanding\tsource"


class BeliefRow(NamedTuple):
    """A belief and how far it is known."""

    check: str
    belief: str
    standing: str
    source: str


def rows() -> list[BeliefRow]:
    """The table."""
    head, *lines = FILE.read_text("utf-8").splitlines()
    assert head == _HEAD
    return [BeliefRow(*line.split("\t")) for line in lines]


def as_text(table: Iterable[BeliefRow]) -> str:
    """A table as the file has it."""
    return "".join(f"{line}\n" for line in (_HEAD, *map("\t".join, table)))


def counts() -> str:
    """The table in one sentence, which the README has."""
    standing = Counter(row.standing for row in rows())
    parts = ", ".join(f"{standing[each]} {each}" for each in STANDINGS)
    return f"{sum(standing.values())} beliefs about PubMed: {parts}"


def patch(judged: Mapping[tuple[str, str], str], day: str) -> str:
    """What a live run of `day` changes in the table, as a patch; `judged` is "" where a belief held.

    What held is recorded from now on; what did not is marked as refuted, with what came instead.
    """
    old = rows()
    new = [_judged(row, judged.get((row.check, row.belief)), day) for row in old]
    name = f"tests/support/{FILE.name}"
    return "".join(
        unified_diff(
            as_text(old).splitlines(keepends=True),
            as_text(new).splitlines(keepends=True),
            *(f"a/{name}", f"b/{name}"),
            n=0,
        )
    )


def _judged(row: BeliefRow, came: str | None, day: str) -> BeliefRow:
    if came is None or (not came and row.standing == "recorded"):
        return row
    if not came:
        return row._replace(standing="recorded", source=f"make live, {day}")
    return row._replace(standing="refuted", source=f"make live, {day}: {' '.join(came.split())[:200]}")
