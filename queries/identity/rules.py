"""Whether two records are one work: rules that say so with their evidence, vetoes, and neither.

What a record doesn't say proves nothing. A false merge loses a paper, a missed one only repeats
it: every rule needs agreement in several fields that two works do not share, and a veto ends it.
"""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from queries.identity.agreement import TELLING, Signs, signs, span
from queries.identity.citation import ARTICLE, MEETING, NOTICE, PREPRINT
from queries.identity.normalised import ERRATUM, Face

# Rules in the order of their strength; links join works in this order.
BY_ID = ("pmid", "doi", "pmcid")
RULES = (*BY_ID, "version", "preprint", "citation", "pages", "title", "abstract")
ONE_ID = "one id, two works"  # the veto that even ids do not overcome

# Likenesses of titles and abstracts, 0 to 100.
_OTHER_TITLE, _ROUGH_TITLE, _NEAR_TITLE, _TYPO = 75.0, 80.0, 90.0, 95.0
_OTHER_ABSTRACT, _NEAR_ABSTRACT, _SAME_ABSTRACT = 60.0, 95.0, 99.0
_TELLING_TITLE = 50  # letters of a title that nobody gives twice to two works of one year and volume
_WHOLE_PAPER = 4  # pages that no other work shares from first to last
_PREPRINT_YEARS = 3  # from a preprint to its journal
_JSTOR = "10.2307/"  # registers a second DOI for what others published


class Relation(Enum):
    """What a look at two records tells."""

    SAME = "same"
    APART = "apart"
    UNSURE = "unsure"


class Verdict(NamedTuple):
    """`rule` names the rule or the veto; `evidence` is for people: "title 100 %, pages 12-20"."""

    relation: Relation
    rule: str = ""
    evidence: str = ""


UNSURE = Verdict(Relation.UNSURE)


def compare(pairs: Sequence[tuple[Face, Face]]) -> list[Verdict]:
    """Return the verdict on each pair; the order within a pair doesn't matter."""
    titles = _alike([a.title for a, _ in pairs], [b.title for _, b in pairs])
    abstracts = _alike([a.abstract for a, _ in pairs], [b.abstract for _, b in pairs])
    return [
        verdict(a, b, signs(a, b, float(title), float(abstract)))
        for (a, b), title, abstract in zip(pairs, titles, abstracts, strict=True)
    ]


def _alike(left: list[str], right: list[str]) -> np.ndarray:
    return process.cpdist(left, right, scorer=fuzz.ratio, dtype=np.float32)


def verdict(a: Face, b: Face, by: Signs) -> Verdict:
    """Judge two records by how they agree: by their ids, then by what parts them, then by the rest."""
    return _by_ids(a, b, by) or _veto(a, b, by) or _by_evidence(a, b, by)


def _by_ids(a: Face, b: Face, by: Signs) -> Verdict | None:
    ours, theirs = a.said, b.said
    if ours.pmid and ours.pmid == theirs.pmid:
        return _same("pmid", f"PMID {ours.pmid}")
    if PREPRINT in (ours.kind, theirs.kind) and (ours.pmid in b.updates or theirs.pmid in a.updates):
        return _same("preprint", f"PubMed names {ours.pmid} and {theirs.pmid} as versions of one another")
    for rule, one, other in (("doi", ours.doi, theirs.doi), ("pmcid", ours.pmcid, theirs.pmcid)):
        if one and one == other:
            if _amended(a, b) or _only_the_id(a, b, by):
                return _apart(ONE_ID, f"{one} is given for both")
            return _same(rule, one)
    return _same("version", f"versions of {a.doi}") if a.doi and a.doi == b.doi else None


def _only_the_id(a: Face, b: Face, by: Signs) -> bool:
    """A supplement's DOI stands on each of its abstracts, a book's on each of its chapters."""
    other_title = by.title < _OTHER_TITLE and not by.begins
    other_abstract = by.abstract is not None and by.abstract < _OTHER_ABSTRACT
    other_page = bool(a.pages and b.pages and a.pages.first != b.pages.first)
    if other_title and (by.authors is False or (by.authors is None and not by.first)):
        return True
    return other_title + other_abstract + other_page > 1


def _veto(a: Face, b: Face, by: Signs) -> Verdict | None:
    kinds = {a.said.kind, b.said.kind}
    placed = by.placed and by.journal is True and by.authors is True and by.years == 0
    if _amended(a, b):
        return _apart("notice", "one corrects or withdraws the other")
    if a.numbers != b.numbers and not (placed and _is_misprint(a, by)):
        return _apart("numbers", f"numbers in the titles: {a.numbers or 'none'} and {b.numbers or 'none'}")
    if a.amends != b.amends and not (placed and by.last is not False):
        return _apart("reply", "one answers or comments on the other")
    if kinds == {MEETING, ARTICLE} and not placed:
        return _apart("meeting", "one is the abstract of a talk")
    if a.doi and b.doi and a.preprint == b.preprint and not _second_doi(a, b, by):
        return _apart("other doi", f"{a.doi} and {b.doi}")
    return None


def _amended(a: Face, b: Face) -> bool:
    kinds = a.said.kind, b.said.kind
    typed = NOTICE in kinds and "" not in kinds and kinds[0] != kinds[1]
    return typed or (a.amends != b.amends and ERRATUM in (a.amends, b.amends))


def _is_misprint(a: Face, by: Signs) -> bool:
    """Whether titles with different numbers are one: nothing else differs, and there is room for one."""
    if by.begins and by.last is not False:
        return True
    return by.title >= _NEAR_TITLE and (_one_place(a, by) or (by.abstract or 0) >= _NEAR_ABSTRACT)


def _second_doi(a: Face, b: Face, by: Signs) -> bool:
    return a.doi.startswith(_JSTOR) != b.doi.startswith(_JSTOR) or _reprinted(by)


def _reprinted(by: Signs) -> bool:
    """A work that its journal printed twice: its title, abstract and authors, word by word."""
    same_text = by.exact and by.long and (by.abstract or 0) >= _SAME_ABSTRACT
    return same_text and by.all_authors and by.journal is True


def _by_evidence(a: Face, b: Face, by: Signs) -> Verdict:
    rules = {"preprint": _is_preprint(a, b, by), "citation": _is_citation(a, by)}
    if not (a.said.pmid and b.said.pmid):  # PubMed holds few works twice: of two PMIDs more is asked
        rules |= {
            "citation": rules["citation"] or _is_loose_citation(a, by),
            "pages": _is_pages(a, by),
            "title": _is_title(a, by) or _is_near_title(by),
            "abstract": _is_abstract(by),
        }
    for rule, holds in rules.items():
        if holds:
            return _same(rule, _words(a, b, by))
    against = (by.volume, by.first, by.journal, by.authors).count(False) + ((by.years or 0) > 1)
    if against > 1 and a.preprint == b.preprint:
        return _apart("other place", "volume, pages, journal, authors or year differ")
    return UNSURE


def _is_preprint(a: Face, b: Face, by: Signs) -> bool:
    alike = by.title >= _NEAR_TITLE and by.long and by.authors is True
    return a.preprint != b.preprint and alike and (by.years or 0) <= _PREPRINT_YEARS


def _is_citation(a: Face, by: Signs) -> bool:
    """The same title at the same place: volume and first page, or all pages of no volume."""
    if not (by.exact and by.long and (by.placed or _in_one_place(a, by)) and (by.years or 0) <= 1):
        return False
    return by.authors is True or (by.journal is True and (by.authors is None or by.last is True))


def _is_loose_citation(a: Face, by: Signs) -> bool:
    """A title that differs a little, or says little, at a place where no neighbour can be."""
    alone = _in_one_place(a, by)
    agree = by.journal is True and by.authors is not False and (by.years or 0) <= 1 and by.last is not False
    if not agree or not (by.placed or alone):
        return False
    if by.authors is None:
        return by.long and by.misprint
    if by.long:
        return by.begins or by.title >= (_ROUGH_TITLE if alone else _NEAR_TITLE)
    if by.issue is False:
        return False
    if by.exact and not a.recurs and len(a.title) >= TELLING:
        return True
    return (by.title >= _NEAR_TITLE or (alone and by.begins)) and by.all_authors and by.years == 0


def _one_place(a: Face, by: Signs) -> bool:
    """Whether both fill the same pages, more than one: no room for two works."""
    return by.first is True and by.last is True and span(a.pages) > 1


def _in_one_place(a: Face, by: Signs) -> bool:
    return _one_place(a, by) and by.volume is not False


def _is_pages(a: Face, by: Signs) -> bool:
    """Another title, as a translation has, on the very same pages."""
    filled = by.placed and _one_place(a, by) and span(a.pages) >= _WHOLE_PAPER and by.issue is not False
    printed = a.pages is not None and not a.pages.letter
    return filled and printed and by.journal is True and by.years == 0 and by.all_authors


def _is_title(a: Face, by: Signs) -> bool:
    """Title and authors are the same, and nothing speaks against it."""
    against = _against(by)
    if not (by.exact and by.long) or (by.years or 0) > 1 or by.authors is False:
        return False
    in_journal = by.journal is True and by.years == 0
    if by.authors is None:
        return not against and in_journal and bool(by.volume or by.first)
    if against:
        return (
            against == 1
            and by.issue is not False
            and in_journal
            and by.all_authors
            and len(a.title) >= _TELLING_TITLE
        )
    return by.journal is True or (by.years == 0 and (by.journal is None or by.first is True))


def _is_near_title(by: Signs) -> bool:
    """A title with a typing error, or without its subtitle, in what may be the same pages or issue."""
    if _against(by) or not (by.long and by.journal is True and by.years == 0):
        return False
    misspelt = by.misprint and by.authors is True
    rough = by.all_authors and by.volume is True and by.last is True and by.title >= _TYPO
    return misspelt or rough or (by.begins and by.issue is True and by.authors is True)


def _against(by: Signs) -> int:
    """How many things say that two records of one title are two works."""
    other_issue = by.issue is False and not by.first
    other_abstract = by.abstract is not None and by.abstract < _OTHER_ABSTRACT
    return (by.volume is False) + (by.first is False) + other_issue + other_abstract


def _is_abstract(by: Signs) -> bool:
    """The same abstract under a title that differs little or lacks its subtitle, or says little."""
    if _reprinted(by):
        return True
    if (by.abstract or 0) < _NEAR_ABSTRACT or by.first is False or by.volume is False:
        return False
    if by.exact and by.volume and by.journal is True and by.years == 0:
        return by.issue is not False and by.authors is not False
    alike = by.long and (by.title >= _NEAR_TITLE or by.begins) and (by.journal is not False or by.exact)
    return alike and by.authors is True and (by.years or 0) <= 1


def _words(a: Face, b: Face, by: Signs) -> str:
    says = [f"title {by.title:.0f} %"]
    if by.authors:
        says.append("same authors" if by.all_authors else "authors agree")
    if by.journal:
        says.append(f"journal {a.said.journal}")
    if by.volume:
        says.append(f"volume {a.volume}")
    if by.first:
        says.append(f"pages {a.said.pages}")
    if by.years is not None:
        says.append(f"year {a.said.year}" if not by.years else f"years {a.said.year} and {b.said.year}")
    if by.abstract is not None and by.abstract >= _NEAR_ABSTRACT:
        says.append(f"abstract {by.abstract:.0f} %")
    return ", ".join(says)


def _same(rule: str, evidence: str) -> Verdict:
    return Verdict(Relation.SAME, rule, evidence)


def _apart(veto: str, evidence: str) -> Verdict:
    return Verdict(Relation.APART, veto, evidence)
