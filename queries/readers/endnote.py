"""EndNote's XML, as EndNote and those who write for it export it, as rows of named values.

<xml><records><record> ..., with text in any number of <style> elements within a field. The file is cut
at its records, each parsed alone as in pubmed_xml: memory stays that of one record, no entity is
defined, and a refusal names the record by its number. Fields: EndNote's RSXML.dtd.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree
from lxml.etree import _Element as Element

from queries.errors import RecordsError
from queries.readers.bounded import LONGEST
from queries.readers.pubmed_xml import PARSER, Readable
from queries.readers.pubmed_xml.markup import plain, tidy
from queries.readers.table import Row, pmcid_of, pmid_of_export

ENDNOTE = re.compile(r"<records>\s*<record\b|<record>\s*<(?:database|source-app|rec-number|ref-type)\b")
_BLOCK: Final = 1 << 20
_START = re.compile(rb"<record[\s>/]")
_END = re.compile(rb"</record\s*>")
_EMPTY = re.compile(rb"<record\s*/>")
_CLOSED = re.compile(rb"</(?:records|xml)\s*>")
# What XML may not hold and EndNote passes on from databases.
_CONTROLS = re.compile(
    rb"[\x01-\x08\x0b\x0c\x0e-\x1f]|&#(?:0*(?:[1-8]|1[124-9]|2\d|3[01])|x0*(?:[1-8bcef]|1[\da-f]));",
    re.IGNORECASE,
)
_ISSN = re.compile(r"\b\d{4}-\d{3}[\dXx]\b")
_REMEDY = "Export it again from EndNote, as XML"
# For each of our names the fields that may hold it, the best first.
_FIELDS = {
    "id": ("rec-number",),
    "title": ("titles/title",),
    "abstract": ("abstract",),
    "journal": ("periodical/full-title", "titles/secondary-title", "titles/alt-title", "periodical/abbr-1"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages",),
    "doi": ("electronic-resource-num",),
    "language": ("language",),
}  # fmt: skip


def read_endnote(stream: Readable, file: str) -> Iterator[Row]:
    """The records of EndNote XML; RecordsError names the record that is none."""
    number = 0
    for number, piece in enumerate(_pieces(stream, file), 1):
        try:
            record = etree.fromstring(_CONTROLS.sub(b"", piece), PARSER)
        except etree.XMLSyntaxError as damage:
            raise RecordsError(
                f"{file}, record {number}", f"is damaged XML ({tidy(damage.msg)[:200]})", _REMEDY
            ) from damage
        yield _row(record)


def _pieces(stream: Readable, file: str) -> Iterator[bytes]:
    """The bytes of each record; an end that is missing is refused."""
    buffer, at, count = b"", 0, 0
    while block := stream.read(_BLOCK):
        buffer, at = buffer[at:] + block, 0
        while start := _START.search(buffer, at):
            at = start.start()
            if empty := _EMPTY.match(buffer, at):
                at = empty.end()
                continue
            end = _END.search(buffer, at)
            if end is None:
                break
            if _START.search(buffer, start.end(), end.start()):
                raise RecordsError(
                    f"{file}, record {count + 1}", "is not closed before the next begins", _REMEDY
                )
            yield buffer[at : end.end()]
            at, count = end.end(), count + 1
        else:
            at = max(at, len(buffer) - len(b"</records "))  # a tag may go on in the next block
        if len(buffer) - at > LONGEST:
            raise RecordsError(
                f"{file}, record {count + 1}", f"is longer than {LONGEST >> 20} MB", "Take it out of the file"
            )
    if _START.match(buffer, at) or not _CLOSED.search(buffer, at):
        raise RecordsError(file, f"ends in the middle, after {count} records", _REMEDY)


def _row(record: Element) -> Row:
    row: Row = {name: _first(record, fields) for name, fields in _FIELDS.items()}
    row["authors"] = _all(record, "contributors/authors/author")
    row["keywords"] = _all(record, "keywords/keyword")
    row["types"] = _types(record)
    row["date"] = _date(_first(record, ("dates/year",)), _first(record, ("dates/pub-dates/date",)))
    issn = _ISSN.search(_first(record, ("isbn",)))
    row["issn"] = issn[0] if issn else ""
    row["pmcid"] = pmcid_of(_first(record, ("custom2",)))
    row["pmid"] = pmid_of_export(
        _first(record, ("remote-database-name",)) + _first(record, ("remote-database-provider",)),
        _first(record, ("accession-num",)),
        _all(record, "urls//url"),
    )
    return row


def _all(record: Element, path: str) -> list[str]:
    return [text for each in record.iterfind(path) if (text := plain(each))]


def _first(record: Element, paths: Sequence[str]) -> str:
    return next((text for path in paths for text in _all(record, path)), "")


def _date(year: str, day: str) -> str:
    """Of "2026" and "Nov 5" what a reader would say: "2026 Nov 5"; a whole date stands alone."""
    return day if year and year in day else f"{year} {day}".strip()


def _types(record: Element) -> list[str]:
    kind = record.find("ref-type")
    named = kind.get("name", "") if kind is not None else ""
    return [text for text in (*_all(record, "work-type"), named) if text]
