"""ESummary's document summaries, from the records' own XML: versions 1 and 2.0 in XML, 0.3 in JSON.

Version 1 as recorded in November 2025. Version 2.0 and JSON hold the same fields under two spellings of
their names, as third parties have kept them; DTD esummary pubmed 20160808.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from queries.mirror import answers
from queries.mirror.answers import Response
from queries.mirror.fields import LANGUAGES
from queries.mirror.nlm_record import NlmRecord, flat, short_name

_STATUS = {"received": 1, "accepted": 2, "epublish": 3, "ppublish": 4, "revised": 5, "aheadofprint": 10}
_ECOLLECTION = 256
_RECORD_STATUS = {
    "MEDLINE": "PubMed - indexed for MEDLINE",
    "PubMed-not-MEDLINE": "PubMed",
    "Publisher": "PubMed - as supplied by publisher",
    "In-Process": "PubMed - in process",
    "In-Data-Review": "PubMed - in process",
    "OLDMEDLINE": "PubMed - OLDMEDLINE",
}
_NAMES = {code: name.title() for name, code in LANGUAGES.items()}
_ID_TYPES = {"pubmed": 1, "doi": 3, "pii": 4, "pmcid": 5}  # all others are 8
_LISTS = {"Lang": "string", "PubType": "flag", "Attributes": "flag"}  # the elements of 2.0's plain lists
_ELEMENTS = """PubDate EPubDate Source Authors LastAuthor Title SortTitle Volume Issue Pages Lang NlmUniqueID
    ISSN ESSN PubType RecordStatus PubStatus ArticleIds History References Attributes PmcRefCount
    FullJournalName ELocationID DocType SrcContribList BookTitle Medium Edition PublisherLocation
    PublisherName SrcDate ReportNumber AvailableFromURL LocationLabel DocContribList DocDate BookName
    Chapter SortPubDate SortFirstAuthor VernacularTitle"""
_NO_SUMMARY = "cannot get document summary"


def summaries_xml(pmids: Sequence[int], records: Mapping[int, NlmRecord]) -> Response:
    """Version 1; an id without a record is an ERROR of its own among the others."""
    parts = [
        _doc_sum(records[pmid]) if pmid in records else f"\n<ERROR>UID={pmid}: {_NO_SUMMARY}</ERROR>"
        for pmid in pmids
    ]
    return answers.wrapped("esummary", "".join(parts) + "\n")


def summaries_json(pmids: Sequence[int], records: Mapping[int, NlmRecord]) -> Response:
    """Version 0.3."""
    result: dict[str, object] = {"uids": [str(pmid) for pmid in pmids]}
    for pmid in pmids:
        unknown: dict[str, object] = {"uid": str(pmid), "error": _NO_SUMMARY}
        result[str(pmid)] = {"uid": str(pmid), **_document(records[pmid])} if pmid in records else unknown
    return answers.as_json({"header": answers.header("esummary"), "result": result})


def summaries_2(pmids: Sequence[int], records: Mapping[int, NlmRecord], build: str) -> Response:
    """Version 2.0."""
    parts = [
        f"\n<DocumentSummary uid={quoteattr(str(pmid))}>"
        + (_elements(records[pmid]) if pmid in records else f"\n<error>{_NO_SUMMARY}</error>\n")
        + "</DocumentSummary>\n"
        for pmid in pmids
    ]
    return answers.document_summaries(f"<DbBuild>{build}</DbBuild>\n{''.join(parts)}\n")


def _elements(record: NlmRecord) -> str:
    document = _document(record)
    rows = [f"\n\t<{name}>{_inside(name, document[name.lower()])}</{name}>" for name in _ELEMENTS.split()]
    return "".join(rows) + "\n"


def _inside(name: str, value: Any) -> str:  # noqa: ANN401 - strings, lists of strings, lists of dictionaries
    if not isinstance(value, list):
        return escape(str(value))
    if name in _LISTS:
        return "".join(f"\n\t\t<{_LISTS[name]}>{escape(each)}</{_LISTS[name]}>" for each in value)
    tags = {
        "Authors": ("Author", ("Name", "AuthType", "ClusterID")),
        "ArticleIds": ("ArticleId", ("IdType", "IdTypeN", "Value")),
        "History": ("PubMedPubDate", ("PubStatus", "Date")),
        "References": ("Reference", ("RefSource", "RefType", "PMID", "Note")),
    }
    if name not in tags:
        return ""
    tag, parts = tags[name]
    rows = (
        "".join(f"<{part}>{escape(str(each[part.lower()]))}</{part}>" for part in parts) for each in value
    )
    return "".join(f"\n\t\t<{tag}>{row}</{tag}>" for row in rows)


def _document(record: NlmRecord) -> dict[str, Any]:
    """The fields of JSON and 2.0 by their small names."""
    authors = [
        {
            "name": short_name(person),
            "authtype": "CollectiveName" if person.find("CollectiveName") is not None else "Author",
            "clusterid": "",
        }
        for person in record.people()
    ]
    issns = dict(reversed([(kind, number) for number, kind in record.issns()]))
    status = "".join(map(flat, record.data("PublicationStatus")))
    links = [
        {
            "refsource": "".join(map(flat, each.findall("RefSource"))),
            "reftype": _spaced(each.get("RefType", "")),
            "pmid": int("".join(map(flat, each.findall("PMID"))) or 0),
            "note": "".join(map(flat, each.findall("Note"))),
        }
        for each in record.citation("CommentsCorrectionsList/CommentsCorrections")
    ]
    ids = record.ids or [("pubmed", record.pmid)]
    return {
        "pubdate": record.published,
        "epubdate": record.electronic,
        "source": record.journal,
        "authors": authors,
        "lastauthor": authors[-1]["name"] if authors else "",
        "title": record.title,
        "sorttitle": " ".join(re.findall(r"\w+", re.sub(r"^\W*(the|an|a)\s", "", record.title.lower()))),
        "volume": record.text("Journal/JournalIssue/Volume"),
        "issue": record.text("Journal/JournalIssue/Issue"),
        "pages": record.pages,
        "lang": [flat(each) for each in record.article("Language")],
        "nlmuniqueid": record.text("MedlineJournalInfo/NlmUniqueID"),
        "issn": issns.get("Print", ""),
        "essn": issns.get("Electronic", ""),
        "pubtype": publication_types(record),
        "recordstatus": _record_status(record),
        "pubstatus": str(_ECOLLECTION if status == "ecollection" else _STATUS.get(status, "")),
        "articleids": [
            {"idtype": kind, "idtypen": _ID_TYPES.get(kind, 8), "value": number} for kind, number in ids
        ],
        "history": [{"pubstatus": status, "date": moment} for status, moment in record.history()],
        "references": links,
        "attributes": ["Has Abstract"] if record.article("Abstract/AbstractText") else [],
        "pmcrefcount": "",
        "fulljournalname": record.text("Journal/Title"),
        "elocationid": _location(record),
        "doctype": "chapter" if record.is_book else "citation",
        "srccontriblist": [],
        "booktitle": record.text("Book/BookTitle"),
        "medium": "",
        "edition": "",
        "publisherlocation": record.text("Book/Publisher/PublisherLocation"),
        "publishername": record.text("Book/Publisher/PublisherName"),
        "srcdate": "",
        "reportnumber": "",
        "availablefromurl": "",
        "locationlabel": "",
        "doccontriblist": [],
        "docdate": "",
        "bookname": "",
        "chapter": "",
        "sortpubdate": f"{record.sort_date} 00:00" if record.sort_date else "",
        "sortfirstauthor": authors[0]["name"] if authors else "",
        "vernaculartitle": record.text("VernacularTitle"),
    }


def publication_types(record: NlmRecord) -> list[str]:
    """The publication types, of a book too."""
    found = record.article("PublicationTypeList/PublicationType") or record.citation("PublicationType")
    return [flat(each) for each in found]


def _record_status(record: NlmRecord) -> str:
    status = next((each.get("Status", "") for each in record.all("MedlineCitation")), "")
    return _RECORD_STATUS.get(status, "PubMed")


def _location(record: NlmRecord) -> str:
    return ". ".join(f"{kind}: {location}" for location, kind in record.locations)


def _spaced(kind: str) -> str:
    """A RefType as ESummary writes it: "Comment in"."""
    return re.sub(r"(?<=[a-z])(In|On|Of|For|From)$", lambda end: f" {end[1].lower()}", kind)


def _doc_sum(record: NlmRecord) -> str:
    document = _document(record)
    status = "".join(map(flat, record.data("PublicationStatus")))
    languages = [("Lang", _NAMES.get(code, code)) for code in document["lang"]]
    items = (
        _item("PubDate", "Date", document["pubdate"]),
        _item("EPubDate", "Date", document["epubdate"]),
        _item("Source", "String", document["source"]),
        _list("AuthorList", (("Author", author["name"]) for author in document["authors"])),
        _item("LastAuthor", "String", document["lastauthor"]),
        _item("Title", "String", document["title"]),
        _item("Volume", "String", document["volume"]),
        _item("Issue", "String", document["issue"]),
        _item("Pages", "String", document["pages"]),
        _list("LangList", languages),
        _item("NlmUniqueID", "String", document["nlmuniqueid"]),
        _item("ISSN", "String", document["issn"]),
        _item("ESSN", "String", document["essn"]),
        _list("PubTypeList", (("PubType", name) for name in document["pubtype"])),
        _item("RecordStatus", "String", document["recordstatus"]),
        _item("PubStatus", "String", status),
        _list("ArticleIds", ((each["idtype"], each["value"]) for each in document["articleids"])),
        _list("History", ((each["pubstatus"], each["date"]) for each in document["history"]), "Date"),
        _list("References", ()),
        _item("HasAbstract", "Integer", str(len(document["attributes"]))),
        _item("PmcRefCount", "Integer", "0"),
        _item("FullJournalName", "String", document["fulljournalname"]),
        _item("ELocationID", "String", document["elocationid"]),
        _item("SO", "String", record.issue),
    )
    return f"\n<DocSum>\n\t<Id>{record.pmid}</Id>{''.join(items)}\n</DocSum>\n"


def _item(name: str, kind: str, text: str) -> str:
    return f"\n\t<Item Name={quoteattr(name)} Type={quoteattr(kind)}>{escape(text)}</Item>"


def _list(name: str, pairs: Iterable[tuple[str, str]], kind: str = "String") -> str:
    inside = "".join(
        f"\n\t\t<Item Name={quoteattr(each)} Type={quoteattr(kind)}>{escape(text)}</Item>"
        for each, text in pairs
    )
    return f'\n\t<Item Name={quoteattr(name)} Type="List">{inside}{chr(10) + chr(9) if inside else ""}</Item>'
