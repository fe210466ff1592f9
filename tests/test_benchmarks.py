"""The benchmarks' table: what crashes or does not end is a line in it, and stops nothing."""

import subprocess
import sys
import time
from pathlib import Path

from conftest import ROOT

BENCHMARKS = ROOT / "tests" / "benchmarks"
HANGS = """
import subprocess, sys
from figures import figure
figure("a first figure", 2.5, "s", at_most=3)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
open(sys.argv[0] + ".pid", "w").write(str(child.pid))
child.wait()
"""


def test_one_that_hangs_or_crashes_leaves_its_rows_and_no_process(tmp_path: Path) -> None:
    for name, text in {
        "a_hangs": HANGS,
        "year": "1 / 0",
        "c_misses": "from figures import *\nfigure('c', 7, at_least=8)\nskipped('d', 'no data')",
    }.items():
        (tmp_path / f"bench_{name}.py").write_text(text)
    for name in ("figures.py", "__main__.py"):
        source = (BENCHMARKS / name).read_text("utf-8")
        (tmp_path / name).write_text(source.replace("DEFAULT = 120, 25", "DEFAULT = 5, 5"), "utf-8")
    run = subprocess.run([sys.executable, tmp_path], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 1, run.stderr
    assert "ZeroDivisionError" in run.stdout  # of one of those that run two at a time
    table = run.stdout.partition("== all figures")[2].splitlines()
    assert "bench_a_hangs: DID NOT END IN 5 S" in table
    assert "bench_year: ENDED WITH EXIT 1" in table
    assert "bench_c_misses" in table
    rows = [line.split("  ") for line in table if line.startswith("  ")]
    found = [[cell.strip() for cell in row if cell.strip()][:4] for row in rows]
    assert found == [
        ["a first figure", "<= 3 s", "2.5 s", "yes"],
        ["c", ">= 8", "7", "NO"],
        ["d: skipped, no data", "-"],
    ]
    assert "1 targets met, 1 missed; 2 of 3 benchmarks in trouble" in table[-1]
    child = int((tmp_path / "bench_a_hangs.py.pid").read_text())
    time.sleep(0.2)
    assert not Path(f"/proc/{child}").exists() or "Z (zombie)" in Path(f"/proc/{child}/status").read_text()


def test_without_time_left_it_is_said_and_not_begun(tmp_path: Path) -> None:
    (tmp_path / "bench_one.py").write_text("print('never')")
    for name in ("figures.py", "__main__.py"):
        source = (BENCHMARKS / name).read_text("utf-8")
        (tmp_path / name).write_text(source.replace("TOTAL = 45 * 60, 5 * 60", "TOTAL = 0, 0"), "utf-8")
    run = subprocess.run([sys.executable, tmp_path], capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, "never" in run.stdout) == (1, False)
    assert "bench_one: NOT BEGUN" in run.stdout


def test_real_data_that_are_not_there_are_a_row_that_says_so(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, BENCHMARKS, "ranking_cml", "--quick"],
        env={"PATH": "/usr/bin:/bin", "SEEDWATCH_REAL_DATA": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "skipped, SEEDWATCH_REAL_DATA names no folder with data" in run.stdout
