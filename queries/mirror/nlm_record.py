"""A record's XML, read for the forms in which NLM prints it: MEDLINE, abstract, document summary.

Read from the XML and not from an Article, as these forms show what no Article keeps (every ISSN, the
citation subsets, MedlinePgn as written). Element names: NLM's pubmed_250101.dtd.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from lxml import etree
from lxml.etree import _Element as Element

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SEASONS = {"Winter": 1, "Spring": 4, "Summer": 7, "Fall": 10, "Autumn": 10}  # NBK3827
_PARSER = etree.XMLParser(
    recover=True,  # a prefix may be declared on the set that held the record
    resolve_entities=False,
    no_network=True,
    huge_tree=True,
    remove_comments=True,
    remove_pis=True,
)


class NlmRecord:
    """One PubmedArticle or PubmedBookArticle; absent text is ""."""

    def __init__(self, raw: bytes) -> None:
        """Parse the record's own bytes."""
        self.root = etree.fromstring(raw, _PARSER)
        self.is_book = self.root.tag == "PubmedBookArticle"
        self._base = "BookDocument/" if self.is_book else "MedlineCitation/"
        self._article = self._base if self.is_book else "MedlineCitation/Article/"
        self._data = "PubmedBookData/" if self.is_book else "PubmedData/"

    def all(self, path: str) -> list[Element]:
        """Elements below the record."""
        return self.root.findall(path)

    def citation(self, path: str) -> list[Element]:
        """Elements below MedlineCitation (BookDocument)."""
        return self.root.findall(self._base + path)

    def article(self, path: str) -> list[Element]:
        """Elements below Article (BookDocument)."""
        return self.root.findall(self._article + path)

    def data(self, path: str) -> list[Element]:
        """Elements below PubmedData."""
        return self.root.findall(self._data + path)

    def text(self, path: str) -> str:
        """The text of the first element at `path` below Article, else below MedlineCitation."""
        for element in (*self.article(path)[:1], *self.citation(path)[:1]):
            return flat(element)
        return ""

    @cached_property
    def pmid(self) -> str:
        """PMID."""
        return self.text("PMID")

    @cached_property
    def title(self) -> str:
        """The article's title, or the book's where a book has no chapter of its own."""
        return self.text("ArticleTitle") or self.text("Book/BookTitle")

    @cached_property
    def journal(self) -> str:
        """NLM's abbreviation of the journal's title."""
        return self.text("MedlineJournalInfo/MedlineTA") or self.text("Journal/ISOAbbreviation")

    @cached_property
    def pages(self) -> str:
        """MedlinePgn, as written."""
        return self.text("Pagination/MedlinePgn")

    @cached_property
    def published(self) -> str:
        """The issue's date as printed: "2023 Jan", "2000 Jan-Feb", "1998 Spring"."""
        for path in ("Journal/JournalIssue/PubDate", "Book/PubDate"):
            for element in self.article(path)[:1]:
                return printed_date(element)
        return ""

    @cached_property
    def electronic(self) -> str:
        """ArticleDate as printed: "2022 Nov 21"."""
        return next(map(printed_date, self.article("ArticleDate")), "")

    @cached_property
    def sort_date(self) -> str:
        """The first day of the issue's date: "2023/01/01"."""
        found = re.match(r"(\d{4})(?: ([A-Z][a-z]+))?(?:[^ ]*)(?: (\d{1,2})\b)?", self.published)
        if not found:
            return ""
        year, month, day = found.groups()
        number = (
            MONTHS.index(month[:3]) + 1 if month and month[:3] in MONTHS else _SEASONS.get(month or "", 1)
        )
        return f"{year}/{number:02}/{int(day or 1):02}"

    @cached_property
    def model(self) -> str:
        """PubModel: Print, Print-Electronic, Electronic, Electronic-eCollection."""
        return next((element.get("PubModel", "") for element in self.all("MedlineCitation/Article")), "")

    @cached_property
    def ids(self) -> list[tuple[str, str]]:
        """(IdType, id) of the record's own ArticleIdList, in its order."""
        elements = self.data("ArticleIdList/ArticleId") or self.citation("ArticleIdList/ArticleId")
        return [(each.get("IdType", "pubmed"), flat(each)) for each in elements]

    def id(self, kind: str) -> str:
        """The first id of a kind; a DOI or PII may also stand in ELocationID."""
        for name, number in self.ids:
            if name == kind:
                return number
        return next((number for number, name in self.locations if name == kind), "")

    @cached_property
    def locations(self) -> list[tuple[str, str]]:
        """(location, EIdType) of the valid ELocationIDs."""
        found = [each for each in self.article("ELocationID") if each.get("ValidYN", "Y") == "Y"]
        return [(flat(each), each.get("EIdType", "")) for each in found]

    def issns(self) -> Iterator[tuple[str, str]]:
        """(ISSN, Print, Electronic or Linking)."""
        for each in self.article("Journal/ISSN"):
            yield flat(each), each.get("IssnType", "")
        for each in self.citation("MedlineJournalInfo/ISSNLinking"):
            yield flat(each), "Linking"

    def people(self, path: str = "AuthorList/Author") -> list[Element]:
        """The valid authors (editors, investigators)."""
        return [each for each in self.article(path) if each.get("ValidYN", "Y") == "Y"]

    def history(self) -> list[tuple[str, str]]:
        """(PubStatus, "2022/11/22 06:00") of each PubMedPubDate that has a year, in the record's order."""
        moments = ((each.get("PubStatus", ""), _moment(each)) for each in self.data("History/PubMedPubDate"))
        return [(status, moment) for status, moment in moments if moment]

    def moment(self, status: str) -> str:
        """When the record reached a status; "" if unknown."""
        return next((at for name, at in self.history() if name == status), "")

    @cached_property
    def issue(self) -> str:
        """Date, volume, issue and pages: "2023 Jan;613(7944):565-574"."""
        volume, number = self.text("Journal/JournalIssue/Volume"), self.text("Journal/JournalIssue/Issue")
        behind = f"{volume}({number})" if number else volume
        if self.pages:
            behind += f":{self.pages}"
        return f"{self.published};{behind}" if behind else self.published

    @cached_property
    def source(self) -> str:
        """The citation as it heads an abstract: journal, issue, DOI, and when it was online first."""
        if self.is_book:
            place = ": ".join(
                filter(
                    None, map(self.text, ("Book/Publisher/PublisherLocation", "Book/Publisher/PublisherName"))
                )
            )
            return "; ".join(filter(None, (place, self.published))) + "."
        parts = [f"{self.journal}. {self.issue}."]
        doi, pii = self.id("doi"), next((place for place, kind in self.locations if kind == "pii"), "")
        if doi or pii:
            parts.append(f"doi: {doi}." if doi else f"pii: {pii}.")
        if self.model == "Print-Electronic" and self.electronic:
            parts.append(f"Epub {self.electronic}.")
        if self.model == "Electronic-eCollection":
            parts[0] = (
                f"{self.journal}. {self.electronic or self.published}"
                + self.issue[len(self.published) :]
                + "."
            )
            parts.append(f"eCollection {self.published}.")
        return " ".join(parts)


def flat(element: Element) -> str:
    """The element's whole text on one line, without markup."""
    return " ".join("".join(map(str, element.itertext())).split())


def bracketed(element: Element) -> str:
    """The same with superscripts and subscripts in parentheses, as in MEDLINE: "CD4(+)"."""
    return " ".join(_bracketed(element).split())


def _bracketed(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        inside = _bracketed(child)
        parts += [f"({inside})" if child.tag in {"sup", "sub"} and inside else inside, child.tail or ""]
    return "".join(parts)


def short_name(person: Element) -> str:
    """Last name, initials and suffix, or a group's name."""
    return _name(person, "LastName", "Initials", "Suffix") or _name(person, "CollectiveName")


def _name(person: Element, *tags: str) -> str:
    return " ".join(flat(found) for tag in tags if (found := person.find(tag)) is not None and flat(found))


def full_name(person: Element) -> str:
    """Last name, comma, fore name and suffix."""
    last, fore = _name(person, "LastName"), _name(person, "ForeName") or _name(person, "FirstName")
    return " ".join(filter(None, (f"{last}, {fore}" if fore else last, _name(person, "Suffix"))))


def printed_date(element: Element) -> str:
    """A date's parts as PubMed prints them: month names, no leading zero."""
    for free in element.findall("MedlineDate"):
        return flat(free)
    parts = {child.tag: flat(child) for child in element}
    month = parts.get("Month", "")
    if month.isdigit() and 1 <= int(month) <= len(MONTHS):
        month = MONTHS[int(month) - 1]
    return " ".join(
        filter(None, (parts.get("Year"), parts.get("Season"), month, parts.get("Day", "").lstrip("0")))
    )


def compact_date(element: Element) -> str:
    """A date as YYYYMMDD."""
    parts = {child.tag: flat(child) for child in element}
    month = parts.get("Month", "1")
    number = MONTHS.index(month[:3]) + 1 if month[:3] in MONTHS else int(month) if month.isdigit() else 1
    return f"{parts.get('Year', '')}{number:02}{int(parts.get('Day') or 1):02}"


def _moment(element: Element) -> str:
    parts = {child.tag: flat(child) for child in element}
    if not all(parts.get(tag, "0").isdigit() for tag in ("Year", "Month", "Day", "Hour", "Minute")):
        return ""
    year, month, day, hour, minute = (
        int(parts.get(tag) or low)
        for tag, low in (("Year", 0), ("Month", 1), ("Day", 1), ("Hour", 0), ("Minute", 0))
    )
    return f"{year}/{month:02}/{day:02} {hour:02}:{minute:02}" if year else ""
