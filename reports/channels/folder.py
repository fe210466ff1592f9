"""A digest as files: the channel of folder:// URLs."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_string
from email.headerregistry import Address
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from queries.records.outbox import DeliveryState, Parcel, Receipt
from reports.channels.message import Message

SCHEME: Final = "folder://"
FLAT: Final = "?flat=yes"
_SENDER: Final = Address("seedwatch", "seedwatch", "example.invalid")


class FolderChannel:
    """Writes 14.html, .txt, .md, .slack.json and .eml for digest 14, each whole or not at all.

    `url` is folder://PATH, absolute with three slashes, percent-encoding undone. Each watch has a folder
    of its own within PATH, so that two of them don't overwrite each other, unless the URL ends in ?flat=yes.
    Files of another watch, or of another digest of that number, are never overwritten; a flat folder, which
    is for previews, takes the same number of the same watch again.
    """

    def __init__(self, url: str) -> None:
        """Read the URL; nothing is written yet."""
        self.flat = url.endswith(FLAT)
        self.path = Path(unquote(url.removeprefix(SCHEME).removesuffix(FLAT))).expanduser()

    def pack(self, message: Message, recipient: str) -> Iterator[Parcel]:
        """All files of the digest as one parcel."""
        folder = self.path if self.flat else self.path / message.watch
        files = {f"{message.name}{suffix}": text for suffix, text in _forms(message, recipient).items()}
        yield Parcel(recipient=recipient, address=str(folder), body=json.dumps(files).encode())

    def send(self, parcel: Parcel) -> Receipt:
        """Write the files, replacing earlier ones of the same name."""
        folder = Path(parcel.address)
        if self.path not in {folder, folder.parent}:
            reason = "is not the folder of this recipient's URL"
            return Receipt(DeliveryState.FAILED, reason, permanent=True)
        try:
            files: dict[str, str] = json.loads(parcel.body)
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in files.items():
                if name.endswith(".eml") and (there := self._other(folder / name, text)):
                    return Receipt(DeliveryState.FAILED, there, permanent=True)
            for name, text in files.items():
                _write_whole(folder / name, text.encode())
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            return Receipt(DeliveryState.FAILED, str(error))
        return Receipt(DeliveryState.SENT)

    def _other(self, file: Path, mail: str) -> str:
        """What digest is there in place of ours, "" for none."""
        if not file.exists():
            return ""
        there, ours = (message_from_string(text) for text in (file.read_text("ascii", "replace"), mail))
        marks = ("X-Seedwatch-Digest", "To", *(() if self.flat else ("Message-ID",)))
        if all(there[mark] == ours[mark] for mark in marks):
            return ""
        return (
            f"{file} is another message (digest {there['X-Seedwatch-Digest']} to {there['To']}, "
            f"{there['Date']}) and is not overwritten: name another folder, or move it away"
        )


def folder_of(url: str) -> str | None:
    """What channel a folder:// URL is, in words, or None if it names no folder."""
    return f"Folder {url}" if url != SCHEME else None


def _forms(message: Message, recipient: str) -> dict[str, str]:
    from reports.channels.mail import letter  # noqa: PLC0415 - apprise, which `check` need not wait for

    user = "".join(sign for sign in recipient if sign.isalnum() and sign.isascii()) or "reader"
    to = Address(" ".join(recipient.split()), user, "example.invalid")
    return {
        ".html": message.html,
        ".txt": message.text,
        ".md": message.markdown,
        ".slack.json": "[\n" + ",\n".join(message.slack) + "\n]\n",
        ".eml": letter(message, _SENDER, to).as_bytes().decode("ascii"),
    }


def _write_whole(file: Path, data: bytes) -> None:
    """Write beside the file, then take its place: a reader never sees half of it."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with beside.open("wb") as half:
            half.write(data)
            half.flush()
            os.fsync(half.fileno())  # sent is what outlives the power, and some disks are full only now
        beside.replace(file)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise
