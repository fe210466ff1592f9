"""The postings of some thousand records: which words and values they hold, and where.

A posting list is keyed by "=word" or "field:value" and packed as little-endian arrays: the records'
numbers within the segment (16 bits), for words followed by as many places (32 bits). A place is the
word's position times 32 plus the number of its field, so that neighbours differ by 32, and texts stand
over 1,000 words apart.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count

import numpy as np
from numpy.typing import NDArray

from queries.mirror.index import TEXT_FIELDS
from queries.mirror.words import plain, words

SIZE = 4096  # records; more would cost memory while loading, fewer time while searching
STEP = 32  # between the places of neighbours; fields have numbers below it
_GAP = 1001  # words: no phrase and no proximity reaches from one text into the next
_CODES = {name: code for code, name in enumerate(TEXT_FIELDS)}
_NUMBER, _PLACE = np.dtype("<u2"), np.dtype("<u4")


class Segment:
    """Collects the records of a segment, numbered in the order in which they come."""

    def __init__(self) -> None:
        """Begin empty."""
        self.records = 0
        self._vocabulary: defaultdict[str, int] = defaultdict(count().__next__)
        self._words = array("i")  # by place, the word's number in the vocabulary
        self._texts = array("q")  # of each text: record, number of words, place of the first
        self._values: dict[str, array[int]] = {}

    def add(self, texts: Iterable[tuple[str, str]], values: Iterable[tuple[str, str]]) -> None:
        """Take up a record: its (field, text) and (field, value)."""
        number, at, vocabulary = self.records, 0, self._vocabulary
        for field, text in texts:
            found = words(text)
            if found:
                self._words.extend(map(vocabulary.__getitem__, found))
                self._texts.extend((number, len(found), at * STEP + _CODES[field]))
                at += len(found) + _GAP
        for field, value in values:
            if value:
                numbers = self._values.setdefault(f"{field}:{plain(value)}", array("H"))
                if not numbers or numbers[-1] != number:
                    numbers.append(number)
        self.records += 1

    def postings(self) -> Iterator[tuple[str, bytes]]:
        """Every key with its packed list."""
        yield from self._word_lists()
        for key, numbers in self._values.items():
            yield key, numbers.tobytes()

    def _word_lists(self) -> Iterator[tuple[str, bytes]]:
        texts = np.frombuffer(self._texts, np.int64).reshape(-1, 3)
        numbers = np.repeat(texts[:, 0].astype(_NUMBER), texts[:, 1])
        begins = np.cumsum(texts[:, 1]) - texts[:, 1]
        nth = np.arange(len(numbers)) - np.repeat(begins, texts[:, 1])
        places = (np.repeat(texts[:, 2], texts[:, 1]) + nth * STEP).astype(_PLACE)
        word_numbers = np.frombuffer(self._words, np.int32)
        order = np.argsort(word_numbers, kind="stable")
        numbers, places = numbers[order], places[order]
        ends = np.cumsum(np.bincount(word_numbers, minlength=len(self._vocabulary)))
        start = 0
        for word, end in zip(self._vocabulary, ends.tolist(), strict=True):
            yield f"={word}", numbers[start:end].tobytes() + places[start:end].tobytes()
            start = end


def unpacked_words(packed: bytes, first: int) -> NDArray[np.int64]:
    """Spots, ascending: record (of which the segment's is `first`) times 2^32 plus place."""
    count = len(packed) // (_NUMBER.itemsize + _PLACE.itemsize)
    numbers = np.frombuffer(packed, _NUMBER, count)
    places = np.frombuffer(packed, _PLACE, count, count * _NUMBER.itemsize)
    return ((numbers.astype(np.int64) + first) << 32) + places


def unpacked_values(packed: bytes, first: int) -> NDArray[np.int32]:
    """Records, ascending."""
    return np.frombuffer(packed, _NUMBER).astype(np.int32) + np.int32(first)
