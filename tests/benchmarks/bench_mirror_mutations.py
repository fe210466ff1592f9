"""Mutated requests against the mirror: each must get an HTTP answer, and the mirror's memory must stay flat.

    python tests/benchmarks/bench_mutations.py [--quick | REQUESTS] [SEED]

Good requests of every utility are changed at random: bytes, parameters, sizes, encodings, chunks, bodies
that end early or come slowly. The mirror runs in a process of its own, whose memory is read from /proc.
"""

import os
import random
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote_plus

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from figures import QUICK, figure

from queries.mirror import SAMPLE

REQUESTS, STEPS, THREADS = 100_000, 10, 6
CORRUPT, SLOW = 0.15, 0.004  # how many have odd bytes, how many come in slow pieces
PATIENCE = 30.0  # seconds for an answer
GROWTH = 64  # MB that the mirror may grow by after the first tenth
GOOD = (
    ("einfo", {"db": "pubmed"}),
    (
        "esearch",
        {"db": "pubmed", "term": "leukemia[tiab] AND (stem OR cell*) NOT review[pt]", "retmax": "20"},
    ),
    ("esearch", {"term": '"last 30 days"[crdt]', "usehistory": "y", "retmode": "json", "sort": "relevance"}),
    (
        "esearch",
        {"term": "leukemia", "mindate": "2020", "maxdate": "2030", "datetype": "pdat", "retstart": "5"},
    ),
    ("efetch", {"db": "pubmed", "id": "90000101,90000001", "retmode": "xml"}),
    ("efetch", {"id": "90000101", "rettype": "medline", "retmode": "text"}),
    ("efetch", {"id": "90000101", "rettype": "abstract", "retmode": "text"}),
    ("efetch", {"WebEnv": "MCID_000000000000000000000000", "query_key": "1"}),
    ("esummary", {"id": "90000101", "version": "2.0"}),
    ("esummary", {"id": "90000101,1", "retmode": "json"}),
    ("elink", {"dbfrom": "pubmed", "id": "90000101", "cmd": "neighbor_score"}),
    ("elink", {"dbfrom": "pubmed", "id": "90000101", "cmd": "acheck"}),
    ("epost", {"id": "1,2,3"}),
    ("espell", {"term": "leukemiaa"}),
    ("egquery", {"term": "leukemia"}),
    ("ecitmatch", {"bdata": "nature|2023|613|565|duke-cohan js|a|"}),
)
NAMES = sorted({name for _, params in GOOD for name in params} | {"api_key", "linkname", "field", "reldate"})
ODD = (
    *("", "0", "-1", "²", "9" * 400, "\x00", "%", "(" * 150, '"', "[", "a[b]:c[d]", "*", "x*y*", "١", "1e9"),
    *(
        "💉" * 50,
        "NOT " * 300,
        "a OR " * 300 + "b",
        "<!--",
        "&amp;",
        "null",
        "2026/13/45",
        "#1",
        "..",
        "text",
    ),
    "x" * 5000,
)


def mutated(chance: random.Random) -> tuple[list[bytes], float]:
    """The pieces of a request, and the seconds between them."""
    pieces = [b"".join(_pieces(chance))]
    if chance.random() < CORRUPT:
        whole = bytearray(pieces[0])
        for _ in range(chance.randrange(1, 6)):
            whole[chance.randrange(len(whole))] = chance.randrange(256)
        pieces = [bytes(whole)]
    if chance.random() >= SLOW:
        return pieces, 0
    step = max(1, len(pieces[0]) // 5)
    return [pieces[0][at : at + step] for at in range(0, len(pieces[0]), step)], chance.choice((0.1, 0.6))


def _pieces(chance: random.Random) -> list[bytes]:
    """A request of which parameters, size or form are not as they should be."""
    util, params = chance.choice(GOOD)
    pairs = list(params.items())
    for _ in range(chance.randrange(4)):
        match chance.randrange(5):
            case 0:
                pairs.append((chance.choice(NAMES), chance.choice(ODD)))
            case 1 if pairs:
                pairs[chance.randrange(len(pairs))] = (chance.choice(NAMES), chance.choice(ODD))
            case 2 if pairs:
                pairs.pop(chance.randrange(len(pairs)))
            case 3 if pairs:
                name, value = pairs.pop()
                at = chance.randrange(len(value) + 1)
                pairs.append((name.swapcase(), value[:at] + chance.choice(ODD)[:50] + value[at:]))
            case _:
                pairs += pairs[: chance.randrange(3)]
    form = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()
    path = f"/entrez/eutils/{util}.fcgi"
    head = b"Host: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n"
    match chance.randrange(6):
        case 0:
            return [b"GET %b?%b HTTP/1.1\r\n%b\r\n" % (path.encode(), form, head)]
        case 1:
            cut = chance.randrange(len(form) + 1)
            chunks = b"".join(
                b"%x\r\n%b\r\n" % (len(part), part) for part in (form[:cut], form[cut:]) if part
            )
            start = b"POST %b HTTP/1.1\r\n%bTransfer-Encoding: chunked\r\n\r\n" % (path.encode(), head)
            return [start, chunks, b"0\r\n\r\n"]
        case _:
            size = len(form) + chance.choice((0, 0, 0, 0, 0, 0, 7, -3))
            start = b"POST %b HTTP/1.1\r\n%bContent-Length: %d\r\n\r\n" % (path.encode(), head, size)
            return [start, form]


def answered(port: int, pieces: list[bytes], pause: float) -> str:
    """The status that comes back, or what came instead of an HTTP answer."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            try:
                for piece in pieces:
                    connection.sendall(piece)
                    time.sleep(pause)
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it was refused before it was all sent: the answer is there
            begun = b""
            while len(begun) < 12 and (block := connection.recv(4096)):
                begun += block
            while connection.recv(1 << 16):
                pass
    except OSError as problem:
        return f"{type(problem).__name__}"
    found = re.match(rb"HTTP/1\.[01] (\d{3})", begun)
    return found[1].decode() if found else f"no HTTP: {begun[:40]!r}"


def _resident(pid: int) -> float:
    """The memory of a process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1e3  # type: ignore[index]  # Linux has it


def main(requests: int = REQUESTS, seed: int = 1) -> None:
    """Print what came back, and the memory on the way."""
    command = [sys.executable, "-c", "from flows.cli import main; main()", "mirror", "serve"]
    environment = os.environ | {
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    with subprocess.Popen(
        [*command, "--xml", str(SAMPLE), "--port", "0", "--reading", "2"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as mirror:
        assert mirror.stdout is not None
        lines = iter(mirror.stdout.readline, "")
        url = next(line for line in lines if line.startswith("SEEDWATCH_EUTILS_URL="))
        port = int(re.search(r":(\d+)/", url)[1])  # type: ignore[index]  # as it prints it
        came: Counter[str] = Counter()
        grown: list[float] = []
        chance, begun = random.Random(seed), time.perf_counter()  # noqa: S311 - to be repeatable
        with ThreadPoolExecutor(THREADS) as pool:
            for step in range(STEPS):
                made = [mutated(chance) for _ in range(requests // STEPS)]
                came.update(pool.map(lambda request: answered(port, *request), made))
                grown.append(_resident(mirror.pid))
                print(
                    f"{(step + 1) * requests // STEPS:,} requests: mirror {grown[-1]:,.0f} MB,",
                    f"{time.perf_counter() - begun:,.0f} s",
                    flush=True,
                )
        mirror.terminate()
        trouble = mirror.communicate()[1]
    print(", ".join(f"{status}: {count:,}" for status, count in came.most_common()))
    figure("mutated requests to the mirror", sum(came.values()), at_least=None if QUICK else REQUESTS)
    figure("mutated requests: grown after the first tenth", grown[-1] - grown[0], "MB", at_most=GROWTH)
    without = sum(count for status, count in came.items() if not status.isdecimal())
    print(f"{without} without an HTTP answer, {came['500']} defects")
    figure("mutated requests without an HTTP answer, or with a defect", without + came["500"], at_most=0)
    if came["500"]:
        print(trouble[-3000:])


if __name__ == "__main__":
    main(*([REQUESTS // 50] if QUICK else map(int, sys.argv[1:])))
