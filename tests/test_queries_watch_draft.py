"""A drafted watch: from any seed it loads, passes the lint, and keeps the seed's own keywords."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from queries.errors import WatchError
from queries.records.article import Article, Heading, Keyword, Passage
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
    watch = loaded(draft([SEED], REFERENCES, "cml"))
    assert watch.seed.keywords == (
        "Chronic myeloid leukemia",
        "Tyrosine kinase inhibitor",
        "leukemic stem cells",
        "signaling",
    )
    assert [topic.short for topic in watch.topics] == ["TKI", "LSC", "SIG"]
    assert {topic.all[0] for topic in watch.topics} == {"chronic-myeloid-leukemia"}
    for clause in (
        '"Chronic myeloid leukaemia*"[tiab]',
        '"chronic myelogenous leukemia*"[tiab]',
        '"Leukemia, Myelogenous, Chronic, BCR-ABL Positive"[mh]',
        "(CML[tiab] OR CMLs[tiab]) AND (",
    ):
        assert all(clause in topic.term for topic in watch.topics)
    concepts = [watch.parts(topic)[1].term for topic in watch.topics]
    assert '"Protein Kinase Inhibitors"[mh]' in concepts[0]
    assert "TKI[tiab]" in concepts[0]
    assert '"Neoplastic Stem Cells"[mh]' in concepts[1]
    assert "signalling*[tiab]" in concepts[2]
    anchors = {anchor.keyword: anchor for anchor in watch.anchors}
    assert {"CML", "chronic myelogenous leukemia"} <= set(anchors["Chronic myeloid leukemia"].synonyms)
    assert anchors["Chronic myeloid leukemia"].context == ("myelogenous", "leukemia")


def drafted(title: str, abstract: str = "", keywords: str = "", mesh: str = "") -> Watch:
    return loaded(draft([article(90000009, title, abstract, keywords, mesh)], (), "x"))


def subject(watch: Watch) -> str:
    """The keyword of the facet that all topics share."""
    (shared,) = {topic.all[0] for topic in watch.topics}
    return next(anchor.keyword for anchor in watch.anchors if anchor.facet == shared)


@pytest.mark.parametrize(
    ("title", "keywords", "mesh", "shared"),
    [
        (
            "Managing acute embolism of the lung",
            "catheter lysis|fibrinolysis|lung embolism",
            "",
            "lung embolism",
        ),
        ("Death of cells in lung cancer", "Apoptosis|lung cancer|kinases", "*Apoptosis", "lung cancer"),
        (
            "Drugs for hip arthritis",
            "alphamab|betamab|hip arthritis",
            "*Antibodies, Monoclonal",
            "hip arthritis",
        ),
        ("Stones of a kidney: what is known", "spleen|liver", "*Fever, Renal|*Spleen", "Fever, Renal"),
        ("XYZ-3 and the enzymes", "enzymes|XYZ-3|liver", "*Enzymes", "XYZ-3"),
        ("Ferns: spread and climate", "spread|climate warming", "*Ferns|*Soil Fungi", "Ferns"),
    ],
)
def test_the_subject_is_what_most_speaks_for(title: str, keywords: str, mesh: str, shared: str) -> None:
    """A disease before its treatments and mechanisms, what the title names before what it doesn't."""
    found = subject(drafted(title, "", keywords, mesh))
    assert found in {shared, " ".join(reversed(shared.split(", ")))}


def test_methods_bare_qualifiers_and_check_tags_are_no_topics() -> None:
    watch = drafted(
        "Hip arthritis: a systematic review",
        keywords="hip arthritis|Treatment|Epidemiology|systematic review|Risk Factors|cartilage|proteomics",
        mesh="Humans|Aged|*Randomized Controlled Trials as Topic|*Treatment Outcome",
    )
    assert [topic.name for topic in watch.topics] == ["Cartilage"]


def test_no_topic_says_the_subject_again_or_what_another_says() -> None:
    watch = drafted(
        "Hip arthritis",
        keywords="hip arthritis|severe hip arthritis|arthritis|cartilage repair|repair of cartilage|bone",
    )
    assert [topic.name for topic in watch.topics] == ["Cartilage repair", "Bone"]


def test_an_acronym_in_a_keyword_is_kept_apart_from_its_words() -> None:
    """Or "hip arthritis HIA" would be one phrase, which nobody writes."""
    watch = drafted("On hip arthritis", "Hip arthritis (HIA) hurts.", "hip arthritis (HIA)|cartilage")
    term = watch.topics[0].term
    assert '"hip arthritis"[tiab]' in term
    assert "(HIA[tiab] OR HIAs[tiab]) AND (arthritis[tiab]" in term
    assert "arthritis HIA" not in term


def test_the_one_heading_that_the_indexers_chose_stands_for_a_disease_of_another_name() -> None:
    watch = drafted("Stone fever", keywords="stone fever|spleen", mesh="*Lithiasis Syndrome|Humans")
    assert '"Lithiasis Syndrome"[mh]' in watch.topics[0].term


def test_each_watch_has_a_variable_of_its_own_for_its_recipient() -> None:
    urls = {loaded(draft([SEED], REFERENCES, name)).recipients[0].url for name in ("cml", "my-lab")}
    assert urls == {"$SEEDWATCH_CML_MAIL", "$SEEDWATCH_MY_LAB_MAIL"}


def test_a_seed_without_keywords_uses_its_major_headings_and_then_its_title() -> None:
    """A record without author keywords still gives a watch."""
    indexed = article(90000004, "On something.", mesh="*Asthma|*Leukotriene Antagonists|Humans")
    assert loaded(draft([indexed], (), "x")).seed.keywords == ("Asthma", "Leukotriene Antagonists")
    bare = article(90000005, "Leukotriene antagonists in childhood asthma: a systematic review.")
    assert set(loaded(draft([bare], (), "x")).seed.keywords) == {
        "Leukotriene antagonists",
        "childhood asthma",
    }


def test_a_record_that_says_nothing_is_refused_with_a_remedy() -> None:
    """No keywords, no headings, a title of one word: nothing to make two facets of."""
    with pytest.raises(WatchError, match=r"PMID 90000006: .*too few keywords.*Give a second seed"):
        draft([article(90000006, "Reply.")], (), "reply")


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
    watch = loaded(draft([seed], (seed,), f"x{mark}"))
    assert [len(topic.all) for topic in watch.topics] == [2]
    assert len(watch.seed.keywords) == 2


@settings(max_examples=60, deadline=None)
@given(records, st.lists(records, max_size=3))
def test_whatever_is_drafted_loads_and_passes_the_lint(seed: Article, references: list[Article]) -> None:
    """Always, whatever stands in the record."""
    try:
        toml = draft([seed], references, "drafted")
    except WatchError:
        assume(False)
    watch = loaded(toml)
    assert [finding for topic in watch.topics for finding in lint(topic.term)] == []
    assert {anchor.keyword for anchor in watch.anchors} == set(watch.seed.keywords)
