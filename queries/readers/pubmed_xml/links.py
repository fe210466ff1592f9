"""What an article is called elsewhere, and which other works it points to."""

from collections.abc import Iterable

from lxml.etree import _Element as Element

from queries.readers.pubmed_xml.markup import leaf, plain
from queries.records.article import Link, OtherId, Reference
from queries.records.ids import clean_doi, clean_pmcid

_LINK = "CommentsCorrections"
_OWN_IDS = ("doi", "pii", "pmc", "bookaccession")  # fields of Article hold them
_LONGEST_PMID = 9  # PubMed's have 8 digits


def pmid_of(text: str | None) -> int | None:
    """The PMID that `text` is, or None."""
    if text and (text.isdecimal() or (text := text.strip()).isdecimal()) and len(text) <= _LONGEST_PMID:
        return int(text) or None
    return None


def article_ids(
    listing: Element | None, elsewhere: Iterable[Element], pmid: int
) -> tuple[dict[str, str], tuple[OtherId, ...]]:
    """ArticleIdList/ArticleId by @IdType, the first of each, and all others; pass PubmedData's own list.

    The others are those of further types and values, and MedlineCitation/OtherID[@Source].
    ReferenceList/Reference/ArticleIdList has the same shape and belongs to the works cited.
    """
    pairs = [] if listing is None else [(each.get("IdType", "pubmed"), plain(each)) for each in listing]
    ids = dict(reversed(pairs))
    known = {"", str(pmid), *(ids.get(kind, "") for kind in _OWN_IDS)}
    pairs += [(each.get("Source", ""), plain(each)) for each in elsewhere]
    others = [OtherId(*pair) for pair in pairs if pair[1] not in known]
    return ids, tuple(dict.fromkeys(others)) if others else ()


def old_pmcid(others: Iterable[OtherId]) -> str:
    """The PMCID in OtherID[@Source='NLM'], which older files have instead of an ArticleId."""
    numbers = (each.number for each in others if each.source == "NLM" and each.number.startswith("PMC"))
    return next((found for each in numbers if (found := clean_pmcid(each.partition(" ")[0]))), "")


def location(elements: Iterable[Element], kind: str) -> str:
    """Article/ELocationID[@EIdType=kind], the first that is not @ValidYN N; "" if none."""
    for each in elements:
        if each.get("EIdType") == kind and each.get("ValidYN") != "N":
            return plain(each)
    return ""


def links(lists: Iterable[Element]) -> tuple[Link, ...]:
    """CommentsCorrectionsList/CommentsCorrections[@RefType]: RefSource, PMID?, Note?.

    Until 2010 CommentsCorrections/CommentIn (RetractionIn, ...) with the same in it, and no list.
    """
    found: list[Link] = []
    for listing in lists:
        for each in (listing,) if listing.tag == _LINK else listing:
            if each.tag != _LINK:
                continue
            if kind := each.get("RefType"):
                found.append(_link(each, kind))
            else:
                found += [_link(old, old.tag) for old in each if len(old)]
    return tuple(found)


def references(lists: Iterable[Element]) -> tuple[Reference, ...]:
    """PubmedData/ReferenceList//Reference (lists nest): Citation, ArticleIdList?."""
    return tuple([_reference(each) for listing in lists for each in listing.iter("Reference")])


def _link(element: Element, kind: str) -> Link:
    pmid, source, note = None, "", ""
    for child in element:
        tag = child.tag
        if tag == "RefSource":
            source = leaf(child)
        elif tag == "PMID":
            pmid = pmid or pmid_of(child.text)
        elif tag == "Note":
            note = leaf(child)
    return Link(kind, pmid, source, note)


def _reference(element: Element) -> Reference:
    citation, pmid, doi, pmcid = "", None, "", ""
    for child in element:
        tag = child.tag
        if tag == "Citation":
            citation = plain(child)
        elif tag == "ArticleIdList":
            for each in child:
                kind, text = each.get("IdType"), each.text or ""
                if kind == "pubmed":
                    pmid = pmid or pmid_of(text)
                elif kind == "doi":
                    doi = doi or clean_doi(text)
                elif kind == "pmc":
                    pmcid = pmcid or clean_pmcid(text)
    return Reference(citation, pmid, doi, pmcid)
