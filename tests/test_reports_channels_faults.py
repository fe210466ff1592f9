"""Channels that go wrong: what is claimed is true. `bench_channel_faults` has the whole table."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from apprise import NotifyBase
from support.channel_faults import mail_faults, web_faults
from support.channel_scenes import KINDS, scene
from support.delivering import attempts, only, states
from support.faulty import own_certificate
from support.faulty_mail import FaultyMail
from support.faulty_web import FaultyWeb, answer, slack_answer
from support.reports_samples import digest, empty

from queries.errors import SettingsError
from queries.records.outbox import DeliveryState
from reports.channels.addresses import readers
from reports.channels.channel import check, pack
from reports.formats.message import message

SENT, FAILED, UNKNOWN = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN
MAIL = {fault.name: fault for fault in mail_faults()}
WEB = {fault.name: fault for fault in web_faults()}


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without apprise's pauses between two messages."""
    monkeypatch.setattr(NotifyBase, "throttle", lambda *_, **__: None)


@pytest.mark.parametrize(
    ("fault", "state", "arrived"),
    [
        ("none", SENT, 1),
        ("connection refused", FAILED, 0),
        ("421 banner", FAILED, 0),
        ("garbage at banner", FAILED, 0),
        ("drop at data", FAILED, 0),
        ("garbage at data", FAILED, 0),
        ("354 and 250 at once, then drop", FAILED, 0),
        ("drop at end", UNKNOWN, 1),
        ("451 at end", FAILED, 0),
        ("252 at end", SENT, 1),
        ("half a reply at end", UNKNOWN, 1),
        ("354 again at end", UNKNOWN, 1),
        ("garbage at end", UNKNOWN, 1),
        ("endless line at end", UNKNOWN, 1),
        ("endless reply at end", UNKNOWN, 1),
        ("dripping reply at end", UNKNOWN, 1),
        ("dripping banner", FAILED, 0),
        ("250 and drop at once", SENT, 1),
        ("250, then hang at quit", SENT, 1),
        ("535 in base64", FAILED, 0),
        ("own certificate", FAILED, 0),
        ("2 MB, SIZE 1 MB", FAILED, 0),
    ],
)
def test_what_is_claimed_of_a_mail_is_true(
    tmp_path: Path, fault: str, state: DeliveryState, arrived: int
) -> None:
    certificate = own_certificate(tmp_path) if MAIL[fault].tls else None
    if MAIL[fault].tls and certificate is None:
        pytest.skip("openssl is not installed")
    with scene(MAIL[fault], "smtp", certificate) as at:
        made = message(empty())
        text = made.text + "\n" + ("x" * 70 + "\n") * (MAIL[fault].size // 71)
        began = time.monotonic()
        receipt = only(replace(made, text=text), at.url, at.form)
        assert time.monotonic() - began < 10
        assert (receipt.state, len(at.kept())) == (state, arrived)
        assert (receipt.reason == "") is (state is SENT)


@pytest.mark.parametrize("channel", ["slack webhook", "slack bot", "slack-like", "json", "ntfy"])
@pytest.mark.parametrize(
    ("fault", "state", "arrived"),
    [
        ("none", SENT, 1),
        ("read, then drop", UNKNOWN, 1),
        ("half an answer", UNKNOWN, 1),
        ("200 a web page", UNKNOWN, 0),
        ("307 to a page", FAILED, 0),
        ("302 to a page", UNKNOWN, 0),
        ("302 after acceptance", UNKNOWN, 1),
        ("503 after acceptance", UNKNOWN, 1),
        ("503, Retry-After", FAILED, 0),
        ("429, huge", FAILED, 0),
    ],
)
def test_what_is_claimed_of_a_post_is_true(
    channel: str, fault: str, state: DeliveryState, arrived: int
) -> None:
    with scene(WEB[fault], channel, None) as at:
        began = time.monotonic()
        receipt = only(message(empty()), at.url, at.form)
        assert time.monotonic() - began < 10
        assert (receipt.state, len(at.kept())) == (state, arrived)
        assert at.server.connections == 1


@pytest.mark.parametrize("fault", ["read, then hang", "dripping status line", "dripping body"])
@pytest.mark.parametrize("channel", ["slack bot", "json"])
def test_an_answer_that_never_ends_is_a_doubt_within_bounds(channel: str, fault: str) -> None:
    with scene(WEB[fault], channel, None) as at:
        began = time.monotonic()
        assert only(message(empty()), at.url, at.form).state is UNKNOWN
        assert time.monotonic() - began < 10
        assert len(at.kept()) == 1


@pytest.mark.parametrize("fault", ["200 gzip bomb", "200 deep JSON", "200 without end", "huge headers"])
@pytest.mark.parametrize("channel", ["slack bot", "json", "matrix"])
def test_an_answer_without_measure_is_no_failure(channel: str, fault: str) -> None:
    with scene(WEB[fault], channel, None) as at:
        assert only(message(empty()), at.url, at.form).state is not FAILED
        assert len(at.kept()) == 1


@pytest.mark.parametrize(("error", "state"), [("fatal_error", UNKNOWN), ("not_in_channel", FAILED)])
def test_slack_says_itself_when_some_of_it_may_have_been_done(error: str, state: DeliveryState) -> None:
    with scene(WEB["none"], "slack bot", None) as at:
        at.server.plans = [{"end": [slack_answer(ok=False, error=error)]}]
        receipt = only(message(empty()), at.url, "slack")
    assert (receipt.state, receipt.reason) == (state, f"Slack says {error}")


@pytest.mark.parametrize(
    "word", [b"[" * 100_000, b"[]", b"{}", b'{"ok": true}', b'{"ok": true, "user": 1}', b"\xff"]
)
def test_a_lookup_on_slack_that_goes_wrong_is_a_failure(word: bytes) -> None:
    with scene(WEB["none"], "slack bot", None) as at:
        at.server.plans = [{"end": [answer(200, word)]}]
        receipt = only(message(empty()), at.url.replace("#lab", "ann@example.org"), "slack")
        assert (receipt.state, [each.method for each in at.server.posted]) == (FAILED, ["GET"])  # type: ignore[attr-defined]
        assert receipt.reason


def test_each_target_of_a_url_has_a_fate_of_its_own() -> None:
    with FaultyWeb() as web:
        web.plans = [{}, {"end": [answer(403)]}, {}]
        tried = attempts(message(empty()), f"ntfy://{web.place}/first/second/third/first", "text")
        topics = [json.loads(each.body)["topic"] for each in web.posted]
    assert states(tried) == [SENT, FAILED, SENT]
    assert [one.address for one in tried] == ["ntfy first", "ntfy second", "ntfy third"]
    assert topics == ["first", "second", "third"]


def test_a_channel_of_slack_named_twice_is_told_once() -> None:
    with scene(WEB["none"], "slack bot", None) as at:
        url = at.url.replace("#lab", "#lab/#lab")
        assert states(attempts(message(empty()), url, "slack")) == [SENT]


@pytest.mark.parametrize(
    ("variable", "proxy", "channel"),
    [
        ("HTTP_PROXY", "", "json"),
        ("HTTP_PROXY", "", "slack webhook"),
        ("ALL_PROXY", "socks5://127.0.0.1:1", "json"),
        ("HTTP_PROXY", "nonsense://127.0.0.1:1", "slack-like"),
    ],
)
def test_a_proxy_that_does_not_let_us_through_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, variable: str, proxy: str, channel: str
) -> None:
    with FaultyWeb() as gate, scene(WEB["none"], channel, None) as at:
        gate.yes = answer(407)
        monkeypatch.setenv(variable, proxy or f"http://{gate.place}")
        receipt = only(message(empty()), at.url, at.form)
        assert (receipt.state, at.kept()) == (FAILED, [])
        assert receipt.reason


@pytest.mark.parametrize("steps", [[answer(502)], [0.9, "drop"], ["drop"]])
def test_a_proxy_that_opens_no_tunnel_has_let_nothing_through(
    monkeypatch: pytest.MonkeyPatch, steps: list[bytes | float | str]
) -> None:
    with FaultyWeb() as gate:
        gate.plans = [{"end": steps}]
        monkeypatch.setenv("HTTPS_PROXY", f"http://{gate.place}")
        receipt = only(message(empty()), "jsons://example.org/hook?rto=0.5", "text")
        assert (receipt.state, gate.requests) == (FAILED, 1)


@pytest.mark.parametrize("form", ["slack", "text"])
def test_a_header_that_cannot_be_sent_is_a_failure(form: str) -> None:
    with FaultyWeb() as web:
        url = f"json://{web.place}/hook?%2BX-Lab=Z%C3%BCrich%E2%80%A6&%2BX%20Y=1"
        assert only(message(empty()), url, form).state is FAILED
        assert web.posted == []


def test_servers_are_reached_by_their_ipv6_addresses() -> None:
    with FaultyMail("::1") as mail, FaultyWeb("::1") as web:
        url = f"mailto://{mail.place}/?from=w@example.org&to=a@example.com"
        assert only(message(empty()), url).state is SENT
        for form in ("text", "slack"):
            assert only(message(empty()), f"json://{web.place}/hook", form).state is SENT
        assert (len(mail.taken), len(web.posted)) == (1, 2)


@pytest.mark.parametrize("implicit", [True, False])
@pytest.mark.parametrize(("verify", "state"), [("&verify=no", SENT), ("", FAILED)])
def test_tls_is_spoken_from_the_start_or_after_it(
    tmp_path: Path, implicit: bool, verify: str, state: DeliveryState
) -> None:
    certificate = own_certificate(tmp_path)
    if certificate is None:
        pytest.skip("openssl is not installed")
    with FaultyMail(tls=certificate, implicit=implicit) as mail:
        mode = "ssl" if implicit else "starttls"
        url = f"mailtos://me:hunter22@{mail.place}/?from=w@example.org&to=a@example.com&mode={mode}{verify}"
        assert only(message(empty()), url).state is state
        assert len(mail.taken) == (state is SENT)


def test_a_long_mail_on_a_server_with_room_arrives_byte_for_byte() -> None:
    with FaultyMail(features=("SIZE 20000000",)) as mail:
        made = replace(message(empty()), text="x.\n.y\n..\n\n" * 50_000)
        url = f"mailto://{mail.place}/?from=w@example.org&to=a@example.com"
        (parcel,) = pack(made, url, "group", "text")
        assert only(made, url, "text").state is SENT
        assert [taken.content for taken in mail.taken] == [parcel.body]


@pytest.mark.parametrize(
    ("written", "to"),
    [
        ("o'neil@example.com", ["o'neil@example.com"]),
        ('Ann Lee <a@example.com>, "Lee, Bob" <b@example.com>', ["a@example.com", "b@example.com"]),
        ("a@example.com;b@example.com c@example.com", [f"{who}@example.com" for who in "abc"]),
        ('"a b"@example.com', ['"a b"@example.com']),
        ("x+y@example.com,a@[127.0.0.1]", ["x+y@example.com", "a@[127.0.0.1]"]),
        ("zo\u00eb@example.com", ["zo\u00eb@example.com"]),
        ("a@\u00fcml.example", ["a@xn--ml-wka.example"]),
        ("Ann@Example.com,ann@example.com", ["Ann@Example.com"]),
    ],
)
def test_addresses_are_read_by_the_rules_of_mail(written: str, to: list[str]) -> None:
    addresses, unreadable = readers(written)
    assert ([each.addr_spec for each in addresses.values()], unreadable) == (to, [])


@pytest.mark.parametrize(
    "written",
    [
        "nonsense",
        "a\r\nx+y@example.com",
        "<a@example.com",
        "a@b@c",
        "@b.org",
        "a@" + "x" * 70,
        '"a@b.org',
        "A <>",
    ],
)
def test_what_is_no_address_is_kept_and_named(written: str) -> None:
    assert readers(written)[0] == {}
    assert len(readers(written)[1]) == 1


def test_an_address_named_twice_gets_one_mail() -> None:
    with FaultyMail() as mail:
        url = f"mailto://{mail.place}/?from=w@example.org&to=a@example.com,A@example.com&cc=a@EXAMPLE.com"
        assert states(attempts(message(empty()), url + "&bcc=a@example.com")) == [SENT]
        assert [taken.to for taken in mail.taken] == ["a@example.com"]


@pytest.mark.parametrize(("features", "state"), [(("SMTPUTF8", "8BITMIME"), SENT), (("8BITMIME",), FAILED)])
def test_an_address_in_other_letters_needs_a_server_that_takes_them(
    features: tuple[str, ...], state: DeliveryState
) -> None:
    with FaultyMail(features=features) as mail:
        url = f"mailto://{mail.place}/?from=w@example.org&to=zo%C3%AB@example.com"
        receipt = only(replace(message(empty()), subject="L\u00e4uft \U0001f389 " * 20), url)
        assert receipt.state is state
        if state is SENT:
            assert mail.taken[0].to == "zo\u00eb@example.com"
            assert "To: zo\u00eb@example.com\r\n".encode() in mail.taken[0].content
        else:
            assert "ASCII" in receipt.reason


@pytest.mark.parametrize(
    "query", ["to=a@example.com&to=b@example.com", "to=a@example.com;b@example.com", "cc=a@b.org&cc=c@b.org"]
)
def test_an_address_that_apprise_would_drop_is_an_error(query: str) -> None:
    with pytest.raises(SettingsError, match="part"):
        pack(message(empty()), f"mailto://example.org/?from=w@example.org&{query}", "group")


@pytest.mark.parametrize(
    "word",
    ["p\u00e4ss/w:rd+1", "p%C3%A4ss%2Fw%3Ard%2B1", "AG1lAHDDpHNzL3c6cmQrMQ==", "p\\u00e4ss/w:rd+1"],
)
def test_a_password_is_in_no_reason_however_it_is_written(word: str) -> None:
    with FaultyMail() as mail:
        mail.plans = [{"rcpt": [f"550 no {word} \x1b[31m for you\r\n".encode()]}]
        url = f"mailto://me:p%C3%A4ss%2Fw%3Ard%2B1@{mail.place}/?from=w@example.org&to=a@example.com"
        receipt = only(message(empty()), url)
        assert receipt.state is FAILED
        assert not any(part in receipt.reason for part in ("ss/w", "w:rd", "rd+1", "AG1lAH", "ss%2F", "\x1b"))


@pytest.mark.parametrize("channel", KINDS)
def test_a_token_is_in_no_reason_and_in_no_name(channel: str) -> None:
    with scene(WEB["secrets echoed"], channel, None) as at:
        reason = only(message(empty()), at.url, at.form).reason
        assert reason
        for secret in ("hunter22", "TIiajkdnlazkcOXrIdevi7", "abcdefghijklmnopqrstuvwx"):
            assert secret not in (reason if secret in at.url else "")
            assert secret not in str(check(at.url))


def test_a_folder_on_a_path_that_cannot_be_is_a_failure(tmp_path: Path) -> None:
    for path in (f"{tmp_path}/a%00b", f"{tmp_path}/{'x' * 300}", "/dev/full/x", "/proc/x"):
        receipt = only(message(digest(2)), f"folder://{path}")
        assert receipt.state is FAILED
        assert receipt.reason


def test_a_recipient_of_any_name_gets_a_letter_in_the_folder(tmp_path: Path) -> None:
    for name in ("Zo\u00eb", "\u7814\u7a76\u7fa4", "a\tb"):
        (parcel,) = pack(message(empty()), f"folder://{tmp_path}", name)
        assert b".eml" in parcel.body
