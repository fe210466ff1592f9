"""A web server that plays a script: for answers that no healthy PubMed, and no mirror, would give."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import parse_qs


class Time:
    """A clock that only sleeping moves, and the sleeps that were asked for."""

    def __init__(self) -> None:
        """Begin at an arbitrary moment."""
        self.now, self.slept = 1000.0, list[float]()

    def clock(self) -> float:
        """Seconds, as time.monotonic gives them."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.slept.append(seconds)
        self.now += seconds


@dataclass(frozen=True)
class Reply:
    """An answer; `cut` closes the connection after that many bytes of the body, `slow` waits first."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    slow: float = 0.0
    hang_up: bool = False


@dataclass
class Script:
    """What was asked, and how to answer: `play(util, params, ordinal)`."""

    play: Callable[[str, dict[str, list[str]], int], Reply]
    url: str = ""
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)


@contextmanager
def playing(play: Callable[[str, dict[str, list[str]], int], Reply]) -> Iterator[Script]:
    """Serve a script on loopback."""
    script = Script(play)

    class Player(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            arrived = time.monotonic()
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            params = parse_qs(body, keep_blank_values=True)
            util = self.path.rpartition("/")[2].removesuffix(".fcgi")
            with script.lock:
                ordinal = len(script.asked)
                script.asked.append((util, params))
                script.times.append(arrived)
                script.headers.append(dict(self.headers))
                script.connections.add(self.client_address)
            self.answer(script.play(util, params, ordinal))

        def answer(self, reply: Reply) -> None:
            time.sleep(reply.slow)
            if reply.hang_up:
                self.close_connection = True
                return
            self.send_response_only(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.close_connection = reply.cut is not None
            with suppress(OSError):  # a client that has lost patience
                self.wfile.write(reply.body[: reply.cut])

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Player)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_port}/entrez/eutils/"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def searched(*pmids: int, count: int | None = None, more: str = "") -> Reply:
    """An ESearch answer as PubMed writes it."""
    ids = "".join(f"<Id>{pmid}</Id>\n" for pmid in pmids)
    shown, count = len(pmids), len(pmids) if count is None else count
    return Reply(
        (
            '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch '
            '20060628//EN" "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
            f"<eSearchResult><Count>{count}</Count><RetMax>{shown}</RetMax>"
            f"<RetStart>0</RetStart><IdList>\n{ids}</IdList><TranslationSet/>"
            f'<QueryTranslation>"imatinib"[Title/Abstract]</QueryTranslation>{more}</eSearchResult>\n'
        ).encode()
    )


def articles(*pmids: int) -> Reply:
    """An EFetch answer of invented records."""
    records = "".join(
        f'<PubmedArticle><MedlineCitation Status="Publisher" Owner="NLM"><PMID Version="1">{pmid}</PMID>'
        f"<Article><Journal><Title>J</Title></Journal><ArticleTitle>Sample {pmid}</ArticleTitle></Article>"
        '</MedlineCitation><PubmedData><History><PubMedPubDate PubStatus="entrez"><Year>2026</Year>'
        "<Month>11</Month><Day>10</Day></PubMedPubDate></History><ArticleIdList>"
        f'<ArticleId IdType="doi">10.5555/sample.{pmid}</ArticleId></ArticleIdList></PubmedData>'
        "</PubmedArticle>"
        for pmid in pmids
    )
    return Reply(
        (
            '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, '
            '1st January 2026//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_260101.dtd">\n'
            f"<PubmedArticleSet>\n{records}</PubmedArticleSet>"
        ).encode()
    )


def error(text: str, root: str = "eSearchResult", status: int = 200) -> Reply:
    """An error inside an XML answer."""
    return Reply(
        f'<?xml version="1.0" encoding="UTF-8" ?>\n<{root}><ERROR>{text}</ERROR></{root}>'.encode(), status
    )


def json_reply(value: object, status: int = 200, **headers: str) -> Reply:
    """A JSON answer; in header names _ stands for -."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(json.dumps(value).encode(), status, named)


def ids(params: dict[str, list[str]]) -> list[int]:
    """The PMIDs that an EFetch asks for."""
    return [int(pmid) for pmid in params["id"][0].split(",")]
