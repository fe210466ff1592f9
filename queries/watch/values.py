"""What a value in a watch file may be: one line of text, a whole number, yes or no, an address."""

import re
from typing import Annotated
from unicodedata import category
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StrictBool, StrictInt

LONGEST = 1000  # characters of a title, a name, a synonym
_UNSEEN = {
    "Cc",
    "Cs",
    "Zl",
    "Zp",
}  # control characters, halves of a pair, ends of lines (Unicode's categories)
_MAIL = re.compile(r'[^\s@<>()\[\],;:"\\]{1,64}@[^\s@<>()\[\],;:"\\]+')
_LONGEST_MAIL = 254  # characters (RFC 5321, 4.5.3.1)


def one_line(text: str) -> str:
    """The text, if it can stand in a subject line. Raises ValueError."""
    for sign in text:
        if category(sign) in _UNSEEN:
            what = "an end of line" if sign in "\r\n" else f"U+{ord(sign):04X}, which nobody sees"
            message = f"holds {what}"
            raise ValueError(message)
    if not text.strip():
        message = "is blank"
        raise ValueError(message)
    return text


def _web_address(text: str) -> str:
    """The text, if a browser goes there; "" is none. Raises ValueError."""
    if not text:
        return text
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port or an IPv6 address
        is_address = False
    if not is_address or re.search(r"[\s<>\"\\^`{|}]", text) or not text.isprintable():
        message = f"{text[:80]!r} is not an address such as https://example.org/digests"
        raise ValueError(message)
    return text


def _mail_address(text: str) -> str:
    """The text, if it is one mail address and nothing else; "" is none. Raises ValueError."""
    if text and (not _MAIL.fullmatch(text) or len(text) > _LONGEST_MAIL or not text.isprintable()):
        message = f"{text[:80]!r} is not a mail address such as watch@example.org"
        raise ValueError(message)
    return text


Line = Annotated[str, Field(min_length=1), AfterValidator(one_line)]
Text = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(one_line)]
Whole = StrictInt  # pydantic takes true and "5" for whole numbers, too
YesNo = StrictBool
WebAddress = Annotated[str, AfterValidator(_web_address)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
