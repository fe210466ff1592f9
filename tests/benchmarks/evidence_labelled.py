"""The records that `bench_evidence` judges on, with their labels.

Texts are read from $SEEDWATCH_REAL_DATA; evidence_labels.csv holds only ids, labels and character
offsets, given by reading the records before the rules were read. The labels of a record are in the
held-out half or in the tuned one by a hash of its id. evidence_fresh.csv holds as much of records
that were drawn later, and labelled before any program had read them: no rule was tuned on one.
"""

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from support.evidence_corpora import bare

from queries.records.article import Article

HERE = Path(__file__).parent
UNKNOWN = "?"  # of a label: not judged


@dataclass(frozen=True)
class Labelled:
    """A record and what is accepted of it; None is not judged, "" among the accepted is no answer.

    `quotes` are offsets in the passages' texts joined by a line break, -1 for no quote;
    `starts` (of the 45) are beginnings of acceptable sentences.
    """

    id: str
    article: Article
    study: tuple[str, ...] | None  # the likeliest first
    vague: bool  # without publication types the record does not tell its kind
    setting: str
    species: tuple[frozenset[str], ...] | None
    participants: frozenset[str] | None
    tfr: bool
    quotes: frozenset[int] | None
    starts: tuple[str, ...] = ()

    @property
    def held_out(self) -> bool:
        """Whether it is not for tuning."""
        return int(hashlib.sha256(f"held out? {self.id}".encode()).hexdigest()[0], 16) % 2 == 1

    def hidden(self) -> Article:
        """The record without publication types and MeSH."""
        return replace(self.article, publication_types=(), mesh=())


def labelled(articles: dict[str, Article], file: str = "evidence_labels.csv") -> Iterator[Labelled]:
    """The records of a file of labels."""
    with (HERE / file).open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            key = f"{row['source']}:{row['id']}"
            yield Labelled(
                id=key,
                article=articles[key],
                study=None if row["study"] == UNKNOWN else tuple(row["study"].removesuffix("~").split(",")),
                vague=row["study"].endswith("~"),
                setting=row["setting"],
                species=_species(row["species"]),
                participants=_numbers(row["participants"]),
                tfr=row["tfr"] == "1",
                quotes=None if UNKNOWN in row["quotes"] else _offsets(row["quotes"]),
            )


def stopping_studies(folder: Path) -> Iterator[Labelled]:
    """The 45 shared records on stopping treatment, labelled by another reader."""
    for line in (folder / "evidence/cml_tfr_labelled.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        yield Labelled(
            id=row["id"],
            article=bare(row["title"], row["abstract"]),
            study=tuple(row["study"]) if row["study_judged"] else None,
            vague=False,
            setting="-",
            species=tuple(frozenset({each} - {""}) for each in row["species"]),
            participants=frozenset(row["participants"] or [""]) if row["participants_judged"] else None,
            tfr=row["tfr"],
            quotes=None,
            starts=tuple(row["quote_starts"]),
        )


def cards() -> dict[str, dict[str, list[tuple[int, int]]]]:
    """Per id of the 45, per cell, where the abstract prints it; [] where it doesn't."""
    found: dict[str, dict[str, list[tuple[int, int]]]] = {}
    with (HERE / "evidence_cards.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            spans = found.setdefault(row["id"], {}).setdefault(row["cell"], [])
            if row["start"]:
                spans.append((int(row["start"]), int(row["end"])))
    return found


def _species(told: str) -> tuple[frozenset[str], ...] | None:
    if told == UNKNOWN:
        return None
    return tuple(frozenset(set(each.split(";")) - {"none"}) for each in told.split("/"))


def _numbers(told: str) -> frozenset[str] | None:
    if told == UNKNOWN:
        return None
    return frozenset("" if each == "-" else each for each in told.split(";"))


def _offsets(told: str) -> frozenset[int]:
    return frozenset(-1 if each == "-" else int(each) for each in told.split())
