"""A digest as files: the channel of folder:// URLs."""

import os
from contextlib import suppress
from email.headerregistry import Address
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from apprise import NotifyBase

from queries.records.digest import DeliveryState
from reports.channels.mail import letter
from reports.channels.message import Message, Posting

SCHEME: Final = "folder://"
_SENDER: Final = Address("seedwatch", "seedwatch", "example.invalid")


class Folder(NotifyBase):  # type: ignore[misc]  # apprise is untyped
    """Writes 14.html, .txt, .md, .slack.json and .eml for digest 14, each whole or not at all."""

    service_name = "Folder"
    secure_protocol = "folder"

    def __init__(self, message: Message, recipient: str, url: str, **parts: object) -> None:
        """`url` is folder://PATH, absolute with three slashes, percent-encoding undone."""
        super().__init__(**parts)
        self.message, self.recipient = message, recipient
        self.path = path(url)
        self.postings: dict[str, Posting] = {}

    def url(self, *_: object, **__: object) -> str:
        """The folder, which is no secret."""
        return f"{SCHEME}{self.path}"

    def send(self, *_: object, **__: object) -> bool:
        """Write the files."""
        try:
            write(self.message, self.path, self.recipient)
        except OSError as error:
            self.postings["folder"] = Posting(str(self.path), DeliveryState.FAILED, str(error))
            return False
        self.postings["folder"] = Posting(str(self.path), DeliveryState.SENT)
        return True


def path(url: str) -> Path:
    """The folder that a folder:// URL names."""
    return Path(unquote(url[len(SCHEME) :])).expanduser()


def write(message: Message, folder: Path, recipient: str) -> tuple[Path, ...]:
    """Write a digest's files, replacing earlier ones of the same name, and return them.

    Raises OSError.
    """
    to = Address(recipient, "".join(c for c in recipient if c.isalnum()) or "reader", "example.invalid")
    payload = "[\n" + ",\n".join(message.slack) + "\n]\n"
    contents = {
        ".html": message.html.encode(),
        ".txt": message.text.encode(),
        ".md": message.markdown.encode(),
        ".slack.json": payload.encode(),
        ".eml": letter(message, _SENDER, to).as_bytes(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_whole(folder / f"{message.name}{suffix}", data) for suffix, data in contents.items())


def _whole(file: Path, data: bytes) -> Path:
    """Write beside the file, then take its place: a reader never sees half of it."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(file)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise
    return file
