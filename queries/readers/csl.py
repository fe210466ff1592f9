"""CSL-JSON, which Zotero, Mendeley and Crossref write: an array of items, as rows of named values.

Source: citeproc-js and the CSL schema, https://github.com/citation-style-language/schema.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from queries.errors import RecordsError
from queries.readers.table import Row

_REMEDY = 'CSL-JSON is an array of items such as [{"type": "article-journal", "title": "…"}]'
_PLAIN = ("id", "title", "abstract", "DOI", "PMID", "PMCID", "volume", "issue", "ISSN", "language")


def read_csl(lines: Iterable[str], file: str) -> Iterator[Row]:
    """The items of an array; RecordsError names the place where it is none."""
    try:
        items = json.loads("".join(lines).lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise RecordsError(file, f"is not JSON ({error})", _REMEDY) from error
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            raise RecordsError(f"{file}, item {number}", "is no object", _REMEDY)
        yield _row(item)


def _row(item: dict[str, Any]) -> Row:
    row: Row = {name.lower(): str(item[name]) for name in _PLAIN if isinstance(item.get(name), str | int)}
    row["journal"] = _text(item.get("container-title"))
    row["pages"] = _text(item.get("page"))
    row["keywords"] = [
        word.strip() for word in _text(item.get("keyword")).replace(";", ",").split(",") if word.strip()
    ]
    row["authors"] = [name for name in map(_author, _list(item.get("author"))) if name]
    row["date"] = _date(item.get("issued"))
    note = _text(item.get("note"))  # where Zotero keeps what CSL lacked
    if "pmid" not in row and "PMID: " in note:
        row["pmid"] = note.partition("PMID: ")[2].split()[0]
    return row


def _author(author: object) -> str:
    if not isinstance(author, dict):
        return ""
    parts = [_text(author.get("family")), _text(author.get("given"))]
    return ", ".join(filter(None, parts)) or _text(author.get("literal"))


def _date(issued: object) -> str:
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return "-".join(f"{number:0>2}" for number in map(str, parts[0]))
    return _text(issued.get("raw")) if isinstance(issued, dict) else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
