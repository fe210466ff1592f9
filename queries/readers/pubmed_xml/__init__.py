"""PubMed XML as records: EFetch answers, baseline and update files, any size, one record at a time.

The stream is cut at the tags of its records, and each record is parsed alone: memory stays that of
one record, and damage costs one record. As no record carries a DTD, none can define an entity.

    pieces(stream)  ->  bytes of one PubmedArticle, PubmedBookArticle or DeleteCitation, verbatim
    read(piece)     ->  Article | Refusal
    parse(stream)   ->  Article | Refusal, of all but the DeleteCitations
    deleted(stream) ->  the PMIDs of the DeleteCitations
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Final, Protocol

from lxml import etree
from lxml.etree import _Element as Element

from queries.errors import Incomplete
from queries.readers.bounded import LONGEST
from queries.readers.pubmed_xml.article import read_article
from queries.readers.pubmed_xml.book import read_book
from queries.readers.pubmed_xml.links import pmid_of
from queries.readers.pubmed_xml.markup import tidy
from queries.readers.pubmed_xml.parts import Unreadable
from queries.records.article import Article
from queries.records.harvest import Refusal

_BLOCK: Final = 1 << 20
_LONGEST_TAG: Final = 1 << 16

_START = re.compile(rb"<(PubmedArticle|PubmedBookArticle|DeleteCitation)[\s/>]")
_SET = re.compile(rb"<(/?)Pubmed(?:Book)?ArticleSet\b[^>]*?(/?)>")
_PMID = re.compile(rb"<PMID\b[^>]*>\s*(\d+)\s*<")
_KINDS = (b"PubmedArticle", b"PubmedBookArticle", b"DeleteCitation")
_LESS: Final = ord("<")
_DELETION = b"<DeleteCitation"
# The entities of a record are XML's five; no DTD is fetched, nothing is expanded, and one text may be long.
PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=True,
    collect_ids=False,
    remove_comments=True,
    remove_pis=True,
)
_PREFIXES = (
    b'xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink" '
    b'xmlns:ali="http://www.niso.org/schemas/ali/1.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
_REMEDY = "Fetch it again; what was complete has been read"


class Readable(Protocol):
    """An open binary file, a gzip file, or whatever else gives bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; b"" at the end."""


def parse(stream: Readable | bytes, *, partial: bool = False) -> Iterator[Article | Refusal]:
    """The records of a PubMed XML stream, in order; a bad one as a Refusal saying why.

    Raises Incomplete at the end of a truncated stream, after all that was complete, and at once
    for what is not PubMed XML; with `partial` it just ends. See NLM's pubmed_250101.dtd.
    """
    return (read(piece) for piece in pieces(stream, partial=partial) if not is_deletion(piece))


def deleted(stream: Readable | bytes, *, partial: bool = False) -> Iterator[int]:
    """The PMIDs of an update file's DeleteCitation; errors as in `parse`."""
    for piece in pieces(stream, partial=partial):
        if is_deletion(piece):
            yield from deletion(piece)


def is_deletion(piece: bytes) -> bool:
    """Whether `piece` is a DeleteCitation."""
    return piece.startswith(_DELETION)


def deletion(piece: bytes) -> Iterator[int]:
    """DeleteCitation/PMID."""
    return (pmid for each in _PMID.findall(piece) if (pmid := pmid_of(each.decode())))


def read(piece: bytes) -> Article | Refusal:
    """One PubmedArticle or PubmedBookArticle element as an Article, or why it is none."""
    try:
        record = _tree(piece)
    except etree.XMLSyntaxError as damage:
        return Refusal(_guess_pmid(piece), f"is damaged XML: {tidy(damage.msg)[:200]}")
    try:
        return read_book(record) if record.tag == "PubmedBookArticle" else read_article(record)
    except Unreadable as lack:
        return Refusal(_guess_pmid(piece), str(lack))


def _tree(piece: bytes) -> Element:
    """The element; prefixes that the set's tag declared for all its records are known, too."""
    try:
        return etree.fromstring(piece, PARSER)
    except etree.XMLSyntaxError as damage:
        if "Namespace prefix" not in str(damage):
            raise
    return etree.fromstring(b"<set %b>%b</set>" % (_PREFIXES, piece), PARSER)[0]


def pieces(stream: Readable | bytes, *, partial: bool = False) -> Iterator[bytes]:
    """The bytes of each record of the stream, verbatim; errors as in `parse`.

    A record that is not closed before the next one begins ends there, and will be refused.
    """
    source = BytesIO(stream) if isinstance(stream, bytes) else stream
    sets: Counter[str] = Counter()
    buffer, at, count = b"", 0, 0
    for block in _blocks(source):
        buffer, at = buffer[at:] + block, 0
        kinds = [kind for kind in _KINDS if kind in buffer]
        while start := _START.search(buffer, at):
            _count(sets, buffer, at, start.start())
            at = start.start()
            end = _end(buffer, start, kinds)
            if end < 0:
                break
            yield buffer[at:end]
            at, count = end, count + 1
        else:
            seen = max(buffer.rfind(b"<"), at)  # a tag may go on in the next block
            if len(buffer) - seen > _LONGEST_TAG:
                seen = len(buffer)
            _count(sets, buffer, at, seen)
            at = seen
    _count(sets, buffer, at, len(buffer))
    if not partial:
        _check_end(sets, begun=_START.match(buffer, at) is not None, count=count)


def _count(sets: Counter[str], buffer: bytes, start: int, end: int) -> None:
    """Count the tags that open and close a set."""
    for slash, empty in _SET.findall(buffer, start, end):
        sets["closed" if slash else "empty" if empty else "opened"] += 1


def _blocks(source: Readable) -> Iterator[bytes]:
    try:
        while block := source.read(_BLOCK):
            yield block
    except (EOFError, zlib.error) as damage:
        raise Incomplete("PubMed XML", f"cannot be decompressed ({damage})", _REMEDY) from damage


def _end(buffer: bytes, start: re.Match[bytes], kinds: Sequence[bytes]) -> int:
    """Where the record that starts here ends; -1 if that is not in the buffer yet.

    `kinds` are the names of records that occur in the buffer.
    """
    name, begun = start.group(1), start.end()
    opened = buffer.find(b">", begun - 1)
    if opened < 0:
        return -1 if len(buffer) - begun < LONGEST else len(buffer)
    if buffer[opened - 1 : opened] == b"/":
        return opened + 1
    end, whole = _next_tag(buffer, name, begun)
    for kind in kinds:
        if kind != name:
            other, _ = _next_tag(buffer, kind, begun, end)
            end, whole = (other, False) if other >= 0 else (end, whole)
    if whole:
        return buffer.find(b">", end) + 1 or -1
    if end < 0 and len(buffer) - begun > LONGEST:
        return len(buffer)
    return end


def _next_tag(buffer: bytes, name: bytes, at: int, limit: int = -1) -> tuple[int, bool]:
    """Where the next tag that begins with `name` begins, and whether it closes a record."""
    until = limit if limit >= 0 else len(buffer)
    while (at := buffer.find(name, at, until)) >= 0:
        if buffer[at - 1] == _LESS:
            return at - 1, False
        if buffer[at - 2 : at] == b"</":  # of the record, or of the set
            return at - 2, buffer[at + len(name) : at + len(name) + 3] != b"Set"
        at += len(name)
    return -1, False


def _check_end(sets: Counter[str], *, begun: bool, count: int) -> None:
    """Raise Incomplete unless every set was closed and something was there."""
    if begun or sets["opened"] > sets["closed"]:
        raise Incomplete("PubMed XML", f"ends in the middle, after {count} records", _REMEDY)
    if not sets and not count:
        raise Incomplete("PubMed XML", "holds no PubmedArticleSet", "Check that it is PubMed's XML")


def _guess_pmid(piece: bytes) -> int | None:
    """The first PMID of a record that cannot be parsed: its own, as MedlineCitation begins with it."""
    found = _PMID.search(piece)
    return pmid_of(found.group(1).decode()) if found else None
