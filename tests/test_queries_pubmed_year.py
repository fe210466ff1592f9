"""Nothing missed: a synthetic PubMed lived through by daily harvests (the long form is bench_year.py)."""

from pathlib import Path

import pytest
from observer import live, make


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_seen_is_what_a_perfect_observer_would_have_seen(tmp_path: Path, seed: int) -> None:
    """Under faults, kills and an outage of days; and each record is told once."""
    days = 50
    year = make(seed, days, records=300)
    life = live(tmp_path, year, seed, days)
    assert life.seen == year.seen
    assert sorted(life.told) == sorted(year.seen)
    assert life.gaps == 0
    assert life.ends["killed"] > 5
    assert life.ends["failed"] >= 4
