"""A digest in its four formats: complete, escaped, within each format's limits."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from support.reports_samples import LINKED, article, candidate, digest, empty, harvest, line, reader, watch

from queries.records.digest import Evidence, Scored
from queries.records.harvest import Lane
from queries.watch.file import SHIPPED, DigestRules
from queries.watch.file import load as load_watch
from reports.digest import headline
from reports.digest.entry import clean
from reports.digest.reader import for_reader
from reports.digest.record import Digest
from reports.formats.html import html, title
from reports.formats.markdown import markdown
from reports.formats.message import message
from reports.formats.slack import slack
from reports.formats.text import text

NASTY = st.text(
    st.one_of(
        st.sampled_from("<>&\"'`*_[]()|#~!\\{}%$\n\r\t\0\u202e\u2028;:@"),
        st.characters(codec=None),  # lone surrogates too
    ),
    max_size=60,
)


def tree_of(page: str) -> Any:
    """The page as lxml's HTML parser, which browsers resemble, reads it."""
    return lxml_html.fromstring(page.encode())


def strings(payload: object) -> list[str]:
    """Every string within a JSON value."""
    match payload:
        case str():
            return [payload]
        case dict():
            return [text for value in payload.values() for text in strings(value)]
        case list() | tuple():
            return [text for value in payload for text in strings(value)]
    return []


def payloads(made: Digest) -> list[dict[str, Any]]:
    """Every Slack message of a digest: the parent, its thread, and what stands in for the thread."""
    forms = slack(made)
    return [*filter(None, (forms.parent, *forms.thread, forms.second))]


def with_text(text: str) -> Digest:
    """A digest in which every free text of a record is `text`."""
    it = article(1, title=text, title_html="")
    evidence = Evidence(
        study=text, study_reason="", species=(text,), participants=text, quote=text, quote_label=text
    )
    one = candidate(1, 0.9, "LSC", article=it, evidence=evidence, scored=Scored(it.pmid, 0.9, (), text))
    return replace(digest(candidates=[one], harvest=harvest(text)), notes=(clean(text),))


@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 8))
@settings(max_examples=20, deadline=None)
def test_every_chosen_pmid_is_in_every_format(count: int, cap: int, must_read: int) -> None:
    made = digest(count, watch=watch(cap=cap, must_read=must_read))
    formats = (
        html(made),
        text(made),
        markdown(made),
        "".join(strings(payloads(made))),
    )
    for row in made.entries:
        assert all(str(row.pmid) in text for text in formats)
    for miss in made.held:  # named, never dropped silently
        assert all(str(miss.pmid) in text for text in formats[1:3])


def test_a_backlog_keeps_the_mail_small_and_its_text_names_everything() -> None:
    made = digest(300, watch=watch(cap=1, must_read=1))
    page, plain = html(made), text(made)
    assert len(page.encode()) < 80_000
    assert "And 279 more, all named in the plain text" in page
    assert all(str(miss.pmid) in plain for miss in made.held)
    thread = "".join(strings(list(slack(made).thread)))
    assert all(str(miss.pmid) in thread for miss in made.held)
    second = "".join(strings(dict(slack(made).second or {})))
    left = int(re.findall(r"And (\d+) more, which one message has no room for", second)[0])
    assert left == len(made.held) + len(made.near) - second.count("•")


@given(NASTY)
@settings(deadline=None, max_examples=80)
def test_no_text_of_a_record_becomes_markup(nasty: str) -> None:
    plain, made = with_text("plain"), with_text(nasty)
    trees = [tree_of(html(each)) for each in (plain, made)]
    assert {el.tag for el in trees[1].iter()} <= {el.tag for el in trees[0].iter()}
    schemes = {link.partition(":")[0] for _, _, link, _ in trees[1].iterlinks()}
    assert schemes <= {"https", "mailto"}
    for each in (text(made), markdown(made)):
        each.encode()
        assert not re.search("[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069]", each)
    for payload in payloads(made):
        json.dumps(payload).encode()
        for said in strings(payload["blocks"]):
            assert not re.search(r"<(?!https://|mailto:)", said)


@given(NASTY)
@example("&lt;b&gt; [x](https://evil.example) <i>y</i> **z** `q` ![](a)")
@settings(deadline=None, max_examples=80)
def test_markdown_shows_a_title_as_it_is(nasty: str) -> None:
    made = with_text(nasty)
    tokens = MarkdownIt("commonmark").parse(markdown(made))
    pieces = [piece for token in tokens for piece in token.children or ()]
    assert not [t for t in (*tokens, *pieces) if t.type in {"html_block", "html_inline", "image"}]
    links = [str(piece.attrs["href"]) for piece in pieces if piece.type == "link_open"]
    assert all(link.startswith(("https://", "mailto:digest@example.org")) for link in links)
    headings = [tokens[at + 1] for at, token in enumerate(tokens) if token.tag == "h3" and token.nesting == 1]
    shown = ["".join(piece.content for piece in heading.children or ()) for heading in headings]
    assert made.entries[0].title in shown


@pytest.mark.parametrize(
    "mention", ["<!channel>", "<!here|x>", "<@U123>", "<https://evil.example|click>", "&lt;!channel&gt;"]
)
def test_a_title_cannot_call_a_channel(mention: str) -> None:
    said = "".join(strings(payloads(with_text(mention))))
    assert mention not in said.replace("&amp;", "")
    assert "evil.example|" not in said.replace("&lt;https://evil.example|", "")


def test_a_title_keeps_its_italics_and_loses_what_does_not_nest() -> None:
    good = article(1, title="BCR now", title_html="<i>BCR</i><sup>2</sup> &lt;now&gt; <b>x</b>")
    bad = article(2, title="a & b", title_html="<i>a &amp; <b>b</i></b>")
    worse = article(3, title="c", title_html="<i onclick=x>c</i><script>1</script>")
    these = [candidate(n, 0.9 - n / 10, article=it) for n, it in enumerate((good, bad, worse))]
    titles = [str(title(entry)) for entry in digest(candidates=these).entries]
    assert titles[:2] == ["<i>BCR</i><sup>2</sup> &lt;now&gt; <b>x</b>", "a &amp; b"]
    assert "<script" not in titles[2]
    assert "<i " not in titles[2]


@pytest.mark.parametrize("must_read", [0, 5, 20])
def test_twenty_articles_stay_below_what_mail_clients_clip(must_read: int) -> None:
    shipped = load_watch(SHIPPED / "cml-stem-cells.toml")
    rules = DigestRules.model_validate({"must_read": must_read, "cap": 20, **LINKED})
    made = digest(60, watch=shipped.model_copy(update={"digest": rules}))
    assert (len(made.entries), len(made.held)) == (20, 40)
    assert len(html(made).encode()) < 80_000


def test_what_pubmed_remarks_on_a_query_is_told() -> None:
    warned = line("LSC", warnings=("phrase not found: leukemik",))
    made = empty(ledger=(warned, replace(warned, lane=Lane.INDEXED)))
    for form in (html, text, markdown):
        assert " ".join(form(made).split()).count("PubMed remarks: phrase not found: leukemik") == 1


def test_the_same_digest_renders_to_the_same_bytes() -> None:
    assert message(digest(9)) == message(digest(9))


def test_the_text_part_shows_its_urls_whole_and_its_lines_short() -> None:
    plain = text(digest(20))
    assert "https://pubmed.ncbi.nlm.nih.gov/90000000/" in plain
    assert all(len(line) <= 74 for line in plain.splitlines() if "://" not in line and "mailto:" not in line)
    assert "<" not in plain.replace("p < 0.001", "")
    assert "&amp;" not in plain


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 20))
@settings(max_examples=15, deadline=None)
def test_slack_messages_keep_to_slacks_limits(count: int, cap: int, must_read: int) -> None:
    for payload in payloads(digest(count, watch=watch(cap=cap, must_read=must_read))):
        blocks: Any = payload["blocks"]
        assert len(blocks) <= 20
        assert len(json.dumps(payload, ensure_ascii=False)) < 12_500
        for block in blocks:
            if block["type"] == "header":
                assert len(block["text"]["text"]) <= 150
            if block["type"] == "section":
                assert 0 < len(block["text"]["text"]) <= 3000


def test_a_long_quotation_is_cut_for_slack_without_half_an_entity() -> None:
    said = strings(payloads(with_text("a&" * 4000)))
    assert all(len(text) <= 3000 for text in said)
    assert not re.search(r"&(?!amp;|lt;|gt;)", "".join(t for t in said if "mailto:" not in t))


@pytest.mark.parametrize("form", [html, text, markdown, slack])
def test_an_incomplete_digest_says_so_in_every_format(form: Any) -> None:
    made = empty(harvest=harvest("TFR could not be read: PubMed did not answer"))
    said = " ".join(strings(payloads(made) if form is slack else form(made)))
    assert "is incomplete" in said.lower()
    assert "PubMed did not answer" in said
    assert "nothing new" not in said.lower()


@pytest.mark.parametrize("form", [html, text, markdown])
def test_an_empty_digest_says_what_was_searched(form: Any) -> None:
    said = form(empty())
    assert "Nothing new." in said
    assert "31 found = 31 known" in said
    assert "41 found, 12 new" in said
    assert "Leukemic stem cells" in said


def test_each_article_can_be_judged_by_mail() -> None:
    page = tree_of(html(digest(8)))
    links = [link for _, _, link, _ in page.iterlinks()]
    wanted = "mailto:digest@example.org?subject=feedback%20cml-stem-cells%2090000003%20"
    assert [link for link in links if link.startswith(wanted)] == [wanted + "yes", wanted + "no"]
    assert "mailto:digest@example.org?subject=unsubscribe%20cml-stem-cells" in links


def test_without_an_archive_or_a_mailbox_no_link_leads_nowhere() -> None:
    made = digest(8, watch=watch())
    page = tree_of(html(made))
    assert all(link.startswith("https://") for _, _, link, _ in page.iterlinks())


def test_the_figures_of_a_quotation_are_bold_and_the_quotation_is_whole() -> None:
    page = tree_of(html(digest(3)))
    quote = page.xpath("//p[contains(@class, 'quote')]")[0]
    assert [mark.text for mark in quote.xpath(".//strong")] == ["52 of 84", "p < 0.001", "hazard ratio 2.1"]
    assert "52 of 84 patients remained in remission after asciminib; persistence" in quote.text_content()


def test_every_format_of_some_topics_tells_of_the_others() -> None:
    made = for_reader(digest(14), reader(topics=("TFR",)), frozenset())
    for form in (html, text, markdown):
        said = " ".join(form(made).split())
        assert "Four of 14 told are yours (TFR), " in said
        assert "14 told = 4 for you + 10 for others" in said


def test_html_is_a_mail_that_needs_no_style_block() -> None:
    page = html(digest(20))
    tree = tree_of(page)
    assert tree.get("lang") == "en"
    assert {table.get("role") for table in tree.iter("table")} == {"presentation", "table"}
    assert not re.search(r"<(script|img|link)\b|display:\s*(flex|grid)|url\(", page)
    assert all(block.text.strip().startswith("@media") for block in tree.iter("style"))
    classes = {name for each in tree.iter("*") for name in each.get("class", "").split()}
    unstyled = [each.get("class") for each in tree.iter("*") if each.get("class") and not each.get("style")]
    assert len(classes) > 30
    assert not unstyled, "a rule of the stylesheet was not written into its elements"
    assert headline.preheader(digest(20)) in tree.xpath("//body/div")[0].text_content()
