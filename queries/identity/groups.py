"""Links made into works, without chaining through one bad link."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

Pair = tuple[int, int]
# Up to so many records that share a key, or hang together, are compared each with each: a handful
# do, of true copies. Of more, each is compared with so many neighbours in the order of what they say.
MOST, NEIGHBOURS = 50, 5


def group(links: Iterable[Pair], apart: Iterable[Pair] = ()) -> dict[int, set[int]]:
    """Map every linked id to all that are one work with it.

    Links join in the order given, the strongest first; none joins two groups that hold a pair which
    is `apart`. The result depends on the links and their order alone.
    """
    strangers = defaultdict(set)
    for a, b in apart:
        strangers[a].add(b)
        strangers[b].add(a)
    members: dict[int, set[int]] = {}
    for a, b in links:
        left, right = members.setdefault(a, {a}), members.setdefault(b, {b})
        if left is right:
            continue
        if len(left) < len(right):
            left, right = right, left
        if any(strangers[one] & left for one in right if one in strangers):
            continue
        left |= right
        members.update(dict.fromkeys(right, left))
    return members


def group_by(
    ids: Sequence[Pair], evidence: Sequence[Pair], never: Sequence[Pair], vetoes: Sequence[Pair]
) -> dict[int, set[int]]:
    """Map every linked id to its work: what ids join, vetoes do not part; `never` parts even those."""
    sure = group(ids, never)
    other = [(a, b) for a, b in vetoes if a not in sure or sure[a] is not sure.get(b)]
    return group([*ids, *evidence], [*never, *other])
