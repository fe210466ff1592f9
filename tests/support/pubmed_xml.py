"""Invented PubMed XML: records, pages of records, and the Article of a page with one."""

from datetime import datetime
from typing import Any

from lxml import etree

from queries.readers.pubmed_xml import parse
from queries.records.article import Article

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


def element(tag: str, attributes: dict[str, str], content: list[Any]) -> etree._Element:
    """An element; text among `content` stands where it stands."""
    made = etree.Element(tag, attributes)
    for each in content:
        if isinstance(each, str):
            if len(made):
                made[-1].tail = (made[-1].tail or "") + each
            else:
                made.text = (made.text or "") + each
        else:
            made.append(each)
    return made


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
