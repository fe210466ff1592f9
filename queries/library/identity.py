"""Which PMIDs are one work by what their records say: links and vetoes, kept up as articles come."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from queries.identity.blocking import BOUNDS, KEYS, MEETINGS, citation_columns
from queries.identity.citation import Citation, citation
from queries.identity.groups import Pair, group
from queries.identity.judgement import BY_ID, ONE_ID, RULES, Judgement, Relation
from queries.identity.verdicts import judge
from queries.library.file import LibraryFile
from queries.library.rows import columns, decode, utc
from queries.library.works import component, keep_links
from queries.records.article import Article
from queries.records.library import IdentityLink

_AT_ONCE = 10_000  # records decoded at a time where an older library has no citations yet
_LINK = "a", "b", "rule", "evidence"


def identify(library: LibraryFile, articles: Collection[Article], now: datetime) -> None:
    """Compare new and changed articles with all, within a transaction.

    The same links and vetoes stand in the library whatever came first: they are pairs' own.
    """
    fresh = {article.pmid: citation(article, article.pmid, article.pmid) for article in articles}
    library.ask("identity_link/unlink_changed_ids", now=utc(now), pmids=list(fresh))
    library.ask("citation/identify_drop", pmids=list(fresh))
    library.ask("citation_key/identify_drop", pmids=list(fresh))
    cite(library, list(fresh.values()))
    ((counts_differ,),) = library.ask("citation/identify_counts")
    uncited = [pmid for (pmid,) in library.ask("citation/identify_uncited")] if counts_differ else []
    for start in range(0, len(uncited), _AT_ONCE):
        rows = library.ask("article/articles", pmids=uncited[start : start + _AT_ONCE])
        cite(library, [citation(decode(record), pmid, pmid) for pmid, record in rows])
    touched = fresh.keys() | set(uncited)
    if touched:
        _relate(library, touched, fresh, now)


def cite(library: LibraryFile, citations: Sequence[Citation]) -> None:
    """Store citations and their keys, within a transaction."""
    if citations:
        fresh = citation_columns(citations)
        library.ask_with(fresh, "citation/cite")
        keys = f"INSERT INTO citation_key SELECT id, citation_hash(key) FROM ({KEYS})"  # noqa: S608 - our own file
        library.run_with(fresh, keys)


def _relate(
    library: LibraryFile, touched: AbstractSet[int], fresh: Mapping[int, Citation], now: datetime
) -> None:
    """Write down what the touched records are to those that they meet: links, vetoes, both lifted."""
    pairs = _meetings(library, touched)
    citations = _citations(library, {pmid for pair in pairs for pmid in pair}, fresh)
    keep_links(library, _same_ids(pairs, citations), now)
    near = component(library, set(touched).union(*pairs))
    linked = [(link.a, link.b) for link in near if link.undone is None]
    others = {pmid for pair in linked for pmid in pair} - citations.keys()
    verdicts = judge(pairs, citations | _citations(library, others, fresh), linked)
    own = library.read(IdentityLink, "identity_link/links", pmids=list(touched))
    over = [link for link in own if _is_over(link, verdicts)]
    found = _rows(verdicts, Relation.SAME)
    links = [row for row in found if row[2] not in BY_ID]
    together = group([*linked, *(row[:2] for row in found)])
    # Vetoes between those that hang together by what may be wrong; the others part nothing.
    doubtful = {id(together[a]) for a, *_ in links}
    known = {(link.a, link.b) for link in near if link.undone_by == "veto"} - {link[:2] for link in over}
    vetoes = [
        row
        for row in _rows(verdicts, Relation.APART)
        if row[:2] not in known
        and together.get(row[0], ()) is together.get(row[1])
        and (row[2] == ONE_ID or id(together[row[0]]) in doubtful)
    ]
    moment = utc(now)
    library.ask("identity_link/relate_lift", now=moment, **columns(_LINK[:3], [link[:3] for link in over]))
    keep_links(library, links, now)
    library.ask("identity_link/relate_veto", now=moment, **columns(_LINK, vetoes))


def _meetings(library: LibraryFile, touched: AbstractSet[int]) -> list[Pair]:
    library.ask("citation_key/relate", pmids=list(touched))
    library.ask("citation/relate")
    return library.run(MEETINGS, **BOUNDS)


def _same_ids(
    pairs: Iterable[Pair], citations: Mapping[int, Citation]
) -> Iterator[tuple[int, int, str, str]]:
    """Links of what has one DOI or one PMCID: one work, unless vetoed or a person has said otherwise."""
    for a, b in pairs:
        one, other = citations[a], citations[b]
        if one.doi and one.doi == other.doi:
            yield a, b, "doi", one.doi
        if one.pmcid and one.pmcid == other.pmcid:
            yield a, b, "pmcid", one.pmcid


def _citations(
    library: LibraryFile, pmids: AbstractSet[int], fresh: Mapping[int, Citation]
) -> dict[int, Citation]:
    stored = library.read(Citation, "citation/citations", pmids=list(pmids - fresh.keys()))
    return {each.id: each for each in stored} | {pmid: fresh[pmid] for pmid in pmids & fresh.keys()}


def _rows(verdicts: Mapping[Pair, Judgement], relation: Relation) -> list[tuple[int, int, str, str]]:
    return [
        (*pair, verdict.rule, verdict.evidence)
        for pair, verdict in verdicts.items()
        if verdict.relation is relation
    ]


def _is_over(link: IdentityLink, verdicts: Mapping[Pair, Judgement]) -> bool:
    """Whether what a link or a veto was made on no longer holds between the two records."""
    verdict = verdicts.get((link.a, link.b))
    if link.undone_by == "veto":
        return verdict is None or verdict.relation is not Relation.APART
    if link.undone is not None or link.rule in BY_ID or link.rule not in RULES:
        return False
    return verdict is None or verdict.relation is not Relation.SAME or verdict.rule != link.rule
