"""One mail over SMTP, and what may be concluded: before its last line it has certainly not arrived."""

import smtplib
import socket
import ssl
import time
from typing import Any, Final

from apprise.plugins.email import NotifyEmail
from apprise.plugins.email.common import SecureMailMode

from queries.records.outbox import DeliveryState, Receipt
from reports.channels.patience import TimeLimits, patience

LONGEST: Final = 65_536  # bytes of a reply
PIECE: Final = 65_536  # bytes of a mail; each has its own time, or a long mail on a slow line never arrives
FAREWELL: Final = 3.0  # seconds for QUIT: what was taken stays taken
_GO_ON: Final = 354


class _Replies:
    """The server's lines; each reply is bounded in time and length, whatever its pace."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self.sock, self.seconds, self.ahead = sock, seconds, b""
        self.begin()

    def begin(self) -> None:
        """The next reply may take as long as the one before."""
        self.end, self.left = time.monotonic() + self.seconds, LONGEST

    def readline(self, limit: int) -> bytes:
        """A line, or what there is of it; b"" at the end of the connection."""
        while b"\n" not in self.ahead and len(self.ahead) < limit:
            wait = self.end - time.monotonic()
            if wait <= 0 or self.left <= 0:
                message = "no reply in time" if wait <= 0 else "a reply without end"
                raise TimeoutError(message)
            self.sock.settimeout(wait)
            data = self.sock.recv(4096)
            if not data:
                break
            self.ahead, self.left = self.ahead + data, self.left - len(data)
        size = min(self.ahead.find(b"\n") + 1 or len(self.ahead), limit)
        line, self.ahead = self.ahead[:size], self.ahead[size:]
        return line

    def early(self) -> bool:
        """Whether the server has said something, or hung up, before it was asked."""
        if self.ahead:
            return True
        self.sock.settimeout(0)
        try:
            self.ahead = self.sock.recv(4096)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            self.sock.settimeout(self.seconds)
        return True

    def close(self) -> None:
        """Nothing of its own is to be closed."""


class _Bounded(smtplib.SMTP):
    """smtplib's client, which waits for a reply as long as it is told, and not for a byte of it."""

    file: _Replies | None

    def __init__(self, host: str, port: int, patience: TimeLimits, **how: Any) -> None:  # noqa: ANN401 - smtplib's
        self.answer = patience.answer
        super().__init__(host, port, timeout=patience.connect, **how)

    def getreply(self) -> tuple[int, bytes]:
        """One reply; SMTPServerDisconnected if none comes in time."""
        if self.file is None and self.sock:
            self.file = _Replies(self.sock, self.answer)
        if self.file:
            self.file.begin()
        reply = super().getreply()
        if self.sock:
            self.sock.settimeout(self.answer)
        return reply


class _BoundedTLS(_Bounded, smtplib.SMTP_SSL):
    """The same in TLS from the first byte."""


def send_mail(service: NotifyEmail, sender: str, to: str, mail: bytes, *, unicode: bool) -> Receipt:
    """Hand one mail over to the server of a mailto URL; `unicode` if an address needs SMTPUTF8."""
    where = f"{service.smtp_host}:{service.port}"
    try:
        server = _connected(service)
    except smtplib.SMTPResponseException as error:
        return _refused(error.smtp_code, error.smtp_error)
    except UnicodeError:
        reason = f"{where} cannot be put in ASCII: its name, the user or the password"
        return Receipt(DeliveryState.FAILED, reason, permanent=True)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return Receipt(DeliveryState.FAILED, f"{where} {error or type(error).__name__}")
    try:
        return _hand_over(server, sender, to, mail, unicode=unicode)
    finally:
        _part(server)


def _connected(service: NotifyEmail) -> _Bounded:
    """Connect and log in as the URL says; certificates are verified unless verify=no."""
    context = ssl.create_default_context()
    if not service.verify_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    host = service.smtp_host.removeprefix("[").removesuffix("]")  # an IPv6 address
    server: _Bounded
    if service.secure_mode == SecureMailMode.SSL:
        server = _BoundedTLS(host, service.port, patience(service), context=context)
    else:
        server = _Bounded(host, service.port, patience(service))
    try:
        if service.secure_mode == SecureMailMode.STARTTLS:
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if service.user and service.password:
            server.login(service.user, service.password)
    except (OSError, smtplib.SMTPException, ValueError):
        server.close()
        raise
    return server


def _hand_over(server: _Bounded, sender: str, to: str, mail: bytes, *, unicode: bool) -> Receipt:
    """One mail, with its last line held back until all before it is well."""
    try:
        refusal = _all_but_the_end(server, sender, to, _lines(mail), unicode=unicode)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        reason = f"the server hung up before it had the mail ({error or type(error).__name__})"
        refusal = Receipt(DeliveryState.FAILED, reason)
        server.close()
    if refusal:
        return refusal
    try:
        server.send(b".\r\n")
        code, reply = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        reason = f"the server had the whole mail and never answered ({error or type(error).__name__})"
        return Receipt(DeliveryState.UNKNOWN, reason)
    if _is_yes(code):
        return Receipt(DeliveryState.SENT)
    if 400 <= code < 600:  # noqa: PLR2004 - SMTP's own
        return _refused(code, reply)
    return Receipt(DeliveryState.UNKNOWN, _in_words(code, reply))


def _all_but_the_end(
    server: _Bounded, sender: str, to: str, lines: bytes, *, unicode: bool
) -> Receipt | None:
    """Send the envelope and the mail without its last line; return what the server has against it."""
    if unicode and not server.has_extn("smtputf8"):
        reason = "the server takes no address with other letters than ASCII's"
        return Receipt(DeliveryState.FAILED, reason, permanent=True)
    options = ["SMTPUTF8", "BODY=8BITMIME"] if unicode else []
    options += [f"SIZE={len(lines)}"] if server.has_extn("size") else []
    code, reply = server.mail(sender, options)
    if _is_yes(code):
        code, reply = server.rcpt(to)
    if _is_yes(code):
        code, reply = server.docmd("DATA")
    if code != _GO_ON:
        return _refused(code, reply)
    for start in range(0, len(lines), PIECE):
        server.send(lines[start : start + PIECE])
    if server.file and server.file.early():  # a no, or nonsense; were it a yes, it could not be for this
        code, reply = server.getreply()
        server.close()
        return _refused(code, reply, "the server answered before it had the mail: ")
    return None


def _refused(code: int, reply: bytes | str, when: str = "") -> Receipt:
    """A no: for good by a 5yz, which is not to be repeated (RFC 5321, 4.2.1); else for now."""
    permanent = 500 <= code < 600  # noqa: PLR2004 - SMTP's own
    return Receipt(DeliveryState.FAILED, when + _in_words(code, reply), permanent=permanent)


def _is_yes(code: int) -> bool:
    """A client goes by the first digit (RFC 5321, 4.3.2)."""
    return 200 <= code < 300  # noqa: PLR2004 - SMTP's own


def _lines(mail: bytes) -> bytes:
    """The mail as SMTP carries it (RFC 5321, 4.5.2): lines end in CRLF, a leading dot is doubled."""
    lines = mail.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)


def _part(server: _Bounded) -> None:
    """Say goodbye, or just go."""
    try:
        if server.sock:
            if server.file:
                server.file.seconds = min(server.answer, FAREWELL)
            server.quit()
    except (OSError, smtplib.SMTPException):
        pass
    finally:
        server.close()


def _in_words(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(text.split())}" if code > 0 else f"no SMTP reply: {text[:80]!r}"
