"""`seedwatch assess`: a row a record, each cell the record's own words."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.cli.assess import COLUMNS
from queries.errors import RecordsError, SeedwatchError

RECORDS = (
    {
        "id": "a",
        "title": "Stopping samplinib and imatinib in chronic myeloid leukemia: the niche",
        "abstract": "In this phase 2 trial, registered as NCT99000001, 84 patients were enrolled. "
        "At 24 months, 52 of 84 patients (61.9%; 95% CI 51-72) remained in TFR. "
        "Molecular relapse was defined as loss of MMR.",
    },
    {"id": "b", "title": "Sowing oats in spring", "abstract": ""},
)


def assessed(folder: Path, *options: str) -> list[dict[str, str]]:
    records, out = folder / "records.jsonl", folder / "out.csv"
    records.write_text("".join(f"{json.dumps(each)}\n" for each in RECORDS), encoding="utf-8")
    done = CliRunner().invoke(app, ["assess", str(records), "--out", str(out), *options])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    assert done.output == f"2 records assessed: {out}\n"
    with out.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def test_a_stopping_study_fills_its_row_and_what_is_not_said_stays_empty(tmp_path: Path) -> None:
    told, silent = assessed(tmp_path)
    assert tuple(told) == COLUMNS
    assert told == {
        "id": "a",
        "study": "phase 2 trial",
        "study_span": "In this phase 2 trial",
        "species": "human",
        "participants": "84",
        "tfr": "yes",
        "stopping": "planned",
        "tfr_rate": "61.9%",
        "tfr_time": "24 months",
        "tfr_ci": "51-72",
        "tfr_criterion": "loss of MMR",
        "quote": "At 24 months, 52 of 84 patients (61.9%; 95% CI 51-72) remained in TFR.",
        "questions": "Chronic myeloid leukemia; Tyrosine kinase inhibitor; tumor micro environment",
        "trials": "NCT99000001",
    }
    assert silent == dict.fromkeys(COLUMNS, "") | {"id": "b", "tfr": "no"}


def test_an_unknown_watch_and_a_file_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    with pytest.raises(SeedwatchError, match="no-such-watch"):
        assessed(tmp_path, "--watch", "no-such-watch")
    done = CliRunner().invoke(app, ["assess", str(tmp_path / "none.csv"), "--out", str(tmp_path / "out.csv")])
    assert isinstance(done.exception, RecordsError)
