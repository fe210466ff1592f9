"""The tables of rules: what saves time must not cost an answer."""

import importlib
from itertools import chain

from support.evidence_probes import PROBES

from queries.evidence.rules import Rule, heads
from queries.records.article import Article

TABLES = {
    f"{name}.{table}[{place}]": rule
    for name in ("titles", "abstracts")
    for table, rows in vars(importlib.import_module(f"queries.evidence.{name}")).items()
    if isinstance(rows, tuple) and rows and isinstance(rows[0], Rule)
    for place, rule in enumerate(rows)
}
# A cell line's name counts only beside the word "cell".
NEEDS_MORE = {"abstracts.CULTURE[2]"}


def hidden(article: Article) -> list[str]:
    """The rules that fit one of the article's texts and are not tried on it."""
    texts = [article.title.lower(), *(part.text.lower() for part in article.abstract)]
    return [
        name
        for text in texts
        for name, rule in TABLES.items()
        if name not in NEEDS_MORE and rule.heads.isdisjoint(heads(text)) and rule.pattern.search(text)
    ]


def test_no_rule_that_fits_a_probe_is_left_untried() -> None:
    assert len(TABLES) > 150
    assert list(chain.from_iterable(hidden(probe.article) for probe in PROBES)) == []
