"""Whose body or cells were studied: check tags and headings of MeSH, else the article's words."""

import re
from typing import NamedTuple

from queries.evidence_study import CLINICAL, Study
from queries.records import Article

# Most important first; a badge shows at most three.
_HEADINGS = (
    ("human", re.compile(r"Humans$")),
    ("mouse", re.compile(r"Mice\b|Mice,|Disease Models.*Mouse")),
    ("rat", re.compile(r"Rats\b")),
    ("zebrafish", re.compile(r"Zebrafish$")),
    ("monkey", re.compile(r"Macaca|Primates|Haplorhini|Callithrix|Papio|Chlorocebus")),
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
    ("yeast", re.compile(r"Saccharomyces|Schizosaccharomyces")),
)
_WORDS = (
    ("mouse", re.compile(r"\b(?:mice|murine|mouse|nsg|xenograft\w*|xenotransplant\w*)\b(?! (?:monoclonal|anti|cells?\b|cell line|leuk\w+ (?:macrophage|cell)|fibroblast|antibod|igg))")),
    ("rat", re.compile(r"\brats?\b(?! (?:glioma|cell|pheochromocytoma|anti))")),
    ("zebrafish", re.compile(r"\bzebrafish\b")),
    ("monkey", re.compile(r"\b(?:monkeys?|macaques?|marmosets?)\b")),
    ("dog", re.compile(r"\b(?:dogs?|canine|beagles?)\b")),
    ("pig", re.compile(r"\b(?:pigs?|piglets?|porcine|swine)\b(?<!guinea pigs)(?<!guinea pig)")),
    ("rabbit", re.compile(r"\brabbits?\b(?! (?:anti|polyclonal|monoclonal|antibod))")),
    ("sheep", re.compile(r"\b(?:sheep|ovine|lambs?)\b")),
    ("horse", re.compile(r"\b(?:horses?|mares?|equine)\b")),
    ("cat", re.compile(r"\b(?:cats|feline)\b")),
    ("fly", re.compile(r"\bdrosophila\b")),
    ("worm", re.compile(r"\bc(?:\.|aenorhabditis) elegans\b")),
    ("yeast", re.compile(r"\b(?:yeast|s\. cerevisiae)\b")),
)  # fmt: skip
_CELL_HEADING = re.compile(
    r"Cell Line|K562|HeLa|HEK293|Jurkat|HL-60|U937|MCF-7|Hep G2|THP-1|A549|Tumor Cells, Cultured|Caco-2|PC12"
)
_CELL_WORDS = re.compile(
    r"\bcell lines?\b|\b(?:k-?562|hela|hek-?293\w*|hl-?60|jurkat|mcf-?7|hep-?g2|raw ?264|kcl-?22|lama-?84|ba/?f3|mv4-?11|"
    r"thp-?1|a549|u937|s2 cells|mda-mb|h1975|a2780|c6 glioma|dt40|molm-?1[34]|kg-?1a?)\b|\b(?:cancer|carcinoma|melanoma|glioma|lung|epithelial|"
    r"neuroblastoma|tumou?r) cells\b"
)
_PERSON_WORDS = re.compile(
    r"\b(?:patients?|participants|volunteers|women|men|children|adolescents?|infants?|newborns?|people|persons|"
    r"humans?|adults|pediatric|childhood|man|woman|boy|girl|youths?|students|young people)\b"
)
_SAMPLE_WORDS = re.compile(
    r"\b(?:samples?|cells|blood|marrows?|specimens?|biops(?:y|ies)|tissues?|trephines?|plasma|sera|serum|brain tissue) "
    r"(?:[\w,-]+ ){0,4}(?:from|of|in) (?:[\w-]+ ){0,6}(?:patients?|donors?|volunteers|children|women|men)\b|"
    r"\b(?:patient|primary human|human (?:tumou?r|tissue)) (?:samples|specimens|tissues?)\b|\bpatients'? (?:samples|cells)|"
    r"\b\d+% of [^.]{0,40}human (?:[a-z]+ )?(?:cancers|tumou?rs)\b|"
    r"\bcd34\+(?:cd38\W?\S*)? cells (?:of|from) [^.]{0,30}patients\b|\bn = \d+ patients\b"
)


class Species(NamedTuple):
    """At most three, most important first, and why."""

    names: tuple[str, ...]
    reason: str


def species(article: Article, found: Study, text: str) -> Species:
    """Whose body or cells; `text` is title and abstract in lower case."""
    headings = [heading.name for heading in article.mesh]
    animals = {name: h for name, pattern in _HEADINGS[1:] for h in headings if pattern.match(h)}
    if headings:
        reasons = {name: f"MeSH {heading}" for name, heading in animals.items()}
    else:
        reasons = {name: f"text: '{m[0]}'" for name, pattern in _WORDS if (m := pattern.search(text))}
    if found.word in CLINICAL or found.word == "patient samples":
        # A clinical article that mentions mice has not studied them, and its cell line is a control.
        return Species(("human",), f"MeSH Humans" if "Humans" in headings else found.reason)
    human = _human(headings, found, text)
    cells = ""
    if found.word in {"in vitro", "in vivo"}:
        heading = next((h for h in headings if _CELL_HEADING.match(h)), "")
        words = _CELL_WORDS.search(text)
        cells = f"MeSH {heading}" if heading else f"text: '{words[0]}'" if words else ""
    order = [(name, reason) for name, reason in reasons.items()]
    if found.word == "in vitro":
        order = ([("cell line", cells)] if cells else []) + ([("human", human)] if human else []) + order
    elif found.word == "in vivo":
        order = order + ([("cell line", cells)] if cells else []) + ([("human", human)] if human else [])
    else:
        order = ([("human", human)] if human else []) + order
    order = order[:3]
    return Species(tuple(name for name, _ in order), "; ".join(f"{name}: {reason}" for name, reason in order))


def _human(headings: list[str], found: Study, text: str) -> str:
    """Why people were studied, "" if not; that a cell line came from a person isn't enough."""
    if found.word in {"in vivo", "in vitro"}:
        match = _SAMPLE_WORDS.search(text)
    elif headings:
        return "MeSH Humans" if "Humans" in headings else ""
    else:
        match = _PERSON_WORDS.search(text)
    return f"text: '{match[0]}'" if match else ""
