"""What else people and servers may send us: E-utilities' answers, watch files, command lines.

Each `try_…` takes the bytes of one input and returns "read" or "refused"; whatever it raises is a broken
promise.
"""

import io
import os
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from flows.cli import command
from queries.errors import PubMedError, SeedwatchError, WatchError
from queries.pubmed.answers import classify
from queries.pubmed.eutils import einfo, elink, esearch
from queries.watch.file import SHIPPED, load

PROLOG = b'<?xml version="1.0"?><!DOCTYPE %s PUBLIC "-//NLM//DTD" "https://ncbi.nlm.nih.gov/x.dtd">'
ESEARCH = b"""<eSearchResult><Count>3</Count><RetMax>3</RetMax><RetStart>0</RetStart>
<IdList><Id>90000001</Id><Id>90000002</Id><Id>90000003</Id></IdList>
<TranslationSet><Translation><From>niche</From><To>"niche"[All Fields]</To></Translation></TranslationSet>
<QueryTranslation>"niche"[All Fields]</QueryTranslation>
<ErrorList><PhraseNotFound>zzz</PhraseNotFound><FieldNotFound>yy</FieldNotFound></ErrorList>
<WarningList><QuotedPhraseNotFound>"a b"</QuotedPhraseNotFound>
<OutputMessage>No items found.</OutputMessage></WarningList></eSearchResult>"""
ELINK = b"""<eLinkResult><LinkSet><DbFrom>pubmed</DbFrom><IdList><Id>90000001</Id></IdList>
<LinkSetDb><DbTo>pubmed</DbTo><LinkName>pubmed_pubmed</LinkName>
<Link><Id>90000001</Id><Score>2147483647</Score></Link>
<Link><Id>90000002</Id><Score>41234567</Score></Link></LinkSetDb></LinkSet></eLinkResult>"""
EINFO = b"""<eInfoResult><DbInfo><DbName>pubmed</DbName><MenuName>PubMed</MenuName>
<Description>PubMed records</Description><DbBuild>Build-1</DbBuild><Count>39</Count>
<LastUpdate>2026/11/20 06:33</LastUpdate>
<FieldList><Field><Name>CRDT</Name></Field></FieldList></DbInfo></eInfoResult>"""
ANSWERS = {
    "E-utilities, esearch": PROLOG % b"eSearchResult" + ESEARCH,
    "E-utilities, elink": PROLOG % b"eLinkResult" + ELINK,
    "E-utilities, einfo": PROLOG % b"eInfoResult" + EINFO,
}
WATCH_FILE = (SHIPPED / "cml-stem-cells.toml").read_bytes()
# commands that end by themselves and ask nobody; a line is cut at its spaces
LINES = [
    b"status --json",
    b"list",
    b"why small 90000001",
    b"check small",
    b"outbox waive small 1 ann",
    b"outbox",
    b"resend small 1 ann",
    b"unlink 1 2",
    b"backup copy.duckdb",
    b"feedback small 1 yes",
    b"feedback small --file x",
    b"rank a.csv --seeds b.ris --out c.csv --explain",
    b"dedup a.xml --out c.csv",
    b"harvest small --now 2026-11-02",
    b"run small --since 2026-01-01 --until 2026-02-01 --json",
    b"digest small --preview out --again",
    b"--help",
    b"sweep small --now 2026-11-02T07:00",
    b"mirror load xml --db m.duckdb",
    b"new --seed 10.1/x",
]
FORBIDDEN = {"serve", "demo", "deliver"}  # they go on until somebody ends them, or start a server


class _Answering:
    """A wire that answers with these bytes, judged as the real one judges them."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def post(self, *_: object, **__: object) -> bytes:
        """The body, or PubMed's own fault in it."""
        if fault := classify(200, self.body, ""):
            raise PubMedError("PubMed", fault.text, "Run again later")
        return self.body


def _in_one_line(error: SeedwatchError, subject: str = "") -> str:
    """A refusal that is one line, names its subject and says what to do."""
    if "\n" in str(error) or subject not in str(error) or not error.remedy:
        raise ValueError(f"a refusal that helps nobody: {error}") from error
    return "refused"


def try_answer(raw: bytes) -> str:
    """An answer of E-utilities to each of the questions that a watch asks."""
    wire, outcomes = _Answering(raw), set[str]()
    for ask in (
        lambda: esearch(wire, "niche"),  # type: ignore[arg-type]
        lambda: elink(wire, 90000001, "pubmed_pubmed", scores=True),  # type: ignore[arg-type]
        lambda: einfo(wire),  # type: ignore[arg-type]
    ):
        try:
            ask()
        except PubMedError as error:
            outcomes.add(_in_one_line(error))
        else:
            outcomes.add("read")
    return "read" if "read" in outcomes else "refused"


def try_watch(raw: bytes) -> str:
    """A watch file: read, or refused in one line that names it and says what to do."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "small.toml"
        file.write_bytes(raw)
        try:
            load(file)
        except WatchError as error:
            return _in_one_line(error, str(file))
    return "read"


def try_command_line(raw: bytes) -> str:
    """A command line: done, or refused; never an error that the program did not foresee."""
    words = raw.decode("utf-8", "surrogateescape").replace("\0", "").split(" ")
    if FORBIDDEN.intersection(words):
        return "refused"
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "watches"
        folder.mkdir()
        environment = {"SEEDWATCH_HOME": home, "HOME": home, "SEEDWATCH_EUTILS_URL": "http://127.0.0.1:9/"}
        environment |= {"SEEDWATCH_WATCHES": str(folder), "SEEDWATCH_PATIENCE": "0.01"}
        before = Path.cwd()
        os.chdir(home)
        try:
            with (
                mock.patch.dict(os.environ, environment),
                redirect_stdout(io.StringIO()),
                redirect_stderr(io.StringIO()),
            ):
                command(words)
        except SystemExit as end:
            if end.code not in {0, 1, 2, 3, None}:
                raise ValueError(f"exit code {end.code}") from end
            return "refused" if end.code else "read"
        except SeedwatchError:
            return "refused"
        finally:
            os.chdir(before)
    return "read"


if __name__ == "__main__":
    print(try_command_line(" ".join(sys.argv[1:]).encode()))
