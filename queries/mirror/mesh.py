"""MeSH as a search needs it: which headings stand below a heading, which subheadings below a subheading.

The bundled table holds this field's part of the tree. NLM's own files can take its place: the tree as
tab-separated `tree number, UI, heading`, or mtrees*.bin (`heading;tree number`), either of them gzipped.
"""

import gzip
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from queries.errors import RecordsError
from queries.text.fold import indexed


class Mesh:
    """The tree, and the subheadings."""

    def __init__(self, file: Path | None = None) -> None:
        """Read the bundled tables, and `file` in place of the bundled tree; RecordsError if it is none."""
        rows = list(_tree(_bundled("mesh.tsv")))
        entries = {entry: row[2] for row in rows for entry in "".join(row[4:]).split("|")}
        if file:
            rows = list(_tree(_lines(file)))
            if not rows:
                raise RecordsError(
                    str(file), "holds no MeSH tree", "Give tree number, UI, heading by tabs, or mtrees.bin"
                )
        self._partly = {indexed(row[2]) for row in rows if row[3:4] == ("part",)}
        self._tree = sorted((number + ".", ui, heading) for number, ui, heading, *_ in rows)
        self._numbers: dict[str, list[str]] = {}
        self._uis: dict[str, str] = {}
        for number, ui, heading in self._tree:
            self._numbers.setdefault(indexed(heading), []).append(number)
            if ui:
                self._numbers.setdefault(indexed(ui), []).append(number)
            self._uis[indexed(heading)] = ui
        self._entries = {indexed(entry): heading for entry, heading in entries.items() if entry}
        self._subheadings: dict[str, tuple[str, ...]] = {}
        for name, short, *narrower in (line.split("\t") for line in _bundled("subheadings.tsv")):
            below = tuple(narrower[0].split("|")) if narrower else ()
            self._subheadings[name] = self._subheadings[short.lower()] = (name, *below)

    def heading(self, name: str) -> str:
        """The heading that `name` is an entry term of, else `name` itself."""
        return self._entries.get(indexed(name), name) if indexed(name) not in self._numbers else name

    def alone(self, name: str) -> tuple[str, ...]:
        """A heading and its UI, where that is known."""
        ui = self._uis.get(indexed(name))
        return (name, ui) if ui else (name,)

    def whole(self, name: str) -> bool:
        """Whether the tree has the heading and all below it."""
        return indexed(name) in self._numbers and indexed(name) not in self._partly

    def exploded(self, name: str) -> tuple[str, ...]:
        """A heading and all that stand below it, names and UIs; () where the tree doesn't have it."""
        found: dict[str, None] = {}
        for number in self._numbers.get(indexed(name), ()):
            at = bisect_left(self._tree, (number, "", ""))
            while at < len(self._tree) and self._tree[at][0].startswith(number):
                found.update(dict.fromkeys(part for part in self._tree[at][1:] if part))
                at += 1
        return tuple(found)

    def subheadings(self, name: str) -> tuple[str, ...]:
        """A subheading, by name or two letters, and all narrower ones; () where there is none such."""
        found: dict[str, None] = {}
        wait = list(self._subheadings.get(name.lower(), ())[:1])
        while wait:
            each = wait.pop()
            if each not in found:
                found[each] = None
                wait += self._subheadings[each][1:]
        return tuple(found)


def _bundled(name: str) -> list[str]:
    text = files("queries.mirror").joinpath(name).read_text("utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def _lines(file: Path) -> list[str]:
    try:
        packed = file.read_bytes()
        return (gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed).decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as trouble:
        raise RecordsError(
            str(file), f"cannot be read as a MeSH tree ({trouble})", "Give NLM's file"
        ) from trouble


def _tree(lines: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        cells = line.split("\t")
        if len(cells) == 1:
            heading, _, number = line.rpartition(";")
            cells = [number, "", heading]
        if len(cells) > 2 and re.fullmatch(r"[A-Z]\d\d(\.\d+)*", cells[0]):  # noqa: PLR2004 - number, UI, heading
            yield tuple(cells)
