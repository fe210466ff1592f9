"""`seedwatch serve`: every watch on its schedule, in one process that looks after itself."""

import asyncio
import os
import signal
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.exceptions import ObjectNotFound, PrefectException
from prefect.runner import Runner

from flows.deployments import TAG, deployments
from flows.runtime import alerts, resources, settings, standing
from flows.runtime.due import Due, due
from flows.runtime.outcome import CATCH_UP
from flows.runtime.prefect_runs import (
    PAGE,
    bury_zombies,
    catch_up,
    crash_failed,
    crash_under_way,
    has_ended,
    is_busy,
)
from flows.runtime.served import SERVE_PID
from flows.runtime.settings import Settings
from flows.runtime.watches import scheduled
from queries.errors import SeedwatchError
from queries.records.library import KnownWatch
from queries.watch.file import Watch, load

Say = Callable[[str], None]

LOOK_SECONDS = 8  # between two looks at the watch files, and at what is due
READ_SECONDS = 60  # between two readings of all files, though none seems to have changed
JUDGE_SECONDS = 600  # between two looks at what is overdue
GRACE_SECONDS = 8  # that a run has to end when serve is stopped
CONSOLE = "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"  # of the processes that are started
TRIES = 3  # to make up for a run that was missed or crashed...
CHOICES = 50  # watches that a form offers; each that comes or goes changes the form of every one
PAUSE = timedelta(minutes=2)  # ...so far apart
PATIENCE = 5.0  # seconds for a library that a run holds
SERVER_TROUBLE = (PrefectException, httpx.HTTPError, ValueError)  # ValueError: what Prefect's models refuse


def serve(*, own_server: bool, say: Say) -> None:
    """Serve until interrupted, by the Prefect server that PREFECT_API_URL named when Prefect was imported."""
    # of a run that failed Prefect has the words and the traceback, and the operator hears
    os.environ[CONSOLE] = "CRITICAL"
    os.environ[SERVE_PID] = str(os.getpid())
    asyncio.run(Serving(say, own_server=own_server).run())


Mark = tuple[Path, int, int]  # a file, when it was written, in nanoseconds, and its size


class Served(NamedTuple):
    """A watch file as it was when Prefect was told of it, and its deployments by their flow.

    If it never ran its schedule counts `since` it was first seen here.
    """

    mark: Mark
    choices: tuple[str, ...]
    watch: Watch
    ids: dict[str, UUID]
    since: datetime


class Serving:
    """Keeps Prefect's deployments as the watch files are, and runs what they want."""

    def __init__(self, say: Say, *, own_server: bool) -> None:
        """`own_server`: nobody else's deployments and runs are there."""
        self._say, self._own = say, own_server
        self._served: dict[str, Served] = {}
        self._begun = False
        self._glance: frozenset[Mark] = frozenset()
        self._broken: dict[str, tuple[Mark, str]] = {}
        self._tries: dict[Due, list[datetime]] = {}
        self._known: tuple[KnownWatch, ...] = ()
        self._there: dict[tuple[str, str | None], tuple[UUID, str | None]] = {}  # id and version
        self._setting = settings.read()
        self._runner = Runner(name="seedwatch", limit=1, pause_on_shutdown=False)

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT; then end the runs under way, as crashed, within seconds."""
        stop = asyncio.Event()
        async with get_client() as client:
            await self._begin(client)
            running = asyncio.create_task(self._runner.start())
            await asyncio.sleep(0)  # it takes the signals, and we take them from it
            for each in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(each, stop.set)
            looking = asyncio.create_task(self._look(client))
            stopping = asyncio.create_task(stop.wait())
            ended, _ = await asyncio.wait({running, looking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            looking.cancel()
            stopping.cancel()
            await self._end(client, running)
            await asyncio.gather(looking, stopping, return_exceptions=True)
            if stopping not in ended:
                for task in ended:  # what ended by itself says why
                    task.result()

    async def _begin(self, client: PrefectClient) -> None:
        tag = None if self._own else TAG
        if left := await crash_under_way(client, "seedwatch serve ended while it ran", tag):
            self._say(f"{left} runs that an earlier serve left behind count as crashed now")
        await bury_zombies(client)
        tags = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
        while page := await client.read_deployments(
            deployment_filter=tags, limit=PAGE, offset=len(self._there)
        ):
            self._there |= {(each.name, each.entrypoint): (each.id, each.version) for each in page}
        await self._refresh(client)
        kept = {*self._served, *self._broken}
        for (name, _), (identity, _) in self._there.items():
            if self._own and name not in kept:
                await _delete(client, identity)
        self._begun = True
        count = sum(len(each.ids) for each in self._served.values())
        self._say(f"{len(self._served)} watches, {count} deployments; stop with Ctrl-C")

    async def _look(self, client: PrefectClient) -> None:
        """See again and again to the files, to what is due and to what is overdue."""
        clock = asyncio.get_running_loop().time
        judged = read = clock()
        while True:
            with suppress(*SERVER_TROUBLE):  # its guard starts the server again
                glance = _glance(self._setting)
                if glance != self._glance or clock() - read > READ_SECONDS:
                    await self._refresh(client)
                    self._glance, read = glance, clock()
                await self._catch_up(client)
            if clock() - judged > JUDGE_SECONDS:
                judged = clock()
                await asyncio.to_thread(judge, self._setting)
            await asyncio.sleep(LOOK_SECONDS)

    async def _refresh(self, client: PrefectClient) -> None:
        """Tell Prefect of each watch file that is new, changed or gone; one with a mistake stops no other."""
        try:
            setting = settings.read()
            self._known = await asyncio.to_thread(_known, setting, self._known)
            files = scheduled(setting, self._known)
        except SeedwatchError as error:
            await self._break("serve", (Path(), 0, 0), str(error))
            return
        await self._mend("serve")
        self._setting = setting
        marks = {name: mark for name, path in files.items() if (mark := _mark(path))}
        choices = tuple(marks) if len(marks) <= CHOICES else ()
        for name, mark in marks.items():
            served = self._served.get(name)
            if served and (served.mark, served.choices) == (mark, choices):
                continue
            if self._broken.get(name, (None,))[0] == mark:
                continue
            try:
                watch = load(files[name])
                ids = await self._deploy(watch, choices)
            except (SeedwatchError, *SERVER_TROUBLE) as error:
                if isinstance(error, httpx.TransportError):
                    raise  # the server's trouble, and not the watch's
                await self._break(name, mark, str(error))
                continue
            since = served.since if served else datetime.now(UTC)
            self._served[name] = Served(mark, choices, watch, ids, since)
            await self._mend(name)
            if self._begun and not (served and served.mark == mark):
                self._say(f"{name} is {'served as it is now' if served else 'new, and served'}")
        await self._drop(client, marks.keys())

    async def _drop(self, client: PrefectClient, there: Collection[str]) -> None:
        """Have Prefect forget the watches that are no longer there."""
        for name in [*self._served.keys() - set(there)]:
            for each in self._served.pop(name).ids.values():
                await _delete(client, each)
            self._there = {key: there for key, there in self._there.items() if key[0] != name}
            self._say(f"{name} is gone or retired, and no longer served")
        for name in [*self._broken.keys() - set(there) - {"serve"}]:
            await self._mend(name)

    async def _deploy(self, watch: Watch, choices: tuple[str, ...]) -> dict[str, UUID]:
        """Tell Prefect of a watch's deployments that it does not know as they are."""
        ids: dict[str, UUID] = {}
        for each in await asyncio.to_thread(deployments, watch, choices):
            key = each.name, each.entrypoint
            there, known = self._there.get(key, (None, None))
            if there and known == each.version:
                self._runner._deployment_registry.register_deployment(there, each.name)  # noqa: SLF001
            else:
                there = await self._runner.aadd_deployment(each)
                self._there[key] = there, each.version
            ids[str(each.flow_name)] = there
        return ids

    async def _break(self, name: str, mark: Mark, why: str) -> None:
        if self._broken.get(name) == (mark, why):
            return
        self._broken[name] = (mark, why)
        self._say(f"{why}. The others are served")
        await asyncio.to_thread(alerts.failing, self._setting, name, "file", why)

    async def _mend(self, name: str) -> None:
        if self._broken.pop(name, None):
            self._say(f"{name} is in order again")
        await asyncio.to_thread(alerts.well, self._setting, name, "file")

    async def _catch_up(self, client: PrefectClient) -> None:
        """Have run what was missed, or crashed, and of which nothing is under way; at most TRIES times."""
        if await is_busy(client, TAG):
            return
        now = datetime.now(UTC)
        for each in await asyncio.to_thread(self._due, now):
            tries = self._tries.setdefault(each, [])
            if len(tries) >= TRIES or (tries and now - tries[-1] < PAUSE * len(tries)):
                continue
            if each.flow != "deliver" and await has_ended(client, each):
                tries += [now] * TRIES
                continue
            tries.append(now)
            await catch_up(client, each, self._served[each.watch].ids[each.flow], [CATCH_UP])
            self._say(f"{each.flow} {each.watch}: due {each.slot:%Y-%m-%d %H:%M %Z}, run now")

    def _due(self, now: datetime) -> list[Due]:
        try:
            with resources.library(replace(self._setting, patience=PATIENCE)) as library:
                last = library.last_runs(now)
        except SeedwatchError:
            return []  # a run holds it; or it is gone, of which `judge` tells
        found = []
        for name, served in self._served.items():
            each = due(served.watch, last.get(name), served.since, now)
            if each and each.flow == "deliver":
                each = each._replace(slot=now.replace(minute=0, second=0, microsecond=0))
            found += [each] if each else []
        return found

    async def _end(self, client: PrefectClient, running: "asyncio.Task[None]") -> None:
        """Stop asking for runs, end those under way, and say on the server that they crashed."""
        self._runner.stopping = True
        manager = self._runner._process_manager  # noqa: SLF001 - its own stop calls a run cancelled
        stopped = list(manager.flow_run_ids())
        ending = [manager.kill(each, grace_seconds=GRACE_SECONDS) for each in stopped]
        await asyncio.gather(*ending, return_exceptions=True)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        with suppress(*SERVER_TROUBLE):
            why = "seedwatch serve was stopped while it ran"
            await crash_under_way(client, why, None if self._own else TAG)
            await crash_failed(client, why, stopped)


def judge(setting: Settings) -> None:
    """Tell the operator of what is overdue, of what no longer is, and of a library that cannot be read."""
    try:
        every = standing.stands(setting, datetime.now(UTC))
    except SeedwatchError as error:
        alerts.failing(setting, "all", "library", str(error))
        return
    alerts.well(setting, "all", "library")
    for each in every:
        if each.overdue and any(each.last.values()):  # what is new waits for its first time
            alerts.failing(setting, each.watch, "schedule", "\n".join(each.overdue))
        else:
            alerts.well(setting, each.watch, "schedule")
    standing.write_metrics(setting)


def _known(setting: Settings, before: tuple[KnownWatch, ...]) -> tuple[KnownWatch, ...]:
    """The watches that ran, to know which are retired; as they were `before` if a run holds the library."""
    try:
        return resources.known_watches(replace(setting, patience=PATIENCE))
    except SeedwatchError:
        return before


def _glance(setting: Settings) -> frozenset[Mark]:
    """Every watch file as it is, without reading it."""
    paths = [path for folder in setting.watches for path in folder.glob("*.toml")]
    return frozenset(mark for path in paths if (mark := _mark(path)))


def _mark(path: Path) -> Mark | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return path, stat.st_mtime_ns, stat.st_size


async def _delete(client: PrefectClient, deployment: UUID) -> None:
    with suppress(ObjectNotFound):
        await client.delete_deployment(deployment)
