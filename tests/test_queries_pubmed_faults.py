"""The ways in which PubMed's service disappoints, and what the client makes of each.

The real client, over real HTTP, against the mirror with its plan of faults, into a real library. Cases
are named by their numbers in the project's catalogue of thirty-nine; those of what records hold, 19 to
29 and 37 to 39, are in test_queries_pubmed_faults_records.py.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from support.harvest_scenario import BOTH, NOON, SETTLED, WEEK, Rig, outage, some, watch, whole
from support.mirror_records import record

from queries.errors import HistoryExpired, Outage, OverCap, SettingsError
from queries.mirror.faults import Fault
from queries.pubmed.wire import Patience
from queries.records.harvest import Harvest, Lane


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with Rig(tmp_path) as rig:
        yield rig


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


def test_case_36_long_terms_and_id_lists_are_posted(rig: Rig) -> None:
    rig.serve(*some(250))
    rig.run(of=watch(" OR ".join(["imatinib[tiab]"] * 600)))
    assert len(rig.stored()) == 250
    assert {request.method for request in rig.requests} == {"POST"}
    assert all(request.polite for request in rig.requests)
