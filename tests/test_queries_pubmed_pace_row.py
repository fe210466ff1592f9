"""Several machines that share a key keep its limit together: real processes, a real PostgreSQL."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest
from support.postgres import missing, postgres
from support.served import free_port

from queries.errors import Outage
from queries.pubmed.pace_row import PaceRow
from queries.pubmed.rate import Pace

RATE, WORKERS, EACH = 20, 3, 20
WORKER = """
import json, sys, time
from queries.pubmed.pace_row import PaceRow
from queries.pubmed.rate import Pace
pace = Pace(float(sys.argv[3]), state=PaceRow(sys.argv[1], sys.argv[2]))
pace.take()
times = []
for _ in range(int(sys.argv[4])):
    pace.take()
    times.append(time.time())
print(json.dumps(times))
"""

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "there is one")


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """An empty database."""
    with postgres() as url:
        yield url


def test_processes_that_know_only_the_database_keep_one_limit(database: str) -> None:
    command = [sys.executable, "-c", WORKER, database, "key", str(RATE), str(EACH)]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(WORKERS)]
    sent = sorted(moment for each in workers for moment in json.loads(each.communicate(timeout=120)[0]))
    assert len(sent) == WORKERS * EACH
    most = max(sum(1 for other in sent if moment <= other < moment + 1) for moment in sent)
    assert most <= RATE + WORKERS  # each notes its time a little after its turn


def test_the_first_on_a_new_database_don_t_stumble_over_each_other(database: str) -> None:
    for at in range(10):
        asyncio.run(dropped(database))
        rows = [PaceRow(database, f"{at}") for _ in range(8)]
        with ThreadPoolExecutor(len(rows)) as pool:
            list(pool.map(taken, rows))


async def dropped(database: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute("DROP TABLE IF EXISTS seedwatch_pace")
    await connection.close()


def taken(row: PaceRow) -> None:
    with row.held():
        pass


def test_a_pause_that_pubmed_asks_of_one_is_everybodys(database: str) -> None:
    waited: list[float] = []
    one, other = (Pace(3, state=PaceRow(database, "pause"), sleep=waited.append) for _ in range(2))
    one.take()
    one.slow_down(5.0)
    with other._shared() as state:
        assert other._free(state, other.clock()) - other.clock() == pytest.approx(5.0, abs=0.5)


def test_keys_don_t_hinder_each_other_and_a_failure_within_frees_the_row(database: str) -> None:
    row, same = PaceRow(database, "a"), PaceRow(database, "a")
    with pytest.raises(ZeroDivisionError), row.held():
        _ = 1 / 0
    with same.held() as state, PaceRow(database, "b").held():
        state["slow_until"] = 7.0
    with row.held() as state:
        assert state["slow_until"] == 7.0


def test_without_its_database_nobody_is_asked() -> None:
    row = PaceRow(f"postgresql://nobody:secret@127.0.0.1:{free_port()}/none", "key")
    with pytest.raises(Outage, match="does not answer") as raised:
        Pace(3, state=row).take()
    assert "secret" not in str(raised.value)
