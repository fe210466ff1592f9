"""A reader's tap in a real browser: from the digest's HTML to what the next digest says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import FIRST
from playwright.sync_api import Browser, Page
from support.chromium import needs_chromium, opened_browser
from support.dovecot import free_port
from support.scenario import Scenario, small_scenario

from flows.verdicts import log
from flows.verdicts.endpoint import served
from queries.mirror.server import MirrorServer

pytestmark = needs_chromium
AS_A_PERSON = "--disable-blink-features=AutomationControlled"  # else a page knows that a program drives it


@pytest.fixture(scope="module", params=[AS_A_PERSON])
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with opened_browser(request.param) as opened:
        yield opened


@pytest.fixture
def scenario(tmp_path: Path, mirror: MirrorServer) -> Iterator[Scenario]:
    """A watch whose first digest is made, and the endpoint that its links lead to."""
    made, port = small_scenario(tmp_path, mirror), free_port()
    made.setting = replace(made.setting, verdicts_url=f"http://127.0.0.1:{port}")
    made.run(FIRST)
    with served(made.setting, port, lambda _: None):
        yield made


def said(scenario: Scenario) -> list[str]:
    return [event.word for event in log.events(scenario.setting.home / log.NAME)]


def tap(page: Page, scenario: Scenario, name: str) -> None:
    """Open the first digest as a mail program shows it, and tap the first link of this name."""
    page.goto((scenario.setting.home.parent / "out" / "small" / "1.html").as_uri())
    page.get_by_role("link", name=f"{name}:").first.click()


def test_a_tap_is_stored_moves_the_ranking_and_is_said_in_the_next_digest(
    scenario: Scenario, browser: Browser
) -> None:
    folder = scenario.setting.home.parent
    with scenario.library() as library:
        library.backup(folder / "untapped.duckdb")
    untapped = replace(scenario, setting=replace(scenario.setting, database=folder / "untapped.duckdb",
                                                 home=folder / "home of untapped"))  # fmt: skip
    page = browser.new_page(viewport={"width": 375, "height": 667})
    tap(page, scenario, "Useful")
    page.get_by_role("heading", name="Noted: useful").wait_for()
    assert said(scenario) == ["yes"]
    later = FIRST + timedelta(days=14)
    without = untapped.run(later)
    with_tap = scenario.run(later)  # which writes its files over the other's
    assert with_tap.verdicts.startswith("1 verdict since digest 1; papers like “")
    assert "now rank higher" in with_tap.verdicts
    assert without.verdicts == ""
    order, before = ([entry.pmid for entry in digest.entries] for digest in (with_tap, without))
    assert set(order) == set(before)
    assert order != before
    page.goto((folder / "out" / "small" / f"{with_tap.number}.html").as_uri())
    assert page.get_by_text(with_tap.verdicts).is_visible()


def test_undo_takes_it_back_and_a_tab_that_is_opened_again_says_nothing(
    scenario: Scenario, browser: Browser
) -> None:
    page = browser.new_page()
    tap(page, scenario, "Not for us")
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("You took it back").wait_for()
    link = page.url
    page.reload()
    browser.new_page().goto(link)
    page.go_back()
    assert said(scenario) == ["no", "undo"]


def test_without_scripts_the_page_asks_for_a_tap(scenario: Scenario, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    tap(page, scenario, "Useful")
    page.get_by_role("heading", name="Say “useful”?").wait_for()
    assert said(scenario) == []
    page.get_by_role("button", name="Useful").click()
    page.get_by_role("heading", name="Noted: useful").wait_for()
    assert said(scenario) == ["yes"]


@pytest.mark.parametrize("browser", ["--mute-audio"], indirect=True)
def test_a_scanner_that_opens_every_link_in_a_browser_says_nothing(
    scenario: Scenario, browser: Browser
) -> None:
    page = browser.new_page()
    page.goto((scenario.setting.home.parent / "out" / "small" / "1.html").as_uri())
    links = [link.get_attribute("href") for link in page.get_by_role("link").all()]
    own = [link for link in links if link and link.startswith(scenario.setting.verdicts_url)]
    assert own
    for link in own[:8]:
        page.goto(link, wait_until="networkidle")
        page.get_by_role("button").wait_for()
    assert said(scenario) == []
