"""Which PMIDs are one work: links with their rule and evidence, made and undone, never erased."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from queries.identity.groups import group_by
from queries.identity.rules import BY_ID, ONE_ID, RULES
from queries.library.file import Library
from queries.library.rows import aware, columns, utc
from queries.records.library import IdentityLink

RANKS = {rule: rank for rank, rule in enumerate(RULES)}


class Works(Library):
    """Identity by links. `remember` makes those of one DOI or PMCID; evidence adds its own."""

    def works(self, pmids: Collection[int]) -> dict[int, int]:
        """The work of each PMID, named by the smallest PMID in it; alone, a PMID is its own."""
        ids = _named(self.links())
        return {pmid: ids.get(pmid, pmid) for pmid in pmids}

    def together(self, pmids: Collection[int]) -> dict[int, frozenset[int]]:
        """All PMIDs of each PMID's work, itself among them."""
        ids = _named(self.links())
        members = defaultdict(set)
        for pmid, work in ids.items():
            members[work].add(pmid)
        return {pmid: frozenset(members[ids[pmid]]) if pmid in ids else frozenset({pmid}) for pmid in pmids}

    def links(self) -> tuple[IdentityLink, ...]:
        """Every link ever made, those undone included, by PMIDs and rule."""
        return tuple(
            IdentityLink(a, b, rule, evidence, aware(made), undone and aware(undone), by)
            for a, b, rule, evidence, made, undone, by in self.ask("identity_link/links")
        )

    def add_links(self, links: Iterable[tuple[int, int, str, str]], now: datetime) -> int:
        """Store links (pmid, pmid, rule, evidence); return how many were new.

        One that is there already is left as it is, and one between PMIDs that a person has
        unlinked is left out.
        """
        with self.transaction():
            return self._add(links, now)

    def _add(self, links: Iterable[tuple[int, int, str, str]], now: datetime) -> int:
        """`add_links`, within a transaction of the caller's."""
        found = sorted({(min(a, b), max(a, b), rule, evidence) for a, b, rule, evidence in links if a != b})
        old = self.links()
        kept = {(link.a, link.b, link.rule) for link in old if link.undone is None}
        apart = {(link.a, link.b) for link in old if link.undone_by == "person"}
        new = {
            row[:3]: row for row in found if row[:3] not in kept and row[:2] not in apart
        }  # one row a pair and rule, whatever its evidences
        self.ask(
            "identity_link/add_links", now=utc(now), **columns(("a", "b", "rule", "evidence"), new.values())
        )
        return len(new)

    def unlink(self, a: int, b: int, now: datetime) -> None:
        """Take two PMIDs for two works from now on, whatever any rule says later."""
        a, b = sorted((a, b))
        with self.transaction():
            self.ask("identity_link/unlink", a=a, b=b, now=utc(now))
            if not any((link.a, link.b) == (a, b) for link in self.links()):
                self.ask("identity_link/unlink_apart", a=a, b=b, now=utc(now))


def _named(links: Collection[IdentityLink]) -> dict[int, int]:
    """Map every linked PMID to the smallest PMID of its work.

    Links join in a fixed order, the strongest rule first, and none joins two groups that hold a
    pair that a person has unlinked or a veto parts: the result depends on the links alone, not on
    when they arrived.
    """
    live = sorted(
        (link for link in links if link.undone is None),
        key=lambda link: (RANKS.get(link.rule, len(RANKS)), link.a, link.b, link.rule),
    )
    vetoes = [link for link in links if link.undone_by == "veto"]
    works = group_by(
        [(link.a, link.b) for link in live if link.rule in BY_ID],
        [(link.a, link.b) for link in live if link.rule not in BY_ID],
        [(link.a, link.b) for link in links if link.undone_by == "person"]
        + [(link.a, link.b) for link in vetoes if link.rule == ONE_ID],
        [(link.a, link.b) for link in vetoes],
    )
    return {pmid: min(together) for pmid, together in works.items()}
