"""Parse packed files by one process or several: `parse_files.py PROCESSES FILE ...`.

Prints records, wall seconds with the pool's start, and CPU seconds of all. A script of its own, as a worker
begins by importing the script that started it, and that should be as light as the command line is.
"""

import gzip
import resource
import sys
import time
from pathlib import Path

from queries.readers.pubmed_xml import parse
from queries.readers.pubmed_xml.files import each_file
from queries.records.article import Article


def count(path: Path) -> int:
    """How many records of a packed file are articles."""
    with gzip.open(path) as file:
        return sum(isinstance(each, Article) for each in parse(file))


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    wall, cpu = time.perf_counter(), _cpu()
    total = sum(each_file(count, map(Path, sys.argv[2:]), int(sys.argv[1])))
    print(total, time.perf_counter() - wall, _cpu() - cpu)
