"""Whose body or cells were studied: the headings of MeSH, else the article's words."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from queries.evidence.reading import Reading
from queries.evidence.rules import compiled
from queries.evidence.study import CLINICAL, Study
from queries.evidence.words import ANIMALS, CELL_LINES

MOST = 3  # names on a badge

_HEADINGS = (
    ("mouse", compiled(r"Mice\b|Disease Models, Animal, Mouse")),
    ("rat", compiled(r"Rats\b")),
    ("zebrafish", compiled(r"Zebrafish$")),
    ("monkey", compiled(r"Macaca|Haplorhini|Callithrix|Papio|Chlorocebus")),
    ("dog", compiled(r"Dogs?$|Dog Diseases")),
    ("pig", compiled(r"(?:Sus scrofa|Swine)(?:, Miniature)?$")),
    ("rabbit", compiled(r"Rabbits$")),
    ("sheep", compiled(r"Sheep$")),
    ("horse", compiled(r"Horses$|Horse Diseases")),
    ("cat", compiled(r"Cats$|Cat Diseases")),
    ("cow", compiled(r"Cattle$")),
    ("chicken", compiled(r"Chickens$|Chick Embryo")),
    ("drosophila", compiled(r"Drosophila")),
    ("worm", compiled(r"Caenorhabditis elegans$")),
    ("yeast", compiled(r"(?:Schizos|S)accharomyces")),
    (
        "cell line",
        compiled(
            r"Cell Line|K562|HeLa|HEK293|Jurkat|HL-60|U937|MCF-7|Hep G2|THP-1|A549|Caco-2|PC12|"
            r"Tumor Cells, Cultured"
        ),
    ),
)
_LINE = compiled(CELL_LINES)
_CELLS = compiled(
    r"\bcell lines?\b|\bc6 glioma\b|\bcultured (?:[a-z0-9-]+ ){0,3}cells\b|"
    r"\b(?:cancer|carcinoma|melanoma|glioma|lung|epithelial|neuroblastoma|tumou?r|leuka?emi[ac]|cml|beta|muscle|"
    r"kidney|ovary|hepatoma|lymphoma|myeloma|inflammatory) cells\b"
)
_PEOPLE = compiled(
    r"\b(?:patients?|participants|volunteers|women|men|children|adolescents?|infants?|newborns?|people|"
    r"persons|humans?|adults|pa?ediatric|childhood|man|woman|boy|girl|youths?|students|residents|schoolchildren|"
    r"passengers?|seroconverters)\b"
)
# Of a title or an abstract without people or animals: what only people have, or are treated for.
_ILLNESS = compiled(
    r"\b(?:leuka?emias?|cml|lymphomas?|myeloma|cancers?|carcinomas?|hiv|hepatitis|diabetes|asthma|migraine|arthritis|"
    r"clinical(?:ly)?|therap(?:y|ies|eutic)|treatments?|management|pregnanc(?:y|ies)|fertility|surgery|surgical|biopsy|"
    r"hospital|nursing|prognos\w+|diagnos\w+|polymorphisms?|physicians?|remission|embolism)\b"
)
_SAMPLES = compiled(
    r"\b(?:samples?|cells|blood|marrows?|specimens?|biops(?:y|ies)|tissues?|trephines?|plasma|ser(?:a|um)) "
    r"(?:[\w,-]+ ){0,4}(?:from|of|in) (?:[\w-]+ ){0,6}(?:patients?|donors?|volunteers|children|women|men)\b|"
    r"\b(?:patient|primary human|human (?:tumou?r|tissue)) (?:samples|specimens|tissues?)\b|"
    r"\bpatients'? (?:samples|cells)|\d% of [^.]{0,40}human (?:[a-z]+ )?(?:cancers|tumou?rs)\b|"
    r"\btumou?r tissues? of [a-z0-9]+ patients"
)
_OFTEN = 2  # mentions from which an animal is not in passing


class Species(NamedTuple):
    """At most three, most important first, and why."""

    names: tuple[str, ...]
    reason: str


def species(reading: Reading, found: Study) -> Species:
    """Whose body or cells. A clinical study that mentions mice has not studied them."""
    headings = [heading.name for heading in reading.article.mesh]
    text = f"{reading.title_lower}\n{reading.lower}"
    if found.word in CLINICAL or found.word == "patient samples":
        if not _PEOPLE.search(text) and (titled := _entitled(reading)):
            return _species(titled)
        return Species(("human",), "MeSH Humans" if "Humans" in headings else found.reason)
    animals = _tagged(headings)
    cells = animals.pop("cell line", "")
    if found.word not in {"in vivo", "in vitro"}:
        titled = _entitled(reading)
        human = "MeSH Humans" if "Humans" in headings else "" if headings else _human(reading, text)
        return _species({"human": human} | (animals or titled))
    if not animals:
        animals = _worded(reading)
    if not cells and (not headings or found.word == "in vitro"):
        cells = _line(text)
    own = {"cell line": cells, "human": _found(_SAMPLES, text)}
    return _species(own | animals if found.word == "in vitro" else animals | own)


def _species(reasons: dict[str, str]) -> Species:
    kept = [(name, reason) for name, reason in reasons.items() if reason][:MOST]
    return Species(tuple(name for name, _ in kept), "; ".join(f"{name}: {reason}" for name, reason in kept))


@lru_cache(maxsize=50_000)
def _heading(name: str) -> str:
    return next((species for species, pattern in _HEADINGS if pattern.match(name)), "")


def _tagged(headings: Sequence[str]) -> dict[str, str]:
    return {name: f"MeSH {heading}" for heading in headings if (name := _heading(heading))}


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return f"text: '{match[0]}'" if match else ""


def _line(text: str) -> str:
    """Why there is a cell line."""
    if match := _CELLS.search(text):
        return f"text: '{match[0]}'"
    return _found(_LINE, text)


def _entitled(reading: Reading) -> dict[str, str]:
    """Animals that the title names and the abstract, if there is one, too; no acronyms (MOUSE)."""
    title = reading.title_lower
    return {
        name: f"title: '{match[0]}'"
        for name, stems, pattern in ANIMALS
        if any(stem in title for stem in stems)
        and (match := pattern.search(title))
        and not (reading.title_span(match).isupper() and not reading.title.isupper())
        and (not reading.lower or pattern.search(reading.lower))
    }


def _worded(reading: Reading) -> dict[str, str]:
    """Animals in title, twice in the abstract, or once but not in its background."""
    text = f"{reading.title_lower}\n{reading.lower}"
    found: dict[str, str] = {}
    passing: dict[str, str] = {}
    for name, stems, pattern in ANIMALS:
        if not any(stem in text for stem in stems):
            continue
        matches = [match for match in pattern.finditer(text) if not _acronym(reading, match)]
        if not matches:
            continue
        reason = f"text: '{matches[0][0]}'"
        often = len(matches) >= _OFTEN or matches[0].end() <= len(reading.title)
        (found if often else passing)[name] = reason
    for whole, part in (("zebrafish", "fish"), ("guinea pig", "pig")):
        if whole in found:
            found.pop(part, None)
    return found or passing


def _acronym(reading: Reading, match: re.Match[str]) -> bool:
    """Whether an animal in title and abstract is printed in capitals, as FISH is."""
    printed = f"{reading.title}\n{reading.abstract}"
    words = printed[match.start() : match.end()]
    return words.isupper() and words != "NSG" and not printed[len(reading.title) :].isupper()


def _often(pattern: re.Pattern[str], text: str) -> bool:
    return len(list(islice(pattern.finditer(text), _OFTEN + 1))) > _OFTEN


def _human(reading: Reading, text: str) -> str:
    """Why the article is about people, though it studied none; "" if it isn't."""
    return (
        _found(_PEOPLE, text)
        or _found(_ILLNESS, reading.title_lower)
        or (_found(_ILLNESS, reading.lower) if _often(_ILLNESS, reading.lower) else "")
    )
