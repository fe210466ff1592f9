"""The shipped watch over real PubMed records (SEEDWATCH_REAL_DATA), from the command line."""

import gzip
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Shell, serving
from lxml import etree

DATA = Path(os.environ.get("SEEDWATCH_REAL_DATA", ""))
pytestmark = pytest.mark.skipif(
    not os.environ.get("SEEDWATCH_REAL_DATA"), reason="SEEDWATCH_REAL_DATA names no folder of real records"
)

# by the words of the records themselves: the disease, its acronym among the leukaemias, its gene, its
# chromosome, or a drug given for it alone
CML = re.compile(
    r"chronic (phase |accelerated phase )?(myel(oid|ogenous|ocytic)|granulocytic) leuka?em"
    r"|leuka?emia, myelo(id|genous), chronic|leuka?emia subtypes \([^()]*\bCML\)"
    r"|\bbcr[-:/ ]{0,2}abl|philadelphia|asciminib",
    re.IGNORECASE,
)
MEANS_ELSE = re.compile(r"carboxymethyl|lympholysis|metaphyseal lesion", re.IGNORECASE)


SAID = ".//ArticleTitle | .//BookTitle | .//Abstract | .//DescriptorName | .//Keyword | .//NameOfSubstance"


def texts() -> dict[int, str]:
    """Title, abstract, headings and keywords of each record, read without seedwatch's own parser."""
    found = {}
    for file in [*DATA.glob("pubmed/*.xml.gz"), *DATA.glob("cml/*.xml.gz")]:
        for record in etree.fromstring(gzip.decompress(file.read_bytes())):
            pmid = record.findtext(".//PMID")
            parts: Any = record.xpath(SAID)
            if pmid:
                found[int(pmid)] = " ".join("".join(part.itertext()) for part in parts)
    return found


def test_a_run_over_real_records_tells_cml_first_and_no_other_meaning_of_the_letters(
    seedwatch: Shell, prefect_api: str
) -> None:
    said: list[str] = []
    folders = ["--xml", str(DATA / "pubmed"), "--xml", str(DATA / "cml")]
    with serving(seedwatch, *folders, "--port", "0", output=said) as url:
        run = seedwatch(
            *("run", "cml-stem-cells", "--since", "2026-06-01", "--now", "2026-11-20", "--json"),
            SEEDWATCH_EUTILS_URL=url,
            SEEDWATCH_MAIL=f"folder://{seedwatch.home}/out",
            SEEDWATCH_HOME=str(seedwatch.home / "home"),
            PREFECT_API_URL=prefect_api,
        )
    records = texts()
    refused = re.findall(r"^refused: PMID \S+: \S.*$", "".join(said), re.MULTILINE)
    loaded = int(re.findall(r"^(\d+) records$", "".join(said), re.MULTILINE)[-1])
    assert len(records) == 2177
    assert loaded + len(refused) == len(records)

    assert run.returncode == 0, run.stderr
    outcome = json.loads(run.stdout)
    assert "seed" in " ".join(outcome["notes"])
    assert not outcome["trouble"]
    told = outcome["digest"]["told"]
    assert 10 <= len(told) <= 20
    assert [pmid for pmid in told if not CML.search(records[pmid])] == []
    assert [pmid for pmid in told if MEANS_ELSE.search(records[pmid])] == []
    html = (seedwatch.home / "out" / "cml-stem-cells" / "1.html").read_text(encoding="utf-8")
    assert all(f"/{pmid}/" in html for pmid in told)
