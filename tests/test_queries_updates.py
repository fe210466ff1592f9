"""What happened to told papers is told once, and a notice is never mistaken for its paper."""

from dataclasses import replace
from datetime import UTC, date, datetime

from queries.records.article import Article, Link, Passage, Term
from queries.records.digest import Kind
from queries.records.library import Told, Tombstone
from queries.updates import PREPRINT, RETRACTED, is_retracted, standing, subject_of, updates

MADE = datetime(2026, 10, 19, tzinfo=UTC)
PAPER = Article(pmid=1, title="A told paper.")
NOTICE = Article(
    pmid=9,
    title="Retraction: A told paper.",
    created=datetime(2026, 10, 27, 5, 0),  # noqa: DTZ001 - PubMed's own, naive Eastern
    publication_types=(Term("D016440", "Retraction of Publication"),),
    links=(Link("RetractionOf", 1, "J Invented. 2026", ""),),
)
RETRACTION = Link("RetractionIn", 9, "J Invented. 2026 Oct 27", "")
TOLD = Told(1, 1, 4, MADE, Kind.NEW)


def happened(
    *articles: Article, told: tuple[Told, ...] = (TOLD,), tombs: dict[int, Tombstone] | None = None
) -> list[tuple[str, int]]:
    """Kind and PMID of the updates."""
    stored = {article.pmid: article for article in articles}
    works = {row.pmid: {row.pmid, 2} for row in told}
    return [(update.kind, update.article.pmid) for update in updates(told, stored, works, tombs or {})]


def test_a_paper_to_which_nothing_happened_is_no_news() -> None:
    assert happened(PAPER) == []


def test_a_retraction_is_told_once_with_its_notice_and_its_day() -> None:
    paper = replace(PAPER, links=(RETRACTION,), publication_types=(Term(RETRACTED, "Retracted Publication"),))
    (update,) = updates([TOLD], {1: paper, 9: NOTICE}, {1: {1}}, {})
    assert (update.kind, update.told_in, update.notice, update.when) == (
        "retraction",
        4,
        9,
        date(2026, 10, 27),
    )
    again = Told(1, 1, 5, MADE, Kind.RETRACTION)
    assert happened(paper, NOTICE, told=(TOLD, again)) == []


def test_a_publication_type_alone_is_a_retraction_too() -> None:
    paper = replace(PAPER, publication_types=(Term(RETRACTED, "Retracted Publication"),))
    assert happened(paper) == [("retraction", 1)]
    assert is_retracted(paper)


def test_a_notice_is_about_its_paper_and_not_itself_retracted() -> None:
    assert subject_of(NOTICE) == 1
    assert not is_retracted(NOTICE)


def test_a_second_erratum_is_news_after_the_first() -> None:
    first, second = Link("ErratumIn", 11, "A journal. 2026", ""), Link("ErratumIn", 12, "A journal. 2027", "")
    paper = replace(PAPER, links=(first, second))
    one = Told(1, 1, 5, MADE, Kind.CORRECTION)
    (update,) = updates([TOLD, one], {1: paper}, {1: {1}}, {})
    assert (update.notice, update.note, update.silent) == (12, "", False)  # a citation is no reason


def test_a_reason_is_the_notices_own_sentence_and_its_want_is_told_from_not_having_read_it() -> None:
    link = Link("RetractionIn", 12, "A journal. 2027", "")
    paper = replace(PAPER, links=(link,))
    text = "The editors retract this article. Two figures show the same blot. The authors agree."
    said = replace(NOTICE, pmid=12, abstract=(Passage("", "", text, text),))
    silent = replace(said, abstract=(Passage("", "", "[This retracts the article DOI: 10.1/x.]", ""),))
    for notice, reason in ((said, "Two figures show the same blot."), (silent, "")):
        (update,) = updates([TOLD], {1: paper, 12: notice}, {1: {1}}, {})
        assert (update.note, update.silent) == (reason, not reason)


def test_what_was_told_with_a_red_badge_is_not_told_again() -> None:
    paper = replace(PAPER, links=(RETRACTION,))
    badged = tuple(Told(1, 1, 4, MADE, kind) for kind in standing(paper))
    assert happened(paper, told=(TOLD, *badged)) == []


def test_a_told_preprint_that_is_published_is_shown_as_its_article_once() -> None:
    preprint = replace(PAPER, publication_types=(Term(PREPRINT, "Preprint"),))
    article = Article(pmid=2, title="A told paper, published.")
    assert happened(preprint, article) == [("published", 2)]
    assert happened(preprint, article, told=(TOLD, Told(2, 1, 5, MADE, Kind.PUBLISHED))) == []
    assert happened(preprint, article, told=(TOLD, Told(2, 2, 5, MADE, Kind.NEW))) == []


def test_a_deleted_record_is_news_only_if_nothing_took_its_place() -> None:
    tomb = Tombstone(1, None, MADE, "gone from PubMed")
    assert happened(PAPER, tombs={1: tomb}) == [("deleted", 1)]
    assert happened(PAPER, tombs={1: tomb._replace(successor=2)}) == []
