"""What became of the requests that apprise's plugins make, who themselves answer only yes or no.

A plugin posts with `requests`, which follows redirects, unpacks bombs and waits for ever for a drip. So its
requests are carried by our own exchange, and each leaves a receipt.
"""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from io import BytesIO
from typing import Any, Final, NamedTuple

import requests
from requests.adapters import HTTPAdapter

from queries.records.outbox import DeliveryState, Receipt
from reports.channels.patience import TimeLimits
from reports.channels.posting import Answer, Endpoint, exchange, is_page, word_of

_NOT_OURS_TO_SET: Final = {"content-length", "transfer-encoding", "connection", "accept-encoding"}


class WitnessedRequest(NamedTuple):
    """One request of a plugin: how many bytes it carried, and what became of them."""

    size: int
    receipt: Receipt


class _Witness(NamedTuple):
    """Who watches: how long it waits, whether a web page may be a yes, and what it has seen."""

    patience: TimeLimits
    pages: bool
    made: list[WitnessedRequest]


@contextmanager
def witnessed(patience: TimeLimits, *, pages: bool = False) -> Iterator[list[WitnessedRequest]]:
    """What becomes of every request that this thread makes with `requests` while the block lasts.

    A web page in answer is no yes, unless the channel is one that answers in `pages`.
    """
    witness = _Witness(patience, pages, [])
    token = _watching.set(witness)
    try:
        yield witness.made
    finally:
        _watching.reset(token)


def _carried(adapter: HTTPAdapter, request: requests.PreparedRequest, **how: Any) -> requests.Response:  # noqa: ANN401 - requests' own
    """What requests does with a request; for a witness, by our exchange."""
    witness = _watching.get()
    if witness is None:
        return _send(adapter, request, **how)
    payload, verify = _payload(request), how.get("verify", True)
    endpoint = Endpoint(
        str(request.url),
        {
            name: _text(value)
            for name, value in request.headers.items()
            if name.lower() not in _NOT_OURS_TO_SET
        },
        verify=ssl.create_default_context(cafile=verify) if isinstance(verify, str) else verify,
        patience=witness.patience,
    )
    answer = exchange(str(request.method), endpoint, payload)
    witness.made.append(WitnessedRequest(len(payload), _judged(answer, pages=witness.pages)))
    if not answer.status:
        raise requests.ConnectionError(answer.receipt.reason)
    return _response(request, answer)


_watching: ContextVar[_Witness | None] = ContextVar("watching", default=None)
_send = HTTPAdapter.send
HTTPAdapter.send = _carried  # type: ignore[assignment, method-assign]


def _judged(answer: Answer, *, pages: bool) -> Receipt:
    """The transport's receipt, but for a yes that the body takes back."""
    if answer.receipt.state is not DeliveryState.SENT:
        return answer.receipt
    if is_page(answer.body) and not pages:
        return Receipt(DeliveryState.UNKNOWN, "was answered by a web page")
    if word_of(answer.body)[0] is False:
        return Receipt(DeliveryState.UNKNOWN, "was answered by ok: false")
    return answer.receipt


def _payload(request: requests.PreparedRequest) -> bytes:
    body: Any = request.body
    data = body.read() if hasattr(body, "read") else body or b""
    return data.encode() if isinstance(data, str) else bytes(data)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _response(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    """The answer as a plugin wants it; it leads nowhere, since a redirected POST arrives as nothing."""
    response = requests.Response()
    response.status_code, response.url, response.request = answer.status, str(request.url), request
    response.headers.update(_leading_nowhere(answer.headers))
    response.raw, response._content = BytesIO(answer.body), answer.body  # noqa: SLF001 - the way to make one
    return response


def _leading_nowhere(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() != "location"}
