"""What flows through the house: records, frozen and hashable, with no behaviour but identity.

Small, many-per-article records are NamedTuples, which Python builds several times faster than
frozen dataclasses; a baseline file holds a million of them.

Dates: `created`, `entered`, `indexed` are naive date-times in US Eastern, PubMed's own clock.
Publication dates are partial ISO strings ("2026", "2026-11", "2026-11-12"), since PubMed's are.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


class Passage(NamedTuple):
    """One AbstractText: `label` as printed ("" if unstructured), `category` NLM's, `html` safe."""

    label: str
    category: str
    text: str
    html: str


class OtherAbstract(NamedTuple):
    """An abstract from elsewhere: a translation, a plain-language summary."""

    kind: str
    language: str
    passages: tuple[Passage, ...]


class Author(NamedTuple):
    """A person (`last`, `fore`, `initials`, `suffix`) or a group (`collective`)."""

    last: str = ""
    fore: str = ""
    initials: str = ""
    suffix: str = ""
    collective: str = ""
    orcid: str = ""
    affiliations: tuple[str, ...] = ()
    valid: bool = True


class Journal(NamedTuple):
    """The journal and the issue; `abbreviation` is NLM's title abbreviation (MedlineTA/ISO)."""

    title: str = ""
    abbreviation: str = ""
    issn: str = ""
    nlm_id: str = ""
    volume: str = ""
    issue: str = ""
    country: str = ""


class Book(NamedTuple):
    """Of a PubmedBookArticle: the book that the chapter is in."""

    title: str = ""
    publisher: str = ""
    isbn: str = ""


class Term(NamedTuple):
    """A controlled term: a publication type, a supplementary concept."""

    ui: str
    name: str


class Qualifier(NamedTuple):
    """A MeSH subheading."""

    ui: str
    name: str
    major: bool


class Heading(NamedTuple):
    """A MeSH heading; `major` if the descriptor or any qualifier is a major topic."""

    ui: str
    name: str
    major: bool
    qualifiers: tuple[Qualifier, ...] = ()


class Chemical(NamedTuple):
    """A substance; `registry` is a CAS, EC or UNII number, "0" where there is none."""

    registry: str
    ui: str
    name: str


class Keyword(NamedTuple):
    """A keyword; owner NOTNLM means the authors'."""

    text: str
    owner: str
    major: bool


class Accession(NamedTuple):
    """A data bank entry, e.g. ("ClinicalTrials.gov", "NCT01234567")."""

    bank: str
    number: str


class Grant(NamedTuple):
    """A grant, as the paper states it."""

    number: str
    acronym: str
    agency: str
    country: str


class Link(NamedTuple):
    """CommentsCorrections: `kind` is NLM's RefType ("RetractionIn"); `pmid` may be absent."""

    kind: str
    pmid: int | None
    source: str
    note: str


class Reference(NamedTuple):
    """One entry of the article's reference list; any of the ids may be absent."""

    citation: str
    pmid: int | None
    doi: str
    pmcid: str


class Milestone(NamedTuple):
    """An entry of the History: PubStatus and a date-time in Eastern (midnight if unsaid)."""

    status: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One PubMed record, as PubMed told it.

    Absent text is "" and absent lists are (); an absent date is None or "". `doi` is normalised
    (lower case, no resolver); `pmcid` is "PMC" and digits. `*_html` is well-formed, escaped and
    holds no tags but b, i, sub, sup, u.
    """

    pmid: int
    version: int = 1
    status: str = ""
    indexing: str = ""
    title: str = ""
    title_html: str = ""
    vernacular_title: str = ""
    abstract: tuple[Passage, ...] = ()
    other_abstracts: tuple[OtherAbstract, ...] = ()
    copyright: str = ""
    authors: tuple[Author, ...] = ()
    authors_complete: bool = True
    investigators: tuple[Author, ...] = ()
    journal: Journal = Journal()  # noqa: RUF009 - a NamedTuple is immutable
    book: Book | None = None
    pages: str = ""
    pub_model: str = ""
    published: str = ""
    published_text: str = ""
    electronic: str = ""
    created: datetime | None = None
    entered: datetime | None = None
    indexed: datetime | None = None
    revised: date | None = None
    completed: date | None = None
    history: tuple[Milestone, ...] = ()
    publication_status: str = ""
    doi: str = ""
    pii: str = ""
    pmcid: str = ""
    languages: tuple[str, ...] = ()
    publication_types: tuple[Term, ...] = ()
    mesh: tuple[Heading, ...] = ()
    supplementary: tuple[Term, ...] = ()
    chemicals: tuple[Chemical, ...] = ()
    genes: tuple[str, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    accessions: tuple[Accession, ...] = ()
    grants: tuple[Grant, ...] = ()
    subjects: tuple[Author, ...] = ()
    links: tuple[Link, ...] = ()
    references: tuple[Reference, ...] = ()
    coi: str = ""
