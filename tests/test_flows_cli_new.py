"""`seedwatch new`: from a DOI to a watch, measured and shown; a file's records do where PubMed is away."""

import json
from pathlib import Path

import pytest
from conftest import Shell
from support.exports import write

from queries.watch.file import Watch, load

RIS = """TY  - JOUR
TI  - Stone fever of the marrow
AB  - Stone fever (STF) is treated with lithimab.
DO  - 10.5555/stone.1
KW  - stone fever
KW  - lithimab
KW  - marrow niche
ER  - 
"""  # noqa: W291 - RIS ends a record with a blank


def only_watch(folder: Path) -> Watch:
    (file,) = folder.glob("*.toml")
    return load(file)


def test_it_says_what_the_topics_find_and_makes_a_first_digest(at: Shell, prefect_api: str) -> None:
    """The end of the sample's first weeks: hits, sample titles, references, a page that tells nobody."""
    run = at("new", "90000001", "--folder", "mine", "--yes", PREFECT_API_URL=prefect_api)
    assert run.returncode == 0, run.stderr
    watch = only_watch(at.home / "mine")
    assert all(topic.name in run.stdout for topic in watch.topics)
    assert "Every topic is on" in run.stdout
    assert "of the seed's references" in run.stdout
    page = Path(run.stdout.partition("sent to nobody: ")[2].splitlines()[0])
    assert page.read_text(encoding="utf-8").startswith("<!")
    assert not (at.home / "state" / "library.duckdb").exists(), "a preview is remembered by nobody"
    again = at("new", "90000001", "--folder", "mine", "--yes", "--no-preview")
    assert again.returncode == 2
    assert "is there already" in again.stderr


def test_as_json_it_is_for_scripts(at: Shell) -> None:
    run = at("new", "--seed", "90000001", "--folder", "mine", "--name", "my-lab", "--json", "--no-preview")
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert (told["watch"], load(Path(at.home, told["file"])).name) == ("my-lab", "my-lab")
    assert told["found"] + len(told["missed"]) == told["references"]
    assert {"short", "month", "year", "titles", "references", "warnings"} <= told["topics"][0].keys()


def test_a_file_of_records_is_a_seed_with_pubmed_away(at: Shell) -> None:
    """It says so, and drafts from what is given."""
    write(at.home, RIS, "mine.ris")
    away = {"SEEDWATCH_EUTILS_URL": "http://127.0.0.1:9/", "SEEDWATCH_PATIENCE": "1"}
    run = at("new", "--from", "mine.ris", "--folder", "mine", "--yes", **away)
    assert run.returncode == 3, run.stderr
    assert "PubMed could not be asked" in run.stderr
    watch = only_watch(at.home / "mine")
    assert watch.seed.doi == "10.5555/stone.1"
    assert [topic.name for topic in watch.topics] == ["Lithimab", "Marrow niche"]
    alone = at("new", "10.5555/stone.1", "--folder", "other", **away)
    assert alone.returncode == 1
    assert not (at.home / "other").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "needs a seed"),
        (("not-a-doi",), "is neither a DOI nor a PMID"),
        (("99999999",), "PubMed has no record"),
        (("90000001", "--name", "My Lab"), "may hold small letters"),
        (("--from", "absent.ris"), "absent.ris"),
    ],
)
def test_what_cannot_be_a_seed_is_refused_and_nothing_is_written(
    at: Shell, arguments: tuple[str, ...], words: str
) -> None:
    run = at("new", *arguments, "--no-preview")
    assert run.returncode == 2
    assert words in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert list(at.home.glob("*.toml")) == []
