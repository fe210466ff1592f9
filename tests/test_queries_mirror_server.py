"""The mirror over real HTTP: shapes, limits, history, the clock, manners."""

import gzip
import http.client
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from Bio import Entrez, Medline
from support.mirror_records import heading, record, write

from queries.errors import SettingsError
from queries.mirror.corpus import Corpus
from queries.mirror.load import load
from queries.mirror.server import MirrorServer
from queries.readers.pubmed_xml import parse
from queries.records.article import Article

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
SPECIAL = (
    record(
        101,
        "Stem cells under imatinib",
        abstract="p &lt; 0.05",
        mesh=heading("Imatinib Mesylate") + heading("Humans"),
        authors=(("Smith", "John A", "JA"),),
        references=(1, 2, 999),
        pmcid="PMC7101",
        created="2026-11-20 05:00",
        types=(("D016454", "Review"),),
    ),
    record(102, "Imatinib and stem cells", mesh=heading("Imatinib Mesylate"), created="2026-11-20 05:00"),
    record(103, "Of imatinib, tomorrow", created="2026-11-24 05:00"),
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    records = [record(pmid, "Many of a kind", created=f"2026-10-{pmid:02} 05:00") for pmid in range(1, 31)]
    with load([write(tmp_path_factory.mktemp("xml") / "a.xml", *records, *SPECIAL)]) as corpus:
        yield corpus


@pytest.fixture
def mirror(corpus: Corpus) -> Iterator[MirrorServer]:
    with MirrorServer(corpus, now=NOON, cap=20) as mirror:
        yield mirror


CLIENT = httpx.Client()  # one, as each costs a TLS context


def ask(mirror: MirrorServer, util: str, **params: object) -> httpx.Response:
    return CLIENT.post(f"{mirror.url}{util}.fcgi", data={"db": "pubmed", **params})


def entrez(answer: httpx.Response) -> Any:
    return Entrez.read(BytesIO(answer.content))  # type: ignore[no-untyped-call]


def pmids(answer: httpx.Response) -> list[int]:
    return [each.pmid for each in parse(answer.content) if isinstance(each, Article)]


def test_a_search_page_is_what_biopython_reads_newest_first(mirror: MirrorServer) -> None:
    page = entrez(ask(mirror, "esearch", term="kind[ti]", retmax=3, retstart=2))
    assert (page["Count"], page["RetMax"], page["RetStart"], page["IdList"]) == (
        "30",
        "3",
        "2",
        ["28", "27", "26"],
    )
    assert page["QueryTranslation"].startswith('"kind"[Title]')
    assert "WebEnv" not in page


def test_json_numbers_are_strings_and_lists_of_trouble_only_where_there_is_some(mirror: MirrorServer) -> None:
    good = ask(mirror, "esearch", term="kind[ti]", retmax=1, retmode="json").json()
    assert good["header"] == {"type": "esearch", "version": "0.3"}
    assert good["esearchresult"]["count"] == "30"
    assert not {"errorlist", "warninglist"} & good["esearchresult"].keys()
    none = ask(mirror, "esearch", term="nosuchword", retmode="json").json()["esearchresult"]
    assert none["errorlist"]["phrasesnotfound"] == ["nosuchword"]
    assert none["warninglist"]["outputmessages"] == ["No items found."]


def test_get_and_post_parameters_are_merged(mirror: MirrorServer) -> None:
    answer = CLIENT.post(f"{mirror.url}esearch.fcgi?db=pubmed", data={"term": "kind", "rettype": "count"})
    assert entrez(answer)["Count"] == "30"


def test_the_window_of_the_first_hits(mirror: MirrorServer) -> None:
    clamped = entrez(ask(mirror, "esearch", term="kind", retmax=1000))
    assert len(clamped["IdList"]) == 20
    assert clamped["WarningList"]["OutputMessage"] == [
        "Restrictions achieved. start and count adjusted to 0, 20"
    ]
    last = entrez(ask(mirror, "esearch", term="kind", retstart=19, retmax=10))
    assert len(last["IdList"]) == 1
    small = entrez(ask(mirror, "esearch", term="imatinib", retstart=20, retmax=10))
    assert small["IdList"] == []


def test_beyond_the_window_is_an_error_of_status_200_and_in_json_invalid_json(mirror: MirrorServer) -> None:
    answer = ask(mirror, "esearch", term="kind", retstart=20)
    assert answer.status_code == 200
    with pytest.raises(RuntimeError, match="'retstart' cannot be larger than 19"):
        entrez(answer)
    answer = ask(mirror, "esearch", term="kind", retstart=20, retmode="json")
    with pytest.raises(json.JSONDecodeError, match="control character"):
        json.loads(answer.text)
    assert "first 20 records" in json.loads(answer.text, strict=False)["esearchresult"]["ERROR"]


@pytest.mark.parametrize(
    ("util", "params", "status", "text"),
    [
        ("esearch", {"term": ""}, 200, "Empty term and query_key - nothing todo"),
        ("esearch", {"term": "x", "db": "nothing"}, 200, "Invalid db name specified: nothing"),
        ("esearch", {"term": "(x"}, 400, "not closed"),
        ("esearch", {"term": "cancer[sb]"}, 501, "not modelled"),
        ("efetch", {"id": "00000000,abc"}, 400, "ID list is empty! Possibly it has no correct IDs."),
        ("efetch", {"id": ""}, 200, "Supplied id parameter is empty."),
        ("efetch", {"WebEnv": "MCID_0", "query_key": "1"}, 200, "Unable to obtain query #1"),
        ("elink", {"dbfrom": "pubmed", "id": "1", "cmd": "nonsense"}, 501, "not modelled"),
        ("elink", {"dbfrom": "pubmed", "id": "1", "db": "gene"}, 501, "no such links here"),
        ("esummary", {"id": "x7"}, 200, "Invalid uid x7 at position= 0"),
        ("esummary", {}, 200, "Empty id list - nothing todo"),
        ("esearch", {"term": "kind", "retmax": "²"}, 400, "not a whole number"),
        ("efetch", {"id": "9" * 5000}, 400, "ID list is empty!"),
        ("epost", {"id": "x"}, 200, "Empty ID list; Nothing to store"),
    ],
)
def test_errors_have_ncbis_words_and_status(
    mirror: MirrorServer, util: str, params: dict[str, str], status: int, text: str
) -> None:
    answer = ask(mirror, util, **params)
    assert (answer.status_code, text in answer.text, "<ERROR>" in answer.text) == (status, True, True)


def test_efetch_hands_out_the_bytes_in_the_order_asked_each_once_without_the_unknown(
    mirror: MirrorServer,
) -> None:
    answer = ask(mirror, "efetch", id="102,101,4711,102.1")
    assert pmids(answer) == [102, 101]
    assert SPECIAL[0].encode() in answer.content
    assert entrez(answer)["PubmedArticle"][1]["MedlineCitation"]["PMID"] == "101"
    assert entrez(ask(mirror, "efetch", id="4711")) == {"PubmedArticle": [], "PubmedBookArticle": []}


def test_efetch_in_other_forms(mirror: MirrorServer) -> None:
    text = ask(mirror, "efetch", id="101,102", rettype="medline", retmode="text").text
    first, second = Medline.parse(text.splitlines(keepends=True))  # type: ignore[no-untyped-call]
    assert (first["PMID"], first["AU"], second["TI"]) == ("101", ["Smith JA"], "Imatinib and stem cells")
    assert ask(mirror, "efetch", id="101,102", rettype="uilist", retmode="text").text == "101\n102\n"


def test_history_pages_by_the_same_window_and_is_numbered(mirror: MirrorServer) -> None:
    first = entrez(ask(mirror, "esearch", term="kind", usehistory="y"))
    env = first["WebEnv"]
    assert re.fullmatch(r"MCID_[0-9a-f]{24}", env)
    second = entrez(ask(mirror, "esearch", term="imatinib", usehistory="y", WebEnv=env))
    assert (first["QueryKey"], second["QueryKey"], second["WebEnv"]) == ("1", "2", env)
    assert len(pmids(ask(mirror, "efetch", WebEnv=env, query_key=1, retstart=15, retmax=10))) == 5
    beyond = ask(mirror, "efetch", WebEnv=env, query_key=1, retstart=20)
    assert (beyond.status_code, "cannot be larger" in beyond.text) == (400, True)
    out = ask(mirror, "efetch", WebEnv=env, query_key=2, retstart=2)
    assert (out.status_code, "OUT OF RANGE" in out.text) == (400, True)
    both = entrez(ask(mirror, "esearch", term="#1 OR #2", WebEnv=env))
    assert both["Count"] == "32"
    posted = entrez(ask(mirror, "epost", id="1,2,4711"))
    assert pmids(ask(mirror, "efetch", WebEnv=posted["WebEnv"], query_key=posted["QueryKey"])) == [1, 2]


def test_a_webenv_expires_by_the_mirrors_clock(mirror: MirrorServer) -> None:
    env = entrez(ask(mirror, "esearch", term="kind", usehistory="y"))["WebEnv"]
    mirror.clock = NOON + timedelta(minutes=59)
    assert "<PubmedArticle>" in ask(mirror, "efetch", WebEnv=env, query_key=1).text
    mirror.clock = NOON + timedelta(hours=3)
    assert "Unable to obtain query #1" in ask(mirror, "efetch", WebEnv=env, query_key=1).text


def test_the_clock_is_eastern_and_may_be_set_between_requests(mirror: MirrorServer) -> None:
    def tomorrow() -> list[str]:
        return list(entrez(ask(mirror, "esearch", term="tomorrow[ti]"))["IdList"])

    mirror.clock = datetime(2026, 11, 24, 9, 59, tzinfo=UTC)
    assert (tomorrow(), pmids(ask(mirror, "efetch", id=103))) == ([], [])
    mirror.clock = lambda: datetime(2026, 11, 24, 10, tzinfo=UTC)  # 05:00 in New York
    assert (tomorrow(), pmids(ask(mirror, "efetch", id=103))) == (["103"], [103])


def test_reldate_counts_eastern_days_and_is_told_in_the_translation(mirror: MirrorServer) -> None:
    mirror.clock = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)  # still the 23rd in New York
    page = entrez(ask(mirror, "esearch", term="imatinib", reldate=3, datetype="crdt"))
    assert page["Count"] == "2"
    assert ") AND 2026/11/20:2026/11/23[Date - Create]" in page["QueryTranslation"]
    assert (
        entrez(ask(mirror, "esearch", term="imatinib", mindate="2026/11/21", maxdate="2027"))["Count"] == "0"
    )


def test_sorting(mirror: MirrorServer) -> None:
    order = entrez(ask(mirror, "esearch", term="imatinib", sort="Author"))["IdList"]
    assert order == ["102", "101"]


def test_summaries(mirror: MirrorServer) -> None:
    summary = entrez(ask(mirror, "esummary", id="101"))[0]
    assert (summary["AuthorList"], summary["HasAbstract"], summary["ESSN"]) == (["Smith JA"], 1, "2999-0001")
    result = ask(mirror, "esummary", id="101,4711", retmode="json").json()["result"]
    assert result["uids"] == ["101", "4711"]
    assert result["101"]["title"] == "Stem cells under imatinib"
    assert result["4711"] == {"uid": "4711", "error": "cannot get document summary"}
    too_many = ask(mirror, "esummary", id=",".join(map(str, range(1, 502))), retmode="json").json()
    assert too_many["error"].startswith("Too many UIDs in request. Maximum number of UIDs is 500")


def test_neighbours_have_falling_whole_scores_the_record_itself_first(mirror: MirrorServer) -> None:
    sets = entrez(
        ask(mirror, "elink", dbfrom="pubmed", id="102", cmd="neighbor_score", linkname="pubmed_pubmed")
    )
    links = [(link["Id"], int(link["Score"])) for link in sets[0]["LinkSetDb"][0]["Link"]]
    assert [pmid for pmid, _ in links] == ["102", "101"]
    assert links[0][1] > links[1][1] > 0


def test_links_by_citation_and_to_pmc(mirror: MirrorServer) -> None:
    def links(pmid: object, name: str) -> list[list[str]]:
        sets = ask(mirror, "elink", dbfrom="pubmed", id=pmid, linkname=name, retmode="json").json()[
            "linksets"
        ]
        return [each.get("linksetdbs", [{"links": []}])[0]["links"] for each in sets]

    assert links("101", "pubmed_pubmed_refs") == [["2", "1"]]
    assert links(["1", "3"], "pubmed_pubmed_citedin") == [["101"], []]
    assert links("1,101", "pubmed_pubmed_citedin") == [["101"]]
    assert links("102", "pubmed_pubmed_reviews") == [["101"]]
    assert links("101", "pubmed_pmc") == [["7101"]]
    assert links("4711", "pubmed_pubmed") == [[]]


def test_einfo_counts_what_is_visible_and_names_the_fields(mirror: MirrorServer) -> None:
    info = entrez(ask(mirror, "einfo"))["DbInfo"][0]
    assert (info["Count"], info["LastUpdate"]) == ("32", "2026/11/23 12:00")
    names = {field["Name"]: field["FullName"] for field in info["FieldList"]}
    assert (names["FULL"], names["CRDT"], names["FINV"]) == ("Author", "Date - Create", "Investigator")
    assert len(names) == len(info["FieldList"]) == 50
    assert entrez(CLIENT.get(f"{mirror.url}einfo.fcgi"))["DbList"] == ["pubmed"]


def test_over_the_limit_is_429_by_address_and_more_is_allowed_with_a_key(corpus: Corpus) -> None:
    with MirrorServer(corpus, now=NOON, rate=3, keys={"good"}) as mirror:
        bare = [CLIENT.get(f"{mirror.url}einfo.fcgi") for _ in range(4)]
        assert [each.status_code for each in bare] == [200, 200, 200, 429]
        assert bare[0].headers["X-RateLimit-Limit"] == "3"
        assert bare[2].headers["X-RateLimit-Remaining"] == "0"
        assert bare[3].headers["Retry-After"] == "2"
        assert bare[3].json() == {
            "error": "API rate limit exceeded",
            "api-key": "127.0.0.1",
            "count": "4",
            "limit": "3",
        }
        keyed = [CLIENT.get(f"{mirror.url}einfo.fcgi?api_key=good").status_code for _ in range(11)]
        assert keyed == [200] * 10 + [429]


@pytest.mark.parametrize("key", ["", "wrong"])
def test_an_unknown_or_empty_key_is_refused(corpus: Corpus, key: str) -> None:
    with MirrorServer(corpus, now=NOON, keys={"good"}) as mirror:
        answer = ask(mirror, "einfo", api_key=key)
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "API key invalid",
        "api-key": key,
        "type": "invalid",
        "status": "unknown",
    }


def test_the_log_has_no_key_and_no_address_but_says_whether_they_were_sent(
    corpus: Corpus, tmp_path: Path
) -> None:
    log = tmp_path / "log.jsonl"
    with MirrorServer(corpus, now=NOON, keys={"s3cret"}, request_log=log) as mirror:
        ask(mirror, "esearch", term="x", tool="t", email="someone@example.org", api_key="s3cret")
        entry = mirror.requests[0]
    assert (entry.util, entry.polite, entry.keyed, entry.status) == ("esearch", True, True, 200)
    assert entry.params["term"] == ("x",)
    assert "s3cret" not in str(entry) + log.read_text()
    assert "example.org" not in str(entry) + log.read_text()
    assert json.loads(log.read_text())["at"] == "2026-11-23T17:00:00+00:00"


def test_the_wire_form_is_ncbis(mirror: MirrorServer) -> None:
    connection = http.client.HTTPConnection(mirror.url.split("/")[2])
    for encoding in ("gzip", "identity"):
        connection.request("GET", "/entrez/eutils/einfo.fcgi", headers={"Accept-Encoding": encoding})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.getheader("Transfer-Encoding") == "chunked"
        assert answer.getheader("Content-Length") is None
        assert re.fullmatch(r"[0-9A-F]{32}\.1\.1\.m_1", answer.getheader("NCBI-PHID") or "")
        assert b"eInfoResult" in (gzip.decompress(body) if encoding == "gzip" else body)
    connection.request("GET", "/entrez/eutils/nosuch.fcgi")
    assert connection.getresponse().status == 404
    connection.close()


def test_a_long_url_is_414(mirror: MirrorServer) -> None:
    assert (
        CLIENT.get(f"{mirror.url}efetch.fcgi", params={"id": ",".join(["1234567"] * 2000)}).status_code == 414
    )


def test_many_clients_at_once_get_their_own_answers(mirror: MirrorServer) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda pmid: pmids(ask(mirror, "efetch", id=pmid)), [*range(1, 31)] * 3))
    assert answers == [[pmid] for pmid in range(1, 31)] * 3


def test_a_taken_port_is_named(mirror: MirrorServer, corpus: Corpus) -> None:
    port = int(mirror.url.split(":")[2].split("/")[0])
    with pytest.raises(SettingsError, match=f"port {port}"):
        MirrorServer(corpus, now=NOON, port=port)
