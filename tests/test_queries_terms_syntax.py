"""PubMed's query language: what a term means, and where a broken one is broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.errors import TermError
from queries.terms.syntax import And, Clause, EarlierSearch, Node, Not, Or, Range, Recent, leaves, parse


def sketch(node: Node) -> str:  # noqa: PLR0911 - one line a kind of node
    """A tree in one line, so that tests read as the User Guide does."""
    match node:
        case And(parts=parts):
            return "(" + " & ".join(map(sketch, parts)) + ")"
        case Or(parts=parts):
            return "(" + " | ".join(map(sketch, parts)) + ")"
        case Not(keep=keep, drop=drop):
            return f"({sketch(keep)} - {sketch(drop)})"
        case Range(low=low, high=high, tag=tag):
            return f"{low}..{high}[{tag}]"
        case Recent(count=count, unit=unit, tag=tag):
            return f"last {count} {unit}[{tag}]"
        case EarlierSearch(number=number):
            return f"#{number}"
        case Clause():
            text = f'"{node.text}"' if node.quoted else node.text
            extras = [node.tag]
            extras += [] if node.explode else ["noexp"]
            extras += [] if node.near is None else [f"~{node.near}"]
            extras += [f"/{node.subheading}"] if node.subheading else []
            return f"{text}[{':'.join(extras)}]"


@pytest.mark.parametrize(
    ("term", "meaning"),
    [
        ("a AND b OR c NOT d", "(((a[] & b[]) | c[]) - d[])"),
        ("a AND (b OR c)", "(a[] & (b[] | c[]))"),
        ("(a AND b) AND c", "((a[] & b[]) & c[])"),
        ("a & b | c", "((a[] & b[]) | c[])"),
        ("a[ti]|b[ti]", "(a[ti] | b[ti])"),
        ("chronic phase[tiab] stem cell*[ti]", "(chronic phase[tiab] & stem cell*[ti])"),
        ("imatinib stop", "(imatinib[] & stop[])"),
        ("a OR b c", "(a[] | (b[] & c[]))"),
        ('"leukemic stem cells"[ TIAB ]', '"leukemic stem cells"[tiab]'),
        ("x[Title/Abstract]", "x[tiab]"),
        ("x[MeSH Terms:NoExp]", "x[mh:noexp]"),
        ("x[mesh]", "x[mh]"),
        ("x[MeSH Major Topic]", "x[majr]"),
        ("x[pmid]", "x[uid]"),
        ("Leukemia/drug therapy[mh]", "Leukemia[mh:/drug therapy]"),
        ("and/or[tiab]", "and/or[tiab]"),
        ('"stem niche"[tiab:~3]', '"stem niche"[tiab:~3]'),
        ("x[mh:~3]", "x[mh:~3]"),
        ("x[nosuch]", "x[nosuch]"),
        ("2024/01/01:2024/03/31[crdt]", "2024/01/01..2024/03/31[crdt]"),
        ('"2026/11/09"[crdt] : "3000"[crdt]', "2026/11/09..3000[crdt]"),
        ('"2026/11/09"[Date - Create] : "3000"[crdt]', "2026/11/09..3000[crdt]"),
        ('"2026/11/09" : "3000"[edat]', "2026/11/09..3000[edat]"),
        ('"last 14 days"[crdt]', "last 14 day[crdt]"),
        ('"last 14 days"', '"last 14 days"[]'),
        ("1:99999999[uid]", "1..99999999[uid]"),
        ("BCR::ABL1[tiab]", "BCR::ABL1[tiab]"),
        ("free full text[sb]", "free full text[sb]"),
        ("hasabstract", "hasabstract[]"),
        ("90000001, 90000002", "(90000001[uid] | 90000002[uid])"),
        ("90000001", "90000001[uid]"),
        ("imatinib 400", "(imatinib[] & 400[])"),
        ("#1 AND #2", "(#1 & #2)"),
        ("R&D[ad]", "R&D[ad]"),
    ],
)
def test_a_term_means_what_the_user_guide_says(term: str, meaning: str) -> None:
    assert sketch(parse(term)) == meaning


@pytest.mark.parametrize(
    ("term", "place", "problem"),
    [
        ("", 1, "ends where words are due"),
        ("a AND", 6, "ends where words are due"),
        ("AND a", 1, "no words before it"),
        ("a AND NOT b", 7, "no words before it"),
        ("a AND ()", 8, "empty before the parenthesis"),
        ("(a OR b", 1, "not closed"),
        ("a OR b)", 7, "without an opening"),
        ('a OR "b', 6, "quotation mark is not closed"),
        ("“a”", 1, "typographic"),
        ('""[ti]', 1, "empty phrase"),
        ("[ti]", 1, "no words before it"),
        ("a[]", 2, "empty tag"),
        ("a[ti", 2, "no partner"),
        ("(a OR b)[ti]", 9, "behind a group"),
        ('"2024"[crdt] : "2025"[edat]', 14, "need one tag"),
        ("2024 : 2025", 6, "need one tag"),
        ('"2024"[crdt] : ', 14, "without an upper bound"),
        ("(" * 200 + "a" + ")" * 200, 1, "nested"),
    ],
)
def test_a_broken_term_is_refused_at_its_place(term: str, place: int, problem: str) -> None:
    with pytest.raises(TermError, match=problem) as refusal:
        parse(term)
    assert refusal.value.subject.startswith(f"term at character {place} ")


def test_a_span_cuts_the_clause_out_of_the_term() -> None:
    term = '(imatinib[ti] OR "stem cell" [tiab]) AND "2026/11/09"[crdt] : "3000"[crdt]'
    assert [term[leaf.span.start : leaf.span.end] for leaf in leaves(parse(term))] == [
        "imatinib[ti]",
        '"stem cell" [tiab]',
        '"2026/11/09"[crdt] : "3000"[crdt]',
    ]


@given(
    st.lists(st.sampled_from([*'ab"()[]:*&|#/~“12 ', "AND", " OR ", "NOT ", "[ti]", "last 9 days"])).map(
        "".join
    )
)
def test_any_text_is_either_understood_or_refused_in_words(term: str) -> None:
    try:
        tree = parse(term)
    except TermError:
        return
    spans = [leaf.span for leaf in leaves(tree)]
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(term) for start, end in spans)
