"""Which records are one work: what joins them, and above all what must not."""

import random
from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.identity.citation import citation
from queries.identity.conflicts import conflicts
from queries.identity.works import works
from queries.readers.names import authors
from queries.records.article import Article, Journal, Link, Passage, Term

TITLE = "Quiescent clones outlast asciminib in a murine model of chronic myeloid leukaemia"
ABSTRACT = "Background. " + "Clones that rest outlast what kills those that divide, and wake up later. " * 5


def paper(number: int = 1, **fields: Any) -> Article:
    """An invented article in a full citation; `volume`, `issue`, `journal`, `by`, `text` are shorthands."""
    journal = Journal(
        fields.pop("journal", "Journal of Invented Haematology"),
        volume=fields.pop("volume", "12"),
        issue=fields.pop("issue", "3"),
    )
    text = fields.pop("text", "")
    plain = Article(
        pmid=-number,
        title=TITLE,
        authors=authors(fields.pop("by", "Quill, Anna and Marsh, Ben and Oyelaran, Tunde")),
        journal=journal,
        pages="123-129",
        published="2019",
        abstract=(Passage("", "", text, ""),) if text else (),
    )
    return replace(plain, **fields)


def grouped(*articles: Article, pmids: list[int | None] | None = None) -> set[frozenset[int]]:
    """The works, each as the positions of its records."""
    found = defaultdict(set)
    for at, member in enumerate(works(articles, pmids)):
        found[member.work].add(at)
    return {frozenset(each) for each in found.values()}


def one_work(left: dict[str, Any], right: dict[str, Any]) -> bool:
    return len(grouped(paper(1, **left), paper(2, **right))) == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"doi": "10.5555/a"}, {"doi": "10.5555/a", "pages": "", "by": "", "volume": ""}),
        ({"pmcid": "PMC7"}, {"pmcid": "PMC7", "published": ""}),
        ({}, {"title": TITLE.upper() + "."}),
        ({}, {"title": f"[{TITLE}]"}),
        ({}, {"title": f"{TITLE}. [Review] [33 refs]"}),
        ({}, {"title": TITLE.replace("leukaemia", "leukemia")}),
        ({}, {"title": f"RETRACTED: {TITLE}"}),
        ({}, {"pages": "123-9"}),
        ({}, {"pages": "123"}),
        ({}, {"journal": "J Invent Haematol"}),
        ({}, {"by": "Quill A, Marsh B, Oyelaran T"}),
        ({}, {"by": "Quill A"}),
        ({}, {"pages": "", "issue": ""}),
        ({}, {"volume": "", "issue": "", "pages": ""}),
        ({}, {"published": "2018", "pages": ""}),
        ({}, {"title": TITLE.replace("murine", "murin")}),
        ({"title": f"{TITLE}: a study of engrafted mice"}, {}),
        ({"title": "Ruhende Klone"}, {}),
        ({"text": ABSTRACT}, {"text": ABSTRACT, "journal": "", "volume": "", "issue": "", "pages": ""}),
        ({"doi": "10.21203/rs.3.rs-77/v1"}, {"doi": "10.21203/rs.3.rs-77/v2", "pages": ""}),
        ({"doi": "10.2307/1234"}, {"doi": "10.5555/a"}),
    ],
)
def test_one_work_however_databases_write_it(left: dict[str, Any], right: dict[str, Any]) -> None:
    assert one_work(left, right)


PART = "Clonal dynamics under kinase inhibitors in an invented registry"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"doi": "10.5555/a"}, {"doi": "10.5555/b"}),
        ({"title": f"{PART}. Part I"}, {"title": f"{PART}. Part II", "pages": "130-140"}),
        ({"title": f"{PART}, part 1"}, {"title": f"{PART}, part two", "pages": ""}),
        ({"title": f"{PART}: results at 12 months"}, {"title": f"{PART}: results at 24 months", "pages": ""}),
        ({}, {"title": f"Erratum: {TITLE}", "pages": "400"}),
        ({}, {"title": f"Correction to: {TITLE}"}),
        ({}, {"title": f"Retraction: {TITLE}"}),
        ({}, {"title": f"{TITLE} (vol 12, pg 123, 2019)"}),
        ({}, {"title": f"Comment on: {TITLE}", "pages": "130"}),
        ({}, {"title": f"{TITLE}: authors' reply", "pages": "131"}),
        ({}, {"title": f"Response to {TITLE}", "pages": ""}),
        ({}, {"journal": "Blood", "volume": "130", "issue": "S1", "pages": "S44"}),
        ({}, {"journal": "Annals of Other Things", "published": "2021", "volume": "3", "pages": "1-20"}),
        ({"title": "Editorial", "pages": "1-2"}, {"title": "Editorial", "pages": "1-2", "issue": "4"}),
        ({"title": "Book review", "by": "Quill A"}, {"title": "Book review", "by": "Marsh B"}),
        ({"title": "Editor's remarks on an issue of this journal", "pages": ""},
         {"title": "Editor's remarks on an issue of this journal", "pages": "", "issue": "4"}),
        ({"title": f"{PART} in men"}, {"title": f"{PART} in women", "pages": "130-136"}),
        ({}, {"by": "Nobody, Else and Third, Party", "pages": "", "volume": ""}),
        ({"pages": "S34", "doi": "10.5555/supplement", "text": ABSTRACT},
         {"pages": "S35", "doi": "10.5555/supplement", "title": "Something else about marrow niches",
          "text": "Entirely other words stand here. " * 9}),
    ],
)  # fmt: skip
def test_two_works_however_alike(left: dict[str, Any], right: dict[str, Any]) -> None:
    assert not one_work(left, right)


def test_a_notice_by_its_publication_type_is_not_the_article() -> None:
    typed = (Term("", "Journal Article"),), (Term("", "Published Erratum"),)
    assert not one_work({"publication_types": typed[0]}, {"publication_types": typed[1]})


def test_a_preprint_and_its_paper_are_one_work_whatever_their_dois() -> None:
    preprint = paper(1, doi="10.1101/2018.1.1", journal="bioRxiv", volume="", issue="", pages="")
    assert len(grouped(preprint, paper(2, doi="10.5555/a"))) == 1


def test_pubmeds_word_joins_a_preprint_with_a_paper_of_another_title() -> None:
    preprint = paper(
        1, pmid=90000001, title="A working title", publication_types=(Term("D000076942", "Preprint"),)
    )
    final = paper(2, pmid=90000002, links=(Link("UpdateOf", 90000001, "", ""),), pages="9", volume="1")
    members = works([preprint, final])
    assert [member.work for member in members] == [0, 0]
    assert members[1].rule == "preprint"


def test_two_pmids_need_more_than_a_title() -> None:
    """PubMed holds few works twice, and many letters, replies and parts under one title."""
    loose = paper(1, pages="", volume=""), paper(2, pages="", volume="")
    assert len(grouped(*loose)) == 1
    assert len(grouped(*loose, pmids=[90000001, 90000002])) == 2
    assert len(grouped(paper(1), paper(2), pmids=[90000001, 90000002])) == 1


def test_a_record_between_two_works_does_not_make_them_one() -> None:
    """The middle one lacks what parts the others; it goes with one of them, never chains both."""
    first, second = paper(1, doi="10.5555/a"), paper(2, doi="10.5555/b")
    middle = paper(3)
    assert sorted(map(len, grouped(first, middle, second))) == [1, 2]


def test_every_join_names_its_rule_and_evidence() -> None:
    first, second = works([paper(1), paper(2, pages="123-9")])
    assert (first.work, first.rule, first.evidence) == (0, "", "")
    assert (second.work, second.rule) == (0, "citation")
    assert "pages 123-129" in second.evidence or "pages 123-9" in second.evidence
    assert "title 100 %" in second.evidence


VARIANTS: list[dict[str, Any]] = [
    {}, {"pages": "123-9"}, {"doi": "10.5555/a"}, {"doi": "10.5555/b"}, {"doi": "10.5555/a", "volume": ""},
    {"title": f"{TITLE}. Part II"}, {"title": f"Erratum: {TITLE}"}, {"pages": "", "volume": "", "issue": ""},
    {"journal": "Blood", "volume": "130", "pages": "S44"}, {"by": ""}, {"published": ""}, {"title": ""},
]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(VARIANTS), min_size=2, max_size=8), st.integers(0, 2**32))
def test_the_order_of_records_never_changes_the_works(chosen: list[dict[str, Any]], seed: int) -> None:
    """Always: as multisets of what the records say, since equal records are interchangeable."""
    order = list(range(len(chosen)))
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, no secret

    def told(indexes: list[int]) -> list[list[str]]:
        articles = [paper(at + 1, **chosen[index]) for at, index in enumerate(indexes)]
        return sorted(sorted(repr(chosen[indexes[at]]) for at in each) for each in grouped(*articles))

    assert told(order) == told(sorted(order))


def test_conflicts_are_shown_in_words() -> None:
    said = [
        citation(paper(1, doi="10.5555/a"), 0, 90000001),
        citation(paper(2, doi="10.5555/a"), 1, 90000002),
        citation(paper(3, doi="10.5555/c"), 2, 90000003),
        citation(paper(4, doi="10.5555/d", title="Marrow of another bone altogether"), 3, 90000003),
        citation(paper(5), 4, 0),
    ]
    words = [conflict.words for conflict in conflicts(said)]
    assert words[0] == "DOI 10.5555/a is given for PMIDs 90000001 and 90000002"
    assert "PMID 90000003 has the DOIs 10.5555/c and 10.5555/d" in words
    assert any("Marrow of another bone" in each for each in words)
    assert len(words) == 3
