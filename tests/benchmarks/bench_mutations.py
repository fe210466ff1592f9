"""Mutated inputs: each is read or refused; none ends in another error, hangs, or makes the process grow.

    python tests/benchmarks/bench_mutations.py [--quick | HOW MANY of each family] [SEED]

Whatever is read goes on as it would in a harvest: into the library's JSON and back, into terms, a
citation, the hits of keywords. An input is made from its family, its number and the seed alone, so
that `SEED` and the number that is printed bring it back. Exit code 1 if any promise is broken.
"""

import faulthandler
import gzip
import json
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from random import Random
from traceback import format_exception_only
from types import FrameType

from figures import QUICK, figure
from mutated_inputs import ANSWERS, LINES, WATCH_FILE, try_answer, try_command_line, try_watch

from queries.errors import PubMedError, RecordsError
from queries.identity.citation import citation
from queries.identity.normalised import normalise
from queries.library.rows import decode, encode
from queries.mirror.medline import medline
from queries.mirror.nlm_record import NlmRecord
from queries.readers import export
from queries.readers.pubmed_xml import is_deletion, parse, pieces
from queries.records.article import Article
from queries.text.keywords import hits
from queries.text.tokens import vectorise
from queries.watch.file import SHIPPED, load

MANY = 20_000
SLOW = 2.0  # seconds that one input may take on a busy machine
GROWTH = 64  # MB by which the process may grow after the first tenth
MARKS = (
    *(b"\0", b"<", b">", b"&", b"&#0;", b"&x;", b"]]>", b"<!--", b"<![CDATA[", b"<!DOCTYPE x [", b'"', b"'"),
    *(b"\r", b"\n", b"\r\n\r\n", b"\t", b" " * 99, b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc3"),
    *(b"\xe2\x80\xae", b"9" * 30, b"-1", b"0", b"{", b"[" * 2000, b"\\ud800", b"null", b"NaN", b"1e999"),
    *(b"</PubmedArticle>", b"<PubmedArticle>", b"<record>", b"</records>", b"ER  - ", b"TY  - ", b"PMID- "),
)


class Hang(Exception):
    """The input took longer than it may."""


@dataclass(frozen=True)
class Family:
    """Inputs of one kind: what they are made from, and what is done with one.

    `attempt` returns "read" or "refused"; whatever it raises is a broken promise.
    """

    name: str
    seeds: Sequence[bytes]
    attempt: Callable[[bytes], str]
    rarer: int = 1  # so many times fewer inputs than of the others, where each costs more


@dataclass
class Tally:
    """What came of a family's inputs."""

    outcomes: Counter[str] = field(default_factory=Counter)
    examples: dict[str, int] = field(default_factory=dict)  # broken promise → number of the first input
    slowest: float = 0.0
    growth: float = 0.0


WATCH = load(SHIPPED / "cml-stem-cells.toml")


def follow(article: Article) -> None:
    """What a harvest does with an article."""
    assert decode(encode(article)) == article
    vectorise([article])
    normalise(citation(article, 1, 1))
    hits(article, WATCH.anchors, WATCH.seed.keywords)


def read_pubmed(raw: bytes) -> str:
    """An answer of EFetch, or a file of the baseline."""
    try:
        records = list(parse(BytesIO(raw)))
    except PubMedError:
        return "refused"
    articles = [record for record in records if isinstance(record, Article)]
    for article in articles:
        follow(article)
    return "read" if len(articles) == len(records) else "refused"


def read_export(raw: bytes) -> str:
    """A file given to `seedwatch rank` or `seedwatch dedup`."""
    FILE.write_bytes(raw)
    try:
        records = list(export.read(FILE))
    except RecordsError as refusal:
        if len(str(refusal).splitlines()) != 1:
            raise ValueError("a refusal of several lines") from refusal
        return "refused"
    for record in records:
        follow(record.article)
    return "read"


def mutated(seeds: Sequence[bytes], random: Random) -> bytes:
    """A seed with one to six changes in it."""
    raw = bytearray(random.choice(seeds))
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        start = random.randrange(len(raw) + 1)
        end = min(len(raw), start + random.choice((1, 1, 8, 64, 512)))
        match random.randrange(8):
            case 0:
                raw[start:end] = random.randbytes(end - start)
            case 1:
                del raw[start:end]
            case 2:
                raw[start:start] = random.choice(MARKS)
            case 3:
                raw[start:start] = raw[start:end] * random.choice((1, 2, 200))
            case 4:
                del raw[start:]
            case 5:
                other = random.choice(seeds)
                place = random.randrange(len(other) + 1)
                raw[start:end] = other[place : place + (end - start) * 4]
            case 6:
                raw = raw[start:] + raw[:start]
            case _:
                for place in range(start, end):
                    raw[place] ^= 1 << random.randrange(8)
    return bytes(raw)


def pubmed_seeds() -> list[bytes]:
    """Records of the sample that comes with the mirror: invented, and of all kinds."""
    sample = files("queries.mirror") / "sample"
    found = [
        piece
        for file in sample.iterdir()
        if file.name.endswith(".xml")
        for piece in pieces(file.read_bytes())
    ]
    found.sort()
    return [
        b"<PubmedArticleSet>" + b"".join(found[at : at + 2]) + b"</PubmedArticleSet>"
        for at in range(0, len(found), 9)
    ]


def export_seeds(pages: Sequence[bytes]) -> dict[str, list[bytes]]:
    """The same records in each format that is read; some gzipped, some in UTF-16."""
    articles = [[each for each in parse(page) if isinstance(each, Article)] for page in pages]
    raw = [[NlmRecord(piece) for piece in pieces(page) if not is_deletion(piece)] for page in pages]
    made = {
        "NBIB": ["\n".join(map(medline, some)) for some in raw],
        "RIS": ["".join(map(ris, some)) for some in articles],
        "CSV": ["id,title,abstract,authors,year,doi\r\n" + "".join(map(row, some)) for some in articles],
        "JSON lines": ["".join(f"{json.dumps(fields(each))}\n" for each in some) for some in articles],
        "EndNote XML": [
            f"<?xml version='1.0'?><xml><records>{''.join(map(endnote, some))}</records></xml>"
            for some in articles
        ],
    }
    return {name: [each.encode() for each in texts] for name, texts in made.items()} | {
        "packed": [gzip.compress(texts[0].encode()) for texts in made.values()],
        "UTF-16": [texts[0].encode("utf-16") for texts in made.values()],
    }


def fields(article: Article) -> dict[str, object]:
    """What a table says of an article."""
    authors = [f"{each.last}, {each.fore}" for each in article.authors]
    abstract = " ".join(each.text for each in article.abstract)
    named = {"id": article.pmid, "title": article.title, "abstract": abstract}
    return named | {"authors": authors, "year": article.published[:4], "doi": article.doi}


def row(article: Article) -> str:
    """A line of CSV."""
    cells = [str(value).replace('"', '""') for value in fields(article).values()]
    return ",".join(f'"{cell}"' for cell in cells) + "\r\n"


def ris(article: Article) -> str:
    """A record of RIS."""
    authors = "".join(f"AU  - {each.last}, {each.fore}\n" for each in article.authors)
    abstract = " ".join(each.text for each in article.abstract)
    return f"TY  - JOUR\nTI  - {article.title}\n{authors}AB  - {abstract}\nDO  - {article.doi}\nER  - \n\n"


def endnote(article: Article) -> str:
    """A record of EndNote's XML."""
    style = "<style face='normal'>{}</style>"
    authors = "".join(f"<author>{style.format(each.last)}</author>" for each in article.authors)
    return (
        f"<record><rec-number>{article.pmid}</rec-number><ref-type name='Journal Article'>17</ref-type>"
        f"<contributors><authors>{authors}</authors></contributors><titles><title>"
        f"{style.format(article.title_html)}</title></titles><dates><year>{article.published[:4]}</year></dates>"
        f"<electronic-resource-num>{style.format(article.doi)}</electronic-resource-num></record>"
    )


def try_family(family: Family, many: int, seed: str) -> Tally:
    """Try so many inputs."""
    tally = Tally()
    before = 0.0
    for number in range(many):
        raw = mutated(family.seeds, Random(f"{seed} {family.name} {number}"))  # noqa: S311 - not for secrets
        faulthandler.dump_traceback_later(60, exit=True)  # where even a signal is not heard
        signal.setitimer(signal.ITIMER_REAL, SLOW * 15)  # by the clock on the wall: others may be at work
        start = time.process_time()
        try:
            outcome = family.attempt(raw)
        except Exception as broken:  # noqa: BLE001 - to count them is the point
            outcome = format_exception_only(broken)[-1].strip()[:100]
            tally.examples.setdefault(outcome, number)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        took = time.process_time() - start
        if took > SLOW:
            outcome = f"slow: more than {SLOW} s"
            tally.examples.setdefault(outcome, number)
        tally.slowest = max(tally.slowest, took)
        tally.outcomes[outcome] += 1
        if number == many // 10:
            before = peak()
    faulthandler.cancel_dump_traceback_later()
    tally.growth = peak() - before
    return tally


def peak() -> float:
    """The most memory that the process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ring(_: int, __: FrameType | None) -> None:
    """End an input that takes too long."""
    raise Hang


def families() -> list[Family]:
    """What is tried; add a family, and it is mutated, timed and counted like the others."""
    pages = pubmed_seeds()
    exports = export_seeds(pages)
    return [
        Family("PubMed XML", pages, read_pubmed),
        *(Family(name, seeds, read_export) for name, seeds in exports.items()),
        *(Family(name, [answer], try_answer) for name, answer in ANSWERS.items()),
        Family("watch files", [WATCH_FILE], try_watch, rarer=2),
        Family("command lines", LINES, try_command_line, rarer=10),
    ]


def main() -> int:
    """Print what came of each family; return 1 if a promise is broken."""
    given = [each for each in sys.argv[1:] if each != "--quick"]
    many = int(given[0]) if given else MANY // 20 if QUICK else MANY
    seed = given[1] if len(given) > 1 else "1"
    signal.signal(signal.SIGALRM, ring)
    broken = total = 0
    for family in families():
        for original in family.seeds:
            assert family.attempt(original) == "read" or family.seeds is LINES, family.name
        tried = many // family.rarer
        tally = try_family(family, tried, seed)
        total += tried
        counts = ", ".join(f"{count:,} {outcome}" for outcome, count in tally.outcomes.most_common())
        costs = f"slowest {tally.slowest:.2f} s, grown by {tally.growth:.0f} MB"
        print(f"mutations: {family.name}: {counts}; {costs}")
        for outcome, number in tally.examples.items():
            print(f"  input {number}: {outcome}")
        broken += sum(tally.outcomes.values()) - tally.outcomes["read"] - tally.outcomes["refused"]
        broken += tally.growth > GROWTH
    print(f"mutations: {total:,} inputs, {broken:,} promises broken (seed {seed})")
    figure("mutated inputs tried", total, at_least=None if QUICK else 200_000)
    figure("mutated inputs: promises broken", broken, at_most=0)
    return 1 if broken else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        FILE = Path(folder) / "export"
        sys.exit(main())
