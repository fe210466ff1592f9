"""Writes a site into a folder: only what changed, each file in one step, and removes what it wrote before."""

import json
import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from queries.errors import InputError, SettingsError

MANIFEST = ".seedwatch-site.json"  # what was written, by path: the fingerprint of what it was made from


class PageToWrite(NamedTuple):
    """A file of the site: it is written again if `fingerprint` is another than that of the last time."""

    fingerprint: str
    make: Callable[[], str]


class Written(NamedTuple):
    """What a build did: files written, left as they were, removed."""

    written: int
    kept: int
    removed: int


def stale(folder: Path, fingerprints: Mapping[str, str]) -> set[str]:
    """The paths that are to be written: new, changed, or gone from the folder.

    Raises InputError for a folder with other things in it.
    """
    before = _manifest(folder)
    there = _files(folder)
    if there and not before and MANIFEST not in there:
        raise InputError(f"--out {folder}", "is a folder with other things in it", "Name a new folder")
    return {path for path, each in fingerprints.items() if before.get(path) != each or path not in there}


def write(folder: Path, pages: Mapping[str, PageToWrite], wanted: Collection[str]) -> Written:
    """Write the `wanted` pages, remove what is no page any more, and note it.

    Raises SettingsError if the folder cannot be written. A build that is killed is made good by the next.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        gone = _manifest(folder).keys() - pages.keys()
        # until it is whole again, nothing that is being written counts as written
        _note(folder, {path: page for path, page in pages.items() if path not in wanted})
        for parent in {(folder / path).parent for path in wanted}:
            parent.mkdir(parents=True, exist_ok=True)
        for path in sorted(wanted):
            _put(folder / path, pages[path].make())
        for path in gone:
            (folder / path).unlink(missing_ok=True)
        _note(folder, pages)
    except OSError as error:
        raise SettingsError(
            str(folder), f"the site cannot be written ({error.strerror})", "Make room, or name another folder"
        ) from error
    return Written(len(wanted), len(pages) - len(wanted), len(gone))


def _note(folder: Path, pages: Mapping[str, PageToWrite]) -> None:
    _put(folder / MANIFEST, json.dumps({path: page.fingerprint for path, page in pages.items()}, indent=0))


def _put(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8", newline="")
    draft.replace(path)


def _manifest(folder: Path) -> dict[str, str]:
    """What was written the last time; nothing if that cannot be read, so that all is written again."""
    try:
        noted = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _files(folder: Path) -> set[str]:
    """The paths of all files in the folder, by names with slashes."""
    found = set()
    for where, _, names in os.walk(folder):
        inside = Path(where).relative_to(folder).as_posix()
        found |= {name if inside == "." else f"{inside}/{name}" for name in names}
    return found
