"""Requests in whatever shape they come: one answer to each, in bounded time and room."""

import gzip
import socket
import struct
import traceback
from contextlib import suppress
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from io import BufferedReader
from time import monotonic
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from queries.mirror import answers
from queries.mirror.answers import HTML, Response
from queries.mirror.connections import IDLE, HttpServer, Incoming
from queries.mirror.faults import Fault
from queries.mirror.parameters import Parameters, named, one
from queries.mirror.utilities import NAMES

PATH = "/entrez/eutils/"
_LONGEST_URL = 4000  # characters; NCBI answers 414 somewhere near 2,000 ids
_LARGEST_BODY = 1 << 23
_MOST_PARAMETERS = 50_000
_LINGER = 1.0  # seconds that the rest of a refused request is read
_SENDING = 60.0  # seconds that a client may take no byte of its answer


class Malformed(Exception):
    """A request that is none: HTTP status and why."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        """Keep both."""
        super().__init__(why)
        self.status, self.why = status, why


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.0"  # who names none gets a head nevertheless
    server_version, sys_version = "seedwatch-mirror", ""
    disable_nagle_algorithm = True
    wbufsize = -1
    server: HttpServer
    answered = 0

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date of an answer: the mirror's own clock, which may stand still."""
        return super().date_time_string(timestamp or self.server.mirror.now().timestamp())

    def setup(self) -> None:
        """Read through a clock."""
        super().setup()
        self.rfile.close()
        self._incoming = Incoming(self.connection, self.server.mirror.reading)
        self.rfile = BufferedReader(self._incoming, 1 << 16)

    def handle_one_request(self) -> None:
        """Read a request and answer it, whatever it is."""
        self._incoming.deadline = None
        self.command, self.path, self.requestline = "", "", ""
        self.request_version = self.default_request_version
        self.headers_sent = False
        try:
            if self._parsed():
                self._serve()
        except TimeoutError:
            self.close_connection = True
            if self._incoming.begun and not self.headers_sent:
                self._refuse(Malformed(HTTPStatus.REQUEST_TIMEOUT, "the request did not come in time"))
        except Malformed as refusal:
            self._refuse(refusal)
        except OSError:
            self.close_connection = True  # the client went away
        except Exception:  # noqa: BLE001 - whatever it is, the client gets an answer
            traceback.print_exc()
            self.close_connection = True
            if not self.headers_sent:
                self._send(answers.server_error(), None)

    def _parsed(self) -> bool:
        """Read the head; whether it is one. What is none was answered by the base class."""
        self.raw_requestline = self.rfile.readline(1 << 16)
        if not self.raw_requestline:
            self.close_connection = True
            return False
        if not self.raw_requestline.strip():
            raise Malformed(HTTPStatus.BAD_REQUEST, "an empty request line")
        if len(self.raw_requestline) == 1 << 16:
            raise Malformed(HTTPStatus.REQUEST_URI_TOO_LONG, "a request line without end")
        return self.parse_request()

    def _serve(self) -> None:
        if self.command not in {"GET", "POST"}:
            raise Malformed(HTTPStatus.METHOD_NOT_ALLOWED, "only GET and POST")
        self.connection.settimeout(_SENDING)
        body = self._body() if self.command == "POST" or self.headers.get("Content-Length") else b""
        self.connection.settimeout(_SENDING)
        url = urlsplit(self.path)
        util = url.path.removeprefix(PATH).removesuffix(".fcgi").removesuffix(".cgi")
        if util not in NAMES or not url.path.startswith(PATH):
            raise Malformed(HTTPStatus.NOT_FOUND, "no such utility")
        if len(self.path) > _LONGEST_URL:
            raise Malformed(HTTPStatus.REQUEST_URI_TOO_LONG, "send it by POST")
        self._respond(util, named([*_pairs(url.query), *self._form(body)]))
        self.wfile.flush()

    def _body(self) -> bytes:
        """The body, by its length or in chunks."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        text = self.headers.get("Content-Length", "0").strip()
        if not (text.isascii() and text.isdecimal()) or len(text) > 18:  # noqa: PLR2004 - beyond any length
            raise Malformed(HTTPStatus.BAD_REQUEST, "Content-Length is no number")
        if int(text) > _LARGEST_BODY:
            raise Malformed(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {_LARGEST_BODY} bytes")
        return self._exactly(int(text))

    def _chunks(self) -> bytes:
        parts, total = [], 0
        while True:
            try:
                size = int(self.rfile.readline(100).partition(b";")[0].strip() or b"x", 16)
            except ValueError:
                raise Malformed(HTTPStatus.BAD_REQUEST, "a chunk without a size") from None
            total += size
            if size < 0 or total > _LARGEST_BODY:
                raise Malformed(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {_LARGEST_BODY} bytes")
            if not size:
                break
            parts.append(self._exactly(size))
            self.rfile.readline(100)
        for _ in range(100):
            if self.rfile.readline(1 << 16) in {b"\r\n", b"\n", b""}:
                break
        return b"".join(parts)

    def _exactly(self, size: int) -> bytes:
        body = self.rfile.read(size)
        if len(body) < size:
            raise Malformed(HTTPStatus.BAD_REQUEST, "the body ends in the middle")
        return body

    def _form(self, body: bytes) -> list[tuple[str, str]]:
        kind = self.headers.get("Content-Type", "")
        if not kind.lower().startswith("multipart/form-data"):
            return _pairs(body.decode("utf-8", "replace"))
        head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1", "replace")
        form = BytesParser(policy=HTTP).parsebytes(head + body)
        pairs = []
        for part in form.iter_parts():
            value = part.get_payload(decode=True)
            text = value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
            pairs.append((str(part.get_param("name", "", "content-disposition")), text.rstrip("\r\n")))
        return pairs

    def _respond(self, util: str, params: Parameters) -> None:
        mirror = self.server.mirror
        fault = mirror.fault(util, reused=self.answered > 0)
        self.answered += 1
        caller = one(params, "api_key") or str(self.client_address[0])
        response = mirror.answer(util, params, caller, fault)
        mirror.note(self.command, util, params, response, fault)
        wait = mirror.latency + (fault.seconds if fault and fault.kind == "slow" else 0)
        if fault and fault.kind == "hang":
            wait = 3600
        if wait:
            mirror.stopping.wait(wait)
        if fault and fault.kind in {"reset", "reset_on_keepalive", "hang"}:
            self.close_connection = True
            _reset(self.connection)
            return
        self._send(response, fault, caller, keyed="api_key" in params)

    def _refuse(self, refusal: Malformed) -> None:
        """Answer what is no request; what else stands in the connection is not to be trusted."""
        self.close_connection = True
        page = f"<html><head><title>{refusal.status} {refusal.status.phrase}</title></head></html>"
        with suppress(OSError):
            self.connection.settimeout(_SENDING)
            self._send(Response(page.encode(), HTML, refusal.status), None)
            self._linger()

    def _linger(self) -> None:
        """Read what is still being sent: to close before would cost the client its answer."""
        self.connection.shutdown(socket.SHUT_WR)
        until, left = monotonic() + _LINGER, 2 * _LARGEST_BODY
        while (seconds := until - monotonic()) > 0 and left > 0:
            self.connection.settimeout(seconds)
            block = self.connection.recv(1 << 16)
            left -= len(block)
            if not block:
                break

    def _send(
        self, response: Response, fault: Fault | None, caller: str = "", *, keyed: bool = False
    ) -> None:
        limiter, body = self.server.mirror.limiter, response.body
        headers = getattr(self, "headers", None) or {}
        packed = "gzip" in (headers.get("Accept-Encoding") or "") and bool(body)
        self.send_response(response.status)
        self.headers_sent = True
        self.send_header("Content-Type", response.kind)
        self.send_header("Cache-Control", "private")
        self.send_header("NCBI-PHID", f"{uuid4().hex.upper()}.1.1.m_1")  # what NCBI's support asks for
        self.send_header("X-RateLimit-Limit", str(limiter.limit(keyed=keyed)))
        self.send_header("X-RateLimit-Remaining", str(limiter.left(caller, keyed=keyed)))
        if response.status == HTTPStatus.TOO_MANY_REQUESTS:
            self.send_header("Retry-After", "2")
        if packed:
            body = gzip.compress(body, 1)
            self.send_header("Content-Encoding", "gzip")
        if self.close_connection:
            self.send_header("Connection", "close")
        else:
            self.send_header("Keep-Alive", f"timeout={IDLE}, max=40")
        chunked = self.request_version >= "HTTP/1.1"
        self.send_header(
            *(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(body))))
        )
        self.end_headers()
        cut = fault is not None and fault.kind == "truncate" and not fault.ended
        if cut:
            self.close_connection = True  # without the last chunk: the body ends in the middle
        for chunk in _chunked(body, ended=not cut) if chunked else [body]:
            self.wfile.write(chunk)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name upstream
        """The request log says it better."""


def _chunked(body: bytes, *, ended: bool) -> list[bytes]:
    pieces = [body[start : start + (1 << 16)] for start in range(0, len(body), 1 << 16)]
    return [f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces] + [b"0\r\n\r\n"] * ended


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise Malformed(HTTPStatus.BAD_REQUEST, f"more than {_MOST_PARAMETERS} parameters") from None


def _reset(connection: socket.socket) -> None:
    """End a connection as a crash would: the other side reads ECONNRESET."""
    with suppress(OSError):  # it may be gone already
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
