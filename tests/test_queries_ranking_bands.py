import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.ranking.bands import PRECISION, percentile
from queries.records.digest import Band


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_score_is_never_in_a_farther_band(one: float, two: float) -> None:
    bands = list(Band)
    low, high = sorted((one, two))
    assert bands.index(Band.of(high)) <= bands.index(Band.of(low))


def test_a_nearer_band_is_worth_more() -> None:
    assert PRECISION[Band.CORE] > PRECISION[Band.NEAR] > 0.5 > PRECISION[Band.EDGE]


@pytest.mark.parametrize(("score", "place"), [(0.1, 0), (0.25, 25), (0.95, 100)])
def test_a_percentile_says_how_many_in_a_hundred_of_the_watchs_scores_lie_below(
    score: float, place: int
) -> None:
    assert percentile(score, [0.2, 0.4, 0.6, 0.8]) == place


def test_without_a_past_there_is_no_percentile() -> None:
    assert percentile(0.5, ()) is None
