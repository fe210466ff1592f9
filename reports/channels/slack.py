"""A digest on Slack: true Block Kit messages through apprise's slack URLs.

apprise would wrap blocks in an attachment; so it reads the URL and finds the channels, and we post. A bot
answers its own first message, so that a digest is one line of a channel and the rest its thread.
With format "slack", a json:// URL takes the same messages: Slack's likes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from apprise import Apprise
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.slack import NotifySlack, SlackMode

from queries.records.outbox import DeliveryState, Parcel, Receipt
from reports.channels.listening import warnings
from reports.channels.message import Message
from reports.channels.patience import patience
from reports.channels.posting import Answer, Endpoint, is_page, post, word_of
from reports.channels.witness import witnessed

_NO_THREAD: Final = {"thread_not_found", "message_not_found", "cannot_reply_to_message"}  # it was deleted
_PERHAPS_DONE: Final = {
    "fatal_error",
    "internal_error",
}  # Slack: "possible some aspect of the operation succeeded"
_NOT_YET: Final = {
    "ratelimited",
    "rate_limited",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}
WEBHOOK: Final = "webhook"  # the address of a URL that names no channel


def _packed(payloads: Sequence[str], recipient: str, addresses: Iterable[str]) -> Iterator[Parcel]:
    """A parcel for each message of each channel."""
    for address in addresses:
        for part, payload in enumerate(payloads, 1):
            yield Parcel(
                recipient=recipient, address=address, body=payload.encode(), part=part, parts=len(payloads)
            )  # fmt: skip


class _Poster(NotifySlack):  # type: ignore[misc]  # apprise is untyped
    """apprise's reading of a slack:// URL, which posts `payload` where apprise would post its own message.

    `thread` is the name of the message that it answers, as this made it: channel and timestamp.
    """

    payload, thread = b"{}", ""
    receipt = Receipt(DeliveryState.FAILED)

    def _send(self, url: str, payload: dict[str, object], **how: object) -> object:
        """Post ours; what apprise merely looks up stays its business."""
        if "attachments" not in payload:
            return super()._send(url, payload, **how)
        where = {key: value for key, value in payload.items() if key in {"channel", "username", "thread_ts"}}
        if self.thread:
            where["channel"], _, where["thread_ts"] = self.thread.partition(" ")
        headers = {"Authorization": f"Bearer {self.access_token}"} if self.mode is SlackMode.BOT else {}
        endpoint = Endpoint(url, headers, verify=self.verify_certificate, patience=patience(self))
        self.throttle()  # apprise's: Slack takes one message a second
        self.receipt = Receipt(DeliveryState.UNKNOWN, "was cut off while it was posted")
        self.receipt = _judged(post(endpoint, _addressed(self.payload, where)))
        return {"ok": True} if self.receipt.state is DeliveryState.SENT else False


def _addressed(payload: bytes, where: Mapping[str, object]) -> bytes:
    """The message's own bytes, behind where it goes."""
    return json.dumps(where).encode()[:-1] + b", " + payload[1:] if where else payload


class SlackChannel:
    """The channel of slack:// URLs, webhook or bot; not of workflows, which take no blocks."""

    def __init__(self, **parts: Any) -> None:  # noqa: ANN401 - whatever apprise reads
        """Read `parts`, apprise's reading of the URL."""
        self.service = _Poster(**parts)
        self.takes_blocks = self.service.mode not in {SlackMode.WORKFLOW, SlackMode.WORKFLOW_TRIGGER}
        self.channels: list[str | None] = list(dict.fromkeys(self.service.channels)) or [None]

    def pack(self, message: Message, recipient: str) -> Iterator[Parcel]:
        """A parcel for each message of each channel of the URL; only a bot's have threads."""
        threads = self.service.mode is SlackMode.BOT
        payloads = message.slack if threads or not message.slack_flat else message.slack_flat
        return _packed(payloads, recipient, (channel or WEBHOOK for channel in self.channels))

    def send(self, parcel: Parcel) -> Receipt:
        """Post one message to one channel, in its parent's thread; without one if nobody knows the parent."""
        address = None if parcel.address == WEBHOOK else parcel.address
        if address not in self.channels:
            reason = "is not a channel of this recipient's URL"
            return Receipt(DeliveryState.FAILED, reason, permanent=True)
        receipt = self._post(address, parcel.body, parcel.parent)
        gone = parcel.parent and any(receipt.reason == f"Slack says {error}" for error in _NO_THREAD)
        return self._post(address, parcel.body, "") if gone else receipt

    def _post(self, address: str | None, body: bytes, thread: str) -> Receipt:
        self.service.channels, self.service.payload, self.service.thread = [address], body, thread
        self.service.receipt = Receipt(DeliveryState.FAILED, "")
        with witnessed(patience(self.service)) as lookups, warnings() as log:
            sender = Apprise(asset=self.service.asset)
            sender.add(self.service)
            sender.notify(body="digest")  # apprise's door, which lets no exception out
        if self.service.receipt.state is DeliveryState.FAILED and not self.service.receipt.reason:
            reasons = [*log, *(lookup.receipt.reason for lookup in lookups if lookup.receipt.reason)]
            wait = max((lookup.receipt.retry_after for lookup in lookups), default=0.0)
            final = not reasons or any(lookup.receipt.permanent for lookup in lookups)
            reason = "; ".join(reasons) or "Slack knows no such channel"
            return Receipt(DeliveryState.FAILED, reason, wait, permanent=final)
        return self.service.receipt


def _judged(answer: Answer) -> Receipt:
    """Slack says ok, as a word or in JSON; whatever else comes with a 200 is not Slack's word."""
    if answer.receipt.state is not DeliveryState.SENT or answer.body.strip() == b"ok":
        return answer.receipt
    ok, error = word_of(answer.body)
    if ok is None:
        shown = " ".join(answer.text[:80].split())
        return Receipt(DeliveryState.UNKNOWN, f"was answered by what is not Slack's word: {shown!r}")
    return replace(answer.receipt, message_id=_name_of(answer.body)) if ok else _no(error, "Slack")


def _no(error: str, who: str) -> Receipt:
    """Slack's no, by its word: most stand until somebody changes something."""
    state = DeliveryState.UNKNOWN if error in _PERHAPS_DONE else DeliveryState.FAILED
    permanent = state is DeliveryState.FAILED and error not in _NOT_YET
    return Receipt(state, f"{who} says {error}", permanent=permanent)


def _name_of(body: bytes) -> str:
    """What Slack calls a message that it took: its channel and timestamp; "" if it doesn't say."""
    said = json.loads(body)
    channel, timestamp = said.get("channel"), said.get("ts")
    return f"{channel} {timestamp}" if isinstance(channel, str) and isinstance(timestamp, str) else ""


class SlackLikeChannel:
    """A json:// URL with format "slack": a server that takes Slack's messages."""

    def __init__(self, **parts: Any) -> None:  # noqa: ANN401 - whatever apprise reads
        """Read `parts`, apprise's reading of the URL."""
        service = NotifyJSON(**parts)
        port = f":{service.port}" if service.port else ""
        query = f"?{urlencode(service.params)}" if service.params else ""
        url = f"{'https' if service.secure else 'http'}://{service.host}{port}{service.fullpath}{query}"
        auth = (service.user, service.password or "") if service.user else None
        self.service, self.address = service, f"{service.host}{port}"
        self.endpoint = Endpoint(url, service.headers, auth, service.verify_certificate, patience(service))

    def pack(self, message: Message, recipient: str) -> Iterator[Parcel]:
        """A parcel for each message."""
        return _packed(message.slack_flat or message.slack, recipient, [self.address])

    def send(self, parcel: Parcel) -> Receipt:
        """Post one message; any 2xx is a yes, unless it is a web page or its JSON says ok: false."""
        if parcel.address != self.address:
            reason = "is not the server of this recipient's URL"
            return Receipt(DeliveryState.FAILED, reason, permanent=True)
        answer = post(self.endpoint, parcel.body, self.service.method)
        ok, error = word_of(answer.body)
        if answer.receipt.state is not DeliveryState.SENT:
            return answer.receipt
        if is_page(answer.body):
            return Receipt(DeliveryState.UNKNOWN, "was answered by a web page")
        if ok is False:
            return _no(error, "it")
        return answer.receipt
