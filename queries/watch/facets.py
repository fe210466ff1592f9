"""Facets: what a watch is about, written once, for its topics to ask and its keywords to be read by.

A topic's term is its facets' expansions (queries/terms/facets.py) joined: (a) AND (b) NOT (c). An anchor's
synonyms, traps and context grow by its facet's words.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field, field_validator, model_validator

from queries.errors import TermError
from queries.terms.facets import expansion, facets, meant
from queries.terms.syntax import parse
from queries.watch.mistakes import Mistake, WatchTable, near
from queries.watch.values import Text, one_line


def _searchable(text: str) -> str:
    """Words as PubMed can be asked for them."""
    if strange := next((mark for mark in '"[]\n“”' if mark in text), ""):
        raise Mistake(
            f"{text!r} holds {strange!r}", "Write the words alone; PubMed's own language goes into term"
        )
    if not any(letter.isalnum() for letter in text):
        raise Mistake(f"{text!r} holds no word", "Write words, or remove it")
    if "*" in text and len(text.partition("*")[0].replace(" ", "")) < 4:  # noqa: PLR2004 - as PubMed has it
        raise Mistake(f"{text!r} has fewer than 4 letters before *", "Lengthen it, or write the words out")
    return " ".join(text.split())


def _heading(text: str) -> str:
    if "*" in text:
        raise Mistake(f"{text!r}: * keeps PubMed from exploding a heading", "Write the whole heading")
    return _searchable(text)


@lru_cache(maxsize=256)
def balanced(term: str) -> str:
    """Return the term on one line, as PubMed and the ledger show it."""
    if not term.strip():
        return ""
    line = one_line(" ".join(term.split()))
    try:
        parse(line)
    except TermError as error:
        raise Mistake(f"{error.subject}: {error.problem}", error.remedy) from error
    return line


Words = Annotated[Text, AfterValidator(_searchable)]
MeshName = Annotated[Text, AfterValidator(_heading)]
PubMedTerm = Annotated[str, AfterValidator(balanced)]


class FacetWords(WatchTable):
    """What a facet is asked and read by: PubMed's own language in `term`, or words, or both.

    `mesh` are headings ("Stem Cells:noexp" for the heading alone), `substances` supplementary concepts;
    `words` are asked in every spelling and number, what is `exact` as it stands;
    `acronyms` map each to what a record must also say (any of it; nothing if empty) to be believed; `traps`
    are phrases in which the words mean something else. A string in the file is a `term`.
    """

    term: PubMedTerm = ""
    mesh: tuple[MeshName, ...] = ()
    substances: tuple[MeshName, ...] = ()
    words: tuple[Words, ...] = ()
    exact: tuple[Words, ...] = ()
    acronyms: dict[Words, tuple[Words, ...]] = Field(default_factory=dict)
    traps: tuple[Words, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: object) -> object:
        """Take a string for PubMed's own language."""
        if isinstance(value, str):
            return {"term": value}
        if isinstance(value, list):
            raise Mistake(
                "is a list", "Write { words = […] } for words, or a string of PubMed's own language"
            )
        return value

    @field_validator("acronyms", mode="before")
    @classmethod
    def _table(cls, value: object) -> object:
        if isinstance(value, list):
            raise Mistake(
                "is a list",
                'Write a table such as { TME = ["tumor"] }; { TME = [] } is believed without context',
            )
        return value

    @model_validator(mode="after")
    def _not_empty(self) -> "FacetWords":
        if not (self.term or self.mesh or self.substances or self.words or self.exact or self.acronyms):
            raise Mistake("asks for nothing", "Write words = […], mesh = […] or a term into it, or remove it")
        for name in ("mesh", "substances", "words", "exact", "traps"):
            listed = [text.casefold() for text in getattr(self, name)]
            if twice := next((text for text in listed if listed.count(text) > 1), ""):
                raise Mistake(f"{name} holds {twice!r} twice", "Remove one of them")
        both = sorted(
            {text.casefold() for text in (*self.words, *self.exact)}
            & {text.casefold() for text in self.traps}
        )
        if both:
            raise Mistake(f"{both[0]!r} is a word and a trap", "Remove it from one of them")
        return self


class TopicPart(NamedTuple):
    """One of the parts that a topic ANDs together: its facet's `name`, or "" where its term has no names."""

    name: str
    term: str
    excludes: bool

    def shown(self, width: int) -> str:
        """Its name, else its term in at most `width` characters."""
        short = " ".join(self.term.split())
        if len(short) > width:
            short = short[: width - 1].rsplit(" ", 1)[0] + " …"
        return f"*{self.name}*" if self.name else short


def joined(facets_asked: Mapping[str, FacetWords], wanted: tuple[str, ...], unwanted: tuple[str, ...]) -> str:
    """The term of a topic of these facets."""
    asked = " AND ".join(f"({expansion(facets_asked[name])})" for name in wanted)
    return asked + "".join(f" NOT ({expansion(facets_asked[name])})" for name in unwanted)


def parts_of(
    term: str, wanted: tuple[str, ...], unwanted: tuple[str, ...], facets_asked: Mapping[str, FacetWords]
) -> tuple[TopicPart, ...]:
    """The parts of a topic by the names of its facets; those of a term of its own have none."""
    if not wanted:
        return tuple(TopicPart("", facet.text, facet.excludes) for facet in facets(term))
    return (
        *(TopicPart(name, expansion(facets_asked[name]), False) for name in wanted),
        *(TopicPart(name, expansion(facets_asked[name]), True) for name in unwanted),
    )


def read_by(facet: FacetWords) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Synonyms, traps and context that a facet brings to an anchor.

    The contexts of all its acronyms count together: reading knows one context a keyword.
    """
    own = meant(facet.term)
    mesh = [name.removesuffix(":noexp") for name in facet.mesh]
    context = dict.fromkeys(text for texts in facet.acronyms.values() for text in texts)
    return (
        (*own.meant, *facet.words, *facet.exact, *facet.acronyms, *mesh, *facet.substances),
        (*own.shunned, *facet.traps),
        (*own.context, *context),
    )


def check_names(place: str, names: tuple[str, ...], known: tuple[str, ...]) -> None:
    """Raise Mistake for a facet that isn't there, or is named twice."""
    seen: set[str] = set()
    for name in names:
        if name not in known:
            raise Mistake(f"no facet is named {name!r}", near(name, known, "facets"), place)
        if name in seen:
            raise Mistake(f"facet {name!r} stands twice", "Remove one of them", place)
        seen.add(name)
