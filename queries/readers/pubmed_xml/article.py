"""PubmedArticle and PubmedBookArticle as Article.

The content model is NLM's pubmed_250101.dtd. Elements that it does not know are passed over;
of an element that may stand once the first counts, as NLM's own readers do.
"""

from collections.abc import Iterable
from datetime import datetime, time

from lxml.etree import _Element as Element

from queries.readers.pubmed_xml.dates import milestones, partial_date, publication_date, whole_date
from queries.readers.pubmed_xml.links import article_ids, links, location, pmid_of, references
from queries.readers.pubmed_xml.markup import passages, plain, shown
from queries.readers.pubmed_xml.people import complete, people, with_old_affiliation
from queries.readers.pubmed_xml.terms import accessions, chemicals, grants, headings, keywords, terms
from queries.records.article import Article, Author, Book, Journal, Milestone, OtherAbstract
from queries.records.ids import clean_doi, clean_pmcid

Children = dict[str, Element]


class Unreadable(ValueError):
    """A record without what an Article cannot be without; the reason is its only argument."""


def read_article(record: Element) -> Article:
    """PubmedArticle: MedlineCitation, PubmedData?; raises Unreadable."""
    parts = _children(record)
    if "MedlineCitation" not in parts:
        raise Unreadable("has no MedlineCitation")
    citation = parts["MedlineCitation"]
    cited = _children(citation)
    pmid, version = _pmid(cited)
    article = cited.get("Article")
    told = _children(article)
    data = parts.get("PubmedData")
    published = _children(data)
    issue = _children(_children(told.get("Journal")).get("JournalIssue"))
    abstract = told.get("Abstract")
    title = plain(told.get("ArticleTitle"))
    places = tuple(_each(article, told, "ELocationID"))
    ids = article_ids(published.get("ArticleIdList"))
    date, printed = publication_date(issue.get("PubDate"))
    history = milestones(published.get("History"))
    at = _moments(history)
    authors = people(told.get("AuthorList"))
    return Article(
        pmid=pmid,
        version=version,
        status=citation.get("Status", ""),
        indexing=citation.get("IndexingMethod", ""),
        title=title,
        title_html=shown(told.get("ArticleTitle"), title),
        vernacular_title=plain(told.get("VernacularTitle")),
        abstract=passages(abstract),
        other_abstracts=_other_abstracts(_each(citation, cited, "OtherAbstract")),
        copyright=_copyright(abstract),
        authors=with_old_affiliation(authors, told.get("Affiliation")),
        authors_complete=complete(told.get("AuthorList")),
        investigators=people(cited.get("InvestigatorList")),
        journal=_journal(_children(told.get("Journal")), issue, _children(cited.get("MedlineJournalInfo"))),
        pages=_pages(told.get("Pagination")),
        pub_model="" if article is None else article.get("PubModel", ""),
        published=date,
        published_text=printed,
        electronic=partial_date(told.get("ArticleDate")),
        created=at.get("entrez") or _old_created(cited),
        entered=at.get("pubmed"),
        indexed=at.get("medline"),
        revised=whole_date(cited.get("DateRevised")),
        completed=whole_date(cited.get("DateCompleted")),
        history=history,
        publication_status=plain(published.get("PublicationStatus")),
        doi=clean_doi(location(places, "doi")) or clean_doi(ids.get("doi", "")),
        pii=location(places, "pii") or ids.get("pii", ""),
        pmcid=clean_pmcid(ids.get("pmc", "")),
        languages=_texts(_each(article, told, "Language")),
        publication_types=terms(told.get("PublicationTypeList")),
        mesh=headings(cited.get("MeshHeadingList")),
        supplementary=terms(cited.get("SupplMeshList")),
        chemicals=chemicals(cited.get("ChemicalList")),
        genes=_texts(cited.get("GeneSymbolList")),
        keywords=keywords(_each(citation, cited, "KeywordList")),
        accessions=accessions(told.get("DataBankList")),
        grants=grants(told.get("GrantList")),
        subjects=people(cited.get("PersonalNameSubjectList")),
        links=links(cited.get("CommentsCorrectionsList")),
        references=references(_each(data, published, "ReferenceList")),
        coi=plain(cited.get("CoiStatement")),
    )


def read_book(record: Element) -> Article:
    """PubmedBookArticle: BookDocument, PubmedBookData?; a chapter or a whole book; raises Unreadable.

    The chapter's own title, authors and date count, else the book's. Editors are not authors.
    """
    parts = _children(record)
    document = parts.get("BookDocument")
    if document is None:
        raise Unreadable("has no BookDocument")
    told, data = _children(document), _children(parts.get("PubmedBookData"))
    pmid, version = _pmid(told)
    book = told.get("Book")
    bound = _children(book)
    heading = told.get("ArticleTitle", bound.get("BookTitle"))
    title = plain(heading)
    abstract = told.get("Abstract")
    ids = article_ids(told.get("ArticleIdList"))
    history = milestones(data.get("History"))
    at = _moments(history)
    date, printed = publication_date(told.get("ContributionDate", bound.get("PubDate")))
    places = tuple(_each(book, bound, "ELocationID"))
    return Article(
        pmid=pmid,
        version=version,
        title=title,
        title_html=shown(heading, title),
        vernacular_title=plain(told.get("VernacularTitle")),
        abstract=passages(abstract),
        other_abstracts=_other_abstracts(_each(document, told, "OtherAbstract")),
        copyright=_copyright(abstract),
        authors=_book_authors(document) or _book_authors(book),
        investigators=people(told.get("InvestigatorList")),
        book=_book(bound),
        pages=_pages(told.get("Pagination")),
        published=date,
        published_text=printed,
        created=at.get("entrez"),
        entered=at.get("pubmed"),
        indexed=at.get("medline"),
        revised=whole_date(told.get("DateRevised")),
        history=history,
        publication_status=plain(data.get("PublicationStatus")),
        doi=clean_doi(ids.get("doi", "")) or clean_doi(location(places, "doi")),
        pii=ids.get("pii", ""),
        languages=_texts(_each(document, told, "Language")),
        publication_types=terms(_each(document, told, "PublicationType")),
        keywords=keywords(_each(document, told, "KeywordList")),
        grants=grants(told.get("GrantList")),
        references=references(_each(document, told, "ReferenceList")),
    )


def _children(element: Element | None) -> Children:
    """The first child of each name."""
    return {} if element is None else {child.tag: child for child in reversed(element)}


def _each(parent: Element | None, children: Children, name: str) -> Iterable[Element]:
    """Every child of that name; `children` are the parent's."""
    return () if parent is None or name not in children else parent.iterchildren(name)


def _pmid(parent: Children) -> tuple[int, int]:
    """MedlineCitation/PMID[1] and its @Version; never //PMID, which finds other works'."""
    element = parent.get("PMID")
    pmid = None if element is None else pmid_of(element.text)
    if element is None or pmid is None:
        raise Unreadable("has no PMID" if element is None else f"has no PMID but {plain(element)[:20]!r}")
    return pmid, pmid_of(element.get("Version")) or 1


def _texts(elements: Iterable[Element] | None) -> tuple[str, ...]:
    return () if elements is None else tuple(filter(None, map(plain, elements)))


def _other_abstracts(elements: Iterable[Element]) -> tuple[OtherAbstract, ...]:
    """OtherAbstract[@Type, @Language]/AbstractText, of MedlineCitation, not of Article."""
    return tuple(
        [
            OtherAbstract(each.get("Type", ""), each.get("Language", "eng"), found)
            for each in elements
            if (found := passages(each))
        ]
    )


def _copyright(abstract: Element | None) -> str:
    """Abstract/CopyrightInformation, which is not part of the abstract."""
    return plain(_children(abstract).get("CopyrightInformation"))


def _journal(journal: Children, issue: Children, info: Children) -> Journal:
    """Article/Journal, Journal/JournalIssue, MedlineCitation/MedlineJournalInfo."""
    return Journal(
        plain(journal.get("Title")),
        plain(info.get("MedlineTA")) or plain(journal.get("ISOAbbreviation")),
        plain(journal.get("ISSN")) or plain(info.get("ISSNLinking")),
        plain(info.get("NlmUniqueID")),
        plain(issue.get("Volume")),
        plain(issue.get("Issue")),
        plain(info.get("Country")),
    )


def _book(book: Children) -> Book:
    """BookDocument/Book: BookTitle, Publisher/PublisherName, Isbn (the first)."""
    publisher = _children(book.get("Publisher")).get("PublisherName")
    return Book(plain(book.get("BookTitle")), plain(publisher), plain(book.get("Isbn")))


def _book_authors(parent: Element | None) -> tuple[Author, ...]:
    """AuthorList[@Type is not editors] of BookDocument or Book."""
    lists = () if parent is None else parent.iterchildren("AuthorList")
    return tuple(each for one in lists if one.get("Type") != "editors" for each in people(one))


def _pages(element: Element | None) -> str:
    """Pagination/MedlinePgn, else Pagination/StartPage, EndPage?."""
    told = _children(element)
    ends = (plain(told.get("StartPage")), plain(told.get("EndPage")))
    return plain(told.get("MedlinePgn")) or "-".join(filter(None, ends))


def _moments(history: tuple[Milestone, ...]) -> dict[str, datetime]:
    """PubMedPubDate by @PubStatus, the first of each: entrez is CRDT, pubmed EDAT, medline MHDA."""
    return dict(reversed(history))


def _old_created(citation: Children) -> datetime | None:
    """MedlineCitation/DateCreated: files from before 2018 have it, and often no History."""
    day = whole_date(citation.get("DateCreated"))
    return day if day is None else datetime.combine(day, time())  # Eastern, as all in records
