"""One invented work in every format that is read, and a file to hold it."""

from pathlib import Path

XML = """<?xml version="1.0"?>
<PubmedArticleSet>
<PubmedArticle><MedlineCitation><PMID Version="1">90000001</PMID><Article><Journal><ISSN>1111-2222</ISSN>
<JournalIssue><Volume>7</Volume><Issue>2</Issue><PubDate><Year>2026</Year><Month>Nov</Month></PubDate>
</JournalIssue></Journal><ArticleTitle>Niche cells &amp; their kinases</ArticleTitle>
<Pagination><MedlinePgn>5-9</MedlinePgn></Pagination>
<ELocationID EIdType="doi">10.5555/niche.1</ELocationID>
<Abstract><AbstractText>We looked at Ω cells.</AbstractText></Abstract>
<AuthorList><Author><LastName>Doe</LastName><ForeName>Jane A</ForeName><Initials>JA</Initials></Author>
<Author><LastName>van Roe</LastName><ForeName>Richard</ForeName><Initials>R</Initials></Author></AuthorList>
</Article></MedlineCitation></PubmedArticle>
</PubmedArticleSet>
"""
NBIB = """
PMID- 90000001
IS  - 1111-2222 (Print)
VI  - 7
IP  - 2
DP  - 2026 Nov
TI  - Niche cells & their
      kinases
PG  - 5-9
LID - S1-2 [pii]
LID - 10.5555/Niche.1 [doi]
AB  - We looked at
      Ω cells.
FAU - Doe, Jane A
AU  - Doe JA
FAU - van Roe, Richard
AU  - van Roe R
CRDT- 2026/06/01 05:43
MH  - *Mice/blood/*genetics
RIN - J Inv. 2026;1:2. PMID: 90000009

"""
RIS = """TY  - JOUR
ID  - 90000001
AU  - Doe, Jane A
AU  - van Roe, Richard
TI  - Niche cells & their
kinases
AB  - We looked at Ω cells.
PY  - 2026
DA  - 2026/11//
SN  - 1111-2222
VL  - 7
IS  - 2
SP  - 5
EP  - 9
DO  - https://doi.org/10.5555/niche.1
DB  - PubMed
AN  - 90000001
ER  - 
"""  # noqa: W291 - RIS ends a record with a blank
CSV = (
    "ID,Title,Abstract,Author,Year,Volume,Number,Pages,DOI,PMID,ISSN\r\n"
    '90000001,Niche cells & their kinases,We looked at Ω cells.,"Doe, Jane A and van Roe, Richard",2026-11,'
    "7,2,5--9,doi:10.5555/NICHE.1,90000001,1111-2222\r\n"
)
TSV = CSV.replace('"', "").replace(", ", "\0").replace(",", "\t").replace("\0", ", ")
JSONL = (
    '{"id": 90000001, "title": "Niche cells & their kinases", "abstract": "We looked at \\u03a9 cells.", '
    '"authors": ["Doe, Jane A", "van Roe, Richard"], "year": "2026-11", "volume": 7, "issue": "2", '
    '"pages": "5-9", "doi": "10.5555/niche.1", "pmid": "90000001", "issn": "1111-2222"}\n'
)


STYLE = '<style face="normal" font="default" size="100%">'
ENDNOTE = (
    '<?xml version="1.0" encoding="UTF-8" ?><xml><records><record><database name="My.enl" path="C:\\My.enl">'
    'My.enl</database><source-app name="EndNote" version="20.4">EndNote</source-app><rec-number>90000001'
    '</rec-number><foreign-keys><key app="EN" db-id="x">90000001</key></foreign-keys><ref-type name="Journal '
    f'Article">17</ref-type><contributors><authors><author>{STYLE}Doe, Jane A</style></author><author>{STYLE}'
    f"van Roe, Richard</style></author></authors></contributors><titles><title>{STYLE}Niche cells </style>"
    f'<style face="italic">&amp;</style>{STYLE} their kinases</style></title><secondary-title>{STYLE}J Inv'
    f"</style></secondary-title></titles><periodical><full-title>{STYLE}Journal of Inventions</style>"
    f"</full-title></periodical><pages>{STYLE}5-9</style></pages><volume>{STYLE}7</style></volume><number>{STYLE}2</style>"
    f"</number><keywords><keyword>{STYLE}*Niche</style></keyword><keyword>{STYLE}Cells</style></keyword>"
    f"</keywords><dates><year>{STYLE}2026</style></year><pub-dates><date>{STYLE}Nov</style></date></pub-dates>"
    f"</dates><isbn>{STYLE}1111-2222 (Electronic)&#xD;0000-1111 (Linking)</style></isbn><accession-num>"
    f"{STYLE}90000001</style></accession-num><abstract>{STYLE}We looked at\r\nΩ cells.</style></abstract>"
    f"<custom2>{STYLE}PMC77</style></custom2><electronic-resource-num>{STYLE}10.5555/niche.1</style>"
    f"</electronic-resource-num><remote-database-name>{STYLE}Medline</style></remote-database-name>"
    f"<remote-database-provider>{STYLE}NLM</style></remote-database-provider></record></records></xml>"
)


def write(folder: Path, content: str | bytes, name: str = "export.txt") -> Path:
    """A file with a name that says nothing about its format."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


BIBTEX = r"""@comment{not an entry}
@article{90000001,
  title = {Niche cells \& their {kinases}},
  abstract = {We looked at Ω cells.},
  author = {Doe, Jane A and van Roe, Richard},
  journal = "Journal of Inventions", year = 2026, month = 11,
  volume = {7}, number = {2}, pages = {5--9}, issn = {1111-2222},
  doi = {10.5555/NICHE.1}, pmid = {90000001},
  keywords = {Niche; Cells}
}
"""
CSL = """[{"id": "90000001", "type": "article-journal", "title": "Niche cells & their kinases",
"abstract": "We looked at Ω cells.", "DOI": "10.5555/niche.1", "note": "PMID: 90000001",
"author": [{"family": "Doe", "given": "Jane A"}, {"family": "van Roe", "given": "Richard"}],
"container-title": "Journal of Inventions", "issued": {"date-parts": [[2026, 11]]},
"volume": "7", "issue": 2, "page": "5-9", "ISSN": "1111-2222", "keyword": "Niche, Cells"}]
"""
