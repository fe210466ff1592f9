"""A web server that goes wrong at any step of HTTP, and knows what it got; not a test module."""

import json
import re
import ssl
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from support.faulty import FaultyServer, Line, Step


class Posted(NamedTuple):
    """A request that came whole. `kept` if the server did what it asks."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    kept: bool


def answer(status: int, body: bytes = b"", **headers: str) -> bytes:
    """An HTTP answer that is whole."""
    fields = {"content-length": str(len(body)), "connection": "close"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    lines = [f"HTTP/1.1 {status} Answer", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class FaultyWeb(FaultyServer):
    """Stages: connect, head (nothing was read), body (the head was read), end (all was read).

    `yes` is what it answers without a fault. A request is kept if the answer's status is 2xx; a plan with a
    stage "lost" or "kept" says otherwise. Paths in `asides`, such as a login's, are answered by their own
    word: they ask for nothing that could be kept, and no plan is used up by them.
    """

    def __init__(
        self, host: str = "127.0.0.1", *, tls: ssl.SSLContext | None = None, listening: bool = True
    ) -> None:
        """Speak TLS from the first byte with `tls`."""
        self.tls = tls
        self.yes = answer(200, b"ok")
        self.asides: dict[str, bytes] = {}
        self.posted: list[Posted] = []
        self.requests = 0
        super().__init__(host, listening=listening)

    def greet(self, line: Line) -> None:
        """Shake hands, if this is HTTPS."""
        if self.tls:
            line.secure(self.tls)

    def serve(self, line: Line, plan: Mapping[str, Sequence[Step]]) -> None:
        """Answer one request, but for what the plan says."""
        line.do(plan.get("head", ()))
        first, *fields = line.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        self.requests += 1
        method, path, _ = first.split(" ", 2)
        headers = {
            name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)
        }
        aside = next((word for part, word in self.asides.items() if part in path), None)
        if aside is not None:
            self.plans[:0] = [plan] if plan else []
            line.read(int(headers.get("content-length", 0)))
            line.do([aside, "drop"])
        line.do(plan.get("body", ()))
        body = line.read(int(headers.get("content-length", 0)))
        steps = plan.get("end", [self.yes])
        said = b"".join(step for step in steps if isinstance(step, bytes))
        kept = (bool(re.match(rb"HTTP/1.1 2", said)) or "kept" in plan) and "lost" not in plan
        self.posted.append(Posted(method, path, headers, body, kept))
        line.do(steps)


def slack_answer(**fields: object) -> bytes:
    """What Slack's API says in JSON."""
    return answer(200, json.dumps(fields).encode(), content_type="application/json")
