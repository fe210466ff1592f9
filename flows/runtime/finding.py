"""What is due for all watches, read from the library and their files; nothing here imports Prefect."""

from datetime import UTC, datetime

from flows.runtime import resources, standing
from flows.runtime.due import Due, due
from flows.runtime.settings import Settings
from flows.runtime.watches import scheduled


def find_due(setting: Settings, now: datetime) -> tuple[list[Due], dict[str, str]]:
    """What is due, the longest overdue first, and the mistakes of the watch files that cannot be read."""
    with resources.library(setting) as library:
        known = library.watches()
        last = library.last_runs(now)
    files = scheduled(setting, known)
    watches, mistakes = standing.loaded(files)
    found = []
    for watch in watches:
        written = datetime.fromtimestamp(files[watch.name].stat().st_mtime, UTC)
        if each := due(watch, last.get(watch.name), written, now):
            found.append(each)
    found.sort(key=lambda each: each.slot)
    return found, {name: str(error) for name, error in mistakes.items()}
