"""Deliver to one recipient through apprise, and bring back a receipt.

    mailto(s)://…   mail.py     our own multipart, one message an address
    slack://…       slack.py    true blocks (json(s):// with format "slack": a server like it)
    folder://PATH   folder.py   the files
    any other       apprise's own channel: Markdown or text, cut to what it takes

Only what is known to be sent is SENT: a URL that no channel reads, a channel that answers nothing
and one refused address of several are failures.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from html import escape
from logging import WARNING, Handler, LogRecord, getLogger
from threading import get_ident
from typing import Final
from urllib.parse import unquote
from uuid import uuid4

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat
from apprise.plugins import url_to_dict

from queries.records.digest import DeliveryState, Receipt
from reports.channels.folder import SCHEME, Folder
from reports.channels.mail import Mail
from reports.channels.message import Message, Posting
from reports.channels.slack import Slack, SlackLike

PARTS: Final = 10  # messages that one digest may become on a channel of short messages
SECRET: Final = 4  # characters; shorter parts of a URL are found in any sentence
_ASSET: Final = AppriseAsset(app_id="seedwatch", app_desc="seedwatch", async_mode=False)
_WORST_FIRST: Final = (DeliveryState.UNKNOWN, DeliveryState.FAILED, DeliveryState.SENT)


def deliver(message: Message, url: str, recipient: str, form: str = "html") -> Receipt:
    """Send a message to one apprise URL as html, text, slack or markdown; a failure is a receipt too.

    SENT only if every address of the URL got it, UNKNOWN if one may have got it. The reason names
    each address that did not, in the server's words and without the secrets of the URL.
    """
    with _warnings() as warnings:
        channel = _channel(message, url, recipient, form)
        if channel is None:
            why = _redact(warnings[-1], url, "") if warnings else "see `seedwatch check`"
            return Receipt(recipient, DeliveryState.FAILED, reason=f"no channel reads this URL ({why})")
        channel.optional = False  # in a URL it would let a failure pass for sent
        ours = hasattr(channel, "postings")
        parts = [(message.subject, message.subject, None)] if ours else _parts(channel, message, form)
        sent = all(_notify(channel, *part) for part in parts)
    name, postings = str(channel.service_name), list(channel.postings.values()) if ours else []
    if sent and not postings:
        postings = [Posting(name, DeliveryState.SENT)]
    elif not sent and all(posting.state is DeliveryState.SENT for posting in postings):
        postings += [
            Posting(name, DeliveryState.FAILED, warnings[-1] if warnings else "the channel gave no reason")
        ]
    return _receipt(recipient, postings, url, str(channel.url(privacy=True)))


def alert(url: str, title: str, text: str, now: datetime | None = None) -> Receipt:
    """Tell the operator something in plain text through any apprise URL; the recipient is "operator".

    Without `now` a mail is dated by its server.
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
    return deliver(message, url, "operator", "text")


def check(url: str) -> str | None:
    """What channel a URL is, without its secrets ("E-Mail mailto://me:****@example.org/"), or None."""
    if url.startswith(SCHEME):
        return f"Folder {url}" if url != SCHEME else None
    with _warnings():
        channel = Apprise.instantiate(url, asset=_ASSET)
    return f"{channel.service_name} {channel.url(privacy=True).partition('?')[0]}" if channel else None


def _channel(message: Message, url: str, recipient: str, form: str) -> NotifyBase | None:
    """The channel of a URL: ours where apprise's would lose something."""
    if url.startswith(SCHEME):
        return Folder(message, recipient, url, asset=_ASSET)
    parts = url_to_dict(url)
    if parts is None:
        return None
    ours: dict[str, partial[NotifyBase]] = {
        "mailto": partial(Mail, message, form),
        "mailtos": partial(Mail, message, form),
        "slack": partial(Slack, message),
    }
    if form == "slack":
        ours |= {"json": partial(SlackLike, message), "jsons": partial(SlackLike, message)}
    build = ours.get(parts["schema"])
    try:
        return build(**parts, asset=_ASSET) if build else Apprise.instantiate(parts, asset=_ASSET)
    except TypeError:  # how apprise refuses a URL; the log says why
        return None


def _notify(channel: NotifyBase, title: str, body: str, form: NotifyFormat | None) -> bool:
    """Whether apprise is sure that it was sent; None, for no match, is no."""
    service = Apprise(asset=_ASSET)
    service.add(channel)
    return bool(service.notify(body=body, title=title, body_format=form))


def _parts(channel: NotifyBase, message: Message, form: str) -> Iterator[tuple[str, str, NotifyFormat]]:
    """Title, body and format of the messages to one of apprise's own channels."""
    takes, room = channel.notify_format, channel.body_maxlen
    if form == "html" and takes == NotifyFormat.HTML and len(message.html) < room:
        yield message.subject, message.html, NotifyFormat.HTML
        return
    plain = form == "text" or takes == NotifyFormat.TEXT
    body, body_format = (
        (message.text, NotifyFormat.TEXT) if plain else (message.markdown, NotifyFormat.MARKDOWN)
    )
    title = message.subject[: max(channel.title_maxlen - 10, 20)]
    size = max(room - len(title) - 20, 80) // (2 if takes == NotifyFormat.HTML else 1)  # tags take room
    pieces = list(_pieces(body, size))
    if len(pieces) > PARTS:
        cut = sum(map(len, pieces[PARTS - 1 :]))
        note = f"Cut here: this channel takes short messages, and {cut:,} characters more would be too many."
        pieces = [*pieces[: PARTS - 1], note]
    for number, piece in enumerate(pieces, 1):
        yield f"{title} ({number}/{len(pieces)})" if len(pieces) > 1 else title, piece, body_format


def _pieces(text: str, size: int) -> Iterator[str]:
    """The text in pieces of at most `size`, cut between paragraphs, else lines, else words."""
    while len(text) > size:
        ends = (text.rfind(mark, 1, size + 1) for mark in ("\n\n", "\n", " "))
        end = next((end for end in ends if end > size // 2), size)
        yield text[:end].rstrip()
        text = text[end:].lstrip("\n ")
    if text:
        yield text


def _receipt(recipient: str, postings: list[Posting], url: str, shown: str) -> Receipt:
    """One receipt for all addresses of a URL: the worst state, and each reason."""
    worst, *_ = sorted(postings, key=lambda posting: _WORST_FIRST.index(posting.state))
    unsent = [posting for posting in postings if posting.state is not DeliveryState.SENT]
    reason = "; ".join(f"{p.address}: {p.reason}".removeprefix(": ") for p in unsent)
    if 0 < len(unsent) < len(postings):
        reason += f" ({len(postings) - len(unsent)} of {len(postings)} addresses have it)"
    return Receipt(recipient, worst.state, worst.message_id, _redact(reason, url, shown))


def _redact(text: str, url: str, shown: str) -> str:
    """The text on one line, without what the URL holds and its privacy form does not show."""
    words = {part for piece in re.split(r"[:/@?&=,#]+", url) for part in (piece, unquote(piece))}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= SECRET and word not in unquote(shown):
            text = text.replace(word, "***")
    return " ".join(text.split())[:500]


class _LogLines(Handler):
    """What apprise logs on this thread; other deliveries run on theirs."""

    def __init__(self) -> None:
        super().__init__(WARNING)
        self.lines: list[str] = []
        self.listener = get_ident()

    def emit(self, record: LogRecord) -> None:
        if record.thread == self.listener:
            self.lines.append(record.getMessage())


@contextmanager
def _warnings() -> Iterator[list[str]]:
    handler, logger = _LogLines(), getLogger("apprise")
    logger.addHandler(handler)
    try:
        yield handler.lines
    finally:
        logger.removeHandler(handler)
