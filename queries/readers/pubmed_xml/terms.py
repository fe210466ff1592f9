"""What an article is indexed with: MeSH, substances, keywords, types, data banks, grants."""

from collections.abc import Iterable

from lxml.etree import _Element as Element

from queries.readers.pubmed_xml.markup import leaf, plain
from queries.records.article import Accession, Chemical, Grant, Heading, Keyword, Qualifier, Term


def headings(listing: Element | None) -> tuple[Heading, ...]:
    """MeshHeadingList/MeshHeading."""
    if listing is None:
        return ()
    return tuple([heading(each) for each in listing if each.tag == "MeshHeading"])


def heading(element: Element) -> Heading:
    """DescriptorName[@UI, @MajorTopicYN], QualifierName*[@UI, @MajorTopicYN].

    A topic is major if the descriptor or any qualifier is.
    """
    ui, name, itself, below = "", "", False, False
    qualifiers: tuple[Qualifier, ...] = ()
    for child in element:
        tag = child.tag
        if tag == "DescriptorName":
            ui, name, itself = child.get("UI", ""), leaf(child), child.get("MajorTopicYN") == "Y"
        elif tag == "QualifierName":
            major = child.get("MajorTopicYN") == "Y"
            below = below or major
            qualifiers += (Qualifier(child.get("UI", ""), leaf(child), major),)
    return Heading(ui, name, itself or below, qualifiers, itself and below)


def terms(elements: Iterable[Element] | None) -> tuple[Term, ...]:
    """PublicationTypeList/PublicationType[@UI], SupplMeshList/SupplMeshName[@UI]."""
    if elements is None:
        return ()
    return tuple([Term(each.get("UI", ""), leaf(each)) for each in elements])


def chemicals(listing: Element | None) -> tuple[Chemical, ...]:
    """ChemicalList/Chemical: RegistryNumber, NameOfSubstance[@UI]."""
    if listing is None:
        return ()
    return tuple([_chemical(each) for each in listing if each.tag == "Chemical"])


def keywords(listings: Iterable[Element]) -> tuple[Keyword, ...]:
    """KeywordList[@Owner]/Keyword[@MajorTopicYN]; the owner is NLM if unsaid (the DTD's default)."""
    return tuple(
        [
            Keyword(text, listing.get("Owner", "NLM"), each.get("MajorTopicYN") == "Y")
            for listing in listings
            for each in listing
            if (text := plain(each))
        ]
    )


def accessions(lists: Iterable[Element | None]) -> tuple[Accession, ...]:
    """DataBankList/DataBank: DataBankName, AccessionNumberList/AccessionNumber."""
    return tuple(
        Accession(plain(bank.find("DataBankName")), plain(number))
        for listing in lists
        if listing is not None
        for bank in listing.iterchildren("DataBank")
        for number in bank.iterfind("AccessionNumberList/AccessionNumber")
    )


def grants(listing: Element | None) -> tuple[Grant, ...]:
    """GrantList/Grant: GrantID?, Acronym?, Agency, Country?; NLM repeats some, we do not."""
    if listing is None:
        return ()
    return tuple(dict.fromkeys([_grant(each) for each in listing if each.tag == "Grant"]))


def _chemical(element: Element) -> Chemical:
    registry, ui, name = "", "", ""
    for child in element:
        if child.tag == "RegistryNumber":
            registry = leaf(child)
        elif child.tag == "NameOfSubstance":
            ui, name = child.get("UI", ""), leaf(child)
    return Chemical(registry or "0", ui, name)


def _grant(element: Element) -> Grant:
    parts = {child.tag: plain(child) for child in element}
    return Grant(*[parts.get(tag, "") for tag in ("GrantID", "Acronym", "Agency", "Country")])
