"""The push into Zotero: whatever fails and whenever it is killed, each paper is there once."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.reports_samples import NOW, article, digest
from support.zotero_api import DROP, Fault, ZoteroApi, zotero_api

from flows.zotero import BATCH, Pushed, ZoteroLibrary
from queries.errors import DeliveryError, SettingsError
from queries.records.article import Author, Book, Term
from reports.digest.told import Telling, ToldArticle
from reports.exports.zotero import item, key_of

WATCH = "cml-stem-cells"
FAULTS: tuple[Fault, ...] = (
    (429, False),
    (500, False),
    (500, True),
    (503, False),
    (412, True),
    (DROP, False),
    (DROP, True),
)


def papers(count: int) -> list[ToldArticle]:
    """So many told papers."""
    entry = digest(1).entries[0]
    return [
        ToldArticle(
            article=article(n), tellings=(Telling(WATCH, 14, NOW, replace(entry, pmid=90_000_000 + n)),)
        )
        for n in range(count)
    ]


@pytest.fixture
def api() -> Iterator[ZoteroApi]:
    """An empty library."""
    with zotero_api() as served:
        yield served


def library(api: ZoteroApi, key: str = "secret") -> ZoteroLibrary:
    return ZoteroLibrary("groups/7", key, api.url, sleep=lambda _: None)


def pmids(told: list[ToldArticle]) -> list[str]:
    return sorted(str(each.article.pmid) for each in told)


def test_every_paper_is_made_once_and_a_second_run_changes_nothing(
    api: ZoteroApi,
) -> None:
    told = papers(BATCH + 7)
    assert library(api).push(WATCH, told) == Pushed(len(told), 0, 0)
    (collection,) = api.objects["collections"].values()
    assert collection["name"] == f"seedwatch: {WATCH}"
    assert api.pmids() == pmids(told)
    for each in api.objects["items"].values():
        assert each["collections"] == [collection["key"]]
        assert {"tag": "TFR"} in each["tags"]
    writes = api.writes
    assert library(api).push(WATCH, told) == Pushed(0, 0, len(told))
    assert api.writes == writes
    assert library(api).push(WATCH, papers(BATCH + 9)) == Pushed(2, 0, len(told))


def test_what_the_library_has_is_put_into_the_collection_and_not_made_again(api: ZoteroApi) -> None:
    told = papers(4)
    api.put(key="MINE0001", title="by DOI", DOI=f"https://doi.org/{told[0].article.doi.upper()}")
    api.put(key="MINE0002", title="by PMID", extra=f"Citation Key: x\nPMID: {told[1].article.pmid}")
    assert library(api).push(WATCH, told) == Pushed(2, 2, 0)
    assert len(api.objects["items"]) == 4
    assert library(api).push(WATCH, told) == Pushed(0, 0, 4)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("at", range(5))
def test_one_fault_anywhere_loses_and_doubles_nothing(api: ZoteroApi, fault: Fault, at: int) -> None:
    told = papers(5)
    api.put(key="MINE0001", DOI=told[0].article.doi)

    def failing(number: int, method: str) -> Fault | None:
        return fault if number == at and (fault[0] != 412 or method != "GET") else None

    api.fault = failing
    library(api).push(WATCH, told)
    assert [pmid for pmid in pmids(told) if pmid not in api.pmids()] == [str(told[0].article.pmid)]
    assert len(api.objects["items"]) == len(told)
    api.fault = lambda _number, _method: None
    assert library(api).push(WATCH, told) == Pushed(0, 0, len(told))


def test_forty_kills_lose_and_double_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each push dies before or after a request that is carried out; the last one ends."""
    monkeypatch.setattr("flows.zotero.BATCH", 3)
    dice = random.Random(7)  # noqa: S311 - no secret
    told = papers(20)
    killed = 0
    while killed < 40:
        with zotero_api() as api:
            while True:
                own = library(api)
                left, real = dice.randint(0, 12), own._client.request

                def dying(*arguments: object, **more: object) -> object:
                    nonlocal left
                    left -= 1
                    if left == 0 and dice.random() < 0.5:
                        raise KeyboardInterrupt
                    answer = real(*arguments, **more)  # type: ignore[arg-type] # noqa: B023
                    if left == 0:
                        raise KeyboardInterrupt
                    return answer

                monkeypatch.setattr(own._client, "request", dying)
                try:
                    own.push(WATCH, told)
                    break
                except KeyboardInterrupt:
                    killed += 1
            assert api.pmids() == pmids(told)
            assert len(api.objects["collections"]) == 1


def test_a_key_that_may_not_write_is_named_with_its_remedy(api: ZoteroApi) -> None:
    with pytest.raises(SettingsError, match=r"may not write to groups/7 \(HTTP 403\).*settings/keys"):
        library(api, "wrong").push(WATCH, papers(1))


def test_zotero_that_is_down_is_said_after_bounded_tries(api: ZoteroApi) -> None:
    api.fault = lambda _number, _method: (503, False)
    with pytest.raises(DeliveryError, match=r"answers HTTP 503"):
        library(api).push(WATCH, papers(1))
    assert api.requests == 6


def test_items_have_the_fields_of_their_types() -> None:
    (paper,) = papers(1)
    book = Book(title="A Book", publisher="NCBI", isbn="978-1", editors=(), place="Bethesda")
    of = {
        "journalArticle": paper.article,
        "preprint": replace(paper.article, publication_types=(Term("D000076942", "Preprint"),)),
        "bookSection": replace(paper.article, book=book),
        "book": replace(paper.article, title="", book=book, authors=(Author(collective="A Group"),)),
    }
    made = {kind: item(replace(paper, article=each), "KEY", "COLL") for kind, each in of.items()}
    assert {kind: each["itemType"] for kind, each in made.items()} == {kind: kind for kind in of}
    assert made["journalArticle"]["DOI"] == paper.article.doi
    assert "DOI" not in made["book"]
    assert f"DOI: {paper.article.doi}" in str(made["book"]["extra"])
    assert made["book"]["creators"] == [{"creatorType": "author", "name": "A Group"}]
    assert made["bookSection"]["bookTitle"] == "A Book"


def test_keys_are_zoteros_and_stay() -> None:
    keys = {key_of("item", WATCH, pmid) for pmid in range(10_000)}
    assert len(keys) == 10_000
    assert all(len(key) == 8 and set(key) <= set("23456789ABCDEFGHIJKLMNPQRSTUVWXYZ") for key in keys)
    assert key_of("item", WATCH, 90000001) == key_of("item", WATCH, 90000001)
