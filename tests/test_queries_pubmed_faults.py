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
from support.harvest_scenario import (
    BOTH,
    NOON,
    SETTLED,
    WEEK,
    HarvestScenario,
    assert_complete,
    assert_outage_is_made_good,
    imatinib_records,
    watch,
)
from support.mirror_records import record

from queries.errors import HistoryExpired, Outage, OverCap, SettingsError
from queries.mirror.faults import Fault
from queries.pubmed.wire import Patience
from queries.records.harvest import Harvest, Lane

FAR = datetime(2100, 1, 1, tzinfo=UTC)  # whatever was read by then


@pytest.fixture
def scenario(tmp_path: Path) -> Iterator[HarvestScenario]:
    with HarvestScenario(tmp_path) as scenario:
        yield scenario


def test_case_01_throttled_once(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(12))
    brought = scenario.run(Fault(kind="429", times=1), rate=3.0)
    assert_complete(scenario, brought, 12)
    assert len(scenario.requests) == 1 + 3
    assert scenario.time.slept[0] >= 2.5  # Retry-After and jitter
    # half the rate: three requests in two seconds, so that the fourth waits for what is left of them
    assert sum(scenario.time.slept) <= 5


def test_case_02_throttled_for_longer_than_our_patience(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(12))
    assert_outage_is_made_good(scenario, Fault(kind="429"), requests=6)


def test_case_03_a_wrong_key(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(12), keys={"right"})
    with pytest.raises(SettingsError, match="NCBI_API_KEY") as caught:
        scenario.run(api_key="wrong-key-of-somebody")
    assert caught.value.exit_code == 2
    assert "wrong-key-of-somebody" not in str(caught.value)
    assert len(scenario.requests) == 1
    assert scenario.marks() == {}
    assert_complete(scenario, scenario.run(api_key=""), 12)
    assert_complete(scenario, scenario.run(api_key="right"), 12)


def test_case_04_server_errors_in_html(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(12))
    brought = scenario.run(Fault(kind="500html", times=2), Fault(kind="500html", util="efetch", at=1))
    assert_complete(scenario, brought, 12)
    assert len(scenario.requests) == 3 + 3
    assert not any("WWW Error" in repr(article) for article in scenario.stored().values())


@pytest.mark.parametrize("kind", ["502", "503", "504"])
def test_case_05_a_broken_gateway_waits_longer_and_opens_the_circuit(
    scenario: HarvestScenario, kind: str
) -> None:
    scenario.serve(*imatinib_records(12))
    assert_complete(scenario, scenario.run(Fault(kind=kind, times=1)), 12)
    assert scenario.time.slept == [2.0]
    brought = scenario.run(
        Fault(kind=kind, after=1), now=NOON + WEEK, patience=Patience(in_a_row=4), of=watch("imatinib[tiab]")
    )
    assert len(scenario.requests) == 1 + 4
    assert len(brought.trouble) == 1
    assert len(scenario.marks()) == 2
    assert len({*scenario.marks().values()}) == 2  # one lane was read, the other was not


def test_case_06_html_with_status_200(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(12))
    assert_outage_is_made_good(scenario, Fault(kind="html200"), requests=6)
    with pytest.raises(Outage, match="planned outage"):
        scenario.run(Fault(kind="outage"))
    assert len(scenario.requests) == 1


def test_case_07_the_database_is_said_not_to_exist(scenario: HarvestScenario) -> None:
    """The text lies: it is an outage, and no mistake of the configuration."""
    scenario.serve(*imatinib_records(12))
    assert_outage_is_made_good(scenario, Fault(kind="error:E1"), requests=6)


def test_case_08_the_cap_is_never_provoked_and_if_met_splits(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(60), cap=20)
    brought = scenario.run(cap=15)
    assert len(scenario.stored()) == 60
    assert brought.trouble == ()
    assert not any("retstart" in r.params and r.params["retstart"] != ("0",) for r in scenario.requests)
    scenario.run(Fault(kind="error:E2", util="esearch", at=1), now=NOON + WEEK, cap=15)
    searches = [request.params["term"] for request in scenario.asked("esearch")]
    assert len(searches) == len(set(searches))  # no retry of the same
    assert scenario.marks()[Lane.NEW] == SETTLED + WEEK


def test_case_09_the_cap_in_json_with_a_raw_newline(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(12), cap=5)
    with scenario.wire() as wire, pytest.raises(OverCap):
        wire.post("esearch", {"db": "pubmed", "term": "imatinib", "retmode": "json", "retstart": 5})
    assert len(scenario.requests) == 1


def test_case_10_ids_are_clamped_silently(scenario: HarvestScenario) -> None:
    """PubMed shows 20 of 60 with status 200; the client believes that it may have 9,000."""
    scenario.serve(*imatinib_records(60), cap=20)
    scenario.run()
    assert len(scenario.stored()) == 60
    with scenario.library() as store:
        lines = [line for line in store.ledger("sample") if line.lane is Lane.NEW]
    assert sum(line.count for line in lines) == sum(line.received for line in lines) == 60
    assert scenario.marks() == BOTH


def test_case_11_a_bulk_day_over_the_cap_is_cut_by_pmid(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(60, created="2026-11-18 05:00"), cap=20)
    brought = scenario.run(cap=15)
    assert len(scenario.stored()) == 60
    assert all(line.count <= 15 for line in brought.lines)
    assert scenario.marks() == BOTH
    assert len(scenario.asked("esearch")) < 60


@pytest.mark.parametrize("at", [1, 3, 4], ids=["the whole", "a slice", "another"])
def test_case_12_the_count_changes_midway(scenario: HarvestScenario, at: int) -> None:
    """Seven of sixty are not counted, once: in the whole that is accepted, in a slice looked at again."""
    scenario.serve(*imatinib_records(60))
    brought = scenario.run(Fault(kind="count_changes_midway", util="esearch", at=at, by=7), cap=35)
    assert len(scenario.stored()) == 60
    assert brought.trouble == ()
    assert scenario.marks() == BOTH


def test_case_13_the_history_is_gone(scenario: HarvestScenario) -> None:
    """No harvest needs it; where it is met, nothing is retried blindly and the PMIDs are kept."""
    scenario.serve(*imatinib_records(12))
    with scenario.wire() as wire, pytest.raises(HistoryExpired):
        wire.post("efetch", {"db": "pubmed", "WebEnv": "MCID_gone", "query_key": "1"})
    assert len(scenario.requests) == 1
    brought = scenario.run(Fault(kind="error:E6", util="efetch", at=1))
    assert not any({"usehistory", "WebEnv", "query_key"} & set(r.params) for r in scenario.requests)
    assert len(scenario.asked("efetch")) == 1
    assert len(scenario.pending()) == 12
    assert Lane.NEW not in scenario.marks()
    assert "12 records were not fetched" in brought.trouble[0]
    scenario.run()
    whole_count = len(scenario.stored())
    assert (whole_count, scenario.pending()) == (12, [])


def test_case_14_a_batch_that_is_too_large_is_halved_and_poison_isolated(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(60))
    assert_complete(scenario, scenario.run(Fault(kind="error:S5", util="efetch", times=2)), 60)
    sizes = [request.params["id"][0].count(",") + 1 for request in scenario.asked("efetch")]
    assert sizes == [60, 30, 15, 15, 30]


def test_case_14_poison_goes_to_pending_alone(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(3))
    faults = [Fault(kind="error:S5", util="efetch", at=1), Fault(kind="error:S5", util="efetch", at=3)]
    scenario.run(*faults)
    assert sorted(scenario.stored()) == [101, 103]
    assert scenario.pending() == [102]
    assert scenario.line().missing == 1


@pytest.mark.parametrize("ended", [True, False], ids=["well-ended", "incomplete read"])
def test_case_15_a_body_ends_in_the_middle(scenario: HarvestScenario, *, ended: bool) -> None:
    scenario.serve(*imatinib_records(12))
    brought = scenario.run(Fault(kind="truncate", util="efetch", times=1, size=3000, ended=ended))
    assert_complete(scenario, brought, 12)
    assert len(scenario.asked("efetch")) == 2


@pytest.mark.parametrize("kind", ["prolog_only", "empty200", "error:E14"])
def test_case_16_an_answer_without_content(scenario: HarvestScenario, kind: str) -> None:
    scenario.serve(*imatinib_records(12))
    brought = scenario.run(Fault(kind=kind, times=1), Fault(kind=kind, util="efetch", at=1))
    assert_complete(scenario, brought, 12)
    assert len(scenario.requests) == 3 + 2


def test_case_17_fewer_records_than_asked_for(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(12))
    brought = scenario.run(Fault(kind="drop", util="efetch", pmids=(105,)))
    assert len(scenario.asked("efetch")) == 2
    assert scenario.asked("efetch")[1].params["id"] == ("105",)
    assert scenario.pending() == [105]
    line = scenario.line()
    assert (line.received, line.new, line.missing) == (12, 11, 1)
    assert scenario.marks() == BOTH  # it is queued, so the window may count as read
    assert any("105" in text for text in brought.trouble)
    brought = scenario.run(now=NOON + timedelta(days=60))
    assert 105 in {article.pmid for article in brought.articles}
    assert scenario.pending() == []
    assert len(scenario.stored()) == 12


def test_case_18_every_record_is_unknown(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(3))
    scenario.run(Fault(kind="drop", util="efetch", pmids=(101, 102, 103)))
    assert scenario.stored() == {}
    assert scenario.pending() == [101, 102, 103]


def test_case_30_overlapping_crashed_and_simultaneous_runs(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(12))
    scenario.ask()  # crashed before it was remembered
    assert scenario.stored() == {}
    first = scenario.run()
    with scenario.library() as store:
        store.remember(first, NOON)  # a task that was retried
    again = scenario.run()
    assert again.articles == ()
    assert scenario.line().known == 12
    brought = [scenario.ask(now=NOON + WEEK) for _ in range(2)]  # two at once: both asked, then both write
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda each: _remember(scenario, each), brought))
    with scenario.library() as store:
        assert len(store.sightings("sample", [101])) == 1
        assert not any(lane.gaps for lane in store.coverage("sample", FAR))
    assert len(scenario.stored()) == 12


def _remember(scenario: HarvestScenario, brought: Harvest) -> None:
    with scenario.library() as store:
        store.remember(brought, brought.started)


@pytest.mark.parametrize(
    ("moments", "settled"),
    [
        (["2026-10-31T17:00", "2026-11-01T05:30", "2026-11-01T06:30"], date(2026, 10, 30)),  # clocks go back
        (["2026-11-20T04:59", "2026-11-20T05:01"], date(2026, 11, 18)),  # midnight in New York
        (["2026-11-19T23:59", "2026-11-20T00:01"], date(2026, 11, 18)),  # midnight in UTC
    ],
)
def test_case_30_nights_and_midnights_leave_no_gap(
    scenario: HarvestScenario, moments: list[str], settled: date
) -> None:
    scenario.serve(*imatinib_records(12))
    for moment in moments:
        scenario.run(now=datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert scenario.marks()[Lane.NEW] == settled
    with scenario.library() as store:
        assert not any(lane.gaps for lane in store.coverage("sample", FAR))


def test_case_30_days_of_nothing_and_then_a_bulk(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(60, created="2026-11-30 05:00"), cap=20)
    for day in range(9):
        brought = scenario.run(now=NOON + timedelta(days=day), cap=15)
        assert (len(scenario.stored()), brought.trouble) == (0, ())
    scenario.run(now=NOON + timedelta(days=11), cap=15)
    assert len(scenario.stored()) == 60


@pytest.mark.parametrize("kind", ["error:E12", "error:E13", "prolog_only", "reset"])
def test_case_31_links_fail_and_everything_else_goes_on(scenario: HarvestScenario, kind: str) -> None:
    scenario.serve(record(1, "The seed"), *imatinib_records(12))
    brought = scenario.run(Fault(kind=kind, util="elink"), of=watch(routes=True))
    assert len(scenario.stored()) == 12
    assert scenario.marks() == BOTH
    (trouble,) = brought.trouble
    assert trouble.startswith(("similar", "cited_by"))
    assert scenario.line(Lane.SIMILAR).error


def test_case_32_a_dead_kept_alive_connection(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(12))
    assert_complete(scenario, scenario.run(Fault(kind="reset_on_keepalive", times=1)), 12)
    assert scenario.time.slept == []
    assert len(scenario.requests) == 3 + 1


def test_case_33_a_hung_socket(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(12))
    assert_complete(scenario, scenario.run(Fault(kind="hang", times=1), patience=Patience(read=0.5)), 12)
    assert len(scenario.requests) == 3 + 1


def test_case_34_pubmeds_warnings_are_kept(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(12))
    scenario.run(of=watch("imatinib[tiab] OR zzzqqx[tiab]"))
    assert any("zzzqqx" in warning for warning in scenario.line().warnings)
    assert len(scenario.stored()) == 12


def test_case_36_long_terms_and_id_lists_are_posted(scenario: HarvestScenario) -> None:
    scenario.serve(*imatinib_records(250))
    scenario.run(of=watch(" OR ".join(["imatinib[tiab]"] * 600)))
    assert len(scenario.stored()) == 250
    assert {request.method for request in scenario.requests} == {"POST"}
    assert all(request.polite for request in scenario.requests)
