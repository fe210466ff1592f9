"""A web hook and a mail server on loopback that keep what reaches them."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


class WebHook(ThreadingHTTPServer):
    """Keeps the title of each message posted; `hold` is waited for before it answers."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self.titles: list[str] = []
        self.status = 200
        self.came, self.hold = threading.Event(), threading.Event()
        self.hold.set()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        """What apprise calls it."""
        return f"json://127.0.0.1:{self.server_address[1]}/"


class _Handler(BaseHTTPRequestHandler):
    server: WebHook

    def do_POST(self) -> None:
        """Keep it and answer."""
        posted = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.titles.append(posted["title"])
        self.server.came.set()
        self.server.hold.wait(60)
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def serving_hook() -> Iterator[WebHook]:
    """A web hook."""
    server = WebHook()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.hold.set()
    server.shutdown()
    server.server_close()


class MailServer:
    """A mail server that keeps each mail under its addressee; it refuses `unknown`, and `busy` for now."""

    def __init__(self) -> None:
        """Know everybody; `url` is what apprise calls it, without the addressee."""
        self.mails: list[tuple[str, EmailMessage]] = []
        self.unknown: set[str] = set()
        self.busy: set[str] = set()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"mailto://127.0.0.1:{self.port}/?from=watch@example.org&to="

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Refuse whom it doesn't know, and who is busy."""
        if address in self.unknown:
            return "550 5.1.1 no such user here"
        if address in self.busy:
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the mail."""
        mail = message_from_bytes(envelope.original_content, EmailMessage, policy=policy.default)
        self.mails += [(address, mail) for address in envelope.rcpt_tos]
        return "250 OK"


@contextmanager
def serving_mail() -> Iterator[MailServer]:
    """A mail server."""
    mail_server = MailServer()
    controller = Controller(mail_server, hostname="127.0.0.1", port=mail_server.port)
    controller.start()
    yield mail_server
    controller.stop()
