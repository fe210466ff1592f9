"""A rehearsal: the flows as they are, on a copy of the library, telling nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.runtime import resources, settings


@contextmanager
def rehearsal(folder: Path) -> Iterator[None]:
    """Work on a copy of the library, tell nobody, and forget it all but the folder."""
    setting = settings.read()
    with TemporaryDirectory() as scratch:
        copy = Path(scratch) / "library.duckdb"
        if setting.database.exists():
            with resources.library(setting) as library:
                library.backup(copy)
        with settings.replaced(replace(setting, database=copy, preview=folder, ops_url="")):
            yield


@contextmanager
def rehearsal_if(wanted: bool, watch: str) -> Iterator[None]:
    """A rehearsal into the home's folder of previews, if it is wanted."""
    if not wanted or settings.read().preview:
        yield
        return
    with rehearsal(settings.read().home / "previews" / watch):
        yield
