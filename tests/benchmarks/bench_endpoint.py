"""Random requests on the endpoint of readers' verdicts: no traceback, no vote, and how many a second.

Bytes of chance, requests with parts changed, genuine links with a letter changed, forms with wrong tokens:
none may change anything, and the server answers a genuine link at the end as at the beginning.

    python tests/benchmarks/bench_endpoint.py [--requests 100000] [--seed 1]
"""

import argparse
import io
import logging
import random
import re
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from figures import QUICK, figure

from flows.runtime.settings import Settings
from flows.verdicts import log
from flows.verdicts.endpoint import served
from flows.verdicts.secret import verdict_secret
from reports.digest.verdicts import unsubscribe_link, verdict_link

BASE = "https://verdicts.example.org/sub"
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "", "G\0T")
TYPES = (
    "application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x",
    "multipart/form-data", "text/plain; charset=utf-99", "", "\xff\xfe", "x" * 3000,
)  # fmt: skip
WORDS = ("yes", "no", "undo", "unsubscribe", "resubscribe", "YES", "", "\0", "maybe", "../yes")


def main() -> int:
    """Print the figures; exit 1 if anything was changed or thrown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="2,000 requests")
    parser.add_argument("--requests", type=int, default=2_000 if QUICK else 100_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        answers, events, thrown = storm(Path(folder), chosen.requests, chosen.seed)
        seconds = time.perf_counter() - began
    print(f"{chosen.requests} requests in {seconds:.0f} s ({chosen.requests / seconds:.0f} a second)")
    print(", ".join(f"{count} {status}" for status, count in answers.most_common()))
    broken = sum(count for status, count in answers.items() if status.startswith("5"))
    figure("random requests on the verdicts' endpoint", chosen.requests, at_least=None if QUICK else 100_000)
    figure("random requests on the endpoint: votes", events, at_most=0)
    figure("random requests on the endpoint: lines of tracebacks", len(thrown.splitlines()), at_most=0)
    figure("random requests on the endpoint: answers of 500 and above", broken, at_most=0)
    print(f"{events} votes, {len(thrown.splitlines())} lines of tracebacks or complaints")
    print(thrown[:2000])
    return int(bool(events or thrown or any(status.startswith("5") for status in answers)))


def storm(home: Path, requests: int, seed: int) -> tuple[Counter[str], int, str]:
    """What was answered, by status; how many votes there are afterwards; what was thrown."""
    setting = Settings(home=home, database=home / "library.duckdb", verdicts_url=BASE)
    said: list[str] = []
    answers: Counter[str] = Counter()
    complaints = io.StringIO()
    handler = logging.StreamHandler(complaints)
    handler.setLevel(logging.ERROR)
    logging.getLogger().addHandler(handler)
    try:
        with redirect_stderr(complaints), served(setting, 0, said.append):
            port = int(said[0].rsplit(":", 1)[1])
            secret, later = verdict_secret(setting), datetime.now(UTC) + timedelta(days=9)
            genuine = [
                verdict_link("", secret, "ann", "cml", 7, 90000001, "yes", later),
                unsubscribe_link("", secret, "ann@example.org", "cml", later),
            ]
            for request in random_requests(random.Random(seed), genuine, requests):  # noqa: S311
                answers[exchanged(port, request)] += 1
            for link in genuine:
                assert exchanged(port, f"GET {link} HTTP/1.1\r\nHost: x\r\n\r\n".encode()) == "200"
    finally:
        logging.getLogger().removeHandler(handler)
    return answers, len(log.events(home / log.NAME)), complaints.getvalue()


def exchanged(port: int, request: bytes) -> str:
    """The status of the answer to one request on a connection of its own, "none" if it was just closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            connection.sendall(request)
            if not _is_whole(request):
                connection.shutdown(socket.SHUT_WR)  # or both would wait for the rest
            answer = connection.recv(200)
            while answer and b"\r\n" not in answer and len(answer) < 200:
                answer += connection.recv(200)
        except ConnectionError:
            return "none"
    parts = answer.split(b" ", 2)
    return parts[1].decode("latin-1") if len(parts) > 1 else "none"


def random_requests(chance: random.Random, genuine: list[str], count: int) -> Iterator[bytes]:
    """Requests none of which may change anything."""
    for _ in range(count):
        kind = chance.random()
        if kind < 0.1:
            yield chance.randbytes(chance.randrange(1, 400))
        elif kind < 0.2:
            yield (
                b"GET "
                + chance.randbytes(chance.randrange(1, 200)).replace(b"\n", b"")
                + b" HTTP/1.1\r\n\r\n"
            )
        else:
            yield _request(chance, genuine)


def _request(chance: random.Random, genuine: list[str]) -> bytes:
    path = chance.choice((*genuine, *map(str, (_path(chance), _path(chance)))))
    if path in genuine and chance.random() < 0.8:
        path = _changed(chance, path)
    body = _body(chance)
    method = chance.choice(METHODS)
    length = chance.choice((len(body), len(body), len(body), 0, len(body) + 7, -1, 10**20))
    head = f"{method} {path} HTTP/1.{chance.randrange(3)}\r\nHost: x\r\n"
    head += f"Content-Type: {chance.choice(TYPES)}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    return head.encode("latin-1", "replace") + body


def _is_whole(request: bytes) -> bool:
    """Whether the server has no reason to wait for more."""
    head, end, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    return bool(end) and (not length or int(length[1]) <= len(body))


def _path(chance: random.Random) -> str:
    parts = (
        chance.choice("vux"), chance.choice(("cml", "%00", "%ff%fe", "..", "", quote("Ω"), "a" * 3000)),
        chance.choice(("7", "-1", "07", "9" * 5000, "٣", "1e3", "")), chance.choice(("90000001", "0", "x")),
        chance.choice(WORDS), chance.choice(("", "A" * 38, "=" * 38, "%", "é", "A" * 9000)),
    )  # fmt: skip
    return (
        "/"
        + "/".join(parts[: chance.randrange(1, 7)]).replace("\0", "%00")
        + chance.choice(("", "?a=b", "/", "#x"))
    )


def _changed(chance: random.Random, path: str) -> str:
    """The path with one letter or more changed, added or gone."""
    letters = list(path)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(1, len(letters))
        new = chance.choice("abcXYZ019-_/%=~")
        letters[at : at + chance.randrange(2)] = [new if new != letters[at] else "!"]
    return "".join(letters)


def _body(chance: random.Random) -> bytes:
    token = chance.choice(("", "A" * 43, "A" * 44, "é", "%ff", "A" * 5000))
    form = f"word={chance.choice(WORDS)}&token={token}&by={chance.choice(('tap', 'script', ''))}"
    return chance.choice(
        (b"", form.encode(), chance.randbytes(chance.randrange(1, 300)), b"x" * 6000, b"&" * 50, b"word=yes")
    )


if __name__ == "__main__":
    sys.exit(main())
