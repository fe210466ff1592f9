"""Exports of any database are read wholly, or refused with file, line and remedy. Records are invented."""

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queries.errors import RecordsError
from queries.readers.export import ExportRecord, read
from queries.readers.names import authors
from queries.records.article import Author, Heading, Qualifier

XML = """<?xml version="1.0"?>
<PubmedArticleSet>
<PubmedArticle><MedlineCitation><PMID Version="1">90000001</PMID><Article><Journal><ISSN>1111-2222</ISSN>
<JournalIssue><Volume>7</Volume><Issue>2</Issue><PubDate><Year>2026</Year><Month>Nov</Month></PubDate>
</JournalIssue></Journal><ArticleTitle>Niche cells &amp; their kinases</ArticleTitle>
<Pagination><MedlinePgn>5-9</MedlinePgn></Pagination>
<ELocationID EIdType="doi">10.5555/niche.1</ELocationID>
<Abstract><AbstractText>We looked at Ω cells.</AbstractText></Abstract>
<AuthorList><Author><LastName>Doe</LastName><ForeName>Jane A</ForeName><Initials>JA</Initials></Author>
<Author><LastName>van Roe</LastName><ForeName>Richard</ForeName><Initials>R</Initials></Author></AuthorList>
</Article></MedlineCitation></PubmedArticle>
</PubmedArticleSet>
"""
NBIB = """
PMID- 90000001
IS  - 1111-2222 (Print)
VI  - 7
IP  - 2
DP  - 2026 Nov
TI  - Niche cells & their
      kinases
PG  - 5-9
LID - S1-2 [pii]
LID - 10.5555/Niche.1 [doi]
AB  - We looked at
      Ω cells.
FAU - Doe, Jane A
AU  - Doe JA
FAU - van Roe, Richard
AU  - van Roe R
CRDT- 2026/06/01 05:43
MH  - *Mice/blood/*genetics
RIN - J Inv. 2026;1:2. PMID: 90000009

"""
RIS = """TY  - JOUR
ID  - 90000001
AU  - Doe, Jane A
AU  - van Roe, Richard
TI  - Niche cells & their
kinases
AB  - We looked at Ω cells.
PY  - 2026
DA  - 2026/11//
SN  - 1111-2222
VL  - 7
IS  - 2
SP  - 5
EP  - 9
DO  - https://doi.org/10.5555/niche.1
DB  - PubMed
AN  - 90000001
ER  - 
"""  # noqa: W291 - RIS ends a record with a blank
CSV = (
    "ID,Title,Abstract,Author,Year,Volume,Number,Pages,DOI,PMID,ISSN\r\n"
    '90000001,Niche cells & their kinases,We looked at Ω cells.,"Doe, Jane A and van Roe, Richard",2026-11,'
    "7,2,5--9,doi:10.5555/NICHE.1,90000001,1111-2222\r\n"
)
TSV = CSV.replace('"', "").replace(", ", "\0").replace(",", "\t").replace("\0", ", ")
JSONL = (
    '{"id": 90000001, "title": "Niche cells & their kinases", "abstract": "We looked at \\u03a9 cells.", '
    '"authors": ["Doe, Jane A", "van Roe, Richard"], "year": "2026-11", "volume": 7, "issue": "2", '
    '"pages": "5-9", "doi": "10.5555/niche.1", "pmid": "90000001", "issn": "1111-2222"}\n'
)


def write(folder: Path, content: str | bytes, name: str = "export.txt") -> Path:
    """A file with a name that says nothing about its format."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content", [XML, NBIB, RIS, CSV, TSV, JSONL], ids=["XML", "NBIB", "RIS", "CSV", "TSV", "JSONL"]
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


def test_nbib_tells_what_else_it_holds(tmp_path: Path) -> None:
    """MeSH with stars, the create date, the retraction: what ranking and digests look at."""
    (entry,) = read(write(tmp_path, NBIB.replace("\n", "\r\n")))
    found = entry.article
    qualifiers = (Qualifier("", "blood", False), Qualifier("", "genetics", True))
    assert found.mesh == (Heading("", "Mice", True, qualifiers),)
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


def test_two_ris_records_and_a_missing_end(tmp_path: Path) -> None:
    """Some tools forget ER."""
    text = "TY  - JOUR\nTI  - One\nA1  - Doe, J.\n\nTY  - CHAP\nT1  - Two\nUR  - https://pubmed.ncbi.nlm.nih.gov/77/\n"
    one, two = read(write(tmp_path, text))
    assert (one.article.title, one.article.authors[0].last) == ("One", "Doe")
    assert (two.article.title, two.pmid, two.id) == ("Two", 77, "77")


@pytest.mark.parametrize(
    ("content", "where", "problem"),
    [
        (b"", "export.txt", "is empty"),
        (b"\x1f\x8b\x08broken", "export.txt", "damaged gzip"),
        ("<html>Sorry</html>", "export.txt", "holds no PubmedArticleSet"),
        (XML[:-30], "export.txt", "ends in the middle"),
        (XML.replace("</Article>", ""), "export.txt", "PMID 90000001 is damaged XML"),
        ("id,name\n1,x\n", "export.txt", "no title column (it has: id,name)"),
        ("id,title\n1,a,b\n", "line 2", "has 3 values where the header has 2"),
        ('id,title\n1,"open\n', "line", "is not CSV"),
        ('{"title": "a"}\n{"title": \n', "line 2", "is not JSON"),
        ('{"title": "a"}\n[1]\n', "line 2", "is not a JSON object"),
        ("TI  - x\nTY  - JOUR\n", "line 1", "outside a record"),
        ("TY  - JOUR\nER  - \nmore\n", "line 3", "outside a record"),
        ("PMID- 1\nTI  - a\n\nTI  - b\n", "record 2", "has no PMID"),
        ("PMID- 1\n\n      x\n", "record 2", "is not MEDLINE text"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(
    tmp_path: Path, content: str | bytes, where: str, problem: str
) -> None:
    """Which file, which line, what is wrong, what to do."""
    with pytest.raises(RecordsError) as refusal:
        list(read(write(tmp_path, content)))
    assert where in refusal.value.subject
    assert problem in refusal.value.problem
    assert refusal.value.remedy
    assert "\n" not in str(refusal.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """And a folder is no file."""
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(RecordsError, match="cannot be read"):
            list(read(path))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    """Never another error than RecordsError."""
    path = write(tmp_path, content)
    for prefix in (b"", b"id,title\n", b'{"title": ', b"TY  - JOUR\n", b"PMID- 1\n", b"<PubmedArticleSet>"):
        path.write_bytes(prefix + content)
        try:
            entries = list(read(path))
        except RecordsError:
            continue
        assert len({each.id for each in entries}) == len(entries)


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
