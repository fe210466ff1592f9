"""The digest flow and its recipients: exactly one message each, and what became of it is said."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import FIRST
from support.receivers import MailServer, WebHook, serving_hook, serving_mail
from support.scenario import Scenario, small_scenario

from flows.cli.run import run_flow
from flows.deliver import deliver
from flows.runtime import settings
from flows.runtime.outcome import FlowOutcome, ended
from flows.runtime.standing import _status
from queries.errors import SettingsError
from queries.mirror.server import MirrorServer
from queries.records.outbox import Delivery, DeliveryState
from reports.answers.outbox import sentence


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with serving_mail() as server:
        yield server


@pytest.fixture
def hook() -> Iterator[WebHook]:
    with serving_hook() as server:
        yield server


@pytest.fixture
def scenario(mirror: MirrorServer, mail_server: MailServer, hook: WebHook, tmp_path: Path) -> Scenario:
    """Two who read mail, and a channel; PubMed has been asked."""
    to = {"ann": "${MAIL}ann@example.com", "ben": "${MAIL}ben@example.com", "lab": "$HOOK"}
    bare = small_scenario(tmp_path, mirror, to)
    scenario = replace(
        bare, setting=replace(bare.setting, secrets={"MAIL": mail_server.url, "HOOK": hook.url})
    )
    scenario.harvest(FIRST)
    return scenario


def digest(scenario: Scenario, hour: int = 0, preview: Path | None = None) -> FlowOutcome:
    """The real flow."""
    with settings.replaced(scenario.setting):
        return run_flow("digest", {"watch": scenario.name, "now": FIRST + timedelta(hours=hour)}, preview)


def deliveries(scenario: Scenario) -> tuple[Delivery, ...]:
    with scenario.library() as library:
        return library.deliveries(scenario.name)


@pytest.mark.usefixtures("prefect_api")
def test_each_recipient_gets_exactly_one_message_and_a_refusal_is_made_good_later(
    scenario: Scenario, mail_server: MailServer, hook: WebHook
) -> None:
    """Exit 3 and the server's own words; what is owed goes to the refused one alone, when it is due."""
    mail_server.busy = {"ben@example.com"}
    first = digest(scenario)
    assert first.exit_code == 3
    (trouble,) = first.trouble
    assert trouble.startswith("Digest 1 has not reached ben (ben@example.com): 451 4.3.0 try again later; ")
    assert trouble.endswith("tried again from 2026-10-19 12:05 UTC")
    assert [to for to, _ in mail_server.mails] == ["ann@example.com"]
    assert len(hook.titles) == 1

    mail_server.busy.clear()
    second = digest(scenario, hour=1)
    assert (second.exit_code, second.trouble) == (0, ())
    assert second.line == "small: nothing new; --again makes a digest that says so; 1 of 1 deliveries sent."
    assert [to for to, _ in mail_server.mails] == ["ann@example.com", "ben@example.com"]
    assert hook.titles == [first.facts["subject"]]
    assert {each.state for each in deliveries(scenario)} == {DeliveryState.SENT}


@pytest.mark.usefixtures("prefect_api")
def test_an_outcome_that_a_busy_server_sends_back_without_its_data_is_known_all_the_same(
    scenario: Scenario, mail_server: MailServer
) -> None:
    """Seen under load: a degraded run would end as unexpected, exit 1 instead of 3."""
    mail_server.unknown = {"ben@example.com"}
    scenario.decide(FIRST)
    with settings.replaced(scenario.setting):
        state = deliver("small", now=FIRST, return_state=True)
    state.data = None
    outcome = ended(state)
    assert isinstance(outcome, FlowOutcome)
    assert (outcome.flow, outcome.exit_code) == ("deliver", 3)


def test_what_is_retried_is_byte_for_byte_what_was_recorded(
    scenario: Scenario, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No new title, no other topics, no other format and no new code alters a digest that is owed."""
    mail_server.busy = {"ben@example.com"}
    scenario.digest(FIRST)
    mail_server.busy.clear()
    file = scenario.setting.watches[-1] / "small.toml"
    text = file.read_text("utf-8").replace("Imatinib and the niche", "Another title")
    other = 'name = "ben"\nformat = "text"\ntopics = ["TME"]'
    file.write_text(text.replace('name = "ben"', other), "utf-8")
    monkeypatch.setattr("reports.formats.message.html", lambda _: "other code")
    scenario.send(FIRST + timedelta(hours=1))
    (_, ann), (_, ben) = mail_server.mails
    assert [part.get_payload() for part in ann.walk() if not part.is_multipart()] == [
        part.get_payload() for part in ben.walk() if not part.is_multipart()
    ]
    assert (ann["Subject"], ann["From"]) == (ben["Subject"], ben["From"])
    assert scenario.watch.title == "Another title"


def test_retries_grow_apart_and_end_and_the_end_is_told(scenario: Scenario, mail_server: MailServer) -> None:
    mail_server.busy = {"ben@example.com"}
    scenario.digest(FIRST)
    now, tries = FIRST, 1
    while waiting := [each.due for each in deliveries(scenario) if each.due]:
        (due,) = waiting
        assert due > now
        assert scenario.send(due - timedelta(seconds=1)) == []
        now, tries = due, tries + 1
        (last,) = scenario.send(now)
    assert tries == last.tries == 9
    assert timedelta(days=6) < now - FIRST < timedelta(days=8)
    assert "given up after 9 tries" in sentence("small", last)
    assert scenario.send(now + timedelta(days=365)) == []


@pytest.mark.usefixtures("prefect_api")
def test_what_is_refused_for_good_is_not_tried_again_and_a_person_is_told_at_once(
    scenario: Scenario, mail_server: MailServer
) -> None:
    """Nine tries in a week would tell nobody more; mended and sent by hand, it arrives."""
    mail_server.unknown = {"ben@example.com"}
    first = digest(scenario)
    assert first.exit_code == 3
    (trouble,) = first.trouble
    assert trouble == (
        "Digest 1 has not reached ben (ben@example.com): 550 5.1.1 no such user here; not tried again. "
        "Mend that, then `seedwatch outbox send small 1 ben`, or `seedwatch outbox waive small 1 ben`"
    )
    with scenario.library() as library:
        alarms = _status(scenario.setting, library, scenario.watch, FIRST + timedelta(hours=1), ()).alarms
    assert trouble in alarms
    assert scenario.send(FIRST + timedelta(days=365)) == []
    mail_server.unknown.clear()
    with scenario.library() as library:
        library.plan_again("small", 1, "ben", FIRST + timedelta(hours=2), even_if_sent=False)
    assert [each.state for each in scenario.send(FIRST + timedelta(hours=2))] == [DeliveryState.SENT]
    assert [to for to, _ in mail_server.mails] == ["ann@example.com", "ben@example.com"]


def test_of_several_addresses_only_the_refused_one_is_tried_again(
    mirror: MirrorServer, mail_server: MailServer, tmp_path: Path
) -> None:
    to = {"both": f"{mail_server.url}bob@example.com,cat@example.com"}
    scenario = small_scenario(tmp_path, mirror, to)
    scenario.harvest(FIRST)
    mail_server.busy = {"cat@example.com"}
    scenario.digest(FIRST)
    mail_server.busy.clear()
    scenario.send(FIRST + timedelta(hours=1))
    assert [address for address, _ in mail_server.mails] == ["bob@example.com", "cat@example.com"]


@pytest.mark.parametrize(("on_unknown", "copies"), [("ask", 1), ("resend", 2)])
def test_a_doubt_is_sent_again_only_to_whoever_wants_that(
    mirror: MirrorServer, hook: WebHook, tmp_path: Path, on_unknown: str, copies: int
) -> None:
    scenario = small_scenario(tmp_path, mirror, {"lab": hook.url})
    file = scenario.setting.watches[-1] / "small.toml"
    file.write_text(file.read_text("utf-8") + f'on_unknown = "{on_unknown}"\n', encoding="utf-8")
    scenario.harvest(FIRST)
    hook.status = 500
    scenario.digest(FIRST)
    (doubt,) = deliveries(scenario)
    assert doubt.state is DeliveryState.UNKNOWN
    hook.status = 200
    scenario.send(FIRST + timedelta(hours=1))
    assert len(hook.titles) == copies


@pytest.mark.usefixtures("prefect_api")
def test_a_preview_is_written_and_nothing_is_sent_or_recorded(
    scenario: Scenario, mail_server: MailServer, hook: WebHook, tmp_path: Path
) -> None:
    before = scenario.setting.database.read_bytes()
    shown = digest(scenario, preview=tmp_path / "preview")
    assert shown.exit_code == 0
    assert shown.facts["told"]
    assert {"1.html", "1.txt", "1.eml", "1.slack.json"} <= {
        each.name for each in (tmp_path / "preview").iterdir()
    }
    assert (mail_server.mails, hook.titles, deliveries(scenario)) == ([], [], ())
    assert scenario.setting.database.read_bytes() == before


@pytest.mark.usefixtures("prefect_api")
def test_a_preview_neither_sends_nor_blames_what_is_owed(
    scenario: Scenario, mail_server: MailServer, tmp_path: Path
) -> None:
    scenario.decide(FIRST)
    shown = digest(scenario, hour=1, preview=tmp_path / "preview")
    assert (shown.exit_code, shown.trouble) == (0, ())
    assert shown.line.endswith(f"written to {tmp_path / 'preview'}, nothing sent.")
    assert [each.name for each in (tmp_path / "preview").glob("*.html")] == ["2.html"]
    assert mail_server.mails == []


@pytest.mark.usefixtures("prefect_api")
def test_more_than_is_expected_waits_for_a_person_and_is_noted(
    mirror: MirrorServer, mail_server: MailServer, tmp_path: Path
) -> None:
    scenario = small_scenario(tmp_path, mirror, {"ann": f"{mail_server.url}ann@example.com"})
    file = scenario.setting.watches[-1] / "small.toml"
    file.write_text(file.read_text("utf-8") + "\n[expect]\nmax = 1\n", encoding="utf-8")
    scenario.harvest(FIRST)
    held = digest(scenario)
    assert held.exit_code == 3
    assert "0 to 1 are expected" in held.trouble[0]
    with scenario.library() as library:
        assert [run.trouble for run in library.runs("small") if run.flow == "digest"] == [held.trouble]
        assert library.last_digest("small") is None
    assert mail_server.mails == []
    with settings.replaced(scenario.setting):
        sent = run_flow("digest", {"watch": "small", "now": FIRST, "anyway": True})
    assert (sent.exit_code, len(mail_server.mails)) == (0, 1)


def test_a_recipient_gets_only_the_topics_asked_for(
    mirror: MirrorServer, mail_server: MailServer, tmp_path: Path
) -> None:
    scenario = small_scenario(tmp_path, mirror, {"ann": f"{mail_server.url}ann@example.com"})
    file = scenario.setting.watches[-1] / "small.toml"
    file.write_text(file.read_text("utf-8") + 'topics = ["TME"]\n', encoding="utf-8")
    made = scenario.run(FIRST)
    wanted = {entry.pmid for entry in made.entries if "TME" in entry.topics}
    assert 0 < len(wanted) < len(made.entries)
    ((_, mail),) = mail_server.mails
    text = mail.get_body(("plain",))
    assert text is not None
    content = text.get_content()
    assert {entry.pmid for entry in made.entries if str(entry.pmid) in content} == wanted


def test_who_left_the_watch_gets_nothing_and_it_is_said(
    mirror: MirrorServer, mail_server: MailServer, tmp_path: Path
) -> None:
    scenario = small_scenario(tmp_path, mirror, {"ann": f"{mail_server.url}ann@example.com"})
    scenario.harvest(FIRST)
    scenario.decide(FIRST)
    left = small_scenario(tmp_path, mirror, {"ben": f"{mail_server.url}ben@example.com"})
    (delivery,) = left.send(FIRST)
    assert (delivery.recipient, delivery.state, delivery.due) == ("ann", DeliveryState.FAILED, None)
    assert "is no longer a recipient of the watch" in sentence("small", delivery)
    assert left.send(FIRST + timedelta(days=30)) == []
    assert mail_server.mails == []


def test_changes_go_to_whom_the_paper_was_sent(
    mirror: MirrorServer, mail_server: MailServer, tmp_path: Path
) -> None:
    """Who joins later hears nothing of what happened to papers that he never had."""
    ann = {"ann": f"{mail_server.url}ann@example.com"}
    scenario = small_scenario(tmp_path, mirror, ann)
    weeks = [FIRST + timedelta(weeks=week) for week in range(3)]
    for now in weeks[:2]:
        scenario.run(now)
    later = small_scenario(tmp_path, mirror, ann | {"ben": f"{mail_server.url}ben@example.com"})
    made = later.run(weeks[2])
    assert made.changes
    told = {to: mail.as_string() for to, mail in mail_server.mails}
    for change in made.changes:
        assert str(change.pmid) in told["ann@example.com"]
        assert str(change.pmid) not in told["ben@example.com"]


def test_a_secret_that_went_missing_leaves_the_digest_owed(
    scenario: Scenario, mail_server: MailServer
) -> None:
    scenario.decide(FIRST)
    poor = replace(scenario, setting=replace(scenario.setting, secrets={}))
    with pytest.raises(SettingsError, match=r"recipient ann: \$MAIL is not set"):
        poor.send(FIRST)
    assert {delivery.state for delivery in scenario.send(FIRST)} == {DeliveryState.SENT}
    assert len(mail_server.mails) == 2
