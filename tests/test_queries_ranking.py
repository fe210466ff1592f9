from collections.abc import Sequence
from dataclasses import replace
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.ranking import Ranker, SeedSet
from queries.records.article import Article, Heading, Passage, Reference
from queries.records.digest import Band
from queries.text.tokens import vectorise

WORDS = (
    *("leukemia", "stem", "cells", "quiescent", "niche", "imatinib", "kinase", "inhibitor", "remission"),
    *("marrow", "relapse", "CML", "BCR::ABL1", "trial", "patients", "asthma", "inhaler", "soil", "nitrogen"),
    *("the", "of", "and", "in", "12", "95"),
)


def article(
    pmid: int,
    title: str,
    abstract: str = "",
    mesh: tuple[Heading, ...] = (),
    references: tuple[Reference, ...] = (),
) -> Article:
    passages = (Passage("", "", abstract, abstract),) if abstract else ()
    return Article(pmid=pmid, title=title, abstract=passages, mesh=mesh, references=references)


REVIEW = article(
    1,
    "Quiescent leukemic stem cells in the marrow niche of chronic myeloid leukemia",
    "BCR::ABL1 kinase inhibitors such as imatinib spare quiescent stem cells, which the niche protects.",
    mesh=(Heading("D1", "Neoplastic Stem Cells", True),),
    references=tuple(Reference("", pmid, "", "") for pmid in range(900, 910)),
)
NEAR = article(
    11, "The niche protects quiescent stem cells from imatinib", "BCR::ABL1 signals persist in the niche."
)
FAR = article(12, "Nitrogen in soil under maize", "Fertiliser raised nitrogen in the soil of twelve fields.")
texts = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
articles = st.builds(
    lambda pmid, title, abstract, heading, reference: article(
        pmid,
        title,
        abstract,
        mesh=(Heading("", heading, False),) if heading else (),
        references=(Reference("", reference, "", ""),) if reference else (),
    ),
    st.integers(10, 99),
    texts,
    texts,
    st.sampled_from(["", "Neoplastic Stem Cells", "Soil"]),
    st.sampled_from([0, 900, 5000]),
)
libraries = st.lists(articles, max_size=12)


def hits(candidate: Article) -> Sequence[SimpleNamespace]:
    return [SimpleNamespace(keyword="niche", words=("niche",))] if "niche" in candidate.title.lower() else []


def ranker(positive: tuple[Article, ...] = (), negative: tuple[Article, ...] = ()) -> Ranker:
    known = SeedSet(seed=REVIEW, keywords=("niche", "imatinib"), positive=positive, negative=negative)
    return Ranker(known, hits=hits)


def test_what_resembles_the_seed_comes_first() -> None:
    assert [one.pmid for one in ranker().score([FAR, NEAR])] == [11, 12]


@given(libraries, st.randoms())
@settings(deadline=None, max_examples=25)
def test_the_order_of_the_input_is_of_no_matter_to_the_last_byte(
    found: list[Article], random: Random
) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert repr(ranker().score(shuffled)) == repr(ranker().score(found))


@given(libraries)
@settings(deadline=None, max_examples=25)
def test_the_parts_always_add_up_to_a_score_from_0_to_1(found: list[Article]) -> None:
    for one in ranker(negative=(FAR,)).score(found):
        assert 0 <= one.score <= 1
        assert sum(part.value for part in one.parts) == pytest.approx(one.score, abs=1e-5)


@given(libraries)
@settings(deadline=None, max_examples=25)
def test_every_record_is_scored_and_every_word_named_stands_in_it_and_in_the_seed(
    found: list[Article],
) -> None:
    scored = ranker().score(found)
    assert sorted(one.pmid for one in scored) == sorted(each.pmid for each in found)
    seed = f"{REVIEW.title} {REVIEW.abstract[0].text} niche imatinib".lower()
    read: dict[int, list[str]] = {}
    for each in found:
        read.setdefault(each.pmid, []).append(" ".join([each.title, *(p.text for p in each.abstract)]))
    for one in scored:
        for word in next((part.words for part in one.parts if part.name == "text"), ()):
            assert any(word in text for text in read[one.pmid])
            assert word.lower() in seed


def test_why_is_said_in_the_records_own_words() -> None:
    told = article(
        13,
        "Niche signals keep BCR::ABL1 cells quiescent",
        "A quiescent pool.",
        mesh=(Heading("D1", "Neoplastic Stem Cells", False), Heading("D2", "Mice", False)),
        references=(Reference("", 901, "", ""), Reference("", 902, "", ""), Reference("", 1, "", "")),
    )
    one = next(one for one in ranker().score([told, FAR]) if one.pmid == 13)
    assert one.why.startswith("on niche; shares ")
    for words in ("quiescent", "BCR::ABL1", "cites the review", "cites 2 of the review's references"):
        assert words in one.why
    assert one.why.endswith("MeSH Neoplastic Stem Cells")


def test_nothing_in_common_is_not_explained() -> None:
    assert ranker().score([FAR])[0].why == ""


def test_a_missing_abstract_is_said_and_judged_by_the_title() -> None:
    first, second = ranker().score([replace(NEAR, abstract=()), FAR])
    assert (first.pmid, first.title_only, second.title_only) == (11, True, False)


def test_a_record_without_mesh_and_references_is_not_pushed_down_by_those_that_have_them() -> None:
    """Ten records on soil have MeSH and references; the one on the seed's question has neither."""
    others = [
        article(
            20 + i,
            f"Soil nitrogen {i}",
            "Nitrogen in soil.",
            mesh=(Heading("", "Soil", True),),
            references=(Reference("", 5000 + i, "", ""),),
        )
        for i in range(10)
    ]
    assert ranker().score([*others, NEAR])[0].pmid == 11


def test_shared_references_and_mesh_lift_a_record() -> None:
    """The same text, with and without what the review cites and is indexed with."""
    linked = replace(
        NEAR,
        pmid=14,
        mesh=REVIEW.mesh,
        references=tuple(Reference("", pmid, "", "") for pmid in range(900, 906)),
    )
    strange = replace(
        NEAR,
        pmid=15,
        mesh=(Heading("", "Soil", True),),
        references=(Reference("", 777, "", ""), Reference("", 778, "", "")),
    )
    assert [one.pmid for one in ranker().score([linked, strange, FAR])][:2] == [14, 15]


def test_readers_verdicts_move_what_resembles_them() -> None:
    soil = replace(FAR, pmid=30, title="Nitrogen in soil under wheat")
    before = {one.pmid: one for one in ranker().score([NEAR, soil])}
    liked = {one.pmid: one for one in ranker(positive=(FAR,)).score([NEAR, soil])}
    near = replace(NEAR, pmid=31)
    other = article(32, "Imatinib and the niche", "Signals of the niche protect leukemia from imatinib.")
    before |= {one.pmid: one for one in ranker().score([NEAR, other, soil])}
    disliked = {one.pmid: one for one in ranker(negative=(near,)).score([NEAR, other, soil])}
    assert liked[30].score > before[30].score
    assert disliked[11].score < before[11].score
    assert (before[11].place, disliked[11].place) == (1, 2)


@given(libraries, libraries)
@settings(deadline=None, max_examples=25)
def test_a_papers_score_is_its_own_whatever_stands_beside_it(
    found: list[Article], others: list[Article]
) -> None:
    def told(several: list[Article]) -> dict[Article, tuple[object, ...]]:
        scored: dict[Article, tuple[object, ...]] = {}
        for each in several:
            (one,) = ranker(negative=(FAR,)).score([each])
            scored[each] = (one.score, one.parts, one.why, one.band)
        return scored

    alone = told(found)
    by_pmid = {each.pmid: each for each in (*others, *found)}  # the last of a PMID counts
    for one in ranker(negative=(FAR,)).score(list(by_pmid.values())):
        article = by_pmid[one.pmid]
        if article in alone:
            assert (one.score, one.parts, one.why, one.band) == alone[article]


@given(articles, st.sampled_from(["niche", "imatinib", "quiescent"]), libraries)
@settings(deadline=None, max_examples=25)
def test_a_keyword_hit_never_counts_against_an_article(
    found: Article, keyword: str, others: list[Article]
) -> None:
    """The same article, with one hit more; the same company."""

    def scored(more: bool) -> tuple[float, int]:
        def hit(candidate: Article) -> Sequence[SimpleNamespace]:
            words = [*hits(candidate)]
            if more and candidate.pmid == found.pmid:
                words.append(SimpleNamespace(keyword=keyword, words=(keyword,)))
            return words

        known = SeedSet(seed=REVIEW, keywords=("niche", "imatinib", "quiescent"))
        company = [found, *(each for each in others if each.pmid != found.pmid)]
        (one,) = (x for x in Ranker(known, hits=hit).score(company) if x.pmid == found.pmid)
        return one.score, one.place

    assert scored(more=True)[0] >= scored(more=False)[0]
    assert scored(more=True)[1] <= scored(more=False)[1]


ON_SUBJECT = st.lists(
    st.sampled_from([*REVIEW.title.split(), *REVIEW.abstract[0].text.split()]), min_size=12, max_size=150
).map(" ".join)


@given(texts, ON_SUBJECT, libraries)
@settings(deadline=None, max_examples=50)
def test_a_title_alone_is_never_above_the_record_with_its_abstract_on_the_subject(
    title: str, abstract: str, others: list[Article]
) -> None:
    whole, alone = article(500, title, abstract), article(499, title)
    placed = {one.pmid: one for one in ranker().score([whole, alone, *others])}
    assert placed[499].score <= placed[500].score
    assert placed[499].place > placed[500].place


@given(articles)
@settings(deadline=None, max_examples=25)
def test_no_part_is_told_of_what_a_record_lacks(found: Article) -> None:
    (one,) = ranker().score([found])
    parts = {part.name for part in one.parts}
    assert found.mesh or "mesh" not in parts
    assert found.references or "references" not in parts
    assert "verdicts" not in parts


def test_an_articles_own_id_doesnt_dilute_what_it_cites() -> None:
    """Records of a library have PMIDs, those of other exports none."""
    cites = tuple(Reference("", pmid, "", "") for pmid in (901, 902, 7000))
    named, nameless = (replace(NEAR, pmid=pmid, references=cites) for pmid in (77, -1))
    (with_id,), (without,) = ranker().score([named]), ranker().score([nameless])
    assert with_id.score == without.score


def test_the_subject_of_all_says_nothing_between_them_and_bands_tell_questions_apart() -> None:
    """Both are on the review's disease; one is on its question."""
    eye = article(40, "Chronic myeloid leukemia presenting in the eye", "A patient with retinal bleeding.")
    placed = {one.pmid: one for one in ranker().score([eye, NEAR])}
    assert placed[11].place == 1
    assert placed[11].band is Band.NEAR  # short as it is
    assert placed[40].band is Band.EDGE


def test_reasons_name_the_subject_and_not_what_any_paper_says() -> None:
    seed = article(
        1, "Leukemic stem cells", "Observations substantially support quiescent stem cells in the niche."
    )
    told = article(
        2,
        "Stem cell transplantation in the niche",
        "Observations substantially support stem cell transplantation.",
    )
    (one,) = Ranker(SeedSet(seed=seed)).score([told])
    assert "niche" in one.why
    assert not {"stem", "observations", "substantially"} & set(one.why.lower().replace(",", "").split())


def test_keywords_alone_can_be_a_seed() -> None:
    alone = Ranker(SeedSet(keywords=("leukemic stem cells", "niche")))
    assert alone.score([FAR, NEAR])[0].pmid == 11


def test_stored_vectors_give_the_same_bytes() -> None:
    found = [NEAR, FAR]
    assert ranker().score(found, vectorise(found)) == ranker().score(found)


def test_no_candidates_and_no_seeds_are_no_accident() -> None:
    assert ranker().score([]) == ()
    assert {one.pmid for one in Ranker(SeedSet()).score([NEAR, FAR])} == {11, 12}


def test_the_watchs_keywords_count_as_the_seeds_own() -> None:
    seed = article(1, "A review of asthma")
    one = Ranker(SeedSet(seed=seed, keywords=("soil nitrogen",))).score([FAR, NEAR])[0]
    assert one.pmid == FAR.pmid
    assert "nitrogen" in one.why.lower()
