"""What seedwatch believes of the E-utilities, each with the question that shows it.

A check asks a few questions through our own client and yields beliefs: a sentence, what came, and what
should have come (a value, or a pattern of the whole text). How far each is known stands in beliefs.tsv,
which belief_table.py reads. Only two articles are here and there, KNOWN and the seed, so most
beliefs are about shapes and sums.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import chain
from pathlib import Path

import Bio.Entrez
from lxml import etree

from queries.pubmed import plan
from queries.pubmed.eutils import efetch, elink, esearch
from queries.pubmed.seed import references
from queries.records.harvest import Ask, Lane, Window
from queries.watch.file import SHIPPED, load
from support.eutils_contract import SEED, Belief, Check, PubMed, as_json, fault, like, text, texts, xml

BROAD = "leukemia[tiab]"  # more hits than a search shows
KNOWN, UNKNOWN = "31127148", "99999999"
WATCH = load(SHIPPED / "cml-stem-cells.toml")
PUBMED_2025 = Path(Bio.Entrez.__file__).parent / "DTDs" / "pubmed_250101.dtd"
FIELDS = """AFFL ALL AUCL AUID BOOK CDAT CNTY COIS COLN CRDT DSO ECNO ED EDAT EID EPDT FAUT FILT FINV FULL
    GRNT ISBN ISS JOUR LANG LAUT LID MAJR MDAT MESH MHDA OTRM P1DAT PAGE PAPX PDAT PID PPDT PS PTYP PUBN SI
    SUBH SUBS TIAB TITL TT UID VOL WORD"""
ITEMS = """PubDate EPubDate Source AuthorList LastAuthor Title Volume Issue Pages LangList NlmUniqueID ISSN
    ESSN PubTypeList RecordStatus PubStatus ArticleIds History References HasAbstract PmcRefCount
    FullJournalName ELocationID SO"""


def about_itself(pubmed: PubMed) -> Iterator[Belief]:
    about = pubmed.about
    yield "a build is named by its minute", about.build, re.compile(r"Build-\d{4}(\.\d\d){4}")
    yield "LastUpdate is a minute", about.updated, re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d")
    yield "no field came or went since 2025", sorted({*FIELDS.split()} ^ {*about.fields}), []


def search_in_xml(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("esearch", term=BROAD, retmax=3, retstart=1)
    yield "XML's content type", answer.headers["Content-Type"], "text/xml; charset=UTF-8"
    yield "the DTD is of 2006", answer.text, like('"-//NLM//DTD esearch 20060628//EN"')
    tags = ["Count", "RetMax", "RetStart", "IdList", "TranslationSet", "QueryTranslation"]
    yield "a page has these parts, and no WebEnv", [each.tag for each in xml(answer)], tags
    yield "RetMax is the number of ids", text(answer, "RetMax"), str(len(texts(answer, "Id")))
    translation = re.compile(r'"leukemia"\[Title/Abstract\]( /\* seedwatch mirror \*/)?')
    yield "a tag is translated to its field's name", text(answer, "QueryTranslation"), translation


def search_in_json(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("esearch", term=BROAD, retmax=2, retmode="json")
    found, told = as_json(answer), answer.headers
    yield "its content type", told["Content-Type"], "application/json; charset=UTF-8"
    yield "it is gzipped, as asked", told.get("Content-Encoding"), "gzip"
    yield "the limit is told", told.get("X-RateLimit-Limit"), re.compile("3|1000")  # 1000: a mirror has none
    yield "a request has an id for NCBI's support", told.get("NCBI-PHID"), re.compile(r"[0-9A-F]{32}.*")
    yield "the head", found["header"], {"type": "esearch", "version": "0.3"}
    keys = ["count", "idlist", "querytranslation", "retmax", "retstart", "translationset"]
    yield "lists of trouble stand only where there is some", sorted(found["esearchresult"]), keys
    yield "numbers are strings", found["esearchresult"]["retmax"], "2"


def newest_first(pubmed: PubMed) -> Iterator[Belief]:
    pmids = esearch(pubmed.wire, BROAD, shown=20).pmids
    fetched = efetch(pubmed.wire, pmids)
    days = {each.pmid: each.created.date() for each in fetched.articles if each.created}
    yield "every record of a page comes, readable, with its CRDT", sorted(days), sorted(pmids)
    order = [days[pmid] for pmid in pmids]
    yield "a search shows the newest by CRDT first", order, sorted(order, reverse=True)
    body, dtd = pubmed.heard[-1], etree.DTD(str(PUBMED_2025))
    yield "the DTD bears its year", body.text, like("//dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_2", "0101.dtd")
    dtd.validate(etree.parse(BytesIO(body.content)))
    yield "the DTD of 2025 still describes the records", str(dtd.error_log), ""


def window_of_a_search(pubmed: PubMed) -> Iterator[Belief]:
    cap, said = pubmed.cap, "Restrictions achieved. start and count adjusted to"
    answer = pubmed.ask("esearch", term=BROAD, retmax=10_000)
    yield "more than the cap is clamped", len(texts(answer, "Id")), cap
    yield "and that is told", text(answer, "OutputMessage"), f"{said} 0, {cap}"
    answer = pubmed.ask("esearch", term=BROAD, retstart=cap - 1, retmax=10)
    yield "the last page holds one", len(texts(answer, "Id")), 1
    yield "and tells it", text(answer, "OutputMessage"), f"{said} {cap - 1}, 1"
    answer = pubmed.ask("esearch", term=f"{KNOWN}[uid]", retstart=cap, retmax=10)
    yield "beyond the cap a small search is empty", (*fault(answer), texts(answer, "Id")), (200, "", [])
    yield "which tells it too", text(answer, "OutputMessage"), like("Restrictions achieved")


def beyond_the_window(pubmed: PubMed) -> Iterator[Belief]:
    last = pubmed.cap - 1
    said = like(f"Search Backend failed: Exception:\n'retstart' cannot be larger than {last}. For PubMed,")
    answer = pubmed.ask("esearch", term=BROAD, retstart=pubmed.cap)
    yield "beyond the cap is E2, of status 200", fault(answer), (200, "E2")
    yield "its words", text(answer, "ERROR"), said
    answer = pubmed.ask("esearch", term=BROAD, retstart=pubmed.cap, retmode="json")
    yield "the same in JSON", fault(answer), (200, "E2")
    yield "with a raw newline, so that it is no JSON", as_json(answer)["esearchresult"]["ERROR"], said
    yield "which stands in the bytes", "Exception:\n'retstart'" in answer.text, True


def what_it_warns_of(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("esearch", term="seedwatchnosuchword")
    yield "nothing found is zero, and no error", (*fault(answer), text(answer, "Count")), (200, "", "0")
    yield "the word is named", texts(answer, "PhraseNotFound"), ["seedwatchnosuchword"]
    yield "and that nothing was found", texts(answer, "OutputMessage"), ["No items found."]
    for term, warning in (
        ('"leukemia kinase stem"[tiab]', like("QuotedPhraseNotFound: ", "leukemia kinase stem")),
        ("leukemia[nosuchfield]", like("FieldNotFound: nosuchfield")),
        ("the leukemia", like("PhraseIgnored: the")),
    ):
        found = esearch(pubmed.wire, term, shown=5)
        yield f"{term} is warned of", " ".join(found.warnings), warning
        yield "and searched as far as it goes", found.count > 0, True


def lanes(pubmed: PubMed) -> Iterator[Belief]:
    since = pubmed.today - timedelta(days=30)
    names = {Lane.NEW: "Create", Lane.INDEXED: "MeSH", Lane.REVISED: "Modification"}
    pmids = dict[Lane, tuple[int, ...]]()
    for lane, name in names.items():
        asked = Ask("", lane, BROAD, Window(plan.FIELD[lane], since, None))
        found = esearch(pubmed.wire, plan.term(asked, plan.whole(asked)), shown=5)
        pmids[lane] = found.pmids
        window = like(f"{since:%Y/%m/%d}", "3000", f"[Date - {name}]")
        yield f"lane {lane} is understood as a window", found.translation, window
        yield f"lane {lane} finds something, without a warning", (found.count > 0, found.warnings), (True, ())
    fetched = efetch(pubmed.wire, {*chain(*pmids.values())})
    dates = {each.pmid: (each.created, each.indexed, each.revised) for each in fetched.articles}
    for place, lane in enumerate(names):
        days = [str(dates[pmid][place])[:10] for pmid in pmids[lane]]
        yield f"what lane {lane} finds is dated so", [day for day in days if not str(since) <= day < "3"], []


def slices(pubmed: PubMed) -> Iterator[Belief]:
    whole = plan.Slice(date(1800, 1, 1), pubmed.today - timedelta(days=2))
    early, late = plan.halves(whole, pubmed.today) or (whole, whole)
    parts = (whole, early, late._replace(high=40_000_000), late._replace(low=40_000_001))
    asked = Ask("", Lane.SWEEP, BROAD, None)
    first, *others = (esearch(pubmed.wire, plan.term(asked, part), shown=0).count for part in parts)
    yield "slices by creation date, and by PMID, add up", sum(others), first


def dates_as_parameters(pubmed: PubMed) -> Iterator[Belief]:
    day = f"{pubmed.today - timedelta(days=30):%Y/%m/%d}"
    inside = esearch(pubmed.wire, f'({BROAD}) AND ("{day}"[crdt] : "3000"[crdt])', shown=0).count
    answer = pubmed.ask("esearch", term=BROAD, retmax=0, datetype="crdt", mindate=day, maxdate="3000")
    yield "datetype=crdt does as [crdt] in the term", text(answer, "Count"), str(inside)
    translation = text(answer, "QueryTranslation")
    yield "dates are added to the term", translation, like(f" AND {day}:3000", "[Date - Create]")


def history(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("esearch", term=BROAD, retmax=0, usehistory="y")
    webenv = text(answer, "WebEnv")
    yield "a WebEnv is MCID_ and 24 hex digits", webenv, re.compile("MCID_[0-9a-f]{24}")
    made = datetime.fromtimestamp(int(webenv[5:13], 16), UTC).date()
    yield "which begin with the time", abs(made - pubmed.today) <= timedelta(days=3), True
    answer = pubmed.ask("esearch", term=f"#1 AND {KNOWN}[uid]", usehistory="y", WebEnv=webenv)
    yield "its searches are counted", text(answer, "QueryKey"), "2"
    yield "and can be joined", texts(answer, "Id"), [KNOWN]
    asked = {"WebEnv": webenv, "query_key": "1", "rettype": "uilist", "retmode": "text"}
    answer = pubmed.ask("efetch", **asked, retmax=5, retstart=pubmed.cap - 1)
    yield "the cap is history's too: one PMID, silently", len(answer.text.split()), 1
    yield "a list of PMIDs is text", answer.headers["Content-Type"], like("text/plain")
    yield "beyond it is 400", fault(pubmed.ask("efetch", **asked, retmax=5, retstart=pubmed.cap)), (400, "S7")
    answer = pubmed.ask("efetch", WebEnv=webenv, query_key="2", retstart=5)
    yield "past a set's end is 400", fault(answer), (400, "S3")
    answer = pubmed.ask("efetch", WebEnv=f"MCID_{'0' * 24}", query_key="1")
    yield "a WebEnv may be gone, with status 200", fault(answer), (200, "E6")
    yield "its words", text(answer, "ERROR"), "Unable to obtain query #1"


def fetching(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("efetch", id=UNKNOWN, retmode="xml")
    yield "an unknown PMID is no error", fault(answer), (200, "")
    yield "but an empty set", (xml(answer).tag, len(xml(answer))), ("PubmedArticleSet", 0)
    yield "a malformed id alone is 400", fault(pubmed.ask("efetch", id="00000000")), (400, "S4")
    yield "no id is an error", fault(pubmed.ask("efetch", id=""))[1], "E7"
    seed = str(pubmed.seed.pmid)
    answer = pubmed.ask("efetch", id=f"{seed},{KNOWN},{seed}", retmode="xml")
    pmids = [each.text for each in xml(answer).iterfind("PubmedArticle/MedlineCitation/PMID")]
    yield "a PMID given twice comes once, in the order asked", pmids, [seed, KNOWN]
    answer = pubmed.ask("efetch", id=KNOWN, rettype="medline", retmode="text")
    yield "MEDLINE text begins with an empty line", answer.text, like(f"\nPMID- {KNOWN}\n", "\nCRDT- 20")


def posting(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("epost", id=f"{KNOWN},{UNKNOWN}")
    yield "ids are kept unchecked", (text(answer, "WebEnv")[:5], text(answer, "QueryKey")), ("MCID_", "1")
    omitted = "Some IDs have invalid value and were omitted. Maximum ID value 18446744073709551615"
    answer = pubmed.ask("epost", id="x")
    yield "no usable id is two errors", texts(answer, "ERROR"), ["Empty ID list; Nothing to store", omitted]


def summaries(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("esummary", id=f"{KNOWN},{UNKNOWN}", retmode="xml")
    yield "an unknown PMID spoils only itself", texts(answer, "Id"), [KNOWN]
    items = {each.get("Name") for each in xml(answer).iterfind("DocSum/Item")}
    yield "a summary has these items", sorted({*ITEMS.split()} - items), []
    yield "the other an error", text(answer, "ERROR"), f"UID={UNKNOWN}: cannot get document summary"


def links(pubmed: PubMed) -> Iterator[Belief]:
    asked = {"dbfrom": "pubmed", "linkname": "pubmed_pubmed", "cmd": "neighbor_score"}
    answer = pubmed.ask("elink", **asked, id=[KNOWN, UNKNOWN])
    sets = [[each.tag for each in one] for one in xml(answer)]
    empty = ["DbFrom", "IdList"]
    yield "repeated ids have a set each, an unknown one an empty one", sets, [[*empty, "LinkSetDb"], empty]
    yield "an article is nearest to itself", texts(answer, "Id")[1], KNOWN
    scores = [int(score) for score in texts(answer, "Score")]
    yield "each link has a score", (len(scores) > 1, len(scores)), (True, len(texts(answer, "Link")))
    yield "scores are whole, positive and falling", scores, sorted(map(abs, scores), reverse=True)
    one = as_json(pubmed.ask("elink", **asked, id=[KNOWN], retmode="json"))["linksets"][0]
    yield "JSON names what was asked", (one["dbfrom"], one["ids"]), ("pubmed", [KNOWN])
    first = one["linksetdbs"][0]["links"][0]
    shape = {name: type(value).__name__ for name, value in first.items()}
    yield "there a scored link is this", shape, {"id": "str", "score": "int"}
    answer = pubmed.ask("elink", dbfrom="pubmed", linkname="pubmed_pubmed", id=f"{KNOWN},{UNKNOWN}")
    yield "ids joined by commas have one set together", len(xml(answer)), 1
    yield "which names them", texts(answer, "Id")[:2], [KNOWN, UNKNOWN]
    citing = elink(pubmed.wire, int(KNOWN), "pubmed_pubmed_citedin")
    yield "a known review is cited", len(citing) > 0, True


def the_seed(pubmed: PubMed) -> Iterator[Belief]:
    seed = pubmed.seed
    yield "a DOI in [aid] finds its article", seed.doi, SEED
    yield "the seed's title", seed.title, like("CML stem cells", "tyrosine kinase inhibitors")
    told = {keyword.text.casefold() for keyword in seed.keywords}
    yield "its keywords are the watch's", {*map(str.casefold, WATCH.seed.keywords)} - told, set()
    cited = references(pubmed.wire, seed)
    yield "PubMed knows what it cites", (bool(cited.articles), cited.missing), (True, ())


def errors(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("esearch", term="")
    yield "no term is an error of status 200", fault(answer), (200, "E4")
    yield "the words of no term", text(answer, "ERROR"), "Empty term and query_key - nothing todo"
    answer = pubmed.ask("epost", db="nothing", id=KNOWN)
    yield "no such database is an error", fault(answer)[1], "E5"
    yield "the words of no such database", text(answer, "ERROR"), "Invalid db name specified: nothing"
    answer = pubmed.ask("einfo", api_key="none")
    told = {"error": "API key invalid", "api-key": "none", "type": "invalid", "status": "unknown"}
    yield "a wrong key is 400", (*fault(answer), as_json(answer)), (400, "S2", told)


def untagged_words(pubmed: PubMed) -> Iterator[Belief]:
    answer = pubmed.ask("esearch", term="imatinib", retmax=0)
    yield "they are mapped to synonyms, and that is told", texts(answer, "From"), ["imatinib"]


def shipped_topics(pubmed: PubMed) -> Iterator[Belief]:
    for topic in WATCH.topics:
        found = esearch(pubmed.wire, topic.term, shown=1)
        yield f"PubMed warns of nothing in {topic.short}", (found.count > 0, found.warnings), (True, ())


# fmt: off
CHECKS: tuple[Check, ...] = (
    about_itself, search_in_xml, search_in_json, newest_first, window_of_a_search, beyond_the_window,
    what_it_warns_of, lanes, slices, dates_as_parameters, history, fetching, posting, summaries, links,
    the_seed, errors,
)
# fmt: on
# what the mirror knowingly answers otherwise: it doesn't model it, or the sample is too small
BEYOND: tuple[Check, ...] = (untagged_words, shipped_topics)
