"""A digest as one recipient's message, with the links by which he answers: to the web page, else by mail."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from urllib.parse import quote

from flows.runtime.settings import Settings
from flows.verdicts.secret import verdict_secret
from queries.watch.file import Recipient
from reports.channels.message import Message, Unsubscribing
from reports.digest import verdicts
from reports.digest.links import ReaderLinks
from reports.digest.record import Digest
from reports.formats.message import message


def message_for(setting: Settings, digest: Digest, recipient: Recipient, url: str) -> Message:
    """The recipient's own digest, ready for his channel, whose URL is `url`.

    Without a web address and a mailbox nobody would hear an answer: then there are no links.
    """
    base, mailbox = setting.verdicts_url, digest.links.mailbox
    if not base and not mailbox:
        return message(digest)
    secret = verdict_secret(setting)
    expires = digest.made + verdicts.LIFETIME

    def verdict(pmid: int, word: str) -> str:
        said = (secret, recipient.name, digest.watch, digest.number, pmid, word, expires)
        if base:
            return verdicts.verdict_link(base, *said)
        key = verdicts.verdict_key(*said)
        subject = f"feedback {digest.watch} {digest.number} {pmid} {word} {key}"
        return f"mailto:{quote(mailbox, safe='@')}?subject={quote(subject)}"

    is_mail = url.startswith(("mailto://", "mailtos://"))
    made = message(digest, ReaderLinks(verdict, verdicts.UNSUBSCRIBE if is_mail else ""))
    until = digest.made + verdicts.UNSUBSCRIBE_LIFETIME
    keyed = partial(_unsubscribing, base, secret, digest.watch, until)
    return replace(made, unsubscribing=keyed) if is_mail else made


def _unsubscribing(base: str, secret: bytes, watch: str, until: datetime, address: str) -> Unsubscribing:
    key = verdicts.unsubscribe_key(secret, address, watch, until)
    link = verdicts.unsubscribe_link(base, secret, address, watch, until) if base else ""
    return Unsubscribing(link, f"unsubscribe {watch} {key}")
