"""MEDLINE text (NBIB), which PubMed and reference managers export, as Articles.

It holds less than the XML: no markup, no ids of terms, no references. Tags are NLM's
("MEDLINE/PubMed Data Element Descriptions"); Bio.Medline takes the lines apart.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime

from Bio import Medline

from queries.errors import RecordsError
from queries.readers.pubmed_xml.dates import free_date, iso_date
from queries.readers.pubmed_xml.links import pmid_of
from queries.readers.pubmed_xml.markup import shown, tidy
from queries.readers.pubmed_xml.people import clean_orcid
from queries.records.article import (
    Accession,
    Article,
    Author,
    Chemical,
    Heading,
    Journal,
    Keyword,
    Link,
    Milestone,
    Passage,
    Qualifier,
    Term,
)
from queries.records.ids import clean_doi, clean_pmcid

Record = dict[str, str | list[str]]

_ID = re.compile(r"(\S+) \[(\w+)\]")
_REMEDY = "Export it again, in the format that PubMed calls PubMed"
_PMID_AT_END = re.compile(r"PMID: *(\d+)")
_CHEMICAL = re.compile(r"(\S+(?: \S+)?) \((.*)\)")
_STAMP = re.compile(r"(\d{4})/(\d{2})/(\d{2})(?: (\d{2}):(\d{2}))?")
_LINKS = {
    "CIN": "CommentIn", "CON": "CommentOn", "EIN": "ErratumIn", "EFR": "ErratumFor", "RIN": "RetractionIn",
    "ROF": "RetractionOf", "UIN": "UpdateIn", "UOF": "UpdateOf", "ECI": "ExpressionOfConcernIn",
    "ECF": "ExpressionOfConcernFor", "RPI": "RepublishedIn", "RPF": "RepublishedFrom",
    "CRI": "CorrectedandRepublishedIn", "CRF": "CorrectedandRepublishedFrom", "SPIN": "SummaryForPatientsIn",
    "ORI": "OriginalReportIn", "RRI": "RetractedandRepublishedIn", "RRF": "RetractedandRepublishedFrom",
}  # fmt: skip


def read_nbib(text: str, file: str) -> Iterator[Article]:
    """The records of MEDLINE text; RecordsError names the file and the record that is none."""
    lines = text.strip().replace("\r\n", "\n").split("\n")
    records = Medline.parse([line + "\n" for line in lines])  # type: ignore[no-untyped-call]  # Bio has no types
    number = 0
    while True:
        number += 1
        try:
            record = next(records, None)
        except KeyError as trouble:  # a line goes on with what nothing began
            raise RecordsError(f"{file}, record {number}", "is not MEDLINE text", _REMEDY) from trouble
        if record is None:
            return
        pmid = pmid_of(_one(record, "PMID"))
        if pmid is None:
            raise RecordsError(f"{file}, record {number}", "has no PMID", _REMEDY)
        yield _article(pmid, record)


def mesh_heading(text: str) -> Heading:
    """MH: "*Mice/blood/*genetics"; a star marks a major topic."""
    descriptor, *rest = text.split("/")
    qualifiers = tuple(Qualifier("", each.lstrip("*"), each.startswith("*")) for each in rest)
    major = descriptor.startswith("*") or any(each.major for each in qualifiers)
    return Heading("", descriptor.lstrip("*"), major, qualifiers)


def _article(pmid: int, record: Record) -> Article:
    title, abstract = _one(record, "TI"), _one(record, "AB")
    history = tuple(_history(record))
    at = {each.status: each.at for each in reversed(history)}
    ids = _ids(record)
    return Article(
        pmid=pmid,
        status=_one(record, "STAT"),
        title=title,
        title_html=shown(None, title),
        vernacular_title=_one(record, "TT"),
        abstract=(Passage("", "", abstract, shown(None, abstract)),) if abstract else (),
        copyright=_one(record, "CI"),
        authors=_authors(record),
        journal=_journal(record),
        pages=_one(record, "PG"),
        published=free_date(_one(record, "DP")),
        published_text=_one(record, "DP"),
        electronic=_day(_one(record, "DEP")),
        created=at.get("entrez"),
        entered=at.get("pubmed"),
        indexed=at.get("medline"),
        revised=_date(_one(record, "LR")),
        completed=_date(_one(record, "DCOM")),
        history=history,
        publication_status=_one(record, "PST"),
        doi=clean_doi(ids.get("doi", "")),
        pii=ids.get("pii", ""),
        pmcid=clean_pmcid(_one(record, "PMC")),
        languages=_all(record, "LA"),
        publication_types=tuple(Term("", each) for each in _all(record, "PT")),
        mesh=tuple(mesh_heading(each) for each in _all(record, "MH")),
        supplementary=tuple(Term("", each) for each in _all(record, "NM")),
        chemicals=tuple(_chemical(each) for each in _all(record, "RN")),
        genes=_all(record, "GS"),
        keywords=tuple(
            Keyword(each.lstrip("*"), _one(record, "OTO") or "NOTNLM", each.startswith("*"))
            for each in _all(record, "OT")
        ),
        accessions=tuple(_accession(each) for each in _all(record, "SI")),
        links=tuple(_link(kind, each) for tag, kind in _LINKS.items() for each in _all(record, tag)),
        coi=_one(record, "COIS"),
    )


def _all(record: Record, tag: str) -> tuple[str, ...]:
    said = record.get(tag, ())
    return tuple(map(tidy, [said] if isinstance(said, str) else said))


def _one(record: Record, tag: str) -> str:
    return " ".join(_all(record, tag))


def _authors(record: Record) -> tuple[Author, ...]:
    """FAU with AU's initials, and CN last; Bio.Medline keeps no tie of AD and AUID to the author."""
    full, short = _all(record, "FAU"), _all(record, "AU")
    if len(full) != len(short):
        full = short = full or short
    named = []
    for name, brief in zip(full, short, strict=True):
        last, comma, fore = name.partition(", ")
        initials = brief.rpartition(" ")[2] if " " in brief else ""
        named.append(
            Author(last, fore, initials)
            if comma
            else Author(brief.removesuffix(f" {initials}"), "", initials)
        )
    if len(named) == 1:
        named = [named[0]._replace(affiliations=_all(record, "AD"), orcid=clean_orcid(_one(record, "AUID")))]
    return (*named, *(Author(collective=each) for each in _all(record, "CN")))


def _journal(record: Record) -> Journal:
    issn = _one(record, "IS").partition(" ")[0]
    said = (_one(record, tag) for tag in ("JID", "VI", "IP", "PL"))
    return Journal(_one(record, "JT"), _one(record, "TA"), issn, *said)


def _ids(record: Record) -> dict[str, str]:
    """LID and AID: "10.5555/x [doi]"; the first of each kind."""
    said = f"{_one(record, 'LID')} {_one(record, 'AID')}"
    return {kind: value for value, kind in reversed(_ID.findall(said))}


def _history(record: Record) -> Iterator[Milestone]:
    """CRDT, EDAT, MHDA, and PHST with its status in brackets."""
    for tag, status in (("CRDT", "entrez"), ("EDAT", "pubmed"), ("MHDA", "medline"), ("PHST", "")):
        for each in _all(record, tag):
            stamp = _STAMP.match(each)
            try:
                at = datetime(*map(int, filter(None, stamp.groups()))) if stamp else None  # type: ignore[arg-type]  # noqa: DTZ001 - PubMed's own clock, see records
            except ValueError:
                continue
            if at:
                yield Milestone(status or each.partition("[")[2].rstrip("]"), at)


def _day(text: str) -> str:
    """20260601 as an ISO date."""
    return iso_date(text[:4], text[4:6], text[6:8])


def _date(text: str) -> date | None:
    day = _day(text)
    return date.fromisoformat(day) if len(day) == len("2026-06-01") else None


def _chemical(text: str) -> Chemical:
    """RN: "0 (Tablets)"."""
    found = _CHEMICAL.fullmatch(text)
    return Chemical(found.group(1), "", found.group(2)) if found else Chemical("0", "", text)


def _accession(text: str) -> Accession:
    """SI: "ClinicalTrials.gov/NCT00000001"."""
    bank, _, number = text.partition("/")
    return Accession(bank, number)


def _link(kind: str, text: str) -> Link:
    """CIN and its like: "J Inv. 2026;1:2. doi: ... PMID: 90000001"."""
    found = _PMID_AT_END.search(text)
    return Link(kind, pmid_of(found.group(1)) if found else None, text, "")
