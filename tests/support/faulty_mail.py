"""A mail server that goes wrong at any step of SMTP, and knows what it got; not a test module."""

import re
import ssl
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from support.faulty import FaultyServer, Line, Step

CONTENT = 2000  # bytes of a mail after which the stage "content" comes


class Taken(NamedTuple):
    """A mail that came whole. `kept` if the server let it through to its reader."""

    sender: str
    to: str
    content: bytes
    kept: bool


class FaultyMail(FaultyServer):
    """Stages: connect, banner, ehlo, starttls, auth, mail, rcpt, data, content, end, quit.

    "content" comes in the middle of a mail, "end" in place of the answer to its last line. A mail is kept
    unless "end" answers with 4xx or 5xx; with a stage "lost" it was not, whatever was said.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        *,
        tls: ssl.SSLContext | None = None,
        features: Sequence[str] = ("8BITMIME", "AUTH PLAIN LOGIN"),
        listening: bool = True,
        implicit: bool = False,
    ) -> None:
        """Offer STARTTLS only with `tls`, or speak it from the first byte if `implicit`."""
        self.tls, self.features, self.implicit = tls, features, implicit
        self.taken: list[Taken] = []
        self.commands: list[str] = []
        super().__init__(host, listening=listening)

    def serve(self, line: Line, plan: Mapping[str, Sequence[Step]]) -> None:
        """Speak SMTP, but for what the plan says."""
        secured, sender, to = self.implicit, "", ""
        line.do(plan.get("banner", [b"220 faulty ESMTP\r\n"]))
        while True:
            command = line.until(b"\n").decode("utf-8", "replace").strip()
            self.commands.append(command)
            verb = re.split(r"[ :]", command.lower())[0]
            match verb:
                case "ehlo":
                    line.do(plan.get("ehlo", [self._offer(secured=secured)]))
                case "starttls" if self.tls:
                    line.do(plan.get("starttls", [b"220 go ahead\r\n"]))
                    line.secure(self.tls)
                    secured = True
                case "auth":
                    line.do(plan.get("auth", [b"235 welcome\r\n"]))
                case "mail":
                    sender = command
                    word = b"552 too big\r\n" if self._too_big(command) else b"250 OK\r\n"
                    line.do(plan.get("mail", [word]))
                case "rcpt":
                    to = (re.findall(r"<(.*)>", command) or [""])[0]
                    line.do(plan.get("rcpt", [b"250 OK\r\n"]))
                case "data":
                    steps = plan.get("data", [b"354 go on\r\n"])
                    line.do(steps)
                    if b"354" in b"".join(step for step in steps if isinstance(step, bytes)):
                        self._content(line, plan, sender, to)
                case "quit":
                    line.do(plan.get("quit", [b"221 bye\r\n", "drop"]))
                case _:
                    line.do([b"250 OK\r\n" if verb in {"helo", "rset", "noop"} else b"500 what?\r\n"])

    def greet(self, line: Line) -> None:
        """Shake hands first, if TLS is `implicit`."""
        if self.implicit and self.tls:
            line.secure(self.tls)

    def _too_big(self, command: str) -> bool:
        limit = next((int(offer[5:]) for offer in self.features if offer.startswith("SIZE ")), 10**12)
        return any(int(size) > limit for size in re.findall(r"SIZE=(\d+)", command))

    def _offer(self, *, secured: bool) -> bytes:
        offers = [*self.features, *(["STARTTLS"] if self.tls and not secured else [])]
        return b"".join(f"250-{line}\r\n".encode() for line in ("faulty", *offers)) + b"250 HELP\r\n"

    def _content(self, line: Line, plan: Mapping[str, Sequence[Step]], sender: str, to: str) -> None:
        if "content" in plan:
            start = line.read(CONTENT)
            line.do(plan["content"])
            line.buffer = start + line.buffer
        content = line.until(b"\r\n.\r\n").removesuffix(b".\r\n")
        steps = plan.get("end", [b"250 queued\r\n"])
        refused = any(isinstance(step, bytes) and step[:1] in {b"4", b"5"} for step in steps)
        kept = not refused and "lost" not in plan
        self.taken.append(Taken(sender, to, re.sub(rb"(?m)^\.\.", b".", content), kept))
        line.do(steps)
