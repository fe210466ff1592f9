"""Titles and abstracts: plain for searching, safe HTML for showing. All records here are invented."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from support.pubmed_xml import MATH, element, one, page, record

from queries.readers.pubmed_xml import parse, read
from queries.records.article import Article
from queries.records.harvest import Refusal

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)


class TestText:
    """Titles and abstracts."""

    def test_markup_is_flattened_in_text_and_kept_in_html(self) -> None:
        """Gene names in italics and charges in superscript survive for the reader, not for search."""
        found = one(article="<ArticleTitle>Loss of <i>ABC<sub>2</sub></i> in Ca<sup>2+</sup></ArticleTitle>")
        assert found.title == "Loss of ABC2 in Ca2+"
        assert found.title_html == "Loss of <i>ABC<sub>2</sub></i> in Ca<sup>2+</sup>"

    def test_no_other_tag_and_no_raw_character_reaches_html(self) -> None:
        """HTML of PubMed is quoted in e-mails: a script stays text."""
        found = one(
            article="<ArticleTitle>a &lt;script&gt; &amp; <script>b</script> <a href='x'>c</a></ArticleTitle>"
        )
        assert found.title == "a <script> & b c"
        assert found.title_html == "a &lt;script&gt; &amp; b c"

    def test_formulas_are_flattened_and_said_once(self) -> None:
        """MathML's TeX annotation repeats the formula; its i-like tags are not HTML's."""
        math = (
            f"<mml:math {MATH}><mml:semantics><mml:mi>x</mml:mi><mml:mn>2</mml:mn>"
            "<mml:annotation>x^2</mml:annotation></mml:semantics></mml:math>"
        )
        found = one(article=f"<ArticleTitle>With {math} cells</ArticleTitle>")
        assert (found.title, found.title_html) == ("With x2 cells", "With x2 cells")

    def test_a_formula_whose_prefix_the_set_declares_is_read(self) -> None:
        """A record is parsed alone, away from the root's namespace declarations."""
        raw = page(record(article="<ArticleTitle>p<mml:math><mml:mi>x</mml:mi></mml:math></ArticleTitle>"))
        (found,) = parse(raw.replace(b"<PubmedArticleSet>", f"<PubmedArticleSet {MATH}>".encode()))
        assert isinstance(found, Article)
        assert found.title == "px"

    def test_invisible_characters_are_dropped_and_whitespace_is_single(self) -> None:
        """A bidi override could make a title read backwards; a soft hyphen would hide a keyword."""
        found = one(
            article="<ArticleTitle>\n  leuk\u00adaemia\u202e \u200b&#x7f; in\t\u2009mice </ArticleTitle>"
        )
        assert found.title == found.title_html == "leukaemia in mice"

    def test_whitespace_between_tags_stays(self) -> None:
        """<i>a</i> <b>b</b> is two words."""
        found = one(article="<ArticleTitle><i>a</i> <b>b</b></ArticleTitle>")
        assert (found.title, found.title_html) == ("a b", "<i>a</i> <b>b</b>")

    def test_a_hostile_depth_of_markup_is_flattened(self) -> None:
        """Ten thousand nested tags end neither the parser nor the run."""
        deep = "<i>" * 10_000 + "x" + "</i>" * 10_000
        found = read(record(article=f"<ArticleTitle>{deep}</ArticleTitle>").encode())
        assert isinstance(found, Refusal) or found.title == "x"

    def test_comments_and_cdata(self) -> None:
        """A comment is not text, CDATA is."""
        found = one(article="<ArticleTitle>a<!-- no --><![CDATA[ <b> ]]>c</ArticleTitle>")
        assert (found.title, found.title_html) == ("a <b> c", "a &lt;b&gt; c")

    def test_a_structured_abstract_keeps_labels_and_leaves_the_copyright_apart(self) -> None:
        """CopyrightInformation is a sibling of the text, not a part of it."""
        found = one(
            article="<Abstract><AbstractText Label='AIMS' NlmCategory='OBJECTIVE'>To <b>see</b>."
            "</AbstractText><AbstractText>Seen.</AbstractText><AbstractText/>"
            "<CopyrightInformation>(c) 2026 Nobody</CopyrightInformation></Abstract>"
        )
        assert found.abstract == (
            ("AIMS", "OBJECTIVE", "To see.", "To <b>see</b>."),
            ("", "", "Seen.", "Seen."),
        )
        assert found.copyright == "(c) 2026 Nobody"

    def test_another_abstract_is_not_the_abstract(self) -> None:
        """OtherAbstract/AbstractText is a translation or a lay summary."""
        found = one(
            citation="<OtherAbstract Type='plain-language-summary' Language='eng'>"
            "<AbstractText>In plain words.</AbstractText></OtherAbstract>"
        )
        assert found.abstract == ()
        (other,) = found.other_abstracts
        assert (other.kind, other.language, other.passages[0].text) == (
            "plain-language-summary",
            "eng",
            "In plain words.",
        )

    def test_the_original_title_is_kept_beside_the_translated(self) -> None:
        """Foreign titles come translated in brackets."""
        found = one(
            article="<ArticleTitle>[On mice].</ArticleTitle><Language>ger</Language><Language>eng</Language>"
            "<VernacularTitle>\u00dcber M\u00e4use.</VernacularTitle>"
        )
        assert (found.title, found.vernacular_title) == ("[On mice].", "\u00dcber M\u00e4use.")
        assert found.languages == ("ger", "eng")

    def test_a_conflict_of_interest_statement_is_text(self) -> None:
        """CoiStatement is mixed content, too."""
        assert one(citation="<CoiStatement><b>A.B.</b> has none.</CoiStatement>").coi == "A.B. has none."


@given(TEXT, st.sampled_from(["b", "i", "sub", "span", "script"]))
def test_html_is_always_well_formed_and_says_what_the_text_says(text: str, tag: str) -> None:
    """Any text in any markup: the HTML parses, has no other tags, and reads like the plain title."""
    title = element("ArticleTitle", {}, [text, element(tag, {}, [text, "<&>"]), text])
    found = one(article=etree.tostring(title, encoding="unicode"))
    shown = etree.fromstring(f"<p>{found.title_html}</p>")
    assert {each.tag for each in shown.iter()} <= {"p", "b", "i", "sub"}
    assert "".join("".join(map(str, shown.itertext())).split()) == "".join(found.title.split())
