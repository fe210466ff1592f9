"""Works by evidence in the library: whatever came first, twice is once, and a person's word stands."""

import random
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support.library_samples import NOW, WEEK, harvest, pmid

from queries.identity.blocking import meetings
from queries.identity.groups import NEIGHBOURS
from queries.library import Library
from queries.readers.names import authors
from queries.records.article import Article, Journal, Link, Term

TITLE = "Quiescent clones outlast asciminib in a murine model of chronic myeloid leukaemia"


def paper(number: int, **fields: Any) -> Article:
    """An invented article, PubMed's: the same citation whatever the number."""
    plain = Article(
        pmid=pmid(number),
        title=TITLE,
        authors=authors("Quill, Anna and Marsh, Ben and Oyelaran, Tunde"),
        journal=Journal("Journal of Invented Haematology", volume="12", issue="3"),
        pages="123-129",
        published="2019",
    )
    return replace(plain, **fields)


def bring(library: Library, *articles: Article) -> None:
    numbers = [article.pmid - pmid(0) for article in articles]
    library.remember(harvest(*numbers, articles=articles), NOW)


def works(library: Library, *numbers: int) -> list[int]:
    named = library.works([pmid(number) for number in numbers])
    return [named[pmid(number)] - pmid(0) for number in numbers]


def test_records_join_by_evidence_across_harvests_and_say_why(library: Library) -> None:
    bring(library, paper(1))
    bring(library, paper(2, pages="123-9"), paper(3, title="Something else about other marrows entirely"))
    assert works(library, 1, 2, 3) == [1, 1, 3]
    (link,) = library.links()
    assert link.rule == "citation"
    assert "title 100 %" in link.evidence


def test_a_preprint_that_was_published_is_one_work_with_its_paper(library: Library) -> None:
    preprint = paper(
        1, publication_types=(Term("D000076942", "Preprint"),), doi="10.1101/1", title="Early name"
    )
    bring(library, preprint)
    bring(library, paper(2, links=(Link("UpdateOf", pmid(1), "", ""),), doi="10.5555/2"))
    assert works(library, 1, 2) == [1, 1]
    assert [link.rule for link in library.links()] == ["preprint"]


def test_remembering_twice_is_once(library: Library) -> None:
    for _ in range(2):
        bring(library, paper(1), paper(2))
    assert len(library.links()) == 1


def test_what_a_person_unlinked_stays_unlinked_whatever_comes(library: Library) -> None:
    bring(library, paper(1), paper(2))
    library.unlink(pmid(1), pmid(2), NOW + WEEK)
    bring(library, paper(1, status="MEDLINE"), paper(2, status="MEDLINE"))
    bring(library, paper(3))
    assert works(library, 1, 2)[0] != works(library, 1, 2)[1]


def test_a_corrected_record_takes_its_links_back(library: Library) -> None:
    bring(library, paper(1), paper(2))
    bring(library, paper(2, title=f"Erratum: {TITLE}"))
    assert works(library, 1, 2) == [1, 2]
    assert [link.undone_by for link in library.links() if link.rule == "citation"] == ["record"]
    bring(library, paper(2))
    assert works(library, 1, 2) == [1, 1]


def test_a_library_from_before_identity_is_caught_up_with(library: Library) -> None:
    bring(library, paper(1), paper(2))
    for question in ("citation/identify_drop", "citation_key/identify_drop"):
        library.ask(question, pmids=[pmid(1), pmid(2)])
    bring(library, paper(3))
    assert works(library, 1, 2, 3) == [1, 1, 1]


def test_one_doi_on_two_works_joins_nothing_and_is_shown(library: Library) -> None:
    other = authors("Somebody, Else")
    bring(library, paper(1, doi="10.5555/x"))
    bring(library, paper(2, doi="10.5555/x", title="Marrow of another bone", pages="9-12", authors=other))
    assert works(library, 1, 2) == [1, 2]
    (conflict,) = library.conflicts()
    assert conflict.words == f"DOI 10.5555/x is given for PMIDs {pmid(1)} and {pmid(2)}"


def test_a_doi_that_changed_is_shown(library: Library) -> None:
    bring(library, paper(1, doi="10.5555/x"))
    bring(library, paper(1, doi="10.5555/y"))
    (conflict,) = library.conflicts()
    assert "10.5555/x" in conflict.words
    assert "10.5555/y" in conflict.words


VARIANTS: list[dict[str, Any]] = [
    {}, {"doi": "10.5555/a"}, {"doi": "10.5555/b"}, {"pages": ""}, {"title": f"{TITLE}. Part II"},
    {"pmcid": "PMC1"}, {"pmcid": "PMC1", "title": f"{TITLE}. Part II"}, {"title": f"Erratum: {TITLE}"},
]  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from(VARIANTS), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_arrival_never_changes_the_works(
    chosen: list[dict[str, Any]], chance: random.Random
) -> None:
    """Always: one at a time in any order, or all at once, the works are the same."""
    papers = [paper(number, **fields) for number, fields in enumerate(chosen, 1)]

    def grouped(batches: list[list[Article]]) -> list[int]:
        with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library.duckdb") as library:
            for batch in batches:
                bring(library, *batch)
            return works(library, *range(1, len(papers) + 1))

    arrived = list(papers)
    chance.shuffle(arrived)
    assert grouped([[each] for each in arrived]) == grouped([papers])


def test_in_a_crowd_under_one_key_each_meets_its_neighbours_and_true_copies_still_join(
    library: Library,
) -> None:
    """Comparisons grow with the records that share journal, volume, page and author."""
    chance = random.Random(5)  # noqa: S311 - words, no secret
    titles = [" ".join(chance.choices(TITLE.split(), k=9)) for _ in range(300)]
    crowd = [paper(number, title=title) for number, title in enumerate(titles, 1)]
    twin = paper(400, title=titles[7])
    assert len(meetings([*crowd, twin], [0] * 301)) < 301 * 2 * NEIGHBOURS
    bring(library, *crowd[:200])
    bring(library, *crowd[200:], twin)
    assert works(library, 8, 400) == [8, 8]
    assert len(library.links()) == 1
