"""PubMed, a mail server and two web hooks in a process of their own, which outlives whom they serve."""

import json
import multiprocessing
import re
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from aiosmtpd.controller import Controller

from queries.mirror import SAMPLE
from queries.mirror.load import load
from queries.mirror.server import MirrorServer
from support.receivers import MailServer

PMID = re.compile(r"\b9\d{7}\b")  # as the sample numbers its records


class Arrival(NamedTuple):
    """What one server received: `mark` is of its content, `digest` its number where it is told."""

    address: str
    mark: str
    digest: str
    pmids: list[int]


class CampaignServers:
    """Starts them all; `now` is PubMed's clock, `arrivals` what came so far, the first one first.

    Fork it before this process has threads or an open DuckDB.
    """

    def __init__(self, log: Path) -> None:
        """Keep arrivals in this file, a line each."""
        fork = multiprocessing.get_context("fork")
        self.log, self._clock = log, fork.Value("d", 0.0)
        self._here, there = fork.Pipe()
        self._process = fork.Process(target=_serve, args=(there, self._clock, log), daemon=True)

    def __enter__(self) -> Self:
        """Start, and learn the ports."""
        self.log.touch()
        self._process.start()
        self.eutils_url, self.mail_url, self.web_port = self._here.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._process.terminate()
        self._process.join(10)

    def set_clock(self, now: datetime) -> None:
        """Let PubMed have this moment from now on."""
        self._clock.value = now.timestamp()

    def arrivals(self) -> list[Arrival]:
        """What has come so far."""
        return [Arrival(*json.loads(line)) for line in self.log.read_text("utf-8").splitlines()]

    def forget(self) -> None:
        """Begin anew."""
        self.log.write_text("", encoding="utf-8")


def mark_of_mail(mail: bytes) -> str:
    """The same for a mail as it was packed and as it came over SMTP."""
    return sha256(b"\n".join(mail.splitlines()).rstrip()).hexdigest()


def mark_of_text(*texts: str) -> str:
    """The same for a text whatever a channel does to its ends."""
    return sha256("\0".join(text.strip() for text in texts).encode()).hexdigest()


def _serve(there: Connection, clock: "Synchronized[float]", log: Path) -> None:
    lock = threading.Lock()

    def keep(arrival: Arrival) -> None:
        with lock, log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(arrival) + "\n")

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["content-length"])
            body = self.rfile.read(size)
            if len(body) == size:
                keep(_posted(self.path, body))
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ExitStack() as stack:
        corpus = stack.enter_context(load([SAMPLE]))
        mirror = MirrorServer(corpus, now=lambda: datetime.fromtimestamp(clock.value, UTC))
        stack.enter_context(mirror)
        hook = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=hook.serve_forever, daemon=True).start()
        mail = _Mail(keep)
        Controller(mail, hostname="127.0.0.1", port=mail.port).start()
        there.send((mirror.url, mail.url, hook.server_port))
        threading.Event().wait()


class _Mail(MailServer):
    def __init__(self, keep: Callable[[Arrival], None]) -> None:
        super().__init__()
        self.keep = keep

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the mail."""
        mail = message_from_bytes(envelope.original_content, EmailMessage, policy=policy.default)
        text = mail.get_body(("plain",))
        pmids = sorted({int(each) for each in PMID.findall(text.get_content() if text else "")})
        for address in envelope.rcpt_tos:
            mark = mark_of_mail(envelope.original_content)
            self.keep(Arrival(address, mark, str(mail["X-Seedwatch-Digest"]), pmids))
        return "250 OK"


def _posted(path: str, body: bytes) -> Arrival:
    if path.startswith("/slack"):
        return Arrival("slack", mark_of_text(body.decode()), "", [])
    posted = json.loads(body)
    return Arrival("hook", mark_of_text(posted["title"], posted["message"]), "", [])
