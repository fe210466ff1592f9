"""The six utilities: arguments in, records out, over real HTTP."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.scripted_server import Reply, Time, articles, error, ids, playing, searched

from queries.errors import InputError, Refused
from queries.pubmed import eutils
from queries.pubmed.eutils import FetchResult, Neighbour, efetch, einfo, elink, esearch
from queries.pubmed.seed import references, resolve_seed
from queries.pubmed.wire import Wire
from queries.records.article import Reference

PROLOG = '<?xml version="1.0" encoding="UTF-8" ?>\n'
TIMEOUT = error(
    " Error: External viewer error: Empty Response. Bytes read: 0 Status: Timeout", "eFetchResult"
)


def wire(url: str) -> Wire:
    at = Time()
    return Wire(
        url, tool="seedwatch", email="a@example.org", rate=float("inf"), sleep=at.sleep, clock=at.clock
    )


def answer(body: str) -> Reply:
    return Reply((PROLOG + body).encode())


def fetched(found: FetchResult) -> list[int]:
    return sorted(article.pmid for article in found.articles)


def test_a_search_brings_ids_count_translation_and_warnings() -> None:
    said = (
        "<ErrorList><PhraseNotFound>zzq</PhraseNotFound></ErrorList><WarningList>"
        "<PhraseIgnored>the</PhraseIgnored><QuotedPhraseNotFound>&quot;a &lt;b&quot;</QuotedPhraseNotFound>"
        "<OutputMessage>Wildcard search for 'a*' used only the first 600 variations.</OutputMessage>"
        "</WarningList>"
    )
    with playing(lambda *_: searched(7, 5, count=42, more=said)) as script, wire(script.url) as door:
        found = esearch(door, "imatinib[tiab]")
    assert (found.count, found.pmids) == (42, (7, 5))
    assert found.translation == '"imatinib"[Title/Abstract]'
    assert set(found.warnings) == {
        "PhraseNotFound: zzq",
        "PhraseIgnored: the",
        'QuotedPhraseNotFound: "a <b"',
        "OutputMessage: Wildcard search for 'a*' used only the first 600 variations.",
    }
    _, params = script.asked[0]
    assert (params["db"], params["retmax"], params["term"]) == (["pubmed"], ["9999"], ["imatinib[tiab]"])


def test_finding_nothing_is_no_warning() -> None:
    nothing = "<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>"
    with playing(lambda *_: searched(more=nothing)) as script, wire(script.url) as door:
        assert esearch(door, "x") == eutils.Found(0, (), '"imatinib"[Title/Abstract]', ())


def test_fetching_matches_by_pmid_and_ignores_what_was_not_asked() -> None:
    with (
        playing(lambda *_: articles(3, 99, 1, 1, 2)) as script,
        wire(script.url) as door,
    ):
        found = efetch(door, [1, 2, 3, 2])
    assert fetched(found) == [1, 2, 3]
    assert not found.refused
    assert not found.missing
    assert len(script.asked) == 1


def test_what_did_not_come_is_asked_once_more_and_then_missing() -> None:
    def play(_: str, params: dict[str, list[str]], ordinal: int) -> Reply:
        return articles(*(pmid for pmid in ids(params) if pmid != 2 and (ordinal or pmid != 3)))

    with playing(play) as script, wire(script.url) as door:
        found = efetch(door, [1, 2, 3])
    assert fetched(found) == [1, 3]
    assert [lost.pmid for lost in found.missing] == [2]
    assert [ids(params) for _, params in script.asked] == [[1, 2, 3], [2, 3]]


def test_a_poisoned_record_is_isolated_by_halving() -> None:
    """Batches of 200, 100, 50 and 25 fail, then the poison alone; nothing else is lost."""

    def play(_: str, params: dict[str, list[str]], __: int) -> Reply:
        return TIMEOUT if 137 in ids(params) else articles(*ids(params))

    with playing(play) as script, wire(script.url) as door:
        found = efetch(door, range(1, 201))
    assert [lost.pmid for lost in found.missing] == [137]
    assert len(found.articles) == 199
    sizes = [len(ids(params)) for _, params in script.asked]
    assert sorted(sizes, reverse=True) == [200, 100, 100, 50, 50, 25, 25] + [1] * 25


def test_batches_hold_two_hundred() -> None:
    with playing(lambda _, params, __: articles(*ids(params))) as script, wire(script.url) as door:
        assert len(efetch(door, range(1, 451)).articles) == 450
    assert [len(ids(params)) for _, params in script.asked] == [200, 200, 50]


def test_a_bad_record_costs_only_itself() -> None:
    broken = articles(1, 2).body.replace(b"<ArticleTitle>Sample 1</ArticleTitle>", b"<ArticleTitle>Sam</ple>")
    with playing(lambda *_: Reply(broken)) as script, wire(script.url) as door:
        found = efetch(door, [1, 2])
    assert fetched(found) == [2]
    assert [refusal.pmid for refusal in found.refused] == [1]


def test_links_leave_out_the_article_itself_and_other_kinds() -> None:
    body = (
        "<eLinkResult><LinkSet><DbFrom>pubmed</DbFrom><IdList><Id>9</Id></IdList>"
        "<LinkSetDb><DbTo>pubmed</DbTo><LinkName>pubmed_pubmed</LinkName>"
        "<Link><Id>9</Id><Score>900</Score></Link><Link><Id>8</Id><Score>800</Score></Link></LinkSetDb>"
        "<LinkSetDb><DbTo>pubmed</DbTo><LinkName>pubmed_pubmed_five</LinkName><Link><Id>5</Id></Link>"
        "</LinkSetDb></LinkSet></eLinkResult>"
    )
    with playing(lambda *_: answer(body)) as script, wire(script.url) as door:
        assert elink(door, 9, "pubmed_pubmed", scores=True) == (Neighbour(8, 800),)
    assert script.asked[0][1]["cmd"] == ["neighbor_score"]


def test_an_empty_link_costs_only_itself() -> None:
    body = (
        "<eLinkResult><LinkSet><DbFrom>pubmed</DbFrom><IdList><Id>9</Id></IdList>"
        "<LinkSetDb><DbTo>pubmed</DbTo><LinkName>pubmed_pubmed</LinkName>"
        "<Link><Id></Id></Link><Link><Id>8</Id></Link></LinkSetDb></LinkSet></eLinkResult>"
    )
    with playing(lambda *_: answer(body)) as script, wire(script.url) as door:
        assert elink(door, 9, "pubmed_pubmed") == (Neighbour(8),)


def test_an_article_without_links_has_none() -> None:
    body = "<eLinkResult><LinkSet><DbFrom>pubmed</DbFrom><IdList><Id>9</Id></IdList></LinkSet></eLinkResult>"
    with playing(lambda *_: answer(body)) as script, wire(script.url) as door:
        assert elink(door, 9, "pubmed_pubmed_citedin") == ()


def test_pubmed_tells_about_itself() -> None:
    body = (
        "<eInfoResult><DbInfo><DbName>pubmed</DbName><DbBuild>Build-1</DbBuild><Count>39</Count>"
        "<LastUpdate>2026/11/20 06:33</LastUpdate><FieldList><Field><Name>CRDT</Name></Field></FieldList>"
        "</DbInfo></eInfoResult>"
    )
    with playing(lambda *_: answer(body)) as script, wire(script.url) as door:
        assert einfo(door) == eutils.Info("Build-1", 39, "2026/11/20 06:33", ("CRDT",))


@pytest.mark.parametrize(
    "body",
    [
        "<eSearchResult><IdList/></eSearchResult>",
        "<other></other>",
        "<eSearchResult><Count></Count><IdList/></eSearchResult>",
        "<eSearchResult><Count>many</Count><IdList/></eSearchResult>",
        "<eSearchResult><Count>1</Count><IdList><Id></Id></IdList></eSearchResult>",
        f"<eSearchResult>{'<Count>' * 20_000}1{'</Count>' * 20_000}</eSearchResult>",
    ],
    ids=["no count", "another", "an empty count", "a count in words", "an empty id", "deep"],
)
def test_an_answer_of_a_new_shape_is_refused_and_not_taken_for_nothing(body: str) -> None:
    with playing(lambda *_: answer(body)) as script, wire(script.url) as door, pytest.raises(Refused):
        esearch(door, "x")


def test_reading_touches_neither_home_nor_network(tmp_path: Path) -> None:
    """Bio.Entrez would make a folder in HOME, and fetch a DTD that it does not ship."""
    program = (
        "import socket; socket.socket.connect = None\n"
        "from queries.pubmed.eutils import _read\n"
        'body = b\'<?xml version="1.0"?><!DOCTYPE eInfoResult SYSTEM "https://dtd.nlm.nih.gov/new_300101.dtd">'
        "<eInfoResult><DbInfo><DbName>M</DbName></DbInfo></eInfoResult>'\n"
        "print(_read(body)['DbInfo'][0]['DbName'])\n"
    )
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home)}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert run.stdout.strip() == "M", run.stderr
    assert list(home.iterdir()) == []


def test_the_seed_is_found_by_its_doi_and_only_by_its_own() -> None:
    def play(util: str, params: dict[str, list[str]], _: int) -> Reply:
        return searched(1, 2) if util == "esearch" else articles(*ids(params))

    with playing(play) as script, wire(script.url) as door:
        assert resolve_seed(door, "https://doi.org/10.5555/SAMPLE.2").pmid == 2
        assert script.asked[0][1]["term"] == ['"10.5555/sample.2"[aid]']
        assert resolve_seed(door, 7).pmid == 7
        with pytest.raises(InputError, match=r"no record"):
            resolve_seed(door, "10.5555/sample.3")
        with pytest.raises(InputError, match="neither"):
            resolve_seed(door, "about imatinib")


def test_the_seeds_references_come_from_its_list_else_from_links() -> None:
    link = (
        "<eLinkResult><LinkSet><DbFrom>pubmed</DbFrom><IdList><Id>1</Id></IdList><LinkSetDb>"
        "<DbTo>pubmed</DbTo><LinkName>pubmed_pubmed_refs</LinkName><Link><Id>5</Id></Link>"
        "</LinkSetDb></LinkSet></eLinkResult>"
    )

    def play(util: str, params: dict[str, list[str]], _: int) -> Reply:
        return answer(link) if util == "elink" else articles(*ids(params))

    with playing(play) as script, wire(script.url) as door:
        seed = resolve_seed(door, 1)
        assert fetched(references(door, seed)) == [5]
        listing = seed.__class__(pmid=1, references=(Reference("x", 6, "", ""), Reference("y", None, "", "")))
        assert fetched(references(door, listing)) == [6]


@pytest.mark.skipif("SEEDWATCH_REAL_DATA" not in os.environ, reason="SEEDWATCH_REAL_DATA is not set")
def test_recorded_answers_are_read() -> None:
    folder = Path(os.environ["SEEDWATCH_REAL_DATA"]) / "eutils"

    def play(util: str, *_: object) -> Reply:
        names = {"esearch": "esearch2", "elink": "elink8", "einfo": "einfo2"}
        return Reply((folder / f"{names[util]}.xml").read_bytes())

    with playing(play) as script, wire(script.url) as door:
        found = esearch(door, "cancer")
        assert found.count > len(found.pmids) == 100
        assert found.translation.endswith("2025/09/27:2025/11/26[Date - Entry]")
        assert einfo(door).build == "Build-2025.11.27.06.33"
        elink(door, 1, "pubmed_pubmed")
