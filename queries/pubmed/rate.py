"""How fast PubMed may be asked: one sliding window for all threads and processes of a machine.

NCBI counts the requests of an address over all utilities: 3 in a second, 10 with a key (E-utilities
"General Introduction", NBK25497). A window of recent send times, kept in a small file under a lock,
lets a burst go at once and never has more than that in any second, whoever sends.
"""

import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from filelock import FileLock

from queries.errors import SettingsError

if TYPE_CHECKING:
    from queries.pubmed.pace_row import PaceRow

MARGIN = 1.05  # requests sent a second apart may arrive a little closer
SLOWED = 60.0  # seconds at half the rate after PubMed said "too fast"
LATE = 0.005  # seconds between a turn and its request that are not worth a correction
STALE = 600.0  # a send time this far ahead is from before the machine's last boot


@dataclass(slots=True)
class _State:
    """Seconds of the machine's monotonic clock, which all its processes share."""

    sent: list[float] = field(default_factory=list)
    slow_until: float = 0.0
    pause_until: float = 0.0


class Pace:
    """Hands out moments to send: at most `rate` in any second, over all who share `state`."""

    def __init__(
        self,
        rate: float,
        *,
        state: "Path | PaceRow | None" = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take requests per second (inf: no limit) and the file or row to share; None: among threads only."""
        self._row = None if state is None or isinstance(state, Path) else state
        self.rate, self.sleep, self.clock = rate, sleep, self._row.clock if self._row else clock
        self.burst = 1 if math.isinf(rate) else max(1, int(rate))
        self._path = state if isinstance(state, Path) else None
        self._state = _State()
        self._threads = Lock()
        self._processes = FileLock(f"{state}.lock", poll_interval=0.01) if self._path else nullcontext()

    def take(self) -> float:
        """Wait until one more request may be sent, and write it down; return its moment for `left`.

        Nobody holds the lock while waiting: who wakes up looks anew, as PubMed may have asked for a
        pause, and earlier requests may have left later than they meant to.
        """
        if math.isinf(self.rate):
            return self.clock()
        while True:
            with self._shared() as state:
                now = self.clock()
                free = self._free(state, now)
                if free <= now:
                    state.sent = sorted([*state.sent, now])[-self.burst :]
                    return now
            self.sleep(max(free - now, 0.001))

    def left(self, moment: float) -> None:
        """Correct `moment`: the request leaves only now, since its connection had to be made first.

        A TLS handshake takes a fifth of a second; counted from before it, a window would end early.
        """
        if math.isinf(self.rate) or self.clock() - moment < LATE:
            return
        with self._shared() as state:
            if moment in state.sent:
                state.sent.remove(moment)
                state.sent = sorted([*state.sent, self.clock()])

    def slow_down(self, pause: float) -> None:
        """Halve everybody's rate for a minute, after nobody sends for `pause` seconds."""
        with self._shared() as state:
            now = self.clock()
            state.slow_until = now + SLOWED
            state.pause_until = max(state.pause_until, now + pause)

    def _free(self, state: _State, now: float) -> float:
        """When the next request may be sent."""
        window = self.burst / self.rate * MARGIN * (2 if state.slow_until > now else 1)
        full = len(state.sent) >= self.burst
        return max(state.pause_until, state.sent[0] + window if full else now)

    @contextmanager
    def _shared(self) -> Iterator[_State]:
        """Hold the state alone, as the last one left it."""
        if self._row:
            with self._row.held() as kept:
                state = _State(**kept)
                yield state
                kept.update(asdict(state))
            return
        with self._threads:
            if self._path is None:
                yield self._state
                return
            try:
                with self._processes:
                    state = _read(self._path, self.clock())
                    yield state
                    self._path.write_text(json.dumps(asdict(state)), encoding="ascii")
            except OSError as error:
                raise SettingsError(
                    str(self._path),
                    f"the file that paces requests to PubMed cannot be written ({error.strerror})",
                    "Give a folder that this user may write",
                ) from error


def _read(path: Path, now: float) -> _State:
    """What the file says; nothing if it is new, torn by a crash, or older than the last boot."""
    try:
        state = _State(**json.loads(path.read_text(encoding="ascii")))
        latest = max([*state.sent, state.slow_until, state.pause_until], default=0.0)
    except (FileNotFoundError, ValueError, TypeError):
        return _State()
    return state if latest < now + STALE else _State()
