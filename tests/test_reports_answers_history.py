"""What NLM changed, field by field: on invented and on all real records that are there in two versions."""

import gzip
import os
from collections import defaultdict
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from support.reports_samples import article

from queries.library import Library
from queries.library.articles import keep
from queries.readers.pubmed_xml import parse
from queries.records.article import Article, Author, Heading, Journal, Keyword, Link, Passage, Qualifier
from reports.answers.history import SILENT, field_changes, said, tell, versions

FIRST = datetime(2026, 11, 2, 6, tzinfo=UTC)
FULL = article(
    1,
    mesh=(
        Heading("D1", "Humans", False),
        Heading("D2", "Imatinib", True, (Qualifier("Q", "therapy", True),)),
    ),
    keywords=(Keyword("niche", "NOTNLM", False),),
    links=(Link("RetractionIn", 7, "J", ""),),
    revised=date(2026, 11, 9),
    journal=Journal("J", "J", "", "", "66", "7"),
)
BARE = replace(FULL, mesh=(), links=(), revised=None, journal=Journal("J", "J"), title="Another title")


def real_versions() -> list[tuple[Article, Article]]:
    """Every pair of versions of one PMID in the shared records."""
    folder = os.environ.get("SEEDWATCH_REAL_DATA")
    files = sorted(Path(folder).rglob("*.xml.gz")) if folder else []
    if not files:
        pytest.skip("SEEDWATCH_REAL_DATA names no folder with XML of PubMed")
    found: defaultdict[int, list[Article]] = defaultdict(list)
    for file in files:
        with gzip.open(file) as stream:
            for each in parse(stream):
                if isinstance(each, Article) and each not in found[each.pmid]:
                    found[each.pmid].append(each)
    return [pair for each in found.values() for pair in pairwise(each)]


def differing(before: Article, after: Article) -> list[str]:
    names = [field.name for field in fields(Article) if field.name not in SILENT]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def test_fields_are_named_right_on_every_real_pair() -> None:
    pairs = real_versions()
    if not pairs:
        pytest.skip("the shared records have no PMID in two versions")
    for before, after in pairs:
        changes = field_changes(before, after)
        assert [change.field for change in changes] == differing(before, after)
        assert all(change.added or change.removed for change in changes)
        assert all(said(change) for change in changes)
        backwards = field_changes(after, before)
        assert [(c.added, c.removed) for c in backwards] == [(c.removed, c.added) for c in changes]


def test_each_change_is_said_in_words() -> None:
    assert [said(change) for change in field_changes(BARE, FULL)] == [
        'title: was "Another title", now "Osteoblastic niche remodelling after second-generation inhibitors"',
        "journal: added volume 66; issue 7",
        "MeSH: added Humans; Imatinib*/therapy*",
        "links: added RetractionIn PMID 7",
    ]
    other = replace(FULL, keywords=(Keyword("stroma", "NOTNLM", False), Keyword("x", "NOTNLM", False)))
    assert said(field_changes(FULL, other)[0]) == "keywords: added stroma; x, removed niche"


def test_a_long_text_shows_where_it_differs_only() -> None:
    words = [f"word{n}" for n in range(200)]
    one, other = " ".join(words), " ".join([*words[:90], "CHANGED", *words[91:]])
    before, after = (replace(FULL, abstract=(Passage("", "", text, text),)) for text in (one, other))
    assert said(field_changes(before, after)[0]) == (
        'abstract: was "… word87 word88 word89 word90 word91 word92 word93 …", '
        'now "… word87 word88 word89 CHANGED word91 word92 word93 …"'
    )


def test_an_order_that_changed_is_a_change() -> None:
    one, two = Author("A", "Anna"), Author("B", "Bert")
    before, after = replace(FULL, authors=(one, two)), replace(FULL, authors=(two, one))
    assert said(field_changes(before, after)[0]) == 'authors: was "A Anna; B Bert", now "B Bert; A Anna"'


def test_the_library_tells_every_version_as_it_was(tmp_path: Path) -> None:
    known = [BARE, FULL, replace(FULL, title="Third", mesh=()), BARE]
    with Library(tmp_path / "library.duckdb") as library:
        for week, each in enumerate(known):
            with library.transaction():
                keep(library, [each], FIRST + timedelta(weeks=week))
        (now,) = library.articles([FULL.pmid])
        revisions = library.revisions([FULL.pmid])
        fetched = library.fetched([FULL.pmid])[FULL.pmid]
    every = versions(now, revisions)
    assert [each for _, each in every] == known
    assert [at for at, _ in every] == [None, *(FIRST + timedelta(weeks=week) for week in (1, 2, 3))]
    lines = list(tell(FULL.pmid, now, fetched, revisions, None))
    assert lines[1] == "2 Nov 2026: fetched for the first time"
    assert "9 Nov 2026: MeSH: added Humans; Imatinib*/therapy*" in lines
    assert "16 Nov 2026: MeSH: removed Humans; Imatinib*/therapy*" in lines


def test_nothing_known_and_nothing_changed_are_said() -> None:
    assert list(tell(7, None, None, (), None)) == [
        "PMID 7 is not in the library: nothing is known of its past."
    ]
