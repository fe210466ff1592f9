"""How the contract with the E-utilities is tried: beliefs, the questions behind them, what differs."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import httpx
from lxml import etree

from queries.errors import HistoryExpired, OverCap, PubMedError, Refused, SeedwatchError, SettingsError
from queries.pubmed.answers import classify
from queries.pubmed.eutils import Info, einfo
from queries.pubmed.seed import resolve_seed
from queries.pubmed.wire import NCBI, Params, Patience, Wire
from queries.records.article import Article
from support.recordings import Exchange

MOST = 100  # requests of one run, whatever happens
RATE = 2.0  # a second; NCBI allows 3
SMALL_CAP = 20  # hits that a mirror over the sample shows, to be as overcrowded as PubMed
SEED = "10.1080/10428194.2025.2466817"

Belief = tuple[str, object, object]
Check = Callable[["PubMed"], Iterator[Belief]]
_UNREADABLE = (SeedwatchError, LookupError, ValueError, TypeError, AttributeError, etree.LxmlError)


class Difference(NamedTuple):
    """A belief that did not hold, the question asked last, and its answer."""

    check: str
    belief: str
    came: str
    asked: str
    answer: str

    def __str__(self) -> str:
        """As a paragraph."""
        rows = zip(("belief", "came", "asked", "answer"), self[1:], strict=True)
        return "\n".join([self.check, *(f"  {name:7} {text}" for name, text in rows)])


@dataclass
class PubMed:
    """A service under test: the client, how many hits a search shows, what was sent and came back."""

    wire: Wire
    cap: int
    sent: list[httpx.Request]
    heard: list[httpx.Response]
    judged: dict[tuple[str, str], str] = field(default_factory=dict)  # (check, belief) → what came instead
    exchanges: dict[str, list[Exchange]] = field(default_factory=dict)  # by check

    def ask(self, util: str, **params: str | int | list[str] | None) -> httpx.Response:
        """Ask through the client, of db=pubmed unless it is None; return refused answers, too."""
        asked: Params = {
            name: value for name, value in {"db": "pubmed", **params}.items() if value is not None
        }
        try:
            with suppress(Refused, OverCap, HistoryExpired):
                self.wire.post(util, asked)
        except SettingsError:
            self.wire._ended = None  # a wrong key ends a run; here it was the question
        return self.heard[-1]

    @cached_property
    def about(self) -> Info:
        """What the service says about itself."""
        return einfo(self.wire)

    @cached_property
    def today(self) -> date:
        """The service's day, which for a mirror is none of ours."""
        return datetime.strptime(self.about.updated, "%Y/%m/%d %H:%M").replace(tzinfo=UTC).date()

    @cached_property
    def seed(self) -> Article:
        """The seed of the shipped watch."""
        return resolve_seed(self.wire, SEED)


class _Kept(httpx.BaseTransport):
    """Counts what is sent, and keeps what comes back, which the client reads but once."""

    def __init__(
        self, inner: httpx.BaseTransport, sent: list[httpx.Request], heard: list[httpx.Response]
    ) -> None:
        self.inner, self.sent, self.heard = inner, sent, heard

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if len(self.sent) >= MOST:
            raise PubMedError("this run", f"its {MOST} requests are spent", "Run it again later")
        self.sent.append(request)
        response = self.inner.handle_request(request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        with closing(response):
            raw = b"".join(response.stream)
        first, second = (
            httpx.Response(response.status_code, headers=response.headers, content=raw, request=request)
            if kept
            else httpx.Response(
                response.status_code, headers=response.headers, stream=httpx.ByteStream(raw), request=request
            )
            for kept in (True, False)
        )
        self.heard.append(first)
        return second

    def close(self) -> None:
        self.inner.close()


@contextmanager
def opened(
    url: str, email: str, lock: Path | None = None, patience: Patience | None = None
) -> Iterator[PubMed]:
    """A service by its URL; anything but NCBI is a mirror, which need not be spared."""
    sent: list[httpx.Request] = []
    heard: list[httpx.Response] = []

    rate, cap = (RATE, 9_999) if url == NCBI else (float("inf"), SMALL_CAP)
    patience = patience or Patience(tries=3)
    with Wire(url, tool="seedwatch", email=email, rate=rate, lock=lock, patience=patience) as wire:
        wire._http._transport = _Kept(wire._http._transport, sent, heard)
        yield PubMed(wire, cap, sent, heard)


def differences(pubmed: PubMed, checks: Iterable[Check]) -> Iterator[Difference]:
    """All beliefs that do not hold; that the client can read an answer is one of them."""
    for check in checks:
        belief = "the client reads the answer"
        begun = len(pubmed.heard)
        try:
            for belief, came, expected in check(pubmed):
                wanted = getattr(expected, "pattern", repr(expected))
                problem = "" if _holds(came, expected) else f"{came!r}, not {wanted}"
                pubmed.judged[check.__name__, belief] = problem
                if problem:
                    yield _difference(check, belief, problem, pubmed)
        except _UNREADABLE as error:
            yield _difference(check, f"(behind) {belief}", f"{type(error).__name__}: {error}", pubmed)
        pubmed.exchanges[check.__name__] = list(map(_exchange, pubmed.heard[begun:]))
        if pubmed.wire._ended:
            return  # nobody answers: saying so once is enough


def _exchange(answer: httpx.Response) -> Exchange:
    request = answer.request
    return Exchange(
        *(
            request.method,
            str(request.url),
            tuple(parse_qsl(request.content.decode(), keep_blank_values=True)),
        ),
        *(answer.status_code, {name.lower(): text for name, text in answer.headers.items()}, answer.content),
        answer.headers.get("Date", ""),
    )


def _holds(came: object, expected: object) -> bool:
    if isinstance(expected, re.Pattern):
        return isinstance(came, str) and expected.fullmatch(came) is not None
    return came == expected


def _difference(check: Check, belief: str, came: str, pubmed: PubMed) -> Difference:
    asked = answer = "nothing"
    if pubmed.sent:
        form = parse_qsl(pubmed.sent[-1].content.decode(), keep_blank_values=True)
        params = " ".join(f"{name}={value}" for name, value in form if name not in {"tool", "email"})
        asked = f"{pubmed.sent[-1].url.path.rpartition('/')[2]} {params[:300]}"
    if pubmed.heard and pubmed.heard[-1].request is pubmed.sent[-1]:
        last = pubmed.heard[-1]
        text = re.sub(r"\A\s*<\?xml[^>]*>\s*<!DOCTYPE[^>]*>\s*", "… ", last.text)[:300].strip()
        answer = f"{last.status_code}, {last.headers.get('Content-Type')}: {text}"
    return Difference(check.__name__, belief, came[:1500], asked, answer)


def report(found: Iterable[Difference], pubmed: PubMed) -> str:
    """What to read, and to correct the fixtures by."""
    paragraphs = list(map(str, found))
    head = f"Where NCBI differs from the mirror and from our beliefs: {len(paragraphs)} places"
    return "\n\n".join([f"{head} ({len(pubmed.sent)} requests)", *paragraphs])


def xml(answer: httpx.Response) -> Any:
    """The root of an answer."""
    return etree.fromstring(answer.content)


def texts(answer: httpx.Response, tag: str) -> list[str]:
    """The texts of all elements of this name."""
    return [each.text or "" for each in xml(answer).iter(tag)]


def text(answer: httpx.Response, tag: str) -> str:
    """The same as one."""
    return " ".join(texts(answer, tag))


def as_json(answer: httpx.Response) -> Any:
    """An answer in NCBI's JSON, which may hold raw newlines."""
    return json.loads(answer.text, strict=False)


def fault(answer: httpx.Response) -> tuple[int, str]:
    """Status, and the code by which the client knows the fault; "" for none."""
    found = classify(answer.status_code, answer.content)
    return answer.status_code, found.code if found else ""


def like(*parts: str) -> re.Pattern[str]:
    """A pattern of a whole text that holds these, in order."""
    return re.compile(".*".join(["", *map(re.escape, parts), ""]), re.DOTALL)
