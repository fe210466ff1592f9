"""Which PMIDs are one work: by exact ids, by links added, and by a person's word against them."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.library_samples import NOW, WEEK, article, harvest, pmid

from queries.library import Store

LATER = NOW + WEEK


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "library.duckdb") as opened:
        yield opened


def bring(store: Store, **ids: dict[str, str]) -> None:
    """Remember sample articles a1, a2, … with the ids given."""
    numbers = {int(name[1:]): given_ids for name, given_ids in ids.items()}
    articles = tuple(article(number, **{"doi": "", **chosen}) for number, chosen in numbers.items())
    store.remember(harvest(*numbers, articles=articles), NOW)


def works(store: Store, *numbers: int) -> list[int]:
    named = store.works([pmid(number) for number in numbers])
    return [named[pmid(number)] - pmid(0) for number in numbers]


def test_one_doi_or_one_pmcid_is_one_work_named_by_its_smallest_pmid(store: Store) -> None:
    bring(
        store,
        a3={"doi": "10.5555/x"},
        a2={"doi": "10.5555/x", "pmcid": "PMC1"},
        a1={"pmcid": "PMC1"},
        a4={},
        a5={},
    )
    assert works(store, 1, 2, 3, 4, 5, 6) == [1, 1, 1, 4, 5, 6]
    assert {(link.rule, link.evidence) for link in store.links()} == {("doi", "10.5555/x"), ("pmcid", "PMC1")}


def test_links_join_harvests(store: Store) -> None:
    bring(store, a1={"doi": "10.5555/x"})
    bring(store, a2={"doi": "10.5555/x"})
    assert works(store, 2) == [1]


def test_a_corrected_doi_takes_its_link_back(store: Store) -> None:
    bring(store, a1={"doi": "10.5555/x"}, a2={"doi": "10.5555/x"})
    bring(store, a2={"doi": "10.5555/y"})
    assert works(store, 1, 2) == [1, 2]
    assert [link.undone_by for link in store.links()] == ["record"]
    bring(store, a2={"doi": "10.5555/x"})
    assert works(store, 1, 2) == [1, 1]


def test_unlinked_is_unlinked_for_ever(store: Store) -> None:
    same = {"doi": "10.5555/x"}
    bring(store, a1=same, a2=same)
    store.unlink(pmid(2), pmid(1), NOW)
    bring(store, a1=same | {"title": "Changed"}, a2=same | {"title": "Changed"})
    assert store.add_links([(pmid(1), pmid(2), "title", "0.99")], LATER) == 0
    assert works(store, 1, 2) == [1, 2]


def test_what_was_unlinked_is_not_joined_through_a_third(store: Store) -> None:
    store.unlink(pmid(1), pmid(3), NOW)
    store.add_links([(pmid(1), pmid(2), "title", "0.99"), (pmid(3), pmid(2), "title", "0.98")], NOW)
    assert works(store, 1, 2, 3) == [1, 1, 3]


def test_a_link_is_added_once_and_kept_with_its_evidence(store: Store) -> None:
    link = (pmid(2), pmid(1), "title", "0.99")
    assert store.add_links([link, link, (pmid(1), pmid(1), "title", "")], NOW) == 1
    assert store.add_links([link], LATER) == 0
    (kept,) = store.links()
    assert (kept.a, kept.b, kept.rule, kept.evidence, kept.made) == (pmid(1), pmid(2), "title", "0.99", NOW)
    assert works(store, 2) == [1]


ids = st.dictionaries(
    st.integers(1, 4),
    st.fixed_dictionaries({"doi": st.sampled_from(["", "10.5555/x", "10.5555/y"])}),
    min_size=1,
)


@settings(max_examples=6, deadline=None)
@given(ids, st.randoms(use_true_random=False))
def test_the_order_of_arrival_never_changes_the_works(
    given_ids: dict[int, dict[str, str]], chance: object
) -> None:
    """Always: one at a time in any order, or all at once, the works are the same."""

    def grouped(batches: list[list[int]]) -> list[int]:
        with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "library.duckdb") as store:
            store.unlink(pmid(1), pmid(2), NOW)
            for batch in batches:
                bring(store, **{f"a{number}": given_ids[number] for number in batch})
            return works(store, *sorted(given_ids))

    arrived = list(given_ids)
    chance.shuffle(arrived)  # type: ignore[attr-defined]  # hypothesis's Random
    assert grouped([[number] for number in arrived]) == grouped([sorted(given_ids)])
