"""Authors as exports write them: "Last, First and Last, First", "Last AB, Last C", and worse."""

import re
from collections.abc import Iterable

from queries.readers.pubmed_xml.markup import tidy
from queries.records.article import Author

_INITIALS = re.compile(r"(?:[^\W\d_]\.?[ -]?){1,4}", re.UNICODE)
_SHORT = re.compile(r"(.{2,}?)[ ,]+((?:[A-Z]\.?[ -]?){1,4})")  # Smith AB, Smith A. B.
_HYPHENED = re.compile(r"(.{2,}?)((?:-[A-Z])+)")  # Smith-A-B, as old MEDLINE tapes have it
_GLUED = re.compile(r"(?<= [A-Z]\.)(?=[^\W\d_]{2})")  # Smith A. B.Jones C., as EndNote may write it
_CAPITALS = re.compile(r"[A-Z]{1,3}")
_SPLITS = re.compile(r"[;|\n]")
_AND = re.compile(r",?\s+(?:and|&)\s+")


def authors(listed: str | Iterable[str]) -> tuple[Author, ...]:
    """The authors of a list of names, or of a text that lists names in any of the usual ways."""
    names = _names(listed) if isinstance(listed, str) else listed
    return tuple(author(name) for each in names if (name := tidy(each)))


def author(name: str) -> Author:
    """One name as an Author: last name first if a comma or trailing initials say so."""
    last, comma, fore = name.partition(",")
    if comma:
        return Author(last.strip(), fore.strip(), _initials(fore))
    for shape in (_SHORT, _HYPHENED):
        found = shape.fullmatch(name)
        if found:
            return Author(found.group(1).strip(), "", _initials(found.group(2)))
    fore, _, last = name.rpartition(" ")
    return Author(last, fore, _initials(fore))


def _names(text: str) -> list[str]:
    if _SPLITS.search(text):
        return _SPLITS.split(text)
    if _AND.search(text) and not _all_short(_AND.split(text)[0]):
        return _AND.split(text)
    parts = [each.strip() for each in _AND.sub(",", text).split(",") if each.strip()]
    if len(parts) > 1 and not _all_short(*parts):
        return _pairs(parts)
    return [each for part in parts for each in _GLUED.split(part)]


def _all_short(*names: str) -> bool:
    """Whether each is a last name with initials, so that commas stand between authors."""
    return all(_SHORT.fullmatch(each.strip()) for name in names for each in name.split(","))


def _pairs(parts: list[str]) -> list[str]:
    """Two persons in "Smith, J., Doe, A." and in "Jane Smith, Ann Doe"; one in "Smith, Jane"."""
    lasts, firsts = parts[::2], parts[1::2]
    if len(lasts) != len(firsts):
        return parts
    one = len(lasts) == 1 and " " not in lasts[0]
    if one or all(_INITIALS.fullmatch(each) for each in firsts):
        return [f"{last}, {fore}" for last, fore in zip(lasts, firsts, strict=True)]
    return parts


def _initials(fore: str) -> str:
    """RE of "Robert E", JP of "Jean-Paul", AB of "AB"."""
    words = re.findall(r"[^\W\d_]+", fore)
    return "".join(word if _CAPITALS.fullmatch(word) else word[0].upper() for word in words)
