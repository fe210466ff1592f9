"""A message packed and sent through one URL, as the outbox does it; no test itself."""

from collections.abc import Sequence
from typing import NamedTuple

from queries.records.outbox import DeliveryState, Receipt
from reports.channels.channel import pack, send
from reports.channels.message import Message


class Attempt(NamedTuple):
    """A parcel's address and part, and what came back for it."""

    address: str
    part: int
    receipt: Receipt
    message_id: str


def attempts(message: Message, url: str, form: str = "html") -> list[Attempt]:
    """Send every parcel of the message once, each whatever became of the one before."""
    return [
        Attempt(parcel.address, parcel.part, send(parcel, url, form), parcel.message_id)
        for parcel in pack(message, url, "group", form)
    ]


def only(message: Message, url: str, form: str = "html") -> Receipt:
    """The receipt of a message that is one parcel."""
    (attempt,) = attempts(message, url, form)
    return attempt.receipt


def states(tried: Sequence[Attempt]) -> list[DeliveryState]:
    """What became of each."""
    return [attempt.receipt.state for attempt in tried]
