"""EInfo: which databases there are (one), and PubMed's fields, count and last build."""

from datetime import datetime
from xml.sax.saxutils import escape

from queries.mirror import answers
from queries.mirror.answers import Response
from queries.terms.tags import DATES, TAGS

# EInfo's short names where they are not the tag in capitals, November 2025
_SHORT = {
    "1au": "FAUT",
    "ad": "AFFL",
    "aid": "PID",
    "au": "FULL",
    "auid": "AUID",
    "cn": "COLN",
    "dcom": "CDAT",
    "dp": "PDAT",
    "epdat": "EPDT",
    "gr": "GRNT",
    "ip": "ISS",
    "ir": "FINV",
    "la": "LANG",
    "lastau": "LAUT",
    "lr": "MDAT",
    "mh": "MESH",
    "nm": "SUBS",
    "ot": "OTRM",
    "pa": "PAPX",
    "pg": "PAGE",
    "pl": "CNTY",
    "ppdat": "PPDT",
    "pt": "PTYP",
    "rn": "ECNO",
    "sb": "FILT",
    "sh": "SUBH",
    "ta": "JOUR",
    "ti": "TITL",
    "tw": "WORD",
    "vi": "VOL",
}
_UNLISTED = {"doi", "fau", "fir", "jid"}  # searchable, but not listed
_IDLE = (  # listed, but not modelled here: name, full name, whether it is a date
    ("AUCL", "Author Cluster ID", "N"),
    ("DSO", "DSO", "N"),
    ("EID", "Extended PMID", "N"),
    ("P1DAT", "P1DAT", "Y"),
)
_LINKS = ("pubmed_pmc", "pubmed_pubmed", "pubmed_pubmed_refs")


def databases(*, in_json: bool) -> Response:
    """EInfo without db."""
    if in_json:
        return answers.as_json({"header": answers.header("einfo"), "einforesult": {"dblist": ["pubmed"]}})
    return answers.wrapped("einfo", "\n<DbList>\n\n\t<DbName>pubmed</DbName>\n</DbList>\n\n")


def described(count: int, build: datetime, *, in_json: bool) -> Response:
    """EInfo of PubMed: `count` visible records, as of `build` (Eastern)."""
    fields = [
        {"name": _SHORT.get(tag, tag.upper()), "fullname": name, "isdate": "Y" if tag in DATES else "N"}
        for tag, name in TAGS.items()
        if tag not in _UNLISTED
    ]
    fields += [{"name": name, "fullname": full, "isdate": dated} for name, full, dated in _IDLE]
    head = {
        "dbname": "pubmed",
        "menuname": "PubMed",
        "description": "PubMed bibliographic record (seedwatch mirror)",
        "dbbuild": f"Build-{build:%Y.%m.%d.%H.%M}",
        "count": str(count),
        "lastupdate": f"{build:%Y/%m/%d %H:%M}",
    }
    if in_json:
        links = [{"name": name, "dbto": name.split("_")[1]} for name in _LINKS]
        info = head | {"fieldlist": fields, "linklist": links}
        return answers.as_json({"header": answers.header("einfo"), "einforesult": {"dbinfo": [info]}})
    names = ("DbName", "MenuName", "Description", "DbBuild", "Count", "LastUpdate")
    head_xml = "".join(
        f"\n\t\t<{tag}>{escape(text)}</{tag}>" for tag, text in zip(names, head.values(), strict=True)
    )
    rows = "".join(
        f"\n\t\t\t<Field><Name>{each['name']}</Name><FullName>{escape(each['fullname'])}</FullName>"
        f"<Description>{escape(each['fullname'])}</Description><TermCount/><IsDate>{each['isdate']}</IsDate>"
        "<IsNumerical>N</IsNumerical><SingleToken>N</SingleToken><Hierarchy>N</Hierarchy><IsHidden>N</IsHidden></Field>"
        for each in fields
    )
    links_xml = "".join(
        f"\n\t\t\t<Link><Name>{name}</Name><Menu>{name}</Menu><Description>{name}</Description>"
        f"<DbTo>{name.split('_')[1]}</DbTo></Link>"
        for name in _LINKS
    )
    return answers.wrapped(
        "einfo",
        f"\n\t<DbInfo>{head_xml}\n\t\t<FieldList>{rows}\n\t\t</FieldList>"
        f"\n\t\t<LinkList>{links_xml}\n\t\t</LinkList>\n\t</DbInfo>\n\n",
    )
