"""Records as text to be read: rettype=abstract and rettype=docsum with retmode=text.

The first as recorded in May 2023; the second as PubMed's "Summary (text)" export.
"""

from collections.abc import Iterator, Sequence

from lxml.etree import _Element as Element

from queries.mirror.medline import folded
from queries.mirror.nlm_record import NlmRecord, flat, short_name

_WIDTH = 80
_LINKS = {  # RefType → heading, in PubMed's order
    "CommentIn": "Comment in",
    "CommentOn": "Comment on",
    "ErratumIn": "Erratum in",
    "ErratumFor": "Erratum for",
    "ExpressionOfConcernIn": "Expression of concern in",
    "ExpressionOfConcernFor": "Expression of concern for",
    "RetractionIn": "Retraction in",
    "RetractionOf": "Retraction of",
    "UpdateIn": "Update in",
    "UpdateOf": "Update of",
}
_STATES = {
    "MEDLINE": " [Indexed for MEDLINE]",
    "In-Process": " [PubMed - in process]",
    "In-Data-Review": " [PubMed - in process]",
    "Publisher": " [PubMed - as supplied by publisher]",
}


def abstracts(records: Sequence[NlmRecord]) -> str:
    """The records, numbered from 1, two empty lines between them."""
    return "\n\n\n".join(_abstract(number, record) for number, record in enumerate(records, 1))


def summaries(records: Sequence[NlmRecord]) -> str:
    """One paragraph a record: number, authors, title, source, PMID."""
    return "\n\n".join(
        "\n".join(folded(f"{number}: {_summary(record)}", _WIDTH)).replace(" \n", "\n")
        for number, record in enumerate(records, 1)
    )


def _summary(record: NlmRecord) -> str:
    names = ", ".join(map(short_name, record.people()))
    title = record.title if record.title[-1:] in ".?!" else f"{record.title}."
    parts = [f"{names}." if names else "", title, record.source, f"PubMed PMID: {record.pmid}"]
    parts += [f"PubMed Central PMCID: {pmcid}"] if (pmcid := record.id("pmc")) else []
    return "; ".join([" ".join(filter(None, parts[:-1])).rstrip("."), parts[-1]]) + "."


def _abstract(number: int, record: NlmRecord) -> str:
    head = f"{number}. {record.source}"
    parts = [_head(head), _paragraph(record.title)]
    places: dict[str, int] = {}
    names = [_numbered(person, places) for person in record.people()]
    if names:
        parts.append(_paragraph(", ".join(names) + "."))
    if places:
        lines = [_paragraph(f"({nth}){place}") for place, nth in places.items()]
        parts.append("\n".join(["Author information:", *lines]))
    parts += _links(record)
    parts += _passages(record.article("Abstract/AbstractText"))
    parts += map(_paragraph, filter(None, [record.text("Abstract/CopyrightInformation")]))
    parts.append("\n".join(_numbers(record)))
    if coi := record.text("CoiStatement"):
        parts.append(_paragraph(f"Conflict of interest statement: {coi}"))
    return "\n\n".join(filter(None, parts))


def _head(text: str) -> str:
    """The source, whose lines are broken before the space and one character later, as NLM's are."""
    if len(text) <= _WIDTH + 1:
        return text
    cut = text.rfind(" ", 0, _WIDTH + 2)
    return f"{text[:cut]}\n{text[cut:]}"


def _paragraph(text: str) -> str:
    return "\n".join(folded(text, _WIDTH))


def _numbered(person: Element, places: dict[str, int]) -> str:
    """A name with the numbers of its affiliations; new ones are added to `places`."""
    own = [
        flat(each) for path in ("AffiliationInfo/Affiliation", "Affiliation") for each in person.findall(path)
    ]
    if not own:
        return short_name(person)
    return short_name(person) + "".join(f"({places.setdefault(place, len(places) + 1)})" for place in own)


def _links(record: NlmRecord) -> Iterator[str]:
    links = record.citation("CommentsCorrectionsList/CommentsCorrections")
    for kind, heading in _LINKS.items():
        sources = [
            "".join(map(flat, each.findall("RefSource"))) for each in links if each.get("RefType") == kind
        ]
        if sources:
            yield "\n".join([heading, *(f"    {source.rstrip('.')}." for source in sources)])


def _passages(passages: Sequence[Element]) -> Iterator[str]:
    labelled = [(each.get("Label", ""), flat(each)) for each in passages]
    if labelled:
        yield "\n".join(_paragraph(f"{label}: {text}" if label else text) for label, text in labelled)


def _numbers(record: NlmRecord) -> Iterator[str]:
    if doi := record.id("doi"):
        yield f"DOI: {doi}"
    if pmcid := record.id("pmc"):
        yield f"PMCID: {pmcid}"
    status = next((each.get("Status", "") for each in record.all("MedlineCitation")), "")
    yield f"PMID: {record.pmid}{_STATES.get(status, '')}"
