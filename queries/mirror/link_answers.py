"""The shapes of ELink's answers, as recorded in November 2025 (elink1 to elink8 of Biopython's tests)."""

from collections.abc import Callable, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from queries.mirror import answers
from queries.mirror.answers import Response

_MENUS = {  # of acheck
    "pubmed_pubmed": "Similar articles",
    "pubmed_pubmed_citedin": "Cited By",
    "pubmed_pubmed_five": "Five most related Articles",
    "pubmed_pubmed_refs": "References",
    "pubmed_pubmed_reviews": "Related Articles by Review",
    "pubmed_pubmed_reviews_five": "Five most related Articles by Review",
    "pubmed_pmc": "PMC Links",
}


class LinkSet(NamedTuple):
    """The links of one or several ids under one name; the score is 0 where there is none."""

    name: str
    links: Sequence[tuple[int, int]]


class IdLinks(NamedTuple):
    """The names of a PMID's links, and (URL, provider, attribute) of the pages on which it can be read."""

    pmid: int
    names: Sequence[str]
    urls: Sequence[tuple[str, str, str]]


Sets = Sequence[tuple[Sequence[int], Sequence[LinkSet]]]


def sets(groups: Sets, *, scored: bool, in_json: bool) -> Response:
    """cmd=neighbor and neighbor_score."""
    return _sets_json(groups, scored=scored) if in_json else _sets_xml(groups, scored=scored)


def _sets_xml(groups: Sets, *, scored: bool) -> Response:
    parts = []
    for pmids, links in groups:
        asked = "".join(f"\n      <Id>{pmid}</Id>" for pmid in pmids)
        inside = "".join(_link_set(each, scored=scored) for each in links if each.links)
        parts.append(
            f"\n\n  <LinkSet>\n    <DbFrom>pubmed</DbFrom>\n    <IdList>{asked}\n    </IdList>"
            f"{inside}\n  </LinkSet>"
        )
    return answers.wrapped("elink", "".join(parts) + "\n")


def _link_set(links: LinkSet, *, scored: bool) -> str:
    rows = "".join(
        f"\n        <Link>\n\t\t\t\t<Id>{pmid}</Id>"
        + (f"\n\t\t\t\t<Score>{score}</Score>" if scored else "")
        + "\n\t\t\t</Link>"
        for pmid, score in links.links
    )
    return (
        f"\n    <LinkSetDb>\n      <DbTo>{_target(links.name)}</DbTo>\n"
        f"      <LinkName>{links.name}</LinkName>\n{rows}\n    </LinkSetDb>"
    )


def _sets_json(groups: Sets, *, scored: bool) -> Response:
    link_sets = []
    for pmids, links in groups:
        one_set: dict[str, object] = {"dbfrom": "pubmed", "ids": [str(pmid) for pmid in pmids]}
        bases = [
            {
                "dbto": _target(each.name),
                "linkname": each.name,
                "links": [
                    {"id": str(pmid), "score": score} if scored else str(pmid) for pmid, score in each.links
                ],
            }
            for each in links
            if each.links
        ]
        link_sets.append(one_set | ({"linksetdbs": bases} if bases else {}))
    return answers.as_json({"header": answers.header("elink"), "linksets": link_sets})


def history(groups: Sets, keep: Callable[[Sequence[int]], tuple[int, str]]) -> Response:
    """cmd=neighbor_history; `keep` puts PMIDs into the history."""
    parts = []
    for pmids, links in groups:
        asked = "".join(f"<Id>{pmid}</Id>" for pmid in pmids)
        inside, web_env = "", ""
        for each in links:
            if each.links:
                key, web_env = keep([pmid for pmid, _ in each.links])
                inside += (
                    f"<LinkSetDbHistory><DbTo>{_target(each.name)}</DbTo><LinkName>{each.name}</LinkName>"
                    f"<QueryKey>{key}</QueryKey></LinkSetDbHistory>"
                )
        tail = f"<WebEnv>{web_env}</WebEnv>" if web_env else ""
        parts.append(f"<LinkSet><DbFrom>pubmed</DbFrom><IdList>{asked}</IdList>{inside}{tail}</LinkSet>")
    return answers.wrapped("elink", "".join(parts))


def by_id(command: str, found: Sequence[IdLinks], *, in_json: bool) -> Response:
    """cmd=acheck, ncheck, lcheck: which links there are; prlinks, llinks, llinkslib: where to read."""
    if in_json:
        return _by_id_json(command, found)
    if command in {"ncheck", "lcheck"}:
        rows = "".join(
            f"\n\t\t\t<Id {name}={quoteattr('NY'[bool(links)])}>{each.pmid}</Id>"
            for each in found
            for name, links in [
                ("HasNeighbor", each.names) if command == "ncheck" else ("HasLinkOut", each.urls)
            ]
        )
        inside = f"\n\t\t<IdCheckList>{rows}\n\t\t</IdCheckList>\n\t"
    elif command == "acheck":
        rows = "".join(
            f"\n\t\t\t<IdLinkSet>\n\t\t\t\t<Id>{each.pmid}</Id>"
            + "".join(map(_link_info, each.names))
            + "\n\t\t\t</IdLinkSet>"
            for each in found
        )
        inside = f"\n\t\t<IdCheckList>{rows}\n\t\t</IdCheckList>\n\t"
    else:
        rows = "".join(
            f"<IdUrlSet>\n\t<Id>{each.pmid}</Id>"
            + "".join(_object_url(*url) for url in (each.urls[:1] if command == "prlinks" else each.urls))
            + ("" if each.urls else "\n\t<Info>No LinkOut</Info>")
            + "\n</IdUrlSet>\n"
            for each in found
        )
        return answers.wrapped(
            "elink", f"\n\n<LinkSet><DbFrom>pubmed</DbFrom><IdUrlList>{rows}</IdUrlList></LinkSet>\n"
        )
    return answers.wrapped("elink", f"\n\t<LinkSet>\n\t\t<DbFrom>pubmed</DbFrom>{inside}</LinkSet>\n")


def _link_info(name: str) -> str:
    return (
        f"\n\t\t\t\t<LinkInfo>\n\t\t\t\t\t<DbTo>{_target(name)}</DbTo>\n\t\t\t\t\t<LinkName>{name}</LinkName>"
        f"\n\t\t\t\t\t<MenuTag>{_MENUS[name]}</MenuTag>\n\t\t\t\t\t<HtmlTag>{_MENUS[name]}</HtmlTag>"
        "\n\t\t\t\t\t<Priority>1</Priority>\n\t\t\t\t</LinkInfo>"
    )


def _object_url(url: str, provider: str, attribute: str) -> str:
    return (
        f"\n\t<ObjUrl>\n\t\t<Url>{escape(url)}</Url>\n\t\t<Category>Full Text Sources</Category>"
        f"\n\t\t<Attribute>{attribute}</Attribute>\n\t\t<Provider>\n\t\t\t<Name>{provider}</Name>"
        f"\n\t\t\t<NameAbbr>{provider}</NameAbbr>\n\t\t\t<Id>0</Id>\n\t\t</Provider>\n\t</ObjUrl>"
    )


def _by_id_json(command: str, found: Sequence[IdLinks]) -> Response:
    if command in {"prlinks", "llinks", "llinkslib"}:
        urls = [
            {
                "id": str(each.pmid),
                "objurls": [
                    {
                        "url": {"value": url},
                        "categories": ["Full Text Sources"],
                        "attributes": [attribute],
                        "provider": {"name": provider, "nameabbr": provider, "id": "0"},
                    }
                    for url, provider, attribute in (each.urls[:1] if command == "prlinks" else each.urls)
                ],
            }
            for each in found
        ]
        one_set: dict[str, object] = {"dbfrom": "pubmed", "idurllist": urls}
    else:
        checks = [
            {
                "id": str(each.pmid),
                "hasneighbor": "NY"[bool(each.names)],
                "haslinkout": "NY"[bool(each.urls)],
                "linkinfos": [{"dbto": _target(name), "linkname": name} for name in each.names],
            }
            for each in found
        ]
        one_set = {"dbfrom": "pubmed", "idchecklist": checks}
    return answers.as_json({"header": answers.header("elink"), "linksets": [one_set]})


def _target(name: str) -> str:
    return "pmc" if name.startswith("pubmed_pmc") else "pubmed"
