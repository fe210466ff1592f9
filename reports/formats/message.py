"""A digest in every form, ready for any channel."""

import json

from reports.channels.message import Message
from reports.digest import headline
from reports.digest.links import ReaderLinks
from reports.digest.record import Digest
from reports.formats.html import html
from reports.formats.markdown import markdown
from reports.formats.slack import slack
from reports.formats.text import text


def message(digest: Digest, own: ReaderLinks | None = None) -> Message:
    """The digest as what is delivered, with the reader's `own` links, else with mails already written."""
    chat = slack(digest, own)
    return Message(
        watch=digest.watch,
        title=digest.title,
        name=str(digest.number),
        made=digest.made,
        subject=headline.subject(digest),
        html=html(digest, own),
        text=text(digest, own),
        markdown=markdown(digest, own),
        slack=tuple(map(_json, (chat.parent, *chat.thread))),
        slack_flat=tuple(map(_json, filter(None, (chat.parent, chat.second)))),
        mailbox=digest.links.mailbox,
    )


def _json(payload: object) -> str:
    return json.dumps(payload, ensure_ascii=False)
