"""Verdicts on the pairs that met, and on all that would become one work through them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from queries.identity.citation import Citation
from queries.identity.groups import MOST, NEIGHBOURS, Pair, group
from queries.identity.judgement import Judgement, Relation
from queries.identity.normalised import Normalised, normalise
from queries.identity.rules import compare

_AT_ONCE = 20_000  # pairs compared at a time, to keep few of them in memory
_UNLIKE = 75.0  # likeness of titles as printed, 0 to 100, below which no rule looks at titles


def judge(
    pairs: Sequence[Pair], citations: Mapping[int, Citation], linked: Iterable[Pair] = ()
) -> dict[Pair, Judgement]:
    """Return the sure verdicts on the pairs, and on every pair that they and `linked` would join.

    Pairs that no rule could join are left out, unless others join them: a record that resembles two
    others makes these one work only if they may be one, so all that hangs together is compared pair
    by pair, and its vetoes are found though no key led to them. Where a crowd hangs together, each is
    compared with its neighbours in what they say, and with the first of all.
    """
    verdicts = _compare(_promising(sorted(pairs), citations), citations)
    same = [pair for pair, verdict in verdicts.items() if verdict.relation is Relation.SAME]
    together = {id(each): each for each in group([*linked, *same]).values()}
    rest = {pair for each in together.values() for pair in _within(each, citations)} - verdicts.keys()
    return verdicts | _compare(sorted(rest), citations)


def _within(members: set[int], citations: Mapping[int, Citation]) -> Iterator[Pair]:
    """The pairs to compare of those that hang together."""
    if len(members) <= MOST:
        yield from combinations(sorted(members), 2)
        return
    ordered = sorted(members, key=lambda at: (citations[at]._replace(id=0), at))
    for place, at in enumerate(ordered):
        for other in {ordered[0], *ordered[place + 1 : place + 1 + NEIGHBOURS]} - {at}:
            yield min(at, other), max(at, other)


def _compare(pairs: Sequence[Pair], citations: Mapping[int, Citation]) -> dict[Pair, Judgement]:
    """Verdicts that say something on pairs in their order: pairs of which nothing is sure are left out."""
    verdicts: dict[Pair, Judgement] = {}
    normalised: dict[int, Normalised] = {}
    for start in range(0, len(pairs), _AT_ONCE):
        some = pairs[start : start + _AT_ONCE]
        # No pair to come has a record before the first of these: what a crowd says is let go as it passes.
        normalised = {at: each for at, each in normalised.items() if at >= some[0][0]}
        for at in {one for pair in some for one in pair} - normalised.keys():
            normalised[at] = normalise(citations[at])
        judged = compare([(normalised[a], normalised[b]) for a, b in some])
        verdicts |= {
            pair: verdict
            for pair, verdict in zip(some, judged, strict=True)
            if verdict.relation is not Relation.UNSURE
        }
    return verdicts


def _promising(pairs: Sequence[Pair], citations: Mapping[int, Citation]) -> list[Pair]:
    """The pairs that some rule might join: titles not far apart, one id, or one place."""
    titles = {at: default_process(citations[at].title) for at in {one for pair in pairs for one in pair}}
    left, right = [titles[a] for a, _ in pairs], [titles[b] for _, b in pairs]
    alike = process.cpdist(left, right, scorer=fuzz.ratio, score_cutoff=_UNLIKE, dtype=np.float32)
    return [
        (a, b)
        for (a, b), likeness in zip(pairs, alike.tolist(), strict=True)
        if likeness or _may_be_one(citations[a], citations[b]) or _contained(titles[a], titles[b])
    ]


def _may_be_one(a: Citation, b: Citation) -> bool:
    """Whether two records may be one work whose titles are unlike: a translation, a preprint renamed."""
    first, other = (each.pages.partition("-")[0].strip() for each in (a, b))
    one_place = first and first == other and a.year == b.year
    one_id = (a.doi and a.doi == b.doi) or (a.pmcid and a.pmcid == b.pmcid) or (a.pmid and a.pmid == b.pmid)
    return bool(one_place or one_id or a.updates or b.updates)


def _contained(a: str, b: str) -> bool:
    return a.startswith(b) or b.startswith(a) or a.endswith(b) or b.endswith(a)
