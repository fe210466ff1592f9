"""The sample corpus keeps the promises of its README."""

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import Bio.Entrez
import pytest
from lxml import etree

from queries.readers.pubmed_xml import deleted, parse
from queries.records.article import Article, Link

SAMPLE = Path(str(files("queries.mirror"))) / "sample"
README = (SAMPLE / "README.md").read_text(encoding="utf-8")
REAL = {90000001: "10.1080/10428194.2025.2466817", 31127148: "10.1038/s41375-019-0490-0"}
RETRACTED = "D016441"


def articles(pattern: str) -> dict[tuple[int, str], Article]:
    """The records of these files, by PMID and the file's day ("" for a base file)."""
    found = {}
    for path in sorted(SAMPLE.glob(pattern)):
        for article in parse(path.read_bytes()):
            assert isinstance(article, Article), f"{path.name}: {article}"
            key = (article.pmid, path.stem.removeprefix("sample-") if "base" not in path.stem else "")
            assert key not in found, f"{path.name} has {article.pmid} twice"
            found[key] = article
    return found


BASE = {pmid: article for (pmid, _), article in articles("sample-base-*.xml").items()}
NEWER = articles("sample-2*.xml")
EVENTS = re.findall(r"^\| (\d) \| (\d{8}) \| (\d{4}-\d\d-\d\d) \| (.*) \| .* \|$", README, re.MULTILINE)


def words(article: Article) -> int:
    return sum(len(passage.text.split()) for passage in article.abstract)


def created(article: Article) -> date:
    assert article.created is not None
    return article.created.date()


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("*.xml")), ids=lambda path: path.stem)
def test_each_file_is_valid_by_nlms_dtd(path: Path) -> None:
    dtd = etree.DTD(str(Path(Bio.Entrez.__file__).parent / "DTDs" / "pubmed_250101.dtd"))
    assert dtd.validate(etree.parse(path)), dtd.error_log


def test_it_is_large_enough_and_its_cml_abstracts_are_written_out() -> None:
    cml = re.compile(r"chronic myel(oid|ogenous) leuka?emi|BCR-ABL")
    full = [
        a
        for a in BASE.values()
        if words(a) >= 120 and cml.search(a.abstract[0].text + a.abstract[-1].text + a.title)
    ]
    assert len(BASE) >= 150
    assert len(full) >= 60
    assert max(map(words, full)) <= 250


def test_nothing_in_it_can_be_taken_for_a_real_record() -> None:
    for article in [*BASE.values(), *NEWER.values()]:
        if article.pmid in REAL:
            assert article.doi == REAL[article.pmid]
            assert article.abstract[0].text.startswith(
                "[Description by seedwatch, not the publisher's abstract]"
            )
            continue
        assert article.pmid > 90000001
        assert article.doi.startswith("10.5555/") or not article.doi
        assert article.pmcid.startswith("PMC9991") or not article.pmcid
        assert all(accession.number.startswith("NCT99") for accession in article.accessions)
        text = " ".join(passage.text for passage in article.abstract)
        assert all(number.startswith("NCT99") for number in re.findall(r"NCT\d+", text))


def test_the_seed_has_its_keywords_and_a_reference_list_to_rank_by() -> None:
    seed = BASE[90000001]
    assert [keyword.text for keyword in seed.keywords] == [
        "Chronic myeloid leukemia",
        "Tyrosine kinase inhibitor",
        "leukemic stem cells",
        "phosphorylation",
        "signaling",
        "tumor micro environment",
    ]
    cited = [BASE[reference.pmid] for reference in seed.references if reference.pmid]
    assert len(cited) >= 25
    assert all("2005" <= article.published[:4] <= "2024" for article in cited)
    assert all(article.abstract for article in cited)


@pytest.mark.parametrize("week", range(1, 9))
def test_every_week_has_its_new_records(week: int) -> None:
    monday = date(2026, 10, 19).toordinal() + 7 * (week - 1)
    first = monday - 30 if week == 1 else monday - 6  # nothing on a Monday: digests are made then
    new = {pmid for pmid, article in BASE.items() if first <= created(article).toordinal() < monday}
    assert new == {pmid for pmid in BASE if pmid // 100 == 900000 + week}
    assert len(new) >= (30 if week == 1 else 15)


def test_an_update_file_brings_newer_versions_of_known_records_dated_by_its_day() -> None:
    for (pmid, day), article in NEWER.items():
        assert str(article.revised) == day, pmid
        assert article.created == BASE[pmid].created, pmid
        assert created(article) < date.fromisoformat(day), pmid
        assert article != BASE[pmid], pmid


def test_the_readme_lists_every_change_and_only_what_is_there() -> None:
    gone = {
        (pmid, path.stem[7:]) for path in SAMPLE.glob("sample-2*.xml") for pmid in deleted(path.read_bytes())
    }
    listed = {(int(pmid), day) for _, pmid, day, what in EVENTS if "by an update file" in what}
    assert listed == set(NEWER) | gone
    for digest, pmid, day, what in EVENTS:
        monday = date(2026, 10, 19).toordinal() + 7 * (int(digest) - 1)
        assert monday - (30 if digest == "1" else 7) <= date.fromisoformat(day).toordinal() < monday, pmid
        if "by an update file" not in what:
            assert str(created(BASE[int(pmid)])) == day, pmid
    assert {int(pmid) for pmid in re.findall(r"\b9\d{7}\b", README)} <= set(BASE)


@pytest.mark.parametrize(
    ("pmid", "day", "kind", "other"),
    [
        (90000104, "2026-10-28", "RetractionIn", 90000302),
        (90000112, "2026-10-30", "UpdateIn", 90000301),
        (90000202, "2026-11-04", "ExpressionOfConcernIn", 90000401),
        (90000109, "2026-11-06", "ErratumIn", 90000402),
        (90000203, "2026-11-11", "UpdateIn", 90000404),
        (90000209, "2026-11-18", "RetractedandRepublishedIn", 90000602),
        (90000305, "2026-11-25", "RetractionIn", 90000701),
        (90000202, "2026-12-02", "RetractionIn", 90000801),
    ],
)
def test_a_notice_and_its_article_name_each_other(pmid: int, day: str, kind: str, other: int) -> None:
    def linked(links: tuple[Link, ...]) -> set[tuple[str, int | None]]:
        return {(link.kind, link.pmid) for link in links}

    told, told_later = BASE[pmid], NEWER[pmid, day]
    assert (kind, other) not in linked(told.links)
    assert (kind, other) in linked(told_later.links)
    retracted = RETRACTED in {term.ui for term in told_later.publication_types}
    assert retracted == (kind in {"RetractionIn", "RetractedandRepublishedIn"})
    back = kind.replace("UpdateIn", "UpdateOf").replace("RetractionIn", "RetractionOf")
    back = re.sub("(Erratum|Concern)In$", r"\1For", back).replace("RepublishedIn", "RepublishedFrom")
    notice = NEWER.get((other, day), BASE[other])
    assert (back, pmid) in linked(notice.links)
    assert RETRACTED not in {term.ui for term in notice.publication_types}


def test_what_arrives_late_was_absent_before() -> None:
    for pmid, day in ((90000121, "2026-10-29"), (90000507, "2026-12-02")):
        assert not BASE[pmid].mesh
        indexed = NEWER[pmid, day].indexed
        assert indexed is not None
        assert str(indexed.date()) == day
        assert "D015464" in {heading.ui for heading in NEWER[pmid, day].mesh}
    for pmid in (90000204, 90000211):
        assert not BASE[pmid].abstract
        assert NEWER[pmid, "2026-11-05"].abstract
    late = BASE[90000201]
    assert late.entered is not None
    assert late.entered.year == 2024
    assert late.published == "2024-03"
    assert (BASE[90000113].publication_status, NEWER[90000113, "2026-10-30"].publication_status) == (
        "aheadofprint",
        "ppublish",
    )


def test_one_work_under_two_pmids_shares_its_doi_and_namesakes_do_not() -> None:
    for first, second in ((90000122, 90000309), (90000118, 90000403)):
        assert BASE[first].doi == BASE[second].doi
    for first, second in ((90000126, 90000601), (90000416, 90000516)):
        assert BASE[first].title == BASE[second].title
        assert BASE[first].doi != BASE[second].doi
    assert NEWER[90000208, "2026-11-12"].doi != BASE[90000208].doi
