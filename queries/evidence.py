"""What kind of work an article is, in which species, and the sentence that says what it found."""

from queries.records import Article, Evidence


def assess(article: Article) -> Evidence:
    """Study type, species and the conclusion, verbatim: the last sentence of the abstract's last passage."""
    last = article.abstract[-1] if article.abstract else None
    return Evidence(study="", study_reason="", quote=last.text if last else "", quote_label=last.label if last else "")
