"""Real HTTP and real files: what arrives, and what is said where nothing does."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.slack import NotifySlack
from support.delivering import attempts, only, states
from support.reports_samples import NOW, digest, empty

from queries.errors import SettingsError
from queries.records.outbox import DeliveryState
from reports.channels.channel import alert, check, pack
from reports.formats.message import message

SENT, FAILED, UNKNOWN = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN


class Sink(ThreadingHTTPServer):
    """An HTTP server that keeps what is posted; `answers` are given in turn, then 200 ok."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self.posts: list[dict[str, Any]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.seconds, self.drops = 0.0, False
        super().__init__(("127.0.0.1", 0), SinkHandler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"


class SinkHandler(BaseHTTPRequestHandler):
    """Keeps a post, gives the next answer."""

    server: Sink

    def do_POST(self) -> None:
        """Keep it and answer."""
        self.server.posts.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        time.sleep(self.server.seconds)
        if self.server.drops:
            self.close_connection = True
            return
        status, headers, body = self.server.answers.pop(0) if self.server.answers else (200, {}, b"ok")
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """Slack on loopback."""
    server = Sink()
    monkeypatch.setattr(NotifySlack, "webhook_url", f"http://{server.place}/services")
    monkeypatch.setattr(NotifySlack, "request_rate_per_sec", 0)
    yield server
    server.shutdown()
    server.server_close()


SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7/"


def test_slack_gets_true_blocks_once(sink: Sink) -> None:
    made = message(digest(9))
    assert set(states(attempts(made, SLACK, "slack"))) == {SENT}
    assert sink.posts == [json.loads(text) for text in made.slack_flat]
    assert sink.posts[0]["blocks"][0]["type"] == "header"


def test_a_long_digest_goes_on_in_further_messages(sink: Sink) -> None:
    made = message(digest(20))
    longer = replace(made, slack_flat=made.slack_flat * 3)
    assert set(states(attempts(longer, SLACK + "#lab", "slack"))) == {SENT}
    assert [post["channel"] for post in sink.posts] == ["#lab"] * len(longer.slack_flat)


def test_slack_asks_for_patience_and_gets_it(sink: Sink) -> None:
    sink.answers = [(429, {"retry-after": "0"}, b"rate_limited")]
    assert only(message(empty()), SLACK, "slack").state is SENT
    assert len(sink.posts) == 2


def test_too_much_patience_is_a_failure_for_the_next_run(sink: Sink) -> None:
    sink.answers = [(429, {"retry-after": "3600"}, b"rate_limited")]
    receipt = only(message(empty()), SLACK, "slack")
    assert (receipt.state, receipt.reason, receipt.retry_after) == (FAILED, "HTTP 429 rate_limited", 3600)
    assert len(sink.posts) == 1


def test_each_message_of_a_slack_digest_has_a_fate_of_its_own(sink: Sink) -> None:
    sink.answers = [(200, {}, b"ok"), (400, {}, b"invalid_blocks")]
    made = message(empty())
    tried = attempts(replace(made, slack_flat=made.slack[:1] * 2), SLACK, "slack")
    assert [(one.part, one.receipt.state, one.receipt.reason) for one in tried] == [
        (1, SENT, ""),
        (2, FAILED, "HTTP 400 invalid_blocks"),
    ]


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ((200, {}, b"ok"), SENT, ""),
        ((200, {"content-type": "application/json"}, b'{"ok": true}'), SENT, ""),
        (
            (200, {"content-type": "application/json"}, b'{"ok": false, "error": "no_service"}'),
            FAILED,
            "no_service",
        ),
        ((200, {"content-type": "application/json"}, b"<html>"), UNKNOWN, "not Slack's word: '<html>'"),
        ((200, {"content-type": "application/json"}, b"[" * 100_000), UNKNOWN, "not Slack's word"),
        ((200, {"content-encoding": "gzip"}, b"\x1f\x8b junk"), UNKNOWN, "not Slack's word"),
        ((302, {"location": "/login"}, b""), UNKNOWN, "HTTP 302"),
        ((307, {"location": "/moved"}, b""), FAILED, "HTTP 307"),
        ((403, {}, b"invalid_token"), FAILED, "HTTP 403 invalid_token"),
        ((500, {}, b""), UNKNOWN, "HTTP 500"),
        ((503, {}, b""), UNKNOWN, "HTTP 503"),
        ((503, {"retry-after": "3600"}, b""), FAILED, "HTTP 503"),
        ((504, {}, b""), UNKNOWN, "HTTP 504"),
    ],
)
def test_what_slack_answers_is_taken_for_what_it_says(
    sink: Sink, answer: tuple[int, dict[str, str], bytes], state: DeliveryState, reason: str
) -> None:
    """Only its own yes is a yes, and where nobody can know, nobody claims to."""
    sink.answers = [answer]
    receipt = only(message(empty()), SLACK, "slack")
    assert receipt.state is state
    assert reason in receipt.reason
    assert len(sink.posts) == 1


def test_a_json_url_with_the_slack_format_is_a_server_like_slack(sink: Sink) -> None:
    made = message(empty())
    assert only(made, f"json://{sink.place}/hook", "slack").state is SENT
    assert sink.posts == [json.loads(made.slack[0])]


def test_any_other_channel_gets_the_digest_through_apprise(sink: Sink) -> None:
    assert only(message(empty()), f"json://{sink.place}/hook", "text").state is SENT
    (post,) = sink.posts
    assert "Nothing new." in post["message"]


def test_a_long_text_is_cut_at_paragraphs_and_nothing_is_lost(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifyJSON, "body_maxlen", 2000)
    made = message(digest(6))
    assert set(states(attempts(made, f"json://{sink.place}/hook", "text"))) == {SENT}
    assert "".join("".join(post["message"] for post in sink.posts).split()) == "".join(made.text.split())
    assert all(len(post["message"]) <= 2000 for post in sink.posts)


def test_a_channel_of_short_messages_says_what_it_left_out(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifyJSON, "body_maxlen", 200)
    assert set(states(attempts(message(digest(20)), f"json://{sink.place}/hook", "text"))) == {SENT}
    assert len(sink.posts) == 10
    assert "characters more" in sink.posts[-1]["message"]


def test_a_failing_channel_says_why_and_neither_optional_nor_retry_hides_it(sink: Sink) -> None:
    sink.answers = [(404, {}, b"")] * 2
    receipt = only(message(empty()), f"json://{sink.place}/hook?optional=yes&retry=2&wait=0", "text")
    assert receipt.state is FAILED
    assert "404" in receipt.reason
    assert len(sink.posts) == 1


def test_a_channel_that_may_have_taken_it_is_a_doubt(sink: Sink) -> None:
    sink.answers = [(500, {}, b"")]
    assert only(message(empty()), f"json://{sink.place}/hook", "text").state is UNKNOWN


@pytest.mark.parametrize("form", ["text", "slack"])
def test_a_drop_after_the_post_is_a_doubt_and_a_closed_port_is_none(sink: Sink, form: str) -> None:
    sink.drops = True
    receipt = only(message(empty()), f"json://{sink.place}/hook", form)
    assert receipt.state is UNKNOWN
    assert len(sink.posts) == 1
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        receipt = only(message(empty()), f"json://127.0.0.1:{closed.getsockname()[1]}/hook", form)
    assert receipt.state is FAILED


@pytest.mark.parametrize("form", ["text", "slack"])
def test_a_slow_channel_is_waited_for(sink: Sink, form: str) -> None:
    sink.seconds = 6
    assert only(message(empty()), f"json://{sink.place}/hook", form).state is SENT


@pytest.mark.parametrize(
    "url", ["", "nonsense", "slack://x", "nosuch://T1JJ3T3L2secret/A", "mailto://", "json://"]
)
def test_a_url_that_no_channel_reads_is_an_error_without_its_secrets(url: str) -> None:
    with pytest.raises(SettingsError, match="recipient group: no channel reads its URL") as caught:
        pack(message(empty()), url, "group")
    assert "secret" not in str(caught.value)
    assert check(url) is None
    assert alert(url, "a", "b").state is FAILED


def test_a_folder_gets_every_form_and_the_same_files_again(tmp_path: Path) -> None:
    made = message(digest(9))
    url = f"folder://{tmp_path}/with%20space"
    for _ in range(2):
        assert only(made, url).state is SENT
    folder = tmp_path / "with space" / made.watch
    names = [f"14{suffix}" for suffix in (".eml", ".html", ".md", ".slack.json", ".txt")]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert (folder / "14.html").read_text("utf-8") == made.html
    assert json.loads((folder / "14.slack.json").read_text("utf-8")) == [
        json.loads(text) for text in made.slack
    ]
    mail = message_from_bytes((folder / "14.eml").read_bytes(), EmailMessage, policy=policy.default)
    assert mail["Subject"] == made.subject


def test_two_watches_share_a_folder_without_overwriting_each_other(tmp_path: Path) -> None:
    one, other = message(empty()), replace(message(digest(2)), watch="other")
    for made in (one, other):
        assert only(made, f"folder://{tmp_path}").state is SENT
    assert (tmp_path / one.watch / "14.html").read_text("utf-8") == one.html
    assert (tmp_path / "other" / "14.html").read_text("utf-8") == other.html


def test_a_flat_folder_takes_a_watch_again_and_no_other(tmp_path: Path) -> None:
    """It is for previews, of which there may be many before a digest; two watches in it are refused."""
    flat = f"folder://{tmp_path}/flat?flat=yes"
    one, other = message(empty()), replace(message(digest(2)), watch="other")
    assert only(one, flat).state is SENT
    later = replace(one, html="<p>another look</p>", made=datetime(2026, 11, 24, tzinfo=UTC))
    assert only(later, flat).state is SENT
    assert (tmp_path / "flat" / "14.html").read_text("utf-8") == later.html
    before = {path: path.read_bytes() for path in (tmp_path / "flat").iterdir()}
    refused = only(other, flat)
    assert (refused.state, refused.permanent) == (FAILED, True)
    assert f"{tmp_path}/flat/14.eml is another message (digest {one.watch} 14 to " in refused.reason
    assert "name another folder, or move it away" in refused.reason
    assert {path: path.read_bytes() for path in (tmp_path / "flat").iterdir()} == before


def test_a_digest_never_takes_the_place_of_another_of_its_number(tmp_path: Path) -> None:
    """After a restore numbers come again: what was told under that number stays."""
    url = f"folder://{tmp_path}"
    lost = message(empty())
    assert only(lost, url).state is SENT
    again = replace(lost, html="<p>another</p>", made=datetime(2026, 11, 24, tzinfo=UTC))
    refused = only(again, url)
    assert (refused.state, refused.permanent) == (FAILED, True)
    assert (tmp_path / lost.watch / "14.html").read_text("utf-8") == lost.html
    assert only(lost, url).state is SENT, "the same digest may be sent again"


def test_a_folder_that_cannot_be_written_is_a_failure_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    receipt = only(message(empty()), f"folder://{tmp_path}/file")
    assert receipt.state is FAILED
    assert str(tmp_path / "file") in receipt.reason


def test_an_alert_reaches_the_operator(sink: Sink, tmp_path: Path) -> None:
    title, text = "seedwatch: PubMed is out", "It did not answer <!channel> & <b>"
    for url in (SLACK, f"json://{sink.place}/x", f"folder://{tmp_path}"):
        assert alert(url, title, text, NOW).state is SENT
    assert sink.posts[0]["blocks"][0]["text"] == {"type": "plain_text", "text": text}
    assert sink.posts[1]["message"] == text
    assert len(list((tmp_path / "operator").iterdir())) == 5


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mailto://me:hunter22@example.org?to=a@example.com", "E-Mail mailto://me:****@example.org"),
        (SLACK, "Slack slack://T...2/A...D/T...7"),
        ("folder://out", "Folder folder://out"),
    ],
)
def test_check_names_the_channel_without_its_secrets(url: str, said: str) -> None:
    assert str(check(url)).startswith(said)
