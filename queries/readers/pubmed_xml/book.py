"""PubmedBookArticle as Article: a chapter of NCBI's Bookshelf, or a whole book."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from queries.readers.pubmed_xml.dates import milestones, publication_date, whole_date
from queries.readers.pubmed_xml.links import article_ids, location, references
from queries.readers.pubmed_xml.markup import passages, plain, shown
from queries.readers.pubmed_xml.parts import (
    Children,
    Unreadable,
    children,
    copyright_line,
    each_child,
    moments,
    other_abstracts,
    own_pmid,
    pages,
    texts,
)
from queries.readers.pubmed_xml.people import people
from queries.readers.pubmed_xml.terms import grants, keywords, terms
from queries.records.article import Article, Author, Book, BookPart
from queries.records.ids import clean_doi

_DEEPEST = 16  # sections within sections; a hostile record may nest more


def read_book(record: Element) -> Article:
    """PubmedBookArticle: BookDocument, PubmedBookData?; a chapter or a whole book; raises Unreadable.

    The chapter's own title, authors and date count, else the book's. Editors are the book's, not authors.
    """
    parts = children(record)
    document = parts.get("BookDocument")
    if document is None:
        raise Unreadable("has no BookDocument")
    document_parts, data_parts = children(document), children(parts.get("PubmedBookData"))
    pmid, version = own_pmid(document_parts)
    book = document_parts.get("Book")
    book_parts = children(book)
    heading = document_parts.get("ArticleTitle", book_parts.get("BookTitle"))
    title = plain(heading)
    abstract = document_parts.get("Abstract")
    ids, others = article_ids(document_parts.get("ArticleIdList"), (), pmid)
    history = milestones(data_parts.get("History"))
    at = moments(history)
    date, printed = publication_date(document_parts.get("ContributionDate", book_parts.get("PubDate")))
    places = tuple(each_child(book, book_parts, "ELocationID"))
    return Article(
        pmid=pmid,
        version=version,
        title=title,
        title_html=shown(heading, title),
        vernacular_title=plain(document_parts.get("VernacularTitle")),
        abstract=passages(abstract),
        other_abstracts=other_abstracts(each_child(document, document_parts, "OtherAbstract")),
        copyright=copyright_line(abstract),
        authors=_book_people(document) or _book_people(book),
        investigators=people(document_parts.get("InvestigatorList"))
        + people(book_parts.get("InvestigatorList")),
        book=_book(document_parts, book_parts, ids.get("bookaccession", ""), _editors(document, book)),
        pages=pages(document_parts.get("Pagination")),
        published=date,
        published_text=printed,
        created=at.get("entrez"),
        entered=at.get("pubmed"),
        indexed=at.get("medline"),
        revised=whole_date(document_parts.get("DateRevised")),
        history=history,
        publication_status=plain(data_parts.get("PublicationStatus")),
        doi=clean_doi(ids.get("doi", "")) or clean_doi(location(places, "doi")),
        pii=ids.get("pii", ""),
        languages=texts(each_child(document, document_parts, "Language")),
        publication_types=terms(each_child(document, document_parts, "PublicationType")),
        keywords=keywords(each_child(document, document_parts, "KeywordList")),
        grants=grants(document_parts.get("GrantList")),
        references=references(each_child(document, document_parts, "ReferenceList")),
        other_ids=others,
    )


def _book(document: Children, book: Children, accession: str, editors: tuple[Author, ...]) -> Book:
    """BookDocument/Book, and of BookDocument what is about the book: LocationLabel, Sections."""
    publisher = children(book.get("Publisher"))
    isbns = texts([] if (first := book.get("Isbn")) is None else (first, *first.itersiblings("Isbn")))
    serial = [publication_date(book.get(tag))[1] for tag in ("BeginningDate", "EndingDate")]
    return Book(
        title=plain(book.get("BookTitle")),
        publisher=plain(publisher.get("PublisherName")),
        isbn=isbns[0] if isbns else "",
        accession=accession,
        editors=editors,
        sections=tuple(_sections(document.get("Sections"), 0)),
        isbns=isbns,
        place=plain(publisher.get("PublisherLocation")),
        collection=plain(book.get("CollectionTitle")),
        edition=plain(book.get("Edition")),
        volume=" ".join(filter(None, (plain(book.get("Volume")), plain(book.get("VolumeTitle"))))),
        report=plain(book.get("ReportNumber")),
        label=plain(document.get("LocationLabel")),
        dates=" to ".join(filter(None, serial)),
    )


def _sections(parent: Element | None, depth: int) -> Iterator[BookPart]:
    """Sections/Section: LocationLabel?, SectionTitle, Section*; each before those in it."""
    for each in () if parent is None or depth > _DEEPEST else parent.iterchildren("Section"):
        parts = children(each)
        yield BookPart(plain(parts.get("LocationLabel")), plain(parts.get("SectionTitle")), depth)
        yield from _sections(each, depth + 1)


def _editors(*parents: Element | None) -> tuple[Author, ...]:
    return tuple(dict.fromkeys([each for parent in parents for each in _book_people(parent, editors=True)]))


def _book_people(parent: Element | None, *, editors: bool = False) -> tuple[Author, ...]:
    """AuthorList[@Type is editors, or is not] of BookDocument or Book."""
    lists = () if parent is None else parent.iterchildren("AuthorList")
    return tuple([each for one in lists if (one.get("Type") == "editors") == editors for each in people(one)])
