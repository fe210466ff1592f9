"""What counts as a DOI or a PMCID, and its one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.records.ids import clean_doi, clean_pmcid


@pytest.mark.parametrize(
    "text",
    [
        "10.5555/Abc.12",
        " https://doi.org/10.5555/ABC.12",
        "http://dx.doi.org/10.5555/abc.12.",
        "doi:10.5555/abc.12",
        "DOI: 10.5555/abc.12;",
        "doi 10.5555/abc.12",
        "10.5555/abc.12 [doi]",
        "https://doi.org/10.5555%2Fabc.12",
        "doi: https://doi.org/10.5555/abc.12",
        "info:doi/10.5555/abc.12",
        "10.5555/abc.12)",
        "doi.org/10.5555/abc.12",
    ],
)
def test_every_way_to_write_a_doi_is_one_doi(text: str) -> None:
    """Prefixes, resolvers, case and the end of a sentence make no difference."""
    assert clean_doi(text) == "10.5555/abc.12"


@pytest.mark.parametrize("text", ["", "S0006-4971(20)1", "10.5555", "10.5555/", "10.5555/.", "PMC123", "n/a"])
def test_what_is_no_doi_is_empty(text: str) -> None:
    """Other identifiers are not taken for DOIs."""
    assert clean_doi(text) == ""


def test_brackets_of_the_doi_itself_stay() -> None:
    """Only brackets that the DOI did not open are the sentence's."""
    assert clean_doi("10.5555/s0140-6736(05)67889-X") == "10.5555/s0140-6736(05)67889-x"
    assert clean_doi("10.5555/x(sici)1&lt;1::aid&gt;3.0.co;2-2") == "10.5555/x(sici)1<1::aid>3.0.co;2-2"
    assert clean_doi("10.5555/0140(90)(a)") == "10.5555/0140(90)(a)"


@given(st.text() | st.from_regex(r"(doi: ?)?10\.[0-9]{4}/\S+"))
def test_cleaning_a_clean_doi_changes_nothing(text: str) -> None:
    """Cleaning is idempotent, so stored DOIs compare equal."""
    once = clean_doi(text)
    assert clean_doi(once) == once


@pytest.mark.parametrize("text", ["PMC123", "pmc123", "PMCID: PMC123", "123", " PMC123.2 "])
def test_every_way_to_write_a_pmcid_is_one_pmcid(text: str) -> None:
    """One PMCID has one spelling."""
    assert clean_pmcid(text) == "PMC123"


@pytest.mark.parametrize("text", ["", "PMC", "NIHMS123", "12a"])
def test_what_is_no_pmcid_is_empty(text: str) -> None:
    """A manuscript id is no PMCID."""
    assert clean_pmcid(text) == ""
