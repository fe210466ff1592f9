"""Authors, investigators, and the persons that an article is about."""

import re

from lxml.etree import _Element as Element

from queries.pubmed.parse_markup import plain
from queries.records import Author

_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])\W*$")


def people(listing: Element | None) -> tuple[Author, ...]:
    """AuthorList/Author, InvestigatorList/Investigator, PersonalNameSubjectList/PersonalNameSubject."""
    return () if listing is None else tuple(map(person, listing))


def person(element: Element) -> Author:
    """Author: (LastName, ForeName?, Initials?, Suffix?) | CollectiveName, Identifier*, AffiliationInfo*.

    Only Author/Identifier[@Source='ORCID'] is the person's; AffiliationInfo/Identifier is the
    institute's. Author/@ValidYN N stays, marked.
    """
    last = fore = initials = suffix = collective = orcid = ""
    affiliations = []
    for child in element:
        match child.tag:
            case "LastName":
                last = plain(child)
            case "ForeName":
                fore = plain(child)
            case "Initials":
                initials = plain(child)
            case "AffiliationInfo":
                affiliations.append(plain(child.find("Affiliation")))
            case "Identifier" if child.get("Source") == "ORCID":
                orcid = orcid or clean_orcid(child.text or "")
            case "CollectiveName":
                collective = plain(child)
            case "Suffix":
                suffix = plain(child)
            case "Affiliation":  # before 2015 it stood in Author itself
                affiliations.append(plain(child))
    named = tuple(filter(None, affiliations))
    return Author(last, fore, initials, suffix, collective, orcid, named, element.get("ValidYN") != "N")


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
