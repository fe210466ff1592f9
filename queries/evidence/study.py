"""What kind of study an article reports, from its publication types and its own words."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from queries.evidence.rules import (
    ABSTRACT,
    CASES,
    COUNTED,
    CULTURE,
    MODEL,
    OBSERVED,
    SAMPLES,
    TITLE,
    VIVO,
    Rule,
)
from queries.records.article import Article

# Closed, as badges show them.
STUDIES = (
    "guideline", "meta-analysis", "systematic review", "randomised trial", "phase 4 trial",
    "phase 3 trial", "phase 2/3 trial", "phase 2 trial", "phase 1/2 trial", "phase 1 trial",
    "clinical trial", "cohort", "case-control study", "cross-sectional study", "case report", "review",
    "patient samples", "in vivo", "in vitro", "modelling", "protocol", "letter", "commentary", "notice",
    "",
)  # fmt: skip
# Of people, not of their cells.
CLINICAL = frozenset(STUDIES[: STUDIES.index("review")])

Kinds = tuple[tuple[str, frozenset[str]], ...]


def _kinds(*rows: tuple[str, str]) -> Kinds:
    return tuple((word, frozenset(names.split("|"))) for word, names in rows)


# Publication types that say more than any words of the article.
_FIRST = _kinds(
    ("notice", "Published Erratum|Retraction of Publication|Retraction Notice|Expression of Concern"),
    ("protocol", "Clinical Trial Protocol"),
    ("guideline", "Practice Guideline|Guideline|Consensus Development Conference"),
    ("guideline", "Consensus Development Conference, NIH"),
    ("systematic review", "Scoping Review"),
    ("in vivo", "Randomized Controlled Trial, Veterinary|Clinical Trial, Veterinary"),
    ("randomised trial", "Randomized Controlled Trial|Pragmatic Clinical Trial|Equivalence Trial"),
    ("phase 4 trial", "Clinical Trial, Phase IV"),
    ("phase 3 trial", "Clinical Trial, Phase III"),
    ("phase 2 trial", "Clinical Trial, Phase II"),
    ("phase 1 trial", "Clinical Trial, Phase I"),
    ("case report", "Case Reports"),
    ("letter", "Letter"),
    ("commentary", "Editorial|Comment|News|Introductory Journal Article|Personal Narrative"),
)
# These are given broadly, so that the article's own words go before them.
_LATER = _kinds(
    ("systematic review", "Systematic Review"),
    ("meta-analysis", "Meta-Analysis|Network Meta-Analysis"),
    ("review", "Review"),
    ("clinical trial", "Clinical Trial|Controlled Clinical Trial|Adaptive Clinical Trial|Clinical Study"),
)
_LAST = _kinds(("cohort", "Observational Study|Multicenter Study"))
# Headings that name a design.
_DESIGNS = _kinds(
    ("case-control study", "Case-Control Studies"),
    ("cross-sectional study", "Cross-Sectional Studies|Surveys and Questionnaires"),
    (
        "cohort",
        "Retrospective Studies|Cohort Studies|Prospective Studies|Follow-Up Studies|Longitudinal Studies",
    ),
)
_ANIMALS = frozenset(
    ["Mice", "Rats", "Dogs", "Cats", "Horses", "Swine", "Rabbits", "Zebrafish", "Macaca mulatta", "Sheep"]
)
_SHOWN = 80  # characters of a reason
_MANY = 2  # signs of a kind from which it is no mere mention
_BACKGROUND = 0.3  # the share of an abstract in which animals are other people's


class Study(NamedTuple):
    """A word of STUDIES and why: "publication type ...", "title: ...", "abstract: ...", "MeSH ..."."""

    word: str
    reason: str


def study(article: Article, title: str, abstract: str) -> Study:
    """The kind of study; `title` and `abstract` are the article's, in lower case."""
    return next(_findings(article, title, abstract), Study("", ""))


def _findings(article: Article, title: str, abstract: str) -> Iterator[Study]:
    """Everything that speaks for a kind of study, the weightiest first."""
    types = {term.name for term in article.publication_types}
    headings = {heading.name for heading in article.mesh}
    animals = "Animals" in headings and "Humans" not in headings
    if {
        "Clinical Trial, Phase I",
        "Clinical Trial, Phase II",
    } <= types and "Randomized Controlled Trial" not in types:
        yield Study(
            "phase 1/2 trial", "publication types Clinical Trial, Phase I, and Clinical Trial, Phase II"
        )
    yield from _named(types, _FIRST, "publication type")
    yield from _told(TITLE, "title", title)
    # Mice are randomised, too, and a case may be a dog's.
    yield from (
        found for found in _told(ABSTRACT, "abstract", abstract) if not (animals and found.word in CLINICAL)
    )
    yield from _named(types, _LATER, "publication type")
    yield from _told(MODEL, "title", title)
    yield from _told(VIVO, "title", title)
    if animals and (model := headings & _ANIMALS):
        yield Study("in vivo", f"MeSH {min(model)}")
    # Where MeSH has an animal, too, any mention will do; else not one in the background.
    tagged = any(heading.startswith(("Mice", "Rats")) for heading in headings)
    yield from _told(VIVO, "abstract", abstract if tagged else abstract[int(_BACKGROUND * len(abstract)) :])
    culture = tuple(_told(CULTURE, "abstract", abstract))
    samples = tuple(_told(SAMPLES, "abstract", abstract))
    # Cells, from a line or from patients, where they are the article's matter.
    if len(samples) >= len(culture) > 0:
        yield samples[0]
    if found := next(_told(CULTURE, "title", title), None):
        yield samples[0] if len(samples) >= _MANY else found
    if len(culture) >= _MANY:
        yield culture[0]
    if not animals:
        designs = tuple(_told(OBSERVED, "abstract", abstract))
        counted = tuple(_told(COUNTED, "abstract", abstract)) if len(samples) < _MANY or designs else ()
        cases = tuple(_told(CASES, "abstract", abstract))
        # A cohort's abstract may single out a patient, but it names its design and counts dozens.
        yield from cases if len(designs) + len(counted) < _MANY else ()
        yield from designs + counted
    yield from samples + culture
    yield from _named(headings, _DESIGNS, "MeSH") if not animals else ()
    yield from _told(MODEL, "abstract", abstract)
    yield from _named(types, _LAST, "publication type")


def _named(names: set[str], kinds: Kinds, source: str) -> Iterator[Study]:
    for word, wanted in kinds:
        if found := names & wanted:
            yield Study(word, f"{source} {min(found)}")


def _told(rules: Sequence[Rule], where: str, text: str) -> Iterator[Study]:
    for word, stems, pattern in rules:
        for stem in stems:  # a loop, since this is where the time goes
            if stem in text:
                break
        else:
            continue
        if match := pattern.search(text):
            words = " ".join(match[0].split())
            yield Study(word, f"{where}: '{words if len(words) <= _SHOWN else words[: _SHOWN - 1] + '…'}'")
