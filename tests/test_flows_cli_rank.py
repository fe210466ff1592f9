import pytest

from flows.cli.rank import _moves, _ordinal
from queries.records.digest import Scored


def standing(*scores: float) -> list[Scored]:
    """PMIDs 1, 2 … by these scores, the best first."""
    by_score = sorted(enumerate(scores, 1), key=lambda each: -each[1])
    return [Scored(pmid, score, (), "", place=place) for place, (pmid, score) in enumerate(by_score, 1)]


def test_a_verdict_is_shown_as_a_move_of_place_and_band_the_judged_article_first() -> None:
    lines = list(_moves(standing(0.7, 0.6, 0.4), standing(0.3, 0.6, 0.85), {1: False}))
    assert lines == [
        "PMID 1: 1st of 3, Near; now 3rd, Edge",
        "PMID 3: 3rd of 3, Edge; now 1st, Core",
    ]


def test_the_opposite_verdict_takes_it_back() -> None:
    before, after = standing(0.7, 0.6), standing(0.3, 0.6)
    there, back = (list(_moves(*each, {1: True})) for each in ((before, after), (after, before)))
    assert there[0] == "PMID 1: 1st of 2, Near; now 2nd, Edge"
    assert back[0] == "PMID 1: 2nd of 2, Edge; now 1st, Near"


def test_a_verdict_that_moves_nothing_says_so() -> None:
    same = standing(0.7, 0.6)
    assert list(_moves(same, same, {1: True})) == [
        "Of the 2 articles that wait or were judged last, none changes its place or band."
    ]


@pytest.mark.parametrize(
    ("place", "said"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (22, "22nd"), (113, "113th")],
)
def test_places_are_said_as_people_do(place: int, said: str) -> None:
    assert _ordinal(place) == said
