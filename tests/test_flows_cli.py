"""The command line: light to start, plain to read; what needs no flow, and PubMed in a box."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from conftest import FIRST, Shell, serving
from support.scenario import small_scenario

from queries.mirror import SAMPLE
from queries.mirror.server import MirrorServer
from queries.watch.file import load

HEAVY = {"prefect", "duckdb", "apprise", "numpy", "scipy", "lxml", "httpx", "jinja2"}
LIBRARY = {"duckdb", "numpy"}


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        ("--help", set()),
        ("run --help", set()),
        ("mirror serve --help", set()),
        ("list", set()),
        ("status", LIBRARY),
        ("backup copy.duckdb", LIBRARY),
        ("check --offline", LIBRARY),
    ],
)
def test_a_command_waits_for_nothing_that_it_does_not_use(
    seedwatch: Shell, arguments: str, needed: set[str]
) -> None:
    command = f"""
import sys
from flows.cli import app
try:
    app({arguments.split()})
except SystemExit:
    print(*sorted(set(sys.modules) & {HEAVY}))
"""
    run = subprocess.run(
        [sys.executable, "-c", command],
        env=seedwatch.variables() | {"SEEDWATCH_MAIL": f"folder://{seedwatch.home}/out"},
        cwd=seedwatch.home,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(run.stdout.splitlines()[-1].split()) <= needed


def test_the_installed_script_is_the_same_command(seedwatch: Shell) -> None:
    script = Path(sys.executable).with_name("seedwatch")
    if not script.exists():
        pytest.skip("seedwatch is not installed beside this Python")
    run = subprocess.run(
        [script, "list"], env=seedwatch.variables(), capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith("cml-stem-cells\t")


def test_a_word_that_is_no_text_is_refused_in_one_line(seedwatch: Shell) -> None:
    run = seedwatch("backup", "caf\udce9.duckdb")
    assert run.returncode == 2
    assert run.stderr.startswith(r"seedwatch: 'caf\udce9.duckdb': is not UTF-8")
    assert run.stderr.count("\n") == 1


def test_list_names_each_watch_and_a_broken_one_with_its_mistake(seedwatch: Shell, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("title = 1")
    run = seedwatch("list", SEEDWATCH_WATCHES=str(tmp_path))
    assert run.returncode == 0
    broken, shipped = run.stdout.splitlines()
    assert broken.startswith(f"broken\t{tmp_path / 'broken.toml'}: ")
    assert "LSC, TKI, TFR" in shipped
    assert "Europe/Oslo" in shipped


def test_check_says_what_is_in_order_and_exits_2_for_what_is_not(
    seedwatch: Shell, mirror: MirrorServer
) -> None:
    scenario = small_scenario(seedwatch.home, mirror, {"ann": "$MAIL"})
    there = seedwatch.at(scenario)
    good = seedwatch("check", "small", **there, MAIL="mailtos://me:hunter22@example.org?to=ann@example.org")
    assert (good.returncode, good.stderr) == (0, "")
    assert "small: 2 topics, 0 anchors in order" in good.stdout
    assert "hunter22" not in good.stdout
    bad = seedwatch("check", **there)
    assert bad.returncode == 2
    assert "recipient ann, url: $MAIL is not set. Set MAIL" in bad.stdout
    nobody = seedwatch("check", "small", **{**there, "SEEDWATCH_EUTILS_URL": ""}, MAIL="nonsense")
    assert nobody.returncode == 2
    assert "NCBI_EMAIL is not set" in nobody.stdout
    assert "is not an apprise URL" in nobody.stdout
    assert seedwatch("check", "absent", **there).returncode == 2


def test_check_can_send_a_test_message(seedwatch: Shell, mirror: MirrorServer) -> None:
    scenario = small_scenario(seedwatch.home, mirror)
    run = seedwatch("check", "small", "--send", **seedwatch.at(scenario))
    assert run.returncode == 0
    assert "test message sent" in run.stdout
    assert list((seedwatch.home / "out").rglob("*.eml"))


@pytest.mark.parametrize("seed", ["90000001", "10.1080/10428194.2025.2466817"])
def test_new_writes_a_watch_that_loads_and_asks(seedwatch: Shell, mirror: MirrorServer, seed: str) -> None:
    environment = {"SEEDWATCH_EUTILS_URL": mirror.url}
    run = seedwatch("new", "--seed", seed, "--folder", "mine", "--yes", "--no-preview", **environment)
    assert run.returncode == 0, run.stderr
    (file,) = (seedwatch.home / "mine").iterdir()
    made = load(file)
    assert "leukemic stem cells" in made.seed.keywords
    assert made.topics
    environment |= {made.recipients[0].url.removeprefix("$"): f"folder://{seedwatch.home}/out"}
    checked = seedwatch("check", made.name, SEEDWATCH_WATCHES=str(file.parent), **environment)
    assert checked.returncode == 0, checked.stdout


def test_a_preview_writes_files_sends_nothing_and_makes_no_library(
    seedwatch: Shell, mirror: MirrorServer, prefect_api: str
) -> None:
    """And its outcome as JSON is JSON, with nothing else on stdout."""
    scenario = small_scenario(seedwatch.home, mirror)
    arguments = "run", "small", "--now", FIRST.isoformat(), "--preview", "look", "--json"
    run = seedwatch(*arguments, **seedwatch.at(scenario), PREFECT_API_URL=prefect_api)
    assert run.returncode == 0, run.stderr
    outcome = json.loads(run.stdout)
    assert outcome["watch"] == "small"
    assert outcome["digest"]["told"]
    assert (seedwatch.home / "look" / "1.html").exists()
    assert not (seedwatch.home / "out").exists()
    assert not scenario.setting.database.exists()


def test_a_mirror_is_loaded_and_served_from_the_command_line(seedwatch: Shell) -> None:
    for name in ("sample-base-0.xml", "sample-base-1.xml"):
        (seedwatch.home / "xml").mkdir(exist_ok=True)
        shutil.copy(SAMPLE / name, seedwatch.home / "xml" / name)
    load = seedwatch("mirror", "load", "xml", "--db", "mirror.duckdb")
    assert load.returncode == 0, load.stderr
    records = int(re.findall(r"(\d+) records", load.stdout)[-1])
    for source in (["--db", "mirror.duckdb"], ["--xml", "xml"]):
        with serving(seedwatch, *source, "--port", "0", "--now", "2026-12-01") as url:
            question = {"db": "pubmed", "term": "90000000:90009999[uid]", "retmode": "json"}
            answer = httpx.post(f"{url}esearch.fcgi", data=question).json()
        assert 0 < int(answer["esearchresult"]["count"]) <= records


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["serve"], "needs either --xml or --db"),
        (["serve", "--xml", "nowhere"], "nowhere"),
        (["serve", "--db", "nowhere.duckdb"], "nowhere.duckdb"),
        (["load", "nowhere", "--db", "x.duckdb"], "nowhere"),
    ],
)
def test_a_mirror_without_records_is_refused_in_one_line(
    seedwatch: Shell, arguments: list[str], problem: str
) -> None:
    run = seedwatch("mirror", *arguments)
    assert run.returncode in {1, 2}
    (line,) = run.stderr.splitlines()
    assert line.startswith("seedwatch: ")
    assert problem in line


def test_the_demo_leaves_what_it_promises_in_place_of_an_earlier_one(
    seedwatch: Shell, prefect_api: str
) -> None:
    out = seedwatch.home / "seedwatch-demo"
    (out / ".seedwatch-demo").mkdir(parents=True)
    (out / "digests").mkdir()
    (out / "digests" / "9.html").write_text("of an earlier demo")
    run = seedwatch("demo", "--weeks", "1", PREFECT_API_URL=prefect_api)
    assert (run.returncode, run.stderr) == (0, "")
    left = {each.name for each in (out / "digests").iterdir()}
    assert {"1.html", "1.txt", "1.slack.json", "1.eml"} <= left
    assert "9.html" not in left
    assert (out / "site" / "index.html").exists()
    assert (out / "site" / "cml-stem-cells" / "digest" / "1.html").exists()
    assert {each.suffix for each in (out / "exports").iterdir()} == {
        ".ris", ".bib", ".json", ".nbib", ".csv", ".parquet",
    }  # fmt: skip
    assert {each.name for each in (out / "report").iterdir()} == {"methods.html", "flow.svg", "report.json"}
    assert (out / "library.duckdb").exists()
    assert re.search(r"digest 1, \d+ found = .* [1-9]\d* told; 1 of 1 deliveries sent", run.stdout)


def test_the_demo_spares_a_folder_that_is_not_its_own(seedwatch: Shell) -> None:
    (seedwatch.home / "thesis").mkdir()
    (seedwatch.home / "thesis" / "chapter.txt").write_text("years of work")
    run = seedwatch("demo", "--out", "thesis")
    assert run.returncode == 2
    assert run.stderr == "seedwatch: --out thesis: is a folder with other things in it. Name a new folder\n"
    assert (seedwatch.home / "thesis" / "chapter.txt").read_text() == "years of work"
