"""BibTeX, as reference managers write it, as rows of named values: @article{key, field = {value}, ...}.

Values stand in braces or quotation marks; LaTeX's accents become letters, its other commands go.
"""

import re
from collections.abc import Iterable, Iterator
from unicodedata import normalize

from queries.errors import RecordsError
from queries.readers.bounded import LONGEST
from queries.readers.table import Row

BIBTEX = re.compile(r"(?:%[^\n]*\n\s*)*@[A-Za-z]+\s*[{(]")  # how a file begins
_ENTRY = re.compile(r"@(\w+)\s*[{(]\s*([^\s,{}]*)\s*,")
_FIELD = re.compile(r"\s*,?\s*([\w-]+)\s*=\s*")
_NO_RECORDS = frozenset({"comment", "string", "preamble"})
_ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304"}
_ACCENTS |= {
    ".": "\u0307",
    "c": "\u0327",
    "v": "\u030c",
    "u": "\u0306",
    "H": "\u030b",
    "k": "\u0328",
    "r": "\u030a",
}
_LETTERS = {
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "aa": "å",
    "AA": "Å",
    "i": "i",
}
_REMEDY = "BibTeX has entries such as @article{key, title = {…}, doi = {…}}"


def read_bibtex(lines: Iterable[str], file: str) -> Iterator[Row]:
    """The entries; RecordsError names the one whose braces don't close."""
    text = "".join(lines)
    at = 0
    while match := _ENTRY.search(text, at):
        at = match.end()
        if match[1].lower() in _NO_RECORDS:
            continue
        fields: dict[str, str] = {}
        while field := _FIELD.match(text, at):
            value, at = _value(text, field.end(), f"{file}, entry {match[2]}")
            fields[field[1].lower()] = value
        yield _row(match[2], fields)


def _value(text: str, at: int, where: str) -> tuple[str, int]:
    """The value that begins at `at`, and where it ends."""
    if text[at : at + 1] not in {"{", '"'}:
        bare = re.compile(r"[^\s,}]*").match(text, at)
        return (bare[0], bare.end()) if bare else ("", at)
    depth, start, quoted = 0, at, text[at] == '"'
    for place in range(at, min(len(text), at + LONGEST)):
        mark = text[place]
        if place > start and text[place - 1] == "\\":
            continue
        depth += (mark == "{") - (mark == "}")
        if depth == 0 and (mark == "}" or (quoted and mark == '"' and place > start)):
            return text[start + 1 : place], place + 1
    raise RecordsError(where, "has a value that doesn't end", _REMEDY)


def _row(key: str, fields: dict[str, str]) -> Row:
    plain = {name: _plain(value) for name, value in fields.items()}
    year, month = plain.get("year", ""), plain.get("month", "")
    row: Row = {
        "id": key,
        "title": plain.get("title", ""),
        "abstract": plain.get("abstract", ""),
        "doi": plain.get("doi", ""),
        "pmid": plain.get("pmid", ""),
        "pmcid": plain.get("pmcid", ""),
        "date": plain.get("date") or (f"{year}-{int(month):02}" if month.isdecimal() else year),
        "journal": plain.get("journal") or plain.get("journaltitle", ""),
        "volume": plain.get("volume", ""),
        "issue": plain.get("number", ""),
        "pages": plain.get("pages", "").replace("--", "-"),
        "issn": plain.get("issn", ""),
    }
    row["authors"] = [name for name in re.split(r"\s+and\s+", plain.get("author", "")) if name]
    row["keywords"] = [word.strip() for word in re.split(r"[,;]", plain.get("keywords", "")) if word.strip()]
    return row


def _plain(value: str) -> str:
    r"""A value without LaTeX.

    >>> _plain(r"{G}ullaksen, St{\'e}phane \& S{\o}n")
    'Gullaksen, Stéphane & Søn'
    """
    value = re.sub(r"\\([a-zA-Z]{1,2})(?![a-zA-Z])\s*(?:\{\})?", lambda m: _LETTERS.get(m[1], m[0]), value)
    value = re.sub(
        r"\\(['`^\"~=.]|[cvuHkr](?![a-zA-Z]))\s*\{?([a-zA-Z])\}?",
        lambda match: normalize("NFC", match[2] + _ACCENTS[match[1]]),
        value,
    )
    value = re.sub(r"\\([&%$#_{}])", r"\1", value)
    value = re.sub(r"\\[a-zA-Z]+\s*", "", value)
    return " ".join(re.sub(r"[{}]", "", value).split())
