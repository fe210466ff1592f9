"""What PubMed's XML says is what an Article says, field by field. All records here are invented."""

from datetime import date

import pytest
from support.pubmed_xml import eastern, one, page, record

from queries.readers.pubmed_xml import parse
from queries.records.article import (
    Accession,
    Article,
    Author,
    Chemical,
    Grant,
    Institute,
    Issn,
    Keyword,
    Link,
    Milestone,
    Term,
)


def test_a_record_with_nothing_but_a_pmid_is_an_article_of_absences() -> None:
    """Absent text is "", an absent date None: nothing is invented."""
    assert one() == Article(pmid=90000001, status="MEDLINE", pub_model="Print")


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
        assert ada[:7] == (
            "de Vries", "Ada B", "AB", "Jr", "", "0000-0002-1825-009X", ("Inst of A.", "Inst of B.")
        )  # fmt: skip
        assert ada.institutes == (Institute(0, "GRID", "grid.1"),)
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
        """Entrez is CRDT, pubmed is EDAT, medline is MHDA; an impossible day is left out."""
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
        assert [each.status for each in found.history] == ["received", "entrez", "pubmed", "medline"]
        assert (found.history[0].partial, found.history[0].at) == ("2025-02", eastern(2025, 2, 1))
        assert found.publication_status == "ppublish"

    def test_a_history_with_only_a_year_is_kept_and_is_no_day_of_the_record(self) -> None:
        """What is not known to the day must not pass for the day of creation."""
        found = one(
            citation="<DateCreated><Year>2001</Year><Month>02</Month><Day>03</Day></DateCreated>",
            data="<History><PubMedPubDate PubStatus='entrez'><Year>2001</Year></PubMedPubDate>"
            "<PubMedPubDate PubStatus='pubmed'><Month>1</Month></PubMedPubDate></History>",
        )
        assert found.history == (Milestone("entrez", eastern(2001, 1, 1), "2001"),)
        assert (found.created, found.entered) == (eastern(2001, 2, 3), None)

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
            "</ISOAbbreviation></Journal><Pagination><StartPage>5</StartPage><EndPage>9</EndPage>"
            "</Pagination>",
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
        assert found.issns == (Issn("Print", "2222-2222"), Issn("Linking", "1111-1111"))

    def test_a_heading_is_major_by_descriptor_or_qualifier(self) -> None:
        """NLM stars either."""
        found = one(
            citation="<MeshHeadingList><MeshHeading><DescriptorName UI='D1' MajorTopicYN='N'>Mice"
            "</DescriptorName><QualifierName UI='Q1' MajorTopicYN='Y'>blood</QualifierName></MeshHeading>"
            "<MeshHeading><DescriptorName UI='D2' MajorTopicYN='Y'>Cells</DescriptorName></MeshHeading>"
            "<MeshHeading><DescriptorName UI='D3' MajorTopicYN='N'>Humans</DescriptorName></MeshHeading>"
            "<MeshHeading><DescriptorName UI='D4' MajorTopicYN='Y'>Rats</DescriptorName>"
            "<QualifierName UI='Q1' MajorTopicYN='Y'>blood</QualifierName></MeshHeading></MeshHeadingList>"
        )
        assert found.mesh == (
            ("D1", "Mice", True, (("Q1", "blood", True),), False),
            ("D2", "Cells", True, (), False),
            ("D3", "Humans", False, (), False),
            ("D4", "Rats", True, (("Q1", "blood", True),), True),
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
