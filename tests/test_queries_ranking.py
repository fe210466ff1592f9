from collections.abc import Sequence
from dataclasses import replace
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.ranking import Ranker, SeedSet
from queries.records.article import Article, Heading, Passage, Reference
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
    return [SimpleNamespace(keyword="niche")] if "niche" in candidate.title.lower() else []


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
    before = {one.pmid: one.score for one in ranker().score([NEAR, soil])}
    liked = {one.pmid: one.score for one in ranker(positive=(FAR,)).score([NEAR, soil])}
    near = replace(NEAR, pmid=31)
    disliked = {one.pmid: one.score for one in ranker(negative=(near,)).score([NEAR, soil])}
    assert liked[30] > before[30]
    assert disliked[11] < before[11]


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
