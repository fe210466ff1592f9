"""How often the seed's keywords are met a month, and which words are suggested for them."""

import random
from collections.abc import Sequence
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.drift import FEWEST, Drift, drift, surprise
from queries.records.article import Article, Chemical, Heading, Keyword, Passage
from queries.text.keywords import hits
from queries.watch.file import Anchor
from reports.answers.drift import line, markdown

CML = Anchor(keyword="Chronic myeloid leukemia", synonyms=("CML",), traps=("Blastoid variant",))
TKI = Anchor(keyword="Tyrosine kinase inhibitor", synonyms=("TKI", "imatinib", "quantinib*"))
NICHE = Anchor(keyword="niche", synonyms=("stroma",))
ANCHORS = (CML, TKI, NICHE)
KEYWORDS = tuple(anchor.keyword for anchor in ANCHORS)
UNTIL = date(2026, 10, 31)
RECENT, BEFORE = datetime(2026, 9, 15, 12), datetime(2026, 3, 15, 12)  # noqa: DTZ001 - Eastern, as PubMed's are


def records(*groups: tuple[datetime, int, str]) -> list[Article]:
    """So many records created at each moment, with that title."""
    texts = [(moment, text) for moment, count, text in groups for _ in range(count)]
    return [
        Article(pmid=number, title=text, created=moment) for number, (moment, text) in enumerate(texts, 1)
    ]


def rising(word: str, about: str = "CML", now: int = 14, then: int = 2) -> list[Article]:
    """The word in `now` of 60 recent records about something, and in `then` of 58 before."""
    return records(
        (RECENT, now, f"{about}: {word}"),
        (RECENT, 60 - now, about),
        (BEFORE, then, f"{about}: {word}"),
        (BEFORE, 58 - then, about),
    )


def told(articles: Sequence[Article], anchors: tuple[Anchor, ...] = ANCHORS) -> Drift:
    """The drift of these articles on the last day of October 2026."""
    return drift(articles, anchors, KEYWORDS, UNTIL)


def terms(articles: Sequence[Article], anchors: tuple[Anchor, ...] = ANCHORS) -> list[tuple[str, str]]:
    """What is suggested, and for which keyword."""
    return [(rise.term, rise.keyword) for rise in told(articles, anchors).rises]


def test_a_drug_that_rises_is_suggested_with_its_counts_for_the_keyword_whose_drugs_end_so() -> None:
    (rise,) = told(rising("asciminib", "CML on a TKI")).rises
    assert rise[:8] == ("asciminib", TKI.keyword, TKI.keyword, "inib", 14, 60, 2, 58)
    assert "asciminib: 14 of 60 records since May 2026, 2 of 58 before, suggested for" in line(
        told(rising("asciminib", "TKI"))
    )


def test_a_drug_fits_its_keyword_even_where_no_record_says_so_yet() -> None:
    (rise,) = told(rising("asciminib", "CML")).rises
    assert (rise.keyword, rise.beside) == (TKI.keyword, CML.keyword)
    assert "14 of 60 records on Chronic myeloid leukemia since" in line(told(rising("asciminib", "CML")))


def test_a_word_is_suggested_for_the_keyword_whose_company_it_keeps() -> None:
    articles = rising("osteolectin", "CML in its niche", now=20, then=0)
    assert terms([*articles, *_renumbered(records((RECENT, 60, "CML"), (BEFORE, 60, "CML")))]) == [
        ("osteolectin", "niche")
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("keywords", (Keyword("mitophagic flux index", "NOTNLM", False),)),
        ("mesh", (Heading("D1", "mitophagic flux index", False),)),
        ("chemicals", (Chemical("0", "C1", "mitophagic flux index"),)),
        ("abstract", (Passage("", "", "We saw mitophagic flux.", ""),)),
    ],
)
def test_keywords_headings_substances_and_pairs_of_words_are_read(field: str, value: object) -> None:
    plain = records((RECENT, 40, "niche"), (BEFORE, 58, "niche"))
    told_of = [
        Article(pmid=1000 + n, title="niche", created=RECENT, **{field: value})  # type: ignore[arg-type]
        for n in range(20)
    ]
    assert any(term.startswith("mitophagic flux") for term, _ in terms([*plain, *told_of]))


@pytest.mark.parametrize(
    ("why", "articles"),
    [
        ("too few", rising("osteolectin", now=FEWEST - 1, then=0)),
        ("no more than before", rising("osteolectin", now=14, then=14)),
        ("within chance", rising("osteolectin", now=9, then=3)),
        ("commoner in PubMed at large", rising("patients", now=12, then=0)),
        ("nothing before to compare with", records((RECENT, 60, "CML: osteolectin"))),
        ("a synonym", rising("imatinib", now=30, then=0)),
        ("a synonym's stem", rising("quantinibase", now=30, then=0)),
        ("holds a synonym", rising("imatinib", now=30, then=0)),
        ("a trap", rising("blastoid variants", now=30, then=0)),
        ("a synonym's own words", rising("kinase", now=30, then=0)),
        ("beside no keyword", rising("osteolectin", "Skin", now=30, then=0)),
    ],
)
def test_nothing_is_suggested_that_is(why: str, articles: list[Article]) -> None:
    assert terms(articles) == [], why


def test_parts_of_a_suggestion_are_not_suggested_beside_it() -> None:
    assert terms(rising("mitophagic flux", now=30, then=0)) == [("mitophagic flux", CML.keyword)]


def test_months_count_the_records_of_each_keyword_up_to_the_last_whole_one() -> None:
    articles = records(
        (datetime(2026, 8, 31, 23, 59), 2, "CML niche"),  # noqa: DTZ001 - Eastern
        (datetime(2026, 9, 1), 1, "CML"),  # noqa: DTZ001 - Eastern
        (datetime(2026, 10, 31, 23), 3, "niche"),  # noqa: DTZ001 - Eastern
        (datetime(2024, 10, 31), 9, "CML"),  # noqa: DTZ001 - Eastern, two years and a day ago
    )
    whole = told(articles)
    assert whole.months == (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
    assert whole.every == (2, 1, 3)
    assert whole.facets == {CML.keyword: (2, 1, 0), TKI.keyword: (0, 0, 0), "niche": (2, 0, 3)}
    assert drift(articles, ANCHORS, KEYWORDS, date(2026, 10, 30)).every[-2:] == (2, 1)
    assert "| Sep 2026 | 1 | 1 | 0 | 0 |" in markdown("CML", whole)


def test_a_library_too_young_to_tell_says_so() -> None:
    assert "no whole month" in markdown("CML", told([]))
    assert "None can be told yet" in markdown("CML", told(records((RECENT, 60, "CML: osteolectin"))))
    assert line(told([])) == ""


def test_a_word_of_a_record_cannot_break_the_page() -> None:
    odd = Keyword("osteo|lectin *<b>*", "NOTNLM", False)
    articles = [
        Article(pmid=n, title="niche", created=RECENT, keywords=(odd,) * (n < 30)) for n in range(1, 61)
    ]
    page = markdown("CML", told([*articles, *_renumbered(records((BEFORE, 60, "niche")))]))
    assert r"osteo\|lectin \*\<b\>\*" in page


def test_the_ratio_is_dunnings() -> None:
    """By hand: 2·(14 ln(14/8.136) + 46 ln(46/51.864) + 2 ln(2/7.864) + 56 ln(56/50.136))."""
    assert surprise(14, 60, 2, 58) == pytest.approx(11.07, abs=0.01)
    assert surprise(2, 58, 14, 60) == pytest.approx(-surprise(14, 60, 2, 58))
    assert surprise(0, 0, 0, 0) == surprise(3, 3, 0, 0) == 0


SAID = ("asciminib", "osteolectin", "mitophagic flux", "TERN-701", "MR4", "t-box", "vesicles", "CD26")


@settings(deadline=None)
@given(st.sets(st.sampled_from(SAID)), st.sets(st.sampled_from(SAID)), st.randoms(use_true_random=False))
def test_what_the_anchors_say_is_never_suggested_whatever_the_order(
    synonyms: set[str], traps: set[str], chance: random.Random
) -> None:
    own = Anchor(keyword="niche", synonyms=tuple(sorted(synonyms)), traps=tuple(sorted(traps)))
    others = Anchor(keyword="Tyrosine kinase inhibitor", synonyms=tuple(sorted(traps)))
    articles = rising(", ".join(SAID), "CML in its niche", now=30, then=0)
    whole = told(articles, (CML, others, own))
    for rise in whole.rises:
        said = Article(pmid=1, title=rise.term)
        assert not hits(said, (own, others))
        assert not {rise.term.casefold()} & {each.casefold() for each in synonyms | traps}
    assert bool(whole.rises) == (set(SAID) > synonyms | traps)
    assert told(chance.sample(articles, len(articles)), (CML, others, own)) == whole


def _renumbered(articles: Sequence[Article]) -> list[Article]:
    return [Article(pmid=10_000 + a.pmid, title=a.title, created=a.created) for a in articles]
