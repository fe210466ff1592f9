import os
import re
import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from conftest import FIRST
from support.dovecot import DOVECOT, PASSWORD, dovecot, free_port
from support.scenario import Scenario, small_scenario

from flows.runtime.settings import Settings
from flows.verdicts import log
from flows.verdicts.drain import hear_readers
from flows.verdicts.mailbox import mailbox_trouble, read_mailbox
from flows.verdicts.secret import verdict_secret
from queries.errors import MailboxError, SettingsError
from queries.mirror.server import MirrorServer
from reports.digest.verdicts import unsubscribe_key, verdict_key

NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=30)
SECRET = b"0123456789abcdef0123"


class Postbox:
    """A mailbox of readers' mails that arrive over SMTP; `url` is where seedwatch reads it."""

    def __init__(self, folder: Path, url: str, home: Path, port: int) -> None:
        """Mails to this SMTP port arrive in this maildir."""
        self.folder, self.port = folder, port
        self.setting = Settings(home=home, database=home / "l.duckdb", mailbox=url, secret=SECRET.decode())

    def send(
        self, subject: str, sender: str = "ann@example.org", arrived: datetime | None = None, **headers: str
    ) -> None:
        """Write a mail with this subject."""
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = subject, sender, "digest@example.org"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content("feedback small 1 1 yes in the body says nothing")
        with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as server:
            server.send_message(mail, sender, ["digest@example.org"])
        for path in self.folder.rglob("new/*"):  # Dovecot reads as another user
            path.chmod(0o644)
            if arrived:
                os.utime(path, (arrived.timestamp(),) * 2)

    def put(self, raw: bytes) -> None:
        """Lay a mail of any bytes there."""
        number = len(list((self.folder / "new").iterdir()))
        path = self.folder / "new" / f"{number}.odd.example"
        path.write_bytes(raw)
        path.chmod(0o644)

    def read(self, now: datetime | None = None) -> list[str]:
        """Read the mailbox; all words that the log holds then."""
        read_mailbox(self.setting, now or datetime.now(UTC))
        return [event.word for event in log.events(self.setting.home / log.NAME)]


def verdict(word: str = "yes", secret: bytes = SECRET, until: datetime = LATER, pmid: int = 5) -> str:
    """A verdict's subject."""
    return f"feedback small 1 {pmid} {word} {verdict_key(secret, 'group', 'small', 1, pmid, word, until)}"


@pytest.fixture(params=["maildir", "imap"])
def postbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Postbox]:
    home, port = tmp_path / "home", free_port()
    home.mkdir()
    if request.param == "maildir":
        folder = tmp_path / "mail"
        with _smtp(folder, port):
            yield Postbox(folder, f"maildir://{quote(str(folder))}", home, port)
        return
    if not DOVECOT:
        pytest.skip("Dovecot is not installed: apt-get install dovecot-imapd")
    imap = free_port()
    with dovecot(imap) as folder, _smtp(folder, port):
        yield Postbox(folder, f"imap://ann:{quote(PASSWORD, safe='')}@127.0.0.1:{imap}/INBOX", home, port)


class _smtp:  # noqa: N801 - a context manager
    """An SMTP server that delivers into a maildir."""

    def __init__(self, folder: Path, port: int) -> None:
        self.controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=port)

    def __enter__(self) -> None:
        self.controller.start()

    def __exit__(self, *_: object) -> None:
        self.controller.stop()


def test_a_mail_counts_once_however_often_the_mailbox_is_read(postbox: Postbox) -> None:
    postbox.send(verdict())
    postbox.send(verdict("no"))
    before = sorted(path.name for path in postbox.folder.rglob("*.*") if path.parent.name in {"new", "cur"})
    for _ in range(3):
        assert postbox.read() == ["yes", "no"]
    assert before == sorted(
        path.name for path in postbox.folder.rglob("*.*") if path.parent.name in {"new", "cur"}
    )


def test_forged_expired_and_automatic_mails_say_nothing(postbox: Postbox) -> None:
    postbox.send(verdict(secret=b"another secret, of somebody"))
    postbox.send(verdict(until=NOW - timedelta(days=1)))
    postbox.send(verdict().replace(" 5 yes", " 6 yes"))
    postbox.send("feedback small 1 5 yes")
    postbox.send(f"Re: {verdict()}")
    postbox.send(verdict(), Auto_Submitted="auto-replied")
    assert postbox.read() == []


def test_a_gateways_tag_and_a_folded_subject_are_no_trouble(postbox: Postbox) -> None:
    postbox.send(f"[EXTERNAL] {verdict()}")
    postbox.put(b"From: ann@example.org\nMessage-ID: <7@x>\nSubject: feedback small 1 8\n yes "
                + verdict(pmid=8).rsplit(" ", 1)[1].encode() + b"\n\n")  # fmt: skip
    assert sorted(postbox.read()) == ["yes", "yes"]


def test_who_wants_no_more_says_so_with_a_key_or_from_his_own_address(postbox: Postbox) -> None:
    key = unsubscribe_key(SECRET, "bo@example.org", "small", LATER)
    postbox.send(f"unsubscribe small {key}", sender="elsewhere@example.org")
    postbox.send("Unsubscribe small", sender='"Ann, Lee" <Ann@Example.org>')
    postbox.send("unsubscribe small with all my heart")
    assert postbox.read() == ["unsubscribe", "unsubscribe"]


def test_odd_mails_spoil_nothing(postbox: Postbox) -> None:
    for raw in (
        b"", b"\0" * 9000, b"Subject: =?x-klingon?q?feedback?=\n\n", b"Subject: =?utf-8?b?!!!?=\n\n",
        b"Subject: " + b"a" * 500_000, b"Subject: \xff\xfe feedback small 1 1 yes\n\n", b"no header at all",
        b"Subject: feedback small 999999999999999999999 1 yes k\n\n", b"From: " + b"<" * 9999 + b"\n\n",
        b"Subject: unsubscribe small\nFrom: =?utf-8?q?=FF?= <\xff@x>\n\n", b"\n" * 9999,
        "Subject: feedback small ٣ ٣ yes k\n\n".encode(), b"Subject:\n" + b" \n" * 9999,
    ):  # fmt: skip
        postbox.put(raw)
    postbox.send(verdict())
    assert "yes" in postbox.read()
    assert "no" not in postbox.read()


def test_what_a_mailbox_refuses_is_said_without_its_password(postbox: Postbox) -> None:
    if postbox.setting.mailbox.startswith("maildir"):
        postbox.setting = replace(postbox.setting, mailbox="maildir:///nowhere")
        with pytest.raises(SettingsError, match="no maildir"):
            postbox.read()
        return
    wrong = postbox.setting.mailbox.replace(quote(PASSWORD, safe=""), "secret-word")
    postbox.setting = replace(postbox.setting, mailbox=wrong)
    with pytest.raises(MailboxError) as raised:
        postbox.read()
    assert "secret-word" not in str(raised.value)
    (trouble,) = mailbox_trouble(
        replace(postbox.setting, mailbox=wrong.replace("127.0.0.1", "127.0.0.9")), NOW
    )
    assert "imap://127.0.0.9: did not let the mailbox be read" in trouble


def test_the_last_word_counts_whenever_its_mail_was_read(postbox: Postbox) -> None:
    postbox.send(verdict("yes"), arrived=NOW - timedelta(hours=1))
    readers = log.ReaderLog(postbox.setting.home / log.NAME)
    reader = "00" * 8
    postbox.read()
    (event,) = log.events(readers.path)
    readers.append(event._replace(id="web", at=NOW, word="undo", way="web"))
    readers.append(event._replace(id="late", at=NOW - timedelta(minutes=30), word="no"))
    assert readers.latest("small", 5, event.reader) == "undo"
    assert readers.latest("small", 5, reader) == ""


def test_from_a_digests_own_mail_over_smtp_and_the_mailbox_into_the_next_digest(
    postbox: Postbox, tmp_path: Path, mirror: MirrorServer
) -> None:
    scenario = _by_mail(tmp_path, mirror, postbox)
    digest = scenario.run(FIRST)
    text = (tmp_path / "out" / "small" / "1.txt").read_text("utf-8")
    links = re.findall(r"Not for us: (mailto:\S+)", text)
    subject = unquote(links[0].partition("subject=")[2])
    pmid = int(subject.split()[3])
    postbox.send(subject, arrived=FIRST + timedelta(hours=9))
    read_mailbox(postbox.setting, FIRST + timedelta(days=1))
    with scenario.library() as library:
        hear_readers(scenario.setting, library, scenario.watch, FIRST + timedelta(days=1))
        assert library.feedback("small") == {pmid: False}
        assert library.verdicts("small")[0].reader == "group"
    later = scenario.run(FIRST + timedelta(days=7))
    assert later.verdicts.startswith("1 verdict since digest 1; ")
    shown = (tmp_path / "out" / "small" / "2.txt").read_text("utf-8")
    assert "1 verdict since digest 1" in shown
    assert pmid in {entry.pmid for entry in digest.entries}


def _by_mail(tmp_path: Path, mirror: MirrorServer, postbox: Postbox) -> Scenario:
    scenario = small_scenario(tmp_path, mirror, more='mailbox = "digest@example.org"\n')
    scenario.setting = replace(scenario.setting, home=postbox.setting.home, secret=SECRET.decode())
    assert verdict_secret(scenario.setting) == SECRET
    return scenario
