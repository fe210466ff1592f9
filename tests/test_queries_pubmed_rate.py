"""The pace that all processes keep to."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.scripted_server import Time

from queries.errors import SettingsError
from queries.pubmed.rate import Pace


def test_a_pace_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    pace = Pace(3.0, state=tmp_path / "a file" / "pace")
    with pytest.raises(SettingsError, match="a file"):
        pace.take()


@given(
    rate=st.sampled_from([1.0, 3.0, 10.0]),
    pauses=st.lists(st.floats(0, 2), min_size=1, max_size=60),
)
def test_never_more_than_the_rate_in_any_second(rate: float, pauses: list[float]) -> None:
    at, sent = Time(), list[float]()
    pace = Pace(rate, sleep=at.sleep, clock=at.clock)
    for pause in pauses:
        at.now += pause
        pace.take()
        sent.append(at.now)
    assert all(b - a >= 1.0 for a, b in zip(sent, sent[int(rate) :], strict=False))


def test_a_burst_goes_at_once_and_the_rest_at_the_rate() -> None:
    at = Time()
    pace = Pace(3.0, sleep=at.sleep, clock=at.clock)
    for _ in range(31):
        pace.take()
    assert 9.0 <= at.now - 1000 <= 10 * 1.06


def test_a_request_that_left_late_is_counted_from_when_it_left() -> None:
    """Else a slow handshake would let four requests arrive within a second."""
    at = Time()
    pace = Pace(3.0, sleep=at.sleep, clock=at.clock)
    turns = [pace.take() for _ in range(3)]
    at.now += 0.3
    for turn in turns:
        pace.left(turn)
    pace.take()
    assert at.now - 1000 >= 1.3


SENDER = """
import sys, time
from pathlib import Path
from queries.pubmed.rate import Pace
pace = Pace(20.0, state=Path(sys.argv[1]))
for _ in range(20):
    pace.take()
    print(time.monotonic())
"""


def test_processes_together_keep_to_one_rate(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SENDER, str(tmp_path / "state" / "pace.json")]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    sent = sorted(float(line) for run in runs for line in run.communicate()[0].split())
    assert len(sent) == 60
    # the clock is read after the turn was given: a tenth of a second of slack for the scheduler
    assert all(b - a >= 0.9 for a, b in zip(sent, sent[20:], strict=False))


def test_threads_together_keep_to_one_rate() -> None:
    pace, sent = Pace(20.0), list[float]()

    def send(_: int) -> None:
        pace.take()
        sent.append(time.monotonic())

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(send, range(45)))
    sent.sort()
    assert all(b - a >= 0.9 for a, b in zip(sent, sent[20:], strict=False))


@pytest.mark.parametrize("left", ["", "{", '{"sent": [1e12], "slow_until": 0, "pause_until": 0}', '{"a": 1}'])
def test_a_torn_or_ancient_pace_file_does_not_stop_anybody(tmp_path: Path, left: str) -> None:
    (tmp_path / "pace").write_text(left)
    at = Time()
    pace = Pace(3.0, state=tmp_path / "pace", sleep=at.sleep, clock=at.clock)
    pace.take()
    assert at.slept == []
