"""A digest in every form, ready for any channel."""

import json

from reports.channels.message import Attachment, Message
from reports.digest import wording
from reports.digest.record import Digest
from reports.formats.html import html
from reports.formats.markdown import markdown
from reports.formats.slack import slack
from reports.formats.text import text


def message(digest: Digest, attachments: tuple[Attachment, ...] = ()) -> Message:
    """The digest as what is delivered."""
    return Message(
        watch=digest.watch,
        title=digest.title,
        name=str(digest.number),
        made=digest.made,
        subject=wording.subject(digest),
        html=html(digest),
        text=text(digest),
        markdown=markdown(digest),
        slack=tuple(json.dumps(payload, ensure_ascii=False) for payload in slack(digest)),
        mailbox=digest.links.mailbox,
        attachments=attachments,
    )
