from pathlib import Path

from queries.ranking.rows import ranked
from queries.readers.export import read

CANDIDATES = """id,title,abstract
a,Nitrogen in soil,Fertiliser and maize.
b,Stem cells in the marrow niche,Quiescent leukemic stem cells outlive imatinib.
c,,
"""
SEEDS = "id,title,abstract\ns,Leukemic stem cells,Quiescent stem cells hide in the marrow niche.\n"


def test_every_record_of_an_export_comes_back_once_under_its_own_id_best_first(tmp_path: Path) -> None:
    for name, text in (("candidates.csv", CANDIDATES), ("seeds.csv", SEEDS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    rows = ranked(list(read(tmp_path / "candidates.csv")), read(tmp_path / "seeds.csv"))
    assert rows[0].id == "b"
    assert sorted(row.id for row in rows) == ["a", "b", "c"]
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)
    assert "stem" in rows[0].why.lower()
