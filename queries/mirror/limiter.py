"""NCBI's limit: so many requests in any second, for each key, or address without one."""

from collections import deque
from threading import Lock
from time import monotonic

_MOST_CALLERS = 1000  # whose requests are remembered before the silent ones are forgotten
_KEYED = 10 / 3  # what a key allows, for each request that an address is allowed
_UNLIMITED = 1000  # shown in the headers where nothing is limited


class Limiter:
    """Requests of the last second, by caller. A refused request counts too, as with NCBI."""

    def __init__(self, rate: float | None) -> None:
        """`rate` requests a second without a key; None: no limit."""
        self.rate = rate
        self._made: dict[str, deque[float]] = {}
        self._lock = Lock()

    def limit(self, *, keyed: bool) -> int:
        """Requests a second that are allowed."""
        return _UNLIMITED if self.rate is None else max(1, round(self.rate * (_KEYED if keyed else 1)))

    def over(self, caller: str, *, keyed: bool) -> int:
        """Count a request; how many the caller made in this second if that is too many, else 0."""
        if self.rate is None:
            return 0
        with self._lock:
            made = self._recent(caller)
            made.append(monotonic())
            return len(made) if len(made) > self.limit(keyed=keyed) else 0

    def left(self, caller: str, *, keyed: bool) -> int:
        """How many more the caller may make now."""
        if self.rate is None:
            return _UNLIMITED
        with self._lock:
            return max(0, self.limit(keyed=keyed) - len(self._recent(caller)))

    def _recent(self, caller: str) -> deque[float]:
        if len(self._made) > _MOST_CALLERS:
            self._made = {
                each: made for each, made in self._made.items() if made and made[-1] > monotonic() - 1
            }
        made = self._made.setdefault(caller, deque())
        while made and made[0] <= monotonic() - 1:
            made.popleft()
        return made
