"""MeSH as a search needs it: headings below a heading, entry terms, pharmacological actions, subheadings.

The bundled table holds this field's part of the tree. NLM's own files can take its place, each of them
gzipped or not: the tree as tab-separated `tree number, UI, heading`, mtrees*.bin (`heading;tree number`),
or the descriptors, desc*.xml or d*.bin, which have entry terms and pharmacological actions as well.
"""

from bisect import bisect_left
from importlib.resources import files
from pathlib import Path

from queries.mirror.mesh_files import Descriptor, read_descriptors, tree_rows
from queries.mirror.words import plain
from queries.text.fold import indexed


class Mesh:
    """The tree, and the subheadings."""

    def __init__(self, file: Path | None = None) -> None:
        """Read the bundled tables, and `file` in place of the bundled tree; RecordsError if it is none."""
        rows = list(tree_rows(_bundled("mesh.tsv")))
        entries = {entry: row[2] for row in rows for entry in "".join(row[4:]).split("|")}
        self._partly = set() if file else {indexed(row[2]) for row in rows if row[3:4] == ("part",)}
        descriptors = (
            read_descriptors(file) if file else (Descriptor(row[2], row[1], (row[0],)) for row in rows)
        )
        self._numbers: dict[str, list[str]] = {}
        self._uis: dict[str, str] = {}
        self._actions: dict[str, list[str]] = {}
        tree = []
        for each in descriptors:
            for number in each.numbers:
                tree.append((number + ".", each.ui, each.heading))
                self._numbers.setdefault(indexed(each.heading), []).append(number + ".")
                if each.ui:
                    self._numbers.setdefault(indexed(each.ui), []).append(number + ".")
            self._uis[indexed(each.heading)] = each.ui
            entries |= dict.fromkeys(each.entries, each.heading)
            for action in each.actions:
                self._actions.setdefault(indexed(action), []).append(each.heading)
        self._tree = sorted(tree)
        self._entries = {indexed(entry): heading for entry, heading in entries.items() if entry}
        self._subheadings: dict[str, tuple[str, ...]] = {}
        for name, short, *narrower in (line.split("\t") for line in _bundled("subheadings.tsv")):
            below = tuple(narrower[0].split("|")) if narrower else ()
            self._subheadings[plain(name)] = self._subheadings[short.lower()] = (name, *below)

    def with_action(self, name: str) -> tuple[str, ...]:
        """The headings of substances with a pharmacological action; () where no file told of it."""
        return tuple(self._actions.get(indexed(self.heading(name)), ()))

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

    def subheadings(self, name: str, *, explode: bool = True) -> tuple[str, ...]:
        """A subheading, by name or two letters, and all narrower ones; () where there is none such."""
        found: dict[str, None] = {}
        wait = list(self._subheadings.get(plain(name), ())[:1])
        while wait:
            each = wait.pop()
            if each not in found:
                found[each] = None
                wait += self._subheadings[plain(each)][1:] if explode else ()
        return tuple(found)


def _bundled(name: str) -> list[str]:
    text = files("queries.mirror").joinpath(name).read_text("utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]
