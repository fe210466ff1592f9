"""A whole weekly run of one watch on a library that is there: harvest, digest, delivery.

The flows' tasks are run without Prefect's engine, which would cost a small and a large library the same. The
mirror is a process of its own, so that its seconds are not counted; it holds 200 new records a week, and
what was told before, which a harvest reads again.
"""

import random
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from invented_library import FIRST, FRESH, NAMES, NOW, SENTENCES, WORDS
from support.mirror_records import record, write

import flows.deliver
from flows import seeds
from flows.deliver import attempt, empty_outbox
from flows.digest import decide
from flows.harvest import ask, remember
from flows.runtime import resources
from flows.runtime.settings import Settings
from queries.library import Library
from queries.records.article import Article

NEW = 200
WATCH = """
title = "A bench"
[seed]
pmid = {seed}
keywords = ["Leukaemia"]
[[topics]]
name = "All"
short = "A"
term = "benchword[tiab]"
[[topics]]
name = "Some"
short = "B"
term = "benchword[tiab] AND {word}[tiab]"
[digest]
threshold = 0
[[recipients]]
name = "ada"
url = "folder://{out}"
"""


def moment(week: int) -> datetime:
    """When the run of a week begins."""
    return NOW + timedelta(weeks=week)


def setting_of(library: Path) -> Settings:
    """A home for a library of its own."""
    home = library.with_suffix(".home")
    watches = home / "watches"
    watches.mkdir(parents=True)
    (watches / "bench.toml").write_text(WATCH.format(seed=FIRST, word=WORDS[0], out=home / "out"), "utf-8")
    return Settings(home=home, database=library, watches=(watches,), eutils_url="", rate=10_000)


def fill_mirror(folder: Path, library: Path, weeks: range) -> None:
    """Write the XML of what the library told, of its seed, and of the new weeks."""
    with Library(library) as opened:
        told = opened.articles([FIRST, *{row.pmid for row in opened.told("bench")} - {FIRST}])
    write(folder / "told.xml", *map(_known, told))
    chance = random.Random(1)  # noqa: S311 - text to fill a page, no secret
    for week in weeks:
        created = f"{(moment(week) - timedelta(days=2)):%Y-%m-%d} 05:00"
        new = (
            record(
                FRESH + 1_000_000 + week * 10_000 + at,
                " ".join(["Benchword", *chance.choices(WORDS, k=12)]),
                abstract=" ".join(chance.choices(SENTENCES, k=10)),
                created=created,
                authors=((chance.choice(NAMES), "Ada", "A"),),
            )
            for at in range(NEW)
        )
        write(folder / f"week{week}.xml", *new)


def _known(article: Article) -> str:
    abstract = " ".join(passage.text for passage in article.abstract)
    return record(article.pmid, article.title, abstract=abstract, created="2020-01-01 05:00")


def run(setting: Settings, now: datetime) -> None:
    """What `seedwatch run` does, in its order."""
    watch = resources.watch(setting, "bench")
    harvest = ask.fn(setting, seeds.complete.fn(setting, watch, now), "harvest", now, None, None)
    assert len(harvest.articles) >= NEW, harvest.trouble
    remember.fn(setting, harvest)
    assert decide.fn(setting, watch, now)
    with patch.object(flows.deliver, "attempt", attempt.fn):  # Prefect would start a server for a task
        empty_outbox(setting, watch, now)
