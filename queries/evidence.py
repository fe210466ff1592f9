"""What kind of work an article is, in which species, and the sentence that says what it found."""

from queries.evidence_quote import conclusion
from queries.records import Article, Evidence


def assess(article: Article) -> Evidence:
    """What the record itself says of the study; the quote is verbatim, "" where nothing concludes."""
    quote, label = conclusion(article.abstract)
    return Evidence(study="", study_reason="", quote=quote, quote_label=label)
