"""What goes wrong on purpose: each fault as a client meets it, and when it does."""

import http.client
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import httpx
import pytest
from lxml import etree
from support.mirror_records import record, write

from queries.mirror.corpus import Corpus
from queries.mirror.faults import KINDS, Fault, FaultPlan, webenv_expire_after
from queries.mirror.load import load
from queries.mirror.server import MirrorServer
from queries.pubmed.answers import classify
from queries.readers.pubmed_xml import parse
from queries.records.article import Article

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
CLIENT = httpx.Client(timeout=2)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    records = [record(pmid, "Many of a kind", created=f"2026-10-{pmid:02} 05:00") for pmid in range(1, 6)]
    with load([write(tmp_path_factory.mktemp("xml") / "a.xml", *records)]) as corpus:
        yield corpus


@pytest.fixture
def mirror(corpus: Corpus) -> Iterator[MirrorServer]:
    with MirrorServer(corpus, now=NOON) as mirror:
        yield mirror


def search(mirror: MirrorServer, **more: str) -> httpx.Response:
    return CLIENT.post(f"{mirror.url}esearch.fcgi", data={"db": "pubmed", "term": "kind", **more})


def fetch(mirror: MirrorServer, ids: str = "5,4,3,2,1", **more: str) -> httpx.Response:
    return CLIENT.post(f"{mirror.url}efetch.fcgi", data={"db": "pubmed", "id": ids, **more})


def pmids(answer: httpx.Response) -> list[int]:
    return [each.pmid for each in parse(answer.content) if isinstance(each, Article)]


@pytest.mark.parametrize(
    ("kind", "util", "status", "inside"),
    [
        ("429", "esearch", 429, "API rate limit exceeded"),
        ("400key", "esearch", 400, "API key invalid"),
        ("500html", "esearch", 500, "NCBI/eutils202 - WWW Error 500 Diagnostic"),
        ("502", "esearch", 502, "Bad Gateway"),
        ("503", "esearch", 503, "temporarily unable"),
        ("504", "esearch", 504, "Gateway Timeout"),
        ("html200", "esearch", 200, "<html>"),
        ("outage", "esearch", 200, "down_bethesda"),
        ("error:E1", "esearch", 200, "Database is not supported: pubmed"),
        ("error:E2", "esearch", 200, "cannot be larger than 9998"),
        ("error:E3", "esearch", 200, "502 Proxy Error"),
        ("error:S5", "efetch", 400, "External viewer error: Empty Response"),
        ("error:S6", "efetch", 400, "proxy_stream()"),
        ("error:E6", "efetch", 200, "Unable to obtain query #1"),
        ("error:E12", "elink", 200, "the address table is empty"),
        ("error:E13", "elink", 200, "Read failed: EOF"),
        ("error:E14", "elink", 200, "<!DOCTYPE eLinkResult"),
        ("prolog_only", "efetch", 200, "<!DOCTYPE eEfetchResult"),
        ("empty200", "efetch", 200, ""),
    ],
)
def test_a_substitute_answer_stands_in_for_the_true_one_once_and_the_client_sees_trouble(
    mirror: MirrorServer, kind: str, util: str, status: int, inside: str
) -> None:
    mirror.faults = FaultPlan([Fault(kind=kind, util=util, times=1)])
    given = {"db": "pubmed", "dbfrom": "pubmed", "term": "kind", "id": "1"}
    bad = CLIENT.post(f"{mirror.url}{util}.fcgi", data=given)
    good = CLIENT.post(f"{mirror.url}{util}.fcgi", data=given)
    assert (bad.status_code, inside in bad.text) == (status, True)
    assert classify(bad.status_code, bad.content) is not None
    assert classify(good.status_code, good.content) is None
    assert [entry.fault for entry in mirror.requests] == [kind, ""]


def test_an_elink_error_in_json_keeps_its_raw_newline(mirror: MirrorServer) -> None:
    mirror.faults = FaultPlan([Fault(kind="error:E13")])
    answer = CLIENT.post(f"{mirror.url}elink.fcgi", data={"dbfrom": "pubmed", "id": "1", "retmode": "json"})
    told = json.loads(answer.text, strict=False)
    assert told["linksets"] == []
    assert "Exception:\n" in told["ERROR"]


def test_a_truncated_answer_ends_in_the_middle_with_or_without_http_noticing(mirror: MirrorServer) -> None:
    mirror.faults = FaultPlan(
        [Fault(kind="truncate", size=900, times=1), Fault(kind="truncate", size=900, ended=True)]
    )
    with pytest.raises(httpx.RemoteProtocolError):
        fetch(mirror)
    answer = fetch(mirror)
    assert len(answer.content) == 900
    assert classify(200, answer.content) is not None


def test_dropped_and_doubled_records(mirror: MirrorServer) -> None:
    mirror.faults = FaultPlan(
        [Fault(kind="drop", util="efetch", pmids=(2, 4), at=1), Fault(kind="dup", pmids=(3,))]
    )
    assert pmids(fetch(mirror)) == [5, 3, 1]
    assert pmids(fetch(mirror)) == [5, 4, 3, 2, 1, 3]


def test_a_new_dtd_and_an_unknown_element_leave_the_records_readable(mirror: MirrorServer) -> None:
    mirror.faults = FaultPlan([Fault(kind="dtd260101", at=1), Fault(kind="extra_unknown_tag", at=2)])
    newer, stranger = fetch(mirror), fetch(mirror)
    assert "1st January 2026//EN" in newer.text
    assert "pubmed_260101.dtd" in newer.text
    assert len(etree.fromstring(stranger.content).findall("*/*/FutureList")) == 5
    assert pmids(newer) == pmids(stranger) == [5, 4, 3, 2, 1]


def test_a_count_that_changes_midway(mirror: MirrorServer) -> None:
    mirror.faults = FaultPlan([Fault(kind="count_changes_midway", util="esearch", at=1, by=2)])
    counts = [search(mirror, retmode="json").json()["esearchresult"]["count"] for _ in range(2)]
    assert counts == ["3", "5"]


def test_a_webenv_that_expires_after_so_many_requests(mirror: MirrorServer) -> None:
    mirror.faults = FaultPlan([webenv_expire_after(2)])
    env = search(mirror, usehistory="y", retmode="json").json()["esearchresult"]["webenv"]
    given = {"ids": "", "WebEnv": env, "query_key": "1"}
    assert pmids(fetch(mirror, **given)) == [5, 4, 3, 2, 1]
    assert "Unable to obtain query #1" in fetch(mirror, **given).text


def test_slow_and_hanging_answers(mirror: MirrorServer) -> None:
    mirror.faults = FaultPlan([Fault(kind="slow", seconds=0.3, at=1), Fault(kind="hang", at=2)])
    begun = monotonic()
    assert pmids(fetch(mirror)) == [5, 4, 3, 2, 1]
    assert monotonic() - begun >= 0.3
    with pytest.raises(httpx.ReadTimeout):
        CLIENT.get(f"{mirror.url}einfo.fcgi", timeout=0.2)


def test_a_reset_connection(mirror: MirrorServer) -> None:
    mirror.faults = FaultPlan([Fault(kind="reset", times=1)])
    with pytest.raises(httpx.NetworkError):
        fetch(mirror)
    assert pmids(fetch(mirror)) == [5, 4, 3, 2, 1]


def test_a_kept_connection_that_is_dead_when_used_again(mirror: MirrorServer) -> None:
    mirror.faults = FaultPlan([Fault(kind="reset_on_keepalive", times=1)])
    connection = http.client.HTTPConnection(mirror.url.split("/")[2])
    connection.request("GET", "/entrez/eutils/einfo.fcgi")
    assert connection.getresponse().read()
    connection.request("GET", "/entrez/eutils/einfo.fcgi")
    with pytest.raises(ConnectionError):
        connection.getresponse()
    connection.close()
    connection.request("GET", "/entrez/eutils/einfo.fcgi")
    assert connection.getresponse().status == 200
    connection.close()


def test_a_fault_befalls_the_requests_that_it_names() -> None:
    plan = FaultPlan([Fault(kind="429", util="efetch", at=2), Fault(kind="502", after=3, times=1)])
    utils = ["esearch", "efetch", "efetch", "efetch", "esearch"]
    chosen = [plan.choose(util, reused=False) for util in utils]
    assert [fault and fault.kind for fault in chosen] == [None, None, "429", "502", None]


def test_chance_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    def struck(seed: int) -> list[int]:
        plan = FaultPlan([Fault(kind="500html", one_in=20)], seed=seed)
        return [number for number in range(1000) if plan.choose("efetch", reused=False)]

    assert struck(1) == struck(1) != struck(2)
    assert 25 < len(struck(1)) < 80


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="no fault 'typo'"):
        Fault(kind="typo")
    assert all(Fault(kind=kind) for kind in KINDS)


@pytest.mark.skipif("SEEDWATCH_REAL_DATA" not in os.environ, reason="SEEDWATCH_REAL_DATA is unset")
def test_the_faults_say_what_was_recorded(mirror: MirrorServer) -> None:
    lines = (
        (Path(os.environ["SEEDWATCH_REAL_DATA"]) / "eutils" / "errors.jsonl").read_text("utf-8").splitlines()
    )
    recorded = {line["id"]: line for line in map(json.loads, lines)}
    for kind, name, util in (
        ("error:S5", "efetch_viewer_timeout_400", "efetch"),
        ("error:E1", "esearch_backend_failed_json", "esearch"),
        ("error:E2", "esearch_error_raw_newline_json", "esearch"),
    ):
        mirror.faults = FaultPlan([Fault(kind=kind)])
        mode = "json" if name.endswith("json") else "xml"
        answer = CLIENT.post(f"{mirror.url}{util}.fcgi", data={"db": "pubmed", "id": "1", "retmode": mode})
        words = "".join(recorded[name]["body"].split("ERROR")[1:]).strip('<>/":}').split("<")[0][:60]
        assert words in answer.text
        assert answer.status_code == recorded[name]["http_status"]
