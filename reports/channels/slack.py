"""A digest on Slack: true Block Kit messages through apprise's slack URLs.

apprise would wrap blocks in an attachment; so it reads the URL and finds the channels, and we post.
With format "slack", a json:// URL takes the same messages: Slack's likes.
"""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.slack import NotifySlack, SlackMode

from queries.records.outbox import DeliveryState, Parcel, Receipt
from reports.channels.message import Message
from reports.channels.posting import Endpoint, post

WEBHOOK: Final = "webhook"  # the address of a URL that names no channel


def _packed(message: Message, recipient: str, addresses: Iterator[str]) -> Iterator[Parcel]:
    """A parcel for each message of each channel."""
    for address in addresses:
        for part, payload in enumerate(message.slack, 1):
            yield Parcel(
                recipient=recipient,
                address=address,
                body=payload.encode(),
                part=part,
                parts=len(message.slack),
            )


class _Poster(NotifySlack):  # type: ignore[misc]  # apprise is untyped
    """apprise's reading of a slack:// URL, which posts `payload` where apprise would post its own message."""

    payload: Mapping[str, Any] = MappingProxyType({})
    receipt = Receipt(DeliveryState.FAILED)

    def _send(self, url: str, payload: dict[str, object], **how: object) -> object:
        """Post ours; what apprise merely looks up stays its business."""
        if "attachments" not in payload:
            return super()._send(url, payload, **how)
        where = {key: value for key, value in payload.items() if key in {"channel", "username", "thread_ts"}}
        headers = {"Authorization": f"Bearer {self.access_token}"} if self.mode is SlackMode.BOT else {}
        endpoint = Endpoint(url, headers, verify=self.verify_certificate)
        self.throttle()  # apprise's: Slack takes one message a second
        self.receipt = _judged(*post(endpoint, json.dumps({**self.payload, **where}).encode()))
        return {"ok": True} if self.receipt.state is DeliveryState.SENT else False


class SlackChannel:
    """The channel of slack:// URLs, webhook or bot; not of workflows, which take no blocks."""

    def __init__(self, **parts: Any) -> None:  # noqa: ANN401 - whatever apprise reads
        """Read `parts`, apprise's reading of the URL."""
        self.service = _Poster(**parts)
        self.takes_blocks = self.service.mode not in {SlackMode.WORKFLOW, SlackMode.WORKFLOW_TRIGGER}
        self.channels: list[str | None] = list(self.service.channels) or [None]

    def pack(self, message: Message, recipient: str) -> Iterator[Parcel]:
        """A parcel for each message of each channel of the URL."""
        return _packed(message, recipient, (channel or WEBHOOK for channel in self.channels))

    def send(self, parcel: Parcel) -> Receipt:
        """Post one message to one channel."""
        address = None if parcel.address == WEBHOOK else parcel.address
        if address not in self.channels:
            return Receipt(DeliveryState.FAILED, "is not a channel of this recipient's URL")
        self.service.channels, self.service.payload = [address], json.loads(parcel.body)
        self.service.receipt = Receipt(DeliveryState.FAILED, "Slack knows no such channel or person")
        self.service.send(body=" ", title="")
        return self.service.receipt


def _judged(receipt: Receipt, body: str) -> Receipt:
    """Slack says ok, as a word or in JSON; whatever else comes with a 200 is not Slack's word."""
    if receipt.state is not DeliveryState.SENT or body.strip() == "ok":
        return receipt
    ok, error = _verdict(body)
    if ok is None:
        shown = " ".join(body[:80].split())
        return Receipt(DeliveryState.UNKNOWN, f"was answered by what is not Slack's word: {shown!r}")
    return receipt if ok else Receipt(DeliveryState.FAILED, f"Slack says {error}")


def _verdict(body: str) -> tuple[bool | None, str]:
    """Slack's `ok` and `error` of a JSON answer; None if it says neither yes nor no."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None, ""
    ok = said.get("ok") if isinstance(said, dict) else None
    return (ok, str(said.get("error", "no"))) if isinstance(ok, bool) else (None, "")


class SlackLikeChannel:
    """A json:// URL with format "slack": a server that takes Slack's messages."""

    def __init__(self, **parts: Any) -> None:  # noqa: ANN401 - whatever apprise reads
        """Read `parts`, apprise's reading of the URL."""
        service = NotifyJSON(**parts)
        port = f":{service.port}" if service.port else ""
        url = f"{'https' if service.secure else 'http'}://{service.host}{port}{service.fullpath}"
        auth = (service.user, service.password or "") if service.user else None
        self.service, self.address = service, f"{service.host}{port}"
        self.endpoint = Endpoint(url, service.headers, auth, service.verify_certificate)

    def pack(self, message: Message, recipient: str) -> Iterator[Parcel]:
        """A parcel for each message."""
        return _packed(message, recipient, iter([self.address]))

    def send(self, parcel: Parcel) -> Receipt:
        """Post one message; any 2xx is a yes, unless its JSON says ok: false."""
        if parcel.address != self.address:
            return Receipt(DeliveryState.FAILED, "is not the server of this recipient's URL")
        receipt, body = post(self.endpoint, parcel.body)
        ok, error = _verdict(body)
        if receipt.state is DeliveryState.SENT and ok is False:
            return Receipt(DeliveryState.FAILED, f"it says {error}")
        return receipt
