"""The one door to the network: a polite, patient and suspicious client of NCBI's E-utilities.

Every request is a POST, takes its turn in the machine's common pace, is judged by its body before its
status (answers.py), and is tried again only if that can help. Until the first good answer requests go
one at a time, so that a wrong key or an unreachable service costs one call and not one per thread.
"""

import math
import random
import re
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

import httpx

from queries.errors import (
    HistoryExpired,
    Outage,
    OverCap,
    PubMedError,
    Refused,
    SeedwatchError,
    SettingsError,
    TooLarge,
)
from queries.pubmed.answers import AnswerFault, FaultKind, classify
from queries.pubmed.rate import Pace

if TYPE_CHECKING:
    from queries.pubmed.pace_row import PaceRow

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
Params = Mapping[str, str | int | Sequence[str]]


@dataclass(frozen=True, slots=True)
class RequestEntry:
    """One line of the request log; `params` without key and e-mail, `fault` "" if all was well.

    `started` is in seconds of a monotonic clock, `phid` what NCBI's support asks for.
    """

    util: str
    params: Params
    status: int | None
    fault: str
    attempt: int
    started: float
    seconds: float
    phid: str = ""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call keeps trying; all but counts in seconds. `connect` and `read` are time-outs.

    Delays grow from `first` to `longest`, each drawn evenly between nothing and that ("full jitter").
    `in_a_row` transient answers, over all threads and without a good one between, end the run.
    """

    tries: int = 6
    first: float = 1.0
    longest: float = 60.0
    budget: float = 300.0
    in_a_row: int = 24
    connect: float = 10.0
    read: float = 60.0


LARGEST = 256 * 1024 * 1024  # bytes of an unpacked answer; 200 records with all their references are 10 MB


class _Reply(NamedTuple):
    status: int | None
    body: bytes
    fault: AnswerFault | None
    retry_after: float = 0.0
    stale: bool = False  # a kept-alive connection had died: nothing is wrong with the service
    phid: str = ""


_PERMANENT: dict[FaultKind, tuple[type[PubMedError], str]] = {
    FaultKind.PERMANENT: (Refused, "Report this: the request itself is wrong, or PubMed has changed"),
    FaultKind.OVER_CAP: (OverCap, "Slice the search by date or PMID"),
    FaultKind.EXPIRED: (HistoryExpired, "Search again"),
}
_LATER = "Nothing is lost: run again later"
_ECHO = re.compile(r'("?api[-_]key"?\s*[:=]\s*"?)[^"&\s,}]+')

_tls = cache(httpx.create_ssl_context)  # reading the certificates takes as long as a request


class Wire:
    """A connection to the E-utilities for one run; safe to share between threads."""

    def __init__(  # noqa: PLR0913 - settings, each given by name
        self,
        base_url: str = NCBI,
        *,
        tool: str,
        email: str,
        api_key: str = "",
        rate: float | None = None,
        lock: "Path | PaceRow | None" = None,
        log: Callable[[RequestEntry], None] = lambda _: None,
        patience: Patience = Patience(),
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """Prepare the door; nothing is sent yet.

        `rate` is in requests per second, by default NCBI's 3, or 10 with a key; `lock` is the file by
        which all processes of this machine keep to it, or the row by which several machines do. Tests replace
        `sleep`, `clock` and `draw`.
        """
        if not base_url.startswith(("https://", "http://")):
            raise SettingsError("SEEDWATCH_EUTILS_URL", "is not a web address", f"Give one such as {NCBI}")
        self._key, self._email = api_key.strip(), email.strip()
        own = {"tool": tool, "email": self._email, "api_key": self._key}
        self._own = {name: value for name, value in own.items() if value}
        self.pace = Pace(rate or (10.0 if self._key else 3.0), state=lock, sleep=sleep, clock=clock)
        self._log, self._patience = log, patience
        self._sleep, self._clock, self._draw = sleep, clock, draw
        self._first, self._proved = Lock(), False
        self._count, self._in_a_row = Lock(), 0
        self._ended: SeedwatchError | None = None
        self.source_clock: datetime | None = None  # what the service's own clock said last, aware
        self._http = httpx.Client(
            base_url=base_url,
            verify=_tls(),
            timeout=httpx.Timeout(patience.read, connect=patience.connect),
            limits=httpx.Limits(keepalive_expiry=3.5),  # NCBI closes an idle connection after 4 s
            headers={"User-Agent": tool, "Accept-Encoding": "gzip"},
        )

    def __enter__(self) -> Self:
        """Return the wire itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all connections."""
        self._http.close()

    def post(self, util: str, params: Params, *, tries: int | None = None) -> bytes:
        """Ask `util` (such as "esearch") and return the body of a whole and good answer.

        `tries` is less than the usual patience, for what a run can do without.

        Raises Outage (tried in vain), Refused, OverCap, HistoryExpired, TooLarge, or SettingsError for a
        key that NCBI doesn't know. Once the circuit is open every call raises at once, unsent.
        """
        if not self._proved:
            with self._first:
                if not self._proved:
                    return self._prove(util, params, tries)
        return self._persist(util, params, tries)

    def _prove(self, util: str, params: Params, tries: int | None) -> bytes:
        """Ask before anything came back in this run: what fails with full patience fails for all."""
        try:
            return self._persist(util, params, tries)
        except Outage as error:
            if tries is None:
                self._ended = error
            raise

    def _persist(self, util: str, params: Params, tries: int | None) -> bytes:
        patience, began = self._patience, self._clock()
        tries = tries or patience.tries
        for attempt in range(1, tries + 1):
            if self._ended:
                raise self._ended
            reply = self._send(util, params, attempt, self.pace.take())
            if reply.fault is None:
                self._proved, self._in_a_row = True, 0
                return reply.body
            self._judge(util, reply.fault)
            if reply.fault.kind is FaultKind.THROTTLED:
                self.pace.slow_down(reply.retry_after)
            delay = 0.0 if reply.stale and attempt == 1 else self._delay(attempt, reply)
            if attempt == tries or self._clock() + delay - began > patience.budget:
                raise self._error(Outage, util, reply.fault, f"Tried {attempt} times. {_LATER}")
            if delay:
                self._sleep(delay)
        raise AssertionError("a call has at least one try")

    def _judge(self, util: str, fault: AnswerFault) -> None:
        """Raise what another try cannot cure; open the circuit when nothing gets through."""
        if fault.kind is FaultKind.BAD_KEY:
            problem = f"NCBI does not know this key ({fault.code})"
            self._ended = SettingsError("NCBI_API_KEY", problem, "Correct it, or unset it")
            raise self._ended
        if fault.kind in _PERMANENT:
            self._proved, self._in_a_row = True, 0
            kind, remedy = _PERMANENT[fault.kind]
            raise self._error(kind, util, fault, remedy)
        with self._count:
            self._in_a_row += 1
            full = self._in_a_row >= self._patience.in_a_row
        if full or fault.kind is FaultKind.OUTAGE:
            self._ended = self._error(Outage, util, fault, _LATER)
            raise self._ended
        if fault.kind is FaultKind.TOO_LARGE and util == "efetch":
            raise self._error(TooLarge, util, fault, "Ask for fewer records at once")

    def _delay(self, attempt: int, reply: _Reply) -> float:
        """Seconds to wait: full jitter, four times as long for a proxy's error, behind Retry-After."""
        slow = 4.0 if reply.fault and reply.fault.code == "S10" else 1.0
        ceiling = min(self._patience.longest, self._patience.first * slow * math.pow(2, attempt - 1))
        return reply.retry_after + self._draw() * ceiling

    def _send(self, util: str, params: Params, attempt: int, turn: float) -> _Reply:
        """Send one request, whatever comes back, and log it."""
        opened: list[str] = []

        def watch(event: str, _: object) -> None:
            if event == "connection.connect_tcp.started":
                opened.append(event)
            elif event == "http11.send_request_headers.started":
                self.pace.left(turn)

        data = {name: value if isinstance(value, str) else _form(value) for name, value in params.items()}
        started = self._clock()
        try:
            with self._http.stream(
                "POST", f"{util}.fcgi", data={**data, **self._own}, extensions={"trace": watch}
            ) as response:
                body = _bounded(response)
        except httpx.RequestError as error:
            reused = not opened and isinstance(
                error, (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)
            )
            text = self._redacted(f"{type(error).__name__} {error}".strip())
            reply = _Reply(None, b"", AnswerFault("S13", FaultKind.TRANSIENT, text), stale=reused)
        else:
            fault = classify(response.status_code, body, response.headers.get("Location", ""))
            if len(body) > LARGEST:
                fault = AnswerFault("S14", FaultKind.TOO_LARGE, f"an answer above {LARGEST:,} bytes")
            self.source_clock = _date(response.headers) or self.source_clock
            reply = _Reply(
                response.status_code,
                body,
                fault,
                _retry_after(response.headers),
                phid=response.headers.get("NCBI-PHID", ""),
            )
        code = reply.fault.code if reply.fault else ""
        seconds = self._clock() - started
        self._log(RequestEntry(util, params, reply.status, code, attempt, started, seconds, reply.phid))
        return reply

    def _error(self, kind: type[PubMedError], util: str, fault: AnswerFault, remedy: str) -> PubMedError:
        return kind(f"PubMed {util}", f"{self._redacted(fault.text)} ({fault.code})", remedy)

    def _redacted(self, text: str) -> str:
        """Take out what may not be shown: NCBI echoes keys, or the caller's address instead of one."""
        for secret in (self._key, self._email):
            text = text.replace(secret, "***") if secret else text
        return _ECHO.sub(r"\1***", text)


def _bounded(response: httpx.Response) -> bytes:
    """The unpacked body, read and unpacked no further than it takes to know that it is too large."""
    if response.is_stream_consumed:  # somebody listens in, and has read it: `make live` keeps recordings
        return response.content
    packed = response.headers.get("Content-Encoding", "").lower() == "gzip"
    unpacker, body = zlib.decompressobj(zlib.MAX_WBITS | 16), bytearray()  # 16: of gzip
    for chunk in response.iter_raw():
        try:
            body += unpacker.decompress(chunk, LARGEST + 1 - len(body)) if packed else chunk
        except zlib.error as error:
            raise httpx.DecodingError(str(error)) from error
        if len(body) > LARGEST:
            break
    return bytes(body)


def _date(headers: httpx.Headers) -> datetime | None:
    """The service's clock, from its Date; None if it says none that can be read."""
    try:
        return parsedate_to_datetime(headers.get("Date", "")).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _form(value: int | Sequence[str]) -> str | list[str]:
    return str(value) if isinstance(value, int) else list(value)


def _retry_after(headers: httpx.Headers) -> float:
    """Seconds that PubMed asks to wait; a date is read against the answer's own."""
    asked = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,5}(\.\d+)?", asked):
        return float(asked)
    try:
        until, now = parsedate_to_datetime(asked), parsedate_to_datetime(headers.get("Date", ""))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        return 0.0
