from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from queries.ranking import Ranker, SeedSet
from queries.ranking.rows import Row, ranked
from queries.readers.export import ExportRecord, read
from queries.records.article import Article

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
    assert "quiescent" in rows[0].why.lower()


def test_a_score_is_the_papers_own_whatever_else_the_export_holds(tmp_path: Path) -> None:
    head, *lines = CANDIDATES.strip().split("\n")
    (tmp_path / "seeds.csv").write_text(SEEDS, encoding="utf-8")

    def scores(some: list[str]) -> dict[str, float]:
        (tmp_path / "some.csv").write_text("\n".join([head, *some]), encoding="utf-8")
        return {
            row.id: row.score for row in ranked(read(tmp_path / "some.csv"), read(tmp_path / "seeds.csv"))
        }

    together = scores(lines)
    assert scores(lines[:2]) == {name: together[name] for name in ("a", "b")}
    assert scores([lines[1]])["b"] == together["b"]


def test_a_digest_and_rank_give_the_same_order_and_scores_to_the_same_seeds() -> None:
    """A library's records have PMIDs; in an export they are the records' own, too."""

    def hits(article: Article) -> list[SimpleNamespace]:
        words = [word for word in ("niche", "imatinib") if word in article.title.lower()]
        return [SimpleNamespace(keyword=word, words=(word,)) for word in words]

    titles = ("Imatinib in the niche", "Stem cells", "Soil", "Imatinib in soil", "Cells of the marrow niche")
    found = [Article(pmid=700 - n, title=title) for n, title in enumerate(titles)]
    seed, more = (Article(pmid=n, title=title) for n, title in ((1, "The marrow niche"), (2, "Stem cells")))
    keywords = ("niche", "imatinib")
    in_digest = Ranker(SeedSet(seed=seed, more=(more,), keywords=keywords), hits=hits).score(found)
    exported, seeds = (
        [ExportRecord(str(each.pmid), replace(each, pmid=-n), each.pmid) for n, each in enumerate(some, 1)]
        for some in (found, [seed, more])
    )
    rows = ranked(exported, seeds, keywords, hits, explain=True)
    assert [(str(one.pmid), one.score, one.why) for one in in_digest] == [row[:3] for row in rows]


def test_reasons_stand_at_what_is_near_and_with_explain_at_all(tmp_path: Path) -> None:
    for name, text in (("candidates.csv", CANDIDATES), ("seeds.csv", SEEDS)):
        (tmp_path / name).write_text(text, encoding="utf-8")

    def rows(*, explain: bool) -> dict[str, Row]:
        files = read(tmp_path / "candidates.csv"), read(tmp_path / "seeds.csv")
        return {row.id: row for row in ranked(*files, explain=explain)}

    assert rows(explain=False)["b"].why
    assert not any(row.parts for row in rows(explain=False).values())
    for row in rows(explain=True).values():
        assert sum(part.value for part in row.parts) == pytest.approx(row.score, abs=1e-5)
