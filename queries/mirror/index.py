"""What of a record is searchable, and by which of PubMed's fields.

    texts(article)   words in their order: phrases, proximity, wildcards
    values(article)  whole entries: headings, names, numbers, filters
    days(article)    dates, one a day

A text's or value's field is named by the tag that searches it; the language maps tags to fields.
"""

import re
from collections.abc import Iterator
from datetime import date

from queries.mirror.words import plain
from queries.records.article import Article, Author, Heading

TEXT_FIELDS = (
    *("ti", "ab", "ot", "tt", "mh", "sh", "pt", "nm", "si", "ps", "au", "cn", "ad", "ta", "gr"),
    *("cois", "book", "pubn", "id"),
)
_SEASONS = {"winter": 1, "spring": 4, "summer": 7, "fall": 10, "autumn": 10}  # NBK3827
_HAS = {
    "RetractionIn": "hasretractionin",
    "RetractionOf": "hasretractionof",
    "CommentIn": "hascommentin",
    "CommentOn": "hascommenton",
    "ErratumIn": "haserratumin",
    "ErratumFor": "haserratumfor",
    "ExpressionOfConcernIn": "hasexpressionofconcernin",
    "ExpressionOfConcernFor": "hasexpressionofconcernfor",
    "UpdateIn": "hasupdatein",
    "UpdateOf": "hasupdateof",
    "CorrectedandRepublishedIn": "hascorrectedandrepublishedin",
    "CorrectedandRepublishedFrom": "hascorrectedandrepublishedfrom",
    "RetractedandRepublishedIn": "hasretractedandrepublishedin",
    "RetractedandRepublishedFrom": "hasretractedandrepublishedfrom",
    "RepublishedIn": "hasrepublishedin",
    "RepublishedFrom": "hasrepublishedfrom",
    "OriginalReportIn": "hasoriginalreportin",
    "SummaryForPatientsIn": "hassummaryforpatientsin",
    "AssociatedDataset": "hasassociateddataset",
    "AssociatedPublication": "hasassociatedpublication",
    "ReprintIn": "hasreprintin",
    "ReprintOf": "hasreprintof",
}
FILTERS = frozenset(_HAS.values()) | {
    "all",
    "free full text",
    "hasabstract",
    "hasdatabanklist",
    "hasgrantlist",
    "inprocess",
    "indexingmethod_automated",
    "indexingmethod_curated",
    "medline",
    "publisher",
    "pubmed pmc",
    "pubmednotmedline",
    "pubstatusaheadofprint",
    "pubstatusepublish",
    "pubstatusppublish",
}


def texts(article: Article) -> Iterator[tuple[str, str]]:  # noqa: C901, PLR0912 - a list of fields, not logic
    """(field, text) of everything that [all] may find, in the record's order."""
    yield "ti", article.title
    for passage in article.abstract:
        yield "ab", passage.label
        yield "ab", passage.text
    for other in article.other_abstracts:
        for passage in other.passages:
            yield "ab", passage.text
    for keyword in article.keywords:
        yield "ot", keyword.text
    yield "tt", article.vernacular_title
    for heading in article.mesh:
        yield "mh", heading.name
        for qualifier in heading.qualifiers:
            yield "sh", qualifier.name
    for term in article.publication_types:
        yield "pt", term.name
    for name in {*(term.name for term in article.supplementary), *(each.name for each in article.chemicals)}:
        yield "nm", name
    for gene in article.genes:
        yield "nm", gene
    for accession in article.accessions:
        yield "si", accession.bank
        yield "si", accession.number
    for subject in article.subjects:
        yield "ps", full_name(subject)
    for author in (*article.authors, *article.investigators):
        yield ("cn" if author.collective else "au"), author.collective or full_name(author)
        for affiliation in author.affiliations:
            yield "ad", affiliation
    yield "ta", article.journal.title
    yield "ta", article.journal.abbreviation
    for grant in dict.fromkeys(article.grants):
        yield "gr", " ".join(grant)
    yield "cois", article.coi
    if article.book:
        yield "book", article.book.title
        yield "pubn", article.book.publisher
    for number in (article.doi, article.pii, article.pmcid, str(article.pmid), *article.languages):
        yield "id", number


def values(article: Article) -> Iterator[tuple[str, str]]:  # noqa: C901 - a list of fields, not logic
    """(field, value) of every entry that is looked up whole."""
    for heading in article.mesh:
        yield from _heading(heading)
    for term in article.publication_types:
        squeezed = "".join(plain(term.name).split())  # as filters write it
        yield from (("pt", term.name), ("pt", term.ui), ("squeezed pt", squeezed))
    for term in article.supplementary:
        yield from (("nm", term.name), ("nm", term.ui))
    for chemical in article.chemicals:
        yield from (("nm", chemical.name), ("nm", chemical.ui), ("rn", chemical.registry))
    for accession in article.accessions:
        whole = f"{accession.bank}/{accession.number}"
        yield from (("si", accession.bank), ("si", accession.number), ("si", whole))
    yield from _names(article)
    journal = article.journal
    for name in (journal.title, journal.abbreviation, journal.issn):
        yield "ta", name
    yield from (
        ("jid", journal.nlm_id),
        ("pl", journal.country),
        ("vi", journal.volume),
        ("ip", journal.issue),
    )
    yield from (("pg", article.pages), ("pg", re.split(r"[-,;]", article.pages)[0]))
    for number in (article.doi, article.pii, article.pmcid):
        yield "aid", number
    for number in (article.doi, article.pii):
        yield "lid", number
    yield "doi", article.doi
    if article.book:
        yield "isbn", article.book.isbn
    for language in article.languages:
        yield "la", language
    for name in _filters(article):
        yield "sb", name


def days(article: Article) -> Iterator[tuple[str, date]]:
    """(field, day) of every date that a record has; a publication date may be two."""
    if article.created:
        yield "crdt", article.created.date()
    if article.entered:
        yield "edat", article.entered.date()
    if indexed := article.indexed or article.entered:
        yield "mhda", indexed.date()
    if article.revised:
        yield "lr", article.revised
    if article.completed:
        yield "dcom", article.completed
    if day := _day(article.published, article.published_text):
        yield "dp", day
        yield ("epdat" if article.pub_model.startswith("Electronic") else "ppdat"), day
    if day := _day(article.electronic, ""):
        yield from (("dp", day), ("epdat", day))


def full_name(author: Author) -> str:
    """As PubMed's full author name: last, then fore."""
    return " ".join(part for part in (author.last, author.fore or author.initials, author.suffix) if part)


def short_name(author: Author) -> str:
    """As PubMed's author name: last, then initials."""
    return " ".join(part for part in (author.last, author.initials, author.suffix) if part)


def _heading(heading: Heading) -> Iterator[tuple[str, str]]:
    for name in (heading.name, heading.ui):
        yield "mh", name
        if heading.major:
            yield "majr", name
        for qualifier in heading.qualifiers:
            yield "mh", f"{name}/{qualifier.name}"
            itself = heading.both or not any(each.major for each in heading.qualifiers)
            if qualifier.major or (heading.major and itself):
                yield "majr", f"{name}/{qualifier.name}"
    for qualifier in heading.qualifiers:
        yield from (("sh", qualifier.name), ("sh", qualifier.ui))


def _names(article: Article) -> Iterator[tuple[str, str]]:
    valid = [author for author in article.authors if author.valid]
    for author in valid:
        yield "auid", author.orcid
        if not author.collective:
            yield from (("au", short_name(author)), ("fau", full_name(author)))
            yield "fau", f"{author.fore} {author.last}"
    for place, end in (("1au", valid[:1]), ("lastau", valid[-1:])):
        for author in end:
            yield from ((place, short_name(author)), (place, full_name(author)))
    for author in article.investigators:
        yield from (("ir", short_name(author)), ("fir", full_name(author)))


def _filters(article: Article) -> Iterator[str]:
    yield "all"
    if article.abstract:
        yield "hasabstract"
    if article.accessions:
        yield "hasdatabanklist"
    if article.grants:
        yield "hasgrantlist"
    if article.pmcid:
        yield from ("free full text", "pubmed pmc")
    for kind in {link.kind for link in article.links} & _HAS.keys():
        yield _HAS[kind]
    status = article.status.lower().replace("-", "")
    yield {"indatareview": "inprocess", "oldmedline": "medline", "completed": "medline"}.get(status, status)
    if article.indexing:
        yield f"indexingmethod_{article.indexing.lower()}"
    if article.publication_status:
        yield f"pubstatus{article.publication_status.lower()}"


def _day(partial: str, printed: str) -> date | None:
    """The first day of a partial ISO date, a season as its first month."""
    if not partial:
        return None
    year, month, day = (*(int(part) for part in partial.split("-")), 0, 0)[:3]
    season = re.search("|".join(_SEASONS), printed.lower())
    return date(year, month or (_SEASONS[season[0]] if season else 1), day or 1)
