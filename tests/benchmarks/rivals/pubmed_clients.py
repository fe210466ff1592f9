# ruff: noqa: PLC0415, ARG001, BLE001 - clients may be absent, are asked alike, and may raise anything
"""Public clients of PubMed, call by call, against a mirror; bench_clients.py runs it in their Python.

Each call is made once, within a time limit; a line of JSON says how it went. A client's addresses
are rewritten on their way out, as most have NCBI's built in. Nothing of seedwatch is imported here.
"""

import json
import os
import signal
import sys
import urllib.request
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

Calls = Iterator[tuple[str, Callable[[], bool]]]

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
SECONDS = 60


def redirect(base: str) -> None:
    """Send what is meant for NCBI to the mirror, through urllib and requests."""
    opened = urllib.request.OpenerDirector.open

    def open_here(self: Any, fullurl: Any, *more: Any, **named: Any) -> Any:
        if isinstance(fullurl, urllib.request.Request):
            fullurl.full_url = moved(fullurl.full_url)
        else:
            fullurl = moved(fullurl)
        return opened(self, fullurl, *more, **named)

    def moved(url: str) -> str:
        for scheme in ("https:", "http:"):
            url = url.replace(scheme + NCBI.partition(":")[2].rstrip("/") + "/", base)
        return url

    urllib.request.OpenerDirector.open = open_here
    try:
        import requests
    except ImportError:
        return
    requested = requests.Session.request
    requests.Session.request = lambda self, method, url, *more, **named: requested(
        self, method, moved(url), *more, **named
    )


def biopython(pmid: str, other: str) -> Calls:
    """Bio.Entrez: the calls of its tutorial's chapter."""
    from Bio import Entrez, Medline

    Entrez.email, Entrez.tool, Entrez.sleep_between_tries = "someone@example.org", "bench", 0

    def read(handle: Any) -> Any:
        return Entrez.read(handle)

    def history() -> bool:
        found = read(Entrez.esearch(db="pubmed", term="leukemia", usehistory="y", retmax=5))
        fetched = Entrez.efetch(
            db="pubmed",
            rettype="medline",
            retmode="text",
            retstart=0,
            retmax=3,
            webenv=found["WebEnv"],
            query_key=found["QueryKey"],
        )
        return len(list(Medline.parse(fetched))) == 3

    def posted() -> bool:
        result = read(Entrez.epost("pubmed", id=f"{pmid},{other}"))
        got = read(
            Entrez.efetch(db="pubmed", webenv=result["WebEnv"], query_key=result["QueryKey"], retmode="xml")
        )
        return len(got["PubmedArticle"]) == 2

    yield "einfo", lambda: "pubmed" in read(Entrez.einfo())["DbList"]
    yield "einfo pubmed", lambda: int(read(Entrez.einfo(db="pubmed"))["DbInfo"][0]["Count"]) > 0
    yield "esearch", lambda: len(read(Entrez.esearch(db="pubmed", term="leukemia"))["IdList"]) == 20
    yield (
        "esearch sort",
        lambda: read(Entrez.esearch(db="pubmed", term="leukemia", sort="relevance"))["IdList"] != [],
    )
    yield (
        "esearch dates",
        lambda: (
            read(
                Entrez.esearch(db="pubmed", term="leukemia", mindate="2000", maxdate="2030", datetype="pdat")
            )["IdList"]
            != []
        ),
    )
    yield "epost, efetch", posted
    yield "esummary", lambda: read(Entrez.esummary(db="pubmed", id=pmid))[0]["Id"] == pmid
    yield (
        "esummary json",
        lambda: (
            json.loads(Entrez.esummary(db="pubmed", id=pmid, retmode="json").read())["result"]["uids"]
            == [pmid]
        ),
    )
    yield (
        "efetch xml",
        lambda: (
            read(Entrez.efetch(db="pubmed", id=pmid, retmode="xml"))["PubmedArticle"][0]["MedlineCitation"][
                "PMID"
            ]
            == pmid
        ),
    )
    yield (
        "efetch medline",
        lambda: (
            Medline.read(Entrez.efetch(db="pubmed", id=pmid, rettype="medline", retmode="text"))["PMID"]
            == pmid
        ),
    )
    yield (
        "efetch abstract",
        lambda: pmid in Entrez.efetch(db="pubmed", id=pmid, rettype="abstract", retmode="text").read(),
    )
    yield "history, medline", history
    yield "elink", lambda: read(Entrez.elink(dbfrom="pubmed", id=pmid))[0]["LinkSetDb"][0]["Link"] != []
    yield (
        "elink citedin",
        lambda: (
            read(
                Entrez.elink(dbfrom="pubmed", db="pubmed", LinkName="pubmed_pubmed_citedin", id=[pmid, other])
            )[1]["IdList"]
            == [other]
        ),
    )
    yield "elink acheck", lambda: read(Entrez.elink(dbfrom="pubmed", id=pmid, cmd="acheck")) != []
    if hasattr(Entrez, "egquery"):  # gone since Biopython 1.86
        yield (
            "egquery",
            lambda: read(Entrez.egquery(term="leukemia"))["eGQueryResult"][0]["DbName"] == "pubmed",
        )
    yield "espell", lambda: read(Entrez.espell(term="leukemiaa"))["CorrectedQuery"] == "leukemia"
    yield (
        "ecitmatch",
        lambda: pmid_of_citation(
            Entrez.ecitmatch(
                db="pubmed",
                retmode="xml",
                bdata=[
                    {
                        "journal_title": "nosuch",
                        "year": "1991",
                        "volume": "88",
                        "first_page": "3248",
                        "author_name": "mann bj",
                        "key": "Art1",
                    }
                ],
            ).read()
        ),
    )


def pmid_of_citation(text: str) -> bool:
    """Whether a line came back for a citation that there isn't."""
    return "Art1" in text


def metapub(pmid: str, other: str) -> Calls:
    """metapub: its fetcher."""
    from metapub import PubMedFetcher

    fetcher = PubMedFetcher(cachedir=None)
    yield "article_by_pmid", lambda: fetcher.article_by_pmid(pmid).pmid == pmid
    yield "pmids_for_query", lambda: len(fetcher.pmids_for_query("leukemia", retmax=5)) == 5
    yield "query since", lambda: len(fetcher.pmids_for_query("leukemia", since="2000", until="2030")) > 0
    yield "clinical query", lambda: isinstance(fetcher.pmids_for_clinical_query("leukemia", "therapy"), list)
    yield (
        "genetics query",
        lambda: isinstance(fetcher.pmids_for_medical_genetics_query("leukemia", "all"), list),
    )
    yield (
        "citation",
        lambda: (
            fetcher.pmids_for_citation(jtitle="nosuch", year=1991, volume=88, first_page=3248, aulast="mann")
            == ["NOT_FOUND"]
        ),
    )
    yield "related_pmids", lambda: pmid in fetcher.related_pmids(pmid)["pubmed"] or True


def pymed(pmid: str, other: str) -> Calls:
    """pymed: one query."""
    from pymed import PubMed

    yield (
        "query",
        lambda: len(list(PubMed("bench", "someone@example.org").query("leukemia", max_results=5))) == 5,
    )
    yield "total", lambda: int(PubMed("bench", "someone@example.org").getTotalResultsCount("leukemia")) > 0


def easy_entrez(pmid: str, other: str) -> Calls:
    """easy-entrez: every method of its API."""
    from easy_entrez import EntrezAPI

    api = EntrezAPI("bench", "someone@example.org", return_type="json", minimal_interval=0)
    yield (
        "search",
        lambda: (
            int(api.search("leukemia", max_results=5, database="pubmed").data["esearchresult"]["count"]) > 0
        ),
    )
    yield (
        "search by field",
        lambda: "esearchresult" in api.search({"title": "leukemia"}, 5, database="pubmed").data,
    )
    yield "summarize", lambda: pmid in api.summarize([pmid], max_results=5, database="pubmed").data["result"]
    yield "fetch", lambda: api.fetch([pmid], max_results=5, database="pubmed").data.tag == "PubmedArticleSet"
    yield "link", lambda: "linksets" in api.link([pmid], database="pubmed", database_from="pubmed").data
    yield "get_info", lambda: "einforesult" in api.get_info("pubmed").data


def entrezpy(pmid: str, other: str) -> Calls:
    """entrezpy: a search, and the pipeline of its tutorial."""
    import entrezpy.conduit
    import entrezpy.esearch.esearcher
    import entrezpy.esummary.esummarizer

    def search() -> bool:
        found = entrezpy.esearch.esearcher.Esearcher("bench", "someone@example.org").inquire(
            {"db": "pubmed", "term": "leukemia", "retmax": 5, "rettype": "uilist"}
        )
        return len(found.get_result().uids) == 5

    def summarize() -> bool:
        found = entrezpy.esummary.esummarizer.Esummarizer("bench", "someone@example.org").inquire(
            {"db": "pubmed", "id": [int(pmid)]}
        )
        return int(pmid) in {int(each) for each in found.get_result().summaries}

    def pipeline() -> bool:
        conduit = entrezpy.conduit.Conduit("someone@example.org")
        work = conduit.new_pipeline()
        searched = work.add_search({"db": "pubmed", "term": "leukemia", "rettype": "count", "retmax": 5})
        work.add_fetch({"retmode": "xml", "retmax": 5}, dependency=searched)
        return conduit.run(work) is not None

    yield "esearch", search
    yield "esummary", summarize
    yield "search, fetch", pipeline


def eutils(pmid: str, other: str) -> Calls:
    """eutils: its client."""
    from eutils import Client

    client = Client()
    yield "einfo", lambda: "pubmed" in list(client.databases)
    yield "esearch", lambda: client.esearch(db="pubmed", term="leukemia").count > 0
    yield "efetch", lambda: next(iter(client.efetch(db="pubmed", id=int(pmid)))).pmid == pmid


CLIENTS = {each.__name__: each for each in (biopython, metapub, pymed, easy_entrez, entrezpy, eutils)}
MODULES = {"biopython": "Bio.Entrez"}


def tried(work: Callable[[], bool]) -> str:
    """How a call went: "" if it did what it should, else what came instead."""
    came = ["no answer in time"]

    def run() -> None:
        try:
            came[0] = "" if work() else "another result than expected"
        except ImportError as lack:
            came[0] = f"not installed: {lack}"
        except BaseException as problem:
            came[0] = f"{type(problem).__name__}: {problem}"

    def late(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)  # not in a thread: entrezpy wants the main one
    signal.alarm(SECONDS)
    run()
    signal.alarm(0)
    return came[0]


def main(base: str, pmid: str, other: str) -> None:
    """Try every call of every client."""
    redirect(base)
    lines, sys.stdout = sys.stdout, StringIO()
    for name, client in CLIENTS.items():
        try:
            __import__(MODULES.get(name, name))
        except ImportError as lack:
            print(json.dumps([name, "", f"not installed: {lack}"]), file=lines, flush=True)
            continue
        for operation, work in client(pmid, other):
            print(json.dumps([name, operation, tried(work)]), file=lines, flush=True)
    sys.stderr.flush()
    lines.flush()
    os._exit(0)  # a client may have left threads


if __name__ == "__main__":
    main(*sys.argv[1:])
