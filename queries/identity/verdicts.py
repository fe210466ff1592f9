"""Verdicts on the pairs that met, and on all that would become one work through them."""

from collections.abc import Iterable, Mapping
from itertools import combinations

from queries.identity.face import Face
from queries.identity.groups import Pair, group
from queries.identity.pairs import Relation, Verdict, compare, promising


def judge(
    pairs: Iterable[Pair], faces: Mapping[int, Face], linked: Iterable[Pair] = ()
) -> dict[Pair, Verdict]:
    """Return the verdicts on the pairs, and on every pair that they and `linked` would join.

    Pairs that no rule could join are left out, unless others join them: a record that resembles two
    others makes these one work only if they may be one, so all that hangs together is compared pair
    by pair, and its vetoes are found though no key led to them.
    """
    verdicts = _compare(promising(list(pairs), faces), faces)
    same = [pair for pair, verdict in verdicts.items() if verdict.relation is Relation.SAME]
    together = {id(each): each for each in group([*linked, *same]).values()}
    rest = {pair for each in together.values() for pair in combinations(sorted(each), 2)} - verdicts.keys()
    return verdicts | _compare(sorted(rest), faces)


def _compare(pairs: Iterable[Pair], faces: Mapping[int, Face]) -> dict[Pair, Verdict]:
    pairs = list(pairs)
    return dict(zip(pairs, compare([(faces[a], faces[b]) for a, b in pairs]), strict=True))
