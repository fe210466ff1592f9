"""ESummary's document summaries, from the records' own XML: version 1 in XML, 0.3 in JSON."""

import re
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from queries.mirror import answers
from queries.mirror.answers import Response
from queries.mirror.index import short_name
from queries.readers.pubmed_xml import read
from queries.records.article import Article

_ISSN = re.compile(rb"<ISSN IssnType=\"(\w+)\">([^<]+)<")
# ASN.1 PubStatus
_STATUS = {"received": 1, "accepted": 2, "epublish": 3, "ppublish": 4, "revised": 5, "aheadofprint": 10}
_ECOLLECTION = 256
_RECORD_STATUS = {
    "MEDLINE": "PubMed - indexed for MEDLINE",
    "PubMed-not-MEDLINE": "PubMed",
    "Publisher": "PubMed - as supplied by publisher",
    "In-Process": "PubMed - in process",
    "In-Data-Review": "PubMed - in process",
}
_LANGUAGES = {
    "eng": "English",
    "fre": "French",
    "ger": "German",
    "chi": "Chinese",
    "jpn": "Japanese",
    "spa": "Spanish",
}


def summaries_xml(pmids: Sequence[int], raw: Mapping[int, bytes]) -> Response:
    """Version 1; an id without a record is an ERROR of its own among the others."""
    parts = [
        _doc_sum(*_read(raw[pmid]))
        if pmid in raw
        else f"\n<ERROR>UID={pmid}: cannot get document summary</ERROR>"
        for pmid in pmids
    ]
    return answers.wrapped("esummary", "".join(parts) + "\n")


def summaries_json(pmids: Sequence[int], raw: Mapping[int, bytes]) -> Response:
    """Version 0.3."""
    result: dict[str, object] = {"uids": [str(pmid) for pmid in pmids]}
    for pmid in pmids:
        unknown: dict[str, object] = {"uid": str(pmid), "error": "cannot get document summary"}
        result[str(pmid)] = _document(*_read(raw[pmid])) if pmid in raw else unknown
    return answers.as_json({"header": answers.header("esummary"), "result": result})


def _read(raw: bytes) -> tuple[Article, dict[str, str]]:
    """A record, and its ISSNs by type, which an Article doesn't keep apart."""
    article = read(raw)
    assert isinstance(article, Article)  # noqa: S101 - what is refused has no doc
    issns = {kind.decode(): number.decode() for kind, number in _ISSN.findall(raw)}
    return article, issns


def _dates(article: Article) -> tuple[str, str]:
    printed = article.published_text or article.published.replace("-", " ")
    return printed, article.electronic.replace("-", " ")


def _source(article: Article) -> str:
    journal, pages = article.journal, f":{article.pages}" if article.pages else ""
    issue = f"({journal.issue})" if journal.issue else ""
    return f"{_dates(article)[0]};{journal.volume}{issue}{pages}"


def _ids(article: Article) -> list[tuple[str, str]]:
    pairs = (
        ("pubmed", str(article.pmid)),
        ("doi", article.doi),
        ("pii", article.pii),
        ("pmc", article.pmcid),
    )
    return [(kind, number) for kind, number in pairs if number]


def _document(article: Article, issns: Mapping[str, str]) -> dict[str, object]:
    journal, book = article.journal, article.book
    status = article.publication_status
    printed, electronic = _dates(article)
    names = [short_name(author) or author.collective for author in article.authors]
    return {
        "uid": str(article.pmid),
        "pubdate": printed,
        "epubdate": electronic,
        "source": journal.abbreviation,
        "authors": [
            {
                "name": short_name(author) or author.collective,
                "authtype": "CollectiveName" if author.collective else "Author",
                "clusterid": "",
            }
            for author in article.authors
        ],
        "lastauthor": names[-1] if names else "",
        "title": article.title,
        "sorttitle": article.title.lower().strip("[]."),
        "volume": journal.volume,
        "issue": journal.issue,
        "pages": article.pages,
        "lang": list(article.languages),
        "nlmuniqueid": journal.nlm_id,
        "issn": issns.get("Print", ""),
        "essn": issns.get("Electronic", ""),
        "pubtype": [term.name for term in article.publication_types],
        "recordstatus": _RECORD_STATUS.get(article.status, "PubMed"),
        "pubstatus": str(_ECOLLECTION if status == "ecollection" else _STATUS.get(status, "")),
        "articleids": [{"idtype": kind, "idtypen": 1, "value": number} for kind, number in _ids(article)],
        "history": [
            {"pubstatus": each.status, "date": f"{each.at:%Y/%m/%d %H:%M}"} for each in article.history
        ],
        "references": [],
        "attributes": ["Has Abstract"] if article.abstract else [],
        "pmcrefcount": "",
        "fulljournalname": journal.title,
        "elocationid": f"doi: {article.doi}" if article.doi else "",
        "doctype": "chapter" if book else "citation",
        "srccontriblist": [],
        "booktitle": book.title if book else "",
        "medium": "",
        "edition": "",
        "publisherlocation": "",
        "publishername": book.publisher if book else "",
        "srcdate": "",
        "reportnumber": "",
        "availablefromurl": "",
        "locationlabel": "",
        "doccontriblist": [],
        "docdate": "",
        "bookname": "",
        "chapter": "",
        "sortpubdate": f"{article.published.replace('-', '/')} 00:00",
        "sortfirstauthor": names[0] if names else "",
        "vernaculartitle": article.vernacular_title,
    }


def _doc_sum(article: Article, issns: Mapping[str, str]) -> str:
    journal = article.journal
    printed, electronic = _dates(article)
    names = [short_name(author) or author.collective for author in article.authors]
    history = [(each.status, f"{each.at:%Y/%m/%d %H:%M}") for each in article.history]
    items = (
        _item("PubDate", "Date", printed),
        _item("EPubDate", "Date", electronic),
        _item("Source", "String", journal.abbreviation),
        _list("AuthorList", (("Author", name) for name in names)),
        _item("LastAuthor", "String", names[-1] if names else ""),
        _item("Title", "String", article.title),
        _item("Volume", "String", journal.volume),
        _item("Issue", "String", journal.issue),
        _item("Pages", "String", article.pages),
        _list("LangList", (("Lang", _LANGUAGES.get(code, code)) for code in article.languages)),
        _item("NlmUniqueID", "String", journal.nlm_id),
        _item("ISSN", "String", issns.get("Print", "")),
        _item("ESSN", "String", issns.get("Electronic", "")),
        _list("PubTypeList", (("PubType", term.name) for term in article.publication_types)),
        _item("RecordStatus", "String", _RECORD_STATUS.get(article.status, "PubMed")),
        _item("PubStatus", "String", article.publication_status),
        _list("ArticleIds", _ids(article)),
        _list("History", history, "Date"),
        _list("References", ()),
        _item("HasAbstract", "Integer", str(int(bool(article.abstract)))),
        _item("PmcRefCount", "Integer", "0"),
        _item("FullJournalName", "String", journal.title),
        _item("ELocationID", "String", f"doi: {article.doi}" if article.doi else ""),
        _item("SO", "String", _source(article)),
    )
    return f"\n<DocSum>\n\t<Id>{article.pmid}</Id>{''.join(items)}\n</DocSum>\n"


def _item(name: str, kind: str, text: str) -> str:
    return f"\n\t<Item Name={quoteattr(name)} Type={quoteattr(kind)}>{escape(text)}</Item>"


def _list(name: str, pairs: Iterable[tuple[str, str]], kind: str = "String") -> str:
    inside = "".join(
        f"\n\t\t<Item Name={quoteattr(each)} Type={quoteattr(kind)}>{escape(text)}</Item>"
        for each, text in pairs
    )
    return f'\n\t<Item Name={quoteattr(name)} Type="List">{inside}{chr(10) + chr(9) if inside else ""}</Item>'
