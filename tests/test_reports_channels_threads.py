"""A digest on Slack is one message and its thread: whatever fails, nothing doubles and nothing is lost."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from apprise.plugins.slack import NotifySlack
from support.faulty_web import FaultyWeb, slack_answer
from support.library_samples import NOW, WATCH, decision, issue
from support.reports_samples import digest

from queries.library import Library
from queries.records.outbox import DeliveryState
from reports.channels.channel import pack, send
from reports.formats.message import message

BOT = "slack://xoxb-123456789012-1234567890123-abcdefghijklmnopqrstuvwx/#lab"
HOOK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7/"
YES = slack_answer(ok=True, channel="C07", ts="1764000000.000100")
SENT, FAILED, UNKNOWN = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyWeb]:
    """Slack on loopback, which says what it calls each message."""
    with FaultyWeb() as server:
        server.yes = YES
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://{server.place}/services")
        monkeypatch.setattr(NotifySlack, "api_url", f"http://{server.place}/api/{{}}")
        monkeypatch.setattr(NotifySlack, "request_rate_per_sec", 0)
        yield server


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library in which one digest waits to be posted by a bot."""
    parcels = pack(message(digest(11)), BOT, "ada", "slack")
    assert len(parcels) == 3 + 1  # a parent, two questions, the nearly told
    with Library(tmp_path / "library.duckdb") as fresh:
        fresh.record(replace(issue(1, decision(1)), parcels=parcels))
    return fresh


def posted(slack: FaultyWeb) -> list[dict[str, Any]]:
    return [json.loads(each.body) for each in slack.posted]


def round_of(library: Library, now: Any, *states: DeliveryState) -> None:
    """Send what is due, as the outbox does, and expect these states."""
    seen = []
    while due := library.due(WATCH, now):
        delivery = due[0]
        assert library.sending(WATCH, delivery, now)
        receipt = send(library.parcel(WATCH, delivery), BOT, "slack")
        again = now + timedelta(minutes=5) if receipt.state is FAILED else None
        library.acknowledge(WATCH, delivery, receipt, now, again)
        seen.append(receipt.state)
    assert seen == list(states)


def test_the_rest_hangs_on_what_slack_calls_the_parent(library: Library, slack: FaultyWeb) -> None:
    with library:
        round_of(library, NOW, SENT, SENT, SENT, SENT)
    parent, *rest = posted(slack)
    assert (parent["channel"], "thread_ts" in parent) == ("#lab", False)
    assert {(each["channel"], each["thread_ts"]) for each in rest} == {("C07", "1764000000.000100")}


def test_the_thread_waits_for_a_parent_that_failed(library: Library, slack: FaultyWeb) -> None:
    slack.plans = [{"end": [slack_answer(ok=False, error="ratelimited")]}]
    with library:
        round_of(library, NOW, FAILED)
        round_of(library, NOW + timedelta(minutes=5), SENT, SENT, SENT, SENT)
    assert [each.get("thread_ts", "") for each in posted(slack)] == ["", "", *["1764000000.000100"] * 3]


def test_of_a_parent_that_may_have_arrived_the_rest_is_told_beside_it(
    library: Library, slack: FaultyWeb
) -> None:
    """Nobody knows its name, and it is never posted again unasked."""
    slack.plans = [{"end": [slack_answer(ok=False, error="internal_error")]}]
    with library:
        round_of(library, NOW, UNKNOWN, SENT, SENT, SENT)
        assert library.due(WATCH, NOW + timedelta(days=9)) == []
    assert [each.get("thread_ts", "") for each in posted(slack)] == [""] * 4


def test_what_is_sent_once_more_hangs_on_the_new_parent(library: Library, slack: FaultyWeb) -> None:
    with library:
        round_of(library, NOW, SENT, SENT, SENT, SENT)
        slack.yes = slack_answer(ok=True, channel="C07", ts="2.2")
        library.plan_again(WATCH, 1, "ada", NOW, even_if_sent=True)
        round_of(library, NOW, SENT, SENT, SENT, SENT)
    assert [each.get("thread_ts", "") for each in posted(slack)][4:] == ["", "2.2", "2.2", "2.2"]


def test_of_a_parent_that_was_deleted_the_rest_is_told_in_the_channel(
    library: Library, slack: FaultyWeb
) -> None:
    with library:
        slack.plans = [{}, {"end": [slack_answer(ok=False, error="thread_not_found")]}]
        round_of(library, NOW, SENT, SENT, SENT, SENT)
    assert [each.get("thread_ts", "") for each in posted(slack)][1:3] == ["1764000000.000100", ""]


def test_a_webhook_which_has_no_threads_gets_one_message_behind_the_first() -> None:
    made = message(digest(11))
    for url in (HOOK, "json://localhost/hook"):
        first, second = pack(made, url, "ada", "slack")
        assert first.body.decode() == made.slack[0]
        assert json.loads(second.body)["text"] == "The other 8, digest 14"
