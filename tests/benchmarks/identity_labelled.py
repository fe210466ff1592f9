"""The labelled sets of $SEEDWATCH_REAL_DATA/dedup, and how a clustering of them is judged."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from queries.readers.export import ExportRecord, read

NAMES = ("digital_work", "cytology_screening", "special_cases")
ASYSD = "asysd_labelled"
# Two columns, two truths: `source` marks 1,261 duplicates; `label`, which the data's README names, 896, and
# holds 370 records of the others to be originals. Both are printed.
ASYSD_TRUTHS = {"source": "duplicate", "label": "Duplicate_in_trash"}


@dataclass(frozen=True)
class Labelled:
    """A set: its records, and the true works as positions, or for ASySD which records are duplicates."""

    name: str
    file: Path
    entries: Sequence[ExportRecord]
    works: Sequence[frozenset[int]] = ()
    duplicates: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Score:
    """How a clustering agrees with the truth: over pairs, or over records for ASySD."""

    words: str
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def load(folder: Path) -> list[Labelled]:
    """Read all four sets."""
    sets = []
    for name in NAMES:
        file = folder / name / "records_pre_merged.csv"
        entries = list(read(file))
        at = {entry.id: position for position, entry in enumerate(entries)}
        with (folder / name / "merged_record_ids.csv").open(encoding="utf-8") as rows:
            works = [frozenset(at[i] for i in row["merged_ids"].split(";")) for row in csv.DictReader(rows)]
        sets.append(Labelled(name, file, entries, works))
    file = folder / f"{ASYSD}.csv"
    with file.open(encoding="latin-1", newline="") as rows:
        table = list(csv.DictReader(rows))
    entries = list(read(file))
    for column, word in ASYSD_TRUTHS.items():
        marked = frozenset(at for at, row in enumerate(table) if row[column] == word)
        sets.append(Labelled(f"{ASYSD} by {column}", file, entries, duplicates=marked))
    return sets


def judge(labelled: Labelled, found: Iterable[Iterable[int]]) -> Score:
    """Hold works (positions, those of one record may be left out) to the truth."""
    if labelled.duplicates:
        return _by_record(labelled, [set(each) for each in found])
    got, true = _pairs(found), _pairs(labelled.works)
    hits = len(got & true)
    precision, recall = hits / len(got) if got else 1.0, hits / len(true)
    words = f"P {precision:.4f}  R {recall:.4f}  {len(got - true)} false, {len(true - got)} missed pairs"
    return Score(words, precision, recall)


def _by_record(labelled: Labelled, found: list[set[int]]) -> Score:
    """Of each work one record is kept, an original if there is one, and the others are removed."""
    marked = labelled.duplicates
    seen = set().union(*found) if found else set()
    works = [*found, *({at} for at in range(len(labelled.entries)) if at not in seen)]
    kept = sum(not each - marked for each in works)
    lost = sum(max(0, len(each - marked) - 1) for each in works)
    originals = len(labelled.entries) - len(marked)
    sensitivity, specificity = 1 - kept / len(marked), 1 - lost / originals
    removed = len(marked) - kept
    words = f"sensitivity {sensitivity:.4f}  specificity {specificity:.4f}  {lost} lost, {kept} kept twice"
    return Score(words, removed / (removed + lost), sensitivity)


def _pairs(works: Iterable[Iterable[int]]) -> set[tuple[int, int]]:
    return {pair for each in works for pair in combinations(sorted(each), 2)}


def together(works: Sequence[int]) -> list[set[int]]:
    """Positions by the work that each is of."""
    found = defaultdict(set)
    for at, work in enumerate(works):
        found[work].add(at)
    return [each for each in found.values() if len(each) > 1]
