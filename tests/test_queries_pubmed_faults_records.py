"""The ways in which PubMed's records surprise, and what becomes of each on its way into the library.

Cases 19 to 29 and 37 to 39 of the catalogue of test_queries_pubmed_faults.py.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.harvest_scenario import (
    BOTH,
    NOON,
    WEEK,
    HarvestScenario,
    assert_complete,
    imatinib_records,
    watch,
)
from support.mirror_records import heading, record, write
from support.scripted_server import Reply, articles, playing, searched

from queries.mirror.faults import Fault
from queries.pubmed.eutils import efetch
from queries.pubmed.harvest import PriorKnowledge, ask_watch
from queries.pubmed.wire import Wire
from queries.records.harvest import Lane


@pytest.fixture
def scenario(tmp_path: Path) -> Iterator[HarvestScenario]:
    with HarvestScenario(tmp_path) as scenario:
        yield scenario


def test_case_19_a_book_chapter() -> None:
    book = (
        b'<?xml version="1.0"?><PubmedArticleSet><PubmedBookArticle><BookDocument><PMID Version="1">7</PMID>'
        b'<ArticleIdList><ArticleId IdType="bookaccession">NBK7</ArticleId></ArticleIdList><Book><Publisher>'
        b"<PublisherName>Invented Press</PublisherName></Publisher><BookTitle>Of Imatinib</BookTitle>"
        b"<PubDate><Year>2026</Year></PubDate></Book><ArticleTitle>A chapter</ArticleTitle></BookDocument>"
        b"</PubmedBookArticle></PubmedArticleSet>"
    )
    with (
        playing(lambda *_: Reply(book)) as script,
        Wire(script.url, tool="t", email="a@example.org", rate=float("inf")) as wire,
    ):
        (article,) = efetch(wire, [7]).articles
    assert (article.pmid, article.title) == (7, "A chapter")
    assert article.book is not None
    assert article.book.publisher == "Invented Press"


def test_case_20_a_dtd_newer_than_any_we_have(
    scenario: HarvestScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = scenario.folder / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    scenario.serve(*imatinib_records(12), dtd=2026)
    assert_complete(scenario, scenario.run(), 12)
    assert list(home.iterdir()) == []


def test_case_21_an_element_nobody_has_heard_of(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(12))
    assert_complete(scenario, scenario.run(Fault(kind="extra_unknown_tag", util="efetch")), 12)


def test_case_22_markup_in_a_title(scenario: HarvestScenario) -> None:
    title = "<i>In vivo</i> imatinib: <b>p</b> &lt; 0.05 &amp; H<sub>2</sub>O"
    scenario.serve(record(101, title, created="2026-11-18 05:00"))
    scenario.run()
    article = scenario.stored()[101]
    assert article.title == "In vivo imatinib: p < 0.05 & H2O"
    assert article.title_html == title


def test_case_23_structured_copyrighted_plural_and_absent_abstracts(scenario: HarvestScenario) -> None:
    structured = (
        '<Abstract><AbstractText Label="AIMS" NlmCategory="OBJECTIVE">Why.</AbstractText>'
        '<AbstractText Label="RESULTS">What.</AbstractText>'
        "<CopyrightInformation>(c) Nobody</CopyrightInformation></Abstract>"
    )
    other = (
        '<OtherAbstract Type="Publisher" Language="fre"><AbstractText>Quoi.</AbstractText></OtherAbstract>'
    )
    full = record(101, "Imatinib", abstract="x", created="2026-11-18 05:00")
    full = full.replace("<Abstract><AbstractText>x</AbstractText></Abstract>", structured)
    full = full.replace("</MedlineCitation>", other + "</MedlineCitation>")
    scenario.serve(full, record(102, "Imatinib", created="2026-11-18 05:00"))
    scenario.run()
    article, bare = scenario.stored()[101], scenario.stored()[102]
    assert [(part.label, part.text) for part in article.abstract] == [("AIMS", "Why."), ("RESULTS", "What.")]
    assert article.copyright == "(c) Nobody"
    assert [other.language for other in article.other_abstracts] == ["fre"]
    assert bare.abstract == ()


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998-12"),
        ("<Year>2026</Year><Season>Spring</Season>", "2026"),
        ("<Year>2026</Year>", "2026"),
        ("<Year>2031</Year><Month>Jan</Month>", "2031-01"),
    ],
)
def test_case_24_dates_of_publication_are_tolerated_and_never_a_watermark(
    scenario: HarvestScenario, printed: str, read: str
) -> None:
    scenario.serve(record(101, "Imatinib", created="2026-11-18 05:00", published=printed))
    scenario.run()
    assert scenario.stored()[101].published.startswith(read)
    assert scenario.marks() == BOTH


def test_case_25_authors_of_every_kind(scenario: HarvestScenario) -> None:
    group = "<AuthorList><Author><CollectiveName>The Group</CollectiveName></Author></AuthorList>"
    crowd = tuple((f"Name{n}", "A", "A") for n in range(3000))
    fields = {"created": "2026-11-18 05:00"}
    scenario.serve(
        record(101, "Imatinib", **fields),  # type: ignore[arg-type]
        record(102, "Imatinib", **fields).replace("<Language>", group + "<Language>"),  # type: ignore[arg-type]
        record(103, "Imatinib", authors=crowd, **fields).replace('ValidYN="Y"', 'ValidYN="N"', 1),  # type: ignore[arg-type]
    )
    scenario.run()
    none, one, many = (scenario.stored()[pmid].authors for pmid in (101, 102, 103))
    assert none == ()
    assert [author.collective for author in one] == ["The Group"]
    assert len(many) == 3000
    assert not many[0].valid


def test_case_26_dois_absent_invalid_and_cited(scenario: HarvestScenario) -> None:
    cited = '<ArticleId IdType="doi">10.5555/cited</ArticleId>'
    plain = record(101, "Imatinib", created="2026-11-18 05:00", references=(7,))
    wrong = record(102, "Imatinib", created="2026-11-18 05:00", doi="10.5555/Wrong")
    wrong = wrong.replace('ValidYN="Y">10.5555/Wrong', 'ValidYN="N">10.5555/Wrong').replace(
        '<ArticleId IdType="doi">10.5555/Wrong</ArticleId>',
        '<ArticleId IdType="doi">10.5555/RIGHT</ArticleId>',
    )
    scenario.serve(
        plain.replace('<ArticleId IdType="pubmed">7', cited + '<ArticleId IdType="pubmed">7'), wrong
    )
    scenario.run()
    assert scenario.stored()[101].doi == ""
    assert scenario.stored()[102].doi == "10.5555/right"


RETRACTED = (("D016428", "Journal Article"), ("D016441", "Retracted Publication"))


def link(kind: str, pmid: int) -> str:
    return (
        f'<CommentsCorrections RefType="{kind}"><RefSource>x</RefSource><PMID Version="1">{pmid}</PMID>'
        "</CommentsCorrections>"
    )


def test_case_27_a_retraction_that_comes_later(scenario: HarvestScenario) -> None:
    first = record(101, "Imatinib works", created="2026-10-25 05:00", doi="10.5555/a")
    later = record(
        101, "Imatinib works", created="2026-10-25 05:00", doi="10.5555/a", revised="2026-11-23",
        types=RETRACTED, links=link("RetractionIn", 102),
    )  # fmt: skip
    scenario.serve(first, updates={"u-2026-11-23": later})
    scenario.run()
    scenario.run(now=NOON + WEEK)
    article = scenario.stored()[101]
    assert ("RetractionIn", 102) in [(each.kind, each.pmid) for each in article.links]
    with scenario.library() as store:
        (revision,) = store.revisions([101])
    assert "links" in revision.fields
    assert (scenario.line(Lane.REVISED).known, scenario.line(Lane.REVISED).new) == (1, 0)


def test_case_28_a_preprints_article_that_comes_later(scenario: HarvestScenario) -> None:
    preprint = (("D000076942", "Preprint"),)
    first = record(101, "Imatinib", created="2026-10-25 05:00", types=preprint)
    later = record(
        101, "Imatinib", created="2026-10-25 05:00", types=preprint, revised="2026-11-24",
        links=link("UpdateIn", 102),
    )  # fmt: skip
    paper = record(102, "Imatinib", created="2026-11-23 05:00", links=link("UpdateOf", 101))
    scenario.serve(first, paper, updates={"u-2026-11-24": later})
    scenario.run()
    assert sorted(scenario.stored()) == [101]
    scenario.run(now=NOON + WEEK)
    links = {
        pmid: [(each.kind, each.pmid) for each in article.links]
        for pmid, article in scenario.stored().items()
    }
    assert links == {101: [("UpdateIn", 102)], 102: [("UpdateOf", 101)]}


def test_case_29_late_additions_late_mesh_and_issues(scenario: HarvestScenario) -> None:
    """What [edat] would lose, what [crdt] cannot see, and what is no news."""
    drug = heading("Imatinib Mesylate", ui="D000068877")
    late = record(101, "Old imatinib", created="2026-11-23 05:00", entered="2019-03-01 05:00")
    mute = record(102, "A drug", created="2026-09-01 05:00")
    told = record(102, "A drug", created="2026-09-01 05:00", indexed="2026-11-24 05:00", mesh=drug)
    ahead = record(103, "Imatinib ahead", created="2026-11-01 05:00", status="Publisher")
    issue = record(
        103, "Imatinib ahead", created="2026-11-01 05:00", revised="2026-11-24",
        published="<Year>2027</Year>",
    )  # fmt: skip
    scenario.serve(late, mute, ahead, updates={"u-2026-11-24": told, "v-2026-11-24": issue})
    of = watch('imatinib[tiab] OR "Imatinib Mesylate"[mh]')
    scenario.run(of=of)
    assert sorted(scenario.stored()) == [103]
    brought = scenario.run(now=NOON + WEEK, of=of)
    lanes = {(sighting.pmid, sighting.lane) for sighting in brought.sightings}
    assert (101, Lane.NEW) in lanes
    assert (102, Lane.INDEXED) in lanes
    with scenario.library() as store:
        assert [revision.pmid for revision in store.revisions([101, 102, 103])] == [103]
        assert min(seen.first for seen in store.sightings("sample", [103])) == NOON
    # what no window saw, a sweep does
    brought = scenario.run(now=NOON + WEEK, of=watch("drug[tiab]"), flow="sweep")
    assert {s.lane for s in brought.sightings} == {Lane.SWEEP}


def test_case_37_a_told_record_is_deleted_and_its_like_comes(scenario: HarvestScenario) -> None:
    old = record(101, "Imatinib", created="2026-10-25 05:00", doi="10.5555/same")
    new = record(102, "Imatinib", created="2026-11-23 05:00", doi="10.5555/same")
    scenario.serve(old)
    scenario.run()
    for stop in scenario.stops:
        stop()
    write(scenario.folder / "xml" / "u-2026-11-23.xml", new, deleted=(101,))
    scenario.serve(old)
    brought = scenario.run(now=NOON + WEEK, told=(101,))
    assert any("PMID 101 is gone" in text for text in brought.notes)
    assert sorted(scenario.stored()) == [101, 102]
    with scenario.library() as store:
        works = store.works([101, 102])
    assert works[101] == works[102]


def test_case_38_duplicates_are_one(scenario: HarvestScenario) -> None:
    grant = "<Grant><GrantID>G1</GrantID><Agency>A</Agency><Country>C</Country></Grant>"
    grants = f'<GrantList CompleteYN="Y">{grant}{grant}</GrantList>'
    scenario.serve(
        record(101, "Imatinib", created="2026-11-18 05:00").replace(
            "<PublicationTypeList>", grants + "<PublicationTypeList>"
        )
    )
    assert_complete(scenario, scenario.run(Fault(kind="dup", util="efetch", pmids=(101,))), 1)
    assert len(scenario.stored()[101].grants) == 1


def test_case_39_characters_of_every_kind(scenario: HarvestScenario) -> None:
    scenario.serve(record(101, "Imatinib &#x1D6FD;-catenin \U0001f9ec n\u0303", created="2026-11-18 05:00"))
    assert_complete(scenario, scenario.run(), 1)
    assert "\U0001d6fd-catenin \U0001f9ec" in scenario.stored()[101].title


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "&#0;", "&#11;"])
def test_case_39_what_xml_forbids_costs_at_most_its_record(scenario: HarvestScenario, character: str) -> None:
    body = articles(101, 102).body.replace(b"Sample 101", f"Sample{character}101".encode())

    def play(util: str, *_: object) -> Reply:
        return searched(101, 102) if util == "esearch" else Reply(body)

    with (
        playing(play) as script,
        Wire(script.url, tool="t", email="a@example.org", rate=float("inf")) as wire,
    ):
        brought = ask_watch(wire, watch(), PriorKnowledge(), now=NOON)
    with scenario.library() as store:
        store.remember(brought, NOON)
    assert 102 in scenario.stored()
    assert 101 in scenario.stored() or scenario.pending() == [101]
