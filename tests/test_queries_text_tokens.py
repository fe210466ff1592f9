from hypothesis import given
from hypothesis import strategies as st

from queries.records.article import Article, Heading, Passage
from queries.text.tokens import BITS, TermKind, Vectors, vectorise


def test_the_title_counts_twice_and_a_major_heading_too() -> None:
    made = Article(
        pmid=7,
        title="Niche",
        abstract=(Passage("", "", "A niche.", ""),),
        mesh=(Heading("", "Mice", False), Heading("", "Stem Cell Niche", True)),
    )
    ids, counts = vectorise([made]).row(0)
    by_kind = {TermKind(number >> BITS): count for number, count in zip(ids, counts, strict=True)}
    assert by_kind[TermKind.WORD] == 3
    assert sorted(c for number, c in zip(ids, counts, strict=True) if number >> BITS == TermKind.MESH) == [
        1,
        2,
    ]


@given(st.lists(st.text(max_size=60), max_size=6))
def test_rows_survive_the_library(titles: list[str]) -> None:
    vectors = vectorise([Article(pmid=index, title=title) for index, title in enumerate(titles)])
    again = Vectors.of_rows(vectors.pmids.tolist(), [vectors.row(index) for index in range(len(vectors))])
    for name in ("pmids", "starts", "ids", "counts"):
        assert getattr(again, name).tolist() == getattr(vectors, name).tolist()


def test_a_term_has_the_same_number_in_every_process() -> None:
    """A library keeps the numbers: they must never change without a migration."""
    assert vectorise([Article(pmid=0, title="niche")]).row(0) == ([2086897593], [2])
