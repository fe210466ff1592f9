"""The shapes of the E-utilities' answers, as recorded from NCBI in November 2025.

Every function returns a whole Response; what it says was result out elsewhere. The errors' texts are
NCBI's, with their typos: clients recognise them.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from xml.sax.saxutils import escape

from queries.mirror.result import SearchResult

XML, JSON, TEXT = "text/xml; charset=UTF-8", "application/json; charset=UTF-8", "text/plain; charset=UTF-8"
HTML = "text/html; charset=UTF-8"

_PROLOG = '<?xml version="1.0" encoding="UTF-8" ?>\n'
_DTD = "https://eutils.ncbi.nlm.nih.gov/eutils/dtd"
_ROOTS = {
    "einfo": ("eInfoResult", "einfo 20190110", "20190110/einfo.dtd"),
    "esearch": ("eSearchResult", "esearch 20060628", "20060628/esearch.dtd"),
    "epost": ("ePostResult", "epost 20090526", "20090526/epost.dtd"),
    "esummary": ("eSummaryResult", "esummary v1 20041029", "20041029/esummary-v1.dtd"),
    "elink": ("eLinkResult", "elink 20101123", "20101123/elink.dtd"),
    "efetch": ("eFetchResult", "efetch 20131226", "20131226/efetch.dtd"),
    "egquery": ("Result", "eGSearchResult, 11 January 2004", "egquery.dtd"),
    "espell": ("eSpellResult", "eSpellResult, 23 November 2004", "eSpell.dtd"),
    "ecitmatch": ("eCitMatchResult", "ecitmatch", "ecitmatch.dtd"),
}
TOO_FAR = (
    "Search Backend failed: Exception:\n'retstart' cannot be larger than {last}. For PubMed, ESearch can only"
    " retrieve the first {cap:,} records matching the query. To obtain more than {cap:,} PubMed records,"
    " consider using EDirect that contains additional logic to batch PubMed search results automatically so"
    " that an arbitrary number can be retrieved. For details see https://www.ncbi.nlm.nih.gov/books/NBK25499/"
)


class Response(NamedTuple):
    """An HTTP answer, before compression."""

    body: bytes
    kind: str = XML
    status: int = 200


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search: `pmids` in order, from `start` of `count`."""

    count: int
    start: int
    pmids: Sequence[int]
    result: SearchResult
    query_key: int | None = None
    web_env: str = ""


def prolog(util: str) -> str:
    """XML declaration and DOCTYPE of a utility's answer."""
    root, name, file = _ROOTS[util]
    if util == "efetch":
        root = "eEfetchResult"  # NCBI's own slip
    return f'{_PROLOG}<!DOCTYPE {root} PUBLIC "-//NLM//DTD {name}//EN" "{_DTD}/{file}">\n'


def articles_prolog(year: int) -> str:
    """The same of a PubmedArticleSet, by the DTD of a year."""
    return (
        f'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January'
        f' {year}//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_{year % 100:02}0101.dtd">\n'
    )


def wrapped(util: str, inside: str) -> Response:
    """`inside` in a utility's root element."""
    root = _ROOTS[util][0]
    return Response(f"{prolog(util)}<{root}>{inside}</{root}>\n".encode())


def as_json(value: object, status: int = 200) -> Response:
    """NCBI's JSON: a newline inside a string stays one, which makes it invalid."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\\n", "\n")
    return Response(text.encode(), JSON, status)


def header(util: str) -> dict[str, str]:
    """The head of every JSON answer."""
    return {"type": util, "version": "0.3"}


def error(util: str, text: str, *, status: int = 200, in_json: bool = False) -> Response:
    """An error as `util` tells it."""
    if in_json and util == "esearch":
        return as_json({"header": header(util), "esearchresult": {"ERROR": text}}, status)
    if in_json and util == "elink":
        return as_json({"header": header(util), "linksets": [], "ERROR": text}, status)
    if in_json:
        return as_json({"header": header(util), "error": text}, status)
    return wrapped(util, f"\n\t<ERROR>{escape(text)}</ERROR>\n")._replace(status=status)


def document_summaries(inside: str) -> Response:
    """ESummary's version 2.0."""
    return Response(
        f'{_PROLOG}<!DOCTYPE eSummaryResult PUBLIC "-//NLM//DTD esummary pubmed 20160808//EN"'
        f' "{_DTD}/20160808/esummary_pubmed.dtd">\n<eSummaryResult>\n<DocumentSummarySet status="OK">\n'
        f"{inside}</DocumentSummarySet>\n</eSummaryResult>\n".encode()
    )


def invalid_id(text: str, place: int, *, in_json: bool) -> Response:
    """ESummary of an id that can be none."""
    problem = f"Invalid uid {text} at position= {place}"
    if in_json:
        return as_json({"header": header("esummary"), "error": problem, "result": {"uids": []}})
    return error("esummary", problem)


def id_list(pmids: Iterable[int]) -> Response:
    """EFetch's rettype=uilist in XML."""
    rows = "".join(f"\n\t<Id>{pmid}</Id>" for pmid in pmids)
    return Response(f"{_PROLOG}<IdList>{rows}\n</IdList>\n".encode())


def spelled(term: str, parts: Sequence[str]) -> Response:
    """ESpell; every second of `parts` is a word."""
    corrected = "".join(parts)
    changed = corrected != term
    tags = "".join(
        f"<Replaced>{escape(part)}</Replaced>" if nth % 2 else f"<Original>{escape(part)}</Original>"
        for nth, part in enumerate(parts)
        if part or nth == 0
    )
    return wrapped(
        "espell",
        f"\n\t<Database>pubmed</Database>\n\t<Query>{escape(term)}</Query>"
        f"\n\t<CorrectedQuery>{escape(corrected) if changed else ''}</CorrectedQuery>"
        f"\n\t<SpelledQuery>{tags if changed else ''}</SpelledQuery>\n\t<ERROR/>\n",
    )


def server_error() -> Response:
    """A defect of the mirror, in the form of NCBI's own."""
    title = "NCBI/eutils202 - WWW Error 500 Diagnostic"
    page = (
        f"<html><head><title>{title}</title></head><body><h1>Server Error</h1><p>Your request could not be"
        " processed due to a problem on our Web server. This could be a transient problem, please try the"
        " query again.</p></body></html>"
    )
    return Response(page.encode(), HTML, 500)


def throttled(caller: str, made: int, limit: int) -> Response:
    """Too many requests in a second; `caller` is the API key, or the address without one."""
    body = {"error": "API rate limit exceeded", "api-key": caller, "count": str(made), "limit": str(limit)}
    return as_json(body, 429)


def bad_key(key: str) -> Response:
    """An API key that is unknown, or empty."""
    return as_json({"error": "API key invalid", "api-key": key, "type": "invalid", "status": "unknown"}, 400)


def count(util: str, number: int, *, in_json: bool) -> Response:
    """rettype=count."""
    if in_json:
        return as_json({"header": header(util), "esearchresult": {"count": str(number)}})
    return wrapped(util, f"\n\t<Count>{number}</Count>\n")


def search(page: Page, *, in_json: bool) -> Response:
    """An ESearch page."""
    return _search_json(page) if in_json else _search_xml(page)


def _search_xml(page: Page) -> Response:
    result = page.result
    history = (
        f"<QueryKey>{page.query_key}</QueryKey><WebEnv>{page.web_env}</WebEnv>" if page.query_key else ""
    )
    ids = "\n".join(f"<Id>{pmid}</Id>" for pmid in page.pmids)
    errors = _tags("PhraseNotFound", result.phrases_not_found) + _tags(
        "FieldNotFound", result.fields_not_found
    )
    warnings = (
        _tags("PhraseIgnored", result.phrases_ignored)
        + _tags("QuotedPhraseNotFound", result.quoted_not_found)
        + _tags("OutputMessage", result.messages)
    )
    return wrapped(
        "esearch",
        f"<Count>{page.count}</Count><RetMax>{len(page.pmids)}</RetMax><RetStart>{page.start}</RetStart>{history}"
        + (f"<IdList>\n{ids}\n</IdList>" if page.pmids else "<IdList/>")
        + f"<TranslationSet/><QueryTranslation>{escape(result.translation)}</QueryTranslation>"
        + (f"<ErrorList>{errors}</ErrorList>" if errors else "")
        + (f"<WarningList>{warnings}</WarningList>" if warnings else ""),
    )


def _search_json(page: Page) -> Response:
    result = page.result
    fields: dict[str, object] = {
        "count": str(page.count),
        "retmax": str(len(page.pmids)),
        "retstart": str(page.start),
    }
    if page.query_key:
        fields |= {"querykey": str(page.query_key), "webenv": page.web_env}
    fields |= {
        "idlist": [str(pmid) for pmid in page.pmids],
        "translationset": [],
        "querytranslation": result.translation,
    }
    if result.phrases_not_found or result.fields_not_found:
        fields["errorlist"] = {
            "phrasesnotfound": result.phrases_not_found,
            "fieldsnotfound": result.fields_not_found,
        }
    if result.phrases_ignored or result.quoted_not_found or result.messages:
        fields["warninglist"] = {
            "phrasesignored": result.phrases_ignored,
            "quotedphrasesnotfound": result.quoted_not_found,
            "outputmessages": result.messages,
        }
    return as_json({"header": header("esearch"), "esearchresult": fields})


def posted(query_key: int, web_env: str) -> Response:
    """EPost."""
    return wrapped("epost", f"\n\t<QueryKey>{query_key}</QueryKey>\n\t<WebEnv>{web_env}</WebEnv>\n")


def nothing_posted(*, invalid: bool) -> Response:
    """EPost without a single usable id; a second error where there were others."""
    omitted = (
        "\t<ERROR>Some IDs have invalid value and were omitted."
        " Maximum ID value 18446744073709551615</ERROR>\n"
    )
    return wrapped(
        "epost", f"\n\t<ERROR>Empty ID list; Nothing to store</ERROR>\n{omitted if invalid else ''}"
    )


def articles(records: Sequence[bytes], year: int) -> Response:
    """EFetch's XML: the records' own bytes in an envelope, which declares MathML where one relied on that."""
    relies = any(b"<mml:" in record and b"xmlns:mml=" not in record for record in records)
    mathml = ' xmlns:mml="http://www.w3.org/1998/Math/MathML"' if relies else ""
    head = f"{articles_prolog(year)}<PubmedArticleSet{mathml}>\n".encode()
    return Response(head + b"\n".join(records) + b"</PubmedArticleSet>")


def _tags(name: str, texts: Iterable[str]) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for text in texts)
