"""What was looked up last, kept at hand until it takes too much room."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from numpy.typing import NDArray

Arrays = tuple[NDArray[Any], ...]


class ArrayCache:
    """Arrays by key; those that were not asked for longest go first. Thread-safe.

    Two threads may make the same arrays at once: the work is done twice, never wrongly.
    """

    def __init__(self, room: int) -> None:
        """`room` in bytes."""
        self.room, self._used = room, 0
        self._held: OrderedDict[Hashable, Arrays] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, key: Hashable) -> bool:
        """Whether it is at hand."""
        return key in self._held

    def take(self, key: Hashable, make: Callable[[], Arrays]) -> Arrays:
        """The arrays of `key`, made where they are not at hand."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        arrays = make()
        with self._lock:
            if key not in self._held:
                self._held[key] = arrays
                self._used += _size(arrays)
            while self._used > self.room and len(self._held) > 1:
                self._used -= _size(self._held.popitem(last=False)[1])
        return arrays


def _size(arrays: Arrays) -> int:
    return sum(array.nbytes for array in arrays) + 200
