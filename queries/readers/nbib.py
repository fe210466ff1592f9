"""MEDLINE text (NBIB), which PubMed and reference managers export, as Articles.

It holds less than the XML: no markup, no ids of terms, no references. Tags are NLM's
("MEDLINE/PubMed Data Element Descriptions").
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from queries.errors import RecordsError
from queries.readers.bounded import LONGEST
from queries.readers.pubmed_xml.dates import free_date, iso_date
from queries.readers.pubmed_xml.links import old_pmcid, pmid_of
from queries.readers.pubmed_xml.markup import shown, tidy
from queries.readers.pubmed_xml.people import clean_orcid
from queries.records.article import (
    Accession,
    Article,
    Author,
    Chemical,
    Heading,
    Issn,
    Journal,
    Keyword,
    Link,
    Milestone,
    Note,
    OtherId,
    Passage,
    Qualifier,
    Term,
)
from queries.records.ids import clean_doi, clean_pmcid

Lines = list[tuple[str, list[str]]]  # of one record: tag and value, which may go over several lines
Record = dict[str, tuple[str, ...]]

_LINE = re.compile(r"([A-Z0-9]{2,4}) {0,2}- ?(.*)")
_GOES_ON = " " * 6
_ID = re.compile(r"(\S+) \[(\w+)\]")
_REMEDY = "Export it again, in the format that PubMed calls PubMed"
_PMID_AT_END = re.compile(r"PMID: *(\d+)")
_CHEMICAL = re.compile(r"(\S+(?: [^\s(]\S*)?) \((.*)\)")
_SUFFIX = re.compile(r"(.+) (Jr|Sr|\d(?:st|nd|rd|th)|II|III|IV)\.?")
_STAMP = re.compile(r"(\d{4})/(\d{2})/(\d{2})(?: (\d{2}):(\d{2}))?")
_LINKS = {
    "CIN": "CommentIn", "CON": "CommentOn", "EIN": "ErratumIn", "EFR": "ErratumFor", "RIN": "RetractionIn",
    "ROF": "RetractionOf", "UIN": "UpdateIn", "UOF": "UpdateOf", "ECI": "ExpressionOfConcernIn",
    "ECF": "ExpressionOfConcernFor", "RPI": "RepublishedIn", "RPF": "RepublishedFrom",
    "CRI": "CorrectedandRepublishedIn", "CRF": "CorrectedandRepublishedFrom", "SPIN": "SummaryForPatientsIn",
    "PRIN": "PartialRetractionIn", "PROF": "PartialRetractionOf", "ORI": "OriginalReportIn",
    "RRI": "RetractedandRepublishedIn", "RRF": "RetractedandRepublishedFrom",
}  # fmt: skip


def read_nbib(lines: Iterable[str], file: str) -> Iterator[Article]:
    """The records of MEDLINE lines; RecordsError names the file, the line or record, and the field."""
    for number, record in enumerate(_records(lines, file), 1):
        pmid = pmid_of(next((_value(parts) for tag, parts in record if tag == "PMID"), ""))
        if pmid is None:
            raise RecordsError(f"{file}, record {number}", "has no PMID", _REMEDY)
        yield _article(pmid, record)


def _records(lines: Iterable[str], file: str) -> Iterator[Lines]:
    record: Lines = []
    size = 0
    for number, line in enumerate(lines, 1):
        where = f"{file}, line {number}"
        line = line.strip("\ufeff\r\n")  # noqa: PLW2901 - the same line
        found = _LINE.match(line)
        if not line.strip() and not line.startswith(_GOES_ON):
            if record:
                yield record
            record, size = [], 0
        elif line.startswith(_GOES_ON):
            if not record:
                raise RecordsError(where, "goes on with what nothing began", _REMEDY)
            record[-1][1].append(line.strip())
        elif found:
            record.append((found[1], [found[2].strip()]))
        else:
            raise RecordsError(where, "is not MEDLINE text: it has no tag", _REMEDY)
        size += len(line)
        if size > LONGEST:
            raise RecordsError(where, f"belongs to a record of more than {LONGEST >> 20} MB", _REMEDY)
    if record:
        yield record


def _value(parts: Iterable[str]) -> str:
    return tidy(" ".join(parts))


def mesh_heading(text: str) -> Heading:
    """MH: "*Mice/blood/*genetics"; a star marks a major topic."""
    descriptor, *rest = text.split("/")
    qualifiers = tuple(Qualifier("", each.lstrip("*"), each.startswith("*")) for each in rest)
    itself, below = descriptor.startswith("*"), any(each.major for each in qualifiers)
    return Heading("", descriptor.lstrip("*"), itself or below, qualifiers, itself and below)


def _article(pmid: int, lines: Lines) -> Article:
    values: defaultdict[str, list[str]] = defaultdict(list)
    for tag, parts in lines:
        values[tag].append(_value(parts))
    record = {tag: tuple(each) for tag, each in values.items()}
    title, abstract = _one(record, "TI") or _one(record, "BTI"), _one(record, "AB")
    history = tuple(_history(record))
    at = {each.status: each.at for each in reversed(history)}
    ids = _ids(record)
    others = tuple(_other_id(each) for each in _all(record, "OID"))
    return Article(
        pmid=pmid,
        status=_one(record, "STAT"),
        title=title,
        title_html=shown(None, title),
        vernacular_title=_one(record, "TT"),
        abstract=(Passage("", "", abstract, shown(None, abstract)),) if abstract else (),
        copyright=_one(record, "CI"),
        authors=_people(lines, "FAU", "AU", "AD"),
        investigators=_people(lines, "FIR", "IR", "IRAD"),
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
        pmcid=clean_pmcid(_one(record, "PMC")) or old_pmcid(others),
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
        issns=tuple(_issn(each) for each in _all(record, "IS")),
        other_ids=others,
        notes=tuple(Note("NLM", each) for each in _all(record, "GN")),
        subsets=_all(record, "SB"),
    )


def _all(record: Record, tag: str) -> tuple[str, ...]:
    return record.get(tag, ())


def _one(record: Record, tag: str) -> str:
    return " ".join(_all(record, tag))


def _people(lines: Lines, full: str, short: str, place: str) -> tuple[Author, ...]:
    """FAU with AU's initials, or either alone, and CN, each with the AUID and AD that follow."""
    people: list[Author] = []
    before = ""
    for tag, parts in lines:
        text = _value(parts)
        if tag == full:
            last, comma, fore = text.partition(", ")
            people.append(Author(last, fore) if comma else Author(text))
        elif tag == short:
            named = _SUFFIX.fullmatch(text)
            text, suffix = (named[1], named[2]) if named else (text, "")
            last, _, initials = text.rpartition(" ")
            if before != full:
                people.append(Author(last or text))
            person = people[-1]
            if last:
                known = person.last if person.fore else last
                fore = person.fore.removesuffix(f" {suffix}") if suffix else person.fore
                people[-1] = person._replace(last=known, fore=fore, initials=initials, suffix=suffix)
        elif tag == "CN" and full == "FAU":
            people.append(Author(collective=text))
        elif people and tag == place:
            people[-1] = people[-1]._replace(affiliations=(*people[-1].affiliations, text))
        elif people and tag == "AUID" and full == "FAU":
            people[-1] = people[-1]._replace(orcid=people[-1].orcid or clean_orcid(text))
        before = tag
    return tuple(people)


def _journal(record: Record) -> Journal:
    issn = next((_issn(each).number for each in _all(record, "IS")), "")
    rest = (_one(record, tag) for tag in ("JID", "VI", "IP", "PL"))
    return Journal(_one(record, "JT"), _one(record, "TA"), issn, *rest)


def _issn(text: str) -> Issn:
    """IS: "1111-2222 (Print)"."""
    number, _, kind = text.partition(" ")
    return Issn(kind.strip("()"), number)


def _ids(record: Record) -> dict[str, str]:
    """LID and AID: "10.5555/x [doi]"; the first of each kind."""
    listed = f"{_one(record, 'LID')} {_one(record, 'AID')}"
    return {kind: value for value, kind in reversed(_ID.findall(listed))}


def _other_id(text: str) -> OtherId:
    """OID: "NLM: PMC84027"."""
    source, _, number = text.rpartition(": ")
    return OtherId(source, number)


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
