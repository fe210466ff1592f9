"""Real HTTP and real files: what arrives, and what is said where nothing does."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.slack import NotifySlack
from support.reports_samples import NOW, digest, empty

from queries.records.digest import DeliveryState
from reports.channels.delivery import alert, check, deliver
from reports.formats.message import message

SENT, FAILED = DeliveryState.SENT, DeliveryState.FAILED


class Sink(ThreadingHTTPServer):
    """An HTTP server that keeps what is posted; `answers` are given in turn, then 200 ok."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self.posts: list[dict[str, Any]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
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
    assert deliver(made, SLACK, "lab", "slack").state is SENT
    assert sink.posts == [json.loads(text) for text in made.slack]
    assert sink.posts[0]["blocks"][0]["type"] == "header"


def test_a_long_digest_goes_on_in_further_messages(sink: Sink) -> None:
    made = message(digest(20))
    longer = replace(made, slack=made.slack * 3)
    assert deliver(longer, SLACK + "#lab", "lab", "slack").state is SENT
    assert [post["channel"] for post in sink.posts] == ["#lab"] * len(longer.slack)


def test_slack_asks_for_patience_and_gets_it(sink: Sink) -> None:
    sink.answers = [(429, {"retry-after": "0"}, b"rate_limited")]
    assert deliver(message(empty()), SLACK, "lab", "slack").state is SENT
    assert len(sink.posts) == 2


def test_too_much_patience_is_a_failure_for_the_next_run(sink: Sink) -> None:
    sink.answers = [(429, {"retry-after": "3600"}, b"rate_limited")]
    receipt = deliver(message(empty()), SLACK, "lab", "slack")
    assert (receipt.state, receipt.reason) == (FAILED, "webhook: HTTP 429 rate_limited")
    assert len(sink.posts) == 1


def test_half_a_slack_digest_is_a_failure_that_says_how_much_arrived(sink: Sink) -> None:
    sink.answers = [(200, {}, b"ok"), (400, {}, b"invalid_blocks")]
    made = message(empty())
    receipt = deliver(replace(made, slack=made.slack * 2), SLACK, "lab", "slack")
    assert receipt.state is FAILED
    assert receipt.reason == "webhook: HTTP 400 invalid_blocks (1 of 2 messages were posted)"


def test_a_json_url_with_the_slack_format_is_a_server_like_slack(sink: Sink) -> None:
    made = message(empty())
    assert deliver(made, f"json://{sink.place}/hook", "lab", "slack").state is SENT
    assert sink.posts == [json.loads(made.slack[0])]


def test_any_other_channel_gets_the_digest_through_apprise(sink: Sink) -> None:
    assert deliver(message(empty()), f"json://{sink.place}/hook", "lab", "text").state is SENT
    (post,) = sink.posts
    assert "Nothing new." in post["message"]


def test_a_long_text_is_cut_at_paragraphs_and_nothing_is_lost(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifyJSON, "body_maxlen", 2000)
    made = message(digest(6))
    assert deliver(made, f"json://{sink.place}/hook", "lab", "text").state is SENT
    assert "".join("".join(post["message"] for post in sink.posts).split()) == "".join(made.text.split())
    assert all(len(post["message"]) <= 2000 for post in sink.posts)


def test_a_channel_of_short_messages_says_what_it_left_out(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NotifyJSON, "body_maxlen", 200)
    assert deliver(message(digest(20)), f"json://{sink.place}/hook", "lab", "text").state is SENT
    assert len(sink.posts) == 10
    assert "characters more" in sink.posts[-1]["message"]


def test_a_failing_channel_says_why_and_optional_does_not_hide_it(sink: Sink) -> None:
    sink.answers = [(500, {}, b"")] * 2
    receipt = deliver(message(empty()), f"json://{sink.place}/hook?optional=yes", "lab", "text")
    assert receipt.state is FAILED
    assert "500" in receipt.reason


@pytest.mark.parametrize(
    "url", ["", "nonsense", "slack://x", "nosuch://T1JJ3T3L2secret/A", "mailto://", "json://"]
)
def test_a_url_that_no_channel_reads_is_a_failure_without_its_secrets(url: str) -> None:
    receipt = deliver(message(empty()), url, "group")
    assert receipt.state is FAILED
    assert receipt.reason.startswith("no channel reads this URL")
    assert "secret" not in receipt.reason
    assert check(url) is None


def test_a_folder_gets_every_form_and_the_same_files_again(tmp_path: Path) -> None:
    made = message(digest(9))
    url = f"folder://{tmp_path}/with%20space"
    for _ in range(2):
        assert deliver(made, url, "group").state is SENT
    folder = tmp_path / "with space"
    names = [f"14{suffix}" for suffix in (".eml", ".html", ".md", ".slack.json", ".txt")]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert (folder / "14.html").read_text("utf-8") == made.html
    assert json.loads((folder / "14.slack.json").read_text("utf-8")) == [
        json.loads(text) for text in made.slack
    ]
    mail = message_from_bytes((folder / "14.eml").read_bytes(), EmailMessage, policy=policy.default)
    assert mail["Subject"] == made.subject


def test_a_folder_that_cannot_be_written_is_a_failure_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    receipt = deliver(message(empty()), f"folder://{tmp_path}/file", "group")
    assert receipt.state is FAILED
    assert str(tmp_path / "file") in receipt.reason


def test_an_alert_reaches_the_operator(sink: Sink, tmp_path: Path) -> None:
    title, text = "seedwatch: PubMed is out", "It did not answer <!channel> & <b>"
    for url in (SLACK, f"json://{sink.place}/x", f"folder://{tmp_path}"):
        assert alert(url, title, text, NOW).state is SENT
    assert sink.posts[0]["blocks"][0]["text"] == {"type": "plain_text", "text": text}
    assert sink.posts[1]["message"] == text
    assert len(list(tmp_path.iterdir())) == 5


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
