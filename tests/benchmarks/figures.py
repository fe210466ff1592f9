"""The rows of `make bench`'s table: what was measured, beside what was promised.

A benchmark prints its own text, and calls `figure` for each of its figures. Run by itself that only says
whether the target is met; run by `python tests/benchmarks` it adds a row to the table at the end.
"""

import json
import os
import sys
from pathlib import Path

ROWS = "SEEDWATCH_BENCH_ROWS"  # names the file that the rows are appended to
REAL_DATA = "SEEDWATCH_REAL_DATA"
QUICK = "--quick" in sys.argv[1:]
# An expression of what a process held at most, in MB: ru_maxrss counts its parent's from before exec.
PEAK = "int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0]) / 1024"


def figure(
    what: str,
    measured: float,
    unit: str = "",
    *,
    at_most: float | None = None,
    at_least: float | None = None,
) -> bool:
    """Report one figure; return whether it is within its target, as one without a target is.

    `unit` stands behind both, as it is: "s", "x", "MB". The load of the machine is taken at the call.
    """
    met = (at_most is None or measured <= at_most) and (at_least is None or measured >= at_least)
    bounds = (("<=", at_most), (">=", at_least))
    target = ", ".join(f"{sign} {_words(bound, unit)}" for sign, bound in bounds if bound is not None)
    row = {"what": what, "target": target, "measured": _words(measured, unit), "met": met if target else None}
    _append(row | {"load": os.getloadavg()[0]})
    return met


def skipped(what: str, reason: str) -> None:
    """Report that something was not measured, and why."""
    line = f"{what}: skipped, {reason}"
    print(line)
    _append({"what": line, "target": "", "measured": "", "met": None})


def real_data(what: str) -> Path | None:
    """The folder of real records that SEEDWATCH_REAL_DATA names; None, and a row that says so, without."""
    folder = Path(os.environ.get(REAL_DATA) or os.devnull)
    if folder.is_dir() and any(folder.iterdir()):
        return folder
    skipped(what, f"{REAL_DATA} names no folder with data")
    return None


def _words(number: float, unit: str) -> str:
    whole = isinstance(number, int) or abs(number) >= 100
    return f"{number:,.0f} {unit}".strip() if whole else f"{number:.3g} {unit}".strip()


def _append(row: dict[str, object]) -> None:
    if name := os.environ.get(ROWS):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
