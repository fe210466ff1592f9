"""Real mail to a real server: who got what, and what is said of those who did not."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from support.delivering import attempts, only, states
from support.faulty import own_certificate
from support.reports_samples import NOW, digest, empty

from queries.records.outbox import DeliveryState
from reports.channels.channel import alert, pack, send
from reports.channels.message import Attachment
from reports.formats.message import message

SENT, FAILED, UNKNOWN = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN


class Mailbox:
    """An aiosmtpd handler that keeps what it gets and refuses addresses that begin with `no`."""

    def __init__(self) -> None:
        """Start empty and talkative."""
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.silent = False

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Refuse some."""
        if address.startswith("no"):
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the mail."""
        if self.silent:
            server.transport.close()
        mail = message_from_bytes(envelope.original_content, EmailMessage, policy=policy.default)
        self.mails.append((list(envelope.rcpt_tos), mail))
        return "250 OK"


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    """A mail server on loopback, and the mailto URL of its host."""
    box = Mailbox()
    port = free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, f"mailto://127.0.0.1:{port}/?from=watch@example.org&to="
    server.stop()


def body(mail: EmailMessage, kind: str) -> str:
    """The part of a mail, html or plain."""
    part = mail.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def test_one_mail_reaches_its_one_reader_whole(mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    made = message(digest(20))
    (attempt,) = attempts(made, url + "reader@example.com")
    assert (attempt.address, attempt.receipt.state, attempt.receipt.reason) == (
        "reader@example.com",
        SENT,
        "",
    )
    ((to, mail),) = box.mails
    assert to == ["reader@example.com"]
    assert body(mail, "plain").splitlines() == made.text.splitlines()
    assert body(mail, "html").splitlines() == made.html.splitlines()
    assert mail["Subject"] == made.subject
    assert mail["From"].addresses[0].display_name == "CML stem cells and tyrosine kinase inhibitors"
    assert mail["List-Id"] == "<cml-stem-cells.seedwatch.example.org>"
    assert (
        mail["List-Unsubscribe"].strip() == "<mailto:digest@example.org?subject=unsubscribe%20cml-stem-cells>"
    )
    assert mail["Date"].datetime == NOW
    assert mail.get_all("Message-ID") == [attempt.message_id]
    lines = [line for part in mail.walk() for line in part.as_string().splitlines()]
    assert all(len(line) <= 78 for line in lines)


def test_a_resent_digest_has_the_same_message_id_and_another_has_not(mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    for made in (message(empty()), message(empty()), message(empty(number=15))):
        only(made, url + "reader@example.com")
    first, second, third = (mail["Message-ID"] for _, mail in box.mails)
    assert first == second != third


def test_every_address_gets_a_message_of_its_own(mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    to = url + "a@example.com,b@example.com&cc=c@example.com&bcc=d@example.com"
    assert states(attempts(message(empty()), to)) == [SENT] * 4
    assert [to for to, _ in box.mails] == [[f"{who}@example.com"] for who in "abcd"]
    assert [str(mail["To"]) for _, mail in box.mails] == [f"{who}@example.com" for who in "abcd"]
    assert len({mail["Message-ID"] for _, mail in box.mails}) == 4


def test_a_refused_address_is_a_failure_with_the_servers_reason(mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    tried = attempts(message(empty()), url + "a@example.com,nobody@example.com,c@example.com")
    assert states(tried) == [SENT, FAILED, SENT]
    assert tried[1].receipt.reason == "550 5.1.1 no such user here"
    assert [to for to, _ in box.mails] == [["a@example.com"], ["c@example.com"]]


def test_an_address_that_is_none_is_a_failure_and_the_others_get_theirs(mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    tried = attempts(message(empty()), url + "a@example.com,nonsense")
    assert [(one.address, one.receipt.reason) for one in tried] == [
        ("a@example.com", ""),
        ("nonsense", "is not a mail address of this recipient's URL"),
    ]
    assert [to for to, _ in box.mails] == [["a@example.com"]]


def test_a_parcel_is_sent_as_it_was_packed_and_to_nobody_who_left_the_url(
    mailbox: tuple[Mailbox, str],
) -> None:
    box, url = mailbox
    first, second = pack(message(empty()), url + "a@example.com,b@example.com", "group")
    later = url + "b@example.com"
    left = send(first, later)
    assert (left.state, left.reason) == (FAILED, "is not an address of this recipient's URL")
    assert send(second, later).state is SENT
    ((_, mail),) = box.mails
    assert mail["Message-ID"].strip() == second.message_id
    assert pack(message(empty()), url + "a@example.com,b@example.com", "group") == (first, second)


def test_a_server_that_takes_a_mail_and_falls_silent_leaves_it_unknown(mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    box.silent = True
    receipt = only(message(empty()), url + "a@example.com")
    assert receipt.state is UNKNOWN
    assert "never answered" in receipt.reason
    assert len(box.mails) == 1


def test_an_unreachable_server_is_a_failure_without_the_password() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        receipt = only(
            message(empty()), f"mailto://me:hunter22@127.0.0.1:{port}/?from=a@example.org&to=b@example.com"
        )
    assert receipt.state is FAILED
    assert "refused" in receipt.reason
    assert "hunter22" not in receipt.reason


def test_a_mail_server_without_starttls_gets_no_password(mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    receipt = only(message(empty()), url.replace("mailto://", "mailtos://me:hunter22@") + "a@example.com")
    assert receipt.state is FAILED
    assert "STARTTLS" in receipt.reason
    assert box.mails == []


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[tuple[Mailbox, str]]:
    """A mail server that wants STARTTLS and a password, and its mailtos URL; its certificate is its own."""
    context = own_certificate(tmp_path)
    if context is None:
        pytest.skip("openssl is not installed")
    box, port = Mailbox(), free_port()
    server = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=lambda _s, _e, _v, _m, data: AuthResult(
            success=data.password == b"hunter22", handled=False
        ),
    )
    server.start()
    yield box, f"mailtos://me:WORD@127.0.0.1:{port}/?from=watch@example.org&to=reader@example.com"
    server.stop()


def test_a_password_travels_only_through_tls(locked: tuple[Mailbox, str]) -> None:
    box, url = locked
    assert only(message(empty()), url.replace("WORD", "hunter22") + "&verify=no").state is SENT
    assert len(box.mails) == 1


def test_a_certificate_nobody_vouches_for_is_refused(locked: tuple[Mailbox, str]) -> None:
    box, url = locked
    receipt = only(message(empty()), url.replace("WORD", "hunter22"))
    assert receipt.state is FAILED
    assert "certificate verify failed" in receipt.reason
    assert box.mails == []


def test_a_wrong_password_is_a_failure_in_the_servers_words(locked: tuple[Mailbox, str]) -> None:
    _, url = locked
    receipt = only(message(empty()), url.replace("WORD", "wrong-one") + "&verify=no")
    assert receipt.state is FAILED
    assert "535" in receipt.reason
    assert "wrong-one" not in receipt.reason


def test_the_text_format_is_text_alone(mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    only(message(empty()), url + "a@example.com", "text")
    assert box.mails[0][1].get_content_type() == "text/plain"


def test_attachments_go_with_the_mail(mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    made = replace(
        message(empty()), attachments=(Attachment("14.ris", "application/x-research-info-systems", b"TY"),)
    )
    only(made, url + "a@example.com")
    (file,) = box.mails[0][1].iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("14.ris", b"TY")


def test_headers_of_the_url_are_sent_and_ours_are_not_doubled(mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    only(message(empty()), url + "a@example.com&reply=r@example.org&%2BX-Lab=one&%2BMessage-ID=x")
    mail = box.mails[0][1]
    assert (mail["X-Lab"], str(mail["Reply-To"]), len(mail.get_all("Message-ID", []))) == (
        "one",
        "r@example.org",
        1,
    )


@pytest.mark.parametrize(
    "subject",
    [
        "[sample] 20 new: The niche in chronic myeloid leukaemia: from\u2026 \u00b7 CML stem cells, digest 1",
        "3 new: \u201cÜber\u201d ein Ding \u2013 müßig\u2026 \u00b7 " + "TGF-β und α " * 12 + "digest 2",
    ],
)
def test_a_subject_arrives_with_its_spaces(mailbox: tuple[Mailbox, str], subject: str) -> None:
    box, url = mailbox
    only(replace(message(digest()), subject=subject), url + "reader@example.com")
    ((_, mail),) = box.mails
    assert mail["Subject"] == subject


def test_a_long_watch_name_leaves_the_message_id_whole(mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    (attempt,) = attempts(
        replace(message(empty()), watch="a-very-long-watch-name-" * 4), url + "a@example.com"
    )
    assert box.mails[0][1]["Message-ID"].strip() == attempt.message_id


def test_an_alert_reaches_the_operator_and_so_does_the_next(mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    title, text = "seedwatch: PubMed is out", "It did not answer <b>"
    for _ in range(2):
        assert alert(url + "ops@example.com", title, text, NOW).state is SENT
    (_, first), (_, second) = box.mails
    assert (first["Subject"], first.get_content().strip()) == (title, text)
    assert first["Message-ID"] != second["Message-ID"]
