"""Books, and what NLM's older DTDs had in other places. All records here are invented."""

from dataclasses import replace

from support.pubmed_xml import BOOK, eastern, one, page

from queries.library.rows import changes, decode, encode
from queries.readers.pubmed_xml import parse
from queries.records.article import (
    Article,
    Issn,
    Link,
    Note,
    Term,
)
from queries.updates import is_retracted


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
        assert found.book is not None
        assert found.book[:4] == ("The Book", "Press", "9780000000000", "NBK1")
        assert found.other_ids == ()
        assert found.created == eastern(2026, 6, 1)
        assert found.publication_types == (Term("D016454", "Review"),)

    def test_a_whole_book_is_told_by_its_title_and_its_authors_not_its_editors(self) -> None:
        """Without a chapter the book is the article."""
        (found,) = parse(page(BOOK.replace("CHAPTER", "")))
        assert isinstance(found, Article)
        assert (found.title, found.published) == ("The Book", "2020")
        assert [each.last for each in found.authors] == ["Writer"]
        assert found.book is not None
        assert [each.last for each in found.book.editors] == ["Editor"]

    def test_a_book_has_editors_sections_and_numbers(self) -> None:
        """Editors of chapter and book, each once; sections in their order, with their depth."""
        chapter = (
            "<LocationLabel>Chapter 5</LocationLabel><AuthorList Type='editors'><Author><LastName>Second"
            "</LastName></Author><Author><LastName>Editor</LastName></Author></AuthorList><Sections><Section>"
            "<LocationLabel>1</LocationLabel><SectionTitle>One</SectionTitle><Section><SectionTitle>In <i>it"
            "</i></SectionTitle></Section></Section><Section><SectionTitle>Two</SectionTitle></Section>"
            "</Sections>"
        )
        raw = BOOK.replace("CHAPTER", chapter).replace(
            "<Isbn>",
            "<BeginningDate><Year>2002</Year><Season>Summer</Season></BeginningDate><CollectionTitle>All"
            "</CollectionTitle><Edition>2nd</Edition><ReportNumber>No. 12</ReportNumber><Isbn>111</Isbn>"
            "<Isbn>",
        )
        (found,) = parse(page(raw))
        assert isinstance(found, Article)
        book = found.book
        assert book is not None
        assert [each.last for each in book.editors] == ["Second", "Editor"]
        assert book.sections == (("1", "One", 0), ("", "In it", 1), ("", "Two", 0))
        assert (book.isbn, book.isbns) == ("111", ("111", "9780000000000"))
        assert book[8:] == ("All", "2nd", "", "No. 12", "Chapter 5", "2002 Summer")


class TestOldFiles:
    """What NLM's DTDs of 2001 to 2014 had in other places."""

    def test_a_first_and_a_middle_name_are_the_fore_name(self) -> None:
        """ForeName came for both in 2002."""
        found = one(
            article="<AuthorList><Author><LastName>Doe</LastName><FirstName>Jane</FirstName><MiddleName>Ann"
            "</MiddleName></Author><Author><LastName>Roe</LastName><FirstName>R</FirstName></Author>"
            "</AuthorList>"
        )
        assert [(each.last, each.fore) for each in found.authors] == [("Doe", "Jane Ann"), ("Roe", "R")]

    def test_links_stand_without_a_list_and_a_type(self) -> None:
        """A retraction is one whatever it is written in."""
        found = one(
            citation="<CommentsCorrections><CommentIn><RefSource>J Inv. 2001;1:2</RefSource>"
            "<PMID>90000008</PMID>"
            "</CommentIn><RetractionIn><RefSource>J Inv. 2002;3:4</RefSource><PMID>90000009</PMID><Note>all"
            "</Note></RetractionIn></CommentsCorrections>"
        )
        assert found.links == (
            Link("CommentIn", 90000008, "J Inv. 2001;1:2", ""),
            Link("RetractionIn", 90000009, "J Inv. 2002;3:4", "all"),
        )
        assert is_retracted(found)

    def test_a_retracted_publication_had_no_ui(self) -> None:
        """Publication types got theirs in 2014."""
        types = "<PublicationTypeList><PublicationType>{}</PublicationType></PublicationTypeList>"
        assert is_retracted(one(article=types.format("Retracted Publication")))
        assert not is_retracted(one(article=types.format("Retraction of Publication")))

    def test_data_banks_stand_beside_the_article(self) -> None:
        """And within it, too."""
        bank = (
            "<DataBankList><DataBank><DataBankName>GENBANK</DataBankName><AccessionNumberList>"
            "<AccessionNumber>"
            "{}</AccessionNumber></AccessionNumberList></DataBank></DataBankList>"
        )
        found = one(article=bank.format("A1"), citation=bank.format("B2"))
        assert [each.number for each in found.accessions] == ["A1", "B2"]

    def test_other_ids_and_notes_are_kept_and_one_is_a_pmcid(self) -> None:
        """OtherID was what ArticleId is; a PMCID may stand there alone, with the day it opens."""
        found = one(
            citation="<CitationSubset>IM</CitationSubset><OtherID Source='NLM'>PMC77 [Available on 01/01/06]"
            "</OtherID><OtherID Source='PIP'>1234</OtherID><GeneralNote Owner='PIP'>TJ: JOURNAL"
            "</GeneralNote>",
            data="<ArticleIdList><ArticleId IdType='pubmed'>90000001</ArticleId><ArticleId IdType='doi'>"
            "10.5555/a</ArticleId><ArticleId IdType='mid'>NIHMS1</ArticleId></ArticleIdList>",
        )
        assert (found.pmcid, found.doi, found.subsets) == ("PMC77", "10.5555/a", ("IM",))
        assert [each.number for each in found.other_ids] == [
            "NIHMS1",
            "PMC77 [Available on 01/01/06]",
            "1234",
        ]
        assert found.notes == (Note("PIP", "TJ: JOURNAL"),)


def test_what_an_older_version_stored_still_reads_and_is_no_news() -> None:
    """Fields of its day, NamedTuples as arrays: reading more of the same record is no change of it."""
    stored = (
        '{"pmid":90000001,"title":"T","authors":[["Doe","Jane","J","","","",["Inst."],true]],'
        '"journal":["Journal","J","2222-2222","1","7","2","Nowhere"],"mesh":[["D1","Mice",true,[["Q1","blood",'
        'true]]]],"history":[["entrez","2026-06-01T05:43:00"]]}'
    )
    before = decode(stored)
    assert (before.authors[0].institutes, before.mesh[0].both, before.history[0].partial) == ((), False, "")
    after = replace(before, issns=(Issn("Linking", "1111-1111"),), subsets=("IM",))
    assert changes(before, after)[0] == []
    assert changes(after, replace(after, subsets=("AIM",)))[0] == ["subsets"]
    assert decode(encode(after)) == after
