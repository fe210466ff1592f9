"""What a refusal means for the next try: for good, or for now, as a mail engineer would read it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from apprise import NotifyBase
from support.channel_faults import Fault
from support.channel_scenes import scene
from support.delivering import only
from support.faulty_web import answer, slack_answer
from support.reports_samples import digest, empty

from flows.deliver import next_try
from queries.records.outbox import DeliveryState, Receipt
from reports.channels.addresses import readers
from reports.channels.channel import pack, send
from reports.channels.mail import message_id
from reports.formats.message import message

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without apprise's pauses between two messages."""
    monkeypatch.setattr(NotifyBase, "throttle", lambda *_, **__: None)


@pytest.mark.parametrize("stage", ["banner", "auth", "mail", "rcpt", "data", "end"])
@pytest.mark.parametrize(("code", "permanent"), [(421, False), (451, False), (550, True), (554, True)])
def test_mail(stage: str, code: int, permanent: bool) -> None:
    """A 5yz is not to be repeated, a 4yz is; at every step (RFC 5321, 4.2.1)."""
    goodbye = [] if stage == "auth" else ["drop"]  # another way to log in is tried before one gives up
    with scene(Fault("no", [{stage: [b"%d no\r\n" % code, *goodbye]}]), "smtp", None) as at:
        receipt = only(message(empty()), at.url, at.form)
    assert (receipt.state, receipt.permanent) == (DeliveryState.FAILED, permanent)


@pytest.mark.parametrize("channel", ["slack webhook", "json", "ntfy"])
@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        *((status, True) for status in (301, 308, 400, 401, 403, 404, 405, 410, 413, 422, 501, 505)),
        *((status, False) for status in (408, 421, 425, 429, 511, 523)),
    ],
)
def test_web(channel: str, status: int, permanent: bool) -> None:
    plan = {"end": [answer(status, b"no", location="/")], "lost": []}
    with scene(Fault("no", [plan] * 9), channel, None) as at:
        (parcel,) = pack(message(empty()), at.url, "group", at.form)
        receipt = send(parcel, at.url, at.form, sleep=lambda _: None)
    assert (receipt.state, receipt.permanent) == (DeliveryState.FAILED, permanent)


@pytest.mark.parametrize(
    ("word", "permanent"),
    [("channel_not_found", True), ("invalid_auth", True), ("ratelimited", False)],
)
def test_slack(word: str, permanent: bool) -> None:
    plan = {"end": [slack_answer(ok=False, error=word)], "lost": []}
    with scene(Fault("no", [plan]), "slack webhook", None) as at:
        receipt = only(message(empty()), at.url, at.form)
    assert (receipt.state, receipt.permanent) == (DeliveryState.FAILED, permanent)


def test_no_connection_passes() -> None:
    for channel in ("smtp", "json"):
        with scene(Fault("refused", listening=False), channel, None) as at:
            receipt = only(message(empty()), at.url, at.form)
        assert (receipt.state, receipt.permanent) == (DeliveryState.FAILED, False)


def test_what_is_refused_for_good_has_no_next_try() -> None:
    lost = Receipt(DeliveryState.FAILED, "451")
    assert next_try(lost, 1, NOW, again=False) == NOW + timedelta(minutes=5)
    for again in (True, False):
        assert next_try(Receipt(DeliveryState.FAILED, "550", permanent=True), 1, NOW, again=again) is None


def test_a_message_id_is_never_given_to_another_digest() -> None:
    """After a restore a number comes again: a mail client would show only the first of the two."""
    lost, again = message(digest(2)), message(digest(2))
    (sender,), (to,) = (readers(address)[0].values() for address in ("a@example.org", "b@example.org"))
    assert message_id(lost, sender, to) == message_id(again, sender, to), "the same digest, sent again"
    later = replace(again, made=NOW)
    assert message_id(lost, sender, to) != message_id(later, sender, to)
