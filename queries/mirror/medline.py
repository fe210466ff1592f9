"""A record as MEDLINE text (rettype=medline), which Bio.Medline and reference managers read.

Tags and their order: as recorded in May 2023, and "MEDLINE/PubMed Data Element Descriptions".
"""

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from queries.mirror.nlm_record import (
    NlmRecord,
    bracketed,
    compact_date,
    flat,
    full_name,
    printed_date,
    short_name,
)

_WIDTH = 81  # of a line's text; continuations are indented by six
_IN_WORDS = {  # how NLM writes what the ASCII of MEDLINE lacked
    **dict(
        zip(
            "αβγδεζηθικλμνξοπρστυφχψω",
            """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma
            tau upsilon phi chi psi omega""".split(),  # noqa: SIM905 - read as prose
            strict=True,
        )
    ),
    "µ": "mu",
    "Δ": "Delta",
    "©": "(c)",
    "®": "(R)",
    "™": "(TM)",
    "≥": ">/=",
    "≤": "</=",
    "±": "+/-",
    "\u00d7": "x",
    "\u00b0": " degrees ",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2013": "-",
    "\u2014": "-",
    "\u2026": "...",
}
_ASCII = str.maketrans(_IN_WORDS)
_LINKS = {  # RefType → tag
    "CommentIn": "CIN",
    "CommentOn": "CON",
    "ErratumIn": "EIN",
    "ErratumFor": "EFR",
    "CorrectedandRepublishedIn": "CRI",
    "CorrectedandRepublishedFrom": "CRF",
    "AssociatedDataset": "DDIN",
    "AssociatedPublication": "DRIN",
    "ExpressionOfConcernIn": "ECI",
    "ExpressionOfConcernFor": "ECF",
    "RepublishedIn": "RPI",
    "RepublishedFrom": "RPF",
    "RetractedandRepublishedIn": "RRI",
    "RetractedandRepublishedFrom": "RRF",
    "RetractionIn": "RIN",
    "RetractionOf": "ROF",
    "UpdateIn": "UIN",
    "UpdateOf": "UOF",
    "SummaryForPatientsIn": "SPIN",
    "OriginalReportIn": "ORI",
}


def medline(record: NlmRecord) -> str:
    """One record: a blank line, then tagged lines."""
    lines = [""]
    for tag, text in _fields(record):
        if text:
            first, *rest = folded(text, _WIDTH)
            lines += [f"{tag:<4}- {first}", *(f"      {line}" for line in rest)]
    return "\n".join(lines).translate(_ASCII) + "\n"


def folded(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` characters, each broken behind a space, which stays."""
    lines = [""]
    for word in re.findall(r"\S+\s*", text):
        if lines[-1] and len(lines[-1]) + len(word.rstrip()) > width:
            lines.append("")
        lines[-1] += word
    return lines


def _fields(record: NlmRecord) -> Iterator[tuple[str, str]]:  # noqa: C901 - a list of fields, not logic
    status = next((each.get("Status", "") for each in record.all("MedlineCitation")), "Publisher")
    owner = next((each.get("Owner", "NLM") for each in record.all("MedlineCitation")), "NLM")
    yield from (("PMID", record.pmid), ("OWN", owner), ("STAT", status))
    for path, tag in (("DateCompleted", "DCOM"), ("DateRevised", "LR")):
        yield tag, "".join(map(compact_date, record.citation(path)[:1]))
    for number, kind in record.issns():
        yield "IS", f"{number} ({kind})"
    yield "ISBN", record.text("Book/Isbn")
    yield from (
        ("VI", record.text("Journal/JournalIssue/Volume")),
        ("IP", record.text("Journal/JournalIssue/Issue")),
    )
    yield "DP", record.published
    for tag, path in (("TI", "ArticleTitle"), ("BTI", "Book/BookTitle")):
        yield tag, "".join(map(bracketed, record.article(path)[:1]))
    yield "PG", record.pages
    for location, kind in record.locations:
        yield "LID", f"{location} [{kind}]"
    yield "AB", _abstract(record.article("Abstract/AbstractText"))
    for other in record.citation("OtherAbstract"):
        yield "OAB", _abstract(other.findall("AbstractText"))
    yield "CI", record.text("Abstract/CopyrightInformation")
    yield from _people(record)
    for language in record.article("Language"):
        yield "LA", flat(language)
    for bank in record.all(".//DataBankList/DataBank"):
        name = "".join(map(flat, bank.findall("DataBankName")))
        for accession in bank.findall("AccessionNumberList/AccessionNumber"):
            yield "SI", f"{name}/{flat(accession)}"
    for grant in record.article("GrantList/Grant"):
        yield "GR", "/".join(text for child in grant if (text := flat(child)))
    for term in record.article("PublicationTypeList/PublicationType") or record.citation("PublicationType"):
        yield "PT", flat(term)
    yield "TT", "".join(map(bracketed, record.article("VernacularTitle")))
    yield "DEP", "".join(map(compact_date, record.article("ArticleDate")[:1]))
    yield from _journal_and_terms(record)
    yield from _dates_and_ids(record)


def _abstract(passages: list[Element]) -> str:
    labelled = ((each.get("Label", ""), bracketed(each)) for each in passages)
    return " ".join(f"{label}: {text}" if label else text for label, text in labelled)


def _people(record: NlmRecord) -> Iterator[tuple[str, str]]:
    for person in record.people():
        if (group := person.find("CollectiveName")) is not None:
            yield "CN", flat(group)
        else:
            yield from (("FAU", full_name(person)), ("AU", short_name(person)))
        for identifier in person.findall("Identifier"):
            yield "AUID", f"{identifier.get('Source', '')}: {flat(identifier)}"
        for affiliation in (*person.findall("AffiliationInfo/Affiliation"), *person.findall("Affiliation")):
            yield "AD", flat(affiliation)


def _journal_and_terms(record: NlmRecord) -> Iterator[tuple[str, str]]:
    yield "PL", record.text("MedlineJournalInfo/Country") or record.text("Book/Publisher/PublisherLocation")
    yield from (("PB", record.text("Book/Publisher/PublisherName")), ("TA", record.journal))
    yield from (("JT", record.text("Journal/Title")), ("JID", record.text("MedlineJournalInfo/NlmUniqueID")))
    for chemical in record.citation("ChemicalList/Chemical"):
        number, name = (flat(child) for child in chemical)
        yield "RN", f"{number} ({name})"
    for subset in record.citation("CitationSubset"):
        yield "SB", flat(subset)
    for link in record.citation("CommentsCorrectionsList/CommentsCorrections"):
        pmid = "".join(f" PMID: {flat(each)}" for each in link.findall("PMID"))
        source = "".join(map(flat, link.findall("RefSource"))).rstrip(".")
        if link.get("RefType", "") in _LINKS:
            yield _LINKS[link.get("RefType", "")], f"{source}.{pmid}"
    for heading in record.citation("MeshHeadingList/MeshHeading"):
        yield "MH", "/".join(_starred(each) for each in heading)
    for subject in record.citation("PersonalNameSubjectList/PersonalNameSubject"):
        yield from (("FPS", full_name(subject)), ("PS", short_name(subject)))
    for keyword_list in record.citation("KeywordList"):
        yield "OTO", keyword_list.get("Owner", "")
        for keyword in keyword_list:
            yield "OT", _starred(keyword)
    for investigator in record.citation("InvestigatorList/Investigator"):
        yield from (("FIR", full_name(investigator)), ("IR", short_name(investigator)))


def _starred(term: Element) -> str:
    return ("*" if term.get("MajorTopicYN") == "Y" else "") + bracketed(term)


def _dates_and_ids(record: NlmRecord) -> Iterator[tuple[str, str]]:
    yield from (("PMC", record.id("pmc")), ("MID", record.id("mid")))
    yield "COIS", record.text("CoiStatement")
    yield from (("EDAT", record.moment("pubmed")), ("MHDA", record.moment("medline")))
    yield from (("PMCR", record.moment("pmc-release")[:10]), ("CRDT", record.moment("entrez")))
    yield "CTDT", "".join(map(printed_date, record.citation("ContributionDate")[:1]))
    for status, moment in record.history():
        yield "PHST", f"{moment} [{status}]"
    for kind in ("pii", "doi", "bookaccession"):
        for name, number in record.ids:
            if name == kind:
                yield "AID", f"{number} [{kind}]"
    yield "PST", "".join(map(flat, record.data("PublicationStatus")))
    yield "SO", record.source
