"""A round finds what is due from the library and does it once, whatever fails."""

import os
from datetime import UTC, datetime, timedelta

from conftest import Shell
from support.scenario import small_scenario

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
    first = seedwatch("round", **seedwatch.at(scenario))
    assert "1 digest" in first.stdout
    assert "broken.toml: is not TOML" in first.stderr
    assert first.returncode == 3, "a person must look"
    with scenario.library() as library:
        assert [digest.number for digest in library.digests("small")] == [1]
        assert not library.digests("new"), "it waits for its first time"
    (folder / "broken.toml").unlink()
    second = seedwatch("round", **seedwatch.at(scenario))
    assert (second.returncode, second.stdout) == (0, "round: nothing was due.\n")
    with scenario.library() as library:
        assert [digest.number for digest in library.digests("small")] == [1]
