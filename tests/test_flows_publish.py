"""The archive that every digest builds: from a real library, with every link of every mail in it."""

import re
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import rispy
from lxml import html
from support.scenario import Scenario, small_scenario

from flows.publish import publish, published
from queries.mirror.server import MirrorServer

FIRST = datetime(2026, 10, 19, 12, tzinfo=UTC)
BASE = "https://archive.example.org/ours"


@pytest.fixture
def scenario(tmp_path: Path, mirror: MirrorServer) -> Scenario:
    """Three weeks of the small watch, whose site has an address."""
    lived = small_scenario(tmp_path, mirror, more="")
    file = lived.setting.watches[-1] / "small.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[digest]\n", f'[digest]\narchive = "{BASE}/"\n'), encoding="utf-8")
    for week in range(3):
        lived.run(FIRST + timedelta(weeks=week))
    return lived


def test_every_link_of_every_mail_to_the_archive_leads_to_a_page_of_it(scenario: Scenario) -> None:
    assert published(scenario.setting) == ()
    site = scenario.setting.site
    mails = list((site.parents[1] / "out" / "small").glob("*.html"))
    assert len(mails) == 3
    links = [
        link for mail in mails for link in html.parse(str(mail)).xpath("//@href") if link.startswith(BASE)
    ]
    assert links
    for link in links:
        path = urlsplit(link).path.removeprefix(urlsplit(BASE).path).strip("/") or "index.html"
        assert (site / path).is_file(), link


def test_the_next_digest_writes_its_own_pages_and_keeps_the_others(scenario: Scenario) -> None:
    setting = scenario.setting
    publish(setting, setting.site)
    before = {path: path.stat().st_mtime_ns for path in setting.site.rglob("*.html")}
    made = scenario.run(FIRST + timedelta(weeks=3))
    publish(setting, setting.site)
    for entry in made.entries:
        assert (setting.site / "article" / f"{entry.pmid}.html").is_file()
    digest = setting.site / "small" / "digest" / "1.html"
    assert digest.stat().st_mtime_ns == before[digest]
    assert publish(setting, setting.site).written == 0


def test_a_verdict_shows_on_the_papers_page_and_the_watchs(scenario: Scenario) -> None:
    setting = scenario.setting
    publish(setting, setting.site)
    with scenario.library() as library:
        pmid = library.told("small")[0].pmid
        library.judge("small", {pmid: True}, FIRST)
        library.judge("small", {pmid: False}, FIRST + timedelta(days=1))
        library.judge("small", {pmid: True}, FIRST, reader="another")
    publish(setting, setting.site)
    page = (setting.site / "article" / f"{pmid}.html").read_text(encoding="utf-8")
    assert "Readers: 1 useful, 1 not." in page


def test_a_site_that_cannot_be_written_is_trouble_and_no_end(scenario: Scenario) -> None:
    setting = scenario.setting
    setting.site.parent.mkdir(exist_ok=True)
    setting.site.write_text("a file in its place")
    (trouble,) = published(setting)
    assert re.match(r"The archive site is not up to date: .*site", trouble)


def test_the_pages_can_be_read_by_a_web_server(scenario: Scenario) -> None:
    publish(scenario.setting, scenario.setting.site)
    for path in scenario.setting.site.rglob("*"):
        assert path.stat().st_mode & stat.S_IROTH, path


def test_a_rehearsal_builds_no_site(scenario: Scenario, tmp_path: Path) -> None:
    assert published(replace(scenario.setting, preview=tmp_path / "preview")) == ()
    assert not scenario.setting.site.exists()


def test_a_renamed_watchs_old_mails_still_lead_to_its_digests(scenario: Scenario) -> None:
    setting = scenario.setting
    with scenario.library() as library:
        library.began("small", scenario.watch.seed, FIRST)
        library.rename("small", "renamed")
    publish(setting, setting.site)
    old = html.parse(str(setting.site / "small" / "digest" / "1.html"))
    (link,) = old.xpath("//main//a/@href")
    new = setting.site / "renamed" / "digest" / "1.html"
    assert (setting.site / "small" / "digest" / link).resolve() == new
    inside = "//@href[not(contains(., ':')) and not(starts-with(., '#'))]"
    for page in setting.site.rglob("*.html"):
        for link in html.parse(str(page)).xpath(inside):
            assert (page.parent / link.partition("#")[0]).is_file(), f"{page}: {link}"


def test_a_readers_exports_go_with_his_mail(tmp_path: Path, mirror: MirrorServer) -> None:
    lived = small_scenario(tmp_path, mirror)
    file = lived.setting.watches[-1] / "small.toml"
    file.write_text(f'{file.read_text(encoding="utf-8")}attach = ["ris", "csv"]\n', encoding="utf-8")
    made = lived.run(FIRST)
    (letter,) = (tmp_path / "out" / "small").glob("*.eml")
    parts = list(BytesParser(policy=default).parsebytes(letter.read_bytes()).iter_attachments())
    assert [part.get_filename() for part in parts] == ["small-1.ris", "small-1.csv"]
    told = [record["id"] for record in rispy.loads(bytes(parts[0].get_content()).decode())]
    assert set(told) == {str(entry.pmid) for entry in made.entries} | {
        str(each.pmid) for each in made.changes
    }
