"""How every watch stands now, for `seedwatch status`, for the operator and for the figures of a monitor."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.runtime import resources
from flows.runtime.settings import Settings
from flows.runtime.watches import renamed_from, scheduled
from queries.errors import SeedwatchError, WatchError
from queries.watch.file import SHIPPED, Watch, load
from reports.answers.metrics import metrics
from reports.answers.precision import precision
from reports.answers.status import ALERT, GONE, RETIRED, UNUSED, Status, absent, broken, judge

if TYPE_CHECKING:
    from queries.identity.conflicts import Conflict
    from queries.library import Library
    from queries.records.library import KnownWatch


FRESH_SECONDS = 60


def stands(setting: Settings, now: datetime) -> list[Status]:
    """Every watch: those on schedule, those whose file has a mistake, and those that ran and are no more.

    Raises LibraryError if the library cannot be read.
    """
    with resources.library(setting) as library:
        known = library.watches()
        watches, mistakes = loaded(scheduled(setting, known))
        conflicts = library.conflicts()
        every = [_status(setting, library, watch, now, conflicts) for watch in watches]
        every += [broken(name, str(error)) for name, error in mistakes.items()]
        # of a watch that looks renamed the old one's alarm says what to do; its own would lead nowhere
        heirs = {renamed_from(setting, watch.name, watch.seed, known): watch.name for watch in watches}
        heirs.pop("", None)
        every = [replace(each, alarms=()) if each.watch in heirs.values() else each for each in every]
        return [*every, *_absent(setting, library, known, heirs)]


def loaded(files: Mapping[str, Path]) -> tuple[list[Watch], dict[str, WatchError]]:
    """The watches of these files, and by name the mistakes of those that cannot be read."""
    watches: list[Watch] = []
    mistakes: dict[str, WatchError] = {}
    for name, path in files.items():
        try:
            watches.append(load(path))
        except WatchError as error:
            mistakes[name] = error
    return watches, mistakes


def write_metrics(setting: Settings, *, at_once: bool = True) -> None:
    """Write SEEDWATCH_METRICS, if it is set, in one step; what hinders is said, and stops nothing.

    Unless it is to be done `at_once` figures that were written just now are good enough.
    """
    if setting.metrics is None:
        return
    with suppress(OSError):
        age = datetime.now(UTC).timestamp() - setting.metrics.stat().st_mtime
        if not at_once and 0 <= age < FRESH_SECONDS:
            return
    draft = setting.metrics.with_name(f".{setting.metrics.name}.{os.getpid()}")
    try:
        now = datetime.now(UTC)
        text = metrics(stands(setting, now), now)
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o644)  # node_exporter runs as somebody else
        draft.replace(setting.metrics)
    except (OSError, SeedwatchError) as error:
        print(f"seedwatch: SEEDWATCH_METRICS was not written ({error})", file=sys.stderr)  # noqa: T201
    finally:
        draft.unlink(missing_ok=True)


def _absent(
    setting: Settings, library: "Library", known: "Sequence[KnownWatch]", heirs: dict[str, str]
) -> Iterator[Status]:
    """The watches that ran and are not scheduled: their file is gone, they are not used, or retired."""
    there = scheduled(setting, known)
    for each in known:
        if each.name in there:
            continue
        shipped = SHIPPED / f"{each.name}.toml"
        standing = RETIRED if each.retired else UNUSED if shipped.exists() else GONE
        deliveries = library.deliveries(each.name)
        yield absent(each, standing, deliveries, file=str(shipped), heir=heirs.get(each.name, ""))


def _status(
    setting: Settings, library: "Library", watch: Watch, now: datetime, conflicts: "Sequence[Conflict]"
) -> Status:
    seen = library.seen(watch.name, {pmid for conflict in conflicts for pmid in conflict.ids})
    return judge(
        watch,
        now,
        runs=[run for run in library.runs(watch.name) if run.flow != ALERT or setting.ops_url],
        coverage=library.coverage(watch.name, now),
        pending=library.pending(watch.name),
        deliveries=library.deliveries(watch.name),
        watermarks=library.watermarks(watch.name),
        judged=precision(library.told(watch.name), library.feedback(watch.name)),
        unsubscribed=library.unsubscribed(watch.name),
        conflicts=[conflict.words for conflict in conflicts if seen.intersection(conflict.ids)],
    )
