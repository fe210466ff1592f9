"""The archive in a real browser, from a folder: search, filters, links, feeds, what machines read."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import etree, html
from playwright.sync_api import Browser, Page, expect
from support.chromium import needs_chromium, opened_browser
from support.site_samples import build, details, digests, outline, records

from queries.errors import InputError
from reports.exports import fields
from reports.site import search
from reports.site.outline import VerdictSum

EVERY = digests()
RECORDS = records(EVERY)
FIRST_PMID = next(iter(RECORDS))
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of three digests."""
    folder = tmp_path_factory.mktemp("archive") / "sité of ours"
    build(folder, outline(EVERY), details(EVERY))
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that tells no lie on its console."""
    opened = browser.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("requestfailed", lambda request: said.append(request.url))
    yield opened
    assert said == []
    opened.close()


@needs_chromium
@pytest.mark.parametrize(
    ("typed", "hits"),
    [
        ("mueller", len(RECORDS)),
        ("müller-lüdenscheidt", len(RECORDS)),
        ("Muller Anna", len(RECORDS)),
        (str(FIRST_PMID), 1),
        ("zebrafish7", 1),
        ("beta-catenin ANGSTROM", len(RECORDS)),
        ("β-catenin zebrafish3", sum(str(at).startswith("3") for at in range(len(RECORDS)))),
        (RECORDS[FIRST_PMID].doi, 1),
        ("invented group", len(RECORDS)),
        ("nothing of the kind", 0),
    ],
)
def test_papers_are_found_by_author_pmid_doi_and_words(site: Path, page: Page, typed: str, hits: int) -> None:
    page.goto((site / "search.html").as_uri())
    page.keyboard.press("/")
    page.keyboard.type(typed)
    expect(page.locator("#count")).to_have_text("1 paper" if hits == 1 else f"{hits} papers")
    assert page.locator("#hits li").count() == min(hits, 50)


@needs_chromium
def test_filters_narrow_and_the_address_holds_them(site: Path, page: Page) -> None:
    tfr = [entry for made in EVERY for entry in made.entries if entry.tfr]
    page.goto((site / "search.html").as_uri())
    page.get_by_label("Treatment-free remission").check()
    expect(page.locator("#count")).to_have_text(f"{len(tfr)} papers")
    page.get_by_label("Topic").select_option("TFR")
    on_topic = [entry for entry in tfr if "TFR" in entry.topics]
    expect(page.locator("#count")).to_have_text(f"{len(on_topic)} papers")
    page.get_by_label("Year").select_option("2026")
    page.get_by_label("Trials").check()
    page.get_by_label("People").check()
    expect(page.locator("#count")).to_have_text(f"{len(on_topic)} papers")
    assert "tfr=1" in page.url
    assert "topic=TFR" in page.url
    page.go_back()
    expect(page.get_by_label("People")).not_to_be_checked()
    page.get_by_label("Question").select_option("clinic")
    for_clinic = [entry for entry in on_topic if entry.question == "clinic"]
    expect(page.locator("#count")).to_have_text(f"{len(for_clinic)} papers")
    page.get_by_label("Retracted").check()
    expect(page.locator("#count")).to_have_text("0 papers")


@needs_chromium
def test_a_search_can_be_sent_on_and_the_back_button_comes_back_to_it(site: Path, page: Page) -> None:
    page.goto(f"{(site / 'search.html').as_uri()}#q=zebrafish7&year=2026")
    expect(page.locator("#count")).to_have_text("1 paper")
    page.get_by_label("Author, PMID").press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(re.compile(r"\w"))
    assert "/article/" in page.url
    page.go_back()
    expect(page.locator("#count")).to_have_text("1 paper")
    assert page.get_by_label("Author, PMID").input_value() == "zebrafish7"


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_finding_of_axe_nor_hangs_over(
    site: Path, browser: Browser, scheme: str
) -> None:
    paths = ["index.html", "cml-stem-cells/index.html", "cml-stem-cells/digest/3.html"]
    paths += [f"article/{FIRST_PMID}.html", "search.html#q=anna"]
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": 375, "height": 800}
    )
    for path in paths:
        page = context.new_page()
        page.goto(f"{site.as_uri()}/{path}")
        page.wait_for_timeout(100)
        findings = Axe().run(page).response["violations"]
        assert [each["id"] for each in findings if each["impact"] in {"serious", "critical"}] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, path
        page.close()
    context.close()


def test_every_link_within_the_site_leads_to_a_page_and_a_place_on_it(site: Path) -> None:
    pages = {path.resolve(): html.parse(str(path)) for path in site.rglob("*.html")}
    assert len(pages) == 3 + 3 + len(RECORDS)
    links = 0
    for path, tree in pages.items():
        for link in tree.xpath("//@href | //@src"):
            parts = urlsplit(link)
            if parts.scheme:
                assert parts.scheme in {"https", "data"}
                continue
            links += 1
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), f"{path}: {link}"
            if parts.fragment and target.name != "search.html":
                assert pages[target].xpath("//*[@id=$id]", id=parts.fragment), f"{path}: {link}"
    assert links > 5 * len(pages)


def test_no_page_asks_anything_of_another_host_or_wants_to_be_found(site: Path) -> None:
    for path in site.rglob("*.html"):
        tree = html.parse(str(path))
        assert tree.xpath("//meta[@name='robots']/@content") == ["noindex, nofollow"]
        assert not [each for each in tree.xpath("//script/@src | //link/@href | //img/@src") if "//" in each]
    assert "http" not in (site / "static" / "search.js").read_text()


def test_zotero_can_rebuild_the_record_from_the_page(site: Path) -> None:
    """As its Embedded Metadata translator reads citation_*: names split at the comma, dates at slashes."""
    for pmid, source in list(RECORDS.items())[:5]:
        tree = html.parse(str(site / "article" / f"{pmid}.html"))
        found: dict[str, list[str]] = {}
        for meta in tree.xpath("//meta[starts-with(@name, 'citation_')]"):
            found.setdefault(meta.get("name").removeprefix("citation_"), []).append(meta.get("content"))
        people = [tuple(name.split(", ")) for name in found["author"]]
        assert people == [(a.collective,) if a.collective else (a.last, a.fore) for a in source.authors]
        assert found["title"] == [fields.title_of(source)]
        assert (found["doi"], found["pmid"]) == ([source.doi], [str(pmid)])
        assert "-".join(found["publication_date"][0].split("/")) == source.published
        assert found["journal_title"] == [source.journal.title]
        assert (found["volume"], found["issue"]) == (["7"], ["2"])
        assert (found["firstpage"], found["lastpage"]) == (["12"], ["19"])
        (script,) = tree.xpath("//script[@type='application/ld+json']/text()")
        linked = json.loads(script)
        assert linked["@type"] == "ScholarlyArticle"
        assert linked["author"][1] == {"@type": "Organization", "name": "The Invented <Group>"}
        assert linked["datePublished"] == source.published


ATOM_SCHEMA = """<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
 datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"><start><element name="feed"><interleave>
<element name="id"><data type="anyURI"/></element><element name="title"><text/></element>
<element name="updated"><data type="dateTime"/></element><ref name="author"/>
<optional><element name="generator"><text/></element></optional><zeroOrMore><ref name="link"/></zeroOrMore>
<zeroOrMore><element name="entry"><interleave><element name="id"><data type="anyURI"/></element>
<element name="title"><text/></element><element name="updated"><data type="dateTime"/></element>
<element name="published"><data type="dateTime"/></element><oneOrMore><ref name="link"/></oneOrMore>
<zeroOrMore><ref name="author"/></zeroOrMore>
<zeroOrMore><element name="category"><attribute name="term"/></element></zeroOrMore>
<optional><element name="summary"><text/></element></optional></interleave></element></zeroOrMore>
</interleave></element></start>
<define name="author"><element name="author"><element name="name"><data type="string">
<param name="minLength">1</param></data></element></element></define>
<define name="link"><element name="link"><attribute name="rel"/><attribute name="href"><data type="anyURI"/>
</attribute></element></define></grammar>"""  # RFC 4287, what of it we write
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_text", "date_published", "url"],
                "properties": {
                    "date_published": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
                    "url": {"pattern": "^https://"},
                    "authors": {"type": "array", "items": {"type": "object", "required": ["name"]}},
                },
            },
        },
    },
}


def test_the_feeds_are_what_their_standards_say_and_name_the_authors(site: Path) -> None:
    atom = etree.parse(site / "cml-stem-cells" / "feed.xml")
    etree.RelaxNG(etree.fromstring(ATOM_SCHEMA)).assertValid(atom)
    items = json.loads((site / "cml-stem-cells" / "feed.json").read_text(encoding="utf-8"))
    jsonschema.validate(items, JSON_FEED)
    told = sum(len(made.entries) + len(made.changes) for made in EVERY)
    assert len(items["items"]) == len(atom.findall(f"{ATOM}entry")) == min(told, 50)
    ids = [item["id"] for item in items["items"]]
    assert ids == [entry.findtext(f"{ATOM}id") for entry in atom.iterfind(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    assert [each["name"] for each in items["items"][0]["authors"]][1:] == ["The Invented <Group>"]
    assert items["items"][0]["title"].startswith("Retracted: ")


def test_ids_of_a_feed_stay_when_the_watch_is_renamed_or_gets_an_address(site: Path, tmp_path: Path) -> None:
    def moved(made: object) -> object:
        return replace(made, watch="another", links=made.links._replace(archive="https://a.example"))  # type: ignore[type-var,attr-defined]

    others = tuple(moved(made) for made in EVERY)
    build(tmp_path / "site", outline(others), details(others))  # type: ignore[arg-type]
    before, after = (
        json.loads((folder / "feed.json").read_text(encoding="utf-8"))["items"]
        for folder in (site / "cml-stem-cells", tmp_path / "site" / "another")
    )
    assert [item["id"] for item in before] == [item["id"] for item in after]
    assert all(item["url"].startswith("https://a.example/article/") for item in after)


def test_only_what_changed_is_written_again(tmp_path: Path) -> None:
    folder, every = tmp_path / "site", digests(4)
    first, known = outline(every[:3]), details(every)
    build(folder, first, known)
    assert build(folder, first, known).written == 0

    judged = outline(every[:3])
    paper = judged.papers[FIRST_PMID] if FIRST_PMID in judged.papers else next(iter(judged.papers.values()))
    papers = dict(judged.papers) | {paper.pmid: replace(paper, verdicts={"cml-stem-cells": VerdictSum(9, 0)})}
    again = build(folder, replace(judged, papers=papers), known)
    assert "9 useful" in (folder / "article" / f"{paper.pmid}.html").read_text(encoding="utf-8")
    assert again.written == 4  # its page, its part of the index, its watch, the search page

    old = {path: path.stat().st_mtime_ns for path in folder.rglob("*.html")}
    build(folder, outline(every), known)
    new = {path for path in folder.rglob("*.html") if path.stat().st_mtime_ns != old.get(path)}
    assert {path.name for path in new if path.parent.name == "digest"} == {"3.html", "4.html"}  # 3 has a next

    (folder / "article" / f"{paper.pmid}.html").unlink()
    assert build(folder, outline(every), known).written == 1
    assert build(folder, outline(()), details(())).removed > len(RECORDS)


def test_a_build_that_was_killed_is_made_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, first, known = tmp_path / "site", outline(EVERY), details(EVERY)
    calls = iter(range(10_000))
    real = Path.replace

    def dying(self: Path, target: Path) -> Path:
        if next(calls) == 20:
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", dying)
        with pytest.raises(KeyboardInterrupt):
            build(folder, first, known)
    build(folder, first, known)
    whole = tmp_path / "whole"
    build(whole, first, known)
    assert {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*.html")} == {
        p.relative_to(whole): p.read_bytes() for p in whole.rglob("*.html")
    }


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="other things in it"):
        build(tmp_path, outline(EVERY), details(EVERY))


def test_a_library_without_a_digest_has_a_page_that_says_so(tmp_path: Path) -> None:
    build(tmp_path / "site", outline(()), details(()))
    assert "No digest yet" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_words_are_what_the_browser_makes_of_them() -> None:
    assert search.words("BCR::ABL1 in Ångström-sized β-cells²") == {
        "bcr", "abl1", "in", "angstrom", "aangstroem", "sized", "β", "beta", "cells2",
    }  # fmt: skip
    assert search.words("Ørsted, Łódź & Strauß") >= {
        "ørsted",
        "orsted",
        "oersted",
        "lodz",
        "strauss",
        "strauß",
    }
