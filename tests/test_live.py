"""The contract with the E-utilities (support/eutils_*.py), put to the mirror here, to NCBI by `make live`.

`NCBI_EMAIL=you@example.org make live` asks NCBI the same questions, at most 100 and 2 a second, and does
not stop at the first difference: it prints them all, each with question, belief and the first 300
characters of the answer, then a patch of the table of beliefs (beliefs.tsv), and fails at the end. Each
exchange is written down, without key and address, into SEEDWATCH_RECORDINGS (by default the folder
live-recordings): send them in. SEEDWATCH_LIVE_URL points it at a mirror instead.
"""

import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import FIRST
from support import belief_table, recordings
from support.eutils_contract import MOST, SMALL_CAP, Check, Difference, differences, opened, report
from support.eutils_expectations import BEYOND, CHECKS
from support.eutils_forms import FORMS

from queries.mirror.corpus import Corpus
from queries.mirror.faults import Fault, FaultPlan
from queries.mirror.server import MirrorServer
from queries.pubmed.wire import NCBI, Patience

ME = "test@example.org"
ALL = (*CHECKS, *FORMS, *BEYOND)


def live(environment: Mapping[str, str], home: Path) -> tuple[list[Difference], str]:
    """Put every question to NCBI; what differs, and the report of it."""
    email = environment.get("NCBI_EMAIL", "")
    if not email:
        pytest.skip("NCBI_EMAIL is not set: NCBI asks for an address to write to")
    with opened(environment.get("SEEDWATCH_LIVE_URL", NCBI), email, home / "pace") as pubmed:
        found = list(differences(pubmed, ALL))
        folder = Path(environment.get("SEEDWATCH_RECORDINGS", "live-recordings"))
        for check, exchanges in pubmed.exchanges.items():
            recordings.write(folder / f"{check}.yml", exchanges)
        patch = belief_table.patch(pubmed.judged, f"{datetime.now(UTC):%Y-%m-%d}")
        return found, f"{report(found, pubmed)}\n\nThe exchanges are in {folder}.\n\n{patch}"


@pytest.mark.live
@pytest.mark.timeout(900)
def test_ncbi_is_as_we_believe_it_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, told = live(os.environ, tmp_path)
    with capsys.disabled():
        print(f"\n{told}\n")
    if found:
        pytest.fail(f"{len(found)} beliefs do not hold: see the report above", pytrace=False)


@pytest.fixture
def crowded(corpus: Corpus) -> Iterator[MirrorServer]:
    with MirrorServer(corpus, now=FIRST, cap=SMALL_CAP, keys={"known"}) as server:
        yield server


@pytest.mark.parametrize("check", [*CHECKS, *FORMS], ids=lambda check: check.__name__)
def test_the_mirror_is_as_we_believe_ncbi_to_be(crowded: MirrorServer, check: Check) -> None:
    with opened(crowded.url, ME) as pubmed:
        found = list(differences(pubmed, [check]))
        assert not found, report(found, pubmed)


@pytest.mark.parametrize("check", BEYOND, ids=lambda check: check.__name__)
def test_what_the_mirror_does_not_model_is_listed_only_while_that_is_so(
    crowded: MirrorServer, check: Check
) -> None:
    with opened(crowded.url, ME) as pubmed:
        assert list(differences(pubmed, [check]))


def test_every_difference_is_told_with_its_question_and_answer_and_none_stops_the_rest(
    crowded: MirrorServer,
) -> None:
    crowded.faults = FaultPlan(
        [
            Fault(kind="extra_unknown_tag", util="efetch", times=1),
            Fault(kind="error:E6", util="elink"),
            Fault(kind="empty200", util="epost"),
        ]
    )
    with opened(crowded.url, ME, patience=Patience(tries=1)) as pubmed:
        told = report(differences(pubmed, CHECKS), pubmed)
    assert re.findall(r"^\w+$", told, re.MULTILINE) == ["newest_first", "posting", "links", "links", "errors"]
    assert "belief  the DTD of 2025 still describes the records\n  came    " in told
    assert "FutureList" in told
    assert "asked   elink.fcgi db=pubmed dbfrom=pubmed linkname=pubmed_pubmed" in told
    assert "answer  200, text/xml; charset=UTF-8: … <eLinkResult>" in told
    assert "example.org" not in told


def test_a_service_that_is_away_is_told_once() -> None:
    with opened("http://127.0.0.1:9/", ME, patience=Patience(tries=2, first=0)) as pubmed:
        (only,) = differences(pubmed, CHECKS)
    assert (only.check, "Outage" in only.came, only.answer) == ("about_itself", True, "nothing")


def test_a_run_sends_no_more_than_it_may(crowded: MirrorServer) -> None:
    with opened(crowded.url, ME) as pubmed:
        assert {each.check for each in differences(pubmed, ALL)} == {each.__name__ for each in BEYOND}
        assert len(crowded.requests) <= MOST - 4  # some may have to be asked twice
        told = [each.came for each in differences(pubmed, CHECKS)]
    assert "its 100 requests are spent" in told[-1]
    assert len(crowded.requests) == MOST


def test_the_live_run_skips_without_an_address_and_else_tells_what_differs(
    crowded: MirrorServer, tmp_path: Path
) -> None:
    environment = {"SEEDWATCH_LIVE_URL": crowded.url, "SEEDWATCH_RECORDINGS": str(tmp_path / "kept")}
    with pytest.raises(pytest.skip.Exception, match="NCBI_EMAIL is not set"):
        live(environment, tmp_path)
    assert not crowded.requests
    found, told = live(environment | {"NCBI_EMAIL": ME}, tmp_path)
    assert told.startswith(f"Where NCBI differs from the mirror and from our beliefs: {len(found)} places")
    assert all(request.polite for request in crowded.requests)
    assert "\n+sorting\tsort=relevance is known\trecorded\tmake live, " in told
    assert "\n+untagged_words\tthey are mapped to synonyms, and that is told\trefuted\tmake live, " in told
    written = [each for file in sorted((tmp_path / "kept").iterdir()) for each in recordings.read(file)]
    assert len(written) == len(crowded.requests)
    assert not any("example.org" in str(each) for each in written)
    assert {each.status for each in written} >= {200, 400}
    posted = next(each for each in written if each.asked.get("term", "").startswith("leukemia[tiab]"))
    assert dict(posted.params)["email"] == "<EMAIL>"


def test_the_table_has_every_belief_and_how_far_it_is_known(crowded: MirrorServer) -> None:
    with opened(crowded.url, ME) as pubmed:
        list(differences(pubmed, ALL))
    table = belief_table.rows()
    assert [(row.check, row.belief) for row in table] == list(pubmed.judged)
    assert {row.standing for row in table} <= {*belief_table.STANDINGS}
    assert belief_table.counts() in (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    assert [row for row in table if row.standing != "believed" and not row.source] == []
