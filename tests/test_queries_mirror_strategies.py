"""Published search strategies, over real records: found as in plain Python, or refused with the reason."""

import gzip
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from support.plain_search import NoTerm, PlainSearch, Record, Tree

from queries.errors import TermError
from queries.mirror.corpus import Corpus
from queries.mirror.language import Reader
from queries.mirror.load import load
from queries.mirror.mesh import Mesh
from queries.readers.pubmed_xml import pieces
from queries.terms.syntax import parse

HERE = Path(__file__).parent
STRATEGIES = [
    line.split("\t") for line in (HERE / "support" / "strategies.tsv").read_text("utf-8").splitlines()[1:]
]
REAL = Path(os.environ.get("SEEDWATCH_REAL_DATA") or "/nonexistent")
real = pytest.mark.skipif(not (REAL / "pubmed").is_dir(), reason="SEEDWATCH_REAL_DATA holds no records")
NOW = datetime(2027, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def test_there_are_enough_of_them_each_with_its_source() -> None:
    assert len(STRATEGIES) >= 120
    assert all(source and strategy for source, strategy in STRATEGIES)
    assert len({strategy for _, strategy in STRATEGIES}) == len(STRATEGIES)


def test_each_is_a_term_or_refused_by_its_place_and_a_remedy() -> None:
    refused = []
    for _, strategy in STRATEGIES:
        try:
            parse(strategy)
        except TermError as error:
            refused.append((error.problem, error.remedy))
    assert {problem for problem, _ in refused} == {"a tag behind a group"}
    assert len(refused) < len(STRATEGIES) / 10


@pytest.fixture(scope="module")
def real_corpus() -> Iterator[Corpus]:
    with load([REAL / "pubmed", REAL / "cml"]) as corpus:
        yield corpus


@pytest.fixture(scope="module")
def plain_search() -> PlainSearch:
    records = []
    for file in sorted([*(REAL / "pubmed").glob("*.xml.gz"), *(REAL / "cml").glob("*.xml.gz")]):
        with gzip.open(file) as stream:
            parser = etree.XMLParser(recover=True, huge_tree=True)
            records += [Record(etree.fromstring(piece, parser)) for piece in pieces(stream)]
    latest = {record.pmid: record for record in records}
    subheadings = (HERE.parent / "queries" / "mirror" / "subheadings.tsv").read_text("utf-8")
    return PlainSearch([*latest.values()], Tree(REAL / "mesh" / "2017MeshTree.tsv.gz", subheadings))


@real
def test_the_mirror_finds_what_plain_python_finds(real_corpus: Corpus, plain_search: PlainSearch) -> None:
    reader = Reader(real_corpus, Mesh(REAL / "mesh" / "2017MeshTree.tsv.gz"), ideal=True)
    view = real_corpus.view(NOW)
    wrong, hits, refused = [], 0, 0
    for source, strategy in STRATEGIES:
        try:
            expected = plain_search.find(strategy)
        except NoTerm:
            with pytest.raises(TermError):
                reader.search(strategy, view, NOW.date())
            refused += 1
            continue
        docs = reader.search(strategy, view, NOW.date()).docs
        found = {int(pmid) for pmid in real_corpus.pmids[docs]}
        hits += len(found)
        if found != expected:
            wrong.append(
                (source[:30], strategy[:80], sorted(found - expected)[:5], sorted(expected - found)[:5])
            )
    assert wrong == []
    assert hits > 1000
    assert refused < len(STRATEGIES) / 10
