"""What seedwatch believes of parameters, terms, and of the forms of answers; see eutils_expectations.py."""

import re
from collections.abc import Iterator

from support.eutils_contract import Belief, Check, PubMed, as_json, fault, like, text, texts, xml
from support.eutils_expectations import BROAD, KNOWN, UNKNOWN


def parameters(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("esearch", db=None, term=BROAD, retmax=1)
    yield "without a database it is PubMed", len(texts(answer, "Id")), 1
    answer = pubmed.ask("esearch", Term=BROAD, RetMax=1)
    yield "capitals in a parameter's name do not matter", len(texts(answer, "Id")), 1
    answer = pubmed.ask("esearch", term=f"{KNOWN}[uid]", field="title", retmode="text")
    yield "an unknown retmode is XML", texts(answer, "Id"), [KNOWN]


def sorting(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("esearch", term=BROAD, retmax=1, sort="nonsense")
    yield (
        "an unknown order is ignored, and named",
        text(answer, "OutputMessage"),
        ("Unknown sort schema 'nonsense' ignored"),
    )
    for order in ("relevance", "pub_date", "Author", "JournalName"):
        answer = pubmed.ask("esearch", term=BROAD, retmax=1, sort=order)
        yield f"sort={order} is known", texts(answer, "OutputMessage"), []


def dates_in_terms(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("esearch", term=f'{BROAD} "last 7 days"[pdat]', retmax=0)
    window = re.compile(r'.* AND "\d{4}/\d\d/\d\d 00:00":"3000/01/01 05:00"\[Date - Publication\]', re.DOTALL)
    yield "the last days have no end", text(answer, "QueryTranslation"), window
    answer = pubmed.ask("esearch", term="leukemia cells 2020:2022[dp]", retmax=0)
    window = like(" AND 2020/01/01:2022/12/31[Date - Publication]")
    yield "a date's tag is not for the words before it", text(answer, "QueryTranslation"), window
    answer = pubmed.ask("esearch", term=BROAD, retmax=0, mindate="2020-12-25", maxdate="2022-12-31")
    window = like(" AND 2020/12/25:2022/12/31[Date - Entry]")
    yield "dates may have dashes", text(answer, "QueryTranslation"), window


def translations(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("esearch", term="gullaksen[au]", retmax=0)
    yield "an author without initials has no quotes", text(answer, "QueryTranslation"), "gullaksen[Author]"
    answer = pubmed.ask("esearch", term="leukemia cells", field="title", retmax=0)
    apart = '"leukemia"[Title] AND "cells"[Title]'
    yield "field is for each untagged word", text(answer, "QueryTranslation"), apart
    answer = pubmed.ask("esearch", term='"leukemia cells"[tiab:~9]', retmax=0)
    near = '"leukemia cells"[Title/Abstract:~9]'
    yield "proximity keeps its number", text(answer, "QueryTranslation"), near
    answer = pubmed.ask("esearch", term="(leukemia[ti] OR BCR-ABL[ti]) NOT cells[ti]", retmax=0)
    count, translation = text(answer, "Count"), text(answer, "QueryTranslation")
    whole = '("leukemia"[Title] OR "bcr abl"[Title]) NOT "cells"[Title]'
    yield "hyphens become spaces", translation, whole
    answer = pubmed.ask("esearch", term=translation, retmax=0)
    yield "a translation finds what its term found", text(answer, "Count"), count


def fetched_forms(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("efetch", id=KNOWN, retmode="text")
    yield "text alone is a list of PMIDs", answer.text, f"{KNOWN}\n"
    answer = pubmed.ask("efetch", id=KNOWN, rettype="abstract")
    yield "abstract alone is XML", xml(answer).tag, "PubmedArticleSet"
    answer = pubmed.ask("efetch", id=KNOWN, rettype="abstract", retmode="text")
    yield "abstract as text is numbered", answer.text, like("1. ", f"PMID: {KNOWN}")
    answer = pubmed.ask("efetch", id=KNOWN, rettype="medline")
    yield "medline alone is text", answer.headers["Content-Type"], "text/plain; charset=UTF-8"
    answer = pubmed.ask("efetch", id=KNOWN, rettype="nonsense")
    yield "a form that there isn't gives the records", xml(answer).tag, "PubmedArticleSet"
    answer = pubmed.ask("efetch", id=KNOWN, rettype="xml", retmode="text")
    yield "xml as text is XML", xml(answer).tag, "PubmedArticleSet"
    answer = pubmed.ask("efetch", id=KNOWN, rettype="uilist", retmode="xml")
    yield "a list of PMIDs in XML", (xml(answer).tag, texts(answer, "Id")), ("IdList", [KNOWN])
    answer = pubmed.ask("efetch", id=KNOWN, rettype="docsum")
    yield "docsum in XML is a summary", (xml(answer).tag, texts(answer, "Id")), ("eSummaryResult", [KNOWN])


def summary_forms(pubmed: PubMed) -> Iterator[Belief]:
    document = as_json(pubmed.ask("esummary", id=KNOWN, retmode="json"))["result"][KNOWN]
    kinds = {each["idtype"]: each["idtypen"] for each in document["articleids"]}
    yield "ids have numbers for their kinds", (kinds["pubmed"], kinds.get("doi", 3)), (1, 3)
    yield (
        "an epub date has a month's name",
        document["epubdate"],
        re.compile(r"(\d{4}( [A-Z][a-z]{2}( \d+)?)?)?"),
    )
    yield "the date to sort by is a minute", document["sortpubdate"], re.compile(r"\d{4}/\d\d/\d\d 00:00")
    answer = pubmed.ask("esummary", id=f"{KNOWN},{UNKNOWN}", version="2.0")
    sets = [each.get("uid") for each in xml(answer).iter("DocumentSummary")]
    yield "version 2.0 is a DocumentSummarySet", sets, [KNOWN, UNKNOWN]
    yield "in which an unknown PMID is an error", texts(answer, "error"), ["cannot get document summary"]
    answer = pubmed.ask("esummary", id="x7")
    yield "what is no id is named", text(answer, "ERROR"), "Invalid uid x7 at position= 0"
    answer = pubmed.ask("esummary")
    yield "no id at all", text(answer, "ERROR"), "Empty id list - nothing todo"


def link_commands(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("elink", dbfrom="pubmed", id=KNOWN, cmd="acheck")
    names = texts(answer, "LinkName")
    yield "acheck names the links that there are", "pubmed_pubmed" in names, True
    answer = pubmed.ask("elink", dbfrom="pubmed", id=KNOWN, cmd="ncheck")
    checked = [each.get("HasNeighbor") for each in xml(answer).iter("Id")]
    yield "ncheck says whether there are any", checked, ["Y"]
    answer = pubmed.ask("elink", dbfrom="pubmed", id=KNOWN, cmd="prlinks")
    yield "prlinks gives the article's page", text(answer, "Url"), re.compile("https?://.+")
    env = text(pubmed.ask("epost", id=KNOWN), "WebEnv")
    asked = {"dbfrom": "pubmed", "linkname": "pubmed_pubmed", "WebEnv": env, "query_key": "1"}
    answer = pubmed.ask("elink", **asked)
    yield "links from the history", texts(answer, "Id")[:1], [KNOWN]


def other_utilities(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("espell", term="leukemiaa")
    parts = ["Database", "Query", "CorrectedQuery", "SpelledQuery", "ERROR"]
    yield "a spelling has these parts", [each.tag for each in xml(answer)], parts
    yield "a word is corrected", text(answer, "CorrectedQuery"), "leukemia"
    answer = pubmed.ask("egquery", term=f"{KNOWN}[uid]")
    counts = dict(zip(texts(answer, "DbName"), texts(answer, "Count"), strict=True))
    yield "EGQuery counts by database", (fault(answer), counts["pubmed"]), ((200, ""), "1")


FORMS: tuple[Check, ...] = (
    *(parameters, sorting, dates_in_terms, translations, fetched_forms, summary_forms, link_commands),
    other_utilities,
)
