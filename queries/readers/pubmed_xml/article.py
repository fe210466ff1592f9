"""PubmedArticle as Article.

The content model is NLM's pubmed_250101.dtd. Elements that it does not know are passed over;
of an element that may stand once the first counts, as NLM's own readers do.
"""

from collections.abc import Iterable
from datetime import datetime, time

from lxml.etree import _Element as Element

from queries.readers.pubmed_xml.dates import milestones, partial_date, publication_date, whole_date
from queries.readers.pubmed_xml.links import article_ids, links, location, old_pmcid, references
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
from queries.readers.pubmed_xml.people import complete, people, with_old_affiliation
from queries.readers.pubmed_xml.terms import accessions, chemicals, grants, headings, keywords, terms
from queries.records.article import (
    Article,
    Issn,
    Journal,
    Note,
)
from queries.records.ids import clean_doi, clean_pmcid


def read_article(record: Element) -> Article:
    """PubmedArticle: MedlineCitation, PubmedData?; raises Unreadable."""
    parts = children(record)
    if "MedlineCitation" not in parts:
        raise Unreadable("has no MedlineCitation")
    citation = parts["MedlineCitation"]
    citation_parts = children(citation)
    pmid, version = own_pmid(citation_parts)
    article = citation_parts.get("Article")
    article_parts = children(article)
    data = parts.get("PubmedData")
    data_parts = children(data)
    journal, info = (
        children(article_parts.get("Journal")),
        children(citation_parts.get("MedlineJournalInfo")),
    )
    issue = children(journal.get("JournalIssue"))
    abstract = article_parts.get("Abstract")
    title = plain(article_parts.get("ArticleTitle"))
    places = tuple(each_child(article, article_parts, "ELocationID"))
    ids, others = article_ids(
        data_parts.get("ArticleIdList"), each_child(citation, citation_parts, "OtherID"), pmid
    )
    date, printed = publication_date(issue.get("PubDate"))
    history = milestones(data_parts.get("History"))
    at = moments(history)
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
        other_abstracts=other_abstracts(each_child(citation, citation_parts, "OtherAbstract")),
        copyright=copyright_line(abstract),
        authors=with_old_affiliation(authors, article_parts.get("Affiliation")),
        authors_complete=complete(article_parts.get("AuthorList")),
        investigators=people(citation_parts.get("InvestigatorList")),
        journal=_journal(journal, issue, info),
        pages=pages(article_parts.get("Pagination")),
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
        pmcid=clean_pmcid(ids.get("pmc", "")) or old_pmcid(others),
        languages=texts(each_child(article, article_parts, "Language")),
        publication_types=terms(article_parts.get("PublicationTypeList")),
        mesh=headings(citation_parts.get("MeshHeadingList")),
        supplementary=terms(citation_parts.get("SupplMeshList")),
        chemicals=chemicals(citation_parts.get("ChemicalList")),
        genes=texts(citation_parts.get("GeneSymbolList")),
        keywords=keywords(each_child(citation, citation_parts, "KeywordList")),
        accessions=accessions((article_parts.get("DataBankList"), citation_parts.get("DataBankList"))),
        grants=grants(article_parts.get("GrantList")),
        subjects=people(citation_parts.get("PersonalNameSubjectList")),
        links=links(
            (
                *each_child(citation, citation_parts, "CommentsCorrectionsList"),
                *each_child(citation, citation_parts, "CommentsCorrections"),
            )
        ),
        references=references(each_child(data, data_parts, "ReferenceList")),
        coi=plain(citation_parts.get("CoiStatement")),
        issns=_issns(each_child(article_parts.get("Journal"), journal, "ISSN"), info.get("ISSNLinking")),
        other_ids=others,
        notes=tuple(
            [
                Note(each.get("Owner", "NLM"), plain(each))
                for each in each_child(citation, citation_parts, "GeneralNote")
            ]
        ),
        subsets=texts(each_child(citation, citation_parts, "CitationSubset")),
    )


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


def _old_created(citation: Children) -> datetime | None:
    """MedlineCitation/DateCreated: files from before 2018 have it, and often no History."""
    day = whole_date(citation.get("DateCreated"))
    return day if day is None else datetime.combine(day, time())  # Eastern, as all in records
