"""The digest in a real browser: on a phone and on a desk, by day and by night."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from support.chromium import needs_chromium, opened_browser
from support.reports_samples import LINKED, TRIAL, UNTIL, article, candidate, digest, empty, harvest, reader
from support.reports_samples import watch as sample_watch

from queries.records.digest import Band, TfrCard, Threshold
from queries.records.library import Span
from queries.watch.file import QuestionRule
from reports.digest.reader import for_reader
from reports.digest.record import DaysRead, Digest, JudgedBand, TopicName
from reports.formats.html import html
from reports.formats.text import text

pytestmark = needs_chromium

# For every text node: its colour against what is painted behind it, and whether it is cut off.
LOOK = """() => {
  const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = el => {
    for (; el; el = el.parentElement) {
      const colour = rgb(getComputedStyle(el).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const seen = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const el = texts.currentNode.parentElement, text = texts.currentNode.textContent.trim();
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const box = range.getBoundingClientRect(), style = getComputedStyle(el);
    if (!text || !box.width || style.fontSize === '0px' || !el.checkVisibility()) continue;
    const [a, b] = [light(rgb(style.color)), light(behind(el))].sort((x, y) => y - x);
    seen.push({text: text.slice(0, 60), contrast: (a + 0.05) / (b + 0.05), size: parseFloat(style.fontSize),
               left: box.left, right: box.right});
  }
  const page = document.documentElement;
  return {seen, width: innerWidth, height: page.scrollHeight, scroll: page.scrollWidth};
}"""


def awkward() -> Digest:
    """Everything that strains a layout: words without an end, long names, many badges."""
    endless = "methyl" * 40
    one = candidate(
        1, 0.9, "LSC", article=article(1, title=endless, title_html="", doi="10.5555/" + "x" * 90)
    )
    two = candidate(2, 0.8)
    return digest(
        candidates=[one, two],
        harvest=harvest(endless),
        threshold=Threshold(0.5, endless),
        watch=sample_watch(must_read=1),
    )


def everything() -> Digest:
    """What a digest seldom has: its own questions, new queries, a card of cells, a cap, what is held over."""
    rules = (
        QuestionRule(name="Stem cells", topics=("LSC",)),
        QuestionRule(name="The niche", topics=("Niche",)),
    )
    group = sample_watch(cap=20, **LINKED).model_copy(update={"questions": rules})
    card = TfrCard("66.0% vs 54.1%", "24 months", "", "BCR::ABL1 above 0.1% IS, one test", "1,398")
    stopped = replace(TRIAL, card=card)
    these = [candidate(n, 0.9 - n / 100, ("LSC", "Niche", "TKI")[n % 3], evidence=stopped) for n in range(26)]
    asked_before = tuple(TopicName(topic.short, topic.name, "other") for topic in group.topics)
    judged = JudgedBand(Band.CORE, 41, 46), JudgedBand(Band.NEAR, 3, 9)
    made = digest(candidates=these, watch=group, asked_before=asked_before, judged=judged)
    return for_reader(made, reader(cap=12), frozenset({90_000_700}))


PAGES = {
    "everything": lambda: html(everything()),
    "full": lambda: html(digest(20)),
    "topics": lambda: html(for_reader(digest(20), reader(topics=("Niche",)), frozenset())),
    "empty": lambda: html(empty()),
    "incomplete": lambda: html(
        empty(
            harvest=harvest("TFR could not be read: PubMed did not answer"),
            days_read=DaysRead(date(2026, 9, 1), UNTIL, (Span(date(2026, 11, 3), date(2026, 11, 4)),)),
        )
    ),
    "awkward": lambda: html(awkward()),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as opened:
        yield opened


def look(browser: Browser, file: Path, width: int, scheme: Any) -> dict[str, Any]:
    """What the browser paints."""
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(file.as_uri())
    seen: dict[str, Any] = page.evaluate(LOOK)
    page.close()
    return seen


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off_or_hard_to_read(browser: Browser, tmp_path: Path, name: str) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGES[name](), encoding="utf-8")
    for width in (320, 375, 600):
        for scheme in ("light", "dark"):
            judge(look(browser, file, width, scheme), width)


@pytest.mark.parametrize("dropped", [{0}, {1}, {0, 1}])
def test_a_client_that_drops_a_style_block_shows_it_as_well(
    browser: Browser, tmp_path: Path, dropped: set[int]
) -> None:
    page, file = PAGES["full"](), tmp_path / "page.html"
    blocks = re.findall(r"<style>.*?</style>", page, re.DOTALL)
    assert len(blocks) == 2
    for number in dropped:
        page = page.replace(blocks[number], "")
    file.write_text(page, encoding="utf-8")
    for scheme in ("light", "dark"):
        judge(look(browser, file, 375, scheme), 375)


def test_at_twice_the_size_of_text_nothing_is_cut_off(browser: Browser, tmp_path: Path) -> None:
    """As a reader with weak eyes sets it: every size and line height doubled, the width as it is."""
    page, file = PAGES["full"](), tmp_path / "page.html"
    doubled = re.sub(
        r"(font-size|line-height): ?(\d+)px", lambda match: f"{match[1]}:{2 * int(match[2])}px", page
    )
    assert doubled != page
    file.write_text(doubled, encoding="utf-8")
    for width in (375, 600):
        judge(look(browser, file, width, "light"), width)


@pytest.mark.parametrize(("count", "tallest", "longest"), [(11, 2200, 120), (20, 3000, 150)])
def test_a_digest_is_as_short_as_promised(
    browser: Browser, tmp_path: Path, count: int, tallest: int, longest: int
) -> None:
    """Pixels of a phone, without the sample's banner; lines of text. Two papers have changed."""
    made = digest(count, watch=sample_watch(**LINKED))
    assert (len(made.entries), len(made.changes)) == (count, 2)
    file = tmp_path / "page.html"
    file.write_text(html(replace(made, sample=False)), encoding="utf-8")
    assert look(browser, file, 375, "light")["height"] <= tallest
    assert len(text(made).splitlines()) <= longest


def judge(seen: dict[str, Any], width: int) -> None:
    """Nothing beyond the edges, nothing fainter than WCAG AA, nothing tiny."""
    assert seen["scroll"] <= width
    assert len(seen["seen"]) > 10
    for piece in seen["seen"]:
        assert 0 <= piece["left"] <= piece["right"] <= width, piece
        assert piece["contrast"] >= 4.5, piece
        assert piece["size"] >= 11, piece
