"""Exports of any database are read wholly, or refused with file, line and remedy. Records are invented."""

import gzip
import os
from pathlib import Path

import pytest
from support.exports import BIBTEX, CSL, CSV, ENDNOTE, JSONL, NBIB, RIS, STYLE, TSV, XML, write

from queries.errors import RecordsError
from queries.readers.export import ExportRecord, read
from queries.readers.names import authors
from queries.records.article import Author, Heading, Qualifier


@pytest.mark.parametrize(
    "content",
    [XML, ENDNOTE, "\ufeff" + ENDNOTE, NBIB, RIS, CSV, TSV, JSONL, BIBTEX, CSL],
    ids=["XML", "EndNote", "BOM", "NBIB", "RIS", "CSV", "TSV", "JSONL", "BibTeX", "CSL"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_one_work_reads_alike_from_every_format(tmp_path: Path, content: str, *, packed: bool) -> None:
    """The format, line ends and gzip are the file's business, not the ranker's."""
    raw = gzip.compress(content.encode()) if packed else content.encode()
    (entry,) = read(write(tmp_path, raw))
    found = entry.article
    assert (entry.id, entry.pmid, found.pmid) == ("90000001", 90000001, -1)
    assert (found.title, found.title_html) == (
        "Niche cells & their kinases",
        "Niche cells &amp; their kinases",
    )
    assert [each.text for each in found.abstract] == ["We looked at Ω cells."]
    assert [(each.last, each.fore, each.initials) for each in found.authors] == [
        ("Doe", "Jane A", "JA"),
        ("van Roe", "Richard", "R"),
    ]
    assert (found.journal.issn, found.journal.volume, found.journal.issue) == ("1111-2222", "7", "2")
    assert (found.pages, found.published, found.doi) == ("5-9", "2026-11", "10.5555/niche.1")


def test_endnote_tells_what_else_it_holds(tmp_path: Path) -> None:
    """Keywords with a star, the PMCID, the journal's whole name, the type."""
    (record,) = read(write(tmp_path, ENDNOTE))
    found = record.article
    assert [(each.text, each.major) for each in found.keywords] == [("Niche", True), ("Cells", False)]
    assert (found.pmcid, found.journal.title) == ("PMC77", "Journal of Inventions")
    assert [each.name for each in found.publication_types] == ["Journal Article"]
    assert found.published_text == "2026 Nov"


@pytest.mark.parametrize(
    ("database", "provider", "accession", "pmid"),
    [
        ("Medline", "", "90000001", 90000001),
        ("", "NLM", "90000001", 90000001),
        ("Embase", "Elsevier", "90000001", None),
        ("Medline", "Clarivate", "WOS:000123", None),
    ],
)
def test_an_accession_number_is_a_pmid_where_the_database_is_pubmed(
    tmp_path: Path, database: str, provider: str, accession: str, pmid: int | None
) -> None:
    """Others number their records, too."""
    text = ENDNOTE.replace("Medline", database).replace("NLM", provider)
    text = text.replace(f"{STYLE}90000001", f"{STYLE}{accession}")
    (record,) = read(write(tmp_path, text))
    assert record.pmid == pmid


def test_endnote_as_others_write_it(tmp_path: Path) -> None:
    """Without styles, pretty, in another encoding, with control characters that XML forbids, or empty."""
    text = """<?xml version="1.0" encoding="ISO-8859-1"?>
    <xml>
      <records>
        <record/>
        <record>
          <titles><title>\x0bÜber
             das\x1f \xdcbliche</title></titles>
          <dates><pub-dates><date>2026-11-05</date></pub-dates><year>2026</year></dates>
          <urls><related-urls><url>https://www.ncbi.nlm.nih.gov/pubmed/77</url></related-urls></urls>
        </record>
      </records>
    </xml>"""
    (record,) = read(write(tmp_path, text.encode("latin-1")))
    assert (record.article.title, record.id, record.pmid) == ("Über das Übliche", "77", 77)
    assert record.article.published == "2026-11-05"
    (record,) = read(write(tmp_path, text.replace("ISO-8859-1", "UTF-16").encode("utf-16")))
    assert record.article.title == "Über das Übliche"


def test_nbib_tells_what_else_it_holds(tmp_path: Path) -> None:
    """MeSH with stars, the create date, the retraction: what ranking and digests look at."""
    (entry,) = read(write(tmp_path, NBIB.replace("\n", "\r\n")))
    found = entry.article
    qualifiers = (Qualifier("", "blood", False), Qualifier("", "genetics", True))
    assert found.mesh == (Heading("", "Mice", True, qualifiers, both=True),)
    assert found.created is not None
    assert found.created.isoformat() == "2026-06-01T05:43:00"
    assert [(each.kind, each.pmid) for each in found.links] == [("RetractionIn", 90000009)]
    assert found.pii == "S1-2"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_the_encodings_of_spreadsheets_are_read(tmp_path: Path, encoding: str) -> None:
    """Excel and old tools do not write plain UTF-8."""
    raw = "id;title\n1;Über das Übliche\n".encode(encoding)
    (entry,) = read(write(tmp_path, raw))
    assert entry.article.title == "Über das Übliche"


def test_every_record_has_its_own_id_and_number(tmp_path: Path) -> None:
    """Rankers key on the number, the person on the id; duplicates in an export are the point of dedup."""
    rows = "record_id,title\nA,One\nA,One again\n,Two\n"
    entries = list(read(write(tmp_path, rows)))
    assert [each.id for each in entries] == ["A", "A#2", "3"]
    assert [each.article.pmid for each in entries] == [-1, -2, -3]
    assert [each.pmid for each in entries] == [None] * 3


def test_values_that_say_that_there_is_none_are_absent(tmp_path: Path) -> None:
    """R writes NA, Python None; a conference paper's journal is its book."""
    rows = "id,title,abstract,doi,author,journal,booktitle\n1,T,NA,None,UNKNOWN,,Proc. of Inventions\n"
    (entry,) = read(write(tmp_path, rows))
    found = entry.article
    assert (found.abstract, found.doi, found.authors) == ((), "", ())
    assert found.journal.title == "Proc. of Inventions"


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (r"Stem cells of {CML}", "Stem cells of CML"),
        (r"M{\"u}ller and Bj{\o}rn", "Müller and Bjørn"),
        (r"\'Angel, \v{S}imon \& {\'e}t\'e", "Ángel, Šimon & été"),
        (r"10\% of \textit{BCR}", "10% of BCR"),
    ],
)
def test_latex_becomes_letters(tmp_path: Path, value: str, plain: str) -> None:
    (entry,) = read(write(tmp_path, f"@misc{{x, title = {{{value}}}}}"))
    assert entry.article.title == plain


@pytest.mark.parametrize("text", ["@article{x, title = {never ends", '[{"title": "x"', "[1]", "[[[["])
def test_a_broken_bibtex_or_csl_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RecordsError):
        list(read(write(tmp_path, text)))


def test_two_ris_records_and_a_missing_end(tmp_path: Path) -> None:
    """Some tools forget ER."""
    text = "TY  - JOUR\nTI  - One\nA1  - Doe, J.\n\nTY  - CHAP\nT1  - Two\nUR  - https://pubmed.ncbi.nlm.nih.gov/77/\n"
    one, two = read(write(tmp_path, text))
    assert (one.article.title, one.article.authors[0].last) == ("One", "Doe")
    assert (two.article.title, two.pmid, two.id) == ("Two", 77, "77")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Doe, Jane A and Roe, R", [("Doe", "Jane A", "JA"), ("Roe", "R", "R")]),
        ("Doe, Jane A; Roe, R", [("Doe", "Jane A", "JA"), ("Roe", "R", "R")]),
        ("Doe JA, van Roe R", [("Doe", "", "JA"), ("van Roe", "", "R")]),
        ("Doe JA, Roe R and Poe E", [("Doe", "", "JA"), ("Roe", "", "R"), ("Poe", "", "E")]),
        ("Doe, J. A., Roe, R.", [("Doe", "J. A.", "JA"), ("Roe", "R.", "R")]),
        ("Jane Doe, Richard van Roe", [("Doe", "Jane", "J"), ("Roe", "Richard van", "RV")]),
        ("Doe, Jane", [("Doe", "Jane", "J")]),
        ("Doe J. A.Roe R.Poe E. A.", [("Doe", "", "JA"), ("Roe", "", "R"), ("Poe", "", "EA")]),
        ("Doe-J-A", [("Doe", "", "JA")]),
        ("Doe, Jean-Paul", [("Doe", "Jean-Paul", "JP")]),
        ("", []),
    ],
)
def test_names_in_the_usual_ways(said: str, found: list[tuple[str, str, str]]) -> None:
    """BibTeX, EndNote, PubMed, old tapes: last name, first names, initials."""
    assert authors(said) == tuple(Author(*each) for each in found)


REAL = os.environ.get("SEEDWATCH_REAL_DATA", "")


@pytest.mark.skipif(not REAL, reason="SEEDWATCH_REAL_DATA is unset")
def test_real_exports_are_read_wholly() -> None:
    """Every record of the labelled sets, whatever their columns, delimiter or encoding."""
    sizes = {
        "dedup/asysd_labelled.csv": 1845,
        "dedup/digital_work/records_pre_merged.csv": 7159,
        "relevance/cf_documents.jsonl": 1239,
        "relevance/trec_documents.tsv": 2294,
    }
    for name, size in sizes.items():
        entries: list[ExportRecord] = list(read(Path(REAL) / name))
        assert (name, len(entries)) == (name, size)
        assert all(each.article.title for each in entries)
