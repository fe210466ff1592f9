"""NLM's files of MeSH descriptors, in each of the forms in which NLM publishes them."""

import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from lxml import etree
from lxml.etree import _Element as Element

from queries.errors import RecordsError


class Descriptor(NamedTuple):
    """A heading with its UI, tree numbers, entry terms and pharmacological actions."""

    heading: str
    ui: str
    numbers: tuple[str, ...]
    entries: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


def read_descriptors(file: Path) -> Iterator[Descriptor]:
    """The descriptors of desc*.xml, d*.bin, mtrees*.bin or a tree table; RecordsError if it is none."""
    try:
        packed = file.open("rb").read(2) == b"\x1f\x8b"
        with gzip.open(file) if packed else file.open("rb") as stream:
            is_xml = stream.read(1) == b"<"
            stream.seek(0)
            found = list(_xml(stream) if is_xml else _lines(stream))  # type: ignore[arg-type]
    except (OSError, UnicodeDecodeError, EOFError, etree.XMLSyntaxError) as trouble:
        raise RecordsError(
            str(file), f"cannot be read as MeSH ({trouble})", "Give NLM's descriptor or tree file"
        ) from trouble
    if not found:
        raise RecordsError(
            str(file), "holds no MeSH tree", "Give desc*.xml, d*.bin, mtrees.bin, or tree number, UI, heading"
        )
    yield from found


def tree_rows(lines: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Tree number, UI and heading (and what stands behind) of each line that has them."""
    for line in lines:
        cells = line.split("\t")
        if len(cells) == 1:
            heading, _, number = line.rpartition(";")
            cells = [number, "", heading]
        if len(cells) > 2 and re.fullmatch(r"[A-Z]\d\d(\.\d+)*", cells[0]):  # noqa: PLR2004 - number, UI, heading
            yield tuple(cells)


def _lines(stream: BinaryIO) -> Iterator[Descriptor]:
    lines = stream.read().decode("utf-8").splitlines()
    if "*NEWRECORD" in lines[:3]:
        yield from _ascii(lines)
    for number, ui, heading, *_ in tree_rows(lines):
        yield Descriptor(heading, ui, (number,))


def _ascii(lines: Iterable[str]) -> Iterator[Descriptor]:
    """d*.bin: `MH = Heading`, `MN = number`, `ENTRY = term|…`, `PA = action`, `UI = D…`, last of a record."""
    fields: dict[str, list[str]] = {}
    for line in lines:
        name, equals, value = line.partition(" = ")
        if equals:
            fields.setdefault(name, []).append(value.partition("|")[0].strip())
        if name == "UI" and "MH" in fields:
            entries = fields.get("ENTRY", []) + fields.get("PRINT ENTRY", [])
            yield Descriptor(
                *(fields["MH"][0], fields["UI"][0], tuple(fields.get("MN", ()))),
                *(tuple(entries), tuple(fields.get("PA", ()))),
            )
        if line.startswith("*NEWRECORD"):
            fields = {}


def _xml(stream: BinaryIO) -> Iterator[Descriptor]:
    """desc*.xml, one DescriptorRecord at a time."""
    for _, record in etree.iterparse(stream, tag="DescriptorRecord", resolve_entities=False, no_network=True):
        yield Descriptor(
            _text(record, "DescriptorName/String"),
            _text(record, "DescriptorUI"),
            _texts(record, "TreeNumberList/TreeNumber"),
            _texts(record, "ConceptList/Concept/TermList/Term/String"),
            _texts(
                record,
                "PharmacologicalActionList/PharmacologicalAction/DescriptorReferredTo/DescriptorName/String",
            ),
        )
        record.clear()
        while record.getprevious() is not None:
            del record.getparent()[0]


def _text(record: Element, path: str) -> str:
    return "".join(_texts(record, path)[:1])


def _texts(record: Element, path: str) -> tuple[str, ...]:
    return tuple(each.text or "" for each in record.iterfind(path))
