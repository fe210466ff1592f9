import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))
from bench_endpoint import storm

from flows.runtime.settings import Settings
from flows.verdicts import log
from flows.verdicts.endpoint import served
from flows.verdicts.secret import verdict_secret
from queries.errors import SettingsError
from reports.digest.verdicts import unsubscribe_link, verdict_link

SOON = datetime.now(UTC) + timedelta(days=9)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Desk:
    """The endpoint as a reader's browser and a scanner meet it."""

    def __init__(self, setting: Settings, port: int) -> None:
        """Meet it on this port."""
        self.setting, self.base = setting, f"http://127.0.0.1:{port}"
        self.client = httpx.Client(follow_redirects=True)

    def link(
        self, word: str = "yes", *, secret: bytes = b"", until: datetime = SOON, pmid: int = 90000001
    ) -> str:
        """Ann's link of digest 7."""
        return verdict_link(
            self.base, secret or verdict_secret(self.setting), "ann", "cml", 7, pmid, word, until
        )

    def said(self) -> list[str]:
        """What the log holds."""
        return [event.word for event in log.events(self.setting.home / log.NAME)]

    def tap(self, url: str, by: str = "tap") -> httpx.Response:
        """Open the link, and press its button, or let its script do so."""
        return self.client.post(url, data={**fields(self.client.get(url).text), "by": by})


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    setting = Settings(
        home=tmp_path / "home", database=tmp_path / "l.duckdb", verdicts_url="https://v.example.org"
    )
    said: list[str] = []
    with served(setting, 0, said.append):
        yield Desk(setting, int(said[0].rsplit(":", 1)[1]))


def test_one_tap_is_kept_once_and_can_be_taken_back(desk: Desk) -> None:
    page = desk.tap(desk.link())
    assert "Noted: useful" in page.text
    assert desk.said() == ["yes"]
    assert "Nothing counts now" in desk.tap(desk.link()).text
    assert desk.said() == ["yes", "undo"]


def test_who_only_fetches_links_changes_nothing(desk: Desk) -> None:
    stop = unsubscribe_link(desk.base, verdict_secret(desk.setting), "ann@example.org", "cml", SOON)
    for url in (desk.link(), desk.link("no"), stop):
        for method in ("GET", "HEAD", "GET", "OPTIONS", "PUT", "DELETE"):
            desk.client.request(method, url)
        desk.client.post(url)
    assert desk.said() == []


def test_a_forged_an_expired_and_a_mended_link_are_refused_in_words(desk: Desk) -> None:
    good = desk.link()
    form = fields(desk.client.get(good).text)
    for url, words in (
        (desk.link(secret=b"x" * 32), "is not one that seedwatch sent"),
        (desk.link(until=datetime.now(UTC) - timedelta(days=1)), "expired on"),
        (good.replace("/yes/", "/no/"), "is not one"),
        (good.replace("/90000001/", "/90000002/"), "is not one"),
        (good.replace("/7/", "/07/"), "is not one"),
        (good.replace("/cml/", "/cml2/"), "is not one"),
        (good + "=", "is not one"),
        (desk.base + "/v/cml", "nothing here"),
    ):
        answer = desk.client.post(url, data=form)
        assert answer.status_code in {403, 404}
        assert words in answer.text
    assert desk.said() == []


def test_what_is_sent_twice_counts_once_also_after_it_was_taken_back(desk: Desk) -> None:
    url = desk.link()
    sent = {**fields(desk.client.get(url).text), "by": "script"}
    desk.client.post(url, data=sent)
    desk.tap(url)  # undo
    desk.client.post(url, data=sent)  # the very same request
    desk.tap(url, by="script")  # a browser that opens its tabs again runs the script again
    assert desk.said() == ["yes", "undo"]
    assert "data-at-once" not in desk.client.get(url).text
    desk.tap(url)
    assert desk.said() == ["yes", "undo", "yes"]


def test_a_page_of_one_link_says_nothing_by_another(desk: Desk) -> None:
    form = fields(desk.client.get(desk.link(pmid=90000002)).text)
    assert desk.client.post(desk.link(), data={**form, "by": "tap"}).status_code == 403
    form = fields(desk.client.get(desk.link()).text)
    assert desk.client.post(desk.link(), data={**form, "word": "no", "by": "tap"}).status_code == 403
    assert desk.said() == []


def test_a_changed_mind_counts(desk: Desk) -> None:
    desk.tap(desk.link("yes"), by="script")
    assert "Noted: not for us" in desk.tap(desk.link("no"), by="script").text
    assert "You said “not for us”" in desk.client.get(desk.link("yes")).text
    assert desk.said() == ["yes", "no"]


@pytest.mark.parametrize("form", ["urlencoded", "multipart"])
def test_one_click_unsubscribes_without_a_page_and_the_page_undoes_it(desk: Desk, form: str) -> None:
    url = unsubscribe_link(desk.base, verdict_secret(desk.setting), "Ann@example.org", "cml", SOON)
    send = (
        {"files": {name: (None, value) for name, value in ONE_CLICK.items()}}
        if form == "multipart"
        else {"data": ONE_CLICK}
    )
    for _ in range(2):  # a mail program may try again
        assert desk.client.post(url, **send).is_success
    assert desk.said() == ["unsubscribe"]
    assert "You are unsubscribed" in desk.client.get(url).text
    desk.tap(url)
    desk.client.post(url, **send)
    assert desk.said() == ["unsubscribe", "resubscribe", "unsubscribe"]


def test_links_and_log_hold_no_name_and_no_address(desk: Desk) -> None:
    stop = unsubscribe_link(desk.base, verdict_secret(desk.setting), "ann@example.org", "cml", SOON)
    desk.client.post(stop, data=ONE_CLICK)
    desk.tap(desk.link())
    kept = (desk.setting.home / log.NAME).read_text("utf-8") + stop + desk.link()
    assert "ann" not in kept
    assert "example.org" not in kept


def test_secret_and_log_are_their_owners_alone(desk: Desk) -> None:
    desk.tap(desk.link())
    for name in ("verdicts.key", log.NAME):
        assert (desk.setting.home / name).stat().st_mode & 0o777 == 0o600


def test_nobody_changes_his_mind_without_end(desk: Desk) -> None:
    for _ in range(log.MOST + 5):
        desk.tap(desk.link())
    assert len(desk.said()) == log.MOST


def test_a_vote_that_cannot_be_kept_is_not_thanked_for(desk: Desk) -> None:
    form = fields(desk.client.get(desk.link()).text)
    (desk.setting.home / log.NAME).mkdir()  # as bad as a full disk, and quicker
    answer = desk.client.post(desk.link(), data={**form, "by": "tap"})
    assert answer.status_code == 503
    assert "could not be kept" in answer.text


def test_random_requests_change_nothing_and_throw_nothing(tmp_path: Path) -> None:
    answers, events, thrown = storm(tmp_path, 300, 7)
    assert (events, thrown) == (0, "")
    assert not [status for status in answers if status.startswith("5")]
    assert sum(answers.values()) == 300


def test_a_port_that_is_taken_is_said(desk: Desk) -> None:
    port = int(desk.base.rsplit(":", 1)[1])
    with pytest.raises(SettingsError, match=f"--verdicts-port {port}"), served(desk.setting, port, print):
        pass


def test_the_page_asks_nobody_else_for_anything(desk: Desk) -> None:
    answer = desk.client.get(desk.link())
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"(src|href)=\"(?!https://pubmed)", answer.text)
    assert "server" not in answer.headers
    assert json.dumps(dict(answer.cookies)) == "{}"
