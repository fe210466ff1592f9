"""The pace of one NCBI key in a row of PostgreSQL, for machines that share the key.

The row is locked for as long as it is looked at, and its times are those of the database's own clock.
"""

import asyncio
import json
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread
from typing import Any, TypeVar

import asyncpg

from queries.errors import Outage

T = TypeVar("T")
# one after the other: of two at once IF NOT EXISTS lets one fail, in more than one way
TABLE = (
    "SELECT pg_advisory_xact_lock(hashtext('seedwatch_pace')); "
    "CREATE TABLE IF NOT EXISTS seedwatch_pace (key TEXT PRIMARY KEY, state TEXT NOT NULL)"
)
FIRST = "INSERT INTO seedwatch_pace VALUES ($1, '{}') ON CONFLICT DO NOTHING"
LOOK = (
    "SELECT state, extract(epoch FROM clock_timestamp())::float8 AS now "
    "FROM seedwatch_pace WHERE key = $1 FOR UPDATE"
)
WRITE = "UPDATE seedwatch_pace SET state = $2 WHERE key = $1"
SECONDS = 10  # for the database to answer, and for others to let the row go


class PaceRow:
    """The row of one key; opened when it is first looked at."""

    def __init__(self, url: str, key: str) -> None:
        """`url` as postgresql://user:password@host/database; `key` names the row and is no secret."""
        self._url, self._key = url, key
        self._alone = Lock()
        self._ahead = 0.0  # of the database's clock, to this machine's monotonic one
        self._connection: asyncpg.Connection | None = None
        self._loop = asyncio.new_event_loop()
        Thread(target=self._loop.run_forever, daemon=True, name="pace").start()

    def clock(self) -> float:
        """The database's time in seconds, as it was told when the row was last looked at."""
        return time.monotonic() + self._ahead

    @contextmanager
    def held(self) -> Iterator[dict[str, Any]]:
        """The row's content, alone over all machines; what it is changed to is kept at the end of the block.

        Raises Outage if the database does not answer: nobody then asks PubMed unseen by the others.
        """
        with self._alone:
            state = self._do(self._begin())
            try:
                yield state
            except BaseException:
                with suppress(Outage):
                    self._do(self._close())
                raise
            self._do(self._end(json.dumps(state)))

    async def _begin(self) -> dict[str, Any]:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self._url, timeout=SECONDS, command_timeout=SECONDS)
            await self._connection.execute(TABLE)
            await self._connection.execute(FIRST, self._key)
        await self._connection.execute("BEGIN")
        row = await self._connection.fetchrow(LOOK, self._key)
        self._ahead = row["now"] - time.monotonic()
        state: dict[str, Any] = json.loads(row["state"])
        return state

    async def _end(self, state: str) -> None:
        assert self._connection is not None  # noqa: S101 - it began
        await self._connection.execute(WRITE, self._key, state)
        await self._connection.execute("COMMIT")

    async def _close(self) -> None:
        if self._connection is not None:
            self._connection.terminate()  # the server undoes what was begun
            self._connection = None

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result(4 * SECONDS)
        except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if self._connection is not None:
                self._loop.call_soon_threadsafe(self._connection.terminate)
                self._connection = None
            raise Outage(
                "SEEDWATCH_PACE_URL",
                f"the database that paces requests to PubMed does not answer ({type(error).__name__})",
                "See whether PostgreSQL is up and the address is right; unset it if no other has this key",
            ) from error
