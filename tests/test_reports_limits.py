"""Digests of any size, of the ugliest records, within every limit of mail and of Slack."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from email.headerregistry import Address
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html
from support.limits import html_faults, mail_faults, slack_faults
from support.reports_samples import LINKED, article, candidate, digest, reader, watch

from queries.evidence import assess
from queries.readers.pubmed_xml import parse
from queries.records.article import Article, Author, Passage
from queries.records.digest import Evidence, TfrCard
from reports.channels.channel import pack
from reports.channels.mail import letter
from reports.digest.reader import for_reader
from reports.digest.record import Digest
from reports.formats.message import message

LONG = "An endless abstract about nothing at all. " * 1000
CARD = TfrCard(rate="66.0% vs 54.1%", time="24 months", stopped="398", criterion="loss " * 60)
UGLY = (
    article(
        1, title="<!channel> <script>alert(1)</script> <@U1> & \"x\" 'y'", title_html="<script>1</script>"
    ),
    article(2, title="", title_html="", authors=(), doi="", pmcid="", created=None, published=""),
    article(3, title="Ανάλυση \u202eمرحبا بالعالم\u202c שלום", title_html="<i>מ<b>ר</i>ח</b>"),
    article(4, title="x" * 900, title_html="", doi="10.5555/" + "y" * 400),
    article(5, authors=tuple(Author(f"Name{n}", "A", "A") for n in range(5000))),
    article(6, abstract=(Passage("", "", LONG, LONG),)),
    article(
        7, title="<math><mi>x</mi></math> a < b > c", title_html="a<sub>2</sub><sup>3</sup> &lt;math&gt;"
    ),
)
EVIDENCE = Evidence(
    study="randomised trial", study_reason="", tfr=True, participants="412", quote=LONG[:4000], card=CARD
)
FOLDER = os.environ.get("SEEDWATCH_REAL_DATA", "")


def of(records: Any, count: int, *, evidence: Any = None) -> Digest:
    """A digest of so many of these records, in turn."""
    every = [replace(records[n % len(records)], pmid=90_000_000 + n) for n in range(count)]
    these = [
        candidate(
            n, 0.95 - n / 500, ("LSC", "TKI", "TFR", "Niche")[n % 4], article=each,
            evidence=evidence or assess(each),
        )
        for n, each in enumerate(every)
    ]  # fmt: skip
    return digest(candidates=these, watch=watch(cap=200, must_read=4, **LINKED))


def faults(made: Digest) -> Iterator[str]:
    """Everything that mail or Slack would not take."""
    told = message(made)
    yield from html_faults(told.html)
    address = Address("Ann", "ann", "example.org")
    yield from mail_faults(letter(told, address, address).as_bytes())
    for payload in (*told.slack, *told.slack_flat):
        yield from slack_faults(json.loads(payload))
    wide = [line for line in told.text.splitlines() if len(line) > 74 and len(line.split()) > 1]
    yield from (f"text line {line[:90]}" for line in wide if "://" not in line and "mailto:" not in line)


def counts_are_right(made: Digest) -> None:
    """What each form shows and what it says is left out add up to what is told."""
    told, pmids = message(made), {str(entry.pmid) for entry in made.entries}
    page: Any = lxml_html.fromstring(told.html.encode())
    linked = {link for _, _, link, _ in page.iterlinks() if "pubmed.ncbi" in link}
    shown = {pmid for pmid in pmids if f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" in linked}
    left = sum(map(int, re.findall(r"And (\d+) more, all named in the plain text", told.html)))
    assert len(shown) + left == len(pmids)
    assert all(pmid in told.text for pmid in pmids)
    assert all(pmid in told.markdown for pmid in pmids)
    assert all(pmid in "".join(told.slack) for pmid in pmids)
    flat = "".join(told.slack_flat)
    unsaid = sum(map(int, re.findall(r"And (\d+) more, which one message", flat)))
    named = {str(miss.pmid) for miss in (*made.near, *made.held, *made.beyond)}
    assert sum(f"/{pmid}/" in flat for pmid in pmids | named) + unsaid == len(pmids | named)


@pytest.mark.parametrize("count", [0, 1, 5, 20, 200])
def test_invented_records_of_every_ugliness_are_well_formed_and_counted(count: int) -> None:
    for made in (of(UGLY, count), of(UGLY, count, evidence=EVIDENCE)):
        assert list(faults(made)) == []
        counts_are_right(made)
    some = for_reader(made, reader(topics=("TFR",), cap=3, band="Near", order="bench"), frozenset())
    assert list(faults(some)) == []
    assert len(some.entries) <= 3


@pytest.mark.skipif(not FOLDER, reason="SEEDWATCH_REAL_DATA is not set")
@pytest.mark.parametrize("count", [1, 5, 20, 200])
def test_the_ugliest_real_records_are_well_formed_and_counted(count: int) -> None:
    made = of(ugliest(), count)
    assert list(faults(made)) == []
    counts_are_right(made)


@lru_cache
def ugliest() -> tuple[Article, ...]:
    """Of real records the most extreme in each way that a layout can be strained."""
    files = sorted(Path(FOLDER).glob("**/*.xml"), key=lambda path: path.stat().st_size)
    records = []
    for path in files[:: max(len(files) // 40, 1)]:
        if path.stat().st_size < 20_000_000 and b"<PubmedArticle" in (data := path.read_bytes()):
            records += [each for each in parse(data) if isinstance(each, Article)]
    if not records:
        pytest.skip("no PubMed XML in SEEDWATCH_REAL_DATA")
    ways = (
        lambda each: len(each.title),
        lambda each: len(each.authors),
        lambda each: sum(len(passage.text) for passage in each.abstract),
        lambda each: each.title_html.count("<") + 5 * each.title_html.count("math"),
        lambda each: sum(not letter.isascii() for letter in each.title),
        lambda each: sum("\u0590" < letter < "\u08ff" for letter in each.title + each.vernacular_title),
        lambda each: not each.title,
        lambda each: max((len(word) for word in each.title.split()), default=0),
        lambda each: sum(each.title.count(sign) for sign in "<>&|*_`[]"),
        lambda each: -len(each.title),
    )
    chosen = {each.pmid: each for way in ways for each in sorted(records, key=way)[-20:]}
    return tuple(chosen.values())


CHATS = {
    "discord": ("discord://1234567890/abcdefghijklmnopqrstuvwxyz0123456789", 2000),
    "teams": ("workflows://example.logic.azure.com:443/abcdef0123456789/sig0123456789abcdef/", 28_000),
    "matrix": ("matrix://me:hunter22@localhost/!room:localhost", 65_000),
    "mattermost": ("mmost://localhost/3ccdd113474722377935511fc85d3dd4", 4000),
}


@pytest.mark.parametrize("chat", CHATS)
@pytest.mark.parametrize("count", [0, 11, 200])
def test_a_chat_gets_what_it_takes_and_is_told_of_the_rest(chat: str, count: int) -> None:
    """By the limit that each chat documents; what is cut is said in the last message."""
    url, longest = CHATS[chat]
    told = message(of(UGLY, count))
    parcels = pack(told, url, "ada", "markdown")
    titles, bodies = zip(*(json.loads(parcel.body)[:2] for parcel in parcels), strict=True)
    assert all(len(title) + len(body) <= longest for title, body in zip(titles, bodies, strict=True))
    assert len(parcels) <= 10
    if sum(map(len, bodies)) < len(told.markdown) * 0.9:
        assert "characters more would be too many" in bodies[-1]
    if count == 11:
        assert len(parcels) <= 5
