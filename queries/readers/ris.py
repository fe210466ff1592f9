"""RIS, the format that nearly every database and reference manager exports, as rows of named values.

Tags as Zotero, EndNote, Ovid and Web of Science write them; "TY  - " begins a record, "ER  - " ends it. Some
tools forget the end of every record; in a file that has some, a record without one was cut off, and so
was a file whose last line has no end.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from queries.errors import RecordsError
from queries.readers.bounded import LONGEST
from queries.readers.pubmed_xml.markup import tidy
from queries.readers.table import Row, pmcid_of, pmid_of_export

_LINE = re.compile(r"([A-Z][A-Z0-9]) {1,2}- ?(.*)")
_REMEDY = 'RIS begins each record with "TY  - " and ends it with "ER  - "'
# For each of our names the tags that may hold it, the best first.
_TAGS = {
    "id": ("ID",),
    "title": ("TI", "T1", "CT"),
    "abstract": ("AB", "N2"),
    "date": ("DA", "PY", "Y1"),
    "journal": ("JF", "T2", "JO", "JA", "J2", "BT"),
    "volume": ("VL",),
    "issue": ("IS",),
    "doi": ("DO",),
    "issn": ("SN",),
    "language": ("LA",),
}
Tagged = dict[str, list[str]]


def read_ris(lines: Iterable[str], file: str) -> Iterator[Row]:
    """The records of RIS lines; RecordsError names the line that is none, or begins what is cut off."""
    record: dict[str, list[list[str]]] | None = None  # tag → values, each in its lines
    tag, begun, size, line, ends = "", 0, 0, "", False
    for number, line in enumerate(lines, 1):
        found = _LINE.match(line.strip("\ufeff\r\n"))
        if found and found[1] in ("TY", "ER"):
            if record is not None:
                yield _whole(record, f"{file}, line {begun}", cut_off=ends and found[1] == "TY")
            record = defaultdict(list) if found[1] == "TY" else None
            ends = ends or found[1] == "ER"
            begun, size = number, 0
        elif found and record is not None:
            tag = found[1]
            record[tag].append([found[2].strip()])
        elif line.strip():
            if not record:
                raise RecordsError(f"{file}, line {number}", "stands outside a record", _REMEDY)
            record[tag][-1].append(line.strip())
        size += len(line)
        if size > LONGEST:
            where = f"{file}, line {begun}"
            raise RecordsError(where, f"begins a record of more than {LONGEST >> 20} MB", _REMEDY)
    if record is not None:
        yield _whole(record, f"{file}, line {begun}", cut_off=ends or not line.endswith(("\n", "\r")))


def _whole(record: Mapping[str, list[list[str]]], where: str, *, cut_off: bool) -> Row:
    if cut_off:
        raise RecordsError(where, "begins a record that has no end: the file was cut off there", _REMEDY)
    return _row({tag: [" ".join(parts) for parts in values] for tag, values in record.items()})


def _row(record: Tagged) -> Row:
    row: Row = {name: _first(record, tags) for name, tags in _TAGS.items()}
    row["date"] = row["date"] if row["date"][:4].isdecimal() else _first(record, ("PY", "Y1"))
    row["authors"] = record.get("AU") or record.get("A1") or []
    row["keywords"] = record.get("KW", [])
    row["pages"] = "-".join(filter(None, (_first(record, ("SP",)), _first(record, ("EP",)))))
    row["pmcid"] = pmcid_of(_first(record, ("C2",)))
    row["pmid"] = pmid_of_export(
        " ".join(record.get("DB", []) + record.get("DP", [])),
        _first(record, ("AN",)),
        record.get("UR", []) + record.get("L2", []),
    )
    return row


def _first(record: Tagged, tags: tuple[str, ...]) -> str:
    return next((tidy(record[tag][0]) for tag in tags if record.get(tag) and record[tag][0]), "")
