"""One HTTP exchange, bounded in time and size, and what may be concluded: sent, not sent, or nobody knows."""

import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import httpx

from queries.records.outbox import DeliveryState, Receipt
from reports.channels.patience import TimeLimits

LONGEST: Final = 65_536  # bytes of an answer that are read
SHOWN: Final = 2_000  # characters of it that may become a reason, before secrets are taken out
MONTH: Final = 30 * 86_400.0  # seconds; who asks for more patience has made a mistake
_DID_NOTHING: Final = {
    501,
    505,
    511,
    521,
    523,
    525,
    526,
}  # the server, or a gateway that did not reach it, says so
_NOT_YET: Final = {408, 409, 421, 423, 425, 429}  # client errors that pass by themselves
_NEVER: Final = {501, 505}
_SEE_ELSEWHERE: Final = {302, 303}  # how a form that was taken says "thank you"
_REDIRECTS_AND_CLIENT_ERRORS: Final = range(300, 500)


class Endpoint(NamedTuple):
    """Where and how to post."""

    url: str
    headers: Mapping[str, str] = MappingProxyType({})
    auth: tuple[str, str] | None = None
    verify: bool | ssl.SSLContext = True
    patience: TimeLimits = TimeLimits()


class Answer(NamedTuple):
    """What came back of one request: `status` 0 and an empty `body` if nothing did."""

    receipt: Receipt
    status: int = 0
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""

    @property
    def text(self) -> str:
        """The body's text, whatever it is."""
        return self.body.decode("utf-8", "replace")


def post(endpoint: Endpoint, payload: bytes, method: str = "POST") -> Answer:
    """Post one JSON payload, once."""
    headers = {"content-type": "application/json; charset=utf-8", **endpoint.headers}
    return exchange(method, endpoint._replace(headers=headers), payload)


def exchange(method: str, endpoint: Endpoint, payload: bytes) -> Answer:
    """Make one request, following nothing; the receipt is what transport and status say.

    FAILED before the whole request was written, or by a status that says that nothing was done.
    """
    course = _Course()
    try:
        with (
            httpx.Client(
                verify=endpoint.verify,
                timeout=httpx.Timeout(endpoint.patience.answer, connect=endpoint.patience.connect),
            ) as client,
            course.ended_after(endpoint.patience.connect + 2 * endpoint.patience.answer),
            client.stream(
                method,
                endpoint.url,
                content=payload,
                headers={**endpoint.headers, "accept-encoding": "identity"},  # nothing is to be unpacked
                auth=endpoint.auth,
                extensions={"trace": course},
            ) as answer,
        ):
            body, whole = _beginning(answer)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, ImportError) as error:
        # ValueError, ImportError: a header that is no ASCII, a proxy that httpx can't use
        problem = str(error) or type(error).__name__
        if course.written:
            return Answer(Receipt(DeliveryState.UNKNOWN, f"posted, and no answer came ({problem})"))
        return Answer(Receipt(DeliveryState.FAILED, problem))
    receipt = _judged(answer, body, whole=whole and course.written)
    return Answer(receipt, answer.status_code, answer.headers, body)


class _Course:
    """How far a request has come, by what httpx's transport reports of it."""

    def __init__(self) -> None:
        """Nothing is written, nobody is connected."""
        self.written, self.tunnel = False, False
        self.socket: socket.socket | None = None

    def __call__(self, event: str, facts: dict[str, Any]) -> None:
        """Take note of one event."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self.socket = facts["return_value"].get_extra_info("socket")
        elif event.endswith(".send_request_headers.started"):
            self.tunnel = facts["request"].method == b"CONNECT"  # asks a proxy for a way, and no more
        elif event.endswith(".send_request_body.complete"):
            self.written = not self.tunnel

    @contextmanager
    def ended_after(self, seconds: float) -> Iterator[None]:
        """End the connection after so long, however busy it is: a drip is no answer."""
        over = threading.Event()

        def end() -> None:
            wait = seconds
            while not over.wait(wait):
                wait = 0.5  # perhaps there was no connection yet
                if self.socket:
                    with suppress(OSError):
                        socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

        thread = threading.Thread(target=end, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()


def _beginning(answer: httpx.Response) -> tuple[bytes, bool]:
    """As much of an answer as is worth reading, and whether it came to its end or to ours."""
    body = b""
    try:
        for chunk in answer.iter_raw():
            body += chunk
            if len(body) >= LONGEST:
                break
    except httpx.HTTPError:
        return body[:LONGEST], False
    return body[:LONGEST], True


def _judged(answer: httpx.Response, body: bytes, *, whole: bool) -> Receipt:
    """What a status says; a yes that breaks off, or comes before the question, is none."""
    state = state_of(answer.status_code, answer.headers)
    wait = _retry_after(answer.status_code, answer.headers)
    if state is not DeliveryState.SENT:
        shown = body[:SHOWN].decode("utf-8", "replace")
        final = state is DeliveryState.FAILED and is_final(answer.status_code)
        return Receipt(state, f"HTTP {answer.status_code} {shown}".strip(), wait, permanent=final)
    if not whole:
        return Receipt(DeliveryState.UNKNOWN, f"posted, and the answer broke off (HTTP {answer.status_code})")
    return Receipt(state)


def state_of(status: int, headers: Mapping[str, str]) -> DeliveryState:
    """What a status means.

    A 500, 502 or 504 may come after the message was taken, and so may a gateway's 503 that names no time.
    """
    if 200 <= status < 300:  # noqa: PLR2004 - HTTP's own
        return DeliveryState.SENT
    refused = status in _REDIRECTS_AND_CLIENT_ERRORS and status not in _SEE_ELSEWHERE
    if (
        refused
        or status in _DID_NOTHING
        or (status == httpx.codes.SERVICE_UNAVAILABLE and "retry-after" in headers)
    ):
        return DeliveryState.FAILED
    return DeliveryState.UNKNOWN


def is_final(status: int) -> bool:
    """Whether a refusal stands until somebody changes something: a redirect, and most client errors."""
    return status in _NEVER or (status in _REDIRECTS_AND_CLIENT_ERRORS and status not in _NOT_YET)


def is_page(body: bytes) -> bool:
    """Whether an answer is a web page: a login, a parked domain, a network's welcome."""
    return body.lstrip().lower().startswith((b"<!doctype html", b"<html"))


def word_of(body: bytes) -> tuple[bool | None, str]:
    """The `ok` and `error` of a JSON answer, as Slack and many others have them; None if it says neither."""
    try:
        word = json.loads(body)
    except (ValueError, RecursionError):
        return None, ""
    ok = word.get("ok") if isinstance(word, dict) else None
    return (ok, str(word.get("error", "no"))) if isinstance(ok, bool) else (None, "")


def _retry_after(status: int, headers: Mapping[str, str]) -> float:
    """Seconds, or those until a date by the server's own clock; a 429 asks for at least one."""
    asked = headers.get("retry-after", "").strip()
    seconds = 0.0
    if re.fullmatch(r"\d+", asked, re.ASCII):
        seconds = float(asked[:12])
    elif asked:
        with suppress(ValueError, TypeError, OverflowError):
            until, today = map(parsedate_to_datetime, (asked, headers.get("date", "")))
            seconds = (until - today).total_seconds()
    seconds = min(max(seconds, 0.0), MONTH)
    return max(seconds, 1.0) if status == httpx.codes.TOO_MANY_REQUESTS else seconds
