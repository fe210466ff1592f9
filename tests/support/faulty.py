"""A server on loopback that goes wrong as it is told; what mail and web servers of that kind share."""

import contextlib
import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

Step = bytes | float | str
"""bytes are said, a float is waited for in seconds, and a str is what becomes of the connection:

    "drop"   closed               "reset"  closed with a RST
    "drip"   a byte every 0.05 s until the other side hangs up, or 20 s are over
    "flood"  a MB of the same over and over until the other side hangs up, or 256 MB are sent
"""

DRIP = 20.0  # seconds
FLOOD = 256  # pieces of a MB


class Gone(Exception):
    """The connection is over."""


class Line:
    """One connection: lines in, steps out."""

    def __init__(self, sock: socket.socket, ended: threading.Event) -> None:
        """Read from and write to `sock` until `ended`."""
        self.sock, self.ended = sock, ended
        self.buffer = b""

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes; Gone if they don't come."""
        while len(self.buffer) < size:
            self._more()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def until(self, mark: bytes) -> bytes:
        """Everything up to and with `mark`; Gone if it doesn't come."""
        start = 0
        while self.buffer.find(mark, start) < 0:
            start = max(len(self.buffer) - len(mark), 0)
            self._more()
        data, _, self.buffer = self.buffer.partition(mark)
        return data + mark

    def do(self, steps: Sequence[Step]) -> None:
        """Do one after the other; Gone after the last word."""
        for step in steps:
            if isinstance(step, bytes):
                self._send(step)
            elif isinstance(step, float):
                if self.ended.wait(step):
                    raise Gone
            else:
                getattr(self, f"_{step}")()

    def secure(self, context: ssl.SSLContext) -> None:
        """Go on in TLS."""
        try:
            self.sock = context.wrap_socket(self.sock, server_side=True)
        except OSError as error:
            raise Gone from error

    def _more(self) -> None:
        try:
            data = self.sock.recv(65_536)
        except OSError as error:
            raise Gone from error
        if not data:
            raise Gone
        self.buffer += data

    def _send(self, data: bytes) -> None:
        try:
            self.sock.sendall(data)
        except OSError as error:
            raise Gone from error

    def _drop(self) -> None:
        raise Gone

    def _reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone

    def _drip(self) -> None:
        end = time.monotonic() + DRIP
        while time.monotonic() < end:
            self.do([b"1", 0.05])
        raise Gone

    def _flood(self) -> None:
        for _ in range(FLOOD):
            self.do([b"\0" * 2**20])
        raise Gone


class FaultyServer:
    """Serves each connection by the next of `plans`, then without faults; refuses all if not `listening`.

    A plan gives the steps of a stage instead of what a good server does there.
    """

    def __init__(self, host: str = "127.0.0.1", *, listening: bool = True) -> None:
        """Take a free port."""
        self.plans: list[Mapping[str, Sequence[Step]]] = []
        self.connections = 0
        self.ended = threading.Event()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.socket(family)
        self.listener.bind((host, 0))
        self.port = int(self.listener.getsockname()[1])
        self.place = f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"
        if listening:
            self.listener.listen(16)
            threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        """Return the server."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of everybody."""
        self.ended.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def greet(self, line: Line) -> None:
        """Before a word is said."""

    def serve(self, line: Line, plan: Mapping[str, Sequence[Step]]) -> None:
        """Talk until Gone; a kind of server says how."""
        raise NotImplementedError

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            plan = self.plans.pop(0) if self.plans else {}
            threading.Thread(target=self._one, args=(sock, plan), daemon=True).start()

    def _one(self, sock: socket.socket, plan: Mapping[str, Sequence[Step]]) -> None:
        sock.settimeout(60)
        line = Line(sock, self.ended)
        with contextlib.suppress(Gone):
            line.do(plan.get("connect", ()))
            self.greet(line)
            self.serve(line, plan)
        with contextlib.suppress(OSError):
            line.sock.close()


def own_certificate(folder: Path) -> ssl.SSLContext | None:
    """A server's TLS with a certificate for 127.0.0.1 that nobody vouches for; None without openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    own = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        [openssl, *own.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


@contextlib.contextmanager
def replaced(target: object, name: str, value: object) -> Iterator[None]:
    """An attribute with another value for a while."""
    before = getattr(target, name)
    setattr(target, name, value)
    try:
        yield
    finally:
        setattr(target, name, before)
