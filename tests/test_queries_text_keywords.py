"""Which seed keywords a record hits, in which words; and how a text is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.records.article import Article, Chemical, Heading, Keyword, Passage
from queries.text.keywords import KeywordHit, MarkedText, highlight, hits
from queries.watch.file import SHIPPED, Anchor, load

CML = Anchor(
    keyword="Chronic myeloid leukemia",
    synonyms=("CML", "BCR-ABL1", "t(9;22)", "Leukemia, Myelogenous, Chronic, BCR-ABL Positive"),
    traps=("carboxymethyl-lysine", "cell-mediated lympholysis", "BCR-ABL1 negative"),
    context=("leukemia", "tyrosine kinase"),
)
LSC = Anchor(keyword="leukemic stem cells", synonyms=("LSC", "CD34+", "quiescen*"))
SIGNAL = Anchor(
    keyword="signaling",
    synonyms=("Wnt/β-catenin", "phosphorylat*", "pERK"),
    traps=("oxidative phosphorylation",),
)
ANCHORS = (CML, LSC, SIGNAL)


def words(text: str) -> dict[str, tuple[str, ...]]:
    """Of a record that consists of this title: keyword → the words that hit it."""
    return {hit.keyword: hit.words for hit in hits(Article(pmid=1, title=text), ANCHORS)}


@pytest.mark.parametrize(
    ("text", "keyword", "found"),
    [
        ("Chronic Myeloid Leukaemias", "Chronic myeloid leukemia", "Chronic Myeloid Leukaemias"),
        ("chronic-myeloid leukemia", "Chronic myeloid leukemia", "chronic-myeloid leukemia"),
        ("BCR::ABL1 transcripts", "Chronic myeloid leukemia", "BCR::ABL1"),
        ("bcr/abl1 transcripts", "Chronic myeloid leukemia", "bcr/abl1"),
        ("BCR–ABL1 transcripts", "Chronic myeloid leukemia", "BCR–ABL1"),
        ("the t(9;22) translocation", "Chronic myeloid leukemia", "t(9;22)"),
        ("leukaemic stem cell", "leukemic stem cells", "leukaemic stem cell"),
        ("LSCs persist", "leukemic stem cells", "LSCs"),
        ("CD34+ cells", "leukemic stem cells", "CD34+"),
        ("CD34 positive cells", "leukemic stem cells", "CD34"),
        ("quiescence", "leukemic stem cells", "quiescence"),
        ("signalling", "signaling", "signalling"),
        ("Wnt-beta-catenin", "signaling", "Wnt-beta-catenin"),
        ("Wnt/β-catenin", "signaling", "Wnt/β-catenin"),
        ("phosphorylated", "signaling", "phosphorylated"),
    ],
)
def test_spelling_plurals_and_joints_do_not_matter(text: str, keyword: str, found: str) -> None:
    """And the words come back as printed."""
    assert words(text) == {keyword: (found,)}


@pytest.mark.parametrize(
    "text",
    [
        "cml of culture medium in leukemia",
        "Carboxymethyl-lysine (CML) in skin",
        "Carboxymethyl-lysine (CML) in the skin of patients with leukemia",
        "CML in ageing skin",
        "Cell-mediated lympholysis (CML) after transplantation for leukemia",
        "BCR-ABL1-negative myeloproliferative neoplasms",
        "chronic myelomonocytic leukemia",
        "Chronic. Myeloid leukemia",
        "chronic, myeloid leukemia",
        "HCD34 and subquiescence",
        "perk of the job",
        "oxidative phosphorylation",
    ],
)
def test_what_only_looks_alike_is_no_hit(text: str) -> None:
    """Other meanings, small letters, parts of words, words on two sides of a full stop."""
    assert words(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "CML is a leukemia",
        "CML and its tyrosine kinase",
        "Chronic myeloid leukemia, not carboxymethyl-lysine: CML",
    ],
)
def test_an_acronym_counts_where_the_record_speaks_of_it(text: str) -> None:
    """Some context, or the words it is short for."""
    assert "CML" in words(text)["Chronic myeloid leukemia"]


def test_a_hit_says_where_it_stands_and_keeps_the_seeds_order() -> None:
    """Title, abstract, keyword, mesh; substances are indexing too; the longest of overlapping words."""
    article = Article(
        pmid=1,
        title="Quiescence",
        abstract=(Passage("", "", "LSC in leukemia. CML.", ""), Passage("", "", "LSCs again: LSC.", "")),
        keywords=(Keyword("Signalling", "NOTNLM", False),),
        mesh=(Heading("", "Leukemia, Myelogenous, Chronic, BCR-ABL Positive", True),),
        chemicals=(Chemical("0", "", "BCR-ABL1 protein"),),
    )
    assert hits(article, ANCHORS, ("niche", "signaling", "leukemic stem cells")) == (
        KeywordHit("signaling", ("Signalling",), ("keyword",)),
        KeywordHit("leukemic stem cells", ("Quiescence", "LSC", "LSCs"), ("title", "abstract")),
        KeywordHit(
            "Chronic myeloid leukemia",
            ("CML", "Leukemia, Myelogenous, Chronic, BCR-ABL Positive", "BCR-ABL1"),
            ("abstract", "mesh"),
        ),
    )


@pytest.mark.parametrize(
    ("synonym", "hit", "missed"),
    [
        ("fibros*", "fibrosis", "fibroblast"),  # no plural of fibro
        ("leuka*", "leukaemia", "leukopenia"),  # cut within a diphthong
        ("organis*", "organisation", "organ"),
        ("cell*", "cellular", "cerebral"),
        ("hae*", "hemoglobin", "hamster"),
        ("Sjogren*", "Sjögren's", "Sjo"),
        ("IFN-λ*", "IFN-lambda1", "IFN-gamma"),
    ],
)
def test_a_beginning_hits_whatever_begins_so(synonym: str, hit: str, missed: str) -> None:
    """However it is cut, spelled or accented; and nothing that only shares a part of it."""
    anchors = (Anchor(keyword="x", synonyms=(synonym,)),)
    assert [one.words for one in hits(Article(pmid=1, title=f"{missed}, {hit}"), anchors)] == [
        (hit.removesuffix("'s"),)
    ]


def test_a_keyword_without_an_anchor_stands_for_itself() -> None:
    """So that a watch without anchors still shows hits."""
    assert hits(Article(pmid=1, title="The niches"), (), ("niche",)) == (
        KeywordHit("niche", ("niches",), ("title",)),
    )


def test_nothing_reaches_from_one_part_of_a_record_into_the_next() -> None:
    """The last word of the title and the first of the abstract are no phrase."""
    article = Article(pmid=1, title="Chronic myeloid", abstract=(Passage("", "", "leukemia", ""),))
    assert hits(article, ANCHORS) == ()


def test_highlighting_marks_the_longest_words() -> None:
    """And only keywords that the record hits, where its hits are given."""
    text = "CML: leukaemic stem cells, quiescent."
    assert highlight(text, ANCHORS) == (
        MarkedText("CML", "Chronic myeloid leukemia"),
        MarkedText(": ", ""),
        MarkedText("leukaemic stem cells", "leukemic stem cells"),
        MarkedText(", ", ""),
        MarkedText("quiescent", "leukemic stem cells"),
        MarkedText(".", ""),
    )
    article = Article(pmid=1, title="CML, a lysine, and quiescence")
    marked = {span.keyword for span in highlight(text, ANCHORS, hits(article, ANCHORS))}
    assert marked == {"", "leukemic stem cells"}


SHIPPED_ANCHORS = load(SHIPPED / "cml-stem-cells.toml").anchors
pieces = st.sampled_from(
    [
        "CML",
        " ",
        "-",
        "BCR::ABL1",
        "β-catenin",
        "İ",
        "ß",
        "(",
        "t(9;22)",
        "leukaemia",
        "oxidative phosphorylation",
        "\n",
    ]
)


@given(st.lists(pieces | st.text(max_size=8), max_size=12).map("".join))
def test_highlighting_changes_no_letter(text: str) -> None:
    """The spans always join to the text."""
    spans = highlight(text, SHIPPED_ANCHORS)
    assert "".join(span.text for span in spans) == text
    assert all(span.text for span in spans)
    assert {span.keyword for span in spans} <= {"", *(anchor.keyword for anchor in SHIPPED_ANCHORS)}


@given(st.lists(pieces | st.text(max_size=8), max_size=12).map("".join))
def test_every_word_of_a_hit_stands_in_the_record(text: str) -> None:
    """Chips and why-lines quote; they never invent."""
    for hit in hits(Article(pmid=1, title=text), SHIPPED_ANCHORS):
        assert hit.words
        assert all(word in text for word in hit.words)
