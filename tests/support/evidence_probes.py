"""The probes of tests/evidence_probes.jsonl: invented records, and what must be said of them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from queries.records.article import Article, Passage, Term
from queries.records.digest import Evidence

FILE = Path(__file__).parents[1] / "evidence_probes.jsonl"


@dataclass(frozen=True)
class Probe:
    """An invented record, and per field of `expect` what is accepted."""

    id: str
    trap: bool
    article: Article
    expect: dict[str, Any]


def _read() -> tuple[Probe, ...]:
    found = []
    for line in FILE.read_text("utf-8").splitlines():
        row = json.loads(line)
        passages = (Passage("", "", row["abstract"], ""),) if row["abstract"] else ()
        article = Article(
            pmid=1,
            title=row["title"],
            abstract=passages,
            publication_types=tuple(Term("", name) for name in row["types"]),
        )
        found.append(Probe(row["id"], row["trap"], article, row["expect"]))
    return tuple(found)


PROBES = _read()


def wrong(probe: Probe, said: Evidence) -> str:
    """What is wrong of what was said, "" if all is right."""
    return "; ".join(
        f"{field}: {accepted} -> {answer!r}"
        for field, accepted in probe.expect.items()
        if not _right(field, answer := _answer(field, said), accepted)
    )


def _answer(field: str, said: Evidence) -> Any:
    if field.startswith("tfr_"):
        name = field.removeprefix("tfr_")
        return getattr(said.card, name)
    return getattr(said, field)


def _right(field: str, answer: Any, accepted: Any) -> bool:
    if field == "quote":
        return any(answer.startswith(one) if one else not answer for one in accepted)
    if field in {"species", "trials"}:
        return bool(set(answer) == set(accepted))
    if field == "stopping":
        return bool(set(accepted) <= set(answer))
    if isinstance(accepted, list):
        return answer in accepted
    return bool(answer == accepted)
