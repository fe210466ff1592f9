"""Which PMIDs are one work by what their records say: links and vetoes, kept up as articles come."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from queries.identity.blocking import KEYS, citation_columns
from queries.identity.citation import Citation, citation
from queries.identity.conflicts import Conflict, conflicts
from queries.identity.groups import Pair, group
from queries.identity.rules import BY_ID, ONE_ID, RULES, Judgement, Relation
from queries.identity.verdicts import judge
from queries.library.rows import columns, decode, utc
from queries.library.works import Works
from queries.records.article import Article
from queries.records.library import IdentityLink

_AT_ONCE = 10_000  # records decoded at a time where an older library has no citations yet


class Evidence(Works):
    """The same links and vetoes stand in the library whatever came first: they are pairs' own."""

    def conflicts(self) -> tuple[Conflict, ...]:
        """What cannot all be true of the ids in the library: DOIs of two PMIDs, DOIs that changed."""
        contested = conflicts(Citation(*row) for row in self.ask("citation/conflicts"))
        changed = (
            Conflict(
                "changed DOI",
                (pmid,),
                f"PMID {pmid} had DOI {earlier} until {noted:%Y-%m-%d}, now {now or 'none'}",
            )
            for pmid, noted, earlier, now in self.ask("revision/conflicts")
        )
        return (*contested, *changed)

    def _identify(self, articles: Collection[Article], now: datetime) -> None:
        """Compare new and changed articles with all, within a transaction of the caller's."""
        fresh = {article.pmid: citation(article, article.pmid, article.pmid) for article in articles}
        self.ask("citation/identify_drop", pmids=list(fresh))
        self.ask("citation_key/identify_drop", pmids=list(fresh))
        self._cite(list(fresh.values()))
        unseen = [pmid for (pmid,) in self.ask("citation/uncited")]
        for start in range(0, len(unseen), _AT_ONCE):
            rows = self.ask("article/articles", pmids=unseen[start : start + _AT_ONCE])
            self._cite([citation(decode(record), pmid, pmid) for pmid, record in rows])
        touched = fresh.keys() | set(unseen)
        if touched:
            self._judge(touched, fresh, now)

    def _cite(self, citations: Sequence[Citation]) -> None:
        if citations:
            table = citation_columns(citations)
            self.ask_with(table, "citation/cite")
            self.run_with(table, f"INSERT INTO citation_key SELECT id, citation_hash(key) FROM ({KEYS})")

    def _judge(self, touched: AbstractSet[int], fresh: Mapping[int, Citation], now: datetime) -> None:
        pairs: list[Pair] = self.ask("citation_key/meetings", pmids=list(touched))
        old = self.links()
        live = [(link.a, link.b) for link in old if link.undone is None]
        near = group([*live, *pairs])
        around = {pmid for one in touched if one in near for pmid in near[one]}
        linked = [pair for pair in live if around.issuperset(pair)]
        verdicts = judge(pairs, self._citations(around, fresh), linked)
        over = [link for link in old if touched & {link.a, link.b} and _is_over(link, verdicts)]
        found = _rows(verdicts, Relation.SAME)
        links = [row for row in found if row[2] not in BY_ID]
        together = group([*linked, *(row[:2] for row in found)])
        # Vetoes between those that hang together by what may be wrong; the others part nothing.
        doubtful = {id(together[a]) for a, *_ in links}
        known = {(link.a, link.b) for link in old if link.undone_by == "veto"} - {each[:2] for each in over}
        vetoes = [
            row
            for row in _rows(verdicts, Relation.APART)
            if row[:2] not in known
            and together.get(row[0], ()) is together.get(row[1])
            and (row[2] == ONE_ID or id(together[row[0]]) in doubtful)
        ]
        moment = utc(now)
        self.ask(
            "identity_link/relate_lift",
            now=moment,
            **columns(("a", "b", "rule"), [link[:3] for link in over]),
        )
        self._add(links, now)
        self.ask("identity_link/relate_veto", now=moment, **columns(("a", "b", "rule", "evidence"), vetoes))

    def _citations(self, pmids: AbstractSet[int], fresh: Mapping[int, Citation]) -> dict[int, Citation]:
        stored = self.ask("citation/citations", pmids=list(pmids - fresh.keys()))
        known = {row[0]: Citation(*row) for row in stored}
        return known | {pmid: fresh[pmid] for pmid in pmids & fresh.keys()}


def _rows(verdicts: Mapping[Pair, Judgement], relation: Relation) -> list[tuple[int, int, str, str]]:
    return [(*pair, said.rule, said.evidence) for pair, said in verdicts.items() if said.relation is relation]


def _is_over(link: IdentityLink, verdicts: Mapping[Pair, Judgement]) -> bool:
    """Whether what a link or a veto was made on no longer holds between the two records."""
    if link.undone_by == "veto":
        said = verdicts.get((link.a, link.b))
        return said is None or said.relation is not Relation.APART
    if link.undone is not None or link.rule in BY_ID or link.rule not in RULES:
        return False
    said = verdicts.get((link.a, link.b))
    return said is None or said.relation is not Relation.SAME or said.rule != link.rule
