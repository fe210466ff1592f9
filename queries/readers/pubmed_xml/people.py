"""Authors, investigators, and the persons that an article is about."""

import re

from lxml.etree import _Element as Element

from queries.readers.pubmed_xml.markup import leaf, plain
from queries.records.article import Author

_PLACES = ("AffiliationInfo", "Affiliation")
_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])\W*$", re.ASCII)


def people(listing: Element | None) -> tuple[Author, ...]:
    """AuthorList/Author, InvestigatorList/Investigator, PersonalNameSubjectList/PersonalNameSubject."""
    return () if listing is None else tuple([person(element) for element in listing])


def person(element: Element) -> Author:
    """Author: (LastName, ForeName?, Initials?, Suffix?) | CollectiveName, Identifier*, AffiliationInfo*.

    Only Author/Identifier[@Source='ORCID'] is the person's; AffiliationInfo/Identifier is the
    institute's. Author/@ValidYN N stays, marked.
    """
    last = fore = initials = suffix = collective = orcid = ""
    affiliations: tuple[str, ...] = ()
    for child in element:
        tag = child.tag
        if tag == "LastName":
            last = leaf(child)
        elif tag == "ForeName":
            fore = leaf(child)
        elif tag == "Initials":
            initials = leaf(child)
        elif tag in _PLACES:
            affiliations += _affiliation(child)
        elif tag == "Identifier":
            orcid = orcid or _orcid(child)
        elif tag == "CollectiveName":
            collective = plain(child)
        elif tag == "Suffix":
            suffix = plain(child)
    valid = element.get("ValidYN") != "N"
    return Author(last, fore, initials, suffix, collective, orcid, affiliations, valid)


def _affiliation(element: Element) -> tuple[str, ...]:
    """AffiliationInfo/Affiliation; before 2015 Affiliation stood in Author itself."""
    if element.tag == "Affiliation":
        return (plain(element),)
    return tuple([plain(each) for each in element if each.tag == "Affiliation"])


def _orcid(element: Element) -> str:
    """Identifier[@Source='ORCID']."""
    return clean_orcid(element.text or "") if element.get("Source") == "ORCID" else ""


def complete(listing: Element | None) -> bool:
    """AuthorList/@CompleteYN is not N."""
    return listing is None or listing.get("CompleteYN") != "N"


def with_old_affiliation(authors: tuple[Author, ...], element: Element | None) -> tuple[Author, ...]:
    """Article/Affiliation, which until 2013 was the first author's."""
    if element is None or not authors or authors[0].affiliations:
        return authors
    place = plain(element)
    return (authors[0]._replace(affiliations=(place,)), *authors[1:]) if place else authors


def clean_orcid(text: str) -> str:
    """0000-0000-0000-000X out of the ways it is written (a link, without hyphens); "" if none."""
    found = _ORCID.search(text)
    return "-".join(found.groups()).upper() if found else ""
