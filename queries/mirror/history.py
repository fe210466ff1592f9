"""The history server: sets of PMIDs under a WebEnv, until they expire or there are too many."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from threading import Lock

import numpy as np
from numpy.typing import ArrayLike, NDArray

_MOST_PMIDS = 20_000_000  # of all sets together, 8 bytes each


class HistoryGone(LookupError):
    """The WebEnv, or the number in it, is not there (any more)."""


class Session:
    """What one WebEnv holds: sets numbered from 1."""

    def __init__(self, until: datetime) -> None:
        """Begin empty."""
        self.until = until
        self.sets: list[NDArray[np.int64]] = []


class Sessions:
    """All WebEnvs. Each use prolongs one; the least used go when there is too much."""

    def __init__(self, life: timedelta, most: int = 500, pmids: int = _MOST_PMIDS) -> None:
        """`life` without use; how many WebEnvs may be held, and PMIDs in all."""
        self.life, self.most, self.most_pmids = life, most, pmids
        self._held: OrderedDict[str, Session] = OrderedDict()
        self._pmids = 0
        self._numbers = count(1)
        self._lock = Lock()

    def keep(self, web_env: str, pmids: ArrayLike, now: datetime) -> tuple[int, str]:
        """Add a set to a WebEnv ("" begins one); return its number and the WebEnv."""
        with self._lock:
            if web_env:
                session = self._session(web_env, now, 1)
            else:
                web_env = f"MCID_{int(now.timestamp()):08x}{next(self._numbers):016x}"
                session = self._held[web_env] = Session(now + self.life)
            session.sets.append(np.asarray(pmids, np.int64))
            self._pmids += len(session.sets[-1])
            while len(self._held) > 1 and (len(self._held) > self.most or self._pmids > self.most_pmids):
                self._drop(next(iter(self._held)))
            return len(session.sets), web_env

    def pmids(self, web_env: str, number: int, now: datetime) -> Sequence[int]:
        """A set; HistoryGone where there is none."""
        with self._lock:
            session = self._session(web_env, now, number)
            if not 0 < number <= len(session.sets):
                raise HistoryGone(number)
            found: list[int] = session.sets[number - 1].tolist()
            return found

    def forget(self) -> None:
        """Let all expire."""
        with self._lock:
            self._held.clear()
            self._pmids = 0

    def _drop(self, web_env: str) -> None:
        session = self._held.pop(web_env, None)
        self._pmids -= sum(map(len, session.sets)) if session else 0

    def _session(self, web_env: str, now: datetime, number: int) -> Session:
        session = self._held.get(web_env)
        if session is None or session.until < now:
            self._drop(web_env)
            raise HistoryGone(number)
        self._held.move_to_end(web_env)
        session.until = now + self.life
        return session
