"""Verdicts on the pairs that met, and on all that would become one work through them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from queries.identity.citation import Citation
from queries.identity.groups import Pair, group
from queries.identity.normalised import Normalised, normalise
from queries.identity.rules import Judgement, Relation, compare

_UNLIKE = 75.0  # likeness of titles as printed, 0 to 100, below which no rule looks at titles


def judge(
    pairs: Sequence[Pair], citations: Mapping[int, Citation], linked: Iterable[Pair] = ()
) -> dict[Pair, Judgement]:
    """Return the verdicts on the pairs, and on every pair that they and `linked` would join.

    Pairs that no rule could join are left out, unless others join them: a record that resembles two
    others makes these one work only if they may be one, so all that hangs together is compared pair
    by pair, and its vetoes are found though no key led to them.
    """
    normalised: dict[int, Normalised] = {}
    verdicts = _compare(_promising(pairs, citations), citations, normalised)
    same = [pair for pair, verdict in verdicts.items() if verdict.relation is Relation.SAME]
    together = {id(each): each for each in group([*linked, *same]).values()}
    rest = {pair for each in together.values() for pair in combinations(sorted(each), 2)} - verdicts.keys()
    return verdicts | _compare(sorted(rest), citations, normalised)


def _compare(
    pairs: Sequence[Pair], citations: Mapping[int, Citation], normalised: dict[int, Normalised]
) -> dict[Pair, Judgement]:
    for at in {one for pair in pairs for one in pair} - normalised.keys():
        normalised[at] = normalise(citations[at])
    return dict(zip(pairs, compare([(normalised[a], normalised[b]) for a, b in pairs]), strict=True))


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
