"""An invented Zotero: items, collections, write tokens, and what goes wrong; not a test module."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PREFIX = "/groups/7"
DROP = "drop"  # the connection breaks before, or after, the request is carried out
Fault = tuple[str | int, bool]  # an HTTP status or DROP; whether the request is carried out all the same


@dataclass
class ZoteroApi:
    """What it has, and `fault`: what goes wrong with a request, by its number from 0 (None: nothing)."""

    url: str = ""
    objects: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {"items": {}, "collections": {}}
    )
    tokens: set[str] = field(default_factory=set)
    version: int = 1
    requests: int = 0
    writes: int = 0
    fault: Callable[[int, str], Fault | None] = lambda _number, _method: None

    def put(self, **data: object) -> None:
        """Let a person have made an item."""
        self.version += 1
        key = str(data["key"])
        self.objects["items"][key] = {"version": self.version, "collections": [], **data}

    def pmids(self) -> list[str]:
        """The PMIDs of all items, one as often as it is there."""
        return sorted(
            line.removeprefix("PMID: ")
            for each in self.objects["items"].values()
            for line in each.get("extra", "").splitlines()
            if line.startswith("PMID: ")
        )


class _Handler(BaseHTTPRequestHandler):
    api: ZoteroApi

    def do_GET(self) -> None:
        self._handle(b"")

    def do_POST(self) -> None:
        self._handle(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    do_PATCH = do_POST  # noqa: N815 - its name upstream

    def log_message(self, *_: object) -> None:
        """Be silent."""

    def _handle(self, body: bytes) -> None:
        api = self.api
        fault = api.fault(api.requests, self.command)
        api.requests += 1
        answer = self._answer(body) if fault is None or fault[1] else (0, {}, None)
        if fault is not None:
            if fault[0] == DROP:
                self.close_connection = True
                self.connection.close()
                return
            answer = (int(fault[0]), {"Retry-After": "0"}, "trouble")
        status, headers, content = answer
        data = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _answer(self, body: bytes) -> tuple[int, dict[str, str], Any]:  # noqa: PLR0911 - a case a line
        parts = urlsplit(self.path)
        if not parts.path.startswith(PREFIX) or self.headers.get("Authorization") != "Bearer secret":
            return 403, {}, "Forbidden"
        kind, *rest = parts.path.removeprefix(PREFIX).strip("/").split("/")
        objects = self.api.objects[kind]
        if self.command == "GET" and rest == ["top"]:
            query = parse_qs(parts.query)
            start, every = int(query["start"][0]), list(objects.values())
            page = [{"data": each} for each in every[start : start + 3]]
            return 200, {"Total-Results": str(len(every))}, page
        if rest and rest[0] not in objects:
            return 404, {}, "Not found"
        if self.command == "GET":
            return 200, {}, {"data": objects[rest[0]]}
        if self.command == "PATCH":
            known = objects[rest[0]]
            if int(self.headers["If-Unmodified-Since-Version"]) != known["version"]:
                return 412, {}, "Modified"
            self.api.version += 1
            self.api.writes += 1
            known |= json.loads(body) | {"version": self.api.version}
            return 204, {}, None
        return self._created(objects, json.loads(body))

    def _created(
        self, objects: dict[str, Any], entries: list[dict[str, Any]]
    ) -> tuple[int, dict[str, str], Any]:
        token = self.headers.get("Zotero-Write-Token", "")
        if token in self.api.tokens:
            return 412, {}, "Write token already used"
        self.api.tokens.add(token)
        assert len(entries) <= 50
        success, failed = {}, {}
        for at, entry in enumerate(entries):
            if entry["key"] in objects:
                failed[str(at)] = {"key": entry["key"], "code": 412, "message": "exists"}
                continue
            self.api.version += 1
            self.api.writes += 1
            objects[entry["key"]] = entry | {"version": self.api.version}
            success[str(at)] = entry["key"]
        return 200, {}, {"success": success, "unchanged": {}, "failed": failed}


@contextmanager
def zotero_api() -> Iterator[ZoteroApi]:
    """Serve an empty library on 127.0.0.1."""
    api = ZoteroApi()
    handler = type("Handler", (_Handler,), {"api": api, "protocol_version": "HTTP/1.1"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    api.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
