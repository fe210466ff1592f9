"""The mirror's other forms and utilities: what public clients ask beside search and fetch in XML."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from lxml import etree
from support.mirror_records import heading, record, write

from queries.errors import RecordsError
from queries.mirror.corpus import Corpus
from queries.mirror.load import load
from queries.mirror.mesh import Mesh
from queries.mirror.server import MirrorServer

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
RECORDS = (
    record(
        201,
        "Asthma in <i>infants</i> &amp; mice",
        abstract="CD4+ cells",
        mesh=heading("Asthma", "*drug therapy", ui="D001249")
        + heading("Humans")
        + heading("Infant, Newborn")
        + heading("Female"),
        authors=(("Müller", "Eva", "E"), ("Smith", "John A", "JA")),
        types=(("D016449", "Randomized Controlled Trial"), ("D016428", "Journal Article")),
        doi="10.5555/asthma.1",
        pmcid="PMC7201",
        links='<CommentsCorrections RefType="CommentIn"><RefSource>J X. 2026;1:2</RefSource>'
        '<PMID Version="1">203</PMID></CommentsCorrections>',
    ),
    record(
        202,
        "Bronchial constriction, a review",
        mesh=heading("Asthma", "therapy", ui="D001249", major=True) + heading("Mice"),
        types=(("D016454", "Review"),),
        language="ger",
        published="<Year>2001</Year><Month>Feb</Month>",
        electronic="2000-12-31",
        journal="Z Invent",
    ),
    record(203, "Comment on asthma", created="2026-11-01 05:00"),
)


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MirrorServer]:
    folder = write(tmp_path_factory.mktemp("xml") / "a.xml", *RECORDS)
    with load([folder]) as corpus, MirrorServer(corpus, now=NOON) as server:
        yield server


def ask(mirror: MirrorServer, util: str, **params: object) -> httpx.Response:
    return httpx.post(f"{mirror.url}{util}", data={name: str(value) for name, value in params.items()})


def found(mirror: MirrorServer, term: str, **params: object) -> list[str]:
    answer = ask(mirror, "esearch.fcgi", term=term, retmode="json", **params).json()["esearchresult"]
    return sorted(answer["idlist"])


@pytest.mark.parametrize(
    ("term", "pmids"),
    [
        ("humans[filter]", ["201"]),
        ("female[filter] OR male[filter]", ["201"]),
        ("newborn[filter]", ["201"]),
        ("allinfant[filter]", ["201"]),
        ("adult[filter]", []),
        ("german[filter]", ["202"]),
        ("randomizedcontrolledtrial[filter]", ["201"]),
        ("clinicaltrial[filter]", ["201"]),
        ("review[filter]", ["202"]),
        ("meta-analysis[filter]", []),
        ("newborn-infant[mh] OR infant-newborn[mh]", ["201"]),
        ("y_5[filter]", ["201", "203"]),
        ("y_100[filter]", ["201", "202", "203"]),
        ("fha[filter]", ["201"]),
        ("ffrft[filter] AND free full text[sb]", ["201"]),
        ("hascommentin", ["201"]),
        ("asthma/therapy[mh]", ["201", "202"]),
        ("asthma/therapy[majr:noexp]", ["202"]),
        ("therapy[sh]", ["201", "202"]),
        ("therapy[sh:noexp]", ["202"]),
        ("clinical trial[pt:noexp]", []),
        ("drug asthma 2026[dp]", ["201"]),
        ("asthma 2026[dp]", ["201", "203"]),
        ("asthma 2026/10/01:2026/10/31[crdt]", ["201", "202"]),
        ('"last 1 month"[crdt]', ["203"]),
        ("2001-02-01[dp]", ["202"]),
    ],
)
def test_filters_and_tags(mirror: MirrorServer, term: str, pmids: list[str]) -> None:
    assert found(mirror, term) == pmids


def test_a_translation_may_be_searched_again(mirror: MirrorServer) -> None:
    for term in (
        '(asthma[mh] OR bronch*[tiab]) NOT review[pt] AND "last 9 years"[dp]',
        "smith j[au] OR muller[1au] OR asthma/therapy[majr:noexp]",
        'infants mice "cd4 cells"[tiab:~2] 2026[dp] humans[filter]',
        "1:999[uid] AND english[la]",
    ):
        first = ask(mirror, "esearch.fcgi", term=term, retmode="json").json()["esearchresult"]
        assert found(mirror, first["querytranslation"]) == sorted(first["idlist"]), first["querytranslation"]


def test_names_in_capitals_defaults_and_unknown_orders(mirror: MirrorServer) -> None:
    answer = ask(mirror, "esearch.fcgi", TERM="asthma", RetMax=1, RetMode="json", sort="whatever")
    result = answer.json()["esearchresult"]
    assert (result["count"], len(result["idlist"])) == ("3", 1)
    assert result["warninglist"]["outputmessages"] == ["Unknown sort schema 'whatever' ignored"]
    assert found(mirror, "asthma[ti]", api_key="any") == ["201", "203"]
    history = ask(mirror, "esearch.fcgi", term="asthma[ti]", usehistory="y", retmode="json").json()
    env = history["esearchresult"]["webenv"]
    assert len(ask(mirror, "efetch.fcgi", webenv=env, query_key=1, rettype="uilist").text.split()) == 2
    linked = ask(mirror, "elink.fcgi", webenv=env, query_key=1, linkname="pubmed_pubmed_five", retmode="json")
    assert {*linked.json()["linksets"][0]["ids"]} == {"201", "203"}


def test_relevance_puts_the_rarest_words_in_the_title_first(mirror: MirrorServer) -> None:
    answer = ask(mirror, "esearch.fcgi", term="asthma OR infants", sort="relevance", retmode="json").json()
    assert answer["esearchresult"]["idlist"] == ["201", "203", "202"]


def test_records_to_be_read(mirror: MirrorServer) -> None:
    abstract = ask(mirror, "efetch.fcgi", id="201,202", rettype="abstract", retmode="text").text
    assert abstract.startswith("1. J Invent Hematol. 2026;7(2):11-22. doi: 10.5555/asthma.1.\n\nAsthma in")
    assert "\n\nMüller E, Smith JA.\n\nComment in\n    J X. 2026;1:2.\n\nCD4+ cells\n\nDOI:" in abstract
    assert "\n\n\n2. Z Invent. 2001 Feb;7(2):11-22. Epub 2000 Dec 31." in abstract
    docsum = ask(mirror, "efetch.fcgi", id="201", rettype="docsum", retmode="text").text
    assert docsum.startswith("1: Müller E, Smith JA. Asthma in infants & mice. J Invent Hematol.\n2026;")
    medline = ask(mirror, "efetch.fcgi", id="201,202", rettype="medline").text
    assert medline.count("\n\nPMID-") == 1
    for line in (
        "IS  - 2999-0001 (Electronic)",
        "AU  - Müller E",
        "MH  - Asthma/*drug therapy",
        "MH  - *Asthma/therapy",
        "CIN - J X. 2026;1:2. PMID: 203",
        "SO  - Z Invent. 2001 Feb;7(2):11-22. Epub 2000 Dec 31.",
    ):
        assert f"\n{line}\n" in medline


def test_summaries_in_three_versions_agree(mirror: MirrorServer) -> None:
    one = etree.fromstring(ask(mirror, "esummary.fcgi", id="202,9").content)
    two = etree.fromstring(ask(mirror, "esummary.fcgi", id="202,9", version="2.0").content)
    three = ask(mirror, "esummary.fcgi", id="202,9", retmode="json").json()["result"]
    document = two.find(".//DocumentSummary[@uid='202']")
    assert document is not None
    assert one.findtext(".//Item[@Name='PubDate']") == document.findtext("PubDate") == "2001 Feb"
    assert three["202"]["epubdate"] == document.findtext("EPubDate") == "2000 Dec 31"
    assert three["202"]["sortpubdate"] == document.findtext("SortPubDate") == "2001/02/01 00:00"
    assert one.findtext(".//Item[@Name='LangList']/Item") == "German"
    assert three["202"]["pubtype"] == [each.text for each in document.iterfind("PubType/flag")] == ["Review"]
    ids = ask(mirror, "esummary.fcgi", id="201", retmode="json").json()["result"]["201"]["articleids"]
    assert [(each["idtype"], each["idtypen"]) for each in ids] == [("pubmed", 1), ("doi", 3), ("pmc", 8)]
    assert two.findtext(".//DocumentSummary[@uid='9']/error") == three["9"]["error"]


def test_links_by_command(mirror: MirrorServer) -> None:
    acheck = etree.fromstring(ask(mirror, "elink.fcgi", dbfrom="pubmed", id="201,9", cmd="acheck").content)
    names = [[each.text for each in one.iter("LinkName")] for one in acheck.iter("IdLinkSet")]
    assert names[0][-1] == "pubmed_pmc"
    assert names[1] == []
    urls = etree.fromstring(ask(mirror, "elink.fcgi", dbfrom="pubmed", id="201,203", cmd="llinks").content)
    assert next(each.text for each in urls.iter("Url")) == "https://doi.org/10.5555/asthma.1"
    assert [each.text for each in urls.iter("Info")] == ["No LinkOut"]
    ncheck = ask(mirror, "elink.fcgi", dbfrom="pubmed", id="9", cmd="ncheck").text
    assert '<Id HasNeighbor="N">9</Id>' in ncheck
    everything = ask(mirror, "elink.fcgi", dbfrom="pubmed", db="pubmed,pmc", id="201", retmode="json").json()
    targets = {each["linkname"]: each["dbto"] for each in everything["linksets"][0]["linksetdbs"]}
    assert targets["pubmed_pmc"] == "pmc"
    dated = {"dbfrom": "pubmed", "linkname": "pubmed_pubmed", "mindate": "2026/11", "maxdate": "2026/11"}
    answer = ask(mirror, "elink.fcgi", id="201", datetype="crdt", retmode="json", **dated).json()
    assert answer["linksets"][0]["linksetdbs"][0]["links"] == ["203"]


def test_a_spelling_and_a_citation(mirror: MirrorServer) -> None:
    spelled = etree.fromstring(ask(mirror, "espell.fcgi", term="asthmma in infants").content)
    assert spelled.findtext("CorrectedQuery") == "asthma in infants"
    assert (
        etree.fromstring(ask(mirror, "espell.fcgi", term="asthma").content).findtext("CorrectedQuery") == ""
    )
    lines = "z invent|2001|7|11||a|\rj invent hematol|2026|7|11|smith ja|b|\rlancet|1999|1|1|x|c|"
    answer = ask(mirror, "ecitmatch.cgi", retmode="xml", bdata=lines).text
    assert answer.splitlines() == [
        "z invent|2001|7|11||a|202",
        "j invent hematol|2026|7|11|smith ja|b|201",
        "lancet|1999|1|1|x|c|NOT_FOUND",
    ]
    assert "|AMBIGUOUS 2 citations" in ask(mirror, "ecitmatch.cgi", bdata="j invent hematol|2026||||d|").text


DESCRIPTORS = """<?xml version="1.0"?><!DOCTYPE DescriptorRecordSet SYSTEM "x.dtd"><DescriptorRecordSet>
<DescriptorRecord><DescriptorUI>D001249</DescriptorUI><DescriptorName><String>Asthma</String></DescriptorName>
<PharmacologicalActionList><PharmacologicalAction><DescriptorReferredTo><DescriptorUI>D1</DescriptorUI>
<DescriptorName><String>Wheezing Agents</String></DescriptorName></DescriptorReferredTo>
</PharmacologicalAction></PharmacologicalActionList><TreeNumberList><TreeNumber>C08.1</TreeNumber>
</TreeNumberList><ConceptList><Concept><TermList><Term><String>Asthma</String></Term><Term>
<String>Bronchial Wheeze</String></Term></TermList></Concept></ConceptList></DescriptorRecord>
</DescriptorRecordSet>"""
ASCII = """*NEWRECORD
RECTYPE = D
MH = Asthma
PRINT ENTRY = Wheeze, Bronchial|T1
ENTRY = Bronchial Wheeze|T1|T2|NRW
MN = C08.1
PA = Wheezing Agents
UI = D001249
"""


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("text", [DESCRIPTORS, ASCII])
def test_nlms_descriptors_bring_entry_terms_and_actions(
    mirror: MirrorServer, tmp_path: Path, text: str, *, packed: bool
) -> None:
    file = tmp_path / "desc"
    file.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    mesh = Mesh(file)
    assert mesh.heading("bronchial wheeze") == "Asthma"
    assert mesh.with_action("Wheezing Agents") == ("Asthma",)
    corpus: Corpus = mirror.service.corpus
    with MirrorServer(corpus, now=NOON, mesh=file) as server:
        assert found(server, "bronchial wheeze[mh]") == ["201", "202"]
        assert found(server, "wheezing agents[pa]") == ["201", "202"]


def test_a_damaged_descriptor_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "desc.xml").write_text("<DescriptorRecordSet><Descr")
    with pytest.raises(RecordsError, match=r"desc\.xml.*cannot be read as MeSH"):
        Mesh(tmp_path / "desc.xml")
