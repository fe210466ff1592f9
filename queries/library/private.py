"""Files that nobody else may read: what DuckDB makes beside a library, it makes with the process's mask."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

OTHERS = 0o077  # no right for group and others
_lock = Lock()
_masks: list[int] = []  # the mask before, once for each block under way


@contextmanager
def private() -> Iterator[None]:
    """Let every file that this process makes within the block be its owner's alone (600, folders 700).

    The mask is the process's: blocks of several threads may overlap, and the last puts it back.
    """
    with _lock:
        _masks.append(os.umask(OTHERS) if not _masks else OTHERS)
    try:
        yield
    finally:
        with _lock:
            if len(_masks) == 1:
                os.umask(_masks[0])
            del _masks[-1]
