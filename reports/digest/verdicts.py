"""Signed links by which a reader says what he thinks, or asks for no more: made, and checked. Pure.

    BASE/v/WATCH/NUMBER/PMID/yes|no/KEY      a verdict
    BASE/u/WATCH/KEY                         an unsubscription

KEY is who (a keyed hash, no personal data), until when, and an HMAC of all of the link: whoever has not been
sent a link cannot make one, and nobody can make one link into another.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple
from urllib.parse import quote

from queries.errors import InputError

VERDICTS: Final = ("yes", "no")
LIFETIME: Final = timedelta(days=90)  # of a verdict's link, from when the digest was made
UNSUBSCRIBE_LIFETIME: Final = timedelta(days=730)  # laws ask for 30 days at least
PAGE_LIFETIME: Final = timedelta(days=1)  # a page left open so long is opened once more
UNSUBSCRIBE: Final = "https://unsubscribe.invalid/"  # stands in a body until its address is known
_WHO, _UNTIL, _MAC = 8, 4, 16  # bytes
_ASK_ANEW = "Take the link of the newest digest"


class SignedLink(NamedTuple):
    """What a link that is genuine and in time says; `reader` is a keyed hash, in hexadecimal digits.

    `verdict` is "yes" or "no"; of an unsubscription it is "", and `number` and `pmid` are 0.
    """

    watch: str
    number: int
    pmid: int
    verdict: str
    reader: str
    expires: datetime


def verdict_link(  # noqa: PLR0913, PLR0917 - each is a part of the link
    base_url: str,
    secret: bytes,
    recipient: str,
    watch: str,
    number: int,
    pmid: int,
    verdict: str,
    expires: datetime,
) -> str:
    """The link by which a recipient of digest `number` says "yes" or "no" of an article."""
    key = verdict_key(secret, recipient, watch, number, pmid, verdict, expires)
    return f"{base_url.rstrip('/')}/v/{quote(watch, safe='')}/{number}/{pmid}/{verdict}/{key}"


def verdict_key(
    secret: bytes, recipient: str, watch: str, number: int, pmid: int, verdict: str, expires: datetime
) -> str:
    """The key alone, for the subject of a mail: `feedback WATCH NUMBER PMID yes|no KEY`."""
    return _key(secret, reader_id(secret, recipient), ("v", watch, number, pmid, verdict), expires)


def unsubscribe_link(base_url: str, secret: bytes, address: str, watch: str, expires: datetime) -> str:
    """The link by which the reader of one address asks for no more of a watch."""
    return (
        f"{base_url.rstrip('/')}/u/{quote(watch, safe='')}/{unsubscribe_key(secret, address, watch, expires)}"
    )


def unsubscribe_key(secret: bytes, address: str, watch: str, expires: datetime) -> str:
    """The key alone, for the subject of a mail: `unsubscribe WATCH KEY`."""
    return _key(secret, address_id(secret, address), ("u", watch), expires)


def check_verdict(
    secret: bytes, watch: str, number: int, pmid: int, verdict: str, key: str, now: datetime
) -> SignedLink:
    """What a verdict's link says. Raises InputError if it is forged or has expired."""
    if verdict not in VERDICTS:
        raise _forged()
    reader, expires = _check(secret, ("v", watch, number, pmid, verdict), key, now)
    return SignedLink(watch, number, pmid, verdict, reader, expires)


def check_unsubscribe(secret: bytes, watch: str, key: str, now: datetime) -> SignedLink:
    """What an unsubscription's link says. Raises InputError if it is forged or has expired."""
    reader, expires = _check(secret, ("u", watch), key, now)
    return SignedLink(watch, 0, 0, "", reader, expires)


def page_token(secret: bytes, key: str, word: str, now: datetime, nonce: bytes) -> str:
    """What the page behind a link sends along to say `word`, once: `nonce` are 12 bytes of chance."""
    head = int(now.timestamp()).to_bytes(_UNTIL, "big") + nonce
    return urlsafe_b64encode(head + _mac(secret, ("page", key, word, head.hex()))[:_MAC]).decode()


def check_page_token(secret: bytes, key: str, word: str, token: str, now: datetime) -> str:
    """The token's own id. Raises InputError if it is no page's of ours, or an old one's."""
    try:
        raw = urlsafe_b64decode(token)
    except ValueError as error:
        raise InputError("This page", "is not one that seedwatch made", _ASK_ANEW) from error
    head, mac = raw[:-_MAC], raw[-_MAC:]
    if not hmac.compare_digest(mac, _mac(secret, ("page", key, word, head.hex()))[:_MAC]):
        raise InputError("This page", "is not one that seedwatch made", _ASK_ANEW)
    if now - datetime.fromtimestamp(int.from_bytes(head[:_UNTIL], "big"), UTC) > PAGE_LIFETIME:
        raise InputError("This page", "is an old one", "Open the link once more")
    return head.hex()


def reader_id(secret: bytes, recipient: str) -> str:
    """What stands for a recipient in a link: a keyed hash in hexadecimal digits."""
    return _mac(secret, ("reader", recipient))[:_WHO].hex()


def address_id(secret: bytes, address: str) -> str:
    """What stands for an address in a link, whatever its capitals."""
    return _mac(secret, ("address", address.casefold()))[:_WHO].hex()


def _key(secret: bytes, who: str, parts: tuple[str | int, ...], expires: datetime) -> str:
    until = int(expires.astimezone(UTC).timestamp()).to_bytes(_UNTIL, "big")
    head = bytes.fromhex(who) + until
    return urlsafe_b64encode(head + _mac(secret, (*parts, head.hex()))[:_MAC]).rstrip(b"=").decode()


def _check(secret: bytes, parts: tuple[str | int, ...], key: str, now: datetime) -> tuple[str, datetime]:
    """Who, and until when."""
    try:
        raw = urlsafe_b64decode(key + "=" * (-len(key) % 4))
    except ValueError as error:
        raise _forged() from error
    head, mac = raw[: _WHO + _UNTIL], raw[_WHO + _UNTIL :]
    # b64decode is lax: what it passes over would be a second way to write one key
    canonical = urlsafe_b64encode(raw).rstrip(b"=").decode() == key
    if not canonical or not hmac.compare_digest(mac, _mac(secret, (*parts, head.hex()))[:_MAC]):
        raise _forged()
    expires = datetime.fromtimestamp(int.from_bytes(head[_WHO:], "big"), UTC)
    if now > expires:
        raise InputError("This link", f"expired on {expires:%Y-%m-%d}", _ASK_ANEW)
    return head[:_WHO].hex(), expires


def _forged() -> InputError:
    return InputError("This link", "is not one that seedwatch sent", _ASK_ANEW)


def _mac(secret: bytes, parts: tuple[str | int, ...]) -> bytes:
    """The HMAC of parts none of which can be taken for another's end."""
    text = "".join(f"{len(str(part))}:{part}" for part in parts)
    return hmac.new(secret, text.encode(errors="surrogatepass"), sha256).digest()
