"""A table that a spreadsheet may open."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.cli.tables import write


def cells(path: Path, row: tuple[object, ...]) -> list[str]:
    """What a program reads in the only row."""
    write(path, ["head"] * len(row), [row])
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_no_cell_is_a_formula(tmp_path: Path, start: str) -> None:
    """A title may come from anybody."""
    formula = f"{start}HYPERLINK(1)"
    assert cells(tmp_path / "out.csv", (1, formula)) == ["1", f"'{formula}"]


@pytest.mark.parametrize("number", [-0.25, 1, "-1", "+2.5", "-1e-05", "90000001"])
def test_a_number_stays_one(tmp_path: Path, number: object) -> None:
    """Scores and ids are read by programs."""
    assert cells(tmp_path / "out.csv", (number,)) == [str(number)]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_other_text_is_as_it_was(tmp_path: Path, text: str) -> None:
    """Nothing but the apostrophe is added, and that to nothing else."""
    (read,) = cells(tmp_path / "out.csv", (text,))
    assert read in (text, f"'{text}")
    assert read[0] not in "=@\t\r\n"
