"""Exchanges recorded with NCBI, replayed: our client against its bytes, the mirror against its answers.

The mirror holds the records that were recorded, no others: its counts are smaller, its hits must be
among those recorded, and all else is compared field by field. What is known to differ stands in KNOWN.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from lxml import etree
from support.recordings import Exchange, read

from queries.errors import Refused
from queries.mirror.corpus import Corpus
from queries.mirror.load import load
from queries.mirror.server import MirrorServer
from queries.pubmed.answers import classify
from queries.pubmed.eutils import efetch, esearch
from queries.pubmed.wire import Patience, Wire

FOLDER = Path(os.environ.get("SEEDWATCH_REAL_DATA") or "/nonexistent") / "eutils" / "recorded"
FILES = sorted(FOLDER.glob("*.yml"))
pytestmark = pytest.mark.skipif(not FILES, reason="SEEDWATCH_REAL_DATA holds no recorded exchanges")
EXCHANGES = {f"{file.stem}-{nth}": exchange for file in FILES for nth, exchange in enumerate(read(file))}
replayed = pytest.mark.parametrize("exchange", EXCHANGES.values(), ids=EXCHANGES.keys())
MAPPED = "automatic term mapping is not modelled: an untagged word is that word in all fields"
KNOWN = {  # (term or form, field) → why the mirror says something else
    ("cancer", "translation"): MAPPED,
    ("covid", "translation"): MAPPED,
    ("long covid", "translation"): MAPPED,
    ("reverse transcriptase inhibitors [pa]", "status"): "no record has it; NLM's descriptor file does",
    ("medline", "IS  - 0028-0836 (Print)"): "the journal's other ISSN stands in NLM's catalogue only",
    ("medline", "COIS"): "a heading's full stop is lost",
    ("abstract", "Conflict of interest statement"): "a heading's full stop is lost",
}


@pytest.fixture(scope="module")
def recorded_corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    folder = tmp_path_factory.mktemp("recorded")
    for name in ("client__fetch__36410718", "pubmed__fetch__37194105"):
        (folder / f"{name}.xml").write_bytes(read(FOLDER / f"{name}.yml")[0].body)
    with load([folder]) as corpus:
        yield corpus


@pytest.fixture(scope="module")
def recorded_mirror(recorded_corpus: Corpus) -> Iterator[MirrorServer]:
    with MirrorServer(recorded_corpus, now=datetime.now(UTC), rate=3, dtd=2023, ideal=True) as server:
        server.limiter.over = lambda *_, **__: 0  # type: ignore[method-assign]  # the limit is shown, not kept
        yield server


class _Replayer(BaseHTTPRequestHandler):
    """Answers everything with one recorded answer."""

    exchange: Exchange

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.exchange.status)
        self.send_header("Content-Type", self.exchange.headers["content-type"])
        self.send_header("Content-Length", str(len(self.exchange.body)))
        self.end_headers()
        self.wfile.write(self.exchange.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name upstream
        pass


@pytest.fixture(scope="module")
def replayer() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Replayer)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@replayed
def test_the_client_reads_what_was_recorded(replayer: str, exchange: Exchange) -> None:
    _Replayer.exchange = exchange
    with Wire(
        replayer, tool="t", email="e@example.org", rate=float("inf"), patience=Patience(tries=1)
    ) as wire:
        if exchange.util == "efetch" and not exchange.asked.get("id"):
            with pytest.raises(Refused, match=r"Supplied id parameter is empty\. \(E7\)"):
                wire.post("efetch", {})
        elif exchange.util == "efetch":
            assert wire.post("efetch", {}) == exchange.body
            if exchange.body.startswith(b"<"):
                pmid = int(exchange.asked["id"])
                (article,) = efetch(wire, [pmid]).articles
                record = etree.fromstring(exchange.body)
                assert article.pmid == pmid
                assert article.title == record.findtext(".//ArticleTitle")
                assert len(article.authors) == len(record.findall(".//Author"))
                assert len(article.mesh) == len(record.findall(".//MeshHeading"))
                assert article.doi == record.findtext(".//PubmedData/ArticleIdList/ArticleId[@IdType='doi']")
        elif exchange.asked.get("rettype") == "count":
            assert classify(exchange.status, exchange.body) is None
        else:
            found, answer = esearch(wire, exchange.asked["term"]), etree.fromstring(exchange.body)
            assert found.count == int(answer.findtext("Count") or -1)
            assert found.pmids == tuple(int(each.text or 0) for each in answer.iterfind("IdList/Id"))
            assert found.translation == answer.findtext("QueryTranslation")
            missing = [f"PhraseNotFound: {each.text}" for each in answer.iterfind("ErrorList/PhraseNotFound")]
            assert list(found.warnings) == missing


@replayed
def test_the_mirror_answers_as_was_recorded(recorded_mirror: MirrorServer, exchange: Exchange) -> None:
    recorded_mirror.clock = datetime.strptime(exchange.at, "%a, %d %b %Y %H:%M:%S %Z").replace(tzinfo=UTC)
    path = exchange.url.rpartition("/")[2]
    answer = httpx.request(exchange.method, recorded_mirror.url + path, params=[*exchange.params])
    if ("status", exchange.asked.get("term")) in {(field, term) for term, field in KNOWN}:
        assert (answer.status_code, "is not modelled" in answer.text) == (501, True)
        return
    assert answer.status_code == exchange.status
    assert answer.headers["content-type"] == exchange.headers["content-type"]
    assert answer.headers["x-ratelimit-limit"] == exchange.headers["x-ratelimit-limit"]
    assert answer.headers["transfer-encoding"] == exchange.headers["transfer-encoding"]
    if exchange.util == "efetch":
        form = exchange.asked.get("rettype", "")
        assert _without_known(form, answer.text) == _without_known(form, exchange.body.decode())
    else:
        _compare_searches(exchange, answer.content)


def _without_known(form: str, text: str) -> str:
    """A text without the lines that are known to differ, and their continuations."""
    starts = tuple(start for known, start in KNOWN if known == form and known in {"medline", "abstract"})
    if text.startswith("<") or not starts:
        return text
    kept = re.sub(r"\n(?:" + "|".join(map(re.escape, starts)) + r")[^\n]*(?:\n(?: {6})[^\n]*)*", "", text)
    return kept.replace("\ncompeting interest.", "") if form == "abstract" else kept


def _compare_searches(exchange: Exchange, made: bytes) -> None:
    theirs, ours = etree.fromstring(exchange.body), etree.fromstring(made)
    assert _doctype(made) == _doctype(exchange.body)
    if exchange.asked.get("rettype") == "count":
        assert re.sub(rb"\d+(?=</Count>)", b"N", made) == re.sub(rb"\d+(?=</Count>)", b"N", exchange.body)
        return
    listed = [int(each.text or 0) for each in theirs.iterfind("IdList/Id")]
    found = [int(each.text or 0) for each in ours.iterfind("IdList/Id")]
    assert [pmid for pmid in found if pmid >= min(listed, default=0)] == [
        pmid for pmid in listed if pmid in {36410718, 37194105}
    ]
    assert ours.findtext("RetMax") == str(len(ours.findall("IdList/Id")))
    assert ours.findtext("RetStart") == theirs.findtext("RetStart")
    ends = {"ErrorList", "WarningList"}  # here most find nothing, where PubMed found something
    kept = [each.tag for each in ours if each.tag not in ends or theirs.find(each.tag) is not None]
    assert kept == [each.tag for each in theirs]
    if theirs.find("ErrorList") is not None:
        assert made == exchange.body  # nothing found there, nothing here
    untagged = re.sub(r'\s*(?:"last[^"]*"|\S+)\s*\[(?:crdt|pdat)\]', "", exchange.asked["term"])
    translation, expected = ours.findtext("QueryTranslation") or "", theirs.findtext("QueryTranslation") or ""
    if (untagged, "translation") in KNOWN:
        date = r" AND (?:\"?\d{4}/[^\[]*)\[Date - [^\]]*\]$"
        assert re.findall(date, translation) == re.findall(date, expected)
    else:
        assert translation == expected
        assert ours.find("TranslationSet") is not None


def _doctype(document: bytes) -> bytes:
    return document[: document.index(b">", document.index(b"<!DOCTYPE"))]


def test_every_known_difference_is_one() -> None:
    asked = {exchange.asked.get(name, "") for exchange in EXCHANGES.values() for name in ("term", "rettype")}
    for form, _ in KNOWN:
        assert any(term.startswith(form) for term in asked), form
