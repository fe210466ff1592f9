"""The mirror's answers over the sample have the shape of those that NCBI was recorded to give."""

import os
import re
from pathlib import Path

import httpx
import pytest
from lxml import etree

from queries.mirror.server import MirrorServer


def doctype(document: bytes) -> bytes:
    return document[document.index(b"<!DOCTYPE") :].split(b">")[0]


def outline(node: etree._Element) -> set[str]:
    """The paths of all elements, with Item's names."""
    tree = node.getroottree()
    return {
        re.sub(r"\[\d+\]", "", tree.getpath(each)) + str(each.get("Name", "") if each.tag == "Item" else "")
        for each in node.iter("*")
    }


@pytest.mark.skipif("SEEDWATCH_REAL_DATA" not in os.environ, reason="SEEDWATCH_REAL_DATA is unset")
@pytest.mark.parametrize(
    ("file", "util", "params"),
    [
        ("esearch1.xml", "esearch", {"term": "leukemia"}),
        ("epost1.xml", "epost", {"id": "1,2"}),
        ("esummary1.xml", "esummary", {"id": "90000101"}),
        ("einfo1.xml", "einfo", {"db": ""}),
        ("einfo2.xml", "einfo", {}),
        ("elink1.xml", "elink", {"dbfrom": "pubmed", "id": "90000001"}),
    ],
)
def test_an_answer_has_the_elements_and_doctype_of_the_recorded_one(
    mirror: MirrorServer, file: str, util: str, params: dict[str, str]
) -> None:
    recorded = (Path(os.environ["SEEDWATCH_REAL_DATA"]) / "eutils" / file).read_bytes()
    made = httpx.post(f"{mirror.url}{util}.fcgi", data={"db": "pubmed", **params}).content
    assert doctype(made) == doctype(recorded)
    theirs, ours = outline(etree.fromstring(recorded)), outline(etree.fromstring(made))
    missing, extra = theirs - ours, ours - theirs
    assert missing <= {"/eSummaryResult/DocSum/Item/Itemmedline", "/eSummaryResult/DocSum/Item/Itempii"}
    assert extra <= {f"/eSummaryResult/DocSum/Item/Item{name}" for name in ("doi", "pmc", "pmc-release")}
