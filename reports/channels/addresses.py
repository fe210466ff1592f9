"""Who a mailto URL is for, read by the rules of mail: apprise takes o'neil@… for neil@…, and drops zoë@…."""

import re
from collections.abc import Iterable
from email.headerregistry import Address
from typing import Final

_LONGEST: Final = 254  # characters of an address (RFC 5321, 4.5.3.1)
_QUOTED: Final = r'"(?:\\.|[^"\\])*"'
_PIECE: Final = re.compile(rf"(?:{_QUOTED}|[^,;])+")
_NAMED: Final = re.compile(r"(?P<name>.*?)\s*<(?P<address>[^<>]*)>")
_ADDRESS: Final = re.compile(rf'(?P<user>{_QUOTED}|[^\s"(),:;<>@\[\]\\]+)@(?P<domain>[^\s"(),;<>@]+)')


def readers(*lists: Iterable[str] | str | None) -> tuple[dict[str, Address], list[str]]:
    """Everybody in the lists once, by the `key` of the address; and what cannot be read as an address.

    Addresses are parted by commas, semicolons or spaces, and may have a name: Ann Lee <ann@example.org>.
    """
    addresses: dict[str, Address] = {}
    unreadable: list[str] = []
    for text in lists:
        for listed in [text] if isinstance(text, str) else text or ():
            for piece in _PIECE.findall(listed):
                whole = piece.strip()
                alone = [whole] if _reader(whole) else whole.split(" ")
                for one in filter(None, alone if all(map(_reader, filter(None, alone))) else [whole]):
                    if reader := _reader(one):
                        addresses.setdefault(key(reader.addr_spec), reader)
                    else:
                        unreadable.append(" ".join(one.split()))
    return addresses, list(dict.fromkeys(unreadable))


def key(address: str) -> str:
    """What makes two addresses one: no provider tells Ann@ from ann@."""
    return address.casefold()


def _reader(text: str) -> Address | None:
    """One address, perhaps with a name; its domain in ASCII. None if it is none."""
    named = _NAMED.fullmatch(text)
    name, address = (_bare(named["name"]), named["address"]) if named else ("", text)
    parts = _ADDRESS.fullmatch(address)
    if not parts or not text.isprintable() or len(address) > _LONGEST:
        return None
    try:
        domain = parts["domain"]
        domain = domain if domain.startswith("[") else domain.encode("idna").decode()
        return Address(" ".join(name.split()), _bare(parts["user"]), domain)
    except ValueError:  # of IDNA: a label that is too long, or none
        return None


def _bare(text: str) -> str:
    """A quoted string without its quotes, which Address adds where they are needed."""
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if re.fullmatch(_QUOTED, text) else text
