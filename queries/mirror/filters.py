"""PubMed's filters, as what they search: those that its pages add ([filter]) and the older subsets ([sb]).

Each stands for entries of fields that the index has, or for publication dates. Sources: PubMed User
Guide (NBK3827, "Filters", "Subsets"), and the translations that PubMed's pages show.
"""

from typing import NamedTuple

from queries.mirror.fields import LANGUAGES


class Entries(NamedTuple):
    """A filter that is any of some entries of a field."""

    field: str
    values: tuple[str, ...]


_AGES = {
    "newborn": ("infant newborn",),
    "infant": ("infant",),
    "allinfant": ("infant", "infant newborn"),
    "preschoolchild": ("child preschool",),
    "child": ("child",),
    "adolescent": ("adolescent",),
    "allchild": ("infant", "infant newborn", "child preschool", "child", "adolescent"),
    "youngadult": ("young adult",),
    "adult": ("adult",),
    "middleaged": ("middle aged",),
    "aged": ("aged",),
    "80andover": ("aged 80 and over",),
    "middleagedaged": ("middle aged", "aged", "aged 80 and over"),
    "alladult": ("young adult", "adult", "middle aged", "aged", "aged 80 and over"),
}
_TYPES = """adaptiveclinicaltrial address autobiography bibliography biography booksdocs casereports
    classicalarticle clinicalconference clinicalstudy clinicaltrial clinicaltrialphasei clinicaltrialphaseii
    clinicaltrialphaseiii clinicaltrialphaseiv clinicaltrialprotocol clinicaltrialveterinary collectedwork
    comment comparativestudy congress consensusdevelopmentconference controlledclinicaltrial
    correctedrepublishedarticle dataset dictionary directory duplicatepublication editorial englishabstract
    equivalencetrial evaluationstudy expressionofconcern festschrift guideline historicalarticle interview
    introductoryjournalarticle lecture legalcase legislation letter metaanalysis multicenterstudy news
    newspaperarticle observationalstudy patienteducationhandout periodicalindex personalnarrative
    portrait practiceguideline pragmaticclinicaltrial preprint publishederratum randomizedcontrolledtrial
    retractedpublication retractionofpublication review scientificintegrityreview
    systematicreview technicalreport twinstudy validationstudy videoaudiomedia webcast""".split()  # noqa: SIM905 - as PubMed writes them
_OTHER = {
    "humans": ("mh", ("humans",)),
    "human": ("mh", ("humans",)),
    "animals": ("mh", ("animals",)),
    "animal": ("mh", ("animals",)),
    "otheranimals": ("mh", ("animals",)),
    "male": ("mh", ("male",)),
    "female": ("mh", ("female",)),
    "fha": ("sb", ("hasabstract",)),
    "ffrft": ("sb", ("free full text",)),
    "loattrfree full text": ("sb", ("free full text",)),
    "systematic": ("pt", ("systematic review",)),
    "systematicreviews": ("pt", ("systematic review",)),
    "clinicaltrials": ("pt", ("clinical trial",)),
}
_NARROWER = {  # publication types with others below them, which a filter takes along
    "clinicaltrial": (
        *("clinical trial", "adaptive clinical trial", "clinical trial phase i", "clinical trial phase ii"),
        *("clinical trial phase iii", "clinical trial phase iv", "controlled clinical trial"),
        *("equivalence trial", "pragmatic clinical trial", "randomized controlled trial"),
    ),
    "controlledclinicaltrial": ("controlled clinical trial", "randomized controlled trial"),
    "review": ("review", "systematic review"),
    "guideline": ("guideline", "practice guideline"),
    "booksdocs": ("book", "book chapter", "study guide", "technical report"),
}


def entries(name: str) -> Entries | None:
    """What a filter (as index.plain writes it) stands for; None where it is no list of entries.

    >>> entries("allinfant")
    Entries(field='mh', values=('infant', 'infant newborn'))
    """
    if name in _AGES:
        return Entries("mh", _AGES[name])
    if name in _OTHER:
        return Entries(*_OTHER[name])
    if name in _NARROWER:
        return Entries("pt", _NARROWER[name])
    if name in LANGUAGES:
        return Entries("la", (LANGUAGES[name],))
    squeezed = name.replace(" ", "")
    if squeezed in _TYPES:
        return Entries("squeezed pt", (squeezed,))
    return None


def years(name: str) -> int:
    """The years back of "y_5" and "in the last 5 years"; 0 for any other filter."""
    digits = name.removeprefix("y_")
    return int(digits) if name.startswith("y_") and digits.isdigit() and len(digits) <= 3 else 0  # noqa: PLR2004
