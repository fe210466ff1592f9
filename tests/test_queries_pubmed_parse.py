"""What PubMed's XML says is what an Article says. All records here are invented."""

import gzip
import io
import os
import string
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from queries.errors import Incomplete
from queries.pubmed.parse import deleted, parse, pieces, read
from queries.records import Accession, Article, Author, Chemical, Grant, Keyword, Link, Refusal, Term

MATH = 'xmlns:mml="http://www.w3.org/1998/Math/MathML"'


def eastern(*parts: int) -> datetime:
    """A moment of PubMed's own clock."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - naive, as records.py says


def record(citation: str = "", article: str = "", data: str = "", pmid: int = 90000001) -> str:
    """A PubmedArticle; `citation`, `article` and `data` are put inside the elements so named."""
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>'
        f'<Article PubModel="Print">{article}</Article>{citation}</MedlineCitation>'
        f"<PubmedData>{data}</PubmedData></PubmedArticle>"
    )


def page(*records: str) -> bytes:
    """A whole EFetch answer."""
    head = (
        '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January '
        '2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
    )
    return (head + "\n".join(records) + "\n</PubmedArticleSet>").encode()


def one(citation: str = "", article: str = "", data: str = "") -> Article:
    """The Article of a page with one record."""
    (article_read,) = parse(page(record(citation, article, data)))
    assert isinstance(article_read, Article), article_read
    return article_read


def test_a_record_with_nothing_but_a_pmid_is_an_article_of_absences() -> None:
    """Absent text is "", an absent date None: nothing is invented."""
    assert one() == Article(pmid=90000001, status="MEDLINE", pub_model="Print")


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


class TestIds:
    """PMID, DOI, PMCID and their impostors."""

    def test_the_first_pmid_of_the_citation_counts(self) -> None:
        """Some records carry two; the second is another record's."""
        raw = page(record()).replace(b"</PMID>", b'</PMID><PMID Version="2">90000002</PMID>')
        (found,) = parse(raw)
        assert isinstance(found, Article)
        assert (found.pmid, found.version) == (90000001, 1)

    def test_a_pmid_of_a_comment_is_not_the_articles(self) -> None:
        """CommentsCorrections/PMID points elsewhere, and may be absent."""
        found = one(
            citation="<CommentsCorrectionsList><CommentsCorrections RefType='RetractionIn'>"
            "<RefSource>J Inv. 2026;1:2</RefSource><PMID Version='1'>90000009</PMID><Note>by all</Note>"
            "</CommentsCorrections><CommentsCorrections RefType='ErratumIn'><RefSource>ibid</RefSource>"
            "</CommentsCorrections></CommentsCorrectionsList>"
        )
        assert found.pmid == 90000001
        assert found.links == (
            Link("RetractionIn", 90000009, "J Inv. 2026;1:2", "by all"),
            Link("ErratumIn", None, "ibid", ""),
        )

    def test_a_cited_works_doi_is_not_the_articles(self) -> None:
        """ReferenceList has ArticleIdLists of the same shape; lists nest and have titles."""
        found = one(
            data="<ReferenceList><Title>References</Title><Reference><Citation>A <i>b</i>. 2020</Citation>"
            "<ArticleIdList><ArticleId IdType='doi'>10.5555/CITED</ArticleId><ArticleId IdType='pubmed'>"
            "90000003</ArticleId><ArticleId IdType='pmc'>PMC77</ArticleId></ArticleIdList></Reference>"
            "<ReferenceList><Reference><Citation>C</Citation></Reference></ReferenceList></ReferenceList>"
        )
        assert (found.doi, found.pmcid) == ("", "")
        assert found.references == (("A b. 2020", 90000003, "10.5555/cited", "PMC77"), ("C", None, "", ""))

    def test_an_invalid_doi_gives_way(self) -> None:
        """ELocationID ValidYN=N was withdrawn; PubmedData's own list is next."""
        places = (
            "<ELocationID EIdType='doi' ValidYN='N'>10.5555/wrong</ELocationID>"
            "<ELocationID EIdType='pii' ValidYN='Y'>S1-2</ELocationID>"
        )
        ids = (
            "<ArticleIdList><ArticleId IdType='pubmed'>90000001</ArticleId><ArticleId IdType='doi'>"
            "10.5555/RIGHT.</ArticleId><ArticleId IdType='pmc'>PMC12</ArticleId></ArticleIdList>"
        )
        found = one(article=places, data=ids)
        assert (found.doi, found.pii, found.pmcid) == ("10.5555/right", "S1-2", "PMC12")
        valid = one(article=places + "<ELocationID EIdType='doi'>10.5555/New</ELocationID>", data=ids)
        assert valid.doi == "10.5555/new"


class TestPeople:
    """Authors, groups, investigators."""

    def test_an_author_has_name_orcid_and_affiliations(self) -> None:
        """The institute's identifier is not the author's; ORCIDs are written in many ways."""
        found = one(
            article="<AuthorList CompleteYN='N'><Author ValidYN='Y'><LastName>de  Vries</LastName>"
            "<ForeName>Ada B</ForeName><Initials>AB</Initials><Suffix>Jr</Suffix>"
            "<Identifier Source='ORCID'>https://orcid.org/000000021825009x</Identifier>"
            "<AffiliationInfo><Affiliation>Inst <i>of</i> A.</Affiliation>"
            "<Identifier Source='GRID'>grid.1</Identifier></AffiliationInfo>"
            "<AffiliationInfo><Affiliation>Inst of B.</Affiliation></AffiliationInfo></Author>"
            "<Author ValidYN='N'><LastName>Ghost</LastName></Author>"
            "<Author><CollectiveName>The <b>Trial</b> Group</CollectiveName></Author></AuthorList>"
        )
        ada, ghost, group = found.authors
        assert ada == Author(
            "de Vries", "Ada B", "AB", "Jr", "", "0000-0002-1825-009X", ("Inst of A.", "Inst of B.")
        )
        assert (ghost.last, ghost.valid) == ("Ghost", False)
        assert group == Author(collective="The Trial Group")
        assert not found.authors_complete

    def test_an_old_affiliation_is_the_first_authors(self) -> None:
        """Before 2014 an article had one Affiliation, outside the authors."""
        found = one(
            article="<Affiliation>Old Inst.</Affiliation><AuthorList><Author><LastName>A</LastName></Author>"
            "<Author><LastName>B</LastName></Author></AuthorList>"
        )
        assert [each.affiliations for each in found.authors] == [("Old Inst.",), ()]

    def test_investigators_and_subjects_are_no_authors(self) -> None:
        """They have lists of their own."""
        found = one(
            citation="<PersonalNameSubjectList><PersonalNameSubject><LastName>Subject</LastName>"
            "</PersonalNameSubject></PersonalNameSubjectList><InvestigatorList><Investigator>"
            "<LastName>Inv</LastName></Investigator></InvestigatorList>"
        )
        assert found.authors == ()
        assert [each.last for each in found.investigators + found.subjects] == ["Inv", "Subject"]


class TestDates:
    """Partial publication dates, whole record dates, Eastern moments."""

    @pytest.mark.parametrize(
        ("said", "published", "printed"),
        [
            ("<Year>2026</Year><Month>Nov</Month><Day>5</Day>", "2026-11-05", "2026 Nov 5"),
            ("<Year>2026</Year><Month>11</Month>", "2026-11", "2026 11"),
            ("<Year>2026</Year><Season>Spring</Season>", "2026", "2026 Spring"),
            ("<Year>2026</Year><Month>Feb</Month><Day>30</Day>", "2026-02", "2026 Feb 30"),
            ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998-12", "1998 Dec-1999 Jan"),
            ("<MedlineDate>2000 Spring</MedlineDate>", "2000", "2000 Spring"),
            ("<MedlineDate>2000 Jul-Aug</MedlineDate>", "2000-07", "2000 Jul-Aug"),
            ("<MedlineDate>1999 Dec 24-31</MedlineDate>", "1999-12-24", "1999 Dec 24-31"),
            ("<MedlineDate>2015 Nov-Dec 3</MedlineDate>", "2015-11", "2015 Nov-Dec 3"),
            ("<MedlineDate>1976-1977</MedlineDate>", "1976", "1976-1977"),
            ("<MedlineDate>Spring 1999</MedlineDate>", "1999", "Spring 1999"),
            ("<MedlineDate>undated</MedlineDate>", "", "undated"),
            ("<Year>20</Year>", "", "20"),
            ("", "", ""),
        ],
    )
    def test_a_publication_date_is_as_precise_as_it_was_printed(
        self, said: str, published: str, printed: str
    ) -> None:
        """Nothing is added, an impossible part is dropped, of a span the first day counts."""
        found = one(
            article=f"<Journal><JournalIssue><PubDate>{said}</PubDate></JournalIssue></Journal>"
            "<ArticleDate DateType='Electronic'><Year>2026</Year><Month>07</Month></ArticleDate>"
        )
        assert (found.published, found.published_text) == (published, printed)
        assert found.electronic == "2026-07"

    def test_the_history_gives_created_entered_and_indexed(self) -> None:
        """Entrez is CRDT, pubmed is EDAT, medline is MHDA; an impossible entry is left out."""
        found = one(
            data="<History>"
            "<PubMedPubDate PubStatus='received'><Year>2025</Year><Month>2</Month><Day>30</Day>"
            "</PubMedPubDate>"
            "<PubMedPubDate PubStatus='entrez'><Year>2026</Year><Month>6</Month><Day>1</Day><Hour>5</Hour>"
            "<Minute>43</Minute></PubMedPubDate>"
            "<PubMedPubDate PubStatus='pubmed'><Year>2026</Year><Month>6</Month><Day>2</Day></PubMedPubDate>"
            "<PubMedPubDate PubStatus='medline'><Year>2026</Year><Month>6</Month><Day>3</Day><Hour>99</Hour>"
            "</PubMedPubDate></History><PublicationStatus>ppublish</PublicationStatus>"
        )
        assert found.created == eastern(2026, 6, 1, 5, 43)
        assert found.entered == eastern(2026, 6, 2)
        assert found.indexed == eastern(2026, 6, 3)
        assert [each.status for each in found.history] == ["entrez", "pubmed", "medline"]
        assert found.publication_status == "ppublish"

    def test_the_days_of_the_record(self) -> None:
        """DateRevised without a day is the month's first; DateCreated stands in for no History."""
        found = one(
            citation="<DateCreated><Year>2001</Year><Month>02</Month><Day>03</Day></DateCreated>"
            "<DateCompleted><Year>2001</Year><Month>03</Month><Day>04</Day></DateCompleted>"
            "<DateRevised><Year>2020</Year><Month>05</Month></DateRevised>"
        )
        assert found.created == eastern(2001, 2, 3)
        assert (found.completed, found.revised) == (date(2001, 3, 4), date(2020, 5, 1))


class TestIndexing:
    """Journal, MeSH, substances, keywords, types, banks, grants."""

    def test_the_journal_and_the_pages(self) -> None:
        """NLM's abbreviation is preferred to ISO's, the journal's ISSN to the linking one."""
        found = one(
            citation="<MedlineJournalInfo><Country>Nowhere</Country><MedlineTA>J Inv</MedlineTA>"
            "<NlmUniqueID>0000001</NlmUniqueID><ISSNLinking>1111-1111</ISSNLinking></MedlineJournalInfo>",
            article="<Journal><ISSN IssnType='Print'>2222-2222</ISSN><JournalIssue><Volume>7</Volume>"
            "<Issue>2</Issue></JournalIssue><Title>Journal of inventions</Title><ISOAbbreviation>J. Inv."
            "</ISOAbbreviation></Journal><Pagination><StartPage>5</StartPage><EndPage>9</EndPage></Pagination>",
        )
        assert found.journal == (
            "Journal of inventions",
            "J Inv",
            "2222-2222",
            "0000001",
            "7",
            "2",
            "Nowhere",
        )
        assert found.pages == "5-9"

    def test_a_heading_is_major_by_descriptor_or_qualifier(self) -> None:
        """NLM stars either."""
        found = one(
            citation="<MeshHeadingList><MeshHeading><DescriptorName UI='D1' MajorTopicYN='N'>Mice"
            "</DescriptorName><QualifierName UI='Q1' MajorTopicYN='Y'>blood</QualifierName></MeshHeading>"
            "<MeshHeading><DescriptorName UI='D2' MajorTopicYN='Y'>Cells</DescriptorName></MeshHeading>"
            "<MeshHeading><DescriptorName UI='D3' MajorTopicYN='N'>Humans</DescriptorName></MeshHeading>"
            "</MeshHeadingList>"
        )
        assert found.mesh == (
            ("D1", "Mice", True, (("Q1", "blood", True),)),
            ("D2", "Cells", True, ()),
            ("D3", "Humans", False, ()),
        )

    def test_terms_of_every_other_list(self) -> None:
        """Each list of the citation has its place; repeated grants are one."""
        grant = "<Grant><GrantID>G1</GrantID><Agency>Fund</Agency><Country>Nowhere</Country></Grant>"
        found = one(
            citation="<ChemicalList><Chemical><RegistryNumber>0</RegistryNumber><NameOfSubstance UI='D9'>"
            "Subst</NameOfSubstance></Chemical></ChemicalList><SupplMeshList><SupplMeshName UI='C1'>Rare"
            "</SupplMeshName></SupplMeshList><GeneSymbolList><GeneSymbol>abc</GeneSymbol></GeneSymbolList>"
            "<KeywordList Owner='NOTNLM'><Keyword MajorTopicYN='Y'>niche</Keyword><Keyword/></KeywordList>"
            "<KeywordList Owner='NASA'><Keyword>space</Keyword></KeywordList>",
            article="<PublicationTypeList><PublicationType UI='D016428'>Journal Article</PublicationType>"
            "</PublicationTypeList><DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName>"
            "<AccessionNumberList><AccessionNumber>NCT00000001</AccessionNumber></AccessionNumberList>"
            f"</DataBank></DataBankList><GrantList>{grant}{grant}</GrantList>",
        )
        assert found.chemicals == (Chemical("0", "D9", "Subst"),)
        assert found.supplementary == (Term("C1", "Rare"),)
        assert found.genes == ("abc",)
        assert found.keywords == (Keyword("niche", "NOTNLM", True), Keyword("space", "NASA", False))
        assert found.publication_types == (Term("D016428", "Journal Article"),)
        assert found.accessions == (Accession("ClinicalTrials.gov", "NCT00000001"),)
        assert found.grants == (Grant("G1", "", "Fund", "Nowhere"),)

    def test_what_is_new_in_the_format_is_passed_over(self) -> None:
        """An element or attribute that no DTD knows yet costs nothing."""
        raw = record(article="<ArticleTitle new='1'>T</ArticleTitle><Novel><PMID>1</PMID></Novel>")
        (found,) = parse(page(raw.replace("<PubmedData>", "<Novelty/><PubmedData><New>x</New>")))
        assert isinstance(found, Article)
        assert (found.pmid, found.title) == (90000001, "T")


BOOK = """<PubmedBookArticle><BookDocument><PMID Version="3">90000050</PMID><ArticleIdList>
<ArticleId IdType="bookaccession">NBK1</ArticleId><ArticleId IdType="doi">10.5555/Chap</ArticleId>
</ArticleIdList><Book><Publisher><PublisherName>Press</PublisherName></Publisher>
<BookTitle book="b">The Book</BookTitle><PubDate><Year>2020</Year></PubDate>
<AuthorList Type="editors"><Author><LastName>Editor</LastName></Author></AuthorList>
<AuthorList Type="authors"><Author><LastName>Writer</LastName></Author></AuthorList>
<Isbn>9780000000000</Isbn></Book>CHAPTER<Language>eng</Language>
<PublicationType UI="D016454">Review</PublicationType>
<Abstract><AbstractText>About.</AbstractText></Abstract></BookDocument><PubmedBookData><History>
<PubMedPubDate PubStatus="entrez"><Year>2026</Year><Month>6</Month><Day>1</Day></PubMedPubDate></History>
<ArticleIdList><ArticleId IdType="pubmed">90000050</ArticleId></ArticleIdList></PubmedBookData>
</PubmedBookArticle>"""


class TestBooks:
    """PubmedBookArticle has no MedlineCitation and no journal."""

    def test_a_chapter_has_its_own_title_authors_and_date(self) -> None:
        """The book is told beside it."""
        chapter = (
            "<ArticleTitle>The <i>Chapter</i></ArticleTitle><AuthorList Type='authors'><Author><LastName>Own"
            "</LastName></Author></AuthorList><ContributionDate><Year>2024</Year><Month>3</Month>"
            "</ContributionDate>"
        )
        (found,) = parse(page(BOOK.replace("CHAPTER", chapter)))
        assert isinstance(found, Article)
        assert (found.pmid, found.version, found.doi) == (90000050, 3, "10.5555/chap")
        assert (found.title_html, found.published) == ("The <i>Chapter</i>", "2024-03")
        assert [each.last for each in found.authors] == ["Own"]
        assert found.book == ("The Book", "Press", "9780000000000")
        assert found.created == eastern(2026, 6, 1)
        assert found.publication_types == (Term("D016454", "Review"),)

    def test_a_whole_book_is_told_by_its_title_and_its_authors_not_its_editors(self) -> None:
        """Without a chapter the book is the article."""
        (found,) = parse(page(BOOK.replace("CHAPTER", "")))
        assert isinstance(found, Article)
        assert (found.title, found.published) == ("The Book", "2020")
        assert [each.last for each in found.authors] == ["Writer"]


class TestStreams:
    """Whole pages, damaged pages, endless pages."""

    def test_a_bad_record_costs_only_itself(self) -> None:
        """Bad XML, an entity nobody defined, no PMID, no citation: each is named, its neighbours live."""
        good, last = record(pmid=90000011), record(pmid=90000019)
        bad = [
            record(pmid=90000012).replace("</Article>", "</Artikel>"),
            record(pmid=90000013, article="<ArticleTitle>&nbsp;</ArticleTitle>"),
            record().replace(">90000001<", "><"),
            record().replace(">90000001<", ">12-4<"),
            "<PubmedArticle><PubmedData/></PubmedArticle>",
            record(pmid=90000014).replace("</PubmedData></PubmedArticle>", ""),
            record(pmid=90000015).replace("</PubmedArticle>", ""),
        ]
        found = list(parse(page(good, *bad, BOOK.replace("CHAPTER", ""), last)))
        assert [each.pmid for each in found] == [
            90000011, 90000012, 90000013, None, None, None, 90000014, 90000015, 90000050, 90000019,
        ]  # fmt: skip
        assert [isinstance(each, Refusal) for each in found] == [False] + [True] * 7 + [False] * 2
        assert all(each.reason for each in found if isinstance(each, Refusal))

    def test_an_unclosed_last_record_does_not_swallow_the_end(self) -> None:
        """The set's closing tag ends it."""
        (found,) = parse(page(record().replace("</PubmedArticle>", "")))
        assert isinstance(found, Refusal)

    def test_entities_are_never_expanded(self) -> None:
        """A billion laughs, or a file of the machine, cannot be told."""
        head = b'<!DOCTYPE x [<!ENTITY e "boo"><!ENTITY f SYSTEM "file:///etc/passwd">]><PubmedArticleSet>'
        body = record(article="<ArticleTitle>a&e;&f;</ArticleTitle>").encode()
        (found,) = parse(head + body + b"</PubmedArticleSet>")
        assert isinstance(found, Refusal)

    @pytest.mark.parametrize("size", [1, 7, 100, 1 << 20])
    def test_the_size_of_the_blocks_makes_no_difference(
        self, size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A tag cut in two by a block's end is still a tag."""
        monkeypatch.setattr("queries.pubmed.parse._BLOCK", size)
        gone = "<DeleteCitation><PMID Version='1'>90000077</PMID></DeleteCitation>"
        raw = page(*(record(pmid=90000001 + n) for n in range(4)), BOOK, gone)
        assert [each.pmid for each in parse(raw)] == [90000001, 90000002, 90000003, 90000004, 90000050]
        assert list(deleted(io.BytesIO(raw))) == [90000077]

    def test_a_truncated_page_yields_what_was_complete_and_then_says_so(self) -> None:
        """Wherever it is cut; unless the caller asked for what there is."""
        raw = page(record(pmid=90000001), record(pmid=90000002))
        for cut in range(raw.index(b"<PubmedArticleSet>") + 18, raw.index(b"</PubmedArticleSet>") + 18):
            stream = parse(raw[:cut])
            found: list[int | None] = []
            with pytest.raises(Incomplete):
                found.extend(each.pmid for each in stream)
            assert len(found) == raw[:cut].count(b"</PubmedArticle>")
            assert found == [each.pmid for each in parse(raw[:cut], partial=True)]

    def test_a_truncated_gzip_is_incomplete(self) -> None:
        """An interrupted download must not look like a short one."""
        packed = gzip.compress(page(*(record(pmid=90000001 + n) for n in range(50))))
        with pytest.raises(Incomplete), gzip.open(io.BytesIO(packed[:-40])) as stream:
            list(parse(stream))  # type: ignore[arg-type]  # GzipFile is a BinaryIO in all but name

    @pytest.mark.parametrize("raw", [b"", b"<html><body>Sorry</body></html>", b'<?xml version="1.0" ?>\n'])
    def test_what_is_not_pubmed_xml_is_an_error(self, raw: bytes) -> None:
        """An HTML page of an outage is never "0 articles"."""
        with pytest.raises(Incomplete, match="no PubmedArticleSet"):
            list(parse(raw))

    @pytest.mark.parametrize("raw", [b"<PubmedArticleSet></PubmedArticleSet>", b"<PubmedArticleSet/>"])
    def test_an_empty_set_is_empty(self, raw: bytes) -> None:
        """PubMed sends it where every id is unknown."""
        assert list(parse(raw)) == []

    def test_two_answers_behind_each_other_are_read_as_one(self) -> None:
        """As people save batches into one file."""
        both = page(record(pmid=90000001)) + b"\n" + page(record(pmid=90000002))
        assert [each.pmid for each in parse(both)] == [90000001, 90000002]
        with pytest.raises(Incomplete):
            list(parse(both[:-10]))

    def test_a_record_that_never_ends_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Memory has an end where a stream has none."""
        monkeypatch.setattr("queries.pubmed.parse._LONGEST", 1 << 16)
        monkeypatch.setattr("queries.pubmed.parse._BLOCK", 1 << 12)
        raw = b"<PubmedArticleSet><PubmedArticle>" + b"<x>endless</x>" * 20_000
        found = list(parse(raw, partial=True))
        assert found
        assert all(isinstance(each, Refusal) for each in found)

    def test_pieces_are_the_records_bytes(self) -> None:
        """The mirror serves them again, letter by letter."""
        records = [
            record(pmid=90000001),
            BOOK,
            record(pmid=90000002, article="<ArticleTitle>\u00e4 </ArticleTitle>"),
        ]
        assert [each.decode() for each in pieces(page(*records))] == records


# A page that NLM's DTD would accept in shape, with any text in any place.
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
TAGS = [
    "Journal", "JournalIssue", "PubDate", "Year", "Month", "Day", "Season", "MedlineDate", "Volume",
    "Title", "ArticleTitle", "Pagination", "MedlinePgn", "StartPage", "Abstract", "AbstractText",
    "AuthorList", "Author", "LastName", "Identifier", "AffiliationInfo", "Affiliation", "ELocationID",
    "ArticleDate", "DateRevised", "DateCompleted", "DateCreated", "MeshHeadingList", "MeshHeading",
    "DescriptorName", "QualifierName", "ChemicalList", "Chemical", "KeywordList", "Keyword", "GrantList",
    "Grant", "DataBankList", "DataBank", "CommentsCorrectionsList", "CommentsCorrections", "PMID",
    "History", "PubMedPubDate", "Hour", "Minute", "ReferenceList", "Reference", "Citation",
    "ArticleIdList", "ArticleId", "OtherAbstract", "InvestigatorList", "Investigator",
    "PublicationTypeList", "PublicationType", "GeneSymbolList", "GeneSymbol", "MedlineCitation",
    "PubmedData", "i", "sub", "b", "Book", "BookDocument",
]  # fmt: skip
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        ["UI", "ValidYN", "EIdType", "IdType", "Source", "PubStatus", "Label", "Owner", "Version"]
    ),
    st.sampled_from(["Y", "N", "doi", "pii", "ORCID", "entrez", "1", ""]) | TEXT,
    max_size=2,
)


def _element(tag: str, attributes: dict[str, str], content: list[Any]) -> etree._Element:
    element = etree.Element(tag, attributes)
    for each in content:
        if isinstance(each, str):
            if len(element):
                element[-1].tail = (element[-1].tail or "") + each
            else:
                element.text = (element.text or "") + each
        else:
            element.append(each)
    return element


NUMBERS = st.sampled_from(["2026", "13", "0", "31", "-1", "\u0661\u0662", "9" * 30, "10.5555/x", "Jan"])
TREES = st.recursive(
    st.builds(_element, st.sampled_from(TAGS), ATTRIBUTES, st.lists(TEXT | NUMBERS, max_size=1)),
    lambda inner: st.builds(
        _element, st.sampled_from(TAGS), ATTRIBUTES, st.lists(inner | TEXT | NUMBERS, max_size=5)
    ),
    max_leaves=30,
)


@given(
    st.lists(st.tuples(st.sampled_from(["PubmedArticle", "PubmedBookArticle"]), st.lists(TREES, max_size=4)))
)
def test_no_valid_page_raises(records: list[tuple[str, list[etree._Element]]]) -> None:
    """Whatever stands where in well-formed XML, each record is an Article or a named Refusal."""
    root = etree.Element("PubmedArticleSet")
    for tag, children in records:
        root.append(_element(tag, {}, [_wrapped(tag, children)]))
    found = list(parse(etree.tostring(root, encoding="utf-8")))
    assert len(found) == len(records)
    for each in found:
        assert isinstance(each, Refusal) or (each.pmid > 0 and hash(each) is not None)


def _wrapped(tag: str, children: list[etree._Element]) -> etree._Element:
    pmid = _element("PMID", {}, ["90000001"])
    if tag == "PubmedBookArticle":
        return _element("BookDocument", {}, [pmid, *children])
    return _element("MedlineCitation", {}, [pmid, _element("Article", {}, children), *children])


@given(TEXT, st.sampled_from(["b", "i", "sub", "span", "script"]))
def test_html_is_always_well_formed_and_says_what_the_text_says(text: str, tag: str) -> None:
    """Any text in any markup: the HTML parses, has no other tags, and reads like the plain title."""
    title = _element("ArticleTitle", {}, [text, _element(tag, {}, [text, "<&>"]), text])
    found = one(article=etree.tostring(title, encoding="unicode"))
    shown = etree.fromstring(f"<p>{found.title_html}</p>")
    assert {each.tag for each in shown.iter()} <= {"p", "b", "i", "sub"}
    assert "".join("".join(map(str, shown.itertext())).split()) == "".join(found.title.split())


REAL = os.environ.get("SEEDWATCH_REAL_DATA", "")


@pytest.mark.skipif(not REAL, reason="SEEDWATCH_REAL_DATA is unset")
def test_every_real_record_is_read() -> None:
    """2,177 distinct PMIDs of eighty years; none is refused, none lacks what all have."""
    found = []
    for name in ("pubmed/pubmed_real.xml.gz", "cml/cml_assembled.xml.gz"):
        with gzip.open(Path(REAL) / name) as stream:
            found += list(parse(stream))  # type: ignore[arg-type]  # GzipFile is a BinaryIO in all but name
    assert [each for each in found if isinstance(each, Refusal)] == []
    articles = [each for each in found if isinstance(each, Article)]
    assert len({each.pmid for each in articles}) == 2177
    assert all(each.published and (each.journal.title or each.book) for each in articles)
    assert not set(string.ascii_uppercase) & set("".join(each.doi for each in articles))
