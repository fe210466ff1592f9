"""The records that `bench_evidence` judges on, with their labels.

Texts are read from $SEEDWATCH_REAL_DATA; evidence_labels.csv holds only ids, labels and character
offsets, given by reading the records before the rules were read. The labels of a record are in the
held-out half or in the tuned one by a hash of its id.
"""

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from queries.readers.pubmed_xml import parse
from queries.records.article import Article, Passage

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


def corpora(folder: Path) -> dict[str, Article]:
    """Every shared record with text, by "source:id"."""
    found: dict[str, Article] = {}
    for name, file in (("pubmed", "pubmed/pubmed_real.xml.gz"), ("cml", "cml/cml_assembled.xml.gz")):
        content = gzip.decompress((folder / file).read_bytes())
        found |= {f"{name}:{each.pmid}": each for each in parse(content) if isinstance(each, Article)}
    csv.field_size_limit(10**8)
    for path in sorted((folder / "relevance").glob("screening_*.csv")):
        name = path.stem.removeprefix("screening_")
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                found[f"{name}:{row['id']}"] = _article(row["title"], row["abstract"])
    for line in (folder / "relevance/trec_documents.tsv").read_text("utf-8").splitlines()[1:]:
        pmid, title, abstract = line.split("\t")[:3]
        found[f"trec:{pmid}"] = _article(title, abstract)
    for line in (folder / "relevance/cf_documents.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        found[f"cf:{record['id']}"] = _article(record["title"], record["abstract"] or "")
    found |= {f"cite:{pmid}": _article(title, "") for pmid, title in _cited(folder / "cml")}
    return found


def _article(title: str, abstract: str) -> Article:
    passages = (Passage("", "", abstract, ""),) if abstract.strip() else ()
    return Article(pmid=1, title=title, abstract=passages)


def _cited(folder: Path) -> Iterator[tuple[str, str]]:
    """Titles from the lists of citations: "Authors. Title. Journal. Year ..."."""
    for line in (folder / "zheln_cml_tki_citations.tsv").read_text("utf-8").splitlines():
        pmid, _, citation = line.partition("\t")
        pieces = re.split(r"(?<=[.?]) ", citation)
        year = next((n for n, piece in enumerate(pieces) if re.match(r"20\d\d\b", piece)), 3)
        if pmid.isdigit():
            yield pmid, " ".join(pieces[1 : year - 1])
    for line in (folder / "seed_facts.tsv").read_text("utf-8").splitlines():
        cells = line.split("\t")
        if cells[1].isdigit():
            yield cells[1], cells[-1]


def labelled(articles: dict[str, Article]) -> Iterator[Labelled]:
    """The records of evidence_labels.csv."""
    with (HERE / "evidence_labels.csv").open(encoding="utf-8", newline="") as rows:
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
            article=_article(row["title"], row["abstract"]),
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
