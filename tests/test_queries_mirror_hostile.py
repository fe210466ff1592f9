"""A mirror among strangers: whatever comes gets an HTTP answer, soon, and leaves nothing behind."""

import re
import socket
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from threading import active_count
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from support.mirror_records import record, write

from queries.mirror import connections, server, utilities
from queries.mirror.limiter import Limiter
from queries.mirror.load import load
from queries.mirror.server import MirrorServer

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
GET = b"GET /entrez/eutils/einfo.fcgi HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /entrez/eutils/esearch.fcgi HTTP/1.1\r\nHost: x\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MirrorServer]:
    folder = write(
        tmp_path_factory.mktemp("xml") / "a.xml", *(record(pmid, f"w{pmid}") for pmid in range(1, 99))
    )
    with load([folder]) as corpus, MirrorServer(corpus, now=NOON, reading=0.5) as running:
        yield running


def said(mirror: MirrorServer, *pieces: bytes, pause: float = 0) -> bytes:
    """What comes back for bytes as they are."""
    port = int(mirror.url.split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for piece in pieces:
            connection.sendall(piece)
            sleep(pause)
        with suppress(OSError):  # it may have been closed to us
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while block := connection.recv(1 << 16):
            answer += block
    return answer


def status(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
    assert found, answer[:200]
    return int(found[1])


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([b"GET /\r\n\r\n"], 404),
        ([b"\r\n" + GET], 400),
        ([b"\x00\xff\xfe nonsense\r\n\r\n"], 400),
        ([b"BREW /entrez/eutils/einfo.fcgi HTTP/1.1\r\n\r\n"], 405),
        ([b"HEAD /entrez/eutils/einfo.fcgi HTTP/1.1\r\n\r\n"], 405),
        ([b"GET /entrez/eutils/einfo.fcgi HTTP/9.9\r\n\r\n"], 505),
        ([b"GET /entrez/eutils/einfo.fcgi?" + b"a" * 70_000], 414),
        ([b"GET /entrez/eutils/einfo.fcgi HTTP/1.1\r\n" + b"X-Y: z\r\n" * 200 + b"\r\n"], 431),
        ([POST + b"Content-Length: many\r\n\r\nterm=x"], 400),
        ([POST + b"Content-Length: -5\r\n\r\nterm=x"], 400),
        ([POST + "Content-Length: ²\r\n\r\nterm=x".encode()], 400),
        ([POST + b"Content-Length: 99999999999\r\n\r\nterm=x"], 413),
        ([POST + b"Content-Length: 50\r\n\r\nterm=x"], 400),
        ([POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"], 400),
        ([POST + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\n"], 413),
        ([POST + b"Transfer-Encoding: chunked\r\n\r\n6\r\nterm=x"], 400),
        ([POST + b"Content-Length: 800000\r\n\r\n" + b"&a=b" * 200_000], 400),
        ([GET], 200),
    ],
)
def test_what_is_no_request_is_refused_as_such(
    mirror: MirrorServer, pieces: list[bytes], expected: int
) -> None:
    assert status(said(mirror, *pieces)) == expected


def test_chunks_forms_and_slow_pieces_are_read(mirror: MirrorServer) -> None:
    chunked = (
        POST
        + FORM
        + b"Transfer-Encoding: chunked\r\n\r\n5\r\nterm=\r\n6;ext=1\r\nw5[ti]\r\n0\r\nX: y\r\n\r\n"
    )
    assert b"<Id>5</Id>" in said(mirror, chunked)
    whole = POST + FORM + b"Content-Length: 11\r\n\r\nterm=w5[ti]"
    assert b"<Id>5</Id>" in said(
        mirror, *[whole[at : at + 20] for at in range(0, len(whole), 20)], pause=0.01
    )
    answer = httpx.post(f"{mirror.url}esearch.fcgi", files={"term": (None, "w5[ti]"), "db": (None, "pubmed")})
    assert "<Id>5</Id>" in answer.text


def test_who_sends_too_slowly_is_told_so_and_lets_others_in(mirror: MirrorServer) -> None:
    begun = monotonic()
    answer = said(mirror, *[b"G", b"E", b"T", b" ", b"/", b"x"], pause=0.15)
    assert status(answer) == 408
    assert status(said(mirror, POST + b"Content-Length: 9\r\n\r\n", pause=0.7)) == 408
    assert monotonic() - begun < 5


def test_an_http_1_0_client_gets_no_chunks(mirror: MirrorServer) -> None:
    answer = said(mirror, GET.replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert b"Transfer-Encoding" not in answer
    assert b"Content-Length: " in answer


@pytest.mark.parametrize(
    "params",
    [
        {"term": " NOT ".join(f"w{n}" for n in range(5000))},
        {"term": "(" * 5000 + "w1" + ")" * 5000},
        {"term": "w1 NOT (" * 3000 + "w2" + ")" * 3000},
        {"term": " AND ".join(f"w{n} OR x{n}" for n in range(3000))},
        {"term": "w1[" * 2000},
        {"term": "w1", "retmax": "²"},
        {"term": "w1", "retstart": "-1"},
        {"term": "w1", "reldate": "99999999999"},
        {"term": "1" * 6000 + "[uid]"},
        {"term": "1" * 6000},
        {"term": "#99999999", "WebEnv": "x"},
        {"id": "9" * 50_000},
        {"id": "١٢٣,½,1e5,0x1,-7"},
        {"id": ",".join(map(str, range(20_000)))},
        {"term": "\x00\ufffe\ud7ff", "sort": "\x00" * 5000, "datetype": "x" * 5000},
        {"WebEnv": "MCID_" + "0" * 9000, "query_key": "9" * 900},
    ],
    ids=range(16),
)
def test_strange_parameters_get_an_answer_of_every_utility(
    mirror: MirrorServer, params: dict[str, str]
) -> None:
    for util in sorted(utilities.NAMES):
        answer = httpx.post(f"{mirror.url}{util}.fcgi", data=params, timeout=20)
        assert answer.status_code in {200, 400, 501}, (util, answer.text[:200])
        assert answer.content


def test_twenty_thousand_alternatives_are_found_within_five_seconds(mirror: MirrorServer) -> None:
    begun = monotonic()
    term = " OR ".join(f"w{n}[ti]" for n in range(20_000))
    answer = httpx.post(f"{mirror.url}esearch.fcgi", data={"term": term, "rettype": "count"}, timeout=60)
    assert "<Count>98</Count>" in answer.text
    assert monotonic() - begun < 30  # on a busy machine; bench_clients.py prints the time


def test_a_defect_is_answered_as_ncbi_answers_its_own(
    mirror: MirrorServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> Any:
        raise ZeroDivisionError("a defect")

    monkeypatch.setitem(utilities._UTILITIES, "einfo", broken)
    answer = httpx.get(f"{mirror.url}einfo.fcgi")
    assert (answer.status_code, "NCBI/eutils202 - WWW Error 500 Diagnostic" in answer.text) == (500, True)
    assert "ZeroDivisionError: a defect" in capsys.readouterr().err


def test_no_more_connections_than_there_is_room_for(
    mirror: MirrorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_MOST_CONNECTIONS", 3)
    with MirrorServer(mirror.service.corpus, now=NOON) as small:
        port = int(small.url.split(":")[2].split("/")[0])
        held = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
        sleep(0.3)
        assert status(said(small)) == 503
        for each in held:
            each.close()
        sleep(0.3)
        assert status(said(small, GET)) == 200


def test_what_is_remembered_of_requests_is_bounded(
    mirror: MirrorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_MOST_CHARACTERS", 300_000)
    before, threads = mirror.requests[-1].number, active_count()
    for _ in range(10):
        httpx.post(f"{mirror.url}epost.fcgi", data={"id": "1," * 30_000, "term": ["x" * 9000] * 10})
    assert sum(each.characters for each in mirror.requests) <= 300_000
    assert mirror.requests[-1].number == before + 10
    sleep(0.1)
    assert active_count() <= threads + 2
    limiter = Limiter(3)
    for caller in range(3000):
        limiter._made[f"10.0.0.{caller}"] = deque([monotonic() - 9])
    limiter.over("192.0.2.1", keyed=False)
    assert len(limiter._made) == 1
