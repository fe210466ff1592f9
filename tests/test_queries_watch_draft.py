"""A drafted watch: from any seed it loads, passes the lint, and keeps the seed's own keywords."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from queries.errors import WatchError
from queries.records.article import Article, Heading, Keyword, Passage
from queries.terms.facets import facets
from queries.terms.lint import lint
from queries.text.acronyms import Definition, definitions
from queries.watch.draft import draft
from queries.watch.file import Watch, load


def loaded(toml: str) -> Watch:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "drafted.toml"
        path.write_text(toml, encoding="utf-8")
        return load(path)


def article(pmid: int, title: str, abstract: str = "", keywords: str = "", mesh: str = "") -> Article:
    """An article; keywords and headings are separated by |, a major heading begins with *."""
    return Article(
        pmid=pmid,
        title=title,
        abstract=(Passage("", "", abstract, abstract),) if abstract else (),
        keywords=tuple(Keyword(text, "NOTNLM", False) for text in keywords.split("|") if text),
        mesh=tuple(Heading("", name.lstrip("*"), name[0] == "*") for name in mesh.split("|") if name),
    )


SEED = article(
    90000001,
    "How stem cells of chronic myeloid leukemia outlive their inhibitors.",
    "Chronic myeloid leukemia (CML) answers to tyrosine kinase inhibitors (TKIs), its stem cells do not.",
    "Chronic myeloid leukemia|Tyrosine kinase inhibitor|leukemic stem cells|signaling",
)
REFERENCES = (
    article(
        90000002,
        "Quiescence in chronic myelogenous leukemia (CML)",
        "Leukemic stem cells (LSCs) rest.",
        mesh="*Leukemia, Myelogenous, Chronic, BCR-ABL Positive|Protein Kinase Inhibitors|Humans",
    ),
    article(
        90000003,
        "Niche signals in chronic myeloid leukemia",
        mesh="*Neoplastic Stem Cells|*Signal Transduction|Mice",
    ),
)


def test_keywords_become_topics_with_the_disease_in_each() -> None:
    """The disease is shared, the other keywords are the topics, acronyms and headings are found."""
    watch = loaded(draft(SEED, REFERENCES, "cml"))
    assert watch.seed.keywords == (
        "Chronic myeloid leukemia",
        "Tyrosine kinase inhibitor",
        "leukemic stem cells",
        "signaling",
    )
    assert [topic.short for topic in watch.topics] == ["TKI", "LSC", "SIG"]
    diseases = {facets(topic.term)[0].text for topic in watch.topics}
    assert len(diseases) == 1
    disease = diseases.pop()
    for clause in (
        '"Chronic myeloid leukaemia*"[tiab]',
        '"chronic myelogenous leukemia*"[tiab]',
        '"Leukemia, Myelogenous, Chronic, BCR-ABL Positive"[mh]',
        '(("CML"[tiab]) AND ("leukemia"[tiab] OR "leukaemia"[tiab]))',
    ):
        assert clause in disease
    concepts = [facets(topic.term)[1].text for topic in watch.topics]
    assert '"Protein Kinase Inhibitors"[mh]' in concepts[0]
    assert '"TKI"[tiab]' in concepts[0]
    assert '"Neoplastic Stem Cells"[mh]' in concepts[1]
    assert '"signalling"[tiab]' in concepts[2].replace("*", "")
    anchors = {anchor.keyword: anchor for anchor in watch.anchors}
    assert anchors["Chronic myeloid leukemia"].synonyms[:2] == ("CML", "chronic myelogenous leukemia")
    assert anchors["Chronic myeloid leukemia"].context == ("leukemia",)


def test_a_seed_without_keywords_uses_its_major_headings_and_then_its_title() -> None:
    """A record without author keywords still gives a watch."""
    indexed = article(90000004, "On something.", mesh="*Asthma|*Leukotriene Antagonists|Humans")
    assert loaded(draft(indexed, (), "x")).seed.keywords == ("Asthma", "Leukotriene Antagonists")
    bare = article(90000005, "Leukotriene antagonists in childhood asthma: a systematic review.")
    assert loaded(draft(bare, (), "x")).seed.keywords == ("Leukotriene antagonists", "childhood asthma")


def test_a_record_that_says_nothing_is_refused_with_a_remedy() -> None:
    """No keywords, no headings, a title of one word: nothing to make two facets of."""
    with pytest.raises(WatchError, match=r"PMID 90000006: .*too few keywords.*Copy"):
        draft(article(90000006, "Reply."), (), "reply")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("treated with tyrosine kinase inhibitors (TKIs).", [("tyrosine kinase inhibitors", "TKI")]),
        ("The treatment-free remission (TFR) rate", [("treatment-free remission", "TFR")]),
        ("carboxymethyl-lysine (CML) in skin", [("carboxymethyl-lysine", "CML")]),
        ("in Oslo (NOR) and elsewhere", []),
        ("Methods (Table)", []),
    ],
)
def test_acronyms_are_taken_as_texts_define_them(text: str, found: list[tuple[str, str]]) -> None:
    """Schwartz and Hearst's rule."""
    assert definitions([text]) == tuple(Definition(*one) for one in found)


words = st.text(max_size=30) | st.sampled_from(
    [
        '"quoted"',
        "a*b",
        "leukaemia",
        "β-catenin",
        "BCR-ABL",
        "AND",
        "x'''y",
        "tumour [cells]",
        "HEMO-1",
        "\\",
        "ANEMIA",
        "T cell",
    ]
)
records = st.builds(
    Article,
    pmid=st.integers(1, 99_999_999),
    title=words,
    doi=st.just("10.5555/x") | st.just(""),
    abstract=st.lists(st.builds(Passage, st.just(""), st.just(""), words, st.just("")), max_size=2).map(
        tuple
    ),
    keywords=st.lists(st.builds(Keyword, words, st.just("NOTNLM"), st.just(False)), max_size=5).map(tuple),
    mesh=st.lists(st.builds(Heading, st.just(""), words, st.booleans()), max_size=3).map(tuple),
)


@pytest.mark.parametrize(
    "mark",
    ["'''", "''''", "\\", "\\u00e9", "\x00", "\x07", "\x7f", "\n", "\ud800", "\u2028", '"""', "#", "]", "="],
)
def test_no_mark_in_a_record_breaks_the_file(mark: str) -> None:
    """A heading, a keyword, a title, a substance's long form with what ends or escapes a TOML string."""
    seed = article(
        90000007,
        f"Stem cells{mark} of leukemia{mark}.",
        f"The stem cells{mark} (SC) of leukemia{mark}.",
        f"leukemia{mark}|stem cells{mark}",
        f"*Leukemia{mark}|*Stem Cells{mark}",
    )
    watch = loaded(draft(seed, (seed,), f"x{mark}"))
    assert [len(facets(topic.term)) for topic in watch.topics] == [2]
    assert len(watch.seed.keywords) == 2


@settings(max_examples=150, deadline=None)
@given(records, st.lists(records, max_size=3))
def test_whatever_is_drafted_loads_and_passes_the_lint(seed: Article, references: list[Article]) -> None:
    """Always, whatever stands in the record."""
    try:
        toml = draft(seed, references, "drafted")
    except WatchError:
        assume(False)
    watch = loaded(toml)
    assert [finding for topic in watch.topics for finding in lint(topic.term)] == []
    assert {anchor.keyword for anchor in watch.anchors} == set(watch.seed.keywords)
