"""RIS, the format that nearly every database and reference manager exports, as rows of named values.

Tags as Zotero, EndNote, Ovid and Web of Science write them; "TY  - " begins a record, "ER  - " ends it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from queries.errors import RecordsError
from queries.readers.pubmed_xml.markup import tidy
from queries.readers.table import Row

_LINE = re.compile(r"([A-Z][A-Z0-9]) {1,2}- ?(.*)")
_REMEDY = 'RIS begins each record with "TY  - " and ends it with "ER  - "'
_PUBMED = re.compile(r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(\d+)")
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
    "pmcid": ("C2",),
    "language": ("LA",),
}
Tagged = dict[str, list[str]]


def read_ris(text: str, file: str) -> Iterator[Row]:
    """The records of RIS text; RecordsError names the line that is none."""
    record: Tagged | None = None
    tag = ""
    for number, line in enumerate(text.split("\n"), 1):
        found = _LINE.match(line.strip("\ufeff\r"))
        if found and found.group(1) in ("TY", "ER"):
            if record is not None:
                yield _row(record)
            record = defaultdict(list) if found.group(1) == "TY" else None
        elif found and record is not None:
            tag = found.group(1)
            record[tag].append(found.group(2).strip())
        elif line.strip():
            if not record:
                raise RecordsError(f"{file}, line {number}", "stands outside a record", _REMEDY)
            record[tag][-1] += " " + line.strip()
    if record is not None:
        yield _row(record)


def _row(record: Tagged) -> Row:
    row: Row = {name: _first(record, tags) for name, tags in _TAGS.items()}
    row["date"] = row["date"] if row["date"][:4].isdecimal() else _first(record, ("PY", "Y1"))
    row["authors"] = record.get("AU") or record.get("A1") or []
    row["keywords"] = record.get("KW", [])
    row["pages"] = "-".join(filter(None, (_first(record, ("SP",)), _first(record, ("EP",)))))
    row["pmid"] = _pmid(record)
    return row


def _first(record: Tagged, tags: tuple[str, ...]) -> str:
    return next((tidy(record[tag][0]) for tag in tags if record.get(tag) and record[tag][0]), "")


def _pmid(record: Tagged) -> str:
    """The accession number if the database is PubMed or MEDLINE, or the PMID in a link to PubMed."""
    database = " ".join(record.get("DB", []) + record.get("DP", [])).casefold()
    if "pubmed" in database or "medline" in database or "nlm" in database:
        return _first(record, ("AN",))
    found = _PUBMED.search(" ".join(record.get("UR", []) + record.get("L2", [])))
    return found.group(1) if found else ""
