"""Which PMIDs are one work: by exact ids, by links added, and by a person's word against them."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.library_samples import NOW, WEEK, article, harvest, pmid

from queries.identity.judgement import ONE_ID
from queries.library import Library
from queries.library.works import _grouped, keep_links

LATER = NOW + WEEK


def bring(library: Library, **ids: dict[str, str]) -> None:
    """Remember sample articles a1, a2, … with the ids given."""
    numbers = {int(name[1:]): given_ids for name, given_ids in ids.items()}
    articles = tuple(article(number, **{"doi": "", **chosen}) for number, chosen in numbers.items())
    library.remember(harvest(*numbers, articles=articles), NOW)


def works(library: Library, *numbers: int) -> list[int]:
    named = library.works([pmid(number) for number in numbers])
    return [named[pmid(number)] - pmid(0) for number in numbers]


def test_one_doi_or_one_pmcid_is_one_work_named_by_its_smallest_pmid(library: Library) -> None:
    bring(
        library,
        a3={"doi": "10.5555/x"},
        a2={"doi": "10.5555/x", "pmcid": "PMC1"},
        a1={"pmcid": "PMC1"},
        a4={},
        a5={},
    )
    assert works(library, 1, 2, 3, 4, 5, 6) == [1, 1, 1, 4, 5, 6]
    assert {(link.rule, link.evidence) for link in library.links()} == {
        ("doi", "10.5555/x"),
        ("pmcid", "PMC1"),
    }


def test_links_join_harvests(library: Library) -> None:
    bring(library, a1={"doi": "10.5555/x"})
    bring(library, a2={"doi": "10.5555/x"})
    assert works(library, 2) == [1]


def test_a_corrected_doi_takes_its_link_back(library: Library) -> None:
    bring(library, a1={"doi": "10.5555/x"}, a2={"doi": "10.5555/x"})
    bring(library, a2={"doi": "10.5555/y"})
    assert works(library, 1, 2) == [1, 2]
    assert [link.undone_by for link in library.links()] == ["record"]
    bring(library, a2={"doi": "10.5555/x"})
    assert works(library, 1, 2) == [1, 1]


def test_unlinked_is_unlinked_for_ever(library: Library) -> None:
    same = {"doi": "10.5555/x"}
    bring(library, a1=same, a2=same)
    library.unlink(pmid(2), pmid(1), NOW)
    bring(library, a1=same | {"title": "Changed"}, a2=same | {"title": "Changed"})
    assert keep_links(library, [(pmid(1), pmid(2), "title", "0.99")], LATER) == 0
    assert works(library, 1, 2) == [1, 2]


def test_what_was_unlinked_is_not_joined_through_a_third(library: Library) -> None:
    library.unlink(pmid(1), pmid(3), NOW)
    keep_links(library, [(pmid(1), pmid(2), "title", "0.99"), (pmid(3), pmid(2), "title", "0.98")], NOW)
    assert works(library, 1, 2, 3) == [1, 1, 3]


def test_a_link_is_added_once_and_kept_with_its_evidence(library: Library) -> None:
    link = (pmid(2), pmid(1), "title", "0.99")
    assert keep_links(library, [link, link, (pmid(1), pmid(1), "title", "")], NOW) == 1
    assert keep_links(library, [link], LATER) == 0
    (kept,) = library.links()
    assert (kept.a, kept.b, kept.rule, kept.evidence, kept.made) == (pmid(1), pmid(2), "title", "0.99", NOW)
    assert works(library, 2) == [1]


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
        with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library.duckdb") as library:
            library.unlink(pmid(1), pmid(2), NOW)
            for batch in batches:
                bring(library, **{f"a{number}": given_ids[number] for number in batch})
            return works(library, *sorted(given_ids))

    arrived = list(given_ids)
    chance.shuffle(arrived)  # type: ignore[attr-defined]  # hypothesis's Random
    assert grouped([[number] for number in arrived]) == grouped([sorted(given_ids)])


numbers = st.integers(1, 9)
statements = st.lists(
    st.tuples(st.sampled_from(["doi", "citation", "title", "veto", "one id", "person"]), numbers, numbers),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(statements, st.sets(numbers, min_size=1, max_size=3))
def test_what_is_one_work_is_read_from_what_hangs_together_and_as_if_from_every_link(
    library: Library, said: list[tuple[str, int, int]], wanted: set[int]
) -> None:
    """Always: vetoes and partings hold in the part of the links that is read."""
    library._open.execute("DELETE FROM identity_link")
    for rule, one, other in said:
        a, b = sorted((pmid(one), pmid(other)))
        if a == b:
            continue
        if rule == "person":
            library.unlink(a, b, NOW)
        elif rule in {"veto", "one id"}:
            named = ONE_ID if rule == "one id" else "numbers"
            veto = {"a": [a], "b": [b], "rule": [named], "evidence": [""]}
            library.ask("identity_link/relate_veto", now=NOW.replace(tzinfo=None), **veto)
        else:
            keep_links(library, [(a, b, rule, "")], NOW)
    of_every_link = _grouped(library.links())
    pmids = [pmid(number) for number in wanted]
    assert library.together(pmids) == {one: of_every_link.get(one, {one}) for one in pmids}
    assert library.works(pmids) == {one: min(of_every_link.get(one, {one})) for one in pmids}
