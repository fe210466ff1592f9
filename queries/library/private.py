"""Files that nobody else may read, and that are whole or not there.

What DuckDB makes beside a library, it makes with the process's mask.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, get_ident

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


@contextmanager
def made_once(path: Path) -> Iterator[Path]:
    """Make a file in one step: what the block writes to the path it is given becomes `path`.

    A process killed within the block thus leaves none, rather than half of one; of two that make it at
    once, one wins and the other finds it made.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.{get_ident()}")
    draft.unlink(missing_ok=True)
    try:
        yield draft
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
