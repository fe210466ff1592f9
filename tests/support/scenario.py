"""The tasks of the flows, one after the other, without a Prefect server; not a test module."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from flows import digest as telling
from flows import harvest as asking
from flows import seeds
from flows.runtime import resources as doors
from flows.runtime.settings import Settings
from queries.library import Store
from queries.mirror.server import MirrorServer
from queries.records.digest import Issue, Receipt
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


def small(folder: Path, recipients: dict[str, str], more: str = "") -> Path:
    """Write the watch `small`, which is quickly asked, with these recipients; return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = (f'\n[[recipients]]\nname = "{name}"\nurl = "{url}"\n' for name, url in recipients.items())
    (folder / "small.toml").write_text(f"{SMALL}{more}{''.join(tables)}", encoding="utf-8")
    return folder


@dataclass
class Life:
    """A library, a mirror and a watch, living from one moment to the next."""

    setting: Settings
    mirror: MirrorServer
    name: str = "small"

    @property
    def watch(self) -> Watch:
        """The watch, read anew, as each run does."""
        return doors.watch(self.setting, self.name)

    def library(self) -> Store:
        """The library, for a short block."""
        return doors.library(self.setting)

    def harvest(self, now: datetime) -> None:
        """Ask PubMed and remember."""
        self.mirror.clock = now
        watch = seeds.complete.fn(self.setting, self.watch, now)
        asking.remember.fn(self.setting, asking.ask.fn(self.setting, watch, "harvest", now, None, None), now)

    def decide(self, now: datetime) -> Issue:
        """Compose and record the next digest, and send nothing."""
        return telling.decide.fn(self.setting, self.watch, now)

    def send(self, now: datetime) -> tuple[list[Receipt], list[str]]:
        """Send what is owed; return the receipts, and what nobody knows to have arrived."""
        owed, doubts = telling.owing(self.setting, self.watch, now)
        return [telling.send.fn(self.setting, self.watch, each, now) for each in owed], doubts

    def week(self, now: datetime) -> Digest:
        """A whole round."""
        self.harvest(now)
        issue = self.decide(now)
        self.send(now)
        return load(issue.body)


def settled(folder: Path, mirror: MirrorServer, recipients: dict[str, str] | None = None) -> Life:
    """A life of the watch `small` in this folder, whose recipient, if not given, is the folder `out`."""
    to = {"group": f"folder://{quote(str(folder / 'out'))}"} if recipients is None else recipients
    return Life(
        Settings(
            home=folder / "home",
            database=folder / "library.duckdb",
            watches=(SHIPPED, small(folder / "watches", to)),
            eutils_url=mirror.url,
            rate=200,
            sample=True,
        ),
        mirror,
    )
