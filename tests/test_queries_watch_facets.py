"""Facets: written once, asked in every topic by all their spellings, read by the keywords that name them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.mirror_records import heading, record, write
from support.watch_files import SMALL, written

from queries.mirror.language import Reader
from queries.mirror.load import load as load_corpus
from queries.mirror.mesh import Mesh
from queries.records.article import Article, Passage
from queries.terms.facets import expansion
from queries.terms.lint import lint
from queries.terms.spelling import forms
from queries.text.keywords import hits
from queries.watch.check import problems, terms_lines
from queries.watch.facets import FacetWords
from queries.watch.file import load

NOW = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - PubMed's clock carries no zone


@pytest.mark.parametrize(
    ("word", "asked"),
    [
        ("stem cells", ("stem cell*",)),
        ("gene", ("gene", "genes")),
        ("polymer", ("polymer", "polymers")),
        ("neuropathies", ("neuropath*",)),
        ("therapy", ("therapy", "therapies")),
        ("thromboses", ("thrombosis", "thromboses")),
        ("virus", ("virus", "viruses")),
        ("abscesses", ("abscess", "abscesses")),
        ("diabetes", ("diabetes",)),
        ("species", ("species",)),
        ("TKIs", ("TKI", "TKIs")),
        ("IgA", ("IgA",)),
        ("SDF-1", ("SDF-1",)),
        ("anaemia", ("anaemia", "anemia", "anaemias", "anemias")),
        ("tumour microenvironment", ("tumour microenvironment*", "tumor microenvironment*")),
        ("microenvironment*", ("microenvironment*",)),
        ("β-catenin", ("β-catenin*", "beta-catenin*")),
        ("BCR-ABL", ("BCR-ABL", "BCR-ABL1", "BCR::ABL1", "BCR-ABLs")),
    ],
)
def test_a_word_is_asked_in_every_spelling_and_number(word: str, asked: tuple[str, ...]) -> None:
    assert set(asked) <= set(forms(word))
    assert len(forms(word)) <= len(asked) + 1


def found(tmp_path: Path, term: str, *titles: str) -> list[str]:
    """Those of these titles that a term finds."""
    records = [
        record(pmid, title, mesh=heading("Stem Cell Niche") if title == "A letter." else "")
        for pmid, title in enumerate(titles, 90000001)
    ]
    corpus = load_corpus([write(tmp_path / "invented.xml", *records)])
    hit = Reader(corpus, Mesh(), ideal=True).search(term, corpus.view(NOW), NOW.date()).docs
    asked = [titles[int(corpus.pmids[doc]) - 90000001] for doc in sorted(hit)]
    corpus.close()
    return asked


def facet(**parts: Any) -> FacetWords:
    return FacetWords.model_validate(parts)


def test_words_headings_and_acronyms_are_asked_side_by_side(tmp_path: Path) -> None:
    niche = facet(
        mesh=["Stem Cell Niche"],
        words=["tumour microenvironment", "niche", "SDF-1"],
        acronyms={"TME": ["tumor"]},
    )
    wanted = (
        "Tumor microenvironments of the marrow",
        "Two niches",
        "SDF 1 binds",
        "The TME of tumours",
        "A letter.",
    )
    assert found(tmp_path, expansion(niche), *wanted, "TME in toluene", "Nicheless") == list(wanted)


def test_a_trap_takes_away_an_acronym_and_never_a_record_that_says_the_words(tmp_path: Path) -> None:
    """Nothing may be missed: traps only say what else an acronym is short for."""
    cml = facet(
        words=["chronic myeloid leukemia"],
        acronyms={"CML": ["leukemia"]},
        traps=["carboxymethyl-lysine", "acute lymphoblastic leukemia"],
    )
    wanted = (
        "Chronic myeloid leukaemia and carboxymethyl-lysine",
        "CML or acute lymphoblastic leukemia",
        "CML, a leukaemia",
    )
    unwanted = ("Carboxymethyl-lysine (CML) and leukemia", "CML in skin")
    assert found(tmp_path, expansion(cml), *wanted, *unwanted) == list(wanted)


def test_a_topic_asks_all_of_its_facets_and_none_of_others(tmp_path: Path) -> None:
    text = SMALL.replace('all   = ["drug", "niche"]', 'all = ["niche"]\nnone = ["drug"]')
    watch = load(written(tmp_path, text))
    topic = watch.topics[1]
    assert topic.asked == "niche NOT drug"
    assert [(part.name, part.excludes) for part in watch.parts(topic)] == [("niche", False), ("drug", True)]
    assert found(tmp_path, topic.term, "The niche", "Niche and imatinib", "Imatinib") == ["The niche"]


def test_an_anchor_reads_by_its_facet(tmp_path: Path) -> None:
    """The same words for search and reading; its own synonyms count too, traps and context hold."""
    watch = load(written(tmp_path, SMALL))

    def hit(title: str) -> list[str]:
        article = Article(pmid=1, title=title, abstract=(Passage("", "", "", ""),))
        return [one.keyword for one in hits(article, watch.anchors, watch.seed.keywords)]

    assert hit("Niches of the marrow") == ["niche"]
    assert hit("Stroma") == ["niche"]
    assert hit("The TME of toluene") == []
    by_term = load(written(tmp_path, SMALL.replace('facet    = "niche"', 'facet    = "drug"')))
    assert by_term.anchors[0].synonyms == ("stroma", "imatinib", "Imatinib Mesylate")


def test_a_finding_names_the_facet_once_however_many_topics_ask_it(tmp_path: Path) -> None:
    text = SMALL.replace("drug  = '''imatinib[tiab]", "drug  = '''imatinib")
    text = text.replace('all   = ["drug", "niche"]', 'all = ["niche", "drug"]')
    text = text.replace("[schedule]", "[[topics]]\nname='x'\nshort='X'\nall=['drug','niche']\n[schedule]")
    watch = load(written(tmp_path, text))
    (problem,) = problems(watch, {"MAIL_USER": "ann", "MAIL_PASS": "secret"})
    assert problem.key == "facet drug at character 1"
    assert "imatinib has no field" in problem.problem


def test_the_expansion_is_shown_on_demand(tmp_path: Path) -> None:
    lines = list(terms_lines(load(written(tmp_path, SMALL))))
    assert 'niche: facet drug = imatinib[tiab] OR "Imatinib Mesylate"[mh]' in lines
    assert "niche: topic DRUG = drug AND niche" in lines


words = st.text(
    alphabet=st.characters(exclude_characters='"[]*“”\n', exclude_categories=["Cc", "Cs", "Zl", "Zp"]),
    max_size=25,
).filter(lambda text: any(letter.isalnum() for letter in text))
spelled = st.sampled_from(
    ["leukemia", "tumour", "signaling pathway", "anemia", "BCR-ABL", "TGF beta", "AND", "hemopathies"]
)


@example(["and"])
@given(st.lists(words | spelled, min_size=1, max_size=4, unique_by=str.casefold))
def test_whatever_words_become_a_term_without_a_finding(texts: list[str]) -> None:
    """Always: it parses, and PubMed reads it as meant."""
    term = f"({expansion(facet(words=texts))}) AND (niche[tiab])"
    assert lint(term) == ()
