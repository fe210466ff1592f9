"""The log of what readers said: one line each, on disk before anybody is thanked, never taken away.

It needs no library, so that a vote is never refused because a run holds it; and as nothing is taken away, a
library that was restored from a backup gets again what it lacks. The library knows by `id` what it has.
"""

import fcntl
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from errno import ENOSPC
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Final, NamedTuple

NAME: Final = "verdicts.jsonl"  # in SEEDWATCH_HOME
MOST: Final = 50  # events of one reader on one article: nobody changes his mind so often
YES, NO, UNDO, STOP, RESUME = "yes", "no", "undo", "unsubscribe", "resubscribe"
WORDS: Final = frozenset({YES, NO, UNDO, STOP, RESUME})


class ReaderEvent(NamedTuple):
    """What a reader said once. `word` is "yes", "no", "undo", "unsubscribe" or "resubscribe".

    `id` is its own: whoever sends it twice is heard once. `reader` is a link's keyed hash; `way` is "web" or
    "mail"; of an unsubscription `number` and `pmid` are 0.
    """

    id: str
    at: datetime
    watch: str
    number: int
    pmid: int
    word: str
    reader: str
    way: str

    @property
    def about(self) -> tuple[str, int, str]:
        """What a later event of the same reader replaces."""
        return self.watch, self.pmid, self.reader


class ReaderLog:
    """The file, and what it says so far: several processes may write, each in turn."""

    def __init__(self, path: Path) -> None:
        """Open nothing yet."""
        self.path = path
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        self._place = 0
        self._ids: set[str] = set()
        self._counts: Counter[tuple[str, int, str]] = Counter()
        self._latest: dict[tuple[str, int, str], tuple[datetime, str]] = {}
        self._used: set[tuple[str, int, str, str]] = set()

    def append(self, event: ReaderEvent) -> bool:
        """Keep an event for good; False, and nothing is kept, if it is known or its reader said too much.

        Raises OSError if it cannot be kept.
        """
        with self._lock, self._held() as file:
            self._catch_up(file)
            tired = event.word != STOP and self._counts[event.about] >= MOST
            if tired or event.id in self._ids:
                return False
            start = file.seek(0, os.SEEK_END)
            torn = start > self._place  # a line that a killed process left half written
            line = json.dumps({**event._asdict(), "at": event.at.astimezone(UTC).isoformat()})
            _write(file.fileno(), b"\n" * torn + line.encode() + b"\n", start)
            self._catch_up(file)
            return True

    def latest(self, watch: str, pmid: int, reader: str) -> str:
        """The word that counts now, "" if there is none."""
        with self._lock:
            self._read()
            return self._latest.get((watch, pmid, reader), (None, ""))[1]

    def was_used(self, watch: str, pmid: int, reader: str, word: str) -> bool:
        """Whether this reader ever said this of the article."""
        with self._lock:
            self._read()
            return (watch, pmid, reader, word) in self._used

    @contextmanager
    def _held(self) -> Iterator[BinaryIO]:
        """The file, made if need be, while no other process writes."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def _read(self) -> None:
        if self.path.exists():
            with self.path.open("rb") as file:
                self._catch_up(file)

    def _catch_up(self, file: BinaryIO) -> None:
        """Take in the whole lines that were added since; all of them, if a person put another file there."""
        if os.fstat(file.fileno()).st_size < self._place:
            self._forget()
        file.seek(self._place)
        text = file.read()
        end = text.rfind(b"\n") + 1
        self._place += end
        for event in _events(text[:end]):
            if event.id not in self._ids:
                self._ids.add(event.id)
                self._counts[event.about] += 1
                before = self._latest.get(event.about)
                if not before or event.at >= before[0]:  # a mail may be read late
                    self._latest[event.about] = event.at, event.word
                self._used.add((*event.about, event.word))


def _write(descriptor: int, line: bytes, start: int) -> None:
    """Put a line on the disk, or none of it, which raises OSError."""
    try:
        written = os.write(descriptor, line)
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, start)
        raise
    if written != len(line):  # a disk that is nearly full
        os.ftruncate(descriptor, start)
        raise OSError(ENOSPC, os.strerror(ENOSPC))


def events(path: Path) -> list[ReaderEvent]:
    """All that readers said, in order, each once."""
    found: dict[str, ReaderEvent] = {}
    for event in _events(path.read_bytes() if path.exists() else b""):
        found.setdefault(event.id, event)
    return list(found.values())


def _events(text: bytes) -> Iterator[ReaderEvent]:
    """The events of the lines that are whole; half a line, which nobody was thanked for, is passed over."""
    for line in text.split(b"\n"):
        try:
            row = json.loads(line)
            event = ReaderEvent(**{**row, "at": datetime.fromisoformat(row["at"])})
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
        if event.word in WORDS:
            yield event
