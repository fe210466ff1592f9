"""What PubMed's answers mean: the catalogue of its known errors, and bodies nobody has seen yet."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.scripted_server import articles, searched

from queries.pubmed.answers import FaultKind, classify

DOWN = '<html><a href="/down_bethesda.html">planned</a></html>'
HTML = "<html><head><title>NCBI/eutils202 - WWW Error 500 Diagnostic</title></head></html>"
E2 = "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For PubMed, ESearch can only"
S5 = " Error: External viewer error: Empty Response. Bytes read: 0 Status: Timeout"
TXCLIENT = "NCBI C++ Exception:\n TXCLIENT(CException::eUnknown) Read failed: EOF (the other side has closed)"


def xml(text: str, root: str = "eSearchResult") -> str:
    return f'<?xml version="1.0" ?>\n<{root}>\n\t<ERROR>{text}</ERROR>\n</{root}>\n'


CATALOGUE = [
    (
        "S1",
        FaultKind.THROTTLED,
        429,
        '{"error":"API rate limit exceeded","api-key":"192.0.2.1","count":"17"}',
    ),
    ("S1", FaultKind.THROTTLED, 200, '{"error":"API rate limit exceeded","count":"11"}'),
    ("S1", FaultKind.THROTTLED, 429, "<html>too many</html>"),
    ("S2", FaultKind.BAD_KEY, 400, '{"error":"API key invalid","api-key":"","type":"invalid"}'),
    (
        "S3",
        FaultKind.PERMANENT,
        400,
        xml("Cannot retrieve history data: OUT OF RANGE. Parameter", "eFetchResult"),
    ),
    (
        "S4",
        FaultKind.PERMANENT,
        400,
        xml("ID list is empty! Possibly it has no correct IDs.", "eFetchResult"),
    ),
    ("S5", FaultKind.TOO_LARGE, 400, xml(S5, "eFetchResult")),
    ("S5", FaultKind.TOO_LARGE, 200, xml(S5, "eFetchResult")),
    ("S6", FaultKind.TRANSIENT, 400, "Error: proxy_stream() failed"),
    ("S6", FaultKind.TRANSIENT, 400, xml("Failed to connect to PubOne service", "eFetchResult")),
    ("S7", FaultKind.OVER_CAP, 400, xml(E2, "eFetchResult")),
    ("S8", FaultKind.PERMANENT, 414, ""),
    ("S9", FaultKind.TRANSIENT, 500, HTML),
    ("S10", FaultKind.TRANSIENT, 502, "<html>502 Bad Gateway</html>"),
    ("S10", FaultKind.TRANSIENT, 503, "The server is temporarily unable to service your request"),
    ("S10", FaultKind.TRANSIENT, 504, ""),
    ("S11", FaultKind.OUTAGE, 200, DOWN),
    ("S11", FaultKind.OUTAGE, 301, DOWN),
    ("S12", FaultKind.THROTTLED, 200, "<!DOCTYPE html>\n<html><body>Blocked</body></html>"),
    (
        "S12",
        FaultKind.THROTTLED,
        200,
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x"><html><body/></html>',
    ),
    ("E1", FaultKind.TRANSIENT, 200, xml("Search Backend failed: Database is not supported: pubmed")),
    ("E2", FaultKind.OVER_CAP, 200, xml(E2)),
    ("E2", FaultKind.OVER_CAP, 200, '{"header":{},"esearchresult":{"ERROR":"' + E2 + '"}}'),
    ("E2", FaultKind.OVER_CAP, 200, xml("Position 15000 is out of acceptable range [9999,9998]")),
    ("E3", FaultKind.TRANSIENT, 200, xml("Search Backend failed: Exception: 502 Proxy Error")),
    ("E3", FaultKind.TRANSIENT, 200, xml("Search Backend failed: HTTP Request processing error: null")),
    ("E3", FaultKind.TRANSIENT, 200, xml("Search Backend failed: something new")),
    ("E4", FaultKind.PERMANENT, 200, xml("Empty term and query_key - nothing todo")),
    ("E5", FaultKind.PERMANENT, 200, xml("Invalid db name specified: nothing")),
    ("E6", FaultKind.EXPIRED, 200, xml("Unable to obtain query #1", "eFetchResult")),
    ("E6", FaultKind.EXPIRED, 400, xml("Unable to obtain query #1", "eFetchResult")),
    ("E7", FaultKind.PERMANENT, 200, "Supplied id parameter is empty."),
    ("E8", FaultKind.PERMANENT, 200, "id: 1 Error occurred: The following PMID is not available: 1"),
    ("E9", FaultKind.PERMANENT, 200, '{"header":{},"error":"Too many UIDs in request. Maximum is 500"}'),
    ("E10", FaultKind.PERMANENT, 200, '{"error":"Invalid uid abc at position= 0","result":{"uids":[]}}'),
    ("E11", FaultKind.TRANSIENT, 200, "<eSummaryResult><!-- DocSum Backend failed --></eSummaryResult>"),
    ("E12", FaultKind.TRANSIENT, 200, xml("Couldn't resolve #exLinkSrv2, the address table is empty.")),
    ("E13", FaultKind.TRANSIENT, 200, json.dumps({"linksets": [], "ERROR": TXCLIENT})),
    (
        "E14",
        FaultKind.TRANSIENT,
        200,
        '<?xml version="1.0" ?>\n<!DOCTYPE eLinkResult PUBLIC "-//NLM//DTD" "x.dtd">',
    ),
    ("E14", FaultKind.TRANSIENT, 200, ""),
    ("E14", FaultKind.TRANSIENT, 200, " \n"),
    (
        "E15",
        FaultKind.PERMANENT,
        200,
        xml("Empty ID list; Nothing to store</ERROR><ERROR>Some IDs have invalid value"),
    ),
    ("E17", FaultKind.TRANSIENT, 200, '<?xml version="1.0" ?><PubmedArticleSet><PubmedArticle><PMID>1'),
    ("E17", FaultKind.TRANSIENT, 200, '{"header":{"type":"esearch"'),
    ("E18", FaultKind.TRANSIENT, 200, xml("Error reading from remote server")),
    ("E18", FaultKind.TRANSIENT, 200, xml("Resource temporarily unavailable")),
    ("E18", FaultKind.PERMANENT, 200, xml("Cannot process ID list")),
    ("unknown", FaultKind.PERMANENT, 200, xml("Something that nobody has ever seen")),
    ("HTTP 403", FaultKind.PERMANENT, 403, "<html>Forbidden</html>"),
]


@pytest.mark.parametrize(("code", "kind", "status", "body"), CATALOGUE)
def test_every_error_of_the_catalogue_is_known_by_its_body(
    code: str, kind: FaultKind, status: int, body: str
) -> None:
    fault = classify(status, body.encode())
    assert fault is not None
    assert (fault.code, fault.kind) == (code, kind)


@pytest.mark.parametrize(
    "body",
    [
        searched(1, 2).body,
        searched().body,
        articles(1).body,
        b'<?xml version="1.0" ?>\n<PubmedArticleSet></PubmedArticleSet>',
        b"<PubmedArticleSet/>\n",
        b"\xef\xbb\xbf" + searched(1).body,
        b'{"esearchresult":{"count":"1","idlist":["1"]}}',
        b'{"result":{"uids":["2"],"2":{"uid":"2","error":"cannot get document summary"}}}',
        b"<eSummaryResult><ERROR>UID=9: cannot get document summary</ERROR></eSummaryResult>",
        b"41297076\n41297074\n",
    ],
)
def test_a_whole_answer_has_no_fault(body: bytes) -> None:
    assert classify(200, body) is None


def test_words_of_an_article_are_no_error() -> None:
    """A paper may be about server errors."""
    body = articles(1).body.replace(b"Sample 1", b"Read failed: &lt;ERROR&gt; Service unavailable")
    assert classify(200, body) is None


def test_an_error_text_is_one_short_line() -> None:
    fault = classify(200, xml("a\n\n  b" + "c" * 999).encode())
    assert fault is not None
    assert fault.text.startswith("a b")
    assert len(fault.text) <= 200


@given(status=st.integers(100, 599), body=st.binary(max_size=200))
def test_any_bytes_are_judged_and_no_bad_status_is_ever_good(status: int, body: bytes) -> None:
    fault = classify(status, body)
    assert fault is not None or status == 200


@given(cut=st.integers(0, 10_000))
def test_no_truncated_answer_is_ever_good(cut: int) -> None:
    whole = articles(*range(1, 9)).body
    part = whole[: cut % len(whole)]
    assert classify(200, part) is not None


@pytest.mark.skipif("SEEDWATCH_REAL_DATA" not in os.environ, reason="SEEDWATCH_REAL_DATA is not set")
def test_recorded_errors_are_faults_and_recorded_answers_are_not() -> None:
    folder = Path(os.environ["SEEDWATCH_REAL_DATA"]) / "eutils"
    good = {
        "efetch_empty_set", "esearch_phrase_not_found_xml", "esearch_phrase_not_found_json",
        "esearch_restrictions_warning_json",
    }  # fmt: skip
    for line in (folder / "errors.jsonl").read_text().splitlines():
        case = json.loads(line)
        fault = classify(case["http_status"], case["body"].encode())
        assert (fault is None) == (case["id"] in good), case["id"]
        assert fault is None or fault.code != "unknown", case["id"]
    for path in [*folder.glob("esearch*.xml"), *folder.glob("elink*.xml"), folder / "pubmed1.xml"]:
        if "<ERROR>" not in path.read_text():
            assert classify(200, path.read_bytes()) is None, path.name
