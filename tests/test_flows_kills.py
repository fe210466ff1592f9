"""Kill -9 at a dozen points and moments: the short form of benchmarks/bench_kills.py."""

import os
import re
import subprocess
import sys

from conftest import ROOT

SHORT = "--kills", "12", "--slots", "2", "--commands", "0"


def test_a_dozen_kills_make_one_digest_a_slot_and_each_address_has_it_once_or_a_named_doubt() -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "benchmarks" / "bench_kills.py"), *SHORT],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "12 kills" in run.stdout
    assert len(re.findall(r"^  2 digests, 2 seen in mails", run.stdout, re.MULTILINE)) == 2
