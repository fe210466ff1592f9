"""Whether two records are one work: rules that say so with their evidence, vetoes, and neither.

What a record doesn't say proves nothing. A false merge loses a paper, a missed one only repeats
it: every rule needs agreement in several fields that two works do not share, and a veto ends it.
"""

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from queries.identity.agreement import TELLING, Agreement, agree, span
from queries.identity.citation import ARTICLE, MEETING, NOTICE, PREPRINT
from queries.identity.judgement import ONE_ID, UNSURE, Judgement, Relation
from queries.identity.normalised import ERRATUM, Normalised

# Likenesses of titles and abstracts, 0 to 100.
_OTHER_TITLE, _ROUGH_TITLE, _NEAR_TITLE, _TYPO = 75.0, 80.0, 90.0, 95.0
_OTHER_ABSTRACT, _NEAR_ABSTRACT, _SAME_ABSTRACT = 60.0, 95.0, 99.0
_TELLING_TITLE = 50  # letters of a title that nobody gives twice to two works of one year and volume
_WHOLE_PAPER = 4  # pages that no other work shares from first to last
_PREPRINT_YEARS = 3  # from a preprint to its journal
_JSTOR = "10.2307/"  # registers a second DOI for what others published


def compare(pairs: Sequence[tuple[Normalised, Normalised]]) -> list[Judgement]:
    """Return the verdict on each pair; the order within a pair doesn't matter."""
    titles = _alike([a.title for a, _ in pairs], [b.title for _, b in pairs])
    abstracts = _alike([a.abstract for a, _ in pairs], [b.abstract for _, b in pairs])
    return [
        judgement(a, b, agree(a, b, float(title), float(abstract)))
        for (a, b), title, abstract in zip(pairs, titles, abstracts, strict=True)
    ]


def _alike(left: list[str], right: list[str]) -> np.ndarray:
    return process.cpdist(left, right, scorer=fuzz.ratio, dtype=np.float32)


def judgement(a: Normalised, b: Normalised, same: Agreement) -> Judgement:
    """Judge two records by how they agree: by their ids, then by what parts them, then by the rest."""
    return _by_ids(a, b, same) or _veto(a, b, same) or _by_evidence(a, b, same)


def _by_ids(a: Normalised, b: Normalised, same: Agreement) -> Judgement | None:
    ours, theirs = a.citation, b.citation
    if ours.pmid and ours.pmid == theirs.pmid:
        return _same("pmid", f"PMID {ours.pmid}")
    if PREPRINT in (ours.kind, theirs.kind) and (ours.pmid in b.updates or theirs.pmid in a.updates):
        return _same("preprint", f"PubMed names {ours.pmid} and {theirs.pmid} as versions of one another")
    for rule, one, other in (("doi", ours.doi, theirs.doi), ("pmcid", ours.pmcid, theirs.pmcid)):
        if one and one == other:
            if _amended(a, b) or _only_the_id(a, b, same):
                return _apart(ONE_ID, f"{one} is given for both")
            return _same(rule, one)
    return _same("version", f"versions of {a.doi}") if a.doi and a.doi == b.doi else None


def _only_the_id(a: Normalised, b: Normalised, same: Agreement) -> bool:
    """A supplement's DOI stands on each of its abstracts, a book's on each of its chapters."""
    other_title = same.title < _OTHER_TITLE and not same.begins
    other_abstract = same.abstract is not None and same.abstract < _OTHER_ABSTRACT
    other_page = bool(a.pages and b.pages and a.pages.first != b.pages.first)
    if other_title and (same.authors is False or (same.authors is None and not same.first)):
        return True
    return other_title + other_abstract + other_page > 1


def _veto(a: Normalised, b: Normalised, same: Agreement) -> Judgement | None:
    kinds = {a.citation.kind, b.citation.kind}
    placed = same.placed and same.journal is True and same.authors is True and same.years == 0
    if _amended(a, b):
        return _apart("notice", "one corrects or withdraws the other")
    if a.numbers != b.numbers and not (placed and _is_misprint(a, same)):
        return _apart("numbers", f"numbers in the titles: {a.numbers or 'none'} and {b.numbers or 'none'}")
    if a.amends != b.amends and not (placed and same.last is not False):
        return _apart("reply", "one answers or comments on the other")
    if kinds == {MEETING, ARTICLE} and not placed:
        return _apart("meeting", "one is the abstract of a talk")
    if a.doi and b.doi and a.preprint == b.preprint and not _second_doi(a, b, same):
        return _apart("other doi", f"{a.doi} and {b.doi}")
    return None


def _amended(a: Normalised, b: Normalised) -> bool:
    kinds = a.citation.kind, b.citation.kind
    typed = NOTICE in kinds and "" not in kinds and kinds[0] != kinds[1]
    return typed or (a.amends != b.amends and ERRATUM in (a.amends, b.amends))


def _is_misprint(a: Normalised, same: Agreement) -> bool:
    """Whether titles with different numbers are one: nothing else differs, and there is room for one."""
    if same.begins and same.last is not False:
        return True
    return same.title >= _NEAR_TITLE and (_one_place(a, same) or (same.abstract or 0) >= _NEAR_ABSTRACT)


def _second_doi(a: Normalised, b: Normalised, same: Agreement) -> bool:
    return a.doi.startswith(_JSTOR) != b.doi.startswith(_JSTOR) or _reprinted(same)


def _reprinted(same: Agreement) -> bool:
    """A work that its journal printed twice: its title, abstract and authors, word by word."""
    same_text = same.exact and same.long and (same.abstract or 0) >= _SAME_ABSTRACT
    return same_text and same.all_authors and same.journal is True


def _by_evidence(a: Normalised, b: Normalised, same: Agreement) -> Judgement:
    rules = {"preprint": _is_preprint(a, b, same), "citation": _is_citation(a, same)}
    if not (a.citation.pmid and b.citation.pmid):  # PubMed holds few works twice: of two PMIDs more is asked
        rules |= {
            "citation": rules["citation"] or _is_loose_citation(a, same),
            "pages": _is_pages(a, same),
            "title": _is_title(a, same) or _is_near_title(same),
            "abstract": _is_abstract(same),
        }
    for rule, holds in rules.items():
        if holds:
            return _same(rule, _words(a, b, same))
    against = (same.volume, same.first, same.journal, same.authors).count(False) + ((same.years or 0) > 1)
    if against > 1 and a.preprint == b.preprint:
        return _apart("other place", "volume, pages, journal, authors or year differ")
    return UNSURE


def _is_preprint(a: Normalised, b: Normalised, same: Agreement) -> bool:
    alike = same.title >= _NEAR_TITLE and same.long and same.authors is True
    return a.preprint != b.preprint and alike and (same.years or 0) <= _PREPRINT_YEARS


def _is_citation(a: Normalised, same: Agreement) -> bool:
    """The same title at the same place: volume and first page, or all pages of no volume."""
    if not (same.exact and same.long and (same.placed or _in_one_place(a, same)) and (same.years or 0) <= 1):
        return False
    return same.authors is True or (same.journal is True and (same.authors is None or same.last is True))


def _is_loose_citation(a: Normalised, same: Agreement) -> bool:
    """A title that differs a little, or says little, at a place where no neighbour can be."""
    alone = _in_one_place(a, same)
    agreed = (
        same.journal is True
        and same.authors is not False
        and (same.years or 0) <= 1
        and same.last is not False
    )
    if not agreed or not (same.placed or alone):
        return False
    if same.authors is None:
        return same.long and same.misprint
    if same.long:
        return same.begins or same.title >= (_ROUGH_TITLE if alone else _NEAR_TITLE)
    if same.issue is False:
        return False
    if same.exact and not a.recurs and len(a.title) >= TELLING:
        return True
    return (same.title >= _NEAR_TITLE or (alone and same.begins)) and same.all_authors and same.years == 0


def _one_place(a: Normalised, same: Agreement) -> bool:
    """Whether both fill the same pages, more than one: no room for two works."""
    return same.first is True and same.last is True and span(a.pages) > 1


def _in_one_place(a: Normalised, same: Agreement) -> bool:
    return _one_place(a, same) and same.volume is not False


def _is_pages(a: Normalised, same: Agreement) -> bool:
    """Another title, as a translation has, on the very same pages."""
    filled = same.placed and _one_place(a, same) and span(a.pages) >= _WHOLE_PAPER and same.issue is not False
    printed = a.pages is not None and not a.pages.letter
    return filled and printed and same.journal is True and same.years == 0 and same.all_authors


def _is_title(a: Normalised, same: Agreement) -> bool:
    """Title and authors are the same, and nothing speaks against it."""
    against = _against(same)
    if not (same.exact and same.long) or (same.years or 0) > 1 or same.authors is False:
        return False
    in_journal = same.journal is True and same.years == 0
    if same.authors is None:
        return not against and in_journal and bool(same.volume or same.first)
    if against:
        return (
            against == 1
            and same.issue is not False
            and in_journal
            and same.all_authors
            and len(a.title) >= _TELLING_TITLE
        )
    return same.journal is True or (same.years == 0 and (same.journal is None or same.first is True))


def _is_near_title(same: Agreement) -> bool:
    """A title with a typing error, or without its subtitle, in what may be the same pages or issue."""
    if _against(same) or not (same.long and same.journal is True and same.years == 0):
        return False
    misspelt = same.misprint and same.authors is True
    rough = same.all_authors and same.volume is True and same.last is True and same.title >= _TYPO
    return misspelt or rough or (same.begins and same.issue is True and same.authors is True)


def _against(same: Agreement) -> int:
    """How many things say that two records of one title are two works."""
    other_issue = same.issue is False and not same.first
    other_abstract = same.abstract is not None and same.abstract < _OTHER_ABSTRACT
    return (same.volume is False) + (same.first is False) + other_issue + other_abstract


def _is_abstract(same: Agreement) -> bool:
    """The same abstract under a title that differs little or lacks its subtitle, or says little."""
    if _reprinted(same):
        return True
    if (same.abstract or 0) < _NEAR_ABSTRACT or same.first is False or same.volume is False:
        return False
    if same.exact and same.volume and same.journal is True and same.years == 0:
        return same.issue is not False and same.authors is not False
    alike = (
        same.long and (same.title >= _NEAR_TITLE or same.begins) and (same.journal is not False or same.exact)
    )
    return alike and same.authors is True and (same.years or 0) <= 1


def _words(a: Normalised, b: Normalised, same: Agreement) -> str:
    says = [f"title {same.title:.0f} %"]
    if same.authors:
        says.append("same authors" if same.all_authors else "authors agree")
    if same.journal:
        says.append(f"journal {a.citation.journal}")
    if same.volume:
        says.append(f"volume {a.volume}")
    if same.first:
        says.append(f"pages {a.citation.pages}")
    if same.years is not None:
        says.append(
            f"year {a.citation.year}" if not same.years else f"years {a.citation.year} and {b.citation.year}"
        )
    if same.abstract is not None and same.abstract >= _NEAR_ABSTRACT:
        says.append(f"abstract {same.abstract:.0f} %")
    return ", ".join(says)


def _same(rule: str, evidence: str) -> Judgement:
    return Judgement(Relation.SAME, rule, evidence)


def _apart(veto: str, evidence: str) -> Judgement:
    return Judgement(Relation.APART, veto, evidence)
