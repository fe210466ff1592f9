"""What records say of their ids that cannot all be true: shown to a person, never settled by a guess."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz

from queries.identity.agreement import begins
from queries.identity.citation import Citation
from queries.identity.normalised import normalise

_ONE_TITLE = 75.0  # likeness, 0 to 100, below which two titles are two


class Conflict(NamedTuple):
    """`ids` are what the asker knows the records by, `words` what is the matter with them."""

    kind: str
    ids: tuple[int, ...]
    words: str


def conflicts(citations: Iterable[Citation]) -> tuple[Conflict, ...]:
    """Return what is wrong among the ids of records: one DOI of two PMIDs, one id of two titles, ..."""
    by_doi, by_pmid = defaultdict(list), defaultdict(list)
    for citation in citations:
        if citation.doi:
            by_doi[citation.doi].append(citation)
        if citation.pmid:
            by_pmid[citation.pmid].append(citation)
    found = [each for doi, group in by_doi.items() for each in _of_doi(doi, group)]
    found += [each for pmid, group in by_pmid.items() for each in _of_pmid(pmid, group)]
    return tuple(sorted(found))


def _of_doi(doi: str, group: list[Citation]) -> Iterable[Conflict]:
    pmids = sorted({citation.pmid for citation in group if citation.pmid})
    if len(pmids) > 1:
        yield _conflict("one DOI, two PMIDs", group, f"DOI {doi} is given for PMIDs {_list(pmids)}")
    elif titles := _two_titles(group):
        yield _conflict("one DOI, two titles", group, f"DOI {doi} is given for {titles}")


def _of_pmid(pmid: int, group: list[Citation]) -> Iterable[Conflict]:
    dois = sorted({citation.doi for citation in group if citation.doi})
    if len(dois) > 1:
        yield _conflict("one PMID, two DOIs", group, f"PMID {pmid} has the DOIs {_list(dois)}")
    if titles := _two_titles(group):
        yield _conflict("one PMID, two titles", group, f"PMID {pmid} is given for {titles}: one may be wrong")


def _two_titles(group: list[Citation]) -> str:
    """Two titles of the group that are not one, as words; "" if there are none."""
    first, *others = group
    ours = normalise(first).title
    for other in others:
        theirs = normalise(other).title
        if ours and theirs and not begins(ours, theirs) and fuzz.ratio(ours, theirs) < _ONE_TITLE:
            return f"“{first.title}” and “{other.title}”"
    return ""


def _conflict(kind: str, group: list[Citation], words: str) -> Conflict:
    return Conflict(kind, tuple(sorted(citation.id for citation in group)), words)


def _list(values: Iterable[object]) -> str:
    return " and ".join(map(str, values))
