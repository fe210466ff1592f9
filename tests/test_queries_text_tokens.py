import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.records.article import Article, Heading, Passage
from queries.text.tokens import BITS, Kind, Vectors, split, stem, vectorise


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
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["gas", "virus", "basis", "class", "during", "aerobic"])
def test_what_only_looks_like_a_plural_or_british_is_left(word: str) -> None:
    assert stem(word) == word


def test_words_are_letters_and_digits_without_accents() -> None:
    assert split("BCR::ABL1\u2013positive Sjögren \u03b1-catenin, (p<0.05)") == [
        *("bcr", "abl1", "positive", "sjogren", "\u03b1", "catenin", "p", "0", "05"),
    ]


def test_the_title_counts_twice_and_a_major_heading_too() -> None:
    made = Article(
        pmid=7,
        title="Niche",
        abstract=(Passage("", "", "A niche.", ""),),
        mesh=(Heading("", "Mice", False), Heading("", "Stem Cell Niche", True)),
    )
    ids, counts = vectorise([made]).row(0)
    by_kind = {Kind(number >> BITS): count for number, count in zip(ids, counts, strict=True)}
    assert by_kind[Kind.WORD] == 3
    assert sorted(c for number, c in zip(ids, counts, strict=True) if number >> BITS == Kind.MESH) == [1, 2]


@given(st.lists(st.text(max_size=60), max_size=6))
def test_rows_survive_the_library(titles: list[str]) -> None:
    vectors = vectorise([Article(pmid=index, title=title) for index, title in enumerate(titles)])
    again = Vectors.of_rows(vectors.pmids.tolist(), [vectors.row(index) for index in range(len(vectors))])
    for name in ("pmids", "starts", "ids", "counts"):
        assert getattr(again, name).tolist() == getattr(vectors, name).tolist()


def test_a_term_has_the_same_number_in_every_process() -> None:
    """A library keeps the numbers: they must never change without a migration."""
    assert vectorise([Article(pmid=0, title="niche")]).row(0) == ([2086897593], [2])
