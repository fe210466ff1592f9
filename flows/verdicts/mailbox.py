"""The other door: readers' mails of `digest.mailbox`, over IMAP or from a maildir, without any web address.

Mails are only read, never marked, moved or deleted; each counts once, by its id in the log. A verdict needs
its key, as its link does; who wants no more may also just say so from his own address.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from flows.runtime.settings import Settings
from flows.verdicts import log
from flows.verdicts.log import ReaderEvent, ReaderLog
from flows.verdicts.secret import verdict_secret
from queries.errors import InputError, MailboxError, SeedwatchError, SettingsError
from reports.digest import verdicts

LOOKED_AT: Final = timedelta(days=92)  # mails that arrived before that are not looked at again
MOST: Final = 20_000  # mails, the newest
HEAD: Final = 65_536  # bytes of a mail that are read: its header
AT_ONCE: Final = 200  # mails that are asked for together
SECONDS: Final = 30  # to wait for a mail server
_TAGS: Final = r"(?:\[[^\]]{0,40}\]\s*)*"  # as gateways put before subjects: [EXTERNAL]
_VERDICT: Final = re.compile(
    rf"{_TAGS}feedback (\S+) ([1-9]\d{{0,9}}) ([1-9]\d{{0,9}}) (yes|no) (\S+)", re.ASCII
)
_STOP: Final = re.compile(rf"{_TAGS}unsubscribe (\S+)(?: (\S+))?", re.ASCII | re.IGNORECASE)


class ReaderMail(NamedTuple):
    """What of a mail counts: when it arrived here, and the fields of its header."""

    arrived: datetime
    header: Message


def read_mailbox(setting: Settings, now: datetime) -> int:
    """Keep in the log what readers wrote to SEEDWATCH_MAILBOX, if there is one; return how much of it is new.

    Raises SettingsError if the mailbox is no URL that can be read, MailboxError if it doesn't answer.
    """
    if not setting.mailbox:
        return 0
    secret, readers = verdict_secret(setting), ReaderLog(setting.home / log.NAME)
    heard = (event_of(secret, mail) for mail in sorted(_mails(setting.mailbox, now), key=lambda m: m.arrived))
    return sum(readers.append(event) for event in heard if event)


def mailbox_trouble(setting: Settings, now: datetime) -> tuple[str, ...]:
    """Read the mailbox for a run that goes on whatever comes of it; return what went wrong, in words."""
    if setting.preview:
        return ()
    try:
        read_mailbox(setting, now)
    except SeedwatchError as error:
        return (str(error),)
    except OSError as error:
        return (f"What readers wrote could not be kept in {log.NAME} ({error}): make room; it is read again",)
    return ()


def event_of(secret: bytes, mail: ReaderMail) -> ReaderEvent | None:
    """What a mail says, None if it says nothing, or is forged, expired or an automatic answer."""
    subject = " ".join(_text(mail.header["Subject"]).split())
    sender = _text(mail.header["From"])
    event = sha256(f"{_text(mail.header['Message-ID'])}\0{subject}\0{sender}".encode()).hexdigest()
    if match := _STOP.fullmatch(subject):
        watch, key = match[1], match[2]
        reader = verdicts.address_id(secret, parseaddr(sender)[1])
        with suppress(InputError):  # then who writes it says who it is for
            reader = verdicts.check_unsubscribe(secret, watch, key or "", mail.arrived).reader
        return ReaderEvent(event, mail.arrived, watch, 0, 0, log.STOP, reader, "mail")
    automatic = _text(mail.header["Auto-Submitted"]).strip().lower() not in {"", "no"}
    if automatic or not (match := _VERDICT.fullmatch(subject)):
        return None
    watch, number, pmid, word, key = match[1], int(match[2]), int(match[3]), match[4], match[5]
    try:
        link = verdicts.check_verdict(secret, watch, number, pmid, word, key, mail.arrived)
    except InputError:
        return None
    return ReaderEvent(event, mail.arrived, watch, number, pmid, word, link.reader, "mail")


def _text(field: object) -> str:
    """A header field's text, whatever was put there; "" for none."""
    raw = str(field or "")
    try:
        return str(make_header(decode_header(raw)))
    except (HeaderParseError, ValueError, LookupError):  # unknown charset, broken base64
        return raw


def _mails(url: str, now: datetime) -> Iterator[ReaderMail]:
    """The mails of a mailbox that arrived lately."""
    parts = urlsplit(url)
    if parts.scheme == "maildir" and not parts.netloc:
        yield from _of_maildir(Path(unquote(parts.path)), now)
    elif parts.scheme in {"imap", "imaps"} and parts.hostname:
        yield from _of_imap(url, now)
    else:
        raise SettingsError(
            "SEEDWATCH_MAILBOX",
            "is neither imaps://user:password@host/INBOX nor maildir:///a/folder",
            "Mend or unset it",
        )


def _of_maildir(folder: Path, now: datetime) -> Iterator[ReaderMail]:
    """The mails of a maildir's new and cur; the file's time is when it arrived."""
    if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
        raise SettingsError("SEEDWATCH_MAILBOX", f"{folder} is no maildir", "Name a folder with cur and new")
    try:
        files = [*(folder / "new").iterdir(), *(folder / "cur").iterdir()]
        for path in files:
            with suppress(FileNotFoundError):  # a mail program moved it meanwhile: the next run reads it
                arrived = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                if path.name.startswith(".") or not path.is_file() or now - arrived > LOOKED_AT:
                    continue
                with path.open("rb") as file:
                    yield ReaderMail(min(arrived, now), message_from_bytes(file.read(HEAD)))
    except OSError as error:
        raise MailboxError(str(folder), f"cannot be read ({error})", "Check who may read it") from error


def _of_imap(url: str, now: datetime) -> Iterator[ReaderMail]:
    parts = urlsplit(url)
    where = f"{parts.scheme}://{parts.hostname}"
    with _translated(where), _logged_in(url) as server:
        folder = unquote(parts.path.strip("/")) or "INBOX"
        status, _ = server.select(f'"{_quoted(folder)}"', readonly=True)
        if status != "OK":
            raise SettingsError("SEEDWATCH_MAILBOX", f"{where} has no folder {folder}", "Name another")
        since = (now - LOOKED_AT).strftime("%d-%b-%Y")
        _, found = server.uid("SEARCH", "SINCE", since)
        numbers = (found[0] or b"").split()[-MOST:]
        for start in range(0, len(numbers), AT_ONCE):
            wanted = b",".join(numbers[start : start + AT_ONCE]).decode()
            fields = "BODY.PEEK[HEADER.FIELDS (SUBJECT FROM MESSAGE-ID AUTO-SUBMITTED)]"
            _, rows = server.uid("FETCH", wanted, f"(INTERNALDATE {fields})")
            for row in rows:
                if isinstance(row, tuple) and (arrived := _arrived(row[0])):
                    yield ReaderMail(min(arrived, now), message_from_bytes(row[1][:HEAD]))


@contextmanager
def _logged_in(url: str) -> Iterator[imaplib.IMAP4]:
    """A session with the server; a password travels only through TLS, or on this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    context = ssl.create_default_context()
    if parts.scheme == "imaps":
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            host, parts.port or 993, ssl_context=context, timeout=SECONDS
        )
    else:
        server = imaplib.IMAP4(host, parts.port or 143, timeout=SECONDS)
    with server:
        if parts.scheme == "imap" and host not in {"127.0.0.1", "localhost", "::1"}:
            server.starttls(context)
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        yield server


@contextmanager
def _translated(where: str) -> Iterator[None]:
    """What the server and the network say, as an error of ours, which never holds the password."""
    try:
        yield
    except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
        said = " ".join(str(error).split())[:200]
        raise MailboxError(
            where, f"did not let the mailbox be read ({said})", "Check SEEDWATCH_MAILBOX; nothing was lost"
        ) from error


def _arrived(line: bytes) -> datetime | None:
    match = re.search(rb'INTERNALDATE "([^"]{20,40})"', line)
    try:
        return datetime.strptime(match[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z") if match else None
    except ValueError:
        return None


def _quoted(folder: str) -> str:
    return folder.replace("\\", r"\\").replace('"', r"\"")
