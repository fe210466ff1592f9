"""A digest by mail: our own multipart message through apprise's mailto URLs.

apprise's own mail loses every link in its text part, and repeats a Message-ID; so apprise reads the
URL, and we write the message and talk to the server.
"""

import smtplib
import ssl
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
from apprise.plugins.email.common import SecureMailMode

from queries.records.outbox import DeliveryState, Parcel, Receipt
from reports.channels.message import Message

ANSWER: Final = 60.0  # seconds; a server may scan a mail for long before it answers
_UNFOLDED: Final = SMTP.clone(max_line_length=998)  # folding a subject, Python's email loses its spaces
_DONE: Final = 250
_FORWARDED: Final = 251
_GO_ON: Final = 354
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
    mail["List-Unsubscribe"] = f"<mailto:{mailbox}?subject=unsubscribe%20{message.watch}>"
    mail["X-Seedwatch-Digest"] = f"{message.watch} {message.name}"
    plain = message.markdown if form == "markdown" else message.text
    mail.set_content(plain, charset="utf-8", cte="quoted-printable")
    if form not in {"text", "markdown"}:
        mail.add_alternative(message.html, subtype="html", charset="utf-8", cte="quoted-printable")
    for file in message.attachments:
        maintype, _, subtype = file.mime.partition("/")
        mail.add_attachment(file.data, maintype=maintype, subtype=subtype, filename=file.name)
    _mark_boundaries(mail)
    mail.policy = _UNFOLDED
    return mail


def _mark_boundaries(mail: EmailMessage) -> None:
    """Boundaries of the Message-ID instead of chance; 20 hexadecimal digits stand in no text by accident."""
    number = count(1)
    mark = sha256(str(mail["Message-ID"]).encode()).hexdigest()[:20]
    for part in mail.walk():
        if part.is_multipart():
            part.set_boundary(f"=_{mark}_{next(number)}")


def message_id(message: Message, sender: Address, to: Address) -> str:
    """Made of watch, name and address: of a digest that was sent twice, a mail client shows one."""
    secret = sha256(f"{message.watch}\0{message.name}\0{to.addr_spec.lower()}".encode()).hexdigest()[:20]
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
        others = [(self.service.names.get(to), to) for to in sorted(self.service.cc | self.service.bcc)]
        named = [_address(name or "", to) for name, to in (*self.service.targets, *others)]
        self.addresses = {address.addr_spec: address for address in named}
        given = [parts.get(key) or "" for key in ("targets", "cc", "bcc")]
        pieces = ",".join(each if isinstance(each, str) else ",".join(each) for each in given).split(",")
        self.unreadable = [
            piece.strip()
            for piece in pieces
            if piece.strip() and not any(address in piece for address in self.addresses)
        ]

    def pack(self, message: Message, recipient: str) -> Iterator[Parcel]:
        """A mail for each address; one that cannot be read as an address is a parcel that will fail."""
        name, address = self.service.from_addr
        sender = _address(name if name not in {False, self.service.app_id} else message.title, address)
        for to in self.addresses.values():
            mail = letter(message, sender, to, self.form)
            for key, value in self.service.headers.items():
                if key.lower() not in _OURS:
                    del mail[key]
                    mail[key] = " ".join(value.split())
            if self.service.reply_to:
                mail["Reply-To"] = ", ".join(sorted(self.service.reply_to))
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
        if parcel.address not in self.addresses:
            kind = "an address" if parcel.body else "a mail address"
            return Receipt(DeliveryState.FAILED, f"is not {kind} of this recipient's URL")
        sender = message_from_bytes(parcel.body, policy=SMTP)["From"].addresses[0].addr_spec
        try:
            server = self._connect()
        except smtplib.SMTPResponseException as error:
            return Receipt(DeliveryState.FAILED, _in_words(error.smtp_code, error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            where = f"{self.service.smtp_host}:{self.service.port}"
            return Receipt(DeliveryState.FAILED, f"{where} {error or type(error).__name__}")
        try:
            return _hand_over(server, sender, parcel.address, parcel.body)
        finally:
            _part(server)

    def _connect(self) -> smtplib.SMTP:
        """Connect and log in as the URL says; certificates are verified unless verify=no."""
        service = self.service
        context = ssl.create_default_context()
        if not service.verify_certificate:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        host, port, patience = service.smtp_host, service.port, service.socket_connect_timeout
        server: smtplib.SMTP
        if service.secure_mode == SecureMailMode.SSL:
            server = smtplib.SMTP_SSL(host, port, timeout=patience, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=patience)
        try:
            if server.sock:
                default = service.socket_read_timeout == NotifyEmail.socket_read_timeout
                server.sock.settimeout(ANSWER if default else service.socket_read_timeout)
            if service.secure_mode == SecureMailMode.STARTTLS:
                server.starttls(context=context)
            if service.user and service.password:
                server.login(service.user, service.password)
            server.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server


def _hand_over(server: smtplib.SMTP, sender: str, to: str, mail: bytes) -> Receipt:
    """One mail. Only once its last line is on the way can the server have taken it without our knowing."""
    try:
        code, reply = server.mail(sender)
        if code == _DONE:
            code, reply = server.rcpt(to)
        if code in {_DONE, _FORWARDED}:
            code, reply = server.docmd("DATA")
        if code != _GO_ON:
            return Receipt(DeliveryState.FAILED, _in_words(code, reply))
        server.send(_lines(mail))
    except (OSError, smtplib.SMTPException) as error:
        reason = f"the server hung up before it had the mail ({error or type(error).__name__})"
        return Receipt(DeliveryState.FAILED, reason)
    try:
        server.send(b".\r\n")
        code, reply = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        reason = f"the server had the whole mail and never answered ({error or type(error).__name__})"
        return Receipt(DeliveryState.UNKNOWN, reason)
    if code == _DONE:
        return Receipt(DeliveryState.SENT)
    return Receipt(DeliveryState.FAILED, _in_words(code, reply))


def _lines(mail: bytes) -> bytes:
    """The mail as SMTP carries it (RFC 5321, 4.5.2): lines end in CRLF, a leading dot is doubled."""
    lines = mail.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)


def _part(server: smtplib.SMTP) -> None:
    """Say goodbye, or just go: what was taken stays taken."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _in_words(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(text.split())}"


def _address(name: str, address: str) -> Address:
    user, _, domain = address.rpartition("@")
    return Address(" ".join(name.split()), user, domain)
