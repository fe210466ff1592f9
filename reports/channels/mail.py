"""A digest by mail: our own multipart message through apprise's mailto URLs.

apprise's own mail loses every link in its text part, and repeats a Message-ID; so apprise reads the
URL, and we write the message and talk to the server.
"""

from collections.abc import Iterator
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from itertools import count
from typing import Any, Final
from urllib.parse import quote

from apprise.plugins.email import NotifyEmail
from apprise.plugins.email.base import PGP_MODE_DEFAULT

from queries.records.outbox import DeliveryState, Parcel, Receipt
from reports.channels.addresses import key, readers
from reports.channels.message import Message
from reports.channels.smtp import send_mail
from reports.digest.verdicts import UNSUBSCRIBE

_UNFOLDED: Final = SMTP.clone(max_line_length=998)  # folding a subject, Python's email loses its spaces
_OURS: Final = {"message-id", "date", "from", "to", "subject", "mime-version", "content-type"}


def letter(message: Message, sender: Address, to: Address, form: str = "html") -> EmailMessage:
    """The mail to one address; the same digest to the same address is always the same bytes."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = message.subject
    mail["From"] = sender
    mail["To"] = to
    if message.made:
        mail["Date"] = format_datetime(message.made)
    mail["Message-ID"] = message_id(message, sender, to)
    mail["List-Id"] = f"<{message.watch}.seedwatch.{sender.domain}>"
    mailbox = quote(message.mailbox or sender.addr_spec, safe="@")
    known = message.unsubscribing and message.unsubscribing(to.addr_spec)
    link, subject = known or ("", f"unsubscribe {message.watch}")
    by_mail = f"mailto:{mailbox}?subject={quote(subject)}"
    mail["List-Unsubscribe"] = f"<{link}>, <{by_mail}>" if link else f"<{by_mail}>"
    if link.startswith("https://"):  # RFC 8058 wants no less
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["X-Seedwatch-Digest"] = f"{message.watch} {message.name}"
    own = link or by_mail
    plain = message.markdown if form == "markdown" else message.text
    mail.set_content(plain.replace(UNSUBSCRIBE, own), charset="utf-8", cte="quoted-printable")
    if form not in {"text", "markdown"}:
        mail.add_alternative(
            message.html.replace(UNSUBSCRIBE, own), subtype="html", charset="utf-8", cte="quoted-printable"
        )
    for file in message.attachments:
        maintype, _, subtype = file.mime.partition("/")
        mail.add_attachment(file.data, maintype=maintype, subtype=subtype, filename=file.name)
    _mark_boundaries(mail)
    mail.policy = _UNFOLDED if (sender.addr_spec + to.addr_spec).isascii() else _UNFOLDED.clone(utf8=True)
    return mail


def _mark_boundaries(mail: EmailMessage) -> None:
    """Boundaries of the Message-ID instead of chance; 20 hexadecimal digits stand in no text by accident."""
    number = count(1)
    mark = sha256(str(mail["Message-ID"]).encode()).hexdigest()[:20]
    for part in mail.walk():
        if part.is_multipart():
            part.set_boundary(f"=_{mark}_{next(number)}")


def message_id(message: Message, sender: Address, to: Address) -> str:
    """Made of watch, name, moment and address: of a digest that was sent twice, a mail client shows one.

    The moment tells it from another of the same number, as a restored library gives numbers anew.
    """
    made = message.made.isoformat() if message.made else ""
    parts = message.watch, message.name, made, to.addr_spec.lower()
    secret = sha256("\0".join(parts).encode()).hexdigest()[:20]
    return f"<seedwatch.{message.watch}.{message.name}.{secret}@{sender.domain}>"


class MailChannel:
    """The channel of mailto:// and mailtos:// URLs: a message of its own for each address.

    `parts` is apprise's reading of the URL. Raises TypeError, as apprise does, for one it can't use.
    """

    def __init__(self, form: str, **parts: Any) -> None:  # noqa: ANN401 - whatever apprise reads
        """Read the URL; nothing is sent yet."""
        self.form = form
        self.service = NotifyEmail(**parts)
        if self.service.pgp_mode != PGP_MODE_DEFAULT:
            message = "pgp= is not supported"
            raise TypeError(message)
        lists = [parts.get(name) for name in ("targets", "cc", "bcc")]
        name, address = self.service.from_addr
        written, _ = readers(parts.get("from_addr"))
        senders = [*written.values(), *readers(address)[0].values()]
        if not senders:
            message = f"{address!r} is no address to send from"
            raise TypeError(message)
        self.sender = senders[0]
        if not written and name not in {False, self.service.app_id}:
            self.sender = Address(name, self.sender.username, self.sender.domain)
        self.addresses, self.unreadable = readers(*(lists if any(lists) else [address]))
        self.reply_to, _ = readers(parts.get("reply_to"))

    def pack(self, message: Message, recipient: str) -> Iterator[Parcel]:
        """A mail for each address; one that cannot be read as an address is a parcel that will fail."""
        name = self.sender.display_name or " ".join(message.title.split())
        sender = Address(name, self.sender.username, self.sender.domain)
        for to in self.addresses.values():
            mail = letter(message, sender, to, self.form)
            for header, value in self.service.headers.items():
                if header.lower() not in _OURS:
                    del mail[header]
                    mail[header] = " ".join(value.split())
            if self.reply_to:
                mail["Reply-To"] = [*self.reply_to.values()]
            yield Parcel(
                recipient=recipient,
                address=to.addr_spec,
                body=mail.as_bytes(),
                message_id=str(mail["Message-ID"]),
            )
        for piece in self.unreadable:
            yield Parcel(recipient=recipient, address=piece, body=b"")

    def send(self, parcel: Parcel) -> Receipt:
        """Hand one mail over; FAILED is certain not to have arrived, UNKNOWN is not."""
        to = self.addresses.get(key(parcel.address))
        if to is None or not parcel.body:
            kind = "an address" if parcel.body else "a mail address"
            return Receipt(DeliveryState.FAILED, f"is not {kind} of this recipient's URL", permanent=True)
        sender = message_from_bytes(parcel.body, policy=SMTP)["From"].addresses[0].addr_spec
        unicode = not (sender + to.addr_spec).isascii()
        return send_mail(self.service, sender, to.addr_spec, parcel.body, unicode=unicode)
