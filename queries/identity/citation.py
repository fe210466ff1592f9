"""What a record says of itself, in the few fields by which two records are known for one work.

Compact and as printed: the library stores one citation a PMID, an export makes one only of a
record that some other record resembles.
"""

from typing import NamedTuple

from queries.records.article import Article

ARTICLE, PREPRINT, NOTICE, MEETING = "article", "preprint", "notice", "meeting"
_KINDS = {
    "preprint": PREPRINT,
    "published erratum": NOTICE,
    "erratum": NOTICE,
    "correction": NOTICE,
    "retraction of publication": NOTICE,
    "retraction notice": NOTICE,
    "expression of concern": NOTICE,
    "meeting abstract": MEETING,
    "conference abstract": MEETING,
}
_UPDATES = frozenset({"UpdateIn", "UpdateOf"})
_ABSTRACT_HEAD = 400  # characters: enough to tell two abstracts apart, little to store
_MOST_AUTHORS = 30


class Citation(NamedTuple):
    """The fields as printed; "" and 0 where the record is silent.

    `id` is what the asker knows the record by, `pmid` what the record says. `authors` is
    "Last|Initials" joined by ";". `kind` is "" if the record names no publication type. `updates`
    are the PMIDs that PubMed names as other versions of it, joined by ";".
    """

    id: int
    pmid: int
    title: str
    authors: str
    year: int
    journal: str
    volume: str
    issue: str
    pages: str
    doi: str
    pmcid: str
    abstract: str
    kind: str
    updates: str = ""


def citation(article: Article, number: int, pmid: int) -> Citation:
    """Return the citation of an article under the id `number`, which says to be `pmid` (0: none)."""
    journal = article.journal
    return Citation(
        number,
        pmid,
        title(article),
        ";".join(
            f"{each.last or each.collective}|{each.initials or each.fore}"
            for each in article.authors[:_MOST_AUTHORS]
        ),
        year(article),
        journal.title or journal.abbreviation or (article.book.title if article.book else ""),
        journal.volume,
        journal.issue,
        article.pages,
        article.doi,
        article.pmcid,
        " ".join(passage.text for passage in article.abstract)[:_ABSTRACT_HEAD],
        _kind(article),
        ";".join(map(str, updates(article))),
    )


def title(article: Article) -> str:
    """Its title, in its own language if there is no other."""
    return article.title or article.vernacular_title


def year(article: Article) -> int:
    """The year that its issue, or else its web page, is of."""
    said = (article.published or article.electronic)[:4]
    return int(said) if said.isdecimal() else 0


def first_author(article: Article) -> str:
    """The last name of its first author, or the name of the group."""
    first = next(iter(article.authors), None)
    return (first.last or first.collective) if first else ""


def updates(article: Article) -> tuple[int, ...]:
    """The PMIDs that PubMed names as other versions of it."""
    return tuple(sorted({link.pmid for link in article.links if link.kind in _UPDATES and link.pmid}))


def _kind(article: Article) -> str:
    named = {
        name: kind for term in article.publication_types if (kind := _KINDS.get(name := term.name.casefold()))
    }
    return min(named.values(), default=ARTICLE if article.publication_types else "")
