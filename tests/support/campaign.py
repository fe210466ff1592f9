"""Weeks of a watch under kill -9: each run is a fork of this process, killed at a chosen point or moment."""

import json
import os
import random
import select
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple, cast

import flows.deliver
import reports.formats.slack
from flows.runtime import resources
from flows.runtime.settings import Settings
from queries.library import Library
from queries.library.file import LibraryFile
from queries.mirror.server import MirrorServer
from queries.pubmed import wire
from queries.pubmed.wire import Wire
from queries.records.outbox import Delivery, DeliveryState
from reports.answers.outbox import open_deliveries, sentence
from reports.channels import posting, smtp
from reports.channels.channel import check
from reports.digest.record import load
from support.campaign_servers import CampaignServers, mark_of_mail, mark_of_text
from support.scenario import Scenario, small_scenario

ADDRESSES = "ann", "bob", "cat", "dan", "eve"
HANGS = 300  # seconds
NOWHERE: Mapping["Point", int] = MappingProxyType({})
MOMENT = "at a random moment"


class Point(NamedTuple):
    """Where to kill: at one of the first `calls` calls of a method, those that are `wanted` alone."""

    phase: str
    name: str
    owner: Any
    method: str
    when: str  # before, after, or half: with half of its bytes sent
    calls: int = 1
    wanted: Callable[[Sequence[Any]], bool] = lambda _: True


def _asks(kind: str) -> Callable[[Sequence[Any]], bool]:
    return lambda arguments: str(arguments[1]).endswith(f"/{kind}")


def _is_long(arguments: Sequence[Any]) -> bool:
    return len(arguments[1]) > 999


def _is_last(arguments: Sequence[Any]) -> bool:
    return bool(arguments[1] == b".\r\n")


def _is_written(arguments: Sequence[Any]) -> bool:
    return str(arguments[1]).endswith("request_body.complete")


POINTS = (
    Point("harvest", "before a request leaves", Wire, "_send", "before", 6),
    Point("harvest", "with a request answered", Wire, "_send", "after", 6),
    Point("remember", "before remember", Library, "remember", "before"),
    Point("remember", "in remember's transaction", LibraryFile, "ask", "after", 7, _asks("remember")),
    Point("remember", "after remember", Library, "remember", "after"),
    Point("record", "before record", Library, "record", "before"),
    Point("record", "in record's transaction", LibraryFile, "ask", "after", 4, _asks("record")),
    Point("record", "after record", Library, "record", "after"),
    Point("deliver", "before it is marked as being sent", Library, "sending", "before", 9),
    Point("deliver", "marked as being sent", Library, "sending", "after", 9),
    Point("deliver", "in DATA, half the mail sent", smtp._Bounded, "send", "half", 5, _is_long),
    Point("deliver", "in DATA, before its last line", smtp._Bounded, "send", "before", 5, _is_last),
    Point("deliver", "in DATA, after its last line", smtp._Bounded, "send", "after", 5, _is_last),
    Point("deliver", "posted, not answered", posting._Course, "__call__", "after", 4, _is_written),
    Point("deliver", "sent, before acknowledge", flows.deliver, "send", "after", 9),
    Point("deliver", "after acknowledge", Library, "acknowledge", "after", 9),
)
ENDS = {"harvest": POINTS[5], "remember": POINTS[5], "record": POINTS[7], "deliver": POINTS[-1]}


def warm_up() -> None:
    """Load what every fork would have to load for itself."""
    check("json://127.0.0.1/")
    wire._tls()


def stop_at(point: Point, call: int, reached: Callable[[str], None]) -> None:
    """Let the method stop for ever at this call of it, having said that it has been `reached`."""
    works, calls = getattr(point.owner, point.method), 0

    def stopping(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        wanted = point.wanted(arguments)
        calls += wanted
        here = wanted and calls == call
        if here and point.when == "half":
            works(arguments[0], arguments[1][: len(arguments[1]) // 2])
        if here and point.when in {"before", "half"}:
            reached(point.name)
        result = works(*arguments, **named)
        if here and point.when == "after":
            reached(point.name)
        return result

    setattr(point.owner, point.method, stopping)


def forked(work: Callable[[Callable[[str], None]], None], patience: float = HANGS) -> str:
    """Where a fork that does the work was killed: the point it reached, or MOMENT after `patience` seconds.

    Empty if it came to its end. Raises RuntimeError if it failed, or hung.
    """
    read, write = os.pipe()
    sys.stdout.flush()
    if (pid := os.fork()) == 0:
        code = 1
        try:
            work(lambda name: _stop(write, name))
            code = 0
        except BaseException:  # noqa: BLE001 - a fork must never run on as its parent
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(write)
    ready, _, _ = select.select([read], [], [], patience)
    reached = ""
    if not ready or (reached := os.read(read, 99).decode()):
        os.kill(pid, signal.SIGKILL)
    os.close(read)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status) and (ready or patience < HANGS):
        return reached or MOMENT
    if status:
        raise RuntimeError("a run failed" if ready else "a run hung")
    return ""


def _stop(write: int, name: str) -> None:
    os.write(write, name.encode())
    while True:
        time.sleep(HANGS)


@dataclass
class Fates:
    """What the library says in the end: of each parcel, of digests, of all that was told."""

    parcels: Sequence[tuple[int, str, str, str]]  # digest, address and part, state, mark
    digests: int
    told: list[int]
    named: list[str]
    trouble: list[str]


@dataclass
class Campaign:
    """One watch in a folder of its own, with its recipients at the servers."""

    servers: CampaignServers
    folder: Path
    first: datetime
    kills: Counter[str] = field(default_factory=Counter)
    runs: int = 0

    def scenario(self) -> Scenario:
        """The watch `small` with five addresses, two in one URL, a web hook, and Slack's like in parts."""
        at = "example.com"
        mail = self.servers.mail_url
        web = f"json://127.0.0.1:{self.servers.web_port}"
        single = {name: f"{mail}{name}@{at}" for name in ADDRESSES[:3]}
        both = ",".join(f"{name}@{at}" for name in ADDRESSES[3:])
        to = {**single, "both": f"{mail}{both}", "hook": f"{web}/hook"}
        more = f'\n[[recipients]]\nname = "slack"\nurl = "{web}/slack"\nformat = "slack"\n'
        mirror = cast("MirrorServer", SimpleNamespace(url=self.servers.eutils_url, clock=self.first))
        return small_scenario(self.folder, mirror, to, more)

    def moment(self, slot: int) -> datetime:
        """When a weekly slot comes."""
        return self.first + timedelta(weeks=slot)

    def run(self, slot: int, stops: Mapping[Point, int] = NOWHERE, patience: float = HANGS) -> bool:
        """Run a slot, harvest and digest; whether it was killed, at the first of `stops` (point → call)."""
        now, self.runs = self.moment(slot), self.runs + 1
        self.servers.set_clock(now)

        def work(reached: Callable[[str], None]) -> None:
            reports.formats.slack.BLOCKS = 8  # type: ignore[misc]  # so that a small digest has several parts
            for point, call in stops.items():
                stop_at(point, call, reached)
            scenario = self.scenario()
            with resources.alone(scenario.setting, scenario.name):
                scenario.run(now)

        if killed := forked(work, patience):
            self.kills[killed] += 1
        return bool(killed)

    def undisturbed(self, slots: int) -> float:
        """Live through the slots without a kill; the seconds of the shortest run."""
        times = []
        for slot in range(slots):
            began = time.perf_counter()
            self.run(slot)
            times.append(time.perf_counter() - began)
        return min(times)

    def disturbed(self, slots: int, kills: int, chance: random.Random, seconds: float) -> None:
        """Live through the slots with so many kills; after each kill the slot is run again, to its end.

        Kills come in the order of a slot's work. A run that misses its own is killed where its stage ends, as
        nothing would be left to kill.
        """
        for slot in range(slots):
            left = kills // slots + (slot < kills % slots)
            for place in sorted(chance.choices(range(len(POINTS)), k=left)):
                left -= self._kill(slot, POINTS[place], chance, seconds)
            while left:  # a digest has only so many parcels
                left -= self._kill(slot, chance.choice(POINTS[:5]), chance, seconds)
            self.run(slot)

    def _kill(self, slot: int, point: Point, chance: random.Random, seconds: float) -> bool:
        """Run a slot until the point, or, one time of five, until a random moment."""
        end = {ENDS[point.phase]: 1}
        if chance.random() < 0.2:
            return self.run(slot, end, patience=chance.uniform(0, seconds))
        if point.phase == "deliver":
            return self.run(slot, {point: 1})
        return self.run(slot, end | {point: chance.randint(1, chance.randint(1, point.calls))})

    def fates(self) -> Fates:
        """What the library says, read by a fork."""
        file = self.folder / "fates.json"

        def work(_: Callable[[str], None]) -> None:
            _write_fates(self.scenario().setting, file)

        forked(work)
        return Fates(**json.loads(file.read_text("utf-8")))


def _write_fates(setting: Settings, file: Path) -> None:
    with resources.library(setting) as library:
        deliveries = library.deliveries("small")
        digests = library.digests("small")
        parcels = [
            (each.number, _place(each), each.state, _mark(each, library.parcel("small", each).body))
            for each in deliveries
        ]
        fates = Fates(
            parcels=parcels,
            digests=len(digests),
            told=sorted(entry.pmid for past in digests for entry in load(past.body).entries),
            named=[sentence("small", each) for each in open_deliveries(deliveries)],
            trouble=[trouble for past in digests for trouble in load(past.body).trouble],
        )
    file.write_text(json.dumps(fates.__dict__), encoding="utf-8")


def _place(delivery: Delivery) -> str:
    part = f" {delivery.part}/{delivery.parts}" if delivery.parts > 1 else ""
    return f"{delivery.address if '@' in delivery.address else delivery.recipient}{part}"


def _mark(delivery: Delivery, body: bytes) -> str:
    if "@" in delivery.address:
        return mark_of_mail(body)
    if delivery.recipient == "slack":
        return mark_of_text(body.decode())
    title, text, _ = json.loads(body)
    return mark_of_text(title, text)


class Copies(NamedTuple):
    """How often a parcel arrived, and what the library says of it."""

    digest: int
    place: str
    state: str
    arrived: int

    @property
    def broken(self) -> bool:
        """Neither exactly once, nor a doubt about none or one."""
        if self.state == DeliveryState.UNKNOWN:
            return self.arrived > 1
        return (self.state, self.arrived) != (DeliveryState.SENT, 1)

    def __str__(self) -> str:
        """The count, with a question mark if it is a doubt."""
        return (
            f"{self.arrived}{'?' if self.state == DeliveryState.UNKNOWN else ''}{'!' if self.broken else ''}"
        )


def copies(fates: Fates, servers: CampaignServers) -> tuple[list[Copies], int]:
    """What the servers have of each parcel; and how many arrivals are no parcel at all."""
    came = Counter((each.address, each.mark) for each in servers.arrivals())
    counted = [
        Copies(number, place, state, came.pop((place.partition(" ")[0], mark), 0))
        for number, place, state, mark in fates.parcels
    ]
    return counted, came.total()
