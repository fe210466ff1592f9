"""The mirror's HTTP face: NLM's headers, limits and manners on 127.0.0.1.

with MirrorServer(load([folder]), now=clock) as mirror:
requests go to mirror.url + "esearch.fcgi"
"""

import json
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import Self

from queries.errors import SettingsError
from queries.mirror import answers, utilities
from queries.mirror.answers import Response
from queries.mirror.connections import HttpServer
from queries.mirror.corpus import Corpus
from queries.mirror.faults import Fault, FaultPlan, corrupt, replacement
from queries.mirror.history import Sessions
from queries.mirror.http_requests import PATH, Handler
from queries.mirror.language import Reader
from queries.mirror.limiter import Limiter
from queries.mirror.mesh import Mesh
from queries.mirror.parameters import Parameters, in_json, one
from queries.mirror.service import Service

# of the requests kept in memory: how many, and how much of each
_MOST_REQUESTS, _MOST_VALUES, _LONGEST_VALUE, _MOST_CHARACTERS = 20_000, 1000, 10_000, 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A line of the request log. `at` is the mirror's clock, `second` monotonic; no key, no address."""

    number: int
    at: datetime
    second: float
    util: str
    method: str
    params: dict[str, tuple[str, ...]]
    polite: bool  # tool and email were sent
    keyed: bool
    status: int
    fault: str
    size: int  # bytes of the answer, uncompressed

    @property
    def characters(self) -> int:
        """How much room the parameters take."""
        return sum(
            len(name) + sum(map(len, values)) + 50 * len(values) for name, values in self.params.items()
        )


class MirrorServer:
    """E-utilities over a corpus. `url` is what SEEDWATCH_EUTILS_URL is set to.

    `now` (a moment or a function) is the clock, aware; set `clock` between requests to live through
    weeks. `rate` is requests a second for each address, None for no limit; who sends a key has 10/3 of
    that. `keys` are those that are known, none for any. `faults` may be set anew at any time. `latency`
    is added to each answer, `reading` is what a request may take to come in, both in seconds. `requests`
    keeps the latest.
    """

    def __init__(  # noqa: PLR0913 - each is one trait of PubMed that a test or a user may choose
        self,
        corpus: Corpus,
        *,
        now: Callable[[], datetime] | datetime,
        rate: float | None = None,
        keys: Collection[str] = (),
        cap: int = 9999,
        mesh: Path | None = None,
        faults: FaultPlan | None = None,
        latency: float = 0.0,
        request_log: Path | None = None,
        strict: bool = True,
        ideal: bool = False,
        dtd: int = 2025,
        history: timedelta = timedelta(hours=1),
        reading: float = 20.0,
        port: int = 0,
    ) -> None:
        """Bind to a free port (or `port`); nothing is answered before `start`."""
        self.clock: Callable[[], datetime] | datetime = now
        self.keys = frozenset(keys)
        self.faults = faults
        self.latency, self.reading = latency, reading
        self._numbers, self._characters = count(1), 0
        self.requests: list[Request] = []
        self.service = Service(
            Reader(corpus, Mesh(mesh), strict, ideal), cap=cap, dtd=dtd, sessions=Sessions(history)
        )
        self.limiter = Limiter(rate)
        self.stopping = Event()
        self._log = request_log
        self._lock = Lock()
        try:
            self._http = HttpServer(("127.0.0.1", port), Handler)
        except OSError as taken:
            raise SettingsError(
                f"port {port}", f"cannot be listened on ({taken})", "Choose another"
            ) from taken
        self._http.mirror = self
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        """Base URL, ending in a slash."""
        return f"http://127.0.0.1:{self._http.server_port}{PATH}"

    def now(self) -> datetime:
        """The mirror's clock, aware."""
        return self.clock() if callable(self.clock) else self.clock

    def start(self) -> Self:
        """Response, in threads of its own."""
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port and every connection; the corpus stays open."""
        self.stopping.set()
        if self._thread:
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()

    def serve_forever(self) -> None:
        """Response in this thread, until interrupted."""
        self._http.serve_forever()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def fault(self, util: str, *, reused: bool) -> Fault | None:
        """What befalls a request that has just come in."""
        fault = self.faults.choose(util, reused=reused) if self.faults else None
        if fault and fault.kind == "webenv_expire":
            self.service.sessions.forget()
        return fault

    def answer(self, util: str, params: Parameters, caller: str, fault: Fault | None) -> Response:
        """The answer to a request, with its fault."""
        made = replacement(fault, util, in_json=in_json(params), caller=caller) if fault else None
        if made:
            return made
        key = one(params, "api_key")
        if "api_key" in params and (not key or (self.keys and key not in self.keys)):
            return answers.bad_key(key[:100])
        keyed = "api_key" in params
        over = self.limiter.over(caller, keyed=keyed)
        if over:
            return answers.throttled(caller, over, self.limiter.limit(keyed=keyed))
        true = utilities.answer(self.service, util, params, self.now(), fault)
        return corrupt(fault, true) if fault else true

    def note(
        self, method: str, util: str, params: Parameters, response: Response, fault: Fault | None
    ) -> None:
        """Write a request down, without key and address."""
        kept = {
            name: tuple(value[:_LONGEST_VALUE] for value in values[:_MOST_VALUES])
            for name, values in list(params.items())[:_MOST_VALUES]
            if name not in {"api_key", "email"}
        }
        with self._lock:
            entry = Request(
                number=next(self._numbers),
                at=self.now(),
                second=monotonic(),
                util=util,
                method=method,
                params=kept,
                polite=bool(one(params, "tool") and one(params, "email")),
                keyed="api_key" in params,
                status=response.status,
                fault=fault.kind if fault else "",
                size=len(response.body),
            )
            self.requests.append(entry)
            self._characters += entry.characters
            if self._characters > _MOST_CHARACTERS or len(self.requests) > _MOST_REQUESTS:
                del self.requests[: len(self.requests) // 2 or 1]
                self._characters = sum(each.characters for each in self.requests)
            if self._log:
                with self._log.open("a", encoding="utf-8") as log:
                    log.write(json.dumps(asdict(entry) | {"at": entry.at.astimezone(UTC).isoformat()}) + "\n")
