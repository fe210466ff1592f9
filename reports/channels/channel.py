"""One apprise URL as a channel: what it takes of a digest, frozen as parcels, and how a parcel is sent.

    mailto(s)://…   mail.py     our own multipart, one message an address
    slack://…       slack.py    true blocks (json(s):// with format "slack": a server like it)
    folder://PATH   folder.py   the files
    any other       other.py    apprise's own channel: Markdown or text, cut to what it takes

Whoever can't know says so: FAILED is certain not to have arrived, and UNKNOWN is not.
"""

import json
import re
import time
from base64 import b64encode
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import Final, Protocol
from urllib.parse import parse_qsl, quote, unquote
from uuid import uuid4

from apprise import Apprise, NotifyBase
from apprise.plugins import url_to_dict
from apprise.plugins.email import NotifyEmail

from queries.errors import SettingsError
from queries.records.outbox import DeliveryState, Parcel, Receipt
from queries.watch.check import is_several
from reports.channels.folder import SCHEME, FolderChannel, folder_of
from reports.channels.listening import warnings
from reports.channels.mail import MailChannel
from reports.channels.message import Message
from reports.channels.other import ASSET, OtherChannel
from reports.channels.slack import SlackChannel, SlackLikeChannel

TRIES: Final = 4  # while a server asks for a little patience
LITTLE: Final = 30.0  # seconds; a longer Retry-After is for the next round
SECRET: Final = 4  # characters; shorter parts of a URL are found in any sentence
LONGEST_REASON: Final = 500  # characters
_WORST_FIRST: Final = (DeliveryState.UNKNOWN, DeliveryState.FAILED, DeliveryState.SENT)


class Channel(Protocol):
    """Where a recipient reads."""

    def pack(self, message: Message, recipient: str) -> Iterator[Parcel]:
        """What is to arrive at each address, as bytes."""
        ...

    def send(self, parcel: Parcel) -> Receipt:
        """Send one of them, once."""
        ...


def pack(message: Message, url: str, recipient: str, form: str = "html") -> tuple[Parcel, ...]:
    """The parcels of a message to one apprise URL as html, text, slack or markdown; nothing is sent.

    Raises SettingsError if no channel reads the URL.
    """
    return tuple(_channel(url, recipient, form).pack(message, recipient))


def send(
    parcel: Parcel, url: str, form: str = "html", sleep: Callable[[float], None] = time.sleep
) -> Receipt:
    """Send one parcel through its recipient's URL, waiting a little where the server asks for it.

    The reason of what was not sent is in the server's words, on one line, without the secrets of the URL.
    """
    try:
        channel = _channel(url, parcel.recipient, form)
    except SettingsError as error:
        return Receipt(DeliveryState.FAILED, error.problem)
    for _ in range(TRIES):
        receipt = channel.send(parcel)
        if receipt.state is not DeliveryState.FAILED or not 0 < receipt.retry_after <= LITTLE:
            break
        sleep(receipt.retry_after)
    return replace(receipt, reason=_redacted(receipt.reason, url))


def alert(
    url: str, title: str, text: str, now: datetime | None = None, stopped: Collection[str] = ()
) -> Receipt:
    """Tell the operator something in plain text through any apprise URL; return its worst receipt.

    Without `now` a mail is dated by its server. `stopped` addresses, which unsubscribed, get nothing.
    """
    section = {"type": "section", "text": {"type": "plain_text", "text": text[:3000]}}
    message = Message(
        watch="operator",
        title="seedwatch",
        name=f"alert-{uuid4().hex[:12]}",  # never the same mail twice
        made=now,
        subject=" ".join(title.split()),
        html=f"<p><strong>{escape(title)}</strong></p><pre>{escape(text)}</pre>",
        text=text,
        markdown=text,
        slack=(json.dumps({"text": title, "blocks": [section]}),),
    )
    try:
        parcels = pack(message, url, "operator", "text")
    except SettingsError as error:
        return Receipt(DeliveryState.FAILED, str(error))
    receipts = [send(parcel, url, "text") for parcel in parcels if parcel.address.casefold() not in stopped]
    if not receipts:
        return Receipt(DeliveryState.WAIVED, "whoever reads there has unsubscribed")
    return min(receipts, key=lambda receipt: _WORST_FIRST.index(receipt.state))


def check(url: str, recipient: str = "", form: str = "html") -> str | None:
    """What channel a URL is, without its secrets ("E-Mail mailto://me:****@example.org/"), or None.

    Raises SettingsError, as a digest would, if a part of the URL would be lost.
    """
    if url.startswith(SCHEME):
        return folder_of(url)
    service = _instance(url)
    if service:
        _channel(url, recipient, form)
    return f"{service.service_name} {_private(service).partition('?')[0]}" if service else None


def _instance(url: str | dict[str, object]) -> NotifyBase | None:
    """Apprise's own reading of a URL, without its complaints."""
    with warnings():
        return Apprise.instantiate(url, asset=ASSET)


def _channel(url: str, recipient: str, form: str) -> Channel:
    """The channel of a URL: ours where apprise's would lose something."""
    if url.startswith(SCHEME):
        return FolderChannel(url)
    with warnings() as log:
        parts = url_to_dict(url) or {}
        schema = parts.get("schema", "")
        try:
            _refuse_what_apprise_drops(url, schema)
            if schema in {"mailto", "mailtos"}:
                return MailChannel(form, **parts, asset=ASSET)
            if schema == "slack" and (slack := SlackChannel(**parts, asset=ASSET)).takes_blocks:
                return slack
            if form == "slack" and schema in {"json", "jsons"}:
                return SlackLikeChannel(**parts, asset=ASSET)
            service = Apprise.instantiate(parts, asset=ASSET) if parts else None
        except TypeError as error:  # how apprise refuses a URL; its log says why
            log.append(str(error))
            service = None
    if service is None:
        reason = _redacted(log[0], url) if log else "it is no URL of apprise"
        raise SettingsError(
            f"recipient {recipient}", f"no channel reads its URL ({reason})", "See README, Channels"
        )
    return OtherChannel(service, form)


def _refuse_what_apprise_drops(url: str, schema: str) -> None:
    """Raise TypeError for several URLs, a key that is there twice, or an address that stands alone.

    Apprise takes the first URL and the last of the keys; an address stands alone behind a semicolon.
    """
    if is_several(url):
        message = "it is several URLs: one is to be given"
        raise TypeError(message)
    keys = [key for key, _ in parse_qsl(url.partition("?")[2].replace(";", "&"), keep_blank_values=True)]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice:
        message = f"{twice}= stands twice: part what it names by commas"
        raise TypeError(message)
    if schema in {"mailto", "mailtos"} and any("@" in key for key in keys if not key.startswith("+")):
        message = "an address stands alone: part addresses by commas"
        raise TypeError(message)


def _private(service: NotifyBase) -> str:
    """A URL without its secrets. A user without a password may be a token, though apprise shows it."""
    shown = str(service.url(privacy=True))
    return shown if isinstance(service, NotifyEmail) else re.sub("//[^/:@]+@", "//****@", shown)


def _redacted(text: str, url: str) -> str:
    """The text on one line of printable characters, without the URL's secrets, however they are written."""
    folder = url.startswith(SCHEME)
    service = None if folder else _instance(url)
    shown = _words(url if folder else _private(service) if service else "")
    secrets = _spellings(_words(url) - shown, str(getattr(service, "user", None) or ""))
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:LONGEST_REASON]


def _words(url: str) -> set[str]:
    """The parts of a URL, as they stand and unquoted; short ones are found in any sentence."""
    marks = (r"[:/@?&=,#;]+", r"[:/@?&=,#;-]+")  # a Slack token has its secret behind the last hyphen
    pieces = [piece for mark in marks for text in (url, unquote(url)) for piece in re.split(mark, text)]
    return {word for piece in pieces for word in (piece, unquote(piece)) if len(word) >= SECRET}


def _spellings(secrets: set[str], user: str) -> set[str]:
    """Secrets as they may come back: plain, quoted, in JSON, and in the base64 of a login."""
    logins = {login for secret in secrets for login in (secret, f"{user}:{secret}", f"\0{user}\0{secret}")}
    return (
        secrets
        | {quote(secret, safe="") for secret in secrets}
        | {json.dumps(secret)[1:-1] for secret in secrets}
        | {b64encode(login.encode()).decode().rstrip("=") for login in logins}
    )
