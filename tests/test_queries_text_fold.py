"""Which writings count as one, at each strength."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.terms.spelling import variants
from queries.text import fold
from queries.text.fold import begins, compact, counted, cut, indexed, matched, plain, spelled


def test_what_the_docstrings_say() -> None:
    """An example a strength."""
    assert doctest.testmod(fold).attempted >= 7
    assert doctest.testmod(fold).failed == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("leukaemia", "leukemia"),
        ("leukaemias", "leukemia"),
        ("tumours", "tumor"),
        ("signalling", "signaling"),
        ("oestrogen", "estrogen"),
        ("randomisation", "randomization"),
        ("analyses", "analysis"),
        ("therapies", "therapy"),
        ("cells", "cell"),
        ("abl1", "abl"),
    ],
)
def test_spellings_and_numbers_of_a_word_meet(one: str, other: str) -> None:
    assert counted(one) == counted(other)


@pytest.mark.parametrize("word", ["gas", "virus", "basis", "class", "during", "aerobic"])
def test_what_only_looks_like_a_plural_or_british_is_left(word: str) -> None:
    assert counted(word) == word


def test_words_are_letters_and_digits_without_accents() -> None:
    assert cut("BCR::ABL1\u2013positive Sjögren \u03b1-catenin, (p<0.05)") == [
        *("bcr", "abl1", "positive", "sjogren", "\u03b1", "catenin", "p", "0", "05"),
    ]


@pytest.mark.parametrize(
    "word",
    """leukemia anemia ischemia hematology pediatric estrogen esophagus fetal diarrhea tumor behavior
    signaling modeling counseling randomization Sjogren""".split(),  # noqa: SIM905 - fifteen quoted words are no clearer
)
def test_every_spelling_that_a_search_term_lists_is_one_to_a_keyword(word: str) -> None:
    """What terms.spelling generates, a synonym must not tell apart."""
    assert {matched(other) for other in variants(word)} == {matched(word)}
    assert {compact([plain(other)]) for other in variants(word)} == {compact([plain(word)])}


@given(st.text(max_size=12), st.integers(0, 12))
def test_a_word_begins_with_each_of_its_beginnings(word: str, cut_at: int) -> None:
    """Wherever it is cut: letters, ligatures and accents may fold to more or fewer."""
    assert begins(word, word[:cut_at])
    assert begins(word, word[:cut_at].casefold())


@given(st.text(max_size=20))
def test_folding_is_done_in_one_go(text: str) -> None:
    """Folded text stays as it is, so that folded and printed words may be compared."""
    assert plain(plain(text)) == plain(text)
    assert indexed(indexed(text)) == indexed(text)
    assert cut(" ".join(cut(text))) == cut(text)
    assert spelled(plain(text)) == spelled(text)
