"""What goes wrong with a channel; not a test module."""

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from support.faulty import Step
from support.faulty_web import answer, slack_answer

HANG = 4.0  # seconds, well above what the tables' URLs wait
SECRETS = ("hunter22", "TIiajkdnlazkcOXrIdevi7", "abcdefghijklmnopqrstuvwx")  # of the scenes' URLs
GENERIC = ("form", "xml", "json", "gotify", "mattermost", "ntfy", "matrix")
BUT_ONE = ("form", "xml", "slack-like", "ntfy", "gotify", "mattermost", "matrix", "slack bot")


@dataclass(frozen=True)
class Fault:
    """What goes wrong: a plan for each connection, in turn.

    `patient` is tried with the channel's own patience; `skip` names channels of which it makes no sense.
    """

    name: str
    plans: Sequence[Mapping[str, Sequence[Step]]] = ()
    listening: bool = True
    tls: str = ""  # "own": a certificate nobody vouches for; "missing": the client wants TLS, there is none
    patient: bool = False
    parts: int = 1
    size: int = 0  # bytes that are added to the digest
    features: Sequence[str] | None = None
    skip: Sequence[str] = ()


def mail_faults() -> Iterator[Fault]:
    """Of SMTP."""
    yield Fault("none")
    yield Fault("connection refused", listening=False)
    for stage in ("connect", "ehlo", "mail", "rcpt", "data", "content", "end"):
        yield Fault(f"hang at {stage}", [{stage: [HANG, "drop"]}])
        yield Fault(f"drop at {stage}", [{stage: ["drop"]}])
        if stage != "content":
            for code in (451, 452, 550):
                yield Fault(f"{code} at {stage}", [{_spoken(stage): [b"%d 5.1.1 no\r\n" % code]}])
    yield Fault("421 banner", [{"banner": [b"421 too busy\r\n", "drop"]}])
    yield Fault("421 at rcpt and drop", [{"rcpt": [b"421 closing\r\n", "drop"]}])
    yield Fault("421 at end and drop", [{"end": [b"421 closing\r\n", "drop"]}])
    yield Fault("reset at data", [{"data": ["reset"]}])
    yield Fault("reset in content", [{"content": ["reset"]}])
    yield Fault("reset at end", [{"end": ["reset"]}])
    yield Fault("552 in content", [{"content": [b"552 too big\r\n", "drop"]}])
    yield Fault("250 in content, then drop", [{"content": [b"250 queued\r\n", "drop"]}], size=10_000_000)
    yield Fault("354 and 250 at once, then drop", [{"data": [b"354 go\r\n250 queued\r\n", "drop"]}])
    yield Fault("250, then drop at quit", [{"quit": ["drop"]}])
    yield Fault("250, then hang at quit", [{"quit": [HANG, "drop"]}])
    yield Fault("250 and drop at once", [{"end": [b"250 queued\r\n", "drop"]}])
    yield Fault("half a reply at end", [{"end": [b"25", "drop"]}])
    yield Fault("250- without end at end", [{"end": [b"250-queued\r\n", "drop"]}])
    yield Fault("many-lined 250 at end", [{"end": [b"250-a\r\n250-b\r\n250 queued\r\n"]}])
    yield Fault(
        "8-bit 250 at end", [{"end": b"250 angenommen, \xfcber \xff\xfe\r\n".splitlines(keepends=True)}]
    )
    yield Fault("252 at end", [{"end": [b"252 taken\r\n"]}])
    yield Fault("354 again at end", [{"end": [b"354 go on\r\n"]}])
    yield Fault("garbage at end", [{"end": [b"\x16\x03\x01 hello\r\n"]}])
    yield Fault("garbage at banner", [{"banner": [b"SSH-2.0-OpenSSH\r\n", "drop"]}])
    yield Fault("garbage at data", [{"data": [b"what\r\n"]}])
    yield Fault("8-bit 550 at rcpt", [{"rcpt": [b"550 \xfcnbekannt \x1b[31m\r\n"]}])
    yield Fault("secrets echoed at rcpt", [{"rcpt": [b"550 AG1lAGh1bnRlcjIy me:hunter22\r\n"]}])
    yield Fault("endless line at end", [{"end": [b"x" * 100_000, "drop"]}])
    yield Fault("endless reply at end", [{"end": [b"250-again\r\n" * 100_000, HANG, "drop"]}])
    yield Fault("dripping reply at end", [{"end": ["drip"]}])
    yield Fault("dripping banner", [{"banner": ["drip"]}])
    yield Fault("no word of TLS", tls="missing")
    yield Fault("own certificate", tls="own")
    yield Fault("STARTTLS refused", [{"starttls": [b"454 not now\r\n", "drop"]}], tls="own")
    yield Fault("hang at STARTTLS", [{"starttls": [b"220 go\r\n", HANG, "drop"]}], tls="own")
    yield Fault("535 wrong password", [{"auth": [b"535 5.7.8 no, hunter22\r\n"]}])
    yield Fault("535 in base64", [{"auth": [b"334 not base64 \xff\r\n"]}])
    yield Fault("no AUTH offered", features=("8BITMIME",))
    yield Fault("answer after 6 s", [{"end": [6.0, b"250 queued\r\n"]}], patient=True)
    yield Fault("answer after 20 s", [{"end": [20.0, b"250 queued\r\n"]}], patient=True)
    yield Fault("10 MB", size=10_000_000, patient=True)
    yield Fault("2 MB, SIZE 1 MB", patient=True, size=2_000_000, features=("SIZE 1000000", "AUTH PLAIN"))
    yield Fault("10 MB, drop in content", patient=True, plans=[{"content": ["drop"]}], size=10_000_000)
    yield Fault("second of three refused", [{}, {"rcpt": [b"550 no\r\n"]}, {}], parts=3)


def _spoken(stage: str) -> str:
    return "banner" if stage == "connect" else stage


def pulse(word: bytes) -> list[Step]:
    """The same word for 10 seconds."""
    return [word, 0.05] * 200


def web_faults() -> Iterator[Fault]:
    """Of HTTP."""
    page = b"<!DOCTYPE html><html><title>Log in</title></html>"
    bomb = gzip.compress(b"\0" * 100_000_000)
    slow = b"HTTP/1.1 200 Answer\r\ntransfer-encoding: chunked\r\n\r\n"
    yield Fault("none")
    yield Fault("connection refused", listening=False)
    yield Fault("no word of TLS", tls="missing")
    yield Fault("own certificate", tls="own")
    yield Fault("hang before reading", [{"head": [HANG, "drop"]}])
    yield Fault("drop before reading", [{"head": ["drop"]}])
    yield Fault("drop after the head", [{"body": ["drop"]}])
    yield Fault("413 after the head", [{"body": [answer(413), "drop"]}])
    yield Fault("read, then hang", [{"end": [HANG, "drop"], "kept": []}])
    yield Fault("read, then drop", [{"end": ["drop"], "kept": []}])
    yield Fault("read, then reset", [{"end": ["reset"], "kept": []}])
    yield Fault("half a status line", [{"end": [b"HTTP/1.1 20", "drop"], "kept": []}])
    yield Fault("half an answer", [{"end": [answer(200, b"ok", content_length="900"), "drop"]}])
    yield Fault("garbage", [{"end": [b"220 faulty ESMTP\r\n", "drop"], "kept": []}])
    yield Fault("200 junk", [{"end": [answer(200, b"\xff\xfejunk")]}])
    yield Fault("200 nothing", [{"end": [answer(200)]}])
    yield Fault(
        "200 a web page", [{"end": [answer(200, page, content_type="text/html")], "lost": []}], skip=("form",)
    )
    yield Fault(
        "200 ok: false",
        [{"end": [slack_answer(ok=False, error="no_service")], "lost": []}],
        skip=("form", "gotify", "mattermost"),
    )
    yield Fault(
        "200 fatal_error",
        [{"end": [slack_answer(ok=False, error="fatal_error")], "kept": []}],
        skip=(*GENERIC, "slack-like"),
    )
    yield Fault("200 deep JSON", [{"end": [answer(200, b"[" * 200_000, content_type="application/json")]}])
    yield Fault("200 gzip bomb", [{"end": [answer(200, bomb, content_encoding="gzip")]}])
    yield Fault("200 without end", [{"end": [b"HTTP/1.1 200 Answer\r\n\r\n", "flood"]}])
    yield Fault("204", [{"end": [answer(204)]}])
    for status in (301, 302, 303, 307, 308):
        elsewhere = answer(status, location="/elsewhere")
        yield Fault(
            f"{status} to a page",
            [{"end": [elsewhere], "lost": []}, {"end": [answer(200, page)], "lost": []}],
        )
    yield Fault(
        "302 after acceptance",
        [{"end": [answer(302, location="/thanks")], "kept": []}, {"end": [answer(200, page)], "lost": []}],
    )
    yield Fault(
        "303 after acceptance",
        [{"end": [answer(303, location="/thanks")], "kept": []}, {"end": [answer(200, page)], "lost": []}],
    )
    for status in (400, 401, 403, 404, 408, 413, 425):
        yield Fault(str(status), [{"end": [answer(status, b"no")]}] * 2)
    for name, after in {
        "seconds": "7",
        "a date": "Wed, 21 Oct 2026 07:28:00 GMT",
        "nonsense": "soon",
        "huge": "9" * 30,
    }.items():
        yield Fault(
            f"429, {name}",
            [{"end": [answer(429, retry_after=after, date="Wed, 21 Oct 2026 07:27:00 GMT")]}] * 9,
        )
    yield Fault("429 once", [{"end": [answer(429, retry_after="1")]}])
    for status in (500, 502, 503, 504, 520):
        yield Fault(f"{status} before acceptance", [{"end": [answer(status)]}] * 2)
        yield Fault(f"{status} after acceptance", [{"end": [answer(status)], "kept": []}] * 2)
    yield Fault("503, Retry-After", [{"end": [answer(503, retry_after="3600")]}] * 2)
    yield Fault(
        "100 again and again",
        [{"end": [*pulse(b"HTTP/1.1 100 Continue\r\n\r\n"), "drop"], "kept": []}],
    )
    yield Fault("dripping status line", [{"end": [b"HTTP/1.1 200 An", "drip"], "kept": []}])
    yield Fault("dripping body", [{"end": [slow, *pulse(b"1\r\na\r\n"), "drop"]}])
    yield Fault(
        "huge headers",
        [{"end": [b"HTTP/1.1 200 Answer\r\n" + b"x: " + b"y" * 5_000_000 + b"\r\n\r\nok", "drop"]}],
    )
    yield Fault("secrets echoed", [{"end": [answer(403, b"no: " + " ".join(SECRETS).encode())]}])
    yield Fault(
        "second of three refused",
        [{}, {"end": [answer(400, b"no")]}, {}],
        parts=3,
        skip=GENERIC,
    )
    yield Fault(
        "answer after 6 s",
        [{"end": [6.0, b""]}],
        patient=True,
        skip=BUT_ONE,
    )
    yield Fault(
        "answer after 20 s",
        [{"end": [20.0, b""]}],
        patient=True,
        skip=BUT_ONE,
    )
