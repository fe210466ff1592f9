"""Parsing side by side with Bio.Entrez.read and pubmed_parser, in one run, over real records.

The three take turns, and medians of CPU seconds are compared, as a machine has other work, too.
Bio.Entrez.read refuses a whole file for one old record, so it gets the records that it accepts, and we
the same. pubmed_parser is asked twice: as it comes, and for the detail that an Article has. Peak
memory is that of a process of its own, over that of a bare interpreter.
"""

import gzip
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import pubmed_parser
from Bio import Entrez
from figures import QUICK, figure, real_data
from lxml import etree

from queries.readers.pubmed_xml import parse, pieces

ROUNDS, MANY = (1, 5_000) if QUICK else (5, 30_000)
FILES, COPIES = (4, 1) if QUICK else (8, 3)
DETAIL = {
    "year_info_only": False,
    "nlm_category": True,
    "author_list": True,
    "reference_list": True,
    "parse_downto_mesh_subterms": True,
}
PEAK = "print([line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')][0])"
PARSE = """import gzip, sys; from queries.readers.pubmed_xml import parse
for _ in parse(gzip.open(sys.argv[1])): pass
"""


def whole(records: Iterable[bytes]) -> bytes:
    """The records as one answer of EFetch."""
    head = (
        b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January '
        b'2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
    )
    return head + b"\n".join(records) + b"\n</PubmedArticleSet>"


def bio(answer: bytes) -> object:
    """What Bio.Entrez.read makes of an answer."""
    return Entrez.read(io.BytesIO(answer))  # type: ignore[no-untyped-call]  # Bio has no types


def ours(path: Path) -> None:
    """Read a packed file and keep nothing."""
    with gzip.open(path) as file:
        exhaust(parse(file))


def accepted(record: bytes) -> bool:
    """Whether Bio.Entrez.read reads it."""
    try:
        bio(whole([record]))
    except (ValueError, RuntimeError):
        return False
    return True


def touch(path: Path) -> None:
    """The least that lxml can do: build each record's tree and look at each element once."""
    with gzip.open(path) as file:
        for record in pieces(file):
            for element in etree.fromstring(record).iter():
                _ = element.tag, element.text


def turns(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median CPU seconds of each, measured in turns."""
    took: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            start = time.process_time()
            work()
            took[name].append(time.process_time() - start)
    return {name: median(each) for name, each in took.items()}


def exhaust(records: Iterable[object]) -> None:
    """Read all and keep none."""
    for _ in records:
        pass


def peak(*arguments: str) -> int:
    """The peak memory of a new interpreter, in kB. VmHWM, as ru_maxrss counts our own from before exec."""
    done = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True)
    return int(done.stdout)


def against_bio(records: list[bytes]) -> None:
    """Print the speed beside Bio.Entrez.read's."""
    read = [record for record in records if accepted(record)]
    answer = whole(read)
    took = turns({"ours": lambda: exhaust(parse(answer)), "Bio.Entrez.read": lambda: bio(answer)})
    print(f"parse: {len(read):,} of {len(records):,} records that Bio.Entrez.read accepts (at least 4.5 x)")
    for name, seconds in took.items():
        print(f"  {name:28} {len(read) / seconds:8,.0f} records/s  {seconds / took['ours']:5.2f} x ours")
    figure("parse: faster than Bio.Entrez.read", took["Bio.Entrez.read"] / took["ours"], "x", at_least=4.5)


def against_pubmed_parser(path: Path, number: int) -> None:
    """Print the speed beside pubmed_parser's and beside the floor."""
    took = turns(
        {
            "ours": lambda: ours(path),
            "pubmed_parser": lambda: exhaust(pubmed_parser.parse_medline_xml(str(path))),
            "pubmed_parser, in detail": lambda: exhaust(pubmed_parser.parse_medline_xml(str(path), **DETAIL)),
            "lxml, each element once": lambda: touch(path),
        }
    )
    print(f"parse: {number:,} records, gunzip included (pubmed_parser: at least 1.9 x)")
    for name, seconds in took.items():
        print(f"  {name:28} {number / seconds:8,.0f} records/s  {seconds / took['ours']:5.2f} x ours")
    figure("parse: records of CPU second, gunzip included", number / took["ours"])
    figure("parse: faster than pubmed_parser", took["pubmed_parser"] / took["ours"], "x", at_least=1.9)
    in_detail = took["pubmed_parser, in detail"] / took["ours"]
    figure("parse: faster than pubmed_parser, in detail", in_detail, "x")


def memory(records: list[bytes]) -> None:
    """Print the peak memory over a bare interpreter's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.xml.gz"
        with gzip.open(path, "wb", compresslevel=1) as file:
            file.write(b"<PubmedArticleSet>")
            file.writelines(islice(cycle(records), MANY))
            file.write(b"</PubmedArticleSet>")
        more = peak("-c", PARSE + PEAK, str(path)) - peak("-c", PEAK)
    figure(f"parse: peak memory over the interpreter's, {MANY:,} records", more / 1024, "MB", at_most=64)
    print(f"parse: {MANY:,} records: peak memory {more / 1024:.0f} MB over the interpreter's (below 64)")


def by_processes(records: list[bytes]) -> None:
    """Print how much faster two processes parse a folder of files than one, in turns."""
    took: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.xml.gz" for number in range(FILES)]
        packed = gzip.compress(whole(records * COPIES), compresslevel=1)
        for path in paths:
            path.write_bytes(packed)
        for _ in range(1 if QUICK else 3):
            for processes, spent in took.items():
                script = Path(__file__).with_name("parse_files.py")
                command = [sys.executable, str(script), str(processes), *map(str, paths)]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                total, wall, cpu = map(float, done.stdout.split())
                spent.append((wall, cpu))
    (one, one_cpu), (two, two_cpu) = (map(median, zip(*took[count], strict=True)) for count in (1, 2))
    figure("parse: two processes faster than one, by the clock", one / two, "x", at_least=1.8)
    figure("parse: CPU of two processes, of one's", two_cpu / one_cpu, "x")
    print(
        f"parse: {FILES} files, {total:,.0f} records, wall time, the pool's start included "
        f"(load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)"
    )
    print(f"  one process {one:6.1f} s, two {two:6.1f} s: {one / two:.2f} x as fast (at least 1.8)")
    print(f"  CPU {one_cpu:6.1f} s, {two_cpu:6.1f} s")


def main() -> None:
    """Print speeds, ratios and memory."""
    folder = real_data("parse beside pubmed_parser and Bio.Entrez")
    if not folder:
        return
    path = folder / "pubmed" / "pubmed_real.xml.gz"
    with gzip.open(path) as file:
        records = list(pieces(file))
    against_bio(records[::4] if QUICK else records)
    against_pubmed_parser(path, len(records))
    memory(records)
    by_processes(records)


if __name__ == "__main__":
    main()
