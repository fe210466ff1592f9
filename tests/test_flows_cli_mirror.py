"""`seedwatch mirror serve` has every switch of the mirror, and each does what it says."""

import json

import httpx
import pytest
from conftest import Shell, serving
from support.mirror_records import record, write


def test_every_switch_reaches_the_mirror(seedwatch: Shell) -> None:
    write(seedwatch.home / "xml" / "a.xml", *(record(pmid, "Alike") for pmid in range(1, 6)))
    switches = (
        *("--rate", "3", "--key", "good", "--key", "better", "--cap", "2", "--dtd", "2026", "--lenient"),
        *("--fault", "500html,util=einfo,times=1", "--fault", "slow,util=epost,seconds=0.01", "--seed", "7"),
        *("--log", "log.jsonl", "--latency", "0.01", "--history", "5", "--reading", "9", "--whole"),
    )
    with serving(seedwatch, "--xml", "xml", "--port", "0", "--now", "2026-12-01", *switches) as url:
        assert [httpx.get(f"{url}einfo.fcgi?api_key=good").status_code for _ in range(2)] == [500, 200]
        assert httpx.get(f"{url}einfo.fcgi?api_key=bad").status_code == 400
        found = httpx.get(f"{url}esearch.fcgi?term=alike&retmax=9&retmode=json&api_key=better").json()
        assert (found["esearchresult"]["count"], len(found["esearchresult"]["idlist"])) == ("5", 2)
        lenient = httpx.get(f"{url}esearch.fcgi?term=x[pa]&retmode=json&api_key=better").json()
        assert lenient["esearchresult"]["errorlist"]["fieldsnotfound"] == ["pa"]
        assert "pubmed_260101.dtd" in httpx.get(f"{url}efetch.fcgi?id=1&api_key=better").text
        codes = [httpx.get(f"{url}einfo.fcgi").status_code for _ in range(4)]
        assert codes[0] == 200
        assert codes[3] == 429
    lines = [json.loads(line) for line in (seedwatch.home / "log.jsonl").read_text().splitlines()]
    assert [line["status"] for line in lines][:3] == [500, 200, 400]
    assert not any("good" in str(line["params"]) for line in lines)


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("typo", "no fault 'typo'"),
        ("429,often=2", "no setting 'often'"),
        ("429,at=soon", "invalid literal"),
    ],
)
def test_a_fault_that_there_is_not_is_refused(seedwatch: Shell, fault: str, problem: str) -> None:
    write(seedwatch.home / "xml" / "a.xml", record(1))
    run = seedwatch("mirror", "serve", "--xml", "xml", "--fault", fault)
    assert (run.returncode, problem in run.stderr) == (2, True), run.stderr
