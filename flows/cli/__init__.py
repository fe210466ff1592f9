"""The command line: one file a family of commands, each with its declarations and their work.

Whatever is heavy is imported inside the command that needs it, so that no other command waits for it.
"""

import atexit
import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import (
    assess,
    dedup,
    demo,
    doctor,
    export,
    library,
    mirror,
    new,
    outbox,
    questions,
    rank,
    report,
    run,
    site,
    tune,
    watches,
    zotero,
)
from queries.errors import InputError, SeedwatchError

OF_PATHS = {
    errno.EACCES, errno.EEXIST, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENOENT, errno.ENOTDIR,
    errno.EPERM, errno.EROFS,
}  # fmt: skip
SHOWN = 200  # characters of an argument

app = typer.Typer(
    name="seedwatch",
    help="Watches PubMed for new work similar to a seed review, and proves that nothing was missed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done; 1 failed, nothing lost, safe to run again; 2 wrong input or configuration; "
    "3 done but degraded (a source or a channel failed; said so).",
)
for family in (
    demo,
    new,
    tune,
    watches,
    run,
    questions,
    rank,
    dedup,
    assess,
    export,
    site,
    report,
    zotero,
    library,
    outbox,
    doctor,
):
    app.add_typer(family.app)
app.add_typer(mirror.app, name="mirror")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"seedwatch {version('seedwatch')}")
        except PackageNotFoundError:
            typer.echo("seedwatch, not installed: run from its folder")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take what stands before a command."""


def main() -> None:
    """Run the command; a known error is one line on stderr and its exit code, never a traceback."""
    atexit.register(_close_stderr)
    try:
        command(sys.argv[1:])
    except SeedwatchError as error:
        typer.echo(f"seedwatch: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001 - whatever it is, it ends here as one line
        from flows.runtime import settings
        from flows.runtime.unexpected import unexpected

        failure = unexpected(error, settings.home_of())
        typer.echo(f"seedwatch: {failure}", err=True)
        sys.exit(failure.exit_code)
    except KeyboardInterrupt:
        typer.echo("seedwatch: interrupted; nothing is lost, run it again.", err=True)
        sys.exit(1)


def command(arguments: Sequence[str]) -> None:
    """Run one command line. InputError if a word of it is no text, or a path that the system refuses."""
    for word in arguments:
        if not word.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in word):
            raise InputError(
                ascii(word), "is not UTF-8", "Write it in UTF-8; a file of that name must be renamed"
            )
    try:
        app(list(arguments))
    except OSError as error:
        refused = _of_an_argument(error, arguments)
        raise (refused or error) from (error if refused else None)


def _of_an_argument(error: OSError, arguments: Sequence[str]) -> InputError | None:
    """The error if it is what the system says of a path that stands on the command line."""
    if error.errno not in OF_PATHS or not isinstance(error.filename, str):
        return None
    place = Path(error.filename).absolute()
    for argument in arguments:
        given = argument.partition("=")[2] if argument.startswith("--") else argument
        if given and place.is_relative_to(Path(given).absolute()):
            return InputError(given[:SHOWN], f"cannot be used ({error.strerror})", "Name another")
    return None


def _close_stderr() -> None:
    """Close stderr at the very end: registered first, this runs last.

    Threads that Prefect leaves behind keep DuckDB's module alive, and its binding layer would list
    that as a hundred lines of "leaks".
    """
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
