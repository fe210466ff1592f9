"""A digest on any other channel of apprise: Markdown or text, cut to what the channel takes."""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Final
from urllib.parse import unquote

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat
from apprise.plugins.custom_form import NotifyForm

from queries.records.outbox import DeliveryState, Parcel, Receipt
from reports.channels.listening import warnings
from reports.channels.message import Message
from reports.channels.patience import patience
from reports.channels.witness import WitnessedRequest, witnessed

PARTS: Final = 10  # messages that one digest may become on a channel of short messages
LISTS: Final = (
    "targets",
    "topics",
    "channels",
    "rooms",
    "users",
    "devices",
    "phone",
)  # as apprise's plugins name them


class OtherChannel:
    """One of apprise's own services. It says yes or no; what that means is read from its requests."""

    def __init__(self, service: NotifyBase, form: str) -> None:
        """Take a service over, without its own retries and time-outs: the outbox knows what arrived."""
        self.service, self.form = service, form
        service.optional, service.retry = False, 0
        self.patience = patience(service)
        service.socket_connect_timeout, service.socket_read_timeout = self.patience
        self.list, targets = _targets(service)
        shown = unquote(str(service.url(privacy=True)))
        self.targets = {_address(service, target, shown): target for target in targets}

    def pack(self, message: Message, recipient: str) -> Iterator[Parcel]:
        """A parcel for each target, and for each message that the channel's size makes of the digest."""
        pieces = list(_messages(self.service, message, self.form))
        for address in self.targets:
            for part, (title, body, written_in) in enumerate(pieces, 1):
                yield Parcel(
                    recipient=recipient,
                    address=address,
                    body=json.dumps([title, body, written_in.value]).encode(),
                    part=part,
                    parts=len(pieces),
                )

    def send(self, parcel: Parcel) -> Receipt:
        """Send one message to one target through apprise."""
        if parcel.address not in self.targets:
            known = ", ".join(self.targets)
            reason = f"{parcel.address} is not of this recipient's URL ({known})"
            return Receipt(DeliveryState.FAILED, reason, permanent=True)
        if self.list:
            setattr(self.service, self.list, [self.targets[parcel.address]])
        title, body, written_in = json.loads(parcel.body)
        sender = Apprise(asset=self.service.asset)
        sender.add(self.service)
        pages = isinstance(self.service, NotifyForm)  # what takes a form answers with one
        with witnessed(self.patience, pages=pages) as requests, warnings() as log:
            sent = sender.notify(body=body, title=title, body_format=NotifyFormat(written_in))
        reason = "; ".join(dict.fromkeys(log)) or "the channel gave no reason"
        return _verdict(requests, len(body.encode()), reason, sent=bool(sent))


def _targets(service: NotifyBase) -> tuple[str, list[object]]:
    """The service's own list of whom it writes to, by its name, if it is one that can be taken apart."""
    for name in LISTS:
        targets = getattr(service, name, None)
        if isinstance(targets, list) and len(targets) == len(service) > 1:
            return name, targets
    return "", [None]


def _address(service: NotifyBase, target: object, shown: str) -> str:
    """What a target is called: by its name, if apprise shows it, else by a mark of it."""
    if target is None:
        return str(service.service_name)
    name = "".join(map(str, target)) if isinstance(target, tuple) else str(target)
    bare = name.lstrip("#@+")
    mark = name if bare in re.split(r"[/?&=,]", shown.replace("#", "").replace("@", "/")) else _mark(name)
    return f"{service.service_name} {mark}"


def _mark(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()[:8]


def _verdict(requests: list[WitnessedRequest], size: int, reason: str, *, sent: bool) -> Receipt:
    """SENT is a yes to what carried the message; FAILED, that nothing which could carry it may have arrived.

    A request of less than half the message's `size` in bytes, such as a login, can't carry it.
    """
    carried = [each.receipt for each in requests if each.size * 2 >= size]
    states = {receipt.state for receipt in carried}
    if sent and (not requests or DeliveryState.SENT in states):
        return Receipt(DeliveryState.SENT)
    receipts = [each.receipt for each in requests]
    reasons = "; ".join(dict.fromkeys((reason, *(each.reason for each in receipts if each.reason))))
    if requests and states <= {DeliveryState.FAILED}:
        wait = max(each.retry_after for each in receipts)
        final = any(each.permanent for each in receipts)
        return Receipt(DeliveryState.FAILED, reasons, wait, permanent=final)
    if DeliveryState.SENT in states:
        reasons += "; it was taken all the same"
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
