"""Public clients against the mirror: a table client x operation, and whose each failure is.

    python tests/benchmarks/bench_clients.py [--python VENV/bin/python] [--edirect DIR]

The clients (biopython, metapub, pymed, easy-entrez, entrezpy, eutils) run in the Python given, by default
this one; EDirect's scripts are looked for in DIR or on PATH. What is not installed is skipped, and said.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from figures import figure, skipped

from queries.mirror import SAMPLE
from queries.mirror.load import load
from queries.mirror.server import MirrorServer

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
PMID, OTHER = "90000101", "90000001"
DRIVER = Path(__file__).with_name("rivals") / "pubmed_clients.py"
EDIRECT = (  # operation, command, what its output must hold
    ("einfo", "einfo -db pubmed -fields", "TIAB"),
    ("esearch", "esearch -db pubmed -query leukemia", "<Count>"),
    ("esearch, efetch uid", "esearch -db pubmed -query 'leukemia [TIAB]' | efetch -format uid", PMID[:4]),
    ("efetch xml", f"efetch -db pubmed -id {PMID} -format xml", f">{PMID}</PMID>"),
    ("efetch medline", f"efetch -db pubmed -id {PMID} -format medline", f"PMID- {PMID}"),
    ("efetch abstract", f"efetch -db pubmed -id {PMID} -format abstract", f"PMID: {PMID}"),
    ("efetch docsum", f"efetch -db pubmed -id {PMID} -format docsum", "<DocumentSummary"),
    ("esummary", f"esummary -db pubmed -id {PMID}", "<DocumentSummary"),
    ("epost, efetch", f"epost -db pubmed -id {PMID},{OTHER} | efetch -format uid", OTHER),
    ("elink related", f"elink -db pubmed -id {PMID} -related | efetch -format uid", "9000"),
    ("elink cited", f"elink -db pubmed -id {PMID} -cited", "<Count>"),
    ("efilter", "esearch -db pubmed -query leukemia | efilter -mindate 2000 -maxdate 2030", "<Count>"),
    (
        "xtract",
        f"efetch -db pubmed -id {PMID} -format xml | xtract -pattern PubmedArticle -element PMID",
        PMID,
    ),
)


def _edirect(folder: str | None, base: str) -> list[tuple[str, str, str]]:
    """EDirect's pipes; its base address is an option of its first command."""
    path = f"{folder}{os.pathsep}{os.environ['PATH']}" if folder else os.environ["PATH"]
    if not shutil.which("esearch", path=path):
        return [("edirect", "", "not installed: no esearch on PATH")]
    rows = []
    environment = os.environ | {"PATH": path, "NCBI_EMAIL": "someone@example.org"}
    for operation, command, wanted in EDIRECT:
        parts = [part.strip() for part in command.split("|")]
        pipe = " | ".join(part if part.startswith("xtract") else f"{part} -base {base}" for part in parts)
        try:
            done = subprocess.run(
                ["bash", "-c", pipe], env=environment, capture_output=True, text=True, timeout=60, check=False
            )
            text = " ".join((done.stderr or done.stdout or "no output").split())
            problem = "" if wanted in done.stdout else text[:200]
        except subprocess.TimeoutExpired:
            problem = "no answer in time"
        rows.append(("edirect", operation, problem))
    return rows


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--python", default=sys.executable)
    options.add_argument("--edirect")
    options.add_argument("--quick", action="store_true", help="the same: it is quick")
    chosen = options.parse_args()
    with load([SAMPLE]) as corpus, MirrorServer(corpus, now=NOW, ideal=True) as mirror:
        driven = subprocess.run(
            [chosen.python, DRIVER, mirror.url, PMID, OTHER],
            capture_output=True,
            text=True,
            timeout=1200,
            check=False,
        )
        rows = [tuple(json.loads(line)) for line in driven.stdout.splitlines()]
        rows += _edirect(chosen.edirect, mirror.url)
        served = len(mirror.requests)
    width = max(len(operation) for _, operation, _ in rows)
    for client, operation, problem in rows:
        print(f"{client:12} {operation:{width}}  {problem.splitlines()[0][:140] if problem else 'ok'}")
    made = [problem for _, operation, problem in rows if operation]
    for client, operation, problem in rows:
        if not operation:
            skipped(f"client {client}", problem)
    figure("calls of public clients", len(made))
    figure("calls of public clients that do not end well", sum(map(bool, made)))
    print(f"{sum(not problem for problem in made)} of {len(made)} calls ok, {served} requests answered")


if __name__ == "__main__":
    main()
