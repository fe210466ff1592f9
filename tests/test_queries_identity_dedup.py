"""`seedwatch dedup`: any export in, one row a record out, and no paper lost."""

import csv
import os
from itertools import combinations
from pathlib import Path

import pytest

from flows.cli.dedup import deduplicate
from queries.errors import RecordsError

TITLE = "Quiescent clones outlast asciminib in a murine model of chronic myeloid leukaemia"
EXPORT = f"""id,title,author,year,journal,volume,number,pages,doi
ovid-1,"{TITLE}. [Review] [33 refs]","Quill, Anna and Marsh, Ben",2019,J Invent Haematol,12,,123-9,
pubmed,{TITLE},"Quill, Anna and Marsh, Ben",2019,Journal of Invented Haematology,12,3,123-129,10.5555/a
other,Marrow of another bone,"Else, Somebody",2019,Journal of Invented Haematology,12,3,123-129,10.5555/a
erratum,Erratum: {TITLE},"Quill, Anna and Marsh, Ben",2019,Journal of Invented Haematology,12,4,400,
"""


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_every_record_gets_its_work_and_the_rule_that_joined_it(tmp_path: Path) -> None:
    export, out = tmp_path / "export.csv", tmp_path / "works.csv"
    export.write_text(EXPORT, encoding="utf-8")
    lines = deduplicate(export, out)
    assert [tuple(row.values()) for row in rows(out)] == [
        ("ovid-1", "ovid-1", ""),
        ("pubmed", "ovid-1", "citation"),
        ("other", "other", ""),
        ("erratum", "erratum", ""),
    ]
    assert list(rows(out)[0]) == ["id", "work", "rule"]
    assert lines[0] == f"4 records are 3 works, 1 duplicates: {out}"


def test_an_id_that_is_given_for_two_works_is_told(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(EXPORT, encoding="utf-8")
    lines = deduplicate(export, tmp_path / "works.csv")
    assert "DOI 10.5555/a is given for" in lines[1]
    assert "(records pubmed, other)" in lines[1]


def test_a_file_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(EXPORT, encoding="utf-8")
    with pytest.raises(RecordsError, match="cannot be written"):
        deduplicate(export, tmp_path / "no such folder" / "works.csv")


@pytest.mark.skipif("SEEDWATCH_REAL_DATA" not in os.environ, reason="SEEDWATCH_REAL_DATA is unset")
@pytest.mark.parametrize(
    ("name", "missed"), [("digital_work", 2), ("cytology_screening", 0), ("special_cases", 0)]
)
def test_no_false_merge_on_labelled_records(name: str, missed: int, tmp_path: Path) -> None:
    """Meant to be missed in digital_work: an editorial of another title, and an erratum."""
    folder = Path(os.environ["SEEDWATCH_REAL_DATA"]) / "dedup" / name
    deduplicate(folder / "records_pre_merged.csv", tmp_path / "works.csv")
    works: dict[str, list[str]] = {}
    for row in rows(tmp_path / "works.csv"):
        works.setdefault(row["work"], []).append(row["id"])
    found = {frozenset(pair) for each in works.values() for pair in combinations(each, 2)}
    merged = (row["merged_ids"].split(";") for row in rows(folder / "merged_record_ids.csv"))
    true = {frozenset(pair) for each in merged for pair in combinations(each, 2)}
    assert found <= true
    assert len(true - found) <= missed
