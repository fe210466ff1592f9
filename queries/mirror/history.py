"""The history server: sets of PMIDs under a WebEnv, until they expire."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from threading import Lock


class HistoryGone(LookupError):
    """The WebEnv, or the number in it, is not there (any more)."""


class Session:
    """What one WebEnv holds: sets numbered from 1."""

    def __init__(self, until: datetime) -> None:
        """Begin empty."""
        self.until = until
        self.sets: list[tuple[int, ...]] = []


class Sessions:
    """All WebEnvs. Each use prolongs one; the least used goes when there are too many."""

    def __init__(self, life: timedelta, most: int = 500) -> None:
        """`life` without use, and how many WebEnvs may be held."""
        self.life, self.most = life, most
        self._held: OrderedDict[str, Session] = OrderedDict()
        self._numbers = count(1)
        self._lock = Lock()

    def keep(self, web_env: str, pmids: Sequence[int], now: datetime) -> tuple[int, str]:
        """Add a set to a WebEnv ("" begins one); return its number and the WebEnv."""
        with self._lock:
            if web_env:
                session = self._session(web_env, now, 1)
            else:
                web_env = f"MCID_{int(now.timestamp()):08x}{next(self._numbers):016x}"
                session = self._held[web_env] = Session(now + self.life)
            session.sets.append(tuple(pmids))
            while len(self._held) > self.most:
                self._held.popitem(last=False)
            return len(session.sets), web_env

    def pmids(self, web_env: str, number: int, now: datetime) -> tuple[int, ...]:
        """A set; HistoryGone where there is none."""
        with self._lock:
            session = self._session(web_env, now, number)
            if not 0 < number <= len(session.sets):
                raise HistoryGone(number)
            return session.sets[number - 1]

    def forget(self) -> None:
        """Let all expire."""
        with self._lock:
            self._held.clear()

    def _session(self, web_env: str, now: datetime, number: int) -> Session:
        session = self._held.get(web_env)
        if session is None or session.until < now:
            self._held.pop(web_env, None)
            raise HistoryGone(number)
        self._held.move_to_end(web_env)
        session.until = now + self.life
        return session
