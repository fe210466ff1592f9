"""What happened to a paper after it was told: retracted, questioned, corrected, published, gone. Pure.

RefTypes: NLM's CommentsCorrectionsList; "In" stands on the affected article and points to the notice.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from queries.records.article import Article, Link
from queries.records.digest import Kind
from queries.records.library import Told, Tombstone

RETRACTED = "D016441"  # publication type Retracted Publication; the notice's own is D016440
PREPRINT = "D000076942"
NOTICES: Mapping[Kind, tuple[str, ...]] = {
    Kind.RETRACTION: ("RetractionIn", "PartialRetractionIn", "RetractedandRepublishedIn"),
    Kind.CONCERN: ("ExpressionOfConcernIn",),
    Kind.CORRECTION: ("ErratumIn", "CorrectedandRepublishedIn"),
}
NOTICE_OF = frozenset({"RetractionOf", "PartialRetractionOf", "ExpressionOfConcernFor", "ErratumFor"})


class Update(NamedTuple):
    """Something that a reader of digest `told_in`, which told `told_pmid`, has to know of a paper.

    `article` is as it is now. Without `told_in` it is new to everybody, and bears its notice already.

    `kind` is an update's; `notice` is the PMID of what says so, `note` its reason in its own words, `when`
    the day that notice entered PubMed. `silent`: the notice has been read and gives no reason.
    """

    kind: Kind
    article: Article
    work: int
    told_pmid: int
    told_in: int | None
    note: str = ""
    when: date | None = None
    notice: int | None = None
    silent: bool = False


def is_retracted(article: Article) -> bool:
    """Whether PubMed marks the article as retracted; a retraction notice is not."""
    return _is_marked(article) or bool(_notices(article, Kind.RETRACTION))


def _is_marked(article: Article) -> bool:
    """Whether its publication type says so, which had no UI before 2014."""
    return any(
        each.ui == RETRACTED or each.name == "Retracted Publication" for each in article.publication_types
    )


def is_preprint(article: Article) -> bool:
    """Whether the record is a preprint's."""
    return any(each.ui == PREPRINT or each.name == "Preprint" for each in article.publication_types)


def standing(article: Article) -> tuple[Kind, ...]:
    """The kind of each notice that an article bears already: told with the article, it is no news later."""
    kinds = [kind for kind in NOTICES for _ in _notices(article, kind)]
    if is_retracted(article) and Kind.RETRACTION not in kinds:
        kinds.append(Kind.RETRACTION)
    return tuple(kinds)


def retracted_on_arrival(article: Article, work: int) -> Update:
    """The retraction that an article bore already when it was found."""
    link = next(iter(_notices(article, Kind.RETRACTION)), None)
    note, notice = (link.note, link.pmid) if link else ("", None)
    return Update(Kind.RETRACTION, article, work, article.pmid, None, note, None, notice)


# What a notice has to say beyond that it is one: images, data, words, people, or that something was wrong.
_REASON = re.compile(
    r"duplicat|reus|overlap|manipulat|fabricat|falsif|plagiar|image|figure|panel|blot|data\b|dataset|analys|error"
    r"|mistake|incorrect|inaccura|inconsisten|irregular|reproduc|reliab|integrity|peer review|ethic|consent"
    r"|authorship|affiliation|third part|undisclosed|misconduct|could not|unable to|conclusions",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def reason(notice: Article) -> str:
    """The sentence of a notice that says why, verbatim; "" if none does."""
    sentences = (part for passage in notice.abstract for part in _SENTENCE.split(passage.text))
    return next((part for part in sentences if _REASON.search(part) and not part.startswith("[")), "")


def subject_of(article: Article) -> int | None:
    """The PMID that a notice (of retraction, concern, correction) is about; None for what is none."""
    return next((link.pmid for link in article.links if link.kind in NOTICE_OF and link.pmid), None)


def updates(
    told: Sequence[Told],
    articles: Mapping[int, Article],
    works: Mapping[int, Collection[int]],
    tombstones: Mapping[int, Tombstone],
) -> tuple[Update, ...]:
    """What is news about told papers, each once.

    `told` is all that digests told, updates included; `articles` holds what was told, the other
    records of its works and the notices; `works` maps a told PMID to all PMIDs of its work.
    A kind is news as often as there are more notices of it than were told.
    """
    firsts = {row.pmid: row for row in reversed(told) if not row.kind.is_update}
    known = Counter((row.pmid, row.kind) for row in told)
    return tuple(
        update
        for pmid, row in sorted(firsts.items())
        if pmid in articles
        for update in (
            *_noticed(articles[pmid], row, known, articles),
            *_published(
                articles[pmid],
                row,
                [articles[p] for p in works[pmid] if p in articles and p not in firsts],
                known,
            ),
            *_gone(articles[pmid], row, known, tombstones),
        )
    )


def _noticed(
    article: Article, row: Told, known: Counter[tuple[int, Kind]], articles: Mapping[int, Article]
) -> Iterator[Update]:
    for kind in NOTICES:
        links = _notices(article, kind)
        fresh = links[known[article.pmid, kind] :]
        for link in fresh:
            notice = articles.get(link.pmid or 0)
            when = notice.created.date() if notice and notice.created else None
            note = link.note or (reason(notice) if notice else "")
            silent = notice is not None and not note
            yield Update(kind, article, row.work, row.pmid, row.number, note, when, link.pmid, silent)
    if (
        _is_marked(article)
        and not _notices(article, Kind.RETRACTION)
        and not known[article.pmid, Kind.RETRACTION]
    ):
        yield Update(Kind.RETRACTION, article, row.work, row.pmid, row.number, "", article.revised)


def _published(
    article: Article, row: Told, together: Sequence[Article], known: Counter[tuple[int, Kind]]
) -> Iterator[Update]:
    """The article that a told preprint has become, shown in its place."""
    finals = sorted(
        (each for each in together if not is_preprint(each)), key=lambda each: each.pmid
    )  # one work, one article; of two PMIDs of it the first
    if is_preprint(article) and finals and not known[finals[0].pmid, Kind.PUBLISHED]:
        final = finals[0]
        when = final.created.date() if final.created else None
        yield Update(Kind.PUBLISHED, final, row.work, row.pmid, row.number, "", when, final.pmid)


def _gone(
    article: Article, row: Told, known: Counter[tuple[int, Kind]], tombstones: Mapping[int, Tombstone]
) -> Iterator[Update]:
    """A record that left PubMed with nothing in its place; one with a successor is no news."""
    stone = tombstones.get(article.pmid)
    if stone and stone.successor is None and not known[article.pmid, Kind.DELETED]:
        yield Update(Kind.DELETED, article, row.work, row.pmid, row.number, "", stone.found.date())


def _notices(article: Article, kind: Kind) -> list[Link]:
    return [link for link in article.links if link.kind in NOTICES[kind]]
