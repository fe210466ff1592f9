"""Streams of PubMed XML: whole, damaged, truncated, endless. All records here are invented."""

import functools
import gzip
import io
import os
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from support.pubmed_xml import BOOK, element, page, record

from queries.errors import Incomplete
from queries.readers.pubmed_xml import deleted, parse, pieces
from queries.records.article import Article
from queries.records.harvest import Refusal


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
        monkeypatch.setattr("queries.readers.pubmed_xml._BLOCK", size)
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
            list(parse(stream))

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
        monkeypatch.setattr("queries.readers.pubmed_xml.LONGEST", 1 << 16)
        monkeypatch.setattr("queries.readers.pubmed_xml._BLOCK", 1 << 12)
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


# What may stand in what, by NLM's DTD; leaves are not listed. Markup and strangers may stand anywhere.
PERSON = (
    "LastName",
    "ForeName",
    "FirstName",
    "MiddleName",
    "Initials",
    "Suffix",
    "CollectiveName",
    "Identifier",
    "AffiliationInfo",
)
DAY = ("Year", "Month", "Day", "Season", "MedlineDate", "Hour", "Minute")
MODEL = {
    "PubmedArticle": ("MedlineCitation", "PubmedData"),
    "MedlineCitation": (
        "PMID", "DateCreated", "DateCompleted", "DateRevised", "Article", "MedlineJournalInfo",
        "ChemicalList", "SupplMeshList", "CommentsCorrectionsList", "GeneSymbolList", "MeshHeadingList",
        "OtherAbstract", "PersonalNameSubjectList", "KeywordList", "CoiStatement", "InvestigatorList",
        "CommentsCorrections", "DataBankList", "OtherID", "GeneralNote", "CitationSubset",
        "MedlineJournalInfo",
    ),
    "MedlineJournalInfo": ("ISSNLinking", "MedlineTA"),
    "Article": (
        "Journal", "ArticleTitle", "Pagination", "ELocationID", "Abstract", "AuthorList", "Language",
        "DataBankList", "GrantList", "PublicationTypeList", "VernacularTitle", "ArticleDate", "Affiliation",
    ),
    "PubmedData": ("History", "PublicationStatus", "ArticleIdList", "ReferenceList"),
    "PubmedBookArticle": ("BookDocument", "PubmedBookData"),
    "BookDocument": (
        "PMID", "ArticleIdList", "Book", "ArticleTitle", "Pagination", "Language", "AuthorList", "Abstract",
        "PublicationType", "KeywordList", "ContributionDate", "ReferenceList", "GrantList", "Sections",
    ),
    "PubmedBookData": ("History", "PublicationStatus", "ArticleIdList"),
    "Book": ("Publisher", "BookTitle", "PubDate", "AuthorList", "ELocationID", "Isbn"),
    "Journal": ("ISSN", "JournalIssue", "Title"), "JournalIssue": ("Volume", "Issue", "PubDate"),
    "Pagination": ("StartPage", "EndPage", "MedlinePgn"),
    "Abstract": ("AbstractText", "CopyrightInformation"),
    "OtherAbstract": ("AbstractText",), "AuthorList": ("Author",), "InvestigatorList": ("Investigator",),
    "Author": PERSON, "Investigator": PERSON, "AffiliationInfo": ("Affiliation", "Identifier"),
    "PubDate": DAY, "ArticleDate": DAY, "DateRevised": DAY, "DateCreated": DAY, "ContributionDate": DAY,
    "History": ("PubMedPubDate",), "PubMedPubDate": DAY, "MeshHeadingList": ("MeshHeading",),
    "MeshHeading": ("DescriptorName", "QualifierName"), "ChemicalList": ("Chemical",),
    "Chemical": ("RegistryNumber", "NameOfSubstance"), "KeywordList": ("Keyword",), "GrantList": ("Grant",),
    "Grant": ("GrantID", "Agency"), "DataBankList": ("DataBank",), "ArticleIdList": ("ArticleId",),
    "DataBank": ("DataBankName", "AccessionNumberList"), "AccessionNumberList": ("AccessionNumber",),
    "CommentsCorrectionsList": ("CommentsCorrections",),
    "CommentsCorrections": ("RefSource", "PMID", "Note", "RetractionIn"),
    "RetractionIn": ("RefSource", "PMID", "Note"), "Sections": ("Section",),
    "Section": ("LocationLabel", "SectionTitle"),
    "ReferenceList": ("Title", "Reference"), "Reference": ("Citation", "ArticleIdList"),
    "PublicationTypeList": ("PublicationType",), "Publisher": ("PublisherName",),
}  # fmt: skip
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(
    ["2026", "13", "0", "31", "-1", "\u0661\u0662", "9" * 30, "10.5555/x", "Jan", "1998 Dec-1999 Jan", " 7\n"]
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["UI", "ValidYN", "EIdType", "IdType", "Source", "PubStatus", "Label", "Version"]),
    st.sampled_from(["Y", "N", "doi", "pii", "pubmed", "ORCID", "entrez", "1"]) | TEXT,
    max_size=2,
)


@functools.cache
def trees(tag: str) -> st.SearchStrategy[etree._Element]:
    """Elements of that name, with anything in them that the DTD lets stand there, text in any place."""
    inner = [trees(name) for name in MODEL.get(tag, () if tag in "bx" else "bx")]
    content = st.lists(st.one_of(*inner, TEXT), max_size=4, min_size=min(2, len(MODEL.get(tag, ()))))
    if tag in ("MedlineCitation", "BookDocument"):  # else nearly all would be refused for having no PMID
        content = content.map(lambda rest: [element("PMID", {}, ["90000001"]), *rest])
    if tag in ("PubmedArticle", "PubmedBookArticle"):
        content = st.tuples(*[trees(name) for name in MODEL[tag]]).map(list) | content
    return st.builds(element, st.just(tag), ATTRIBUTES, content)


@given(st.lists(trees("PubmedArticle") | trees("PubmedBookArticle"), max_size=3))
@settings(max_examples=40, deadline=None)
def test_no_valid_page_raises(records: list[etree._Element]) -> None:
    """Whatever is said where in well-formed XML, each record is an Article or a named Refusal."""
    found = list(parse(etree.tostring(element("PubmedArticleSet", {}, records), encoding="utf-8")))
    assert len(found) == len(records)
    for each in found:
        assert each.reason if isinstance(each, Refusal) else each.pmid > 0 and hash(each) is not None


REAL = os.environ.get("SEEDWATCH_REAL_DATA", "")


@pytest.mark.skipif(not REAL, reason="SEEDWATCH_REAL_DATA is unset")
def test_every_real_record_is_read() -> None:
    """2,177 distinct PMIDs of eighty years; none is refused, none lacks what all have."""
    found = []
    for name in ("pubmed/pubmed_real.xml.gz", "cml/cml_assembled.xml.gz"):
        with gzip.open(Path(REAL) / name) as stream:
            found += list(parse(stream))
    assert [each for each in found if isinstance(each, Refusal)] == []
    articles = [each for each in found if isinstance(each, Article)]
    assert len({each.pmid for each in articles}) == 2177
    assert all(each.published and (each.journal.title or each.book) for each in articles)
    assert not set(string.ascii_uppercase) & set("".join(each.doi for each in articles))
