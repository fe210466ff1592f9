"""The embedded default: a local PubMed over invented records, and a clock that lives through weeks."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from flows.cli import run as runner
from flows.runtime import resources as doors
from flows.runtime import settings
from flows.runtime.outcome import Outcome
from flows.runtime.settings import Settings
from queries.errors import InputError
from queries.mirror import SAMPLE
from queries.mirror.load import load
from queries.mirror.server import MirrorServer
from reports.digest import record as digest
from reports.site import index as archive

WATCH = "cml-stem-cells"
FIRST = datetime(2026, 10, 19, 12, tzinfo=UTC)  # a Monday, at which the sample's events begin


def live(out: Path, home: Path, weeks: int, say: Callable[[str], None]) -> None:
    """Run the flows every Monday for some weeks, and leave digests, site and library in `out`.

    What an earlier demo left there goes; a folder with anything else in it is refused. `home`, in `out`,
    is the demo's own.
    """
    _make_room(out, home)
    with load([SAMPLE]) as corpus, MirrorServer(corpus, now=FIRST, ideal=True) as mirror:
        setting = Settings(
            home=home,
            database=out / "library.duckdb",
            eutils_url=mirror.url,
            rate=50,  # our own machine may be asked faster than NCBI
            sample=True,
            secrets={"SEEDWATCH_MAIL": f"folder://{quote(str((out / 'digests').absolute()))}"},
        )
        with settings.instead(setting):
            for week in range(weeks):
                mirror.clock = now = FIRST + timedelta(weeks=week)
                say(_told(runner.run("run", {"watch": WATCH, "now": now}), now))
        with doors.library(setting) as library:
            digests = [digest.load(past.body) for past in library.digests(WATCH)]
    site = out / "site" / "index.html"
    site.parent.mkdir()
    site.write_text(archive.index(digests), encoding="utf-8")
    say(f"Digests as mails, pages, texts and Slack messages: {out / 'digests'}\nOverview: {site}")


def _make_room(out: Path, home: Path) -> None:
    if out.exists() and any(out.iterdir()):
        if not home.exists():
            raise InputError(f"--out {out}", "is a folder with other things in it", "Name a new folder")
        shutil.rmtree(out)
    home.mkdir(parents=True)


def _told(outcome: Outcome, now: datetime) -> str:
    troubles = "".join(f"\n  {trouble}" for trouble in outcome.trouble)
    return f"{now:%a %d %b %Y}: {outcome.line.splitlines()[-1]}{troubles}"
