"""The article as PubMed has it: records, frozen and hashable, with no behaviour but identity.

Small, many-per-article records are NamedTuples, which Python builds several times faster than
frozen dataclasses; a baseline file holds a million of them.

Dates: `created`, `entered`, `indexed` are naive date-times in US Eastern, PubMed's own clock.
Publication dates are partial ISO strings ("2026", "2026-11", "2026-11-12"), since PubMed's are.

A library keeps these records as JSON, a NamedTuple as an array: a new field goes last and has a
default, so that what an older version stored still reads. A field that nearly every record fills goes
to Article, and into `LATER`, so that reading more of a record is no news of it.
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


class Institute(NamedTuple):
    """An identifier of an affiliation: which of the author's (from 0), "ROR" and its like, the number."""

    affiliation: int
    source: str
    number: str


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
    institutes: tuple[Institute, ...] = ()
    equal: bool = False  # contributed as much as others so marked


class Journal(NamedTuple):
    """The journal and the issue; `abbreviation` is NLM's title abbreviation (MedlineTA/ISO)."""

    title: str = ""
    abbreviation: str = ""
    issn: str = ""
    nlm_id: str = ""
    volume: str = ""
    issue: str = ""
    country: str = ""


class Issn(NamedTuple):
    """A number of the journal: `kind` is Print, Electronic, Linking, or "" where none is named."""

    kind: str
    number: str


class BookPart(NamedTuple):
    """A section of a book: its label ("Chapter 2"), title, and how deep it stands (from 0)."""

    label: str
    title: str
    depth: int


class Book(NamedTuple):
    """Of a PubmedBookArticle: the book that the chapter is in.

    `accession` is its number in NCBI's Bookshelf (NBK...), `isbn` the first of `isbns`, `label` the
    chapter's own ("Chapter 5"), `dates` when a serial began and ended, as printed.
    """

    title: str = ""
    publisher: str = ""
    isbn: str = ""
    accession: str = ""
    editors: tuple[Author, ...] = ()
    sections: tuple[BookPart, ...] = ()
    isbns: tuple[str, ...] = ()
    place: str = ""
    collection: str = ""
    edition: str = ""
    volume: str = ""
    report: str = ""
    label: str = ""
    dates: str = ""


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
    """A MeSH heading; `major` if the descriptor or any qualifier is a major topic.

    The descriptor itself is one if no qualifier is, or if `both` are.
    """

    ui: str
    name: str
    major: bool
    qualifiers: tuple[Qualifier, ...] = ()
    both: bool = False


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
    """An entry of the History: PubStatus and a date-time in Eastern (midnight if none is given).

    `partial` is the partial ISO date where no day is given; `at` is then the first that it may be.
    """

    status: str
    at: datetime
    partial: str = ""


class OtherId(NamedTuple):
    """What the record is called elsewhere: MedlineCitation/OtherID by source, ArticleId by type."""

    source: str
    number: str


class Note(NamedTuple):
    """A GeneralNote, and who owns it (NLM, NASA, PIP ...)."""

    owner: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One PubMed record, as PubMed has it.

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
    issns: tuple[Issn, ...] = ()
    other_ids: tuple[OtherId, ...] = ()
    notes: tuple[Note, ...] = ()
    subsets: tuple[str, ...] = ()


# What older versions did not read: a record that gains them has not changed.
LATER = frozenset({"issns", "other_ids", "notes", "subsets"})
