"""Which watches are scheduled, and whether an unknown one is an old one by a new name."""

from collections.abc import Sequence
from pathlib import Path

from flows.runtime.settings import Settings
from queries.errors import WatchError
from queries.records.library import KnownWatch
from queries.watch.file import SHIPPED, Seed, Watch, watch_files


def scheduled(setting: Settings, known: Sequence[KnownWatch] = ()) -> dict[str, Path]:
    """The files by name of the watches that run on schedule and are alarmed.

    Those in the user's own folders once there is one, else the shipped one; none that is retired (`known`).
    """
    own = watch_files([folder for folder in setting.watches if folder != SHIPPED])
    files = list(own) or list(watch_files(setting.watches))
    retired = {each.name for each in known if each.retired}
    return {path.stem: path for path in files if path.stem not in retired}


def own_file(setting: Settings, name: str) -> Path | None:
    """The file of this name in the user's own folders, the last one's if there are several."""
    own = watch_files([folder for folder in setting.watches if folder != SHIPPED])
    return next((path for path in own if path.stem == name), None)


def renamed_from(setting: Settings, name: str, seed: Seed, known: Sequence[KnownWatch]) -> str:
    """The watch that this one was before, as it has the same seed and no file any more; "" for none."""
    if any(each.name == name for each in known):
        return ""
    there = scheduled(setting)
    for each in known:
        same = (seed.doi and seed.doi == each.doi) or (seed.pmid and seed.pmid == each.pmid)
        if same and not each.retired and each.name not in there:
            return each.name
    return ""


def check_name(setting: Settings, watch: Watch, known: Sequence[KnownWatch]) -> None:
    """Raise WatchError, which asks, if the watch looks like an old one renamed: nothing is told twice."""
    if old := renamed_from(setting, watch.name, watch.seed, known):
        raise WatchError(
            watch.name,
            f"looks like {old} renamed: it has the same seed, and {old} has no file in your folders any more",
            f"`seedwatch rename {old} {watch.name}` goes on with what {old} told, `seedwatch retire {old}` "
            f"lets {watch.name} start afresh",
        )
