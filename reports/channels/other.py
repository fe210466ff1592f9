"""A digest on any other channel of apprise: Markdown or text, cut to what the channel takes."""

import json
from collections.abc import Iterator
from typing import Final

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, URLBase

from queries.records.outbox import DeliveryState, Parcel, Receipt
from reports.channels.listening import warnings
from reports.channels.message import Message
from reports.channels.posting import witnessed

PARTS: Final = 10  # messages that one digest may become on a channel of short messages
ANSWER: Final = 30.0  # seconds to wait for an answer where the URL says nothing (rto=); apprise has 4


class OtherChannel:
    """One of apprise's own services. It says yes or no; what a no means is read from its requests."""

    def __init__(self, service: NotifyBase, form: str) -> None:
        """Take a service over, without its own retries: the outbox knows what arrived."""
        self.service, self.form = service, form
        service.optional, service.retry = False, 0
        if service.socket_read_timeout == URLBase.socket_read_timeout:
            service.socket_read_timeout = ANSWER
        self.address = str(service.service_name)

    def pack(self, message: Message, recipient: str) -> Iterator[Parcel]:
        """A parcel for each message that the channel's size makes of the digest."""
        pieces = list(_messages(self.service, message, self.form))
        for part, (title, body, written_in) in enumerate(pieces, 1):
            yield Parcel(
                recipient=recipient,
                address=self.address,
                body=json.dumps([title, body, written_in.value]).encode(),
                part=part,
                parts=len(pieces),
            )

    def send(self, parcel: Parcel) -> Receipt:
        """Send one message through apprise."""
        if parcel.address != self.address:
            return Receipt(DeliveryState.FAILED, f"this recipient's URL is one of {self.address}")
        title, body, written_in = json.loads(parcel.body)
        sender = Apprise(asset=self.service.asset)
        sender.add(self.service)
        with witnessed() as requests, warnings() as log:
            sent = sender.notify(body=body, title=title, body_format=NotifyFormat(written_in))
        if sent:
            return Receipt(DeliveryState.SENT)
        return _verdict(requests, log[-1] if log else "the channel gave no reason")


def _verdict(requests: list[Receipt], reason: str) -> Receipt:
    """FAILED only if every request is known to have been in vain; a service that made none can't tell."""
    reasons = "; ".join(dict.fromkeys((reason, *(each.reason for each in requests if each.reason))))
    if requests and all(each.state is DeliveryState.FAILED for each in requests):
        return Receipt(DeliveryState.FAILED, reasons, max(each.retry_after for each in requests))
    if any(each.state is DeliveryState.SENT for each in requests):
        reasons += "; some of it was taken"
    return Receipt(DeliveryState.UNKNOWN, reasons)


def _messages(channel: NotifyBase, message: Message, form: str) -> Iterator[tuple[str, str, NotifyFormat]]:
    """Title, body and format of the messages to the channel."""
    takes, room = channel.notify_format, channel.body_maxlen
    if form == "html" and takes == NotifyFormat.HTML and len(message.html) < room:
        yield message.subject, message.html, NotifyFormat.HTML
        return
    plain = form == "text" or takes == NotifyFormat.TEXT
    text, written_in = (
        (message.text, NotifyFormat.TEXT) if plain else (message.markdown, NotifyFormat.MARKDOWN)
    )
    title = message.subject[: max(channel.title_maxlen - 10, 20)]
    size = max(room - len(title) - 20, 80) // (2 if takes == NotifyFormat.HTML else 1)  # tags take room
    pieces = list(_pieces(text, size))
    if len(pieces) > PARTS:
        cut = sum(map(len, pieces[PARTS - 1 :]))
        note = f"Cut here: this channel takes short messages, and {cut:,} characters more would be too many."
        pieces = [*pieces[: PARTS - 1], note]
    for number, piece in enumerate(pieces, 1):
        yield f"{title} ({number}/{len(pieces)})" if len(pieces) > 1 else title, piece, written_in


def _pieces(text: str, size: int) -> Iterator[str]:
    """The text in pieces of at most `size`, cut between paragraphs, else lines, else words."""
    while len(text) > size:
        ends = (text.rfind(mark, 1, size + 1) for mark in ("\n\n", "\n", " "))
        end = next((end for end in ends if end > size // 2), size)
        yield text[:end].rstrip()
        text = text[end:].lstrip("\n ")
    if text:
        yield text


ASSET: Final = AppriseAsset(app_id="seedwatch", app_desc="seedwatch", async_mode=False)
