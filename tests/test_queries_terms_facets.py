"""What the lint finds in a term, how a term falls into facets, how words are spelled."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.errors import TermError
from queries.records.harvest import Window
from queries.terms.facets import dated, facets
from queries.terms.lint import lint
from queries.terms.spelling import variants
from queries.terms.syntax import parse

GOOD = '("stem cell*"[tiab] OR "Neoplastic Stem Cells"[mh]) AND (leukemi*[tiab] OR leukaemi*[tiab])'


@pytest.mark.parametrize(
    "term",
    [
        GOOD,
        f"{GOOD} AND english[la] AND hasabstract",
        f"{GOOD} NOT review[pt]",
        "(a[tiab] AND b[tiab]) OR (c[tiab] AND d[tiab])",
        '("BCR-ABL"[tiab] OR "BCR::ABL1"[tiab]) AND niche[tiab]',
        '"signal niche"[tiab:~3] AND niche[ti]',
        "(tumor[tiab] OR tumour[tiab]) AND chemotherapy[tiab]",
    ],
)
def test_a_good_term_has_no_findings(term: str) -> None:
    """The lint cries only where PubMed reads otherwise than meant."""
    assert lint(term) == ()


@pytest.mark.parametrize(
    ("term", "at", "problem", "remedy"),
    [
        ("imatinib AND niche[tiab]", 0, "imatinib has no field", "Write imatinib[tiab]."),
        ('niche[tiab] AND "stem cell"', 16, '"stem cell" has no field', 'Write "stem cell"[tiab].'),
        ("niche[tiab] and CML[tiab]", 12, "and in small letters", "Write AND."),
        ("niche[tiab] AND (a[ti] or b[ti])", 23, "or in small letters", "Write OR."),
        ("niche[tiab] AND CM*[tiab]", 16, "CM*: fewer than 4 letters before *", "Lengthen"),
        ("niche[tiab] AND *kinase[tiab]", 16, "*kinase: fewer than 4 letters", "Lengthen"),
        ("niche[tiab] AND (x[ti] OR Leukem*[mh])", 26, "* keeps PubMed from exploding", "whole heading"),
        ('niche[tiab] AND "stem cell*"[tiab:~2]', 16, "* and ~2 do not go together", "leave ~ out"),
        ('niche[tiab] AND "stem"[tiab:~2]', 16, "~2 needs a quoted phrase", '"two words"[tiab:~3]'),
        ("niche[tiab] AND stem cell[tiab:~2]", 16, "~2 needs a quoted phrase", '"two words"[tiab:~3]'),
        (
            'niche[tiab] AND (x[ti] OR "stem cell"[mh:~2])',
            26,
            "~ works with ti, tiab and ad only",
            "[tiab:~3]",
        ),
        ("niche[tiab] AND stem[tiba]", 16, "PubMed has no field [tiba]", "[tiab]"),
        ('niche[tiab] AND "Stem Cells"[mh]', 16, "MeSH only", "OR it with the words"),
        (
            "niche[tiab] AND leukemia[tiab]",
            16,
            "leukemia is also spelled leukaemia",
            "OR it with leukaemia[tiab].",
        ),
        ('niche[tiab] AND "BCR-ABL"[tiab]', 16, "BCR-ABL is also spelled BCR-ABL1", '"BCR-ABL1"[tiab]'),
        ("niche[tiab] OR stroma[tiab]", 0, "one facet only", "AND it"),
        ("niche[tiab] AND english[la]", 0, "one facet only", "AND it"),
        ("niche[tiab] NOT review[pt]", 0, "one facet only", "AND it"),
        ("a[ti] AND b[ti] OR (c[ti] AND d[ti])", 0, "different operators in one chain", "parentheses"),
        ("a[ti] OR b[ti] AND c[ti]", 0, "different operators in one chain", "parentheses"),
        ("x[ti] AND (a[ti] OR b[ti] NOT c[ti])", 11, "different operators in one chain", "parentheses"),
        ("a[ti] AND b[ti] AND 2024[dp]", 20, "a date in a topic", "Leave it out"),
        ('a[ti] AND b[ti] AND "last 30 days"[crdt]', 20, "a date in a topic", "Leave it out"),
        ("#1 AND a[ti] AND b[ti]", 0, "#1 is known to one session only", "Write the search out"),
        ('niche[tiab] AND "stem[tiab]', 16, "a quotation mark is not closed", 'Write a second "'),
        ("niche[tiab] AND “stem”[tiab]", 16, "a typographic quotation mark", "straight"),
        ("(niche[tiab] AND stem[tiab]", 0, "a parenthesis is not closed", "Write )"),
    ],
)
def test_each_mistake_is_found_at_its_place_with_a_remedy(
    term: str, at: int, problem: str, remedy: str
) -> None:
    """One finding for one mistake."""
    (found,) = lint(term)
    assert found.position == at
    assert problem in found.problem
    assert remedy in found.remedy


def test_facets_are_the_anded_parts_as_written() -> None:
    """Groups stay whole, nested groups are balanced, NOT is told apart."""
    term = '((a[ti]) OR (b[ti] AND c[ti])) AND "x (y"[ti] AND (d[ti] OR (e[ti])) NOT (f[ti])'
    assert [(part.text, part.excludes) for part in facets(term)] == [
        ("(a[ti]) OR (b[ti] AND c[ti])", False),
        ('"x (y"[ti]', False),
        ("d[ti] OR (e[ti])", False),
        ("f[ti]", True),
    ]


clauses = st.sampled_from(["a[ti]", '"b (c"[tiab]', "stem*[tiab]", '"X, Y"[mh]'])
terms = st.recursive(
    clauses,
    lambda inner: st.builds(
        lambda left, operator, right: f"({left}) {operator} ({right})",
        inner,
        st.sampled_from(["AND", "OR", "NOT"]),
        inner,
    ),
    max_leaves=12,
)


@given(terms)
def test_each_facet_is_a_term_by_itself(term: str) -> None:
    """`why` asks PubMed each of them alone, always."""
    parts = facets(term)
    for part in parts:
        parse(part.text)
    positive = " AND ".join(f"({part.text})" for part in parts if not part.excludes)
    assert [part.text for part in facets(positive)] == [part.text for part in parts if not part.excludes]


@given(st.text(max_size=60))
def test_the_lint_never_raises(term: str) -> None:
    """A broken term is a finding, not a crash; what parses has facets."""
    found = lint(term)
    try:
        parse(term)
    except TermError:
        assert len(found) == 1


def test_a_window_is_anded_to_the_term() -> None:
    """Both days included; an open end is the year 3000; the term keeps its own parentheses."""
    assert dated("a[ti] OR b[ti]", Window("crdt", date(2026, 11, 9), None)) == (
        '(a[ti] OR b[ti]) AND ("2026/11/09"[crdt] : "3000"[crdt])'
    )
    closed = dated("a[ti]", Window("mhda", date(2026, 1, 1), date(2026, 1, 31)))
    assert closed == '(a[ti]) AND ("2026/01/01"[mhda] : "2026/01/31"[mhda])'
    parse(closed)


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("chronic myeloid leukemia", {"chronic myeloid leukaemia"}),
        ("Leukaemic signalling", {"Leukemic signaling"}),
        ("tumor micro*", {"tumour micro*"}),
        ("β-catenin", {"beta-catenin"}),
        ("haematopoietic", {"hematopoietic"}),
        ("BCR/ABL", {"BCR-ABL", "BCR-ABL1", "BCR::ABL1"}),
        ("chemotherapy", set()),
        ("colorectal", set()),
        ("literature", set()),
        ("JAK-STAT", set()),
    ],
)
def test_words_are_spelled_both_ways(text: str, others: set[str]) -> None:
    """And words that only look alike are left alone."""
    assert set(variants(text)) == {text} | others
    assert variants(text)[0] == text
