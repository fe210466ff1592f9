"""Nothing missed: a synthetic PubMed lived through by daily harvests (the long form is bench_year.py)."""

from pathlib import Path

from support.synthetic_year import make_year, run_year


def test_what_was_seen_is_what_a_perfect_observer_would_have_seen(tmp_path: Path) -> None:
    """Under faults, kills and an outage of days; and each record is told once.

    Any lane left out, [edat] in the place of [crdt], or a watermark that moves over a failure makes
    this miss records: it was tried.
    """
    days = 60
    year = make_year(1, days, records=400)
    run = run_year(tmp_path, year, 1, days)
    assert run.seen == year.seen
    assert sorted(run.told) == sorted(year.seen)
    assert run.gaps == 0
    assert all(run.ends[end] >= 4 for end in ("done", "killed", "failed", "degraded"))
