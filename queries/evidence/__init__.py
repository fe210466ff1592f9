"""What kind of work an article is, in which species, and the sentence that says what it found."""

from queries.evidence.participants import participants
from queries.evidence.quote import conclusion
from queries.evidence.sentences import sections
from queries.evidence.species import species
from queries.evidence.study import CLINICAL, STUDIES, study
from queries.evidence.tfr import stopping
from queries.evidence.trials import trials
from queries.records.article import Article
from queries.records.digest import Evidence

__all__ = ["STUDIES", "assess"]

# Of these no single number is that of the people studied.
_UNCOUNTED = {"guideline", "systematic review", "case report", "case-control study"}


def assess(article: Article) -> Evidence:
    """What the record itself says of the study, each claim with its reason.

    The quote is a sentence of the abstract, character by character: where the article reports on
    stopping treatment the sentence with its result, else the conclusion; "" where there is none.
    """
    parts = sections(article.abstract)
    title = (article.title or article.vernacular_title).lower()
    abstract = " ".join(part.text for part in parts).lower()
    found = study(article, title, abstract)
    stopped = stopping(title, f"{title} {abstract}", found.word, parts)
    whose = species(article, found, f"{title} {abstract}", patients=stopped.reason)
    quote = stopped.quote
    if not quote.text and found.word != "notice":
        quote = conclusion(parts)
    counted = found.word in CLINICAL - _UNCOUNTED
    return Evidence(
        study=found.word,
        study_reason=found.reason,
        species=whose.names,
        species_reason=whose.reason,
        tfr=stopped.tfr,
        tfr_reason=stopped.reason,
        trials=trials(article, " ".join([article.title, *(part.text for part in parts)])),
        participants=participants(article.title, parts) if counted else "",
        quote=quote.text,
        quote_label=quote.label,
    )
