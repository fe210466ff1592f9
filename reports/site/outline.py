"""What a site shows: watches with their digests, papers with all that is known of them. Records only.

An `Outline` is read for every build; `Details` only of the papers whose pages are written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from queries.records.article import Article
from queries.records.library import Fetched, IdentityLink, PastScore, Revision, Tombstone
from reports.digest.record import Digest
from reports.digest.told import Telling


class VerdictSum(NamedTuple):
    """How readers of a watch judged a paper, by their newest verdicts."""

    useful: int = 0
    useless: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A PMID that was told: its tellings, oldest first, and what its page depends on.

    `versions` are the other PMIDs of its work; `fingerprint` changes when its record or theirs do.
    """

    pmid: int
    tellings: tuple[Telling, ...]
    versions: tuple[int, ...] = ()
    fingerprint: str = ""
    verdicts: Mapping[str, VerdictSum] = field(default_factory=dict)
    tombstone: Tombstone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The library as the site shows it: digests by watch, oldest first; papers by PMID, first told first.

    `renamed` has, by the name that a watch had when it made a digest and that digest's number, its name now.
    """

    library: str
    digests: Mapping[str, tuple[Digest, ...]]
    papers: Mapping[int, Paper]
    renamed: Mapping[tuple[str, int], str] = field(default_factory=dict)

    @property
    def sample(self) -> bool:
        """Whether the records are invented."""
        return any(digest.sample for digests in self.digests.values() for digest in digests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Of some PMIDs all that the library has, by PMID; scores by watch and PMID."""

    articles: Mapping[int, Article]
    revisions: Mapping[int, tuple[Revision, ...]]
    fetched: Mapping[int, Fetched]
    links: Mapping[int, tuple[IdentityLink, ...]]
    scores: Mapping[tuple[str, int], tuple[PastScore, ...]]
