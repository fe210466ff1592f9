"""The shipped watch asks for what a CML specialist wants, and not for what only looks like it.

Its terms are put to the mirror, over invented titles and abstracts.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from support.mirror_records import heading, record, write

from queries.mirror.language import Reader
from queries.mirror.load import load as load_corpus
from queries.mirror.mesh import Mesh
from queries.records.article import Article, Passage
from queries.terms.facets import facets
from queries.terms.lint import lint
from queries.terms.syntax import And, Clause, Node, Not, Or, parse
from queries.text.keywords import hits
from queries.watch.file import SHIPPED, load

WATCH = load(SHIPPED / "cml-stem-cells.toml")
TOPICS = {topic.short: topic for topic in WATCH.topics}
NOW = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - PubMed's clock carries no zone

WANTED = {  # text → the topics that ask for it
    "Imatinib spares quiescent stem cells in chronic myeloid leukaemia": {"LSC", "TKI"},
    "LSCs in CML: a persisting leukemic reservoir": {"LSC"},
    "CD26 marks leukemic stem cells of chronic-phase BCR::ABL1 disease": {"LSC"},
    "Asciminib after two lines in chronic phase CML, a leukaemia of adults": {"TKI"},
    "Treatment-free remission in chronic myelogenous leukemia": {"TFR"},
    "Stopping a drug: molecular relapse in chronic myeloid leukemia": {"TFR"},
    "Discontinuation and recurrence in Philadelphia-positive chronic myelocytic leukaemia": {"TFR"},
    "JAK/STAT signalling in BCR-ABL1 cells": {"SIG"},
    "A phosphoproteomic map of chronic granulocytic leukemia": {"SIG"},
    "Wnt/β-catenin in chronic myeloid leukemia": {"SIG"},
    "Hypoxia and the bone marrow niche of chronic myeloid leukemia": {"TME"},
    "CXCL12 from mesenchymal cells shelters Philadelphia chromosome clones": {"TME"},
    "CMML arising in chronic myeloid leukemia under dasatinib": {"TKI"},
    "Leukemia with BCR-ABL1 and nilotinib": {"TKI"},
    "Retraction: dormancy of CML stem cells": {"LSC"},
    "Correction to: asciminib blood levels": {"TKI"},
    "Molecular monitoring of patients with CML": {"TFR"},
    "Chronic myeloid leukemia and diabetic retinopathy": {"CML"},
    "Rare skin findings in patients with CML": {"CML"},
    "Imatinib discontinuation in chronic myeloid leukaemia": {"TFR"},
    "Interrupting treatment for pregnancy in CML, a leukaemia": {"TFR"},
    "The DASFREE study: chronic phase CML, a leukaemia": {"TFR"},
    "Natural killer cells and marrow fibrosis in chronic myeloid leukemia": {"TME"},
    "Kinase-independent resistance in chronic myeloid leukemia": {"SIG"},
}
UNWANTED = (
    "Dasatinib in chronic myelomonocytic leukemia (CMML) with a fusion of PDGFRB",
    "BCR-ABL1-negative chronic myelomonocytic leukemia and imatinib",
    "JAK2 signaling in BCR-ABL1-negative myeloproliferative neoplasms",
    "Philadelphia-negative neoplasms and the stem cell niche",
    "BCR::ABL1-like acute lymphoblastic leukemia answers to dasatinib",
    "Carboxymethyl-lysine (CML) activates signaling by a receptor tyrosine kinase",
    "Carboxymethyllysine CML in leukemia serum and signaling",
    "Cell-mediated lympholysis (CML) after leukemia: a niche test",
    "Classic metaphyseal lesion (CML) and the niche of the growth plate",
    "CML in culture media: niche and stroma",
    "Gefitinib, a tyrosine kinase inhibitor, in lung cancer",
    "Acute myeloid leukemia stem cells and their niche",
    "Chronic lymphocytic leukemia: ibrutinib, a kinase inhibitor",
    "CML: the classic metaphyseal lesion in leukemia",
)


def asked(folder: Path, records: Sequence[str]) -> dict[int, set[str]]:
    """PMID → the topics whose terms find it."""
    corpus = load_corpus([write(folder / "invented.xml", *records)])
    reader, view = Reader(corpus, Mesh(), ideal=True), corpus.view(NOW)
    found: dict[int, set[str]] = {int(pmid): set() for pmid in corpus.pmids}
    for short, topic in TOPICS.items():
        for doc in reader.search(topic.term, view, NOW.date()).docs:
            found[int(corpus.pmids[doc])].add(short)
    corpus.close()
    return found


def test_it_finds_what_a_specialist_wants(tmp_path: Path) -> None:
    """Each title by the topics that it is about; other topics may find it too."""
    found = asked(tmp_path, [record(pmid, title) for pmid, title in enumerate(WANTED, 90000001)])
    missed = {
        title: wanted - found[pmid]
        for pmid, (title, wanted) in enumerate(WANTED.items(), 90000001)
        if wanted - found[pmid]
    }
    assert missed == {}


def test_it_leaves_out_what_only_looks_like_it(tmp_path: Path) -> None:
    """Other meanings of CML, BCR-ABL said to be absent, other leukaemias, other inhibitors."""
    found = asked(tmp_path, [record(pmid, title) for pmid, title in enumerate(UNWANTED, 90000001)])
    let_in = {title: found[pmid] for pmid, title in enumerate(UNWANTED, 90000001) if found[pmid]}
    assert let_in == {}


def test_initials_are_no_disease(tmp_path: Path) -> None:
    """An author CML of a paper on leukaemia and imatinib is not chronic myeloid leukaemia."""
    found = asked(
        tmp_path, [record(90000001, "Leukemia cells and imatinib", authors=(("Sample", "Cora", "CML"),))]
    )
    assert found == {90000001: set()}


def test_a_record_is_found_by_its_indexing_alone_and_by_its_keywords_alone(tmp_path: Path) -> None:
    """Text OR MeSH in both facets; headings below the disease's count, OXPHOS is no signalling."""
    found = asked(
        tmp_path,
        [
            record(90000001, "A letter.", mesh=heading("Blast Crisis") + heading("Imatinib Mesylate")),
            record(90000002, "A letter.", keywords=("chronic myeloid leukaemia", "niche")),
            record(
                90000003,
                "A letter.",
                mesh=heading("Leukemia, Myeloid, Chronic-Phase") + heading("Oxidative Phosphorylation"),
            ),
        ],
    )
    assert found == {90000001: {"TKI"}, 90000002: {"TME"}, 90000003: set()}


@pytest.mark.parametrize("short", sorted(set(TOPICS) - {"CML"}))
def test_each_topic_is_the_same_disease_and_a_concept_without_a_finding(short: str) -> None:
    """The lint is content, there are two facets, and the first is shared word by word."""
    disease, concept = facets(TOPICS[short].term)
    assert disease.text == facets(WATCH.topics[0].term)[0].text
    assert concept.text
    assert lint(TOPICS[short].term) == ()


ASKED = {  # what each topic asked before its facets were written once: see `canonical`
    "LSC": "3b1a5893fc5070a4",
    "TKI": "a3adb971332bcf42",
    "TFR": "1d924095ddaefcb6",
    "SIG": "eeea748aa19f3393",
    "TME": "c994a77b3f95f2f4",
    "CML": "065951b8e2cf756e",
}


def canonical(node: Node) -> tuple[object, ...]:
    """What a term asks, whatever the order of its alternatives and its parentheses."""
    match node:
        case And(parts=parts) | Or(parts=parts):
            each = [canonical(part) for part in parts]
            flat = [
                item
                for part, own in zip(parts, each, strict=True)
                for item in (own[1:] if type(part) is type(node) else (own,))
            ]
            return (
                type(node).__name__,
                *sorted({item if isinstance(item, str) else repr(item) for item in flat}),
            )
        case Not(keep=keep, drop=drop):
            return ("Not", canonical(keep), canonical(drop))
        case Clause():
            return (node.text, node.tag, node.explode)
    raise AssertionError(node)


@pytest.mark.parametrize("short", ASKED)
def test_it_asks_what_it_asked_before(short: str) -> None:
    """To change what is asked is a decision: then write the new hash here."""
    asked = hashlib.sha256(repr(canonical(parse(TOPICS[short].term))).encode()).hexdigest()
    assert asked.startswith(ASKED[short])


def test_the_file_can_be_read_over() -> None:
    """Each facet stands in it once."""
    assert len((SHIPPED / "cml-stem-cells.toml").read_text(encoding="utf-8").splitlines()) <= 200


def test_every_seed_keyword_has_an_anchor() -> None:
    """The six of the review, as it prints them."""
    assert tuple(anchor.keyword for anchor in WATCH.anchors) == WATCH.seed.keywords
    assert {"LSC", "TKI", "TFR", "SIG", "TME", "CML"} == set(TOPICS)


def test_the_disease_itself_is_asked_for_last_and_without_a_finding() -> None:
    """What no other topic asks for is found too, so that the score decides."""
    assert WATCH.topics[-1].short == "CML"
    assert lint(TOPICS["CML"].term) == ()


@pytest.mark.parametrize(
    ("title", "abstract", "named"),
    [
        (
            "Ponatinib in Philadelphia chromosome-positive acute lymphoblastic leukemia",
            "BCR::ABL1 p190.",
            False,
        ),
        ("Ph-like acute lymphoblastic leukaemia", "A BCR-ABL1-like signature; dasatinib.", False),
        ("Blinatumomab in Ph+ ALL", "Adults with BCR-ABL1 and t(9;22).", False),
        (
            "Ph+ acute lymphoblastic leukemia after CML",
            "Lymphoid blast phase of chronic myeloid leukemia.",
            True,
        ),
        ("Dasatinib in Ph+ ALL and CP-CML", "BCR-ABL1.", True),
        ("Persistence of BCR-ABL1 stem cells", "K562 and primary cells under imatinib.", True),
    ],
)
def test_ph_positive_all_is_on_cml_only_where_it_names_cml(title: str, abstract: str, named: bool) -> None:
    watch = load(SHIPPED / "cml-stem-cells.toml")
    article = Article(pmid=1, title=title, abstract=(Passage("", "", abstract, ""),))
    hit = {one.keyword for one in hits(article, watch.anchors, watch.seed.keywords)}
    assert ("Chronic myeloid leukemia" in hit) is named
