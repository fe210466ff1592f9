"""PubMed's search fields: the short tag, NLM's name for it in QueryTranslation, other spellings.

Source: PubMed User Guide (NBK3827, "Search field tags") and EInfo of November 2025.
"""

import re

TAGS = {
    "ad": "Affiliation",
    "aid": "Publisher ID",
    "all": "All Fields",
    "au": "Author",
    "auid": "Author - Identifier",
    "book": "Book",
    "cn": "Author - Corporate",
    "cois": "Conflict of Interest Statements",
    "crdt": "Date - Create",
    "dcom": "Date - Completion",
    "doi": "DOI",
    "dp": "Date - Publication",
    "ed": "Editor",
    "edat": "Date - Entry",
    "epdat": "Electronic Publication Date",
    "fau": "Full Author Name",
    "fir": "Investigator - Full",
    "gr": "Grants and Funding",
    "1au": "Author - First",
    "ip": "Issue",
    "ir": "Investigator",
    "isbn": "ISBN",
    "jid": "NLM Unique ID",
    "la": "Language",
    "lastau": "Author - Last",
    "lid": "Location ID",
    "lr": "Date - Modification",
    "majr": "MeSH Major Topic",
    "mh": "MeSH Terms",
    "mhda": "Date - MeSH",
    "nm": "Supplementary Concept",
    "ot": "Other Term",
    "pa": "Pharmacological Action",
    "pg": "Pagination",
    "pl": "Place of Publication",
    "ppdat": "Print Publication Date",
    "ps": "Subject - Personal Name",
    "pt": "Publication Type",
    "pubn": "Publisher",
    "rn": "EC/RN Number",
    "sb": "Filter",
    "sh": "MeSH Subheading",
    "si": "Secondary Source ID",
    "ta": "Journal",
    "ti": "Title",
    "tiab": "Title/Abstract",
    "tt": "Transliterated Title",
    "tw": "Text Word",
    "uid": "UID",
    "vi": "Volume",
}
DATES = frozenset({"crdt", "dcom", "dp", "edat", "epdat", "lr", "mhda", "ppdat"})

_OTHERS = """
    ad affl
    aid articleidentifier pid
    all allfields allfield
    au author authorname auth full
    auid authoridentifier aucl
    cn corporateauthor coln
    crdt datecreate createdate
    dcom datecompletion cdat datecompleted completiondate
    dp pdat datepublication publicationdate dateofpublication pubdate
    ed editor
    edat dateentry entrydate entrezdate
    epdat epdt
    fau fullauthorname authorfull
    fir fullinvestigatorname finv
    gr grantnumber grnt grantsandfunding
    1au firstauthor firstauthorname faut
    ip issue iss
    ir investigator inv
    jid nlmuniqueid
    la lang language
    lastau lastauthor lastauthorname laut
    lid locationid
    lr mdat datemodification datelastrevised modificationdate daterevised
    majr meshmajortopic meshmajor majorheading
    mh mesh meshterm meshterms meshheading
    mhda datemesh meshdate
    nm subs substancename substance supplementaryconcept
    ot otrm otherterm
    pa papx pharmacologicalaction
    pg page pagination
    pl cnty placeofpublication
    ppdat ppdt printpublicationdate
    ps personalnameassubject subjectpersonalname
    pt ptyp publicationtype
    pubn publisher
    rn ecno ecrnnumber ec
    sb filter filt subset
    sh subh meshsubheading subheading meshsubheadings
    si secondarysourceid
    ta jour journal journalname journaltitle
    ti titl title
    tiab titleabstract
    tt transliteratedtitle
    tw text textword textwords word
    uid pmid
    vi vol volume
"""


def _squeezed(text: str) -> str:
    return re.sub(r"[\s/\-]+", "", text.lower())


def _spellings() -> dict[str, str]:
    known = {_squeezed(name): tag for tag, name in TAGS.items()} | {tag: tag for tag in TAGS}
    tag = ""
    for word in _OTHERS.split():
        tag = word if word in TAGS else tag
        known.setdefault(word, tag)
    return known


_SPELLINGS = _spellings()


def canonical(written: str) -> tuple[str, str]:
    """Return the short tag and its modifier ("noexp", "~3", ""); an unknown tag comes back as written.

    >>> canonical("MeSH Terms:noexp"), canonical("Title / Abstract:~3"), canonical("zz")
    (('mh', 'noexp'), ('tiab', '~3'), ('zz', ''))
    """
    name, _, modifier = written.partition(":")
    modifier = _squeezed(modifier)
    tag = _SPELLINGS.get(_squeezed(name))
    if tag is None or (modifier and not _allowed(tag, modifier)):
        return written.strip(), ""
    return tag, modifier


def _allowed(tag: str, modifier: str) -> bool:
    if tag in {"mh", "majr", "sh", "pt"}:
        return modifier == "noexp"
    if tag == "ta":
        return re.fullmatch(r"__jid\w+", modifier) is not None  # as PubMed's own translations have it
    return tag in {"ti", "tiab", "ad"} and re.fullmatch(r"~\d{1,4}", modifier) is not None
