"""Arguments and options that several commands take."""

import math
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from queries.errors import InputError

DAY = ["%Y-%m-%d"]
FIRST_YEAR, LAST_YEAR = 1900, 2900
LAST_PORT = 65_535
MOMENT = [*DAY, "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]

WatchName = Annotated[str, typer.Argument(metavar="WATCH", help="The watch: its file's name without .toml.")]
Pmid = Annotated[int, typer.Argument(metavar="PMID", min=1, max=99_999_999)]
Since = Annotated[
    datetime | None,
    typer.Option(formats=DAY, metavar="DATE", help="First day of an own window (backfill)."),
]
Until = Annotated[
    datetime | None,
    typer.Option(formats=DAY, metavar="DATE", help="Last day of an own window."),
]
Now = Annotated[
    datetime | None,
    typer.Option(formats=MOMENT, metavar="ISO", help="Run as of this moment (UTC unless it says its zone)."),
]
Preview = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Write the digest here; send nothing, record nothing."),
]
Anyway = Annotated[
    bool, typer.Option("--anyway", help="Send although there is more, or less, than the watch expects.")
]
Again = Annotated[
    bool, typer.Option("--again", help="Make a digest although there is nothing new since the last.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")]
Out = Annotated[Path, typer.Option(metavar="FILE", help="Where to write the CSV.")]


def finite(given: float | None) -> float | None:
    """A number of an option; typer takes nan and inf for numbers, too."""
    if given is not None and not math.isfinite(given):
        message = f"{given} is no number to count with."
        raise typer.BadParameter(message)
    return given


def check_out(out: Path, *inputs: Path, option: str = "--out") -> None:
    """Refuse, before any work is done, a file that cannot be written or that is read as well.

    Raises InputError.
    """
    if out.is_file() and any(path.is_file() and out.samefile(path) for path in inputs):
        problem = "is what is read, or the library, and would be lost"
    elif out.is_dir():
        problem = "is a folder"
    elif not out.parent.is_dir():
        problem = f"{out.parent} is no folder"
    elif not os.access(out if out.exists() else out.parent, os.W_OK):
        problem = "may not be written to"
    else:
        return
    raise InputError(f"{option} {out}", problem, "Name another file")


def day(given: datetime | None) -> date | None:
    """The day that --since or --until names."""
    return given.date() if given else None


def moment(given: datetime | None) -> datetime | None:
    """The moment that --now names, in UTC unless it says its zone. Raises InputError for a wild year."""
    if given and not FIRST_YEAR <= given.year < LAST_YEAR:
        raise InputError(f"--now {given.year:04}", "is no year in which PubMed can be asked", "Mend it")
    return given.replace(tzinfo=given.tzinfo or UTC) if given else None
