"""What kind of study an article reports, from its publication types and its own words."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from queries.evidence.abstracts import (
    ABSTRACT,
    CASES,
    CASES_LATER,
    COUNTED,
    CULTURE,
    MODEL,
    OBSERVED,
    OUTCOMES,
    SAMPLES,
    SEARCHED,
    VIVO,
)
from queries.evidence.narrative import narrative
from queries.evidence.reading import Reading
from queries.evidence.rules import UNRANDOM, Rule, compiled, heads
from queries.evidence.titles import TITLE, TITLE_LATER

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
TRIALS = frozenset(word for word in STUDIES if word.endswith("trial"))
# What a study was done on: people, what people gave to a laboratory, or neither.
SETTINGS = ("clinical", "translational", "preclinical", "")
_SETTING = dict.fromkeys(CLINICAL, "clinical") | {
    "patient samples": "translational",
    "in vivo": "preclinical",
    "in vitro": "preclinical",
}

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
_NOT_RANDOM = compiled(rf"\b{UNRANDOM}\b")
# A group beside a randomised one was not randomised.
_RANDOM_ALL_THE_SAME = compiled(
    r"(?<!non)(?<!not )(?<!non-)(?<!quasi-)\brandomi[sz]ed (?:[a-z-]+,? ){0,3}trial\b"
)
# A trial of others: earlier, under way, or several at once.
_BORROWED = compiled(
    r"\b(?:previous|earlier|prior|recent|ongoing|published|other|several|many|numerous|pivotal|landmark|"
    r"larger?|most|historical|completed|two|three)(?:ly)? (?:[a-z0-9-]+,? ){0,5}(?:trials?|stud(?:y|ies))\b|"
    r"\b(?:results|data|findings|evidence) (?:of|from) (?:two |three |several |these |many |other )?"
    r"(?:[a-z0-9-]+,? ){0,4}(?:trials|studies)\b|\b(?:trials?|studies) (?:have|has|had|showed that)\b|"
    r"\b(?:trial|study)\b[^.]{0,40}\b(?:has|have) (?:changed|shown|been|demonstrated|established)|"
    r"\bin connection (?:to|with)\b|\bunlike\b|\b(?:now|currently) (?:being )?(?:studied|tested|evaluated|"
    r"investigated|examined|assessed|compared)\b|"
    r"\b(?:is|are) (?:now |currently |being )*(?:under ?way|needed|warranted|required|awaited|"
    r"planned|in preparation|recruiting|ongoing)\b|\bunder way\b"
)
_WHO = (
    "patient", "participant", "subject", "volunteer", "adult", "child", "women", "men ", "people", "person",
    "individual", "infant", "student", "respondent", "case", "pregnan", "sibling", "survivor", "adolescent",
)  # fmt: skip
_RANDOMISED = (
    *_WHO, "men", "eyes", "knees", "physicians", "nurses", "clinics", "practices", "hospitals", "schools",
    "households", "couples", "clusters", "teeth", "limbs", "sites", "migraineurs", "veterans", "families",
    "mothers",
)  # fmt: skip
_NEAR = 250  # characters
_LONGEST = 80  # characters of a reason
_MANY = 2  # signs of a kind from which it is no mere mention
_BACKGROUND = 0.3  # the share of an abstract in which animals are other people's


class Study(NamedTuple):
    """A word of STUDIES, why ("title: ...", "publication type ..."), and the record's words for it."""

    word: str
    reason: str
    span: str = ""


def study(reading: Reading) -> Study:
    """The kind of study; "" rather than a guess."""
    return next(_findings(reading), Study("", ""))


def setting(found: Study) -> str:
    """One of SETTINGS: whether people, their samples, or animals and cells were studied."""
    return _SETTING.get(found.word, "")


def _findings(reading: Reading) -> Iterator[Study]:
    """Everything that speaks for a kind of study, the weightiest first."""
    types = {term.name for term in reading.article.publication_types}
    headings = {heading.name for heading in reading.article.mesh}
    animals = ("Animals" in headings and "Humans" not in headings) or _of_animals(reading)
    if {
        "Clinical Trial, Phase I",
        "Clinical Trial, Phase II",
    } <= types and "Randomized Controlled Trial" not in types:
        yield Study(
            "phase 1/2 trial",
            "publication types Clinical Trial, Phase I, and Clinical Trial, Phase II",
            "Clinical Trial, Phase II",
        )
    unrandom = _not_random(reading.title_lower) or (
        _not_random(reading.lower)
        and not _RANDOM_ALL_THE_SAME.search(reading.title_lower)
        and "we randomly assigned" not in reading.lower
    )
    yield from (
        found
        for found in _named(types, _FIRST, "publication type")
        if not (unrandom and found.word == "randomised trial")
    )
    yield from (
        found
        for found in _titled(TITLE, reading)
        if not (unrandom and found.word == "randomised trial") and not (animals and found.word in TRIALS)
    )
    if any(part.label.lower().startswith("purpose of review") for part in reading.parts):
        yield Study("review", "abstract: 'Purpose of review'", _label(reading))
    # Mice are randomised, too, and a case may be a dog's.
    yield from (
        found
        for found in _told(ABSTRACT, reading)
        if not (animals and found.word in CLINICAL)
        and not (unrandom and found.word == "randomised trial")
        and not (found.word == "cohort" and _at_the_bench(reading))
    )
    yield from _titled(TITLE_LATER, reading)
    yield from _named(types, _LATER, "publication type")
    yield from _titled(MODEL, reading)
    yield from _titled(VIVO, reading)
    if animals and (model := headings & _ANIMALS):
        yield Study("in vivo", f"MeSH {min(model)}", min(model))
    tone = narrative(reading)
    if tone and tone.sure and not any(_told((*CASES, *CASES_LATER), reading)):
        yield Study("review", f"{tone.where}: '{_short(tone.words)}'", tone.words)
    yield from _bench_or_bedside(reading, headings, animals=animals)
    yield from _named(headings, _DESIGNS, "MeSH") if not animals else ()
    yield from _told(MODEL, reading)
    yield from _named(types, _LAST, "publication type")
    if tone:
        yield Study("review", f"{tone.where}: '{_short(tone.words)}'", tone.words)


def _not_random(lower: str) -> bool:
    return "random" in lower and bool(_NOT_RANDOM.search(lower))


def _bench_or_bedside(reading: Reading, headings: set[str], *, animals: bool) -> Iterator[Study]:
    """People, animals, cells, or samples, by how much an abstract that names no design says of each."""
    # Where MeSH has an animal, too, any mention will do; else not one in the background.
    tagged = any(heading.startswith(("Mice", "Rats")) for heading in headings)
    vivo = tuple(_told(VIVO, reading, 0 if tagged else _BACKGROUND))
    culture = tuple(_told(CULTURE, reading))
    samples = tuple(_told(SAMPLES, reading, _BACKGROUND / 2))
    people = not animals and any(who in reading.lower for who in _WHO)
    designs = tuple(_told(OBSERVED, reading)) if people else ()
    counted = tuple(_told((*COUNTED, *OUTCOMES), reading)) if people else ()
    cases = () if animals else tuple(_told(CASES, reading))
    if not (designs or counted or cases or animals or vivo or culture):
        cases = tuple(_told(CASES_LATER, reading))
    if (designs or counted) and _at_the_bench(reading):
        designs = counted = ()
    # People in a design, or counted: a cell line beside them is a control.
    if len(designs) >= max(1, len(culture), len(samples)) and not vivo:
        yield from cases if len(designs) + len(counted) < _MANY else ()
        yield from designs
    if not (cases or designs):
        yield from _told(SEARCHED, reading)
    if not designs:
        yield from _titled(SAMPLES, reading)
    yield from vivo
    # Cells, from a line or from patients, where they are the article's matter.
    if len(samples) >= len(culture) > 0 or (not designs and len(samples) >= max(_MANY, len(counted) + 1)):
        yield samples[0]
    if found := next(_titled(CULTURE, reading), None):
        yield samples[0] if len(samples) >= _MANY else found
    if len(culture) >= _MANY and len(counted) + len(designs) < _MANY:
        yield culture[0]
    # A cohort's abstract may single out a patient, but it names its design and counts dozens.
    yield from cases if len(designs) + len(counted) < _MANY else ()
    yield from designs + (counted if len(samples) < _MANY or designs else ())
    yield from samples + culture + tuple(_told(VIVO, reading))


def _at_the_bench(reading: Reading) -> bool:
    """Whether cells are studied, though outcomes of patients are looked up, whom nobody counts."""
    cells = next(_titled(CULTURE, reading), None) or next(_told(CULTURE, reading), None)
    return cells is not None and next(_told(COUNTED, reading), None) is None


def _of_animals(reading: Reading) -> bool:
    """Whether the title names animals and nothing speaks of people."""
    if next(_titled(VIVO, reading), None) is None:
        return False
    return not any(who in text for who in _WHO for text in (reading.title_lower, reading.lower))


def _label(reading: Reading) -> str:
    return next((part.label for part in reading.parts if "eview" in part.label or "EVIEW" in part.label), "")


def _named(names: set[str], kinds: Kinds, source: str) -> Iterator[Study]:
    for word, wanted in kinds:
        if found := names & wanted:
            yield Study(word, f"{source} {min(found)}", min(found))


def _titled(rules: Sequence[Rule], reading: Reading) -> Iterator[Study]:
    for rule in _possible(rules, reading.title_lower):
        if match := rule.pattern.search(reading.title_lower):
            words = reading.title_span(match)
            yield Study(rule.word, f"title: '{_short(words)}'", words)


def _told(rules: Sequence[Rule], reading: Reading, share: float = 0) -> Iterator[Study]:
    """Rules that hold in the abstract, after this share of it; a trial only if it is its own."""
    lower = reading.lower
    start = int(share * len(lower))
    for rule in _possible(rules, lower):
        match = rule.pattern.search(lower, start)
        while match and (
            (rule.word in TRIALS and _borrowed(lower, match))
            or (rule.word == "in vivo" and reading.acronym(match))
        ):
            match = rule.pattern.search(lower, match.end())
        if match:
            words = reading.span(match)
            yield Study(rule.word, f"abstract: '{_short(words)}'", words)


def _borrowed(lower: str, match: re.Match[str]) -> bool:
    """Whether the sentence speaks of a trial of others, or nobody is in it who could be randomised."""
    begin = lower.rfind(". ", 0, match.start()) + 1
    end = lower.find(". ", match.end())
    if _BORROWED.search(lower, begin, end if end > 0 else len(lower)):
        return True
    if (
        not match[0].startswith(("were", "was", "are", "is", "randomly", "randomi"))
        or "trial" in match[0]
        or "study" in match[0]
    ):
        return False
    told = lower[max(begin, match.start() - _NEAR) : match.end() + _NEAR]
    return not any(who in told for who in _RANDOMISED)


def _possible(rules: Sequence[Rule], lower: str) -> Iterator[Rule]:
    known = _heads(lower)
    return (rule for rule in rules if not known.isdisjoint(rule.heads))


# Of the title and the abstract at hand: they are asked for again and again.
_heads = lru_cache(maxsize=4)(heads)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
