"""PubmedArticle and PubmedBookArticle as Article.

The content model is NLM's pubmed_250101.dtd. Elements that it does not know are passed over;
of an element that may stand once the first counts, as NLM's own readers do.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time

from lxml.etree import _Element as Element

from queries.readers.pubmed_xml.dates import milestones, partial_date, publication_date, whole_date
from queries.readers.pubmed_xml.links import article_ids, links, location, pmid_of, references
from queries.readers.pubmed_xml.markup import passages, plain, shown
from queries.readers.pubmed_xml.people import complete, people, with_old_affiliation
from queries.readers.pubmed_xml.terms import accessions, chemicals, grants, headings, keywords, terms
from queries.records.article import (
    Article,
    Author,
    Book,
    BookPart,
    Issn,
    Journal,
    Milestone,
    Note,
    OtherAbstract,
    OtherId,
)
from queries.records.ids import clean_doi, clean_pmcid

Children = dict[str, Element]
_DEEPEST = 16  # sections within sections; a hostile record may nest more


class Unreadable(ValueError):
    """A record without what an Article cannot be without; the reason is its only argument."""


def read_article(record: Element) -> Article:
    """PubmedArticle: MedlineCitation, PubmedData?; raises Unreadable."""
    parts = _children(record)
    if "MedlineCitation" not in parts:
        raise Unreadable("has no MedlineCitation")
    citation = parts["MedlineCitation"]
    citation_parts = _children(citation)
    pmid, version = _pmid(citation_parts)
    article = citation_parts.get("Article")
    article_parts = _children(article)
    data = parts.get("PubmedData")
    data_parts = _children(data)
    journal, info = (
        _children(article_parts.get("Journal")),
        _children(citation_parts.get("MedlineJournalInfo")),
    )
    issue = _children(journal.get("JournalIssue"))
    abstract = article_parts.get("Abstract")
    title = plain(article_parts.get("ArticleTitle"))
    places = tuple(_each(article, article_parts, "ELocationID"))
    ids, others = article_ids(
        data_parts.get("ArticleIdList"), _each(citation, citation_parts, "OtherID"), pmid
    )
    date, printed = publication_date(issue.get("PubDate"))
    history = milestones(data_parts.get("History"))
    at = _moments(history)
    authors = people(article_parts.get("AuthorList"))
    return Article(
        pmid=pmid,
        version=version,
        status=citation.get("Status", ""),
        indexing=citation.get("IndexingMethod", ""),
        title=title,
        title_html=shown(article_parts.get("ArticleTitle"), title),
        vernacular_title=plain(article_parts.get("VernacularTitle")),
        abstract=passages(abstract),
        other_abstracts=_other_abstracts(_each(citation, citation_parts, "OtherAbstract")),
        copyright=_copyright(abstract),
        authors=with_old_affiliation(authors, article_parts.get("Affiliation")),
        authors_complete=complete(article_parts.get("AuthorList")),
        investigators=people(citation_parts.get("InvestigatorList")),
        journal=_journal(journal, issue, info),
        pages=_pages(article_parts.get("Pagination")),
        pub_model="" if article is None else article.get("PubModel", ""),
        published=date,
        published_text=printed,
        electronic=partial_date(article_parts.get("ArticleDate")),
        created=at.get("entrez") or _old_created(citation_parts),
        entered=at.get("pubmed"),
        indexed=at.get("medline"),
        revised=whole_date(citation_parts.get("DateRevised")),
        completed=whole_date(citation_parts.get("DateCompleted")),
        history=history,
        publication_status=plain(data_parts.get("PublicationStatus")),
        doi=clean_doi(location(places, "doi")) or clean_doi(ids.get("doi", "")),
        pii=location(places, "pii") or ids.get("pii", ""),
        pmcid=clean_pmcid(ids.get("pmc", "")) or _old_pmcid(others),
        languages=_texts(_each(article, article_parts, "Language")),
        publication_types=terms(article_parts.get("PublicationTypeList")),
        mesh=headings(citation_parts.get("MeshHeadingList")),
        supplementary=terms(citation_parts.get("SupplMeshList")),
        chemicals=chemicals(citation_parts.get("ChemicalList")),
        genes=_texts(citation_parts.get("GeneSymbolList")),
        keywords=keywords(_each(citation, citation_parts, "KeywordList")),
        accessions=accessions((article_parts.get("DataBankList"), citation_parts.get("DataBankList"))),
        grants=grants(article_parts.get("GrantList")),
        subjects=people(citation_parts.get("PersonalNameSubjectList")),
        links=links(
            (
                *_each(citation, citation_parts, "CommentsCorrectionsList"),
                *_each(citation, citation_parts, "CommentsCorrections"),
            )
        ),
        references=references(_each(data, data_parts, "ReferenceList")),
        coi=plain(citation_parts.get("CoiStatement")),
        issns=_issns(_each(article_parts.get("Journal"), journal, "ISSN"), info.get("ISSNLinking")),
        other_ids=others,
        notes=tuple(
            [
                Note(each.get("Owner", "NLM"), plain(each))
                for each in _each(citation, citation_parts, "GeneralNote")
            ]
        ),
        subsets=_texts(_each(citation, citation_parts, "CitationSubset")),
    )


def read_book(record: Element) -> Article:
    """PubmedBookArticle: BookDocument, PubmedBookData?; a chapter or a whole book; raises Unreadable.

    The chapter's own title, authors and date count, else the book's. Editors are the book's, not authors.
    """
    parts = _children(record)
    document = parts.get("BookDocument")
    if document is None:
        raise Unreadable("has no BookDocument")
    document_parts, data_parts = _children(document), _children(parts.get("PubmedBookData"))
    pmid, version = _pmid(document_parts)
    book = document_parts.get("Book")
    book_parts = _children(book)
    heading = document_parts.get("ArticleTitle", book_parts.get("BookTitle"))
    title = plain(heading)
    abstract = document_parts.get("Abstract")
    ids, others = article_ids(document_parts.get("ArticleIdList"), (), pmid)
    history = milestones(data_parts.get("History"))
    at = _moments(history)
    date, printed = publication_date(document_parts.get("ContributionDate", book_parts.get("PubDate")))
    places = tuple(_each(book, book_parts, "ELocationID"))
    return Article(
        pmid=pmid,
        version=version,
        title=title,
        title_html=shown(heading, title),
        vernacular_title=plain(document_parts.get("VernacularTitle")),
        abstract=passages(abstract),
        other_abstracts=_other_abstracts(_each(document, document_parts, "OtherAbstract")),
        copyright=_copyright(abstract),
        authors=_book_people(document) or _book_people(book),
        investigators=people(document_parts.get("InvestigatorList"))
        + people(book_parts.get("InvestigatorList")),
        book=_book(document_parts, book_parts, ids.get("bookaccession", ""), _editors(document, book)),
        pages=_pages(document_parts.get("Pagination")),
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
        languages=_texts(_each(document, document_parts, "Language")),
        publication_types=terms(_each(document, document_parts, "PublicationType")),
        keywords=keywords(_each(document, document_parts, "KeywordList")),
        grants=grants(document_parts.get("GrantList")),
        references=references(_each(document, document_parts, "ReferenceList")),
        other_ids=others,
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


def _issns(elements: Iterable[Element], linking: Element | None) -> tuple[Issn, ...]:
    """Journal/ISSN[@IssnType], MedlineJournalInfo/ISSNLinking."""
    found = [Issn(each.get("IssnType", ""), plain(each)) for each in elements]
    if linking is not None:
        found.append(Issn("Linking", plain(linking)))
    return tuple([each for each in found if each.number])


def _book(document: Children, book: Children, accession: str, editors: tuple[Author, ...]) -> Book:
    """BookDocument/Book, and of BookDocument what is about the book: LocationLabel, Sections."""
    publisher = _children(book.get("Publisher"))
    isbns = _texts([] if (first := book.get("Isbn")) is None else (first, *first.itersiblings("Isbn")))
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
        parts = _children(each)
        yield BookPart(plain(parts.get("LocationLabel")), plain(parts.get("SectionTitle")), depth)
        yield from _sections(each, depth + 1)


def _editors(*parents: Element | None) -> tuple[Author, ...]:
    return tuple(dict.fromkeys([each for parent in parents for each in _book_people(parent, editors=True)]))


def _book_people(parent: Element | None, *, editors: bool = False) -> tuple[Author, ...]:
    """AuthorList[@Type is editors, or is not] of BookDocument or Book."""
    lists = () if parent is None else parent.iterchildren("AuthorList")
    return tuple([each for one in lists if (one.get("Type") == "editors") == editors for each in people(one)])


def _pages(element: Element | None) -> str:
    """Pagination/MedlinePgn, else Pagination/StartPage, EndPage?."""
    parts = _children(element)
    ends = (plain(parts.get("StartPage")), plain(parts.get("EndPage")))
    return plain(parts.get("MedlinePgn")) or "-".join(filter(None, ends))


def _moments(history: tuple[Milestone, ...]) -> dict[str, datetime]:
    """PubMedPubDate by @PubStatus, the first of each: entrez is CRDT, pubmed EDAT, medline MHDA."""
    return {each.status: each.at for each in reversed(history) if not each.partial}


def _old_pmcid(others: Iterable[OtherId]) -> str:
    """MedlineCitation/OtherID[@Source='NLM'] "PMC1141174", which older files have instead of an ArticleId."""
    return next(
        (
            found
            for source, number in others
            if source == "NLM"
            and (found := clean_pmcid(number.partition(" ")[0] if number.startswith("PMC") else ""))
        ),
        "",
    )


def _old_created(citation: Children) -> datetime | None:
    """MedlineCitation/DateCreated: files from before 2018 have it, and often no History."""
    day = whole_date(citation.get("DateCreated"))
    return day if day is None else datetime.combine(day, time())  # Eastern, as all in records
