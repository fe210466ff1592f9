"""Which questions of a watch a record speaks to."""

from queries.evidence.questions import questions, shares
from queries.text.keywords import KeywordHit

NICHE = KeywordHit("niche", ("stromal cells",), ("abstract",))
CELLS = KeywordHit("stem cells", ("LSCs", "CD34+"), ("title", "abstract"))
TKI = KeywordHit("inhibitor", ("imatinib",), ("title",))


def test_a_word_in_passing_asks_nothing_and_the_title_weighs_most() -> None:
    told = questions((NICHE, CELLS, TKI), {})
    assert [(question.keyword, question.words) for question in told] == [
        ("stem cells", ("LSCs", "CD34+")),
        ("inhibitor", ("imatinib",)),
    ]


def test_what_more_than_half_of_the_records_share_is_not_shown() -> None:
    share = shares([(TKI,), (TKI, CELLS), (TKI,), ()])
    assert share == {"inhibitor": 0.75, "stem cells": 0.25}
    assert [question.keyword for question in questions((TKI, CELLS), share)] == ["stem cells"]


def test_the_rarer_question_weighs_more() -> None:
    rare = questions((CELLS,), {"stem cells": 0.1})[0].weight
    common = questions((CELLS,), {"stem cells": 0.4})[0].weight
    assert rare > common > 0


def test_of_two_records_no_share_is_told() -> None:
    assert shares([(TKI,), (TKI,)]) == {}
