from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.ranking import Ranker, SeedSet
from queries.ranking.model import logistic
from queries.ranking.threshold import FEW, HIGHEST, LOWEST, threshold
from queries.records.article import Article, Passage


@given(st.lists(st.floats(-50, 50), max_size=80))
def test_a_threshold_is_always_between_its_bounds(logits: list[float]) -> None:
    assert LOWEST <= threshold(logits).value <= HIGHEST


@pytest.mark.parametrize("count", [20, 60, 200])
def test_95_percent_of_the_known_relevant_reach_it(count: int) -> None:
    logits = [index / count * 2.5 - 0.5 for index in range(count)]
    found = threshold(logits)
    kept = sum(logistic(logit) >= found.value for logit in logits) / count
    assert 0.94 <= kept <= 0.96
    assert found.why.startswith(f"{round(kept * count)} of {count} ")


def test_too_few_known_relevant_give_the_usual_one_and_say_so() -> None:
    assert threshold([9.0] * (FEW - 1)) == threshold([])._replace(why=threshold([9.0] * (FEW - 1)).why)
    assert "cannot be measured" in threshold([]).why


def test_a_stray_reference_among_a_dozen_does_not_open_the_gates() -> None:
    assert threshold([2.0] * 11 + [-9.0]).value >= LOWEST


def test_the_seeds_references_set_it() -> None:
    """Ten references on one question; what they share is what a candidate must share."""
    question = "quiescent leukemic stem cells survive imatinib in the marrow niche"
    references = tuple(
        Article(
            pmid=50 + i, title=f"Report {i}: {question}", abstract=(Passage("", "", f"{question}, {i}.", ""),)
        )
        for i in range(10)
    )
    known = Ranker(SeedSet(seed=Article(pmid=1, title=question), references=references))
    found = known.threshold()
    assert "of 10 known relevant articles" in found.why
    near = replace(references[0], pmid=2, title=f"Report 11: {question}")
    far = Article(pmid=3, title="Nitrogen in the soil of maize fields")
    scores = {one.pmid: one.score for one in known.score([near, far])}
    assert scores[2] >= found.value > scores[3]
