"""What it tells that an article hits a seed keyword, or misses it.

The log-likelihood ratio of naive Bayes: how often relevant articles hit it, as the seeds show, against
how often the candidates do. A keyword that every candidate hits tells nothing; the subject that every
seed names tells most where it is missing.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import log
from typing import NamedTuple

SUBJECT, ASPECT = 0.95, 0.1  # how often the relevant hit the first keyword, the subject, and another
BELIEF = 4  # in seeds: how many it takes to outweigh these
IMAGINED = 20  # candidates, of which one in ten hits: a handful of real ones shall not decide
OFTEN = 0.1


class Tells(NamedTuple):
    """Evidence, in nats, that an article hits a keyword, and that it doesn't."""

    hit: float
    miss: float


def tells(
    keywords: Sequence[str], seeds: Sequence[Collection[str]], candidates: Sequence[Collection[str]]
) -> dict[str, Tells]:
    """Per keyword, what a hit and a miss tell; the arguments hold what seeds and candidates hit."""
    relevant = Counter(keyword for hit in seeds for keyword in hit)
    common = Counter(keyword for hit in candidates for keyword in hit)
    found = {}
    for place, keyword in enumerate(keywords):
        belief = BELIEF * (ASPECT if place else SUBJECT)
        wanted = (belief + relevant[keyword]) / (BELIEF + len(seeds))
        had = (IMAGINED * OFTEN + common[keyword]) / (IMAGINED + len(candidates))
        wanted = min(wanted, (BELIEF + len(seeds) - 0.2) / (BELIEF + len(seeds)))  # nothing is certain
        found[keyword] = Tells(log(wanted / had), log((1 - wanted) / (1 - had)))
    return found


def evidence(hit: Collection[str], known: Mapping[str, Tells]) -> float:
    """The sum over the keywords."""
    return sum(told.hit if keyword in hit else told.miss for keyword, told in known.items())
