"""What PubmedArticle and PubmedBookArticle share: their children by name, and fields of one shape."""

from collections.abc import Iterable
from datetime import datetime

from lxml.etree import _Element as Element

from queries.readers.pubmed_xml.links import pmid_of
from queries.readers.pubmed_xml.markup import passages, plain
from queries.records.article import Milestone, OtherAbstract

Children = dict[str, Element]


class Unreadable(ValueError):
    """A record without what an Article cannot be without; the reason is its only argument."""


def children(element: Element | None) -> Children:
    """The first child of each name."""
    return {} if element is None else {child.tag: child for child in reversed(element)}


def each_child(parent: Element | None, children: Children, name: str) -> Iterable[Element]:
    """Every child of that name; `children` are the parent's."""
    return () if parent is None or name not in children else parent.iterchildren(name)


def own_pmid(parent: Children) -> tuple[int, int]:
    """MedlineCitation/PMID[1] and its @Version; never //PMID, which finds other works'."""
    element = parent.get("PMID")
    pmid = None if element is None else pmid_of(element.text)
    if element is None or pmid is None:
        raise Unreadable("has no PMID" if element is None else f"has no PMID but {plain(element)[:20]!r}")
    return pmid, pmid_of(element.get("Version")) or 1


def texts(elements: Iterable[Element] | None) -> tuple[str, ...]:
    """The text of each that has any."""
    return () if elements is None else tuple(filter(None, map(plain, elements)))


def other_abstracts(elements: Iterable[Element]) -> tuple[OtherAbstract, ...]:
    """OtherAbstract[@Type, @Language]/AbstractText, of MedlineCitation, not of Article."""
    return tuple(
        [
            OtherAbstract(each.get("Type", ""), each.get("Language", "eng"), found)
            for each in elements
            if (found := passages(each))
        ]
    )


def copyright_line(abstract: Element | None) -> str:
    """Abstract/CopyrightInformation, which is not part of the abstract."""
    return plain(children(abstract).get("CopyrightInformation"))


def pages(element: Element | None) -> str:
    """Pagination/MedlinePgn, else Pagination/StartPage, EndPage?."""
    parts = children(element)
    ends = (plain(parts.get("StartPage")), plain(parts.get("EndPage")))
    return plain(parts.get("MedlinePgn")) or "-".join(filter(None, ends))


def moments(history: tuple[Milestone, ...]) -> dict[str, datetime]:
    """PubMedPubDate by @PubStatus, the first of each: entrez is CRDT, pubmed EDAT, medline MHDA."""
    return {each.status: each.at for each in reversed(history) if not each.partial}
