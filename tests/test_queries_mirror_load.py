"""NLM's rules for baseline and update files, as the mirror keeps them."""

import gzip
import hashlib
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

import pytest
from support.mirror_records import record, write

from queries.errors import RecordsError
from queries.mirror import load as module
from queries.mirror.corpus import Corpus
from queries.mirror.load import load

LATE = datetime(2027, 1, 1)  # noqa: DTZ001 - the corpus's times are Eastern without a zone


def titles(corpus: Corpus, *pmids: int, at: datetime = LATE) -> list[str]:
    docs = corpus.view(at).of(pmids)
    return [raw.decode().split("ArticleTitle>")[1].removesuffix("</") for raw in corpus.raw(docs)]


def test_the_later_file_wins(tmp_path: Path) -> None:
    write(tmp_path / "pubmed26n0001.xml", record(1, "Old"), record(2, "Kept"))
    write(tmp_path / "pubmed26n0002.xml", record(1, "New"))
    with load([tmp_path]) as corpus:
        assert titles(corpus, 1, 2) == ["New", "Kept"]


def test_within_a_file_the_higher_version_wins_then_the_last(tmp_path: Path) -> None:
    write(
        tmp_path / "a.xml",
        record(1, "Second", version=2),
        record(1, "First", version=1),
        record(2, "Earlier"),
        record(2, "Later"),
    )
    with load([tmp_path]) as corpus:
        assert titles(corpus, 1, 2) == ["Second", "Later"]


def test_delete_citation_removes_and_a_later_file_may_bring_back(tmp_path: Path) -> None:
    write(tmp_path / "a1.xml", record(1), record(2, "Two"))
    write(tmp_path / "a2.xml", deleted=(1, 2))
    write(tmp_path / "a3.xml", record(2, "Two again"))
    with load([tmp_path]) as corpus:
        assert titles(corpus, 1, 2) == ["Two again"]


def test_a_dated_file_is_in_force_from_five_in_the_morning_of_its_day(tmp_path: Path) -> None:
    write(tmp_path / "sample-base.xml", record(1, "Ahead of print"), record(2))
    write(tmp_path / "sample-2026-11-04.xml", record(1, "In an issue"), deleted=(2,))
    with load([tmp_path]) as corpus:
        before = datetime(2026, 11, 4, 4, 59)  # noqa: DTZ001
        assert titles(corpus, 1, 2, at=before) == ["Ahead of print", "Untitled."]
        assert titles(corpus, 1, 2, at=before.replace(hour=5)) == ["In an issue"]


def test_a_record_is_visible_from_its_create_date_on(tmp_path: Path) -> None:
    write(tmp_path / "a.xml", record(1, created="2026-11-04 06:27"))
    with load([tmp_path]) as corpus:
        assert titles(corpus, 1, at=datetime(2026, 11, 4, 6, 26)) == []  # noqa: DTZ001
        assert titles(corpus, 1, at=datetime(2026, 11, 4, 6, 27)) == ["Untitled."]  # noqa: DTZ001


def test_the_bytes_of_a_record_come_back_unchanged(tmp_path: Path) -> None:
    odd = record(1, "<i>E.  coli</i> &#x3b2; &amp; β").replace("<Article ", "<Article\n\tX='1' ")
    write(tmp_path / "a.xml", odd)
    with load([tmp_path]) as corpus:
        assert corpus.raw(corpus.view(LATE).of([1])) == [odd.encode()]


def test_a_refused_record_is_named_and_costs_only_itself(tmp_path: Path) -> None:
    write(tmp_path / "a.xml", record(1), record(2).replace("</Journal>", "<"), record(3))
    with load([tmp_path]) as corpus:
        assert [refusal.pmid for refusal in corpus.refused] == [2]
        assert corpus.refused[0].reason
        assert len(titles(corpus, 1, 2, 3)) == 2


def test_a_corpus_file_is_resumed_by_file_name_and_can_be_opened_again(tmp_path: Path) -> None:
    folder, lines = tmp_path / "xml", list[str]()
    write(folder / "n1.xml", record(1))
    load([folder], tmp_path / "db").close()
    write(folder / "n2.xml", record(1, "Revised"), record(2))
    load([folder], tmp_path / "db", report=lines.append).close()
    assert lines == ["n1.xml: loaded before", "n2.xml: 2 records"]
    with Corpus.open(tmp_path / "db") as corpus:
        assert titles(corpus, 1, 2) == ["Revised", "Untitled."]


def test_an_md5_beside_the_file_is_held_against_it(tmp_path: Path) -> None:
    packed = gzip.compress((write(tmp_path / "x", record(1)) / "x").read_bytes())
    (tmp_path / "n1.xml.gz").write_bytes(packed)
    md5 = tmp_path / "n1.xml.gz.md5"
    md5.write_text(f"MD5(n1.xml.gz)= {hashlib.md5(packed).hexdigest()}\n")  # noqa: S324 - NLM's choice
    with load([tmp_path / "n1.xml.gz"]) as corpus:
        assert len(corpus) == 1
    md5.write_text("MD5(n1.xml.gz)= " + "0" * 32)
    with pytest.raises(RecordsError, match="its MD5 is not the one"):
        load([tmp_path / "n1.xml.gz"])


@pytest.mark.parametrize(
    "content", [b"", b"<html/>", b"<PubmedArticleSet>" + record(1).encode(), b"\x1f\x8bnonsense"]
)
def test_a_damaged_file_is_refused_whole_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ("bad.xml.gz" if content[:1] == b"\x1f" else "bad.xml")).write_bytes(content)
    with pytest.raises(RecordsError, match=r"bad\.xml"):
        load([tmp_path], tmp_path / "db")
    (tmp_path / "bad.xml.gz").unlink(missing_ok=True)
    write(tmp_path / "bad.xml", record(2))
    with load([tmp_path], tmp_path / "db") as corpus:
        assert len(corpus) == 1


def test_a_folder_without_xml_and_a_file_that_is_no_corpus_are_named(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match=r"holds no \.xml"):
        load([tmp_path])
    with pytest.raises(RecordsError, match="no such file"):
        Corpus.open(tmp_path / "none")
    (tmp_path / "text").write_text("hello, this is not a database at all")
    with pytest.raises(RecordsError, match="text"):
        Corpus.open(tmp_path / "text")


@pytest.mark.skipif("SEEDWATCH_REAL_DATA" not in os.environ, reason="SEEDWATCH_REAL_DATA is unset")
def test_all_of_the_real_records_load() -> None:
    data = Path(os.environ["SEEDWATCH_REAL_DATA"])
    with load([data / "pubmed", data / "cml"]) as corpus:
        assert len(corpus) + len({refusal.pmid for refusal in corpus.refused}) == 2177
        assert corpus.refused == []


@pytest.mark.parametrize("much", [1, 1 << 40])
def test_two_processes_make_the_corpus_that_one_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, much: int
) -> None:
    monkeypatch.setattr(module, "_MUCH", much)
    folder, lines = tmp_path / "xml", list[str]()
    write(folder / "n1.xml", record(1, "Old words"), record(2, references=(1,)))
    write(folder / "n2.xml", record(1, "New words"), record(3, "Words").replace("</Journal>", "<"))
    write(folder / "n3.xml", record(4, "Words too"), deleted=(2,))
    with load([folder], tmp_path / "db", report=lines.append) as corpus:
        assert titles(corpus, 1, 2, 4) == ["New words", "Words too"]
        docs = corpus.view(LATE).seen(corpus.phrase(("ti",), [["words"]]))
        assert corpus.pmids[docs].tolist() == [1, 4]
        assert [refusal.pmid for refusal in corpus.refused] == [3]
        assert len(corpus.citing(1)) == 1
        assert len(corpus.having("pt", ["journal article"])) == 4
    assert lines == ["n1.xml: 2 records", "n2.xml: 2 records", "n3.xml: 2 records"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["db", "xml"]


def test_a_damaged_file_among_many_is_named_and_those_before_it_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MUCH", 1)
    folder = tmp_path / "xml"
    write(folder / "n1.xml", record(1, "Whole"))
    (folder / "n2.xml").write_text("<PubmedArticleSet><PubmedArticle>")
    with pytest.raises(RecordsError, match=r"n2\.xml"):
        load([folder], tmp_path / "db")
    (folder / "n2.xml").unlink()
    with load([folder], tmp_path / "db") as corpus:
        assert titles(corpus, 1) == ["Whole"]


def test_no_process_outlives_a_load_that_is_killed(tmp_path: Path) -> None:
    for number in range(30):
        records = (record(number * 100 + each, "Words " * 500) for each in range(1, 60))
        write(tmp_path / "xml" / f"n{number:02}.xml", *records)
    script = (
        "import sys, pathlib; from queries.mirror import load as module; module._MUCH = 1;"
        "module.load([pathlib.Path(sys.argv[1])], pathlib.Path(sys.argv[2]),"
        " report=lambda _: print('begun', flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, tmp_path / "xml", tmp_path / "db"], stdout=subprocess.PIPE, text=True
    ) as loading:
        assert loading.stdout is not None
        assert loading.stdout.readline() == "begun\n"
        children = Path(f"/proc/{loading.pid}/task/{loading.pid}/children").read_text().split()
        loading.kill()
    assert len(children) >= 2
    until = monotonic() + 20
    while any(_runs(child) for child in children) and monotonic() < until:
        sleep(0.1)
    assert not [child for child in children if _runs(child)]


def _runs(pid: str) -> bool:
    """Whether a process is there, and no zombie."""
    try:
        return "(zombie)" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
