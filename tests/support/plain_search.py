"""PubMed's query language in plain Python over records' XML: slow, short, and nothing of the mirror in it.

What the mirror's index finds is held against this. It knows the tags that the collected strategies use
and reads NLM's tree itself; its own parser refuses what is no term.
"""

import gzip
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from lxml.etree import _Element as Element

TAGS = {
    "title/abstract": "tiab", "tiab": "tiab", "title": "ti", "ti": "ti", "text word": "tw", "tw": "tw",
    "mesh": "mh", "mesh terms": "mh", "mh": "mh", "majr": "majr", "sh": "sh", "subheading": "sh",
    "mesh subheading": "sh", "pt": "pt", "publication type": "pt", "": "all",
}  # fmt: skip
IGNORED = {"and", "of", "the", "with", "in", "for", "a"}  # of PubMed's stop words
_TOKEN = re.compile(r'\s*(?:([()])|"([^"]*)"|\[([^\[\]]*)\]|([^\s()\[\]"]+))')


class NoTerm(ValueError):
    """What this language has no meaning for."""


def norm(text: str) -> str:
    """Words in small letters without accents, each between spaces."""
    flat = unicodedata.normalize("NFD", text.lower())
    flat = "".join(letter for letter in flat if not unicodedata.combining(letter))
    words = re.findall(r"[^\W_]+", flat)
    return f" {' '.join(words)} "


class Tree:
    """NLM's tree: which names and UIs a heading stands for when it is exploded."""

    def __init__(self, file: Path, subheadings: str) -> None:
        """Read `tree number, UI, heading`, and lines of `name, abbreviation, narrower|…`."""
        rows = [line.split("\t") for line in gzip.decompress(file.read_bytes()).decode().splitlines()]
        self.rows = [
            (f"{row[0]}.", row[1].lower(), norm(row[2]))
            for row in rows
            if len(row) > 2 and row[0][1:2].isdigit()
        ]
        lines = [line.split("\t") for line in subheadings.splitlines() if not line.startswith("#")]
        self.narrower = {norm(row[0]): [norm(each) for each in "".join(row[2:]).split("|")] for row in lines}

    def below(self, name: str, *, explode: bool) -> set[str]:
        """A heading with all below it: names and UIs."""
        wanted = norm(name)
        numbers = tuple(number for number, _, heading in self.rows if heading == wanted)
        own = {ui for _, ui, heading in self.rows if heading == wanted} | {wanted}
        if explode:
            for number, ui, heading in self.rows:
                if number.startswith(numbers):
                    own |= {heading, ui}
        return own

    def subheadings(self, name: str, *, explode: bool) -> set[str]:
        """A subheading with all narrower ones; "and" and "&" are one."""
        found, waiting = set[str](), [norm(name.replace("&", "and"))]
        known = {key.replace("  ", " "): below for key, below in self.narrower.items()}
        while waiting:
            each = waiting.pop()
            plain = each.replace(" and ", " ")
            if plain not in found:
                found.add(plain)
                waiting += known.get(plain, []) if explode else []
        return found - {"  "}


class Record:
    """One record's XML, its texts by field."""

    def __init__(self, element: Element) -> None:
        """Keep the element."""
        self.element = element
        self.pmid = int(self.texts("MedlineCitation/PMID", "BookDocument/PMID")[0])

    def texts(self, *paths: str) -> list[str]:
        """The texts of all elements at some paths."""
        return ["".join(map(str, each.itertext())) for path in paths for each in self.element.findall(path)]

    @cached_property
    def title(self) -> list[str]:
        """The title."""
        found = self.texts("MedlineCitation/Article/ArticleTitle", "BookDocument/ArticleTitle")
        return found or self.texts("BookDocument/Book/BookTitle")

    @cached_property
    def abstract(self) -> list[str]:
        """Title, abstracts with their labels, keywords."""
        labels = [each.get("Label", "") for each in self.element.iter("AbstractText")]
        return self.title + labels + self.texts(".//AbstractText", ".//KeywordList/Keyword")

    @cached_property
    def words(self) -> list[str]:
        """What [tw] searches."""
        names = [
            *(
                "Article/VernacularTitle",
                "MeshHeadingList/MeshHeading/DescriptorName",
                "GeneSymbolList/GeneSymbol",
            ),
            *("MeshHeadingList/MeshHeading/QualifierName", "Article/PublicationTypeList/PublicationType"),
            *("ChemicalList/Chemical/NameOfSubstance", "SupplMeshList/SupplMeshName"),
            *("Article/DataBankList/DataBank/DataBankName", "Article/DataBankList/DataBank//AccessionNumber"),
        ]
        found = self.abstract + self.texts(*(f"MedlineCitation/{name}" for name in names))
        found += self.texts("BookDocument/PublicationType")
        found += list(self._people("MedlineCitation/PersonalNameSubjectList/PersonalNameSubject"))
        ids = (
            "PubmedData/ArticleIdList/ArticleId",
            "MedlineCitation/Article/ELocationID",
            "MedlineCitation/PMID",
        )
        return found + self.texts(
            *ids, "MedlineCitation/Article/Language", "BookDocument/ArticleIdList/ArticleId"
        )

    @cached_property
    def everything(self) -> list[str]:
        """What an untagged word searches."""
        people = (".//AuthorList/Author", ".//InvestigatorList/Investigator")
        found = self.words + [name for path in people for name in self._people(path)]
        found += self.texts(".//Affiliation", ".//CollectiveName", "MedlineCitation/Article/Journal/Title")
        found += self.texts("MedlineCitation/MedlineJournalInfo/MedlineTA")
        found += self.texts("MedlineCitation/Article/Journal/ISOAbbreviation", "MedlineCitation/CoiStatement")
        found += [" ".join(map(str, grant.itertext())) for grant in self.element.iter("Grant")]
        return found + self.texts("BookDocument/Book/BookTitle", "BookDocument/Book/Publisher/PublisherName")

    def _people(self, path: str) -> Iterator[str]:
        for person in self.element.findall(path):
            parts = (person.findtext(tag) for tag in ("LastName", "ForeName", "Suffix"))
            yield " ".join(part for part in parts if part)

    def joined(self, field: str) -> str:
        """The normalised texts of a field; no phrase reaches over a bar."""
        if field not in self._joined:
            texts = {"ti": self.title, "tiab": self.abstract, "tw": self.words, "all": self.everything}[field]
            self._joined[field] = " | ".join(norm(text) for text in texts)
        return self._joined[field]

    @cached_property
    def _joined(self) -> dict[str, str]:
        return {}

    @cached_property
    def headings(self) -> list[tuple[set[str], bool, list[tuple[str, bool]]]]:
        """(Name and UI, whether major, its qualifiers likewise) of each heading."""
        found = []
        for heading in self.element.iter("MeshHeading"):
            descriptor, *qualifiers = list(heading)
            names = {norm(descriptor.text or ""), (descriptor.get("UI") or "").lower()} - {""}
            major = descriptor.get("MajorTopicYN") == "Y"
            below = [
                (
                    norm((each.text or "").replace("&", "and")).replace(" and ", " "),
                    each.get("MajorTopicYN") == "Y",
                )
                for each in qualifiers
            ]
            found.append((names, major, below))
        return found

    @cached_property
    def types(self) -> set[str]:
        """Publication types: names and UIs."""
        paths = "MedlineCitation/Article/PublicationTypeList/PublicationType", "BookDocument/PublicationType"
        each = [element for path in paths for element in self.element.findall(path)]
        return {norm(one.text or "") for one in each} | {(one.get("UI") or "").lower() for one in each} - {""}


class PlainSearch:
    """Records, and what a term finds among them."""

    def __init__(self, records: Sequence[Record], tree: Tree) -> None:
        """Keep both."""
        self.records, self.tree = records, tree
        self._leaves: dict[tuple[str, str], set[int]] = {}

    def find(self, term: str) -> set[int]:
        """The PMIDs that a term finds; NoTerm for what is none."""
        self.tokens = [match.groups() for match in _TOKEN.finditer(term.strip())]
        self.at = 0
        found = self._expression()
        if self.at < len(self.tokens):
            raise NoTerm("a closing parenthesis too many")
        return found if found is not None else set()

    def _next(self) -> tuple[str | None, ...] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _expression(self) -> set[int] | None:
        left = self._operand()
        while (token := self._next()) and token[0] != ")":
            operator = "AND"
            if token[3] in {"AND", "OR", "NOT"}:
                operator = str(token[3])
                self.at += 1
            right = self._operand()
            if left is None or right is None:  # PubMed passes over what it ignores
                left = left if right is None else right if operator != "NOT" else left
            else:
                left = {"AND": left & right, "OR": left | right, "NOT": left - right}[operator]
        return left

    def _operand(self) -> set[int] | None:
        token = self._next()
        if token is None or token[0] == ")" or token[2] is not None or token[3] in {"AND", "OR", "NOT"}:
            raise NoTerm("words are due")
        if token[0] == "(":
            self.at += 1
            found = self._expression()
            if (self._next() or (None,))[0] != ")":
                raise NoTerm("a parenthesis is not closed")
            self.at += 1
            if (self._next() or (None,) * 4)[2] is not None:
                raise NoTerm("a tag behind a group")
            return found
        words = []
        if token[1] is not None:
            words = [token[1]]
            self.at += 1
        else:
            while (token := self._next()) and token[3] is not None and token[3] not in {"AND", "OR", "NOT"}:
                words.append(str(token[3]))
                self.at += 1
        tag = (self._next() or (None,) * 4)[2]
        if tag is not None:
            self.at += 1
            return self._leaf(" ".join(words), tag)
        hits = [self._leaf(word, "") for word in words if word.lower() not in IGNORED]
        return hits[0].intersection(*hits[1:]) if hits else None

    def _leaf(self, text: str, tag: str) -> set[int]:
        key = text, tag
        if key not in self._leaves:
            test = self._test(text, tag)
            self._leaves[key] = {record.pmid for record in self.records if test(record)}
        return self._leaves[key]

    def _test(self, text: str, written: str) -> Callable[[Record], bool]:
        name, _, modifier = " ".join(written.lower().split()).partition(":")
        field, explode = TAGS[name.strip()], modifier != "noexp"
        if field in {"ti", "tiab", "tw", "all"}:
            pattern = re.compile(re.escape(norm(text.replace("*", "STAR"))).replace("star", r"\w*"))
            return lambda record: pattern.search(record.joined(field)) is not None
        heading, _, qualifier = (part.strip() for part in text.partition("/"))
        if field == "sh":
            wanted = self.tree.subheadings(text, explode=explode)
            return lambda record: any(
                name in wanted for _, _, qualifiers in record.headings for name, _ in qualifiers
            )
        if "*" in text:
            start = re.compile(re.escape(norm(text.replace("*", "STAR")).rstrip()).replace("star", r".*"))
            return lambda record: any(start.match(name) for names, _, _ in record.headings for name in names)
        wanted = self.tree.below(heading, explode=explode)
        if field == "pt":
            return lambda record: bool(record.types & wanted)
        narrower = self.tree.subheadings(qualifier, explode=explode) if qualifier else set()
        return lambda record: any(
            names & wanted and _qualified(field, narrower, qualifiers, major=major)
            for names, major, qualifiers in record.headings
        )


def _qualified(field: str, narrower: set[str], qualifiers: list[tuple[str, bool]], *, major: bool) -> bool:
    """Whether a heading is major where it must be, and has the qualifier that it must have."""
    some = any(is_major for _, is_major in qualifiers)
    if not narrower:
        return field == "mh" or major or some
    return any(
        name in narrower and (field == "mh" or is_major or (major and not some))
        for name, is_major in qualifiers
    )
