"""The mirror's HTTP face: NLM's headers, limits and manners on 127.0.0.1.

with MirrorServer(load([folder]), now=clock) as mirror:
requests go to mirror.url + "esearch.fcgi"
"""

import gzip
import json
import socket
import struct
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import Self
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from queries.errors import SettingsError
from queries.mirror import answers
from queries.mirror.answers import Response
from queries.mirror.corpus import Corpus
from queries.mirror.faults import Fault, FaultPlan, corrupt, replacement
from queries.mirror.history import Sessions
from queries.mirror.language import Reader
from queries.mirror.limiter import Limiter
from queries.mirror.mesh import Mesh
from queries.mirror.parameters import Parameters, in_json, one
from queries.mirror.utilities import NAMES, Utilities

_PATH = "/entrez/eutils/"
_IDLE = 4  # seconds that an unused connection is kept, as NCBI says in Keep-Alive
_LONGEST_URL = 4000  # characters; NCBI answers 414 somewhere near 2,000 ids
_LARGEST_BODY = 1 << 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A line of the request log. `at` is the mirror's clock, `second` monotonic; no key, no address."""

    number: int
    at: datetime
    second: float
    util: str
    method: str
    params: dict[str, tuple[str, ...]]
    polite: bool  # tool and email were sent
    keyed: bool
    status: int
    fault: str
    size: int  # bytes of the answer, uncompressed


class MirrorServer:
    """E-utilities over a corpus. `url` is what SEEDWATCH_EUTILS_URL is set to.

    `now` (a moment or a function) is the clock, aware; set `clock` between requests to live through
    weeks. `rate` is requests a second for each address, None for no limit; each of `keys` has 10/3 of
    that. `faults` may be set anew at any time. `latency` is added to each answer, in seconds.
    """

    def __init__(  # noqa: PLR0913 - each is one trait of PubMed that a test or a user may choose
        self,
        corpus: Corpus,
        *,
        now: Callable[[], datetime] | datetime,
        rate: float | None = None,
        keys: Collection[str] = (),
        cap: int = 9999,
        mesh: Path | None = None,
        faults: FaultPlan | None = None,
        latency: float = 0.0,
        request_log: Path | None = None,
        strict: bool = True,
        ideal: bool = False,
        dtd: int = 2025,
        history: timedelta = timedelta(hours=1),
        port: int = 0,
    ) -> None:
        """Bind to a free port (or `port`); nothing is answered before `start`."""
        self.clock: Callable[[], datetime] | datetime = now
        self.keys = frozenset(keys)
        self.faults = faults
        self.latency = latency
        self.requests: list[Request] = []
        self.utilities = Utilities(
            Reader(corpus, Mesh(mesh), strict, ideal), cap=cap, dtd=dtd, sessions=Sessions(history)
        )
        self.limiter = Limiter(rate)
        self.stopping = Event()
        self._log = request_log
        self._lock = Lock()
        try:
            self._http = _Server(("127.0.0.1", port), _Handler)
        except OSError as taken:
            raise SettingsError(
                f"port {port}", f"cannot be listened on ({taken})", "Choose another"
            ) from taken
        self._http.mirror = self
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        """Base URL, ending in a slash."""
        return f"http://127.0.0.1:{self._http.server_port}{_PATH}"

    def now(self) -> datetime:
        """The mirror's clock, aware."""
        return self.clock() if callable(self.clock) else self.clock

    def start(self) -> Self:
        """Response, in threads of its own."""
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port and every connection; the corpus stays open."""
        self.stopping.set()
        if self._thread:
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()

    def serve_forever(self) -> None:
        """Response in this thread, until interrupted."""
        self._http.serve_forever()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def fault(self, util: str, *, reused: bool) -> Fault | None:
        """What befalls a request that has just come in."""
        fault = self.faults.choose(util, reused=reused) if self.faults else None
        if fault and fault.kind == "webenv_expire":
            self.utilities.sessions.forget()
        return fault

    def answer(self, util: str, params: Parameters, caller: str, fault: Fault | None) -> Response:
        """The answer to a request, with its fault."""
        made = replacement(fault, util, in_json=in_json(params), caller=caller) if fault else None
        if made:
            return made
        if "api_key" in params and one(params, "api_key") not in self.keys:
            return answers.bad_key(one(params, "api_key"))
        keyed = "api_key" in params
        over = self.limiter.over(caller, keyed=keyed)
        if over:
            return answers.throttled(caller, over, self.limiter.limit(keyed=keyed))
        true = self.utilities.answer(util, params, self.now(), fault)
        return corrupt(fault, true) if fault else true

    def note(self, method: str, util: str, params: Parameters, answer: Response, fault: Fault | None) -> None:
        """Write a request down, without key and address."""
        with self._lock:
            entry = Request(
                number=len(self.requests) + 1,
                at=self.now(),
                second=monotonic(),
                util=util,
                method=method,
                params={
                    name: tuple(each) for name, each in params.items() if name not in {"api_key", "email"}
                },
                polite=bool(one(params, "tool") and one(params, "email")),
                keyed="api_key" in params,
                status=answer.status,
                fault=fault.kind if fault else "",
                size=len(answer.body),
            )
            self.requests.append(entry)
            if self._log:
                with self._log.open("a", encoding="utf-8") as log:
                    log.write(json.dumps(asdict(entry) | {"at": entry.at.astimezone(UTC).isoformat()}) + "\n")


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # they are joined at the end, as each may hold a cursor of the corpus
    request_queue_size = 128
    mirror: MirrorServer

    def __init__(self, *params: object) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*params)  # type: ignore[arg-type]

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        for request in list(self._open):
            with suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for the next request
        super().server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no news; anything else is a defect and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "seedwatch-mirror", ""
    disable_nagle_algorithm = True
    timeout = _IDLE
    wbufsize = -1
    server: _Server
    answered = 0

    def do_GET(self) -> None:
        """GET: parameters in the URL."""
        self._respond(b"")

    def do_POST(self) -> None:
        """POST: parameters in the URL and in the body, merged."""
        length = int(self.headers.get("Content-Length") or 0)
        self._respond(self.rfile.read(min(length, _LARGEST_BODY)))

    def _respond(self, body: bytes) -> None:
        mirror = self.server.mirror
        url = urlsplit(self.path)
        params = parse_qs(url.query, keep_blank_values=True)
        for name, each in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items():
            params.setdefault(name, []).extend(each)
        util = url.path.removeprefix(_PATH).removesuffix(".fcgi")
        if util not in NAMES or not url.path.startswith(_PATH):
            self._send(
                Response(b"<html><head><title>404 Not Found</title></head></html>", "text/html", 404), None
            )
            return
        if len(self.path) > _LONGEST_URL:
            self._send(Response(b"<html><head><title>414</title></head></html>", "text/html", 414), None)
            return
        fault = mirror.fault(util, reused=self.answered > 0)
        self.answered += 1
        caller = one(params, "api_key") or str(self.client_address[0])
        answer = mirror.answer(util, params, caller, fault)
        mirror.note(self.command, util, params, answer, fault)
        wait = mirror.latency + (fault.seconds if fault and fault.kind == "slow" else 0)
        if fault and fault.kind == "hang":
            wait = 3600
        if wait:
            mirror.stopping.wait(wait)
        if fault and fault.kind in {"reset", "reset_on_keepalive", "hang"}:
            self.close_connection = True
            _reset(self.connection)
            return
        self._send(answer, fault, caller, keyed="api_key" in params)

    def _send(self, answer: Response, fault: Fault | None, caller: str = "", *, keyed: bool = False) -> None:
        limiter = self.server.mirror.limiter
        body = answer.body
        packed = "gzip" in (self.headers.get("Accept-Encoding") or "") and bool(body)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Cache-Control", "private")
        self.send_header("NCBI-PHID", f"{uuid4().hex.upper()}.1.1.m_1")  # what NCBI's support asks for
        self.send_header("X-RateLimit-Limit", str(limiter.limit(keyed=keyed)))
        self.send_header("X-RateLimit-Remaining", str(limiter.left(caller, keyed=keyed)))
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            self.send_header("Retry-After", "2")
        if packed:
            body = gzip.compress(body, 1)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Keep-Alive", f"timeout={_IDLE}, max=40")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for start in range(0, len(body), 1 << 16):
            chunk = body[start : start + (1 << 16)]
            self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        if fault and fault.kind == "truncate" and not fault.ended:
            self.close_connection = True  # without the last chunk: the body ends in the middle
        else:
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name upstream
        """The request log says it better."""


def _reset(connection: socket.socket) -> None:
    """End a connection as a crash would: the other side reads ECONNRESET."""
    with suppress(OSError):  # it may be gone already
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
