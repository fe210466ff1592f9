"""What nobody foresaw: one line for whoever waits, the traceback in a file, and `status` knows."""

import traceback
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir

from queries.errors import SeedwatchError

KEPT = 20  # files


class UnexpectedError(SeedwatchError):
    """A fault of seedwatch, or of what it stands on."""


def unexpected(error: Exception, home: Path) -> UnexpectedError:
    """The error as one line that names the file in `home` which has its traceback."""
    file = _write("".join(traceback.format_exception(error)), home)
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return UnexpectedError(
        "an unexpected error", what, f"Nothing is lost, run it again; report it with {file}"
    )


def _write(text: str, home: Path) -> Path:
    """Keep the newest tracebacks, readable by their owner alone; where home can't be written, elsewhere."""
    name = f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S.%f}.txt"
    for folder in (home / "errors", Path(gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = folder / name
            file.touch(mode=0o600)
            file.write_text(text, encoding="utf-8", errors="backslashreplace")
            if folder.name == "errors":
                for old in sorted(folder.glob("*.txt"))[:-KEPT]:
                    old.unlink(missing_ok=True)
        except OSError:
            continue
        return file
    return Path("no file: no folder could be written to")
