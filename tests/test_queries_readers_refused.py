"""What cannot be read is refused in one line, with file, line or record, and remedy; it costs little."""

import gzip
import tracemalloc
from collections import deque
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.exports import ENDNOTE, NBIB, XML, write

from queries.errors import RecordsError
from queries.readers.export import read


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
        ('id,title\n1,"two\nlines"\n2,"open\n3,x\n', "line 4", "is not CSV"),
        ('{"title": "a"}\n{"title": \n', "line 2", "is not JSON"),
        ('{"title": "a"}\n[1]\n', "line 2", "is not a JSON object"),
        ("TI  - x\nTY  - JOUR\n", "line 1", "outside a record"),
        ("TY  - JOUR\nER  - \nmore\n", "line 3", "outside a record"),
        ("TY  - JOUR\nER  - \nTY  - JOUR\nTI  - a\n", "line 3", "has no end: the file was cut off there"),
        ("TY  - JOUR\nER  - \nTY  - JOUR\nTI  - a\nTY  - JOUR\nER  - \n", "line 3", "has no end"),
        ("TY  - JOUR\nTI  - a word that is cut o", "line 1", "has no end"),
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
