"""Whether what is claimed of a record stands in it."""

from queries.records.article import Article
from queries.records.digest import Evidence


def invented(article: Article, said: Evidence) -> list[str]:
    """The strings that are claimed to be the record's own and don't stand in it."""
    texts = [article.title, article.vernacular_title, *(part.text for part in article.abstract)]
    texts += [part.label for part in article.abstract]
    texts += [term.name for term in article.publication_types]
    texts += [heading.name for heading in article.mesh]
    texts += [entry.number for entry in article.accessions]
    cells = [value for value in said.card if isinstance(value, str)]
    claims = (said.study_span, said.quote, *cells, *said.card.drugs)
    wrong = [claim for claim in claims if not any(claim in text for text in texts)]
    spaceless = ["".join(text.split()) for text in texts]
    trials = ("".join(trial.split()) for trial in (*said.trials, *said.cited_trials))
    return wrong + [trial for trial in trials if not any(trial in text for text in spaceless)]
