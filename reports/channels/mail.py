"""A digest by mail: our own multipart message through apprise's mailto URLs.

apprise's own mail loses every link in its text part, and repeats a Message-ID; so apprise reads the
URL, and we write the message and talk to the server.
"""

import smtplib
import ssl
from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

from apprise.plugins.email import NotifyEmail
from apprise.plugins.email.base import PGP_MODE_DEFAULT
from apprise.plugins.email.common import SecureMailMode

from queries.records.digest import DeliveryState
from reports.channels.message import Message, Posting

ANSWER: Final = 60.0  # seconds; a server may scan a mail for long before it answers
_UNFOLDED: Final = SMTP.clone(max_line_length=998)  # folding a subject, Python's email loses its spaces
_DONE: Final = 250
_FORWARDED: Final = 251
_OURS: Final = {"message-id", "date", "from", "to", "subject", "mime-version", "content-type"}


def letter(message: Message, sender: Address, to: Address, form: str = "html") -> EmailMessage:
    """The mail to one address; the same digest to the same address always has the same Message-ID."""
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
    mail.policy = _UNFOLDED
    return mail


def message_id(message: Message, sender: Address, to: Address) -> str:
    """Made of watch, name and address: of a digest that was sent twice, a mail client shows one."""
    secret = sha256(f"{message.watch}\0{message.name}\0{to.addr_spec.lower()}".encode()).hexdigest()[:20]
    return f"<seedwatch.{message.watch}.{message.name}.{secret}@{sender.domain}>"


class Mail(NotifyEmail):  # type: ignore[misc]  # apprise is untyped
    """The channel of mailto:// and mailtos:// URLs; each address gets a message of its own.

    `postings` says what became of each; one that was sent, or may have been, is not tried again.
    """

    def __init__(self, message: Message, form: str, **parts: Any) -> None:  # noqa: ANN401 - whatever apprise reads
        """Read `parts`, apprise's reading of the URL."""
        super().__init__(**parts)
        self.message, self.form = message, form
        accepted = {to for _, to in self.targets} | self.cc | self.bcc
        given = [parts.get(key) or "" for key in ("targets", "cc", "bcc")]
        pieces = ",".join(each if isinstance(each, str) else ",".join(each) for each in given).split(",")
        self.unread = [piece for piece in pieces if piece.strip() and not any(to in piece for to in accepted)]
        self.postings: dict[str, Posting] = {}

    def send(self, *_: object, **__: object) -> bool:
        """Send to every address; False if any of them did not get it for certain."""
        name = self.from_addr[0] if self.from_addr[0] not in {False, self.app_id} else self.message.title
        sender = _address(name, self.from_addr[1])
        others = [(self.names.get(to), to) for to in sorted(self.cc | self.bcc)]
        addresses = [_address(name or "", to) for name, to in (*self.targets, *others)]
        done = {a: p for a, p in self.postings.items() if p.state is not DeliveryState.FAILED}
        waiting = [to for to in addresses if to.addr_spec not in done]
        self.postings = done
        try:
            for to, posting in self._post(sender, waiting):
                self.postings[to.addr_spec] = posting
        except smtplib.SMTPResponseException as error:
            reason = _reply(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            reason = f"{self.smtp_host}:{self.port} {error or type(error).__name__}"
        else:
            reason = "the server fell silent before it was this address's turn"
        for to in waiting:
            self.postings.setdefault(to.addr_spec, Posting(to.addr_spec, DeliveryState.FAILED, reason))
        if self.unread:
            reason = f"{len(self.unread)} in to=, cc= or bcc= cannot be read as an address"
            self.postings["unread"] = Posting("", DeliveryState.FAILED, reason)
        return all(posting.state is DeliveryState.SENT for posting in self.postings.values())

    def _post(self, sender: Address, waiting: list[Address]) -> Iterator[tuple[Address, Posting]]:
        if self.pgp_mode != PGP_MODE_DEFAULT:
            raise smtplib.SMTPException("pgp= is not supported; nothing was sent unencrypted")
        with self._connect() as server:
            for to in waiting:
                mail = letter(self.message, sender, to, self.form)
                for key, value in self.headers.items():
                    if key.lower() not in _OURS:
                        del mail[key]
                        mail[key] = " ".join(value.split())
                if self.reply_to:
                    mail["Reply-To"] = ", ".join(sorted(self.reply_to))
                state, reason = _hand_over(server, sender.addr_spec, to.addr_spec, mail.as_bytes())
                yield to, Posting(to.addr_spec, state, reason, mail["Message-ID"])
                if state is DeliveryState.UNKNOWN:
                    return

    def _connect(self) -> smtplib.SMTP:
        """Connect and log in as the URL says; certificates are verified unless verify=no."""
        context = ssl.create_default_context()
        if not self.verify_certificate:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        host, port, patience = self.smtp_host, self.port, self.socket_connect_timeout
        server: smtplib.SMTP
        if self.secure_mode == SecureMailMode.SSL:
            server = smtplib.SMTP_SSL(host, port, timeout=patience, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=patience)
        try:
            if self.secure_mode == SecureMailMode.STARTTLS:
                server.starttls(context=context)
            if self.user and self.password:
                server.login(self.user, self.password)
            server.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        default = self.socket_read_timeout == NotifyEmail.socket_read_timeout
        if server.sock:
            server.sock.settimeout(ANSWER if default else self.socket_read_timeout)
        return server


def _hand_over(server: smtplib.SMTP, sender: str, to: str, mail: bytes) -> tuple[DeliveryState, str]:
    """One mail; UNKNOWN if the server had all of it and then said nothing."""
    code, reply = server.mail(sender)
    if code == _DONE:
        code, reply = server.rcpt(to)
    if code not in {_DONE, _FORWARDED}:
        server.rset()
        return DeliveryState.FAILED, _reply(code, reply)
    try:
        code, reply = server.data(mail)
    except smtplib.SMTPDataError as error:
        return DeliveryState.FAILED, _reply(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        return DeliveryState.UNKNOWN, f"the server took the mail and never answered ({error})"
    if code != _DONE:
        return DeliveryState.FAILED, _reply(code, reply)
    return DeliveryState.SENT, ""


def _reply(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(text.split())}"


def _address(name: str, address: str) -> Address:
    user, _, domain = address.rpartition("@")
    return Address(" ".join(name.split()), user, domain)
