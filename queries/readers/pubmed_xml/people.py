"""Authors, investigators, and the persons that an article is about."""

import re

from lxml.etree import _Element as Element

from queries.readers.pubmed_xml.markup import leaf, plain
from queries.records.article import Author, Institute

_NAMES = frozenset(("LastName", "ForeName", "Initials"))
_OLD_FORE = ("FirstName", "MiddleName")
_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])\W*$", re.ASCII)


def people(listing: Element | None) -> tuple[Author, ...]:
    """AuthorList/Author, InvestigatorList/Investigator, PersonalNameSubjectList/PersonalNameSubject."""
    return () if listing is None else tuple([person(element) for element in listing])


def person(element: Element) -> Author:
    """Author: (LastName, ForeName?, Initials?, Suffix?) | CollectiveName, Identifier*, AffiliationInfo*.

    Until 2008 FirstName, MiddleName? stood for ForeName. Author/Identifier[@Source='ORCID'] is the
    person's, AffiliationInfo/Identifier the institute's. Author/@ValidYN N stays, marked.
    """
    parts: dict[str, str] = {}
    affiliations: list[str] = []
    institutes: list[Institute] = []
    orcid = ""
    for child in element:
        tag = child.tag
        if tag in _NAMES:
            parts[tag] = leaf(child)
        elif tag == "AffiliationInfo":
            affiliations += [plain(each) for each in child if each.tag == "Affiliation"]
            if len(child) > 1:
                institutes += _institutes(child, max(len(affiliations) - 1, 0))
        elif tag == "Identifier":
            orcid = orcid or _orcid(child)
        elif tag == "Affiliation":  # before 2015
            affiliations.append(plain(child))
        else:
            parts[tag] = plain(child)
    return Author(
        parts.get("LastName", ""),
        parts.get("ForeName") or " ".join([parts[tag] for tag in _OLD_FORE if tag in parts]),
        parts.get("Initials", ""),
        parts.get("Suffix", ""),
        parts.get("CollectiveName", ""),
        orcid,
        tuple(affiliations),
        element.get("ValidYN") != "N",
        tuple(institutes),
        element.get("EqualContrib") == "Y",
    )


def _institutes(place: Element, affiliation: int) -> list[Institute]:
    """AffiliationInfo/Identifier[@Source]: ROR, GRID, ISNI, RINGGOLD."""
    numbers = place.iterchildren("Identifier")
    return [Institute(affiliation, each.get("Source", ""), plain(each)) for each in numbers]


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
