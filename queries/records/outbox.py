"""The outbox: what is sent, to which address, and what came back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class DeliveryState(StrEnum):
    """Of a parcel. PLANNED → SENDING → SENT, FAILED or UNKNOWN; a person may end it as WAIVED.

    FAILED is known not to have arrived and may be tried again. UNKNOWN may have arrived: it is never sent
    again unasked. SENDING found by a later run becomes UNKNOWN.
    """

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What arrives whole or not at all: a mail to one address, one Slack message to one channel.

    `body` are the bytes as they were when the digest was recorded, in the form its channel takes, and
    `part` of `parts` counts from 1 where a channel needs several messages for one digest. `address` is
    what the recipient's URL calls it; it holds no secret. `parent` is what the server calls the first part,
    once it is there: the others hang on it.
    """

    recipient: str
    address: str
    body: bytes
    part: int = 1
    parts: int = 1
    message_id: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came back for one parcel. `reason` is "" when sent, and never holds a secret.

    `retry_after` are seconds that the server asked to be left alone. `permanent` says of a failure that the
    same bytes to the same address will fail again, however long one waits. `message_id` is what the server
    calls what it took, "" if it has no name.
    """

    state: DeliveryState
    reason: str = ""
    retry_after: float = 0.0
    permanent: bool = False
    message_id: str = ""


class Delivery(NamedTuple):
    """Where a parcel of digest `number` stands; `due` is when it is to be tried by itself, if at all."""

    number: int
    recipient: str
    address: str
    part: int
    parts: int
    state: DeliveryState
    tries: int
    changed: datetime
    due: datetime | None
    message_id: str
    reason: str
