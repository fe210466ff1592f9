"""The fixture that other projects' tests get, as another project would use it."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from support.mirror_records import record, write

ROOT = Path(__file__).parents[1]
SUITE = """
from datetime import UTC, datetime
from urllib.request import urlopen

import pytest

def asked(mirror, term):
    return urlopen(f"{mirror.url}esearch.fcgi?term={term}&rettype=count").read().decode()

def test_the_sample(pubmed_mirror):
    assert "<Count>0<" not in asked(pubmed_mirror, "leukemia[tiab]")
    assert len(pubmed_mirror.requests) == 1

@pytest.mark.pubmed_mirror(xml=["records"], now=datetime(2026, 11, 23, tzinfo=UTC), cap=5)
def test_my_own_records(pubmed_mirror):
    assert "<Count>1<" in asked(pubmed_mirror, "mine[ti]")
    assert pubmed_mirror.service.cap == 5
    assert pubmed_mirror.requests[0].params["term"] == ("mine[ti]",)
"""


def test_another_project_finds_the_fixture_and_its_marker(tmp_path: Path) -> None:
    write(tmp_path / "records" / "a.xml", record(1, "Mine alone"))
    (tmp_path / "test_theirs.py").write_text(SUITE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--strict-markers", "-p", "queries.mirror.pytest_plugin"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_pytest_finds_it_unasked_where_seedwatch_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"seedwatch": "queries.mirror.pytest_plugin"}
