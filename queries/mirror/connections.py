"""The port on 127.0.0.1: as many connections as there is room for, each read by a clock."""

import socket
import sys
from contextlib import suppress
from datetime import datetime
from http.server import ThreadingHTTPServer
from io import RawIOBase
from threading import BoundedSemaphore, Event
from time import monotonic
from typing import Any, Protocol

from queries.mirror.answers import Response
from queries.mirror.faults import Fault
from queries.mirror.limiter import Limiter
from queries.mirror.parameters import Parameters

IDLE = 4  # seconds that an unused connection is kept, as NCBI says in Keep-Alive
_MOST_CONNECTIONS = 256


class Answers(Protocol):
    """Who answers: MirrorServer."""

    latency: float
    limiter: Limiter
    stopping: Event
    reading: float

    def now(self) -> datetime:
        """Its clock, aware."""

    def fault(self, util: str, *, reused: bool) -> Fault | None:
        """What befalls a request."""

    def answer(self, util: str, params: Parameters, caller: str, fault: Fault | None) -> Response:
        """Its answer."""

    def note(
        self, method: str, util: str, params: Parameters, response: Response, fault: Fault | None
    ) -> None:
        """Write it down."""


class HttpServer(ThreadingHTTPServer):
    """Threads, as many as there may be connections."""

    daemon_threads = False  # they are joined at the end, as each may hold a cursor of the corpus
    request_queue_size = 128
    mirror: Answers

    def __init__(self, *given: object) -> None:
        """Listen."""
        self._open: set[socket.socket] = set()
        self._room = BoundedSemaphore(_MOST_CONNECTIONS)
        super().__init__(*given)  # type: ignore[arg-type]

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        """Take a connection, or say that there are too many."""
        if not self._room.acquire(blocking=False):
            with suppress(OSError):
                request.settimeout(1)
                request.sendall(
                    b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                )
            super().shutdown_request(request)
            return
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        """Let a connection go."""
        if request in self._open:
            self._open.discard(request)
            self._room.release()
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Wake the threads that wait for a request, and end."""
        for request in list(self._open):
            with suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no news; anything else is a defect and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Incoming(RawIOBase):
    """A connection's bytes: the first of a request may keep us waiting, the rest has a deadline."""

    def __init__(self, connection: socket.socket, reading: float) -> None:
        """`reading` is what a request may take from its first byte on, in seconds."""
        self._connection, self._reading = connection, reading
        self.deadline: float | None = None

    @property
    def begun(self) -> bool:
        """Whether anything of the request has come."""
        return self.deadline is not None

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - whatever can be written to
        """Read what has come; TimeoutError where nothing does."""
        left = IDLE if self.deadline is None else self.deadline - monotonic()
        if left <= 0:
            raise TimeoutError("the request did not come in time")
        self._connection.settimeout(left)
        count = self._connection.recv_into(buffer)
        if self.deadline is None:
            self.deadline = monotonic() + self._reading
        return count
