"""The thirty-nine ways in which PubMed disappoints, and what the client makes of each.

The real client, over real HTTP, against the mirror with its plan of faults, into a real library. Time
does not wait: sleeping moves the client's clock, and what was slept is on record. The numbers are those
of the project's catalogue of cases.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mirror_records import heading, record, write
from scripted import Reply, Time, articles, playing, searched

from queries.errors import HistoryExpired, Outage, OverCap, SettingsError
from queries.mirror.faults import Fault, FaultPlan
from queries.mirror.load import load
from queries.mirror.server import MirrorServer, Request
from queries.pubmed.eutils import efetch, esummary
from queries.pubmed.harvest import Known, harvest
from queries.pubmed.plan import CAP
from queries.pubmed.wire import Patience, Wire
from queries.records import Article, Harvest, Lane, LedgerLine
from queries.store import Store
from queries.watch import Watch

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
SETTLED = date(2026, 11, 19)
WEEK = timedelta(days=7)


def watch(term: str = "imatinib[tiab]", *, routes: bool = False, seed: int = 1) -> Watch:
    """A watch of one topic."""
    return Watch.model_validate(
        {
            "name": "sample",
            "title": "Sample",
            "seed": {"pmid": seed, "keywords": ["imatinib"]},
            "topics": [{"name": "Imatinib", "short": "IMA", "term": term}],
            "routes": {"similar": routes, "cited_by": routes},
            "recipients": [{"name": "group", "url": "folder://out"}],
        }
    )


def some(count: int, **fields: Any) -> list[str]:
    """Records about imatinib from PMID 101 on, one a day backwards from 18 November."""
    day = date(2026, 11, 18)
    return [
        record(
            101 + place,
            f"Imatinib, part {place}",
            **(
                {"created": f"{day - timedelta(days=place % 25)} 05:00", "doi": f"10.5555/s.{place}"} | fields
            ),
        )
        for place in range(count)
    ]


class Rig:
    """A mirror, a library, and a client between them."""

    def __init__(self, folder: Path) -> None:
        """Nothing is served before `serve`."""
        self.folder, self.time = folder, Time()
        self.stops: list[Callable[[], None]] = []

    def serve(self, *records: str, updates: dict[str, str] | None = None, **traits: Any) -> None:
        """Serve records, and `updates`: files (name → contents) in force from the day in their names."""
        write(self.folder / "xml" / "a.xml", *records)
        for name, content in (updates or {}).items():
            write(self.folder / "xml" / f"{name}.xml", content)
        corpus = load([self.folder / "xml"])
        self.mirror = MirrorServer(corpus, **({"now": NOON} | traits)).start()
        self.stops += [self.mirror.stop, corpus.close]

    def wire(self, **settings: Any) -> Wire:
        """A client whose jitter is drawn at one half."""
        given: dict[str, Any] = {
            "tool": "seedwatch", "email": "a@example.org", "rate": float("inf"), "sleep": self.time.sleep,
            "clock": self.time.clock, "draw": lambda: 0.5,
        }  # fmt: skip
        return Wire(self.mirror.url, **(given | settings))

    def library(self) -> Store:
        """The library, to be opened."""
        return Store(self.folder / "library.duckdb")

    def ask(
        self,
        *faults: Fault,
        now: datetime = NOON,
        of: Watch | None = None,
        cap: int = CAP,
        flow: str = "harvest",
        told: tuple[int, ...] = (),
        **settings: Any,
    ) -> Harvest:
        """A harvest from what the library knows, under `faults`; not remembered."""
        self.mirror.clock, self.mirror.faults = now, FaultPlan(faults)
        self.mirror.requests.clear()
        self.time.slept.clear()
        with self.library() as store:
            marks, translations = store.watermarks("sample"), store.translations("sample")
            pending = [waiting.pmid for waiting in store.pending("sample")]

        def unknown(pmids: Any) -> set[int]:
            with self.library() as store:
                return store.unknown(pmids)

        known = Known(
            watermarks=marks, translations=translations, pending=pending, unknown=unknown, told=told
        )
        with self.wire(**settings) as wire:
            return harvest(wire, of or watch(), known, now=now, cap=cap, flow=flow)

    def run(self, *faults: Fault, **settings: Any) -> Harvest:
        """A harvest that is remembered, as the flow does it."""
        brought = self.ask(*faults, **settings)
        with self.library() as store:
            store.remember(brought, brought.started)
        return brought

    @property
    def requests(self) -> list[Request]:
        """What was asked since the last harvest began."""
        return self.mirror.requests

    def asked(self, util: str) -> list[Request]:
        """The requests of one utility."""
        return [request for request in self.requests if request.util == util]

    def stored(self) -> dict[int, Article]:
        """Every article that the watch has found."""
        with self.library() as store:
            return {article.pmid: article for article in store.articles(sorted(store.seen("sample")))}

    def line(self, lane: Lane = Lane.NEW) -> LedgerLine:
        """The newest ledger line of a lane."""
        with self.library() as store:
            return [line for line in store.ledger("sample") if line.lane is lane][-1]

    def marks(self) -> dict[Lane, date]:
        """The watermarks in the library."""
        with self.library() as store:
            return {mark.lane: mark.until for mark in store.watermarks("sample")}

    def pending(self) -> list[int]:
        """The PMIDs that wait in the library."""
        with self.library() as store:
            return [waiting.pmid for waiting in store.pending("sample")]


BOTH = {Lane.NEW: SETTLED, Lane.REVISED: SETTLED}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(tmp_path)
    yield rig
    for stop in rig.stops:
        stop()


def whole(rig: Rig, brought: Harvest, count: int) -> None:
    """All records came home, the ledger adds up, the watermarks moved, and nobody is alarmed."""
    assert len(rig.stored()) == count
    line = rig.line()
    assert (line.count, line.received, line.missing, line.error) == (count, count, 0, "")
    assert rig.marks() == BOTH
    assert brought.trouble == ()
    assert rig.pending() == []


def outage(rig: Rig, *faults: Fault, requests: int, **settings: Any) -> None:
    """The run fails, leaves the library as it was, and the next one catches up."""
    with pytest.raises(Outage) as caught:
        rig.run(*faults, **settings)
    assert caught.value.exit_code == 1
    assert len(rig.requests) == requests
    assert rig.marks() == {}
    assert rig.stored() == {}
    rig.run()
    assert len(rig.stored()) == 12
    assert rig.marks() == BOTH


def test_case_01_throttled_once(rig: Rig) -> None:
    rig.serve(*some(12))
    brought = rig.run(Fault(kind="429", times=1), rate=3.0)
    whole(rig, brought, 12)
    assert len(rig.requests) == 1 + 3
    assert rig.time.slept[0] >= 2.5  # Retry-After and jitter
    # half the rate: three requests in two seconds, so that the fourth waits for what is left of them
    assert sum(rig.time.slept) <= 5


def test_case_02_throttled_for_longer_than_our_patience(rig: Rig) -> None:
    rig.serve(*some(12))
    outage(rig, Fault(kind="429"), requests=6)


def test_case_03_a_wrong_key(rig: Rig) -> None:
    rig.serve(*some(12), keys={"right"})
    with pytest.raises(SettingsError, match="NCBI_API_KEY") as caught:
        rig.run(api_key="wrong-key-of-somebody")
    assert caught.value.exit_code == 2
    assert "wrong-key-of-somebody" not in str(caught.value)
    assert len(rig.requests) == 1
    assert rig.marks() == {}
    whole(rig, rig.run(api_key=""), 12)
    whole(rig, rig.run(api_key="right"), 12)


def test_case_04_server_errors_in_html(rig: Rig) -> None:
    rig.serve(*some(12))
    brought = rig.run(Fault(kind="500html", times=2), Fault(kind="500html", util="efetch", at=1))
    whole(rig, brought, 12)
    assert len(rig.requests) == 3 + 3
    assert not any("WWW Error" in repr(article) for article in rig.stored().values())


@pytest.mark.parametrize("kind", ["502", "503", "504"])
def test_case_05_a_broken_gateway_waits_longer_and_opens_the_circuit(rig: Rig, kind: str) -> None:
    rig.serve(*some(12))
    whole(rig, rig.run(Fault(kind=kind, times=1)), 12)
    assert rig.time.slept == [2.0]
    brought = rig.run(
        Fault(kind=kind, after=1), now=NOON + WEEK, patience=Patience(in_a_row=4), of=watch("imatinib[tiab]")
    )
    assert len(rig.requests) == 1 + 4
    assert len(brought.trouble) == 1
    assert len(rig.marks()) == 2
    assert len({*rig.marks().values()}) == 2  # one lane was read, the other was not


def test_case_06_html_with_status_200(rig: Rig) -> None:
    rig.serve(*some(12))
    outage(rig, Fault(kind="html200"), requests=6)
    with pytest.raises(Outage, match="planned outage"):
        rig.run(Fault(kind="outage"))
    assert len(rig.requests) == 1


def test_case_07_the_database_is_said_not_to_exist(rig: Rig) -> None:
    """The text lies: it is an outage, and no mistake of the configuration."""
    rig.serve(*some(12))
    outage(rig, Fault(kind="error:E1"), requests=6)


def test_case_08_the_cap_is_never_provoked_and_if_met_splits(rig: Rig) -> None:
    rig.serve(*some(60), cap=20)
    brought = rig.run(cap=15)
    assert len(rig.stored()) == 60
    assert brought.trouble == ()
    assert not any("retstart" in r.params and r.params["retstart"] != ("0",) for r in rig.requests)
    rig.run(Fault(kind="error:E2", util="esearch", at=1), now=NOON + WEEK, cap=15)
    searches = [request.params["term"] for request in rig.asked("esearch")]
    assert len(searches) == len(set(searches))  # no retry of the same
    assert rig.marks()[Lane.NEW] == SETTLED + WEEK


def test_case_09_the_cap_in_json_with_a_raw_newline(rig: Rig) -> None:
    rig.serve(*some(12), cap=5)
    with rig.wire() as wire, pytest.raises(OverCap):
        wire.post("esearch", {"db": "pubmed", "term": "imatinib", "retmode": "json", "retstart": 5})
    assert len(rig.requests) == 1


def test_case_10_ids_are_clamped_silently(rig: Rig) -> None:
    """PubMed shows 20 of 60 with status 200; the client believes that it may have 9,000."""
    rig.serve(*some(60), cap=20)
    rig.run()
    assert len(rig.stored()) == 60
    with rig.library() as store:
        lines = [line for line in store.ledger("sample") if line.lane is Lane.NEW]
    assert sum(line.count for line in lines) == sum(line.received for line in lines) == 60
    assert rig.marks() == BOTH


def test_case_11_a_bulk_day_over_the_cap_is_cut_by_pmid(rig: Rig) -> None:
    rig.serve(*some(60, created="2026-11-18 05:00"), cap=20)
    brought = rig.run(cap=15)
    assert len(rig.stored()) == 60
    assert all(line.count <= 15 for line in brought.lines)
    assert rig.marks() == BOTH
    assert len(rig.asked("esearch")) < 60


@pytest.mark.parametrize("at", [1, 3, 4], ids=["the whole", "a slice", "another"])
def test_case_12_the_count_changes_midway(rig: Rig, at: int) -> None:
    """Seven of sixty are not counted, once: in the whole that is accepted, in a slice looked at again."""
    rig.serve(*some(60))
    brought = rig.run(Fault(kind="count_changes_midway", util="esearch", at=at, by=7), cap=35)
    assert len(rig.stored()) == 60
    assert brought.trouble == ()
    assert rig.marks() == BOTH


def test_case_13_the_history_is_gone(rig: Rig) -> None:
    """No harvest needs it; where it is met, nothing is retried blindly and the PMIDs are kept."""
    rig.serve(*some(12))
    with rig.wire() as wire, pytest.raises(HistoryExpired):
        wire.post("efetch", {"db": "pubmed", "WebEnv": "MCID_gone", "query_key": "1"})
    assert len(rig.requests) == 1
    brought = rig.run(Fault(kind="error:E6", util="efetch", at=1))
    assert not any({"usehistory", "WebEnv", "query_key"} & set(r.params) for r in rig.requests)
    assert len(rig.asked("efetch")) == 1
    assert len(rig.pending()) == 12
    assert Lane.NEW not in rig.marks()
    assert "12 records were not fetched" in brought.trouble[0]
    rig.run()
    whole_count = len(rig.stored())
    assert (whole_count, rig.pending()) == (12, [])


def test_case_14_a_batch_that_is_too_large_is_halved_and_poison_isolated(rig: Rig) -> None:
    rig.serve(*some(60))
    whole(rig, rig.run(Fault(kind="error:S5", util="efetch", times=2)), 60)
    sizes = [request.params["id"][0].count(",") + 1 for request in rig.asked("efetch")]
    assert sizes == [60, 30, 15, 15, 30]


def test_case_14_poison_goes_to_pending_alone(rig: Rig) -> None:
    rig.serve(*some(3))
    faults = [Fault(kind="error:S5", util="efetch", at=1), Fault(kind="error:S5", util="efetch", at=3)]
    rig.run(*faults)
    assert sorted(rig.stored()) == [101, 103]
    assert rig.pending() == [102]
    assert rig.line().missing == 1


@pytest.mark.parametrize("ended", [True, False], ids=["well-ended", "incomplete read"])
def test_case_15_a_body_ends_in_the_middle(rig: Rig, *, ended: bool) -> None:
    rig.serve(*some(12))
    brought = rig.run(Fault(kind="truncate", util="efetch", times=1, size=3000, ended=ended))
    whole(rig, brought, 12)
    assert len(rig.asked("efetch")) == 2


@pytest.mark.parametrize("kind", ["prolog_only", "empty200", "error:E14"])
def test_case_16_an_answer_without_content(rig: Rig, kind: str) -> None:
    rig.serve(*some(12))
    brought = rig.run(Fault(kind=kind, times=1), Fault(kind=kind, util="efetch", at=1))
    whole(rig, brought, 12)
    assert len(rig.requests) == 3 + 2


def test_case_17_fewer_records_than_asked_for(rig: Rig) -> None:
    rig.serve(*some(12))
    brought = rig.run(Fault(kind="drop", util="efetch", pmids=(105,)))
    assert len(rig.asked("efetch")) == 2
    assert rig.asked("efetch")[1].params["id"] == ("105",)
    assert rig.pending() == [105]
    line = rig.line()
    assert (line.received, line.new, line.missing) == (12, 11, 1)
    assert rig.marks() == BOTH  # it is queued, so the window may count as read
    assert any("105" in text for text in brought.trouble)
    brought = rig.run(now=NOON + timedelta(days=60))
    assert 105 in {article.pmid for article in brought.articles}
    assert rig.pending() == []
    assert len(rig.stored()) == 12


def test_case_18_every_record_is_unknown(rig: Rig) -> None:
    rig.serve(*some(3))
    rig.run(Fault(kind="drop", util="efetch", pmids=(101, 102, 103)))
    assert rig.stored() == {}
    assert rig.pending() == [101, 102, 103]


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


def test_case_20_a_dtd_newer_than_any_we_have(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    home = rig.folder / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    rig.serve(*some(12), dtd=2026)
    whole(rig, rig.run(), 12)
    assert list(home.iterdir()) == []


def test_case_21_an_element_nobody_has_heard_of(rig: Rig) -> None:
    rig.serve(*some(12))
    whole(rig, rig.run(Fault(kind="extra_unknown_tag", util="efetch")), 12)


def test_case_22_markup_in_a_title(rig: Rig) -> None:
    title = "<i>In vivo</i> imatinib: <b>p</b> &lt; 0.05 &amp; H<sub>2</sub>O"
    rig.serve(record(101, title, created="2026-11-18 05:00"))
    rig.run()
    article = rig.stored()[101]
    assert article.title == "In vivo imatinib: p < 0.05 & H2O"
    assert article.title_html == title


def test_case_23_structured_copyrighted_plural_and_absent_abstracts(rig: Rig) -> None:
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
    rig.serve(full, record(102, "Imatinib", created="2026-11-18 05:00"))
    rig.run()
    article, bare = rig.stored()[101], rig.stored()[102]
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
    rig: Rig, printed: str, read: str
) -> None:
    rig.serve(record(101, "Imatinib", created="2026-11-18 05:00", published=printed))
    rig.run()
    assert rig.stored()[101].published.startswith(read)
    assert rig.marks() == BOTH


def test_case_25_authors_of_every_kind(rig: Rig) -> None:
    group = "<AuthorList><Author><CollectiveName>The Group</CollectiveName></Author></AuthorList>"
    crowd = tuple((f"Name{n}", "A", "A") for n in range(3000))
    fields = {"created": "2026-11-18 05:00"}
    rig.serve(
        record(101, "Imatinib", **fields),  # type: ignore[arg-type]
        record(102, "Imatinib", **fields).replace("<Language>", group + "<Language>"),  # type: ignore[arg-type]
        record(103, "Imatinib", authors=crowd, **fields).replace('ValidYN="Y"', 'ValidYN="N"', 1),  # type: ignore[arg-type]
    )
    rig.run()
    none, one, many = (rig.stored()[pmid].authors for pmid in (101, 102, 103))
    assert none == ()
    assert [author.collective for author in one] == ["The Group"]
    assert len(many) == 3000
    assert not many[0].valid


def test_case_26_dois_absent_invalid_and_cited(rig: Rig) -> None:
    cited = '<ArticleId IdType="doi">10.5555/cited</ArticleId>'
    plain = record(101, "Imatinib", created="2026-11-18 05:00", references=(7,))
    wrong = record(102, "Imatinib", created="2026-11-18 05:00", doi="10.5555/Wrong")
    wrong = wrong.replace('ValidYN="Y">10.5555/Wrong', 'ValidYN="N">10.5555/Wrong').replace(
        '<ArticleId IdType="doi">10.5555/Wrong</ArticleId>',
        '<ArticleId IdType="doi">10.5555/RIGHT</ArticleId>',
    )
    rig.serve(plain.replace('<ArticleId IdType="pubmed">7', cited + '<ArticleId IdType="pubmed">7'), wrong)
    rig.run()
    assert rig.stored()[101].doi == ""
    assert rig.stored()[102].doi == "10.5555/right"


RETRACTED = (("D016428", "Journal Article"), ("D016441", "Retracted Publication"))


def link(kind: str, pmid: int) -> str:
    return (
        f'<CommentsCorrections RefType="{kind}"><RefSource>x</RefSource><PMID Version="1">{pmid}</PMID>'
        "</CommentsCorrections>"
    )


def test_case_27_a_retraction_that_comes_later(rig: Rig) -> None:
    first = record(101, "Imatinib works", created="2026-10-25 05:00", doi="10.5555/a")
    later = record(
        101, "Imatinib works", created="2026-10-25 05:00", doi="10.5555/a", revised="2026-11-23",
        types=RETRACTED, links=link("RetractionIn", 102),
    )  # fmt: skip
    rig.serve(first, updates={"u-2026-11-23": later})
    rig.run()
    rig.run(now=NOON + WEEK)
    article = rig.stored()[101]
    assert ("RetractionIn", 102) in [(each.kind, each.pmid) for each in article.links]
    with rig.library() as store:
        (revision,) = store.revisions([101])
    assert "links" in revision.fields
    assert (rig.line(Lane.REVISED).known, rig.line(Lane.REVISED).new) == (1, 0)


def test_case_28_a_preprints_article_that_comes_later(rig: Rig) -> None:
    preprint = (("D000076942", "Preprint"),)
    first = record(101, "Imatinib", created="2026-10-25 05:00", types=preprint)
    later = record(
        101, "Imatinib", created="2026-10-25 05:00", types=preprint, revised="2026-11-24",
        links=link("UpdateIn", 102),
    )  # fmt: skip
    paper = record(102, "Imatinib", created="2026-11-23 05:00", links=link("UpdateOf", 101))
    rig.serve(first, paper, updates={"u-2026-11-24": later})
    rig.run()
    assert sorted(rig.stored()) == [101]
    rig.run(now=NOON + WEEK)
    links = {
        pmid: [(each.kind, each.pmid) for each in article.links] for pmid, article in rig.stored().items()
    }
    assert links == {101: [("UpdateIn", 102)], 102: [("UpdateOf", 101)]}


def test_case_29_late_additions_late_mesh_and_issues(rig: Rig) -> None:
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
    rig.serve(late, mute, ahead, updates={"u-2026-11-24": told, "v-2026-11-24": issue})
    of = watch('imatinib[tiab] OR "Imatinib Mesylate"[mh]')
    rig.run(of=of)
    assert sorted(rig.stored()) == [103]
    brought = rig.run(now=NOON + WEEK, of=of)
    lanes = {(sighting.pmid, sighting.lane) for sighting in brought.sightings}
    assert (101, Lane.NEW) in lanes
    assert (102, Lane.INDEXED) in lanes
    with rig.library() as store:
        assert [revision.pmid for revision in store.revisions([101, 102, 103])] == [103]
        assert min(seen.first for seen in store.sightings("sample", [103])) == NOON
    # what no window saw, a sweep does
    brought = rig.run(now=NOON + WEEK, of=watch("drug[tiab]"), flow="sweep")
    assert {s.lane for s in brought.sightings} == {Lane.SWEEP}


def test_case_30_overlapping_crashed_and_simultaneous_runs(rig: Rig) -> None:
    rig.serve(*some(12))
    rig.ask()  # crashed before it was remembered
    assert rig.stored() == {}
    first = rig.run()
    with rig.library() as store:
        store.remember(first, NOON)  # a task that was retried
    again = rig.run()
    assert again.articles == ()
    assert rig.line().known == 12
    brought = [rig.ask(now=NOON + WEEK) for _ in range(2)]  # two at once: both asked, then both write
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda each: _remember(rig, each), brought))
    with rig.library() as store:
        assert len(store.sightings("sample", [101])) == 1
        assert not any(lane.gaps for lane in store.coverage("sample"))
    assert len(rig.stored()) == 12


def _remember(rig: Rig, brought: Harvest) -> None:
    with rig.library() as store:
        store.remember(brought, brought.started)


@pytest.mark.parametrize(
    ("moments", "settled"),
    [
        (["2026-10-31T17:00", "2026-11-01T05:30", "2026-11-01T06:30"], date(2026, 10, 30)),  # clocks go back
        (["2026-11-20T04:59", "2026-11-20T05:01"], date(2026, 11, 18)),  # midnight in New York
        (["2026-11-19T23:59", "2026-11-20T00:01"], date(2026, 11, 18)),  # midnight in UTC
    ],
)
def test_case_30_nights_and_midnights_leave_no_gap(rig: Rig, moments: list[str], settled: date) -> None:
    rig.serve(*some(12))
    for moment in moments:
        rig.run(now=datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert rig.marks()[Lane.NEW] == settled
    with rig.library() as store:
        assert not any(lane.gaps for lane in store.coverage("sample"))


def test_case_30_days_of_nothing_and_then_a_bulk(rig: Rig) -> None:
    rig.serve(*some(60, created="2026-11-30 05:00"), cap=20)
    for day in range(9):
        brought = rig.run(now=NOON + timedelta(days=day), cap=15)
        assert (len(rig.stored()), brought.trouble) == (0, ())
    rig.run(now=NOON + timedelta(days=11), cap=15)
    assert len(rig.stored()) == 60


@pytest.mark.parametrize("kind", ["error:E12", "error:E13", "prolog_only", "reset"])
def test_case_31_links_fail_and_everything_else_goes_on(rig: Rig, kind: str) -> None:
    rig.serve(record(1, "The seed"), *some(12))
    brought = rig.run(Fault(kind=kind, util="elink"), of=watch(routes=True))
    assert len(rig.stored()) == 12
    assert rig.marks() == BOTH
    (trouble,) = brought.trouble
    assert trouble.startswith(("similar", "cited_by"))
    assert rig.line(Lane.SIMILAR).error


def test_case_32_a_dead_kept_alive_connection(rig: Rig) -> None:
    rig.serve(*some(12))
    whole(rig, rig.run(Fault(kind="reset_on_keepalive", times=1)), 12)
    assert rig.time.slept == []
    assert len(rig.requests) == 3 + 1


def test_case_33_a_hung_socket(rig: Rig) -> None:
    rig.serve(*some(12))
    whole(rig, rig.run(Fault(kind="hang", times=1), patience=Patience(read=0.5)), 12)
    assert len(rig.requests) == 3 + 1


def test_case_34_pubmeds_warnings_are_kept(rig: Rig) -> None:
    rig.serve(*some(12))
    rig.run(of=watch("imatinib[tiab] OR zzzqqx[tiab]"))
    assert any("zzzqqx" in warning for warning in rig.line().warnings)
    assert len(rig.stored()) == 12


def test_case_35_summaries_come_in_batches(rig: Rig) -> None:
    rig.serve(*some(510))
    with rig.wire() as wire:
        assert len(esummary(wire, range(101, 611))) == 510
    assert len(rig.requests) == 3


def test_case_36_long_terms_and_id_lists_are_posted(rig: Rig) -> None:
    rig.serve(*some(250))
    rig.run(of=watch(" OR ".join(["imatinib[tiab]"] * 600)))
    assert len(rig.stored()) == 250
    assert {request.method for request in rig.requests} == {"POST"}
    assert all(request.polite for request in rig.requests)


def test_case_37_a_told_record_is_deleted_and_its_like_comes(rig: Rig) -> None:
    old = record(101, "Imatinib", created="2026-10-25 05:00", doi="10.5555/same")
    new = record(102, "Imatinib", created="2026-11-23 05:00", doi="10.5555/same")
    rig.serve(old)
    rig.run()
    for stop in rig.stops:
        stop()
    write(rig.folder / "xml" / "u-2026-11-23.xml", new, deleted=(101,))
    rig.serve(old)
    brought = rig.run(now=NOON + WEEK, told=(101,))
    assert any("PMID 101 was told and is gone" in text for text in brought.trouble)
    assert sorted(rig.stored()) == [101, 102]
    with rig.library() as store:
        works = store.works([101, 102])
    assert works[101] == works[102]


def test_case_38_duplicates_are_one(rig: Rig) -> None:
    grant = "<Grant><GrantID>G1</GrantID><Agency>A</Agency><Country>C</Country></Grant>"
    grants = f'<GrantList CompleteYN="Y">{grant}{grant}</GrantList>'
    rig.serve(
        record(101, "Imatinib", created="2026-11-18 05:00").replace(
            "<PublicationTypeList>", grants + "<PublicationTypeList>"
        )
    )
    whole(rig, rig.run(Fault(kind="dup", util="efetch", pmids=(101,))), 1)
    assert len(rig.stored()[101].grants) == 1


def test_case_39_characters_of_every_kind(rig: Rig) -> None:
    rig.serve(record(101, "Imatinib &#x1D6FD;-catenin \U0001f9ec n\u0303", created="2026-11-18 05:00"))
    whole(rig, rig.run(), 1)
    assert "\U0001d6fd-catenin \U0001f9ec" in rig.stored()[101].title


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "&#0;", "&#11;"])
def test_case_39_what_xml_forbids_costs_at_most_its_record(rig: Rig, character: str) -> None:
    body = articles(101, 102).body.replace(b"Sample 101", f"Sample{character}101".encode())

    def play(util: str, *_: object) -> Reply:
        return searched(101, 102) if util == "esearch" else Reply(body)

    with (
        playing(play) as script,
        Wire(script.url, tool="t", email="a@example.org", rate=float("inf")) as wire,
    ):
        brought = harvest(wire, watch(), Known(), now=NOON)
    with rig.library() as store:
        store.remember(brought, NOON)
    assert 102 in rig.stored()
    assert 101 in rig.stored() or rig.pending() == [101]
