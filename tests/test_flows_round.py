"""A round finds what is due from the library and does it once, whatever fails."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import FIRST, Shell
from support.receivers import serving_hook
from support.scenario import small_scenario

from flows.round import round as round_flow
from flows.runtime import settings
from flows.runtime.outcome import FlowOutcome, ended
from queries.errors import LibraryGone
from queries.mirror.server import MirrorServer


def test_a_round_makes_up_for_what_was_missed_once_and_a_broken_watch_stops_no_other(
    mirror: MirrorServer, seedwatch: Shell
) -> None:
    scenario = small_scenario(seedwatch.home, mirror)
    mirror.clock = datetime.now(UTC)
    folder = scenario.setting.watches[-1]
    (folder / "broken.toml").write_text("[[topics")
    (folder / "new.toml").write_text((folder / "small.toml").read_text())
    long_ago = (datetime.now(UTC) - timedelta(days=14)).timestamp()
    os.utime(folder / "small.toml", (long_ago, long_ago))
    with serving_hook() as hook:
        there = seedwatch.at(scenario) | {"SEEDWATCH_OPS_URL": hook.url}
        first = seedwatch("round", **there)
        (folder / "broken.toml").rename(folder / "broken.bak")
        second = seedwatch("round", **there)
        third = seedwatch("round", **there)
    begun, over = [title for title in hook.titles if title.startswith("seedwatch: file broken: ")]
    assert begun != over == "seedwatch: file broken: well again"
    assert "1 digest" in first.stdout
    assert "broken.toml: is not TOML" in first.stderr
    assert first.returncode == 3, "a person must look"
    with scenario.library() as library:
        assert [digest.number for digest in library.digests("small")] == [1]
        assert not library.digests("new"), "it waits for its first time"
    assert (second.returncode, second.stdout) == (0, "round: nothing was due.\n")
    assert (third.returncode, third.stdout) == (0, "round: nothing was due.\n")
    with scenario.library() as library:
        assert [digest.number for digest in library.digests("small")] == [1]


def test_a_round_that_dies_is_heard_and_so_is_its_end(
    mirror: MirrorServer, tmp_path: Path, prefect_api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library is gone when the round has begun."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    scenario = small_scenario(tmp_path, mirror)
    scenario.run(FIRST)
    aside = scenario.setting.database.with_suffix(".aside")
    with serving_hook() as hook, settings.replaced(replace(scenario.setting, ops_url=hook.url)):
        scenario.setting.database.rename(aside)
        died = ended(round_flow(return_state=True))
        aside.rename(scenario.setting.database)
        well = ended(round_flow(return_state=True))
    assert isinstance(died, LibraryGone)
    assert isinstance(well, FlowOutcome)
    assert [title for title in hook.titles if " round all: " in title] == [
        "seedwatch: round all: Failed",
        "seedwatch: round all: well again",
    ]
