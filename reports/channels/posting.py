"""What may be concluded from an HTTP exchange: sent, certainly not sent, or nobody can know."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock, get_ident
from types import MappingProxyType
from typing import Final, NamedTuple

import httpx
import requests
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ConnectTimeout, SSLError
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError
from urllib3.exceptions import SSLError as HandshakeError

from queries.records.outbox import DeliveryState, Receipt

PATIENCE: Final = httpx.Timeout(60, connect=10)  # seconds
LONGEST: Final = 65_536  # bytes of an answer that are read
LAST_WORD: Final = 60.0  # seconds for all of it
_BEFORE: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.WriteError,  # a request that is not whole is no request
    httpx.WriteTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
    httpx.InvalidURL,
)
_REFUSALS_ABOVE_500: Final = {501, 503, 505}  # the server says that it did nothing
_REDIRECTS_AND_CLIENT_ERRORS: Final = range(300, 500)


class Endpoint(NamedTuple):
    """Where and how to post."""

    url: str
    headers: Mapping[str, str] = MappingProxyType({})
    auth: tuple[str, str] | None = None
    verify: bool = True


def state_of(status: int) -> DeliveryState:
    """What a status means: a 500, 502 or 504 may come after the message was taken."""
    if 200 <= status < 300:  # noqa: PLR2004 - HTTP's own
        return DeliveryState.SENT
    if status in _REDIRECTS_AND_CLIENT_ERRORS or status in _REFUSALS_ABOVE_500:
        return DeliveryState.FAILED
    return DeliveryState.UNKNOWN


def post(endpoint: Endpoint, payload: bytes) -> tuple[Receipt, str]:
    """POST one JSON payload, once; return what transport and status say, and the beginning of the answer."""
    headers = {
        "content-type": "application/json; charset=utf-8",
        "accept-encoding": "identity",  # an answer is a word or two: nothing is to be unpacked
        **endpoint.headers,
    }
    try:
        with httpx.stream(
            "POST",
            endpoint.url,
            content=payload,
            headers=headers,
            auth=endpoint.auth,
            verify=endpoint.verify,
            timeout=PATIENCE,
        ) as answer:
            body = _beginning(answer)
    except _BEFORE as error:
        return Receipt(DeliveryState.FAILED, f"{error or type(error).__name__}"), ""
    except httpx.HTTPError as error:
        return Receipt(DeliveryState.UNKNOWN, f"posted, and no answer came ({type(error).__name__})"), ""
    state = state_of(answer.status_code)
    shown = " ".join(body[:200].split())
    reason = "" if state is DeliveryState.SENT else f"HTTP {answer.status_code} {shown}".strip()
    return Receipt(state, reason, _retry_after(answer.status_code, answer.headers)), body


def _beginning(answer: httpx.Response) -> str:
    """As much of an answer as is worth reading, whatever its length, pace and packing."""
    began, body = time.monotonic(), b""
    for chunk in answer.iter_raw():
        body += chunk
        if len(body) >= LONGEST or time.monotonic() - began > LAST_WORD:
            break
    return body[:LONGEST].decode("utf-8", "replace")


def _retry_after(status: int, headers: Mapping[str, str]) -> float:
    """Seconds; a date or nonsense counts as none, and a 429 asks for at least one."""
    asked = headers.get("retry-after", "")
    seconds = float(asked) if re.fullmatch(r"\d{1,6}", asked, re.ASCII) else 0.0
    return max(seconds, 1.0) if status == httpx.codes.TOO_MANY_REQUESTS else seconds


# apprise's plugins answer yes or no. What a "no" means is read from the requests that they made.
_one_at_a_time = Lock()


@contextmanager
def witnessed() -> Iterator[list[Receipt]]:
    """What became of every request that this thread makes with `requests` while the block lasts."""
    receipts: list[Receipt] = []
    me, send = get_ident(), requests.Session.send

    def watched(
        session: requests.Session, request: requests.PreparedRequest, **how: object
    ) -> requests.Response:
        if get_ident() != me:
            return send(session, request, **how)
        try:
            answer = send(session, request, **how)
        except requests.RequestException as error:
            receipts.append(_fate(error))
            raise
        state = state_of(answer.status_code)
        reason = "" if state is DeliveryState.SENT else f"HTTP {answer.status_code}"
        receipts.append(Receipt(state, reason, _retry_after(answer.status_code, answer.headers)))
        return answer

    with _one_at_a_time:
        requests.Session.send = watched  # type: ignore[assignment, method-assign]
        try:
            yield receipts
        finally:
            requests.Session.send = send  # type: ignore[method-assign]


def _fate(error: requests.RequestException) -> Receipt:
    """Whether a request that raised can have arrived."""
    if isinstance(error, ConnectTimeout | SSLError) or (
        isinstance(error, NoConnection) and _unconnected(error)
    ):
        return Receipt(DeliveryState.FAILED, "no connection")
    return Receipt(DeliveryState.UNKNOWN, f"posted, and no answer came ({type(error).__name__})")


def _unconnected(error: requests.RequestException) -> bool:
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError | ConnectTimeoutError | HandshakeError)
