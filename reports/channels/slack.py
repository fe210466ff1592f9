"""A digest on Slack: true Block Kit messages through apprise's slack URLs.

apprise would wrap blocks in an attachment, and does not wait at a 429; so it reads the URL and finds
the channels, and we post. With format "slack", a json:// URL takes the same messages: servers like Slack.
"""

import json
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import httpx
from apprise import NotifyBase
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.slack import NotifySlack, SlackMode

from queries.records.digest import DeliveryState
from reports.channels.message import Message, Posting

TRIES: Final = 4
LONGEST_WAIT: Final = 30.0  # seconds; a Retry-After beyond is a failure for the next run
PATIENCE: Final = httpx.Timeout(30, connect=10)


class PostResult(NamedTuple):
    """What came of a post, and the body of Slack's answer."""

    state: DeliveryState
    reason: str
    body: dict[str, Any]


class Endpoint(NamedTuple):
    """Where and how to post."""

    url: str
    headers: Mapping[str, str] = MappingProxyType({})
    auth: tuple[str, str] | None = None
    verify: bool = True


def post(endpoint: Endpoint, payload: Mapping[str, object]) -> PostResult:
    """POST one JSON payload, waiting and asking again while the server says 429.

    UNKNOWN if the request went out and no answer came.
    """
    for attempt in range(1, TRIES + 1):
        try:
            response = httpx.post(
                endpoint.url,
                json=payload,
                headers=dict(endpoint.headers),
                auth=endpoint.auth,
                verify=endpoint.verify,
                timeout=PATIENCE,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL) as error:
            return PostResult(DeliveryState.FAILED, str(error) or type(error).__name__, {})
        except httpx.HTTPError as error:
            return PostResult(
                DeliveryState.UNKNOWN, f"posted, and no answer came ({type(error).__name__})", {}
            )
        wait = _wait(response)
        if response.status_code != httpx.codes.TOO_MANY_REQUESTS or attempt == TRIES or wait > LONGEST_WAIT:
            break
        time.sleep(wait)
    body = response.json() if response.headers.get("content-type", "").startswith("application/json") else {}
    body = body if isinstance(body, dict) else {}
    if response.is_success and body.get("ok", True):
        return PostResult(DeliveryState.SENT, "", body)
    words = body.get("error") or response.text[:200]
    return PostResult(DeliveryState.FAILED, f"HTTP {response.status_code} {words}".strip(), body)


def _wait(response: httpx.Response) -> float:
    """Retry-After in seconds; a date or nonsense counts as one second."""
    seconds = response.headers.get("retry-after", "1")
    return float(seconds) if seconds.isdigit() else 1.0


class _Blocks(NotifyBase):  # type: ignore[misc]  # apprise is untyped
    """Posts the messages of a digest in order, each once, to any number of addresses."""

    def __init__(self, message: Message, **parts: object) -> None:
        """Read `parts`, apprise's reading of the URL."""
        super().__init__(**parts)
        self.messages = tuple(json.loads(text) for text in message.slack)
        self.postings: dict[str, Posting] = {}
        self._posted: dict[str, int] = {}

    def _post(self, address: str, endpoint: Endpoint, also: Mapping[str, object]) -> PostResult:
        """Post what `address` lacks; a retry goes on where the last one stopped."""
        before = self.postings.get(address)
        if before and before.state is DeliveryState.UNKNOWN:
            return PostResult(before.state, before.reason, {})
        result = PostResult(DeliveryState.SENT, "", {})
        for payload in self.messages[self._posted.get(address, 0) :]:
            self.throttle()  # apprise's: Slack takes one message a second
            result = post(endpoint, {**payload, **also})
            if result.state is not DeliveryState.SENT:
                break
            self._posted[address] = self._posted.get(address, 0) + 1
        count = self._posted.get(address, 0)
        part = f" ({count} of {len(self.messages)} messages were posted)" if result.reason and count else ""
        self.postings[address] = Posting(address, result.state, result.reason + part)
        return result


class Slack(_Blocks, NotifySlack):  # type: ignore[misc]  # apprise is untyped
    """The channel of slack:// URLs; `postings` says what became of each Slack channel."""

    def _send(self, url: str, payload: dict[str, object], **how: object) -> object:
        """Post our messages to the channel that apprise put into its own payload."""
        if "attachments" not in payload or self.mode in {SlackMode.WORKFLOW, SlackMode.WORKFLOW_TRIGGER}:
            return super()._send(url, payload, **how)
        also = {key: value for key, value in payload.items() if key in {"channel", "username", "thread_ts"}}
        headers = {"Authorization": f"Bearer {self.access_token}"} if self.mode is SlackMode.BOT else {}
        endpoint = Endpoint(url, headers, verify=self.verify_certificate)
        result = self._post(str(also.get("channel", "webhook")), endpoint, also)
        return {"ok": True, **result.body} if result.state is DeliveryState.SENT else False


class SlackLike(_Blocks, NotifyJSON):  # type: ignore[misc]  # apprise is untyped
    """A json:// URL with format "slack": a server that takes Slack's messages."""

    def send(self, *_: object, **__: object) -> bool:
        """Post the messages to the URL."""
        port = f":{self.port}" if self.port else ""
        url = f"{'https' if self.secure else 'http'}://{self.host}{port}{self.fullpath}"
        auth = (self.user, self.password or "") if self.user else None
        result = self._post(self.host, Endpoint(url, self.headers, auth, self.verify_certificate), {})
        return result.state is DeliveryState.SENT
