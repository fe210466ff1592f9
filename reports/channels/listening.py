"""What apprise says in its log: the only place where it gives reasons."""

from collections.abc import Iterator
from contextlib import contextmanager
from logging import WARNING, Handler, LogRecord, getLogger
from threading import get_ident


class _Listener(Handler):
    """Keeps the warnings of this thread; other deliveries run on theirs."""

    def __init__(self) -> None:
        super().__init__(WARNING)
        self.lines: list[str] = []
        self.thread = get_ident()

    def emit(self, record: LogRecord) -> None:
        if record.thread == self.thread:
            self.lines.append(record.getMessage())


@contextmanager
def warnings() -> Iterator[list[str]]:
    """The warnings that apprise logs while the block lasts."""
    listener, logger = _Listener(), getLogger("apprise")
    logger.addHandler(listener)
    try:
        yield listener.lines
    finally:
        logger.removeHandler(listener)
