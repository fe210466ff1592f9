"""A digest in every form that a channel may want."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Attachment(NamedTuple):
    """A file that goes with a mail."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is delivered; `slack` holds one JSON payload per Slack message."""

    watch: str
    title: str
    number: int
    made: datetime
    subject: str
    html: str
    text: str
    markdown: str
    slack: tuple[str, ...]
    mailbox: str = ""
    attachments: tuple[Attachment, ...] = ()
