"""Which PMIDs are one work: links with their rule and evidence, made and undone, never erased."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from queries.errors import InputError
from queries.identity.citation import Citation
from queries.identity.groups import group_by
from queries.identity.judgement import BY_ID, ONE_ID, RULES
from queries.library.file import LibraryFile
from queries.library.rows import columns, utc
from queries.records.library import IdentityLink

if TYPE_CHECKING:
    from queries.identity.conflicts import Conflict

_RANKS = {rule: rank for rank, rule in enumerate(RULES)}


class Works(LibraryFile):
    """Identity by links: those of one DOI or PMCID, and those by evidence."""

    def works(self, pmids: Collection[int]) -> dict[int, int]:
        """The work of each PMID, named by the smallest PMID in it; alone, a PMID is its own."""
        works = members_of(self, pmids)
        names = {work: min(work) for work in set(works.values())}
        return {pmid: names[work] for pmid, work in works.items()}

    def together(self, pmids: Collection[int]) -> dict[int, frozenset[int]]:
        """All PMIDs of each PMID's work, itself among them."""
        return members_of(self, pmids)

    def conflicts(self) -> "tuple[Conflict, ...]":
        """What cannot all be true of the ids in the library: DOIs of two PMIDs, DOIs that changed."""
        from queries.identity.conflicts import Conflict, conflicts  # noqa: PLC0415 - rapidfuzz, for this alone

        contested = conflicts(self.read(Citation, "citation/conflicts"))
        changed = (
            Conflict(
                "changed DOI",
                (pmid,),
                f"PMID {pmid} had DOI {earlier} until {noted:%Y-%m-%d}, now {now or 'none'}",
            )
            for pmid, noted, earlier, now in self.ask("revision/conflicts")
        )
        return (*contested, *changed)

    def links(self, pmids: Collection[int] | None = None) -> tuple[IdentityLink, ...]:
        """Every link ever made (of one of the PMIDs), those undone included, by PMIDs and rule."""
        wanted = None if pmids is None else list(pmids)
        return tuple(self.read(IdentityLink, "identity_link/links", pmids=wanted))

    def unlink(self, a: int, b: int, now: datetime) -> None:
        """Take two PMIDs for two works from now on, whatever any rule says later."""
        if a == b:
            raise InputError(f"PMID {a} and PMID {b}", "are one and the same", "Name two")
        a, b = sorted((a, b))
        with self.transaction():
            self.ask("identity_link/unlink", a=a, b=b, now=utc(now))
            self.ask("identity_link/unlink_apart", a=a, b=b, now=utc(now))


def members_of(library: LibraryFile, pmids: Collection[int]) -> dict[int, frozenset[int]]:
    """Map each PMID to all PMIDs of its work, itself among them."""
    works = _grouped(component(library, pmids))
    members = {id(work): frozenset(work) for work in works.values()}
    return {pmid: members[id(works[pmid])] if pmid in works else frozenset({pmid}) for pmid in pmids}


def component(library: LibraryFile, pmids: Collection[int]) -> list[IdentityLink]:
    """Return the links, vetoes and partings among all that hangs together with the PMIDs by live links.

    What is one work with a PMID depends on these alone.
    """
    return library.read(IdentityLink, "identity_link/component", pmids=list(pmids))


def keep_links(library: LibraryFile, links: Iterable[tuple[int, int, str, str]], now: datetime) -> int:
    """Store links (pmid, pmid, rule, evidence), within a transaction; return how many were new.

    One that is there already is left as it is, and one between PMIDs that a person has unlinked is
    left out.
    """
    # One row a pair and rule, whatever its evidences.
    found = {
        row[:3]: row
        for row in sorted(
            {(min(a, b), max(a, b), rule, evidence) for a, b, rule, evidence in links if a != b}
        )
    }
    pmids = {pmid for a, b, _ in found for pmid in (a, b)}
    old = library.read(IdentityLink, "identity_link/links", pmids=list(pmids))
    kept = {(link.a, link.b, link.rule) for link in old if link.undone is None}
    apart = {(link.a, link.b) for link in old if link.undone_by == "person"}
    new = [row for key, row in found.items() if key not in kept and key[:2] not in apart]
    library.ask("identity_link/keep_links", now=utc(now), **columns(("a", "b", "rule", "evidence"), new))
    return len(new)


def _grouped(links: Collection[IdentityLink]) -> dict[int, set[int]]:
    """Map every linked PMID to the PMIDs of its work.

    Links join in a fixed order, the strongest rule first, and none joins two groups that hold a
    pair that a person has unlinked or a veto parts: the result depends on the links alone, not on
    when they arrived.
    """
    live = sorted(
        (link for link in links if link.undone is None),
        key=lambda link: (_RANKS.get(link.rule, len(_RANKS)), link.a, link.b, link.rule),
    )
    vetoes = [link for link in links if link.undone_by == "veto"]
    return group_by(
        [(link.a, link.b) for link in live if link.rule in BY_ID],
        [(link.a, link.b) for link in live if link.rule not in BY_ID],
        [(link.a, link.b) for link in links if link.undone_by == "person"]
        + [(link.a, link.b) for link in vetoes if link.rule == ONE_ID],
        [(link.a, link.b) for link in vetoes],
    )
