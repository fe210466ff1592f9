"""Which records are one work: exact ids first, then evidence, vetoes above all.

    citations ─blocking─▶ pairs that meet ─compare─▶ links and vetoes ─group─▶ works

A pair's verdict depends on its two records alone, and works on the links and vetoes alone; so the
order in which records arrive changes nothing, and any link can be taken back by itself.
"""

import gc
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from queries.identity.blocking import meetings
from queries.identity.citation import Citation, citation
from queries.identity.groups import group_by
from queries.identity.judgement import BY_ID, ONE_ID, RULES, Relation
from queries.identity.verdicts import judge
from queries.records.article import Article


class Member(NamedTuple):
    """A record of a work: `work` is the position of its first record, `rule` joined this one to it."""

    work: int
    rule: str = ""
    evidence: str = ""


def works(articles: Sequence[Article], pmids: Sequence[int | None] | None = None) -> list[Member]:
    """Return for each article, in the order given, the work that it is of.

    `pmids` are what the records themselves say; without, the articles' own, where they are real.
    """
    said = [max(0, article.pmid) for article in articles] if pmids is None else [pmid or 0 for pmid in pmids]
    collects = gc.isenabled()
    gc.disable()  # or the collector walks all the articles again and again: a third of the time
    try:
        return _works(articles, said)
    finally:
        if collects:
            gc.enable()


def _works(articles: Sequence[Article], said: Sequence[int]) -> list[Member]:
    pairs = meetings(articles, said)
    met = sorted({one for pair in pairs for one in pair})
    citations = {at: citation(articles[at], at, said[at]) for at in met}
    verdicts = judge(pairs, citations)
    ranks = _ranked(citations)
    links = sorted(
        (RULES.index(verdict.rule), sorted(ranks[at] for at in pair), pair)
        for pair, verdict in verdicts.items()
        if verdict.relation is Relation.SAME
    )
    vetoes = {pair: verdict.rule for pair, verdict in verdicts.items() if verdict.relation is Relation.APART}
    groups = group_by(
        [pair for rank, _, pair in links if rank < len(BY_ID)],
        [pair for rank, _, pair in links if rank >= len(BY_ID)],
        [pair for pair, rule in vetoes.items() if rule == ONE_ID],
        [pair for pair, rule in vetoes.items() if rule != ONE_ID],
    )
    firsts = {id(group): min(group) for group in {id(group): group for group in groups.values()}.values()}
    members = [Member(at) for at in range(len(articles))]
    for _, _, (a, b) in links:
        first = firsts[id(groups[a])]
        if groups[a] is groups[b]:
            for at in (a, b):
                if at != first and not members[at].rule:
                    members[at] = Member(first, *verdicts[a, b][1:])
    return members


def _ranked(citations: Mapping[int, Citation]) -> dict[int, int]:
    """What orders links of one rule: what the records say, not where they stand; equals rank equal."""
    contents = {at: each._replace(id=0) for at, each in citations.items()}
    ranks = {content: rank for rank, content in enumerate(sorted(set(contents.values())))}
    return {at: ranks[content] for at, content in contents.items()}
