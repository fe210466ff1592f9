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
from flows.runtime import settings
from flows.runtime.outcome import FlowOutcome
from queries.errors import SettingsError
from queries.mirror.server import MirrorServer
from queries.records.digest import DeliveryState
from queries.records.library import Delivery


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
    """Exit 3 and the server's own words; the next run sends what is owed to the refused one alone."""
    mail_server.unknown = {"ben@example.com"}
    first = digest(scenario)
    assert first.exit_code == 3
    (said,) = first.trouble
    assert said.startswith("Digest 1 was not delivered to ben (failed): ben@example.com: ")
    assert "no such user here" in said
    assert [to for to, _ in mail_server.mails] == ["ann@example.com"]
    assert len(hook.titles) == 1

    mail_server.unknown.clear()
    second = digest(scenario, hour=1)
    assert (second.exit_code, second.trouble) == (0, ())
    numbers = [(to, str(mail["Subject"])[-8:]) for to, mail in mail_server.mails]
    assert sorted(numbers) == [
        (f"{name}@example.com", f"digest {number}") for name in ("ann", "ben") for number in (1, 2)
    ]
    assert hook.titles == [first.facts["subject"], second.facts["subject"]]
    assert len({mail["Message-ID"] for _, mail in mail_server.mails if mail["To"] == "ann@example.com"}) == 2
    assert {each.state for each in deliveries(scenario)} == {DeliveryState.SENT}


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


def test_a_preview_neither_sends_nor_blames_what_is_owed(
    scenario: Scenario, mail_server: MailServer, tmp_path: Path
) -> None:
    scenario.decide(FIRST)
    preview = tmp_path / "preview"
    rehearsal = replace(scenario, setting=replace(scenario.setting, preview=preview))
    later = FIRST + timedelta(hours=1)
    rehearsal.decide(later)
    receipts, doubts = rehearsal.send(later)
    assert [(each.recipient, each.state, each.reason) for each in receipts] == [
        ("preview", DeliveryState.SENT, "")
    ]
    assert doubts == []
    assert [each.name for each in preview.glob("*.html")] == ["2.html"]
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
    (receipt,), _ = left.send(FIRST)
    assert (receipt.recipient, receipt.state) == ("ann", DeliveryState.FAILED)
    assert "no longer in the watch" in receipt.reason
    assert mail_server.mails == []


def test_a_secret_that_went_missing_leaves_the_digest_owed(
    scenario: Scenario, mail_server: MailServer
) -> None:
    scenario.decide(FIRST)
    poor = replace(scenario, setting=replace(scenario.setting, secrets={}))
    with pytest.raises(SettingsError, match=r"recipient ann: \$MAIL is not set"):
        poor.send(FIRST)
    receipts, _ = scenario.send(FIRST)
    assert {receipt.state for receipt in receipts} == {DeliveryState.SENT}
    assert len(mail_server.mails) == 2
