"""The flows' tasks at chosen moments, one after the other, on a mirror and a library; no Prefect server."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote

from cronsim import CronSim

import flows.deliver
from flows import seeds
from flows.deliver import attempt, empty_outbox
from flows.digest import decide, is_due
from flows.harvest import ask, remember
from flows.runtime import resources
from flows.runtime.settings import Settings
from queries.library import Library
from queries.mirror.server import MirrorServer
from queries.records.digest import Issue
from queries.records.outbox import Delivery
from queries.watch.file import SHIPPED, Watch
from reports.digest.record import Digest, load

SMALL = """
title = "Imatinib and the niche"

[seed]
pmid     = 90000001
keywords = ["Chronic myeloid leukemia", "Tyrosine kinase inhibitor"]

[[topics]]
name  = "Imatinib"
short = "IMA"
term  = '''imatinib[tiab] AND "chronic myeloid leuk*"[tiab]'''

[[topics]]
name  = "Niche"
short = "TME"
term  = '''(niche[tiab] OR stromal[tiab]) AND "chronic myeloid leuk*"[tiab]'''

[routes]
similar  = false
cited_by = false

[digest]
threshold = 0
cap       = 200
"""


def write_small_watch(folder: Path, recipients: dict[str, str], more: str = "") -> Path:
    """Write the watch `small`, which is quickly asked, with these recipients; return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = (f'\n[[recipients]]\nname = "{name}"\nurl = "{url}"\n' for name, url in recipients.items())
    (folder / "small.toml").write_text(f"{SMALL}{more}{''.join(tables)}", encoding="utf-8")
    return folder


@dataclass
class Scenario:
    """A library, a mirror and a watch: what the flows do at one moment after another."""

    setting: Settings
    mirror: MirrorServer
    name: str = "small"

    @property
    def watch(self) -> Watch:
        """The watch, read anew, as each run does."""
        return resources.watch(self.setting, self.name)

    def library(self) -> AbstractContextManager[Library]:
        """The library, for a short block."""
        return resources.library(self.setting)

    def harvest(self, now: datetime, pubmed: datetime | None = None) -> None:
        """Ask PubMed, whose own clock says `now`, or else, and remember."""
        self.mirror.clock = pubmed or now
        watch = seeds.complete.fn(self.setting, self.watch, now)
        harvest = ask.fn(self.setting, watch, "harvest", now, None, None)
        remember.fn(self.setting, harvest)

    def decide(self, now: datetime) -> Issue:
        """Compose and record the next digest, and send nothing."""
        issue = decide.fn(self.setting, self.watch, now)
        assert issue
        return issue

    def send(self, now: datetime) -> list[Delivery]:
        """Send what is due; return where each parcel that was touched stands."""
        # outside a flow Prefect would start a server for a task
        with patch.object(flows.deliver, "attempt", attempt.fn):
            return empty_outbox(self.setting, self.watch, now)

    def digest(self, now: datetime) -> Digest:
        """Send what is due, make the next digest if it is due or there is news; return the last."""
        self.send(now)
        with self.library() as library:
            last = library.last_digest(self.name)
        decide.fn(self.setting, self.watch, now, only_news=not is_due(self.watch, last, now))
        self.send(now)
        with self.library() as library:
            made = library.last_digest(self.name)
        assert made
        return load(made.body)

    def run(self, now: datetime, pubmed: datetime | None = None) -> Digest:
        """Harvest, then digest."""
        self.harvest(now, pubmed)
        return self.digest(now)

    def run_on_schedule(self, first: date, last: date) -> Iterator[Digest]:
        """Do what `seedwatch serve` would do on these days, by the watch's own schedule."""
        schedule = self.watch.schedule
        begin, end = (
            datetime.combine(day, time(), schedule.zone) for day in (first, last + timedelta(days=1))
        )
        flows: dict[str, Callable[[datetime], Digest | None]] = {
            schedule.harvest: self.harvest,
            schedule.digest: self.digest,
        }
        due = heapq.merge(*([(now, cron) for now in _times(cron, begin, end)] for cron in flows))
        for now, cron in due:
            made = flows[cron](now)
            if made:
                yield made


def _times(cron: str, begin: datetime, end: datetime) -> Iterator[datetime]:
    return takewhile(lambda now: now < end, CronSim(cron, begin))


def small_scenario(
    folder: Path, mirror: MirrorServer, recipients: dict[str, str] | None = None, more: str = ""
) -> Scenario:
    """The watch `small` in this folder; its recipient, if not given, is the folder `out`.

    `more` are further tables of the watch file.
    """
    to = {"group": f"folder://{quote(str(folder / 'out'))}"} if recipients is None else recipients
    return Scenario(
        Settings(
            home=folder / "home",
            database=folder / "library.duckdb",
            watches=(SHIPPED, write_small_watch(folder / "watches", to, more)),
            eutils_url=mirror.url,
            rate=200,
            sample=True,
        ),
        mirror,
    )
