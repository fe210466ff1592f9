"""Whose body or cells were studied: the headings of MeSH, else the article's words."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from queries.evidence.rules import CELL_LINES
from queries.evidence.study import CLINICAL, Study
from queries.records.article import Article

MOST = 3  # names on a badge

_HEADINGS = (
    ("mouse", re.compile(r"Mice\b|Disease Models, Animal, Mouse")),
    ("rat", re.compile(r"Rats\b")),
    ("zebrafish", re.compile(r"Zebrafish$")),
    ("monkey", re.compile(r"Macaca|Haplorhini|Callithrix|Papio|Chlorocebus")),
    ("dog", re.compile(r"Dogs?$|Dog Diseases")),
    ("pig", re.compile(r"(?:Sus scrofa|Swine)(?:, Miniature)?$")),
    ("rabbit", re.compile(r"Rabbits$")),
    ("sheep", re.compile(r"Sheep$")),
    ("horse", re.compile(r"Horses$|Horse Diseases")),
    ("cat", re.compile(r"Cats$|Cat Diseases")),
    ("cattle", re.compile(r"Cattle$")),
    ("chicken", re.compile(r"Chickens$|Chick Embryo")),
    ("fly", re.compile(r"Drosophila")),
    ("worm", re.compile(r"Caenorhabditis elegans$")),
    ("yeast", re.compile(r"(?:Schizos|S)accharomyces")),
    (
        "cell line",
        re.compile(
            r"Cell Line|K562|HeLa|HEK293|Jurkat|HL-60|U937|MCF-7|Hep G2|THP-1|A549|Caco-2|PC12|"
            r"Tumor Cells, Cultured"
        ),
    ),
)
# The name, what must be in the text for it, and the words.
_WORDS = (
    (
        "mouse",
        ("mice", "mouse", "murine", "xeno", "nsg"),
        re.compile(
            r"\b(?:mice|murine|mouse|nsg|xenograft\w*|xenotransplant\w*)\b(?! (?:monoclonal|anti|cells?\b|"
            r"cell line|"
            r"leuk\w+ (?:macrophage|cell)|fibroblast|antibod|igg))"
        ),
    ),
    ("rat", ("rat", ), re.compile(r"\brats?\b(?! (?:glioma|cell|pheochromocytoma|anti))")),
    ("zebrafish", ("zebrafish",), re.compile(r"\bzebrafish\b")),
    ("monkey", ("monkey", "macaque", "marmoset"), re.compile(r"\b(?:monkeys?|macaques?|marmosets?)\b")),
    ("dog", ("dog", "canine", "beagle"), re.compile(r"\b(?:dogs?|canine|beagles?)\b")),
    ("pig", ("pig", "porcine", "swine"), re.compile(r"(?<!guinea )\b(?:pigs?|piglets?|porcine|swine)\b")),
    ("rabbit", ("rabbit",), re.compile(r"\brabbits?\b(?! (?:anti|polyclonal|monoclonal|antibod))")),
    ("sheep", ("sheep", "ovine"), re.compile(r"\b(?:sheep|ovine)\b")),
    ("horse", ("horse", "mares", "equine"), re.compile(r"\b(?:horses?|mares|equine)\b")),
    ("cat", ("cats", "feline"), re.compile(r"\b(?:cats|feline)\b")),
    ("fly", ("drosophila",), re.compile(r"\bdrosophila\b")),
    ("worm", ("elegans",), re.compile(r"\bc(?:\.|aenorhabditis) elegans\b")),
    ("yeast", ("yeast", "cerevisiae"), re.compile(r"\byeast\b|\bs\. cerevisiae\b")),
)  # fmt: skip
_CELLS = re.compile(
    rf"\bcell lines?\b|{CELL_LINES}|\bc6 glioma\b|"
    r"\b(?:cancer|carcinoma|melanoma|glioma|lung|epithelial|neuroblastoma|tumou?r) cells\b"
)
_PEOPLE = re.compile(
    r"\b(?:patients?|participants|volunteers|women|men|children|adolescents?|infants?|newborns?|people|"
    r"persons|humans?|"
    r"adults|pediatric|childhood|man|woman|boy|girl|youths?|students)\b"
)
_SAMPLES = re.compile(
    r"\b(?:samples?|cells|blood|marrows?|specimens?|biops(?:y|ies)|tissues?|trephines?|plasma|ser(?:a|um)) "
    r"(?:[\w,-]+ ){0,4}(?:from|of) (?:[\w-]+ ){0,6}(?:patients?|donors?|volunteers|children|women|men)\b|"
    r"\b(?:patient|primary human|human (?:tumou?r|tissue)) (?:samples|specimens|tissues?)\b|"
    r"\bpatients'? (?:samples|cells)|"
    r"\d% of [^.]{0,40}human (?:[a-z]+ )?(?:cancers|tumou?rs)\b"
)


class Species(NamedTuple):
    """At most three, most important first, and why."""

    names: tuple[str, ...]
    reason: str


def species(article: Article, found: Study, text: str, patients: str) -> Species:
    """Whose body or cells; `text` is title and abstract in lower case, `patients` why there are some."""
    headings = [heading.name for heading in article.mesh]
    if found.word in CLINICAL or found.word == "patient samples" or patients:
        # A clinical article that mentions mice has not studied them, and its cell line is a control.
        return Species(("human",), "MeSH Humans" if "Humans" in headings else patients or found.reason)
    reasons = _tagged(headings)
    if not headings or (found.word == "in vivo" and not reasons.keys() - {"cell line"}):
        reasons |= _worded(text)
    cells = reasons.pop("cell line", "")
    human = _human(headings, found, text)
    if found.word in {"in vitro", "in vivo"}:
        if not cells and (match := _CELLS.search(text)):
            cells = f"text: '{match[0]}'"
        own = {"cell line": cells, "human": human}
        reasons = own | reasons if found.word == "in vitro" else reasons | own
    else:
        reasons = {"human": human} | reasons
    kept = [(name, reason) for name, reason in reasons.items() if reason][:MOST]
    return Species(tuple(name for name, _ in kept), "; ".join(f"{name}: {reason}" for name, reason in kept))


@lru_cache(maxsize=50_000)
def _heading(name: str) -> str:
    return next((species for species, pattern in _HEADINGS if pattern.match(name)), "")


def _tagged(headings: Sequence[str]) -> dict[str, str]:
    return {name: f"MeSH {heading}" for heading in headings if (name := _heading(heading))}


def _worded(text: str) -> dict[str, str]:
    return {
        name: f"text: '{match[0]}'"
        for name, stems, pattern in _WORDS
        if any(stem in text for stem in stems) and (match := pattern.search(text))
    }


def _human(headings: Sequence[str], found: Study, text: str) -> str:
    """Why people were studied, "" if not; that a cell line came from a person isn't enough."""
    if headings and found.word not in {"in vivo", "in vitro"}:
        return "MeSH Humans" if "Humans" in headings else ""
    match = (_SAMPLES if found.word in {"in vivo", "in vitro"} else _PEOPLE).search(text)
    return f"text: '{match[0]}'" if match else ""
