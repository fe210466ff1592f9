"""What kind of work an article is, in which species, and the sentence that says what it found."""

from queries.evidence.card import card
from queries.evidence.participants import participants
from queries.evidence.quote import conclusion
from queries.evidence.reading import read
from queries.evidence.species import species
from queries.evidence.study import CLINICAL, STUDIES, setting, study
from queries.evidence.tfr import STOPPING, stopping
from queries.evidence.trials import trials
from queries.records.article import Article
from queries.records.digest import Evidence, TfrCard

__all__ = ["STOPPING", "STUDIES", "assess"]

# Of these no single number is that of the people studied.
_UNCOUNTED = {"guideline", "meta-analysis", "systematic review"}
# A few patients one by one are not counted, nor a few donors of cells.
_FEWEST = {"case report": 5, "cohort": 5, "patient samples": 10, "": 8}
# They print the rates of others.
_UNCARDED = {"review", "guideline", "commentary", "protocol", "modelling"}
_COUNTED = CLINICAL - _UNCOUNTED | {"patient samples", ""}


def assess(article: Article) -> Evidence:
    """What the record itself says of the study, each claim with its reason.

    The quote is a sentence of the abstract, character by character: where the article reports on
    stopping treatment the sentence with its result, else the conclusion; "" where there is none.
    """
    reading = read(article)
    found = study(reading)
    stopped = stopping(reading, found.word)
    whose = species(reading, found)
    named = trials(article, reading.title, reading.abstract, found.word)
    cells = card(reading) if stopped.tfr and found.word not in _UNCARDED else TfrCard()
    quote = conclusion(reading, found.word, cells)
    return Evidence(
        study=found.word,
        study_reason=found.reason,
        study_span=found.span,
        setting=setting(found),
        species=whose.names,
        species_reason=whose.reason,
        tfr=stopped.tfr,
        tfr_reason=stopped.reason,
        stopping=stopped.kinds,
        card=cells,
        trials=named.own,
        cited_trials=named.cited,
        participants=participants(reading, _FEWEST.get(found.word, 1)) if found.word in _COUNTED else "",
        quote=quote.text,
        quote_label=quote.label,
    )
