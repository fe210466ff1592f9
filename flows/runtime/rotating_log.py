"""A log file for its owner alone, which rolls over and loses a line rather than the run."""

import logging
import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler


class RotatingLog(RotatingFileHandler):
    """Loses a line rather than the run."""

    def _open(self) -> TextIOWrapper:
        """Open it for its owner alone."""
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "a", encoding=self.encoding)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name upstream
        """Be silent: the library tells of a full disk, in one line."""
