"""A digest in every form that a channel may want."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Unsubscribing(NamedTuple):
    """How one address asks for no more: a web link, "" if there is none, and the subject of a mail."""

    link: str
    subject: str


class Attachment(NamedTuple):
    """A file that goes with a mail."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is delivered.

    `name` is the digest's number, or what else is unique within the watch: a mail's Message-ID and
    a folder's files are named by it. `slack` holds one JSON payload per Slack message, the parent and
    those of its thread; `slack_flat` the parent and one message behind it, where there are no threads.
    `unsubscribing` says how an address asks for no more; in a body, verdicts.UNSUBSCRIBE stands
    for that.
    """

    watch: str
    title: str
    name: str
    made: datetime | None
    subject: str
    html: str
    text: str
    markdown: str
    slack: tuple[str, ...]
    slack_flat: tuple[str, ...] = ()
    mailbox: str = ""
    attachments: tuple[Attachment, ...] = ()
    unsubscribing: Callable[[str], Unsubscribing] | None = None
