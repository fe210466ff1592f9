"""Exports of any database are read wholly, or refused with file, line and remedy. Records are invented."""

import gzip
import os
import tracemalloc
from collections import deque
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


STYLE = '<style face="normal" font="default" size="100%">'
ENDNOTE = (
    '<?xml version="1.0" encoding="UTF-8" ?><xml><records><record><database name="My.enl" path="C:\\My.enl">'
    'My.enl</database><source-app name="EndNote" version="20.4">EndNote</source-app><rec-number>90000001'
    '</rec-number><foreign-keys><key app="EN" db-id="x">90000001</key></foreign-keys><ref-type name="Journal '
    f'Article">17</ref-type><contributors><authors><author>{STYLE}Doe, Jane A</style></author><author>{STYLE}'
    f"van Roe, Richard</style></author></authors></contributors><titles><title>{STYLE}Niche cells </style>"
    f'<style face="italic">&amp;</style>{STYLE} their kinases</style></title><secondary-title>{STYLE}J Inv'
    f"</style></secondary-title></titles><periodical><full-title>{STYLE}Journal of Inventions</style>"
    f"</full-title></periodical><pages>{STYLE}5-9</style></pages><volume>{STYLE}7</style></volume><number>{STYLE}2</style>"
    f"</number><keywords><keyword>{STYLE}*Niche</style></keyword><keyword>{STYLE}Cells</style></keyword>"
    f"</keywords><dates><year>{STYLE}2026</style></year><pub-dates><date>{STYLE}Nov</style></date></pub-dates>"
    f"</dates><isbn>{STYLE}1111-2222 (Electronic)&#xD;0000-1111 (Linking)</style></isbn><accession-num>"
    f"{STYLE}90000001</style></accession-num><abstract>{STYLE}We looked at\r\nΩ cells.</style></abstract>"
    f"<custom2>{STYLE}PMC77</style></custom2><electronic-resource-num>{STYLE}10.5555/niche.1</style>"
    f"</electronic-resource-num><remote-database-name>{STYLE}Medline</style></remote-database-name>"
    f"<remote-database-provider>{STYLE}NLM</style></remote-database-provider></record></records></xml>"
)


def write(folder: Path, content: str | bytes, name: str = "export.txt") -> Path:
    """A file with a name that says nothing about its format."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [XML, ENDNOTE, "\ufeff" + ENDNOTE, NBIB, RIS, CSV, TSV, JSONL],
    ids=["XML", "EndNote", "BOM", "NBIB", "RIS", "CSV", "TSV", "JSONL"],
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
        (XML.replace("</Article>", ""), "export.txt, record 1", "PMID 90000001 is damaged XML"),
        (ENDNOTE[:-25], "export.txt", "ends in the middle, after 0 records"),
        (ENDNOTE[:-16], "export.txt", "ends in the middle, after 1 records"),
        (ENDNOTE.replace("</record>", "</record><record><title>"), "export.txt", "ends in the middle"),
        (ENDNOTE.replace("<record>", "<record><record>"), "record 1", "not closed before the next begins"),
        (ENDNOTE.replace("</titles>", ""), "record 1", "is damaged XML (Opening and ending tag mismatch"),
        (ENDNOTE.replace("Niche", "&nbsp;"), "record 1", "is damaged XML (Entity 'nbsp' not defined"),
        (
            '<?xml version="1.0" encoding="zlib"?><xml/>',
            "export.txt",
            "is in an encoding that is unknown here",
        ),
        ("id,name\n1,x\n", "export.txt", "no title column (it has: id,name)"),
        ("id,title\n1,a,b\n", "line 2", "has 3 values where the header has 2"),
        ('id,title\n1,"open\n', "line", "is not CSV"),
        ('{"title": "a"}\n{"title": \n', "line 2", "is not JSON"),
        ('{"title": "a"}\n[1]\n', "line 2", "is not a JSON object"),
        ("TI  - x\nTY  - JOUR\n", "line 1", "outside a record"),
        ("TY  - JOUR\nER  - \nmore\n", "line 3", "outside a record"),
        ("PMID- 1\nTI  - a\n\nTI  - b\n", "record 2", "has no PMID"),
        ("PMID- 1\n\n      x\n", "line 3", "goes on with what nothing began"),
        ("PMID- 1\nno tag\n", "line 2", "is not MEDLINE text"),
        ("id,title\n1,a\0b\n", "line 2", "holds a NUL"),
        ("TY  - JOUR\nTI  - a\0b\n", "line 2", "holds a NUL"),
        ('{"title": ' + "[" * 100_000, "line 1", "is nested too deep"),
        (
            '{"title": "a"}\n{"title": {"a": 1}}\n',
            "line 2, title",
            "is not text, a number or a list of these",
        ),
        ('{"title": "a", "author": [{"family": "b"}]}', "line 1, authors", "is not text"),
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


def test_a_line_that_goes_on_is_one_value(tmp_path: Path) -> None:
    """PubMed breaks lines anywhere: a retraction's PMID, an affiliation, a keyword."""
    text = NBIB.replace("PMID: 90000009", "PMID:\n      90000009").replace(
        "FAU - van", "AUID- ORCID: 0000-0001-2345-6789\nAD  - Institute of\n      Niches\nFAU - van"
    )
    (record,) = read(write(tmp_path, text.rstrip() + "\nOT  - stem\n      cells\n"))
    assert [(each.kind, each.pmid) for each in record.article.links] == [("RetractionIn", 90000009)]
    jane, richard = record.article.authors
    assert (jane.affiliations, jane.orcid) == (("Institute of Niches",), "0000-0001-2345-6789")
    assert (richard.affiliations, richard.orcid) == ((), "")
    assert [each.text for each in record.article.keywords] == ["stem cells"]


def test_a_broken_letter_costs_no_other(tmp_path: Path) -> None:
    """One byte of Windows in a file in UTF-8 spoils that letter's file no further."""
    (record,) = read(write(tmp_path, "id,title\n1,Über ".encode() + b"\xfc" + " Ω\n".encode()))
    assert record.article.title == "Über ü Ω"


def test_what_nobody_sees_falls_away(tmp_path: Path) -> None:
    """Half of a surrogate pair could not even be written again."""
    (record,) = read(write(tmp_path, '{"id": "a\\ud800", "title": "b\\ud800c", "author": ["D\\udfffoe, J"]}'))
    assert (record.id, record.article.title, record.article.authors[0].last) == ("a", "bc", "Doe")


@pytest.mark.parametrize("head", [b"id,title\n", b"", b"<records>", b"<PubmedArticleSet>"])
@pytest.mark.parametrize(
    "line", [b"1," + b"a" * 10_000 + b"\n", b" ", b"\0", b"<record>", b"<PubmedArticle "]
)
def test_a_bomb_is_refused_before_it_costs_memory(tmp_path: Path, head: bytes, line: bytes) -> None:
    """Whatever is packed two hundred times and more, and whatever has no end."""
    path = write(tmp_path, gzip.compress(head + line * ((1 << 23) // len(line)), 9))
    tracemalloc.start()
    with pytest.raises(RecordsError):
        deque(read(path), maxlen=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 24


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    """A billion laughs are one refusal."""
    laugh = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    for content in (XML, ENDNOTE):
        text = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laugh}]>' + content.partition("?>")[2].strip().replace(
            "kinases", "&l9;"
        )
        with pytest.raises(RecordsError, match="not defined"):
            list(read(write(tmp_path, text)))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """And a folder is no file."""
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(RecordsError, match="cannot be read"):
            list(read(path))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    """Never another error than RecordsError."""
    path = write(tmp_path, content)
    prefixes = (
        b"",
        b"id,title\n",
        b'{"title": ',
        b"TY  - JOUR\n",
        b"PMID- 1\n",
        b"<PubmedArticleSet>",
        b"\xff\xfe",
    )
    for prefix in (*prefixes, b"<records><record>", b"<xml><records><record><title>"):
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
