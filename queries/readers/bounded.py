"""A file as bytes or lines, unpacked and within bounds: whatever it is, little is spent to refuse it."""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from queries.errors import RecordsError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD: Final = 1 << 16  # bytes by which a format is recognised
LONGEST: Final = 1 << 23  # of one record, line or value; the longest known records have some 2 MB
_MOST: Final = 1 << 32  # unpacked bytes of a file
_RATIO: Final = 200  # exports shrink by 3 to 40, a bomb by up to 1,000
_TELLING: Final = 1 << 20  # unpacked bytes from which the ratio tells
_GZIP = b"\x1f\x8b"
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([\w.-]{1,40})[\"']")


class Unpacked(io.RawIOBase):
    """The bytes of a file, unpacked if it is gzipped; RecordsError where it is damaged or beyond bounds."""

    def __init__(self, path: Path) -> None:
        """Open it; RecordsError if that cannot be done."""
        self._file = str(path)
        self._given = 0
        try:
            self._packed = path.open("rb")
            zipped = self._packed.peek(len(_GZIP)).startswith(_GZIP)
        except OSError as trouble:
            raise self._unreadable(trouble) from trouble
        self._stream: IO[bytes] | gzip.GzipFile = (
            gzip.GzipFile(fileobj=self._packed) if zipped else self._packed
        )

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill the buffer, or less at the end."""
        view = memoryview(buffer).cast("B")
        try:
            block = self._stream.read(len(view))
        except (EOFError, zlib.error, gzip.BadGzipFile) as damage:
            raise RecordsError(
                self._file, f"is a damaged gzip file ({damage})", "Fetch or pack it again"
            ) from damage
        except OSError as trouble:
            raise self._unreadable(trouble) from trouble
        view[: len(block)] = block
        self._given += len(block)
        self._check()
        return len(block)

    def close(self) -> None:
        """Close the file, too."""
        self._packed.close()
        super().close()

    def _check(self) -> None:
        if self._given > _MOST:
            raise RecordsError(self._file, f"holds more than {_MOST >> 30} GB", "Split it")
        if self._stream is self._packed or self._given < _TELLING or not self._packed.seekable():
            return
        if self._given > _RATIO * self._packed.tell():
            problem = f"unpacks to more than {_RATIO} times its size, as no export does"
            raise RecordsError(self._file, problem, "Unpack it yourself if you know what it is")

    def _unreadable(self, trouble: OSError) -> RecordsError:
        problem = trouble.strerror or str(trouble)
        return RecordsError(self._file, f"cannot be read ({problem})", "Check the path and its rights")


def opened(path: Path) -> io.BufferedReader:
    """The file's bytes; `peek(HEAD)` shows their beginning. Every reading method may raise RecordsError."""
    return io.BufferedReader(Unpacked(path), HEAD)


def encoding_of(head: bytes, file: str) -> str:
    """The encoding that a file's first bytes tell by a byte order mark or an XML declaration; else UTF-8."""
    for marks, name in (
        ((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE), "utf-32"),
        ((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), "utf-16"),
    ):
        if head.startswith(marks):
            return name
    declared = _DECLARED.match(head.removeprefix(codecs.BOM_UTF8))
    name = declared[1].decode("ascii") if declared else "utf-8"
    try:
        b"  ".decode(name, "ignore")  # refuses what is no text encoding, such as zlib
    except (LookupError, UnicodeError) as unknown:
        raise RecordsError(
            file, f"is in an encoding that is unknown here ({name})", "Save it as UTF-8"
        ) from unknown
    return "utf-8-sig" if name.lower().replace("_", "-") in {"utf-8", "utf8", "us-ascii", "ascii"} else name


def in_utf8(stream: io.BufferedReader, encoding: str) -> io.BufferedReader | codecs.StreamRecoder:
    """The bytes of an XML file, in UTF-8 whatever they were in."""
    if encoding == "utf-8-sig":
        return stream
    return codecs.EncodedFile(stream, "utf-8", encoding, errors="replace")


def lines(stream: io.BufferedReader, file: str, encoding: str, newline: str | None = None) -> Iterator[str]:
    """The lines of a text file, each with its end; RecordsError for what is no text.

    `newline` is that of `open`. What is not in its encoding is read as Windows and old tools write.
    """
    text = io.TextIOWrapper(stream, encoding, errors="windows", newline=newline)
    number = 0
    while line := text.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST:
            where = f"{file}, line {number}"
            raise RecordsError(where, f"is longer than {LONGEST >> 20} MB", "Give one record a line")
        if "\0" in line:
            raise RecordsError(f"{file}, line {number}", "holds a NUL, so it is no text", "Save it as UTF-8")
        yield line


def _as_windows_writes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    if error.encoding != "utf-8":
        return "\ufffd", error.end
    try:
        return wrong.decode("cp1252"), error.end
    except UnicodeDecodeError:
        return wrong.decode("latin-1"), error.end


codecs.register_error("windows", _as_windows_writes)
