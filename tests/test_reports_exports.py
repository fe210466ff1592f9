"""What is exported reads back with nothing lost, by readers that others keep."""

import csv
import gzip
import io
import json
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pyarrow.parquet
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from Bio import Medline
from pylatexenc.latex2text import LatexNodes2Text
from support.reports_samples import NOW, article, digest

from queries.errors import RecordsError
from queries.readers.export import read
from queries.readers.pubmed_xml import parse
from queries.records.article import Article, Author, Book, Journal, Keyword, Passage, Term
from reports.digest.record import Badge, Entry
from reports.digest.told import Telling, ToldArticle
from reports.exports import bibtex, csl_json, fields, nbib, ris, table
from reports.exports.columns import row
from reports.exports.export import export
from reports.exports.formats import ExportFormat

NASTY = article(
    1,
    title="A {brace} too many}: 50% of $x_1^2$ & #7 ~ C:\\temp – “CML” in β-TrCP and Ångström",
    title_html="",
    authors=(
        Author("O'Neil-Smith", "José María", "JM", "Jr"),
        Author(collective="The {Invented} Group and Friends, Ltd"),
        Author("van der Berg and Sons", "A, B", "AB"),
        Author("李", "明", "M"),
    ),
    abstract=(Passage("Aim", "", "First\nline.", ""), Passage("", "", "Then 5 < 6 & 100%.", "")),
    pages="1211-20",
    journal=Journal("Journal of {TeX} & Sons", "J TeX", "1234-567X", "1", "66", "7", "Norway"),
    keywords=(Keyword("Leukemia, Myeloid", "NOTNLM", False), Keyword("-1 frameshift", "NOTNLM", False)),
    languages=("eng", "fre"),
)
CHAPTER = article(
    2,
    title="Imatinib",
    book=Book(
        title="LiverTox: A Book",
        publisher="NIDDK",
        isbn="978-1",
        editors=(Author("Ed", "Itor", "I"),),
        place="Bethesda (MD)",
    ),
)
BOOK = article(3, title="", authors=(), book=Book(title="A Whole Book", publisher="NCBI", isbn="978-2"))
PREPRINT = article(
    4, publication_types=(Term("D000076942", "Preprint"),), published="2026", journal=Journal("bioRxiv")
)
BARE = Article(pmid=90000005, title="=cmd|' /C calc'!A0")
ODD = (NASTY, CHAPTER, BOOK, PREPRINT, BARE)
CSL_ITEM = {
    "type": "object",
    "required": ["id", "type", "title"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string"},
        "type": {"enum": ["article-journal", "article", "chapter", "book"]},
        "issued": {
            "type": "object",
            "properties": {
                "date-parts": {
                    "type": "array",
                    "maxItems": 2,
                    "items": {"type": "array", "maxItems": 3, "items": {"type": "integer"}},
                }
            },
            "required": ["date-parts"],
            "additionalProperties": False,
        },
        **{
            role: {
                "type": "array",
                "items": {
                    "type": "object",
                    "minProperties": 1,
                    "additionalProperties": False,
                    "properties": {
                        part: {"type": "string", "minLength": 1}
                        for part in ("family", "given", "suffix", "literal")
                    },
                },
            }
            for role in ("author", "editor")
        },
        **{
            name: {"type": "string", "minLength": 1}
            for name in (
                "title", "container-title", "container-title-short", "publisher", "publisher-place",
                "edition", "volume", "issue", "page", "ISSN", "ISBN", "DOI", "PMID", "PMCID", "URL",
                "language", "abstract", "keyword", "note",
            )
        },
    },
}  # fmt: skip


def entry(pmid: int) -> Entry:
    """An entry of a digest, in which a quotation mark, a brace and a percent sign stand."""
    made = digest(1).entries[0]
    return made.__class__(
        **{name: getattr(made, name) for name in made.__slots__}
        | {"pmid": pmid, "why": 'shares {CD26} & "5%"', "badges": (Badge("TFR", "good"),)}
    )


def told(articles: Sequence[Article]) -> list[ToldArticle]:
    """Articles as digest 14 told them."""
    return [
        ToldArticle(article=each, tellings=(Telling("cml-stem-cells", 14, NOW, entry(each.pmid)),))
        for each in articles
    ]


def real() -> list[Article]:
    """1,000 real records, books, groups and old dates among them, where they are."""
    folder = os.environ.get("SEEDWATCH_REAL_DATA")
    file = Path(folder or "") / "pubmed" / "pubmed_real.xml.gz"
    if not folder or not file.exists():
        pytest.skip("SEEDWATCH_REAL_DATA names no folder with pubmed/pubmed_real.xml.gz")
    with gzip.open(file) as stream:
        found = {each.pmid: each for each in parse(stream) if isinstance(each, Article)}
    return [found[pmid] for pmid in sorted(found)][::2][:1000]


@pytest.fixture(scope="module", params=["odd", "real"])
def papers(request: pytest.FixtureRequest) -> list[ToldArticle]:
    """Papers with all that is hard in them, and 1,000 real ones."""
    return told(ODD if request.param == "odd" else real())


def names(article: Article) -> list[tuple[str, ...]]:
    """Last, first, suffix of each person; the name of each group."""
    return [
        (each.collective,) if each.collective else (each.last, each.fore, each.suffix)
        for each in fields.authors_of(article)
    ]


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_rispy_reads_every_field_of_ris(papers: list[ToldArticle]) -> None:
    records = rispy.loads(ris.written(papers).decode())
    assert len(records) == len(papers)
    for record, paper in zip(records, papers, strict=True):
        source = paper.article
        assert record["title"] == fields.title_of(source)
        assert record.get("authors", []) == [", ".join(filter(None, name)) for name in names(source)]
        assert record["accession_number"] == record["id"] == str(source.pmid)
        assert record.get("doi", "") == source.doi
        assert record.get("abstract", "") == fields.abstract_of(source)
        assert record.get("keywords", []) == fields.keywords_of(paper)
        assert record.get("secondary_title", "") == fields.container_of(source)
        assert record.get("year", "") == (source.published or source.electronic)[:4]
        assert (record.get("start_page", ""), record.get("end_page", "")) == fields.pages_of(source)
        assert record["notes"] == fields.remarks_of(paper)


def test_bibtexparser_reads_every_field_of_bibtex(papers: list[ToldArticle]) -> None:
    hard = [each for each in papers if re.search(r"[{}\\\\^$]", fields.title_of(each.article))]
    papers = [*hard, *papers[:: max(len(papers) // 100, 1)]]  # bibtexparser takes 30 ms a record
    papers = list({each.article.pmid: each for each in papers}.values())
    text = bibtex.written(papers).decode()
    library = parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    undecoded = parse_string(text).entries_dict  # a group's name stands in braces
    assert not library.failed_blocks
    assert len(library.entries) == len(papers) == len(library.entries_dict)
    for found, paper in zip(library.entries, papers, strict=True):
        source = paper.article
        record = {name: _plain_tex(field.value) for name, field in found.fields_dict.items()}
        assert record["title"] == fields.title_of(source)
        as_written = undecoded[found.key].fields_dict
        assert (
            as_written["doi"].value if "doi" in as_written else ""
        ) == source.doi  # BibLaTeX unescapes none
        assert record["pmid"] == str(source.pmid)
        assert one_line(record.get("abstract", "")) == fields.abstract_of(source)
        assert record.get("keywords", "") == "; ".join(fields.keywords_of(paper))
        assert record.get("booktitle" if source.book else "journal", "") == fields.container_of(source)
        assert record.get("year", "") == (source.published or source.electronic)[:4]
        assert record["note"] == " ".join(fields.remarks_of(paper))
        expected = [", ".join(filter(None, (n[0], *n[2:], *n[1:2]))) for n in names(source)]
        assert _people(as_written["author"].value if "author" in as_written else "") == expected


@pytest.mark.parametrize("doi", ["10.5555/a_b&c%20~d", "10.5555/als{3}_x", "10.5555/half{open"])
def test_a_doi_in_bibtex_stands_as_it_is(doi: str, tmp_path: Path) -> None:
    file = tmp_path / "told.bib"
    file.write_bytes(bibtex.written(told([replace(BARE, doi=doi)])))
    (entry,) = parse_string(file.read_text()).entries
    assert unquote(entry["doi"]) == unquote(doi)


def _plain_tex(value: str) -> str:
    """A title without the braces that keep its capitals; TeX's circumflex is the one of ASCII."""
    value = value.replace("\u02c6", "^")
    return value[1:-1] if value.startswith("{") and value.endswith("}") else value


def _people(value: str) -> list[str]:
    """Names of a BibTeX list, split at an "and" that stands in no braces."""
    people, depth, start = [], 0, 0
    for at, sign in enumerate(value):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if not depth and value.startswith(" and ", at):
            people.append(value[start:at])
            start = at + 5
    return [LatexNodes2Text().latex_to_text(each) for each in (*people, value[start:]) if each]


def test_csl_json_is_what_its_schema_says_and_loses_nothing(papers: list[ToldArticle]) -> None:
    items = json.loads(csl_json.written(papers))
    jsonschema.validate(items, {"type": "array", "items": CSL_ITEM})
    assert len({each["id"] for each in items}) == len(papers)
    for found, paper in zip(items, papers, strict=True):
        source = paper.article
        assert found["title"] == fields.title_of(source)
        assert found["PMID"] == str(source.pmid)
        assert found.get("DOI", "") == source.doi
        assert found.get("abstract", "") == fields.abstract_of(source)
        parts = found.get("issued", {"date-parts": [[]]})["date-parts"][0]
        assert [int(part) for part in fields.date_of(source)] == parts
        people = [
            (n["literal"],) if "literal" in n else tuple(n.get(k, "") for k in ("family", "given", "suffix"))
            for n in found.get("author", [])
        ]
        assert people == names(source)


def test_biopython_reads_every_field_of_nbib(papers: list[ToldArticle]) -> None:
    records = list(Medline.parse(io.StringIO(nbib.written(papers).decode())))  # type: ignore[no-untyped-call]
    assert [record["PMID"] for record in records] == [str(paper.article.pmid) for paper in papers]
    for record, paper in zip(records, papers, strict=True):
        source = paper.article
        assert record["TI"] == fields.title_of(source)
        assert record.get("AB", "") == fields.abstract_of(source)
        people = [", ".join(filter(None, name)) for name in names(source) if len(name) > 1]
        assert record.get("FAU", []) == people
        assert record.get("CN", []) == [name[0] for name in names(source) if len(name) == 1]
        assert [each.removesuffix(" [doi]") for each in record.get("AID", [])] == [source.doi] * bool(
            source.doi
        )
        assert [each.lstrip("*") for each in record.get("OT", [])] == [
            one_line(keyword.text) for keyword in source.keywords
        ]
        assert len(record.get("MH", [])) == len(source.mesh)
        assert record.get("JT", "") == one_line(source.journal.title)
        assert record.get("PG", "") == one_line(source.pages)


def test_pyarrow_reads_the_same_rows_that_were_written(papers: list[ToldArticle], tmp_path: Path) -> None:
    file = tmp_path / "told.parquet"
    export(papers, ExportFormat.PARQUET, file)
    rows = pyarrow.parquet.read_table(file).to_pylist()
    assert len(rows) == len(papers)
    for found, paper in zip(rows, papers, strict=True):
        expected = {name: _plain(value) for name, value in row(paper)._asdict().items()}
        assert found == expected


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return list(value)
    return str(value) if isinstance(value, str) else value


def test_csv_has_every_field_and_no_cell_that_a_spreadsheet_would_run(papers: list[ToldArticle]) -> None:
    text = table.written(papers).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(papers)
    for found, paper in zip(rows, papers, strict=True):
        assert not any(re.match(r"[=@\t\r]|[+-](?![\d.]+$)", cell) for cell in found.values())
        for name, value in row(paper)._asdict().items():
            cell = (
                "; ".join(value) if isinstance(value, tuple | list) else str("" if value is None else value)
            )
            assert found[name] in {cell, f"'{cell}"}


@pytest.mark.parametrize("form", [ExportFormat.RIS, ExportFormat.NBIB, ExportFormat.CSV])
def test_our_own_readers_take_it_back(papers: list[ToldArticle], form: ExportFormat, tmp_path: Path) -> None:
    file = tmp_path / "told"
    export(papers, form, file)
    found = list(read(file))
    assert [each.pmid for each in found] == [paper.article.pmid for paper in papers]
    for each, paper in zip(found, papers, strict=True):
        assert each.article.doi == paper.article.doi
        assert each.article.title.lstrip("'") == fields.title_of(paper.article)


def test_a_page_range_is_written_out() -> None:
    pages = {"1211-20": ("1211", "1220"), "e12-e15": ("e12", "e15"), "S12-9": ("S12", "S19"), "7": ("7", "")}
    pages |= {"12-8; discussion 20": ("12-8; discussion 20", ""), "99-101": ("99", "101"), "": ("", "")}
    assert {text: fields.pages_of(article(1, pages=text)) for text in pages} == pages


def test_the_types_of_books_and_preprints_are_said() -> None:
    assert [fields.type_of(each) for each in ODD] == ["article", "chapter", "book", "preprint", "article"]
    types = [record["type_of_reference"] for record in rispy.loads(ris.written(told(ODD)).decode())]
    assert types == ["JOUR", "CHAP", "BOOK", "UNPB", "JOUR"]


@pytest.mark.parametrize("form", ExportFormat)
def test_nothing_told_is_a_file_that_can_be_read(form: ExportFormat, tmp_path: Path) -> None:
    export([], form, tmp_path / "none")
    assert (tmp_path / "none").exists()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match=r"away/told.ris: cannot be written \(No such file"):
        export(told(ODD), ExportFormat.RIS, tmp_path / "away" / "told.ris")
